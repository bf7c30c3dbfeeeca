//! `/websub/{token}`: where hubs tell of a source's news (W3C WebSub, sections 5 and 7).
//!
//! What a hub sends is only taken as word that there is news: the source is then asked as ever, sooner than planned. So
//! nothing that a hub says is printed, and a hub that falls silent loses nothing.

use std::sync::Arc;

use aws_lc_rs::hmac;
use axum::{
    body::{Body, to_bytes},
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use reveille_store::{
    hubs::{self, Hub},
    sources,
};
use serde::Deserialize;

use crate::{Desk, PageError};

/// The largest feed that a hub may send, in bytes.
const MOST: usize = 8 << 20;
/// The shortest and the longest time for which an agreement is taken to hold, in milliseconds.
const LEASES: (i64, i64) = (5 * 60_000, 31 * 86_400_000);
/// A hub may bring a visit forward once in so many milliseconds, however often it calls.
const GAP_MILLIS: i64 = 60_000;

/// What a hub asks or says (sections 5.2 and 5.3).
#[derive(Debug, Deserialize)]
pub(crate) struct Intent {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.topic")]
    topic: String,
    #[serde(rename = "hub.challenge")]
    challenge: Option<String>,
    #[serde(rename = "hub.lease_seconds")]
    lease_seconds: Option<i64>,
    #[serde(rename = "hub.reason")]
    reason: Option<String>,
}

/// Answers whether we asked for this, or takes note that the hub will not tell us.
pub(crate) async fn agree(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    Query(intent): Query<Intent>,
) -> Result<Response, PageError> {
    let hub = hubs::find_by_token(&desk.store, &token).await?;
    let Some(hub) = hub.filter(|hub| hub.topic.as_str() == intent.topic) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let mut tx = desk.store.begin().await?;
    let answer = match (intent.mode.as_str(), intent.challenge) {
        ("subscribe", Some(challenge)) => {
            let now = desk.clock.now();
            let lease = intent.lease_seconds.unwrap_or(0).saturating_mul(1_000);
            let lease = lease.clamp(LEASES.0, LEASES.1);
            hubs::agreed(&mut tx, hub.source, now.plus(lease), now.plus(lease / 4 * 3)).await?;
            let plain = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (plain, challenge).into_response()
        }
        ("denied", _) => {
            let why = intent
                .reason
                .unwrap_or_else(|| "the hub gave no reason".to_owned());
            hubs::refused(&mut tx, hub.source, &format!("refused: {why}")).await?;
            StatusCode::OK.into_response()
        }
        // We never ask to be told no more: an agreement just runs out.
        _ => StatusCode::NOT_FOUND.into_response(),
    };
    tx.commit().await?;
    Ok(answer)
}

/// Takes word of news. A hub learns nothing of whether its signature was right (section 7.1.2).
pub(crate) async fn tell(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, PageError> {
    let Some(hub) = hubs::find_by_token(&desk.store, &token).await? else {
        return Ok(StatusCode::GONE);
    };
    let Ok(sent) = to_bytes(body, MOST).await else {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let signature = headers
        .get("x-hub-signature")
        .and_then(|value| value.to_str().ok());
    if signature.is_some_and(|signature| is_signed(&hub, signature, &sent)) {
        let mut tx = desk.store.begin().await?;
        sources::hasten(&mut tx, hub.source, GAP_MILLIS, desk.clock.now()).await?;
        tx.commit().await?;
    } else {
        tracing::warn!(source = %hub.source, "a hub told of news without a right signature");
    }
    Ok(StatusCode::ACCEPTED)
}

/// Whether the signature, `method=digits`, is made with our secret over these bytes.
fn is_signed(hub: &Hub, signature: &str, sent: &[u8]) -> bool {
    let Some((method, digits)) = signature.split_once('=') else {
        return false;
    };
    let algorithm = match method {
        // The specification lists it, and most hubs still use it. As a MAC it holds.
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" => hmac::HMAC_SHA256,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => return false,
    };
    let key = hmac::Key::new(algorithm, hub.secret.as_bytes());
    bytes_of(digits).is_some_and(|tag| hmac::verify(&key, sent, &tag).is_ok())
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let byte = |pair: &[u8]| u8::try_from(digit(&pair[0])? * 16 + digit(pair.get(1)?)?).ok();
    digits.as_bytes().chunks(2).map(byte).collect()
}
