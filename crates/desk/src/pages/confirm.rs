//! `/confirm/{token}`: the second half of the double opt-in.
//!
//! The mailed link only shows a button: mail scanners follow links, and a scanner's visit is no consent.

use std::{net::SocketAddr, sync::Arc};

use askama::Template;
use axum::{
    extract::{ConnectInfo, Path, State},
    response::Response,
};
use reveille_model::{Brief, Consent, ConsentKind, SubscriberState};
use reveille_store::{
    briefs::{self, StoredBrief},
    subscribers::{self, Subscriber},
};

use super::{framed, is_token};
use crate::{Desk, PageError};

#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm<'a> {
    brief: &'a Brief,
    reader: &'a Subscriber,
    confirmed: bool,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (reader, stored) = find(&desk, &token).await?;
    let confirmed = reader.state == SubscriberState::Active;
    rendered(&stored.brief, &reader, confirmed)
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(token): Path<String>,
) -> Result<Response, PageError> {
    let (reader, stored) = find(&desk, &token).await?;
    if reader.state == SubscriberState::Pending {
        let consent = Consent {
            kind: ConsentKind::Confirmed,
            at: desk.clock.now(),
            sentence: stored.brief.consent.clone(),
            from: Some(address.ip().to_string()),
        };
        let mut tx = desk.store.begin().await?;
        subscribers::confirm(&mut tx, &token, &consent).await?;
        tx.commit().await?;
    }
    rendered(&stored.brief, &reader, true)
}

/// The reader whose token it is, unless they left: a link in an old mail must not bring them back.
async fn find(desk: &Desk, token: &str) -> Result<(Subscriber, StoredBrief), PageError> {
    let missing = || PageError::not_found("This link is no longer good. Sign up again on the brief's page.");
    if !is_token(token) {
        return Err(missing());
    }
    let reader = subscribers::find_by_token(&desk.store, token)
        .await?
        .ok_or_else(missing)?;
    if !matches!(reader.state, SubscriberState::Pending | SubscriberState::Active) {
        return Err(missing());
    }
    let stored = briefs::find(&desk.store, reader.brief)
        .await?
        .ok_or_else(missing)?;
    Ok((reader, stored))
}

fn rendered(brief: &Brief, reader: &Subscriber, confirmed: bool) -> Result<Response, PageError> {
    let title = if confirmed {
        "You are on the list"
    } else {
        "One click left"
    };
    framed(
        title,
        (&brief.name, &format!("/{}", brief.slug)),
        &Confirm {
            brief,
            reader,
            confirmed,
        },
    )
}
