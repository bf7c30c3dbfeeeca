//! `POST /returns/{service}`: where mail services tell of bounces and complaints.
//!
//! The answer says whether the call is to be made again: 503 where that may help, 403 where a proof does not hold, since
//! that may be our own settings' fault (most services repeat such a call for some hours), and 406 for what can never be
//! read, at which they stop. What is understood and counts for nobody is taken like the rest.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Context, ensure};
use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use reveille_gather::Accept;
use reveille_mail::webhook::{
    Call, Event, Refusal,
    mailgun::{self, Bound},
    postmark, sendgrid,
    sns::{self, Brought, Topic},
    standard,
};
use reveille_model::CanonicalUrl;
use reveille_store::service_calls;

use super::{Taken, told};
use crate::{app::App, config::Services};

/// The largest call, in bytes.
const LARGEST: usize = 1 << 20;
/// How long one may take to come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Certificates that are remembered; a topic has one for a year or so.
const CERTIFICATES: usize = 4;

/// What the handler works with.
#[derive(Clone)]
struct Shared {
    app: App,
    /// Those of Amazon SNS by their address.
    certificates: Arc<Mutex<HashMap<String, Bytes>>>,
}

impl Shared {
    fn certificates(&self) -> MutexGuard<'_, HashMap<String, Bytes>> {
        self.certificates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, url: &str, certificate: Bytes) {
        let mut known = self.certificates();
        if known.len() >= CERTIFICATES {
            known.clear();
        }
        known.insert(url.to_owned(), certificate);
    }
}

/// The addresses of all services.
pub(crate) fn router(app: App) -> Router {
    let certificates = Arc::default();
    Router::new()
        .route("/returns/{service}", post(take))
        .with_state(Shared { app, certificates })
}

async fn take(
    State(shared): State<Shared>,
    Path(service): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let body = match tokio::time::timeout(PATIENCE, to_bytes(body, LARGEST)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let headers: Vec<(String, String)> = headers
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect();
    let call = Call {
        headers: &headers,
        body: &body,
        now: shared.app.now(),
    };
    match keep(&shared, &service, &call).await {
        Ok(()) => StatusCode::OK,
        Err(Fault::Unknown) => StatusCode::NOT_FOUND,
        Err(Fault::Refused(refusal)) => {
            tracing::warn!(service, "a call about returned mail was refused: {refusal}");
            match refusal {
                Refusal::Garbled(_) => StatusCode::NOT_ACCEPTABLE,
                Refusal::Unproved(_) | Refusal::Stale | Refusal::Replayed => StatusCode::FORBIDDEN,
            }
        }
        Err(Fault::Ours(error)) => {
            tracing::error!(
                service,
                "a call about returned mail could not be taken: {error:#}"
            );
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Why a call was not taken.
enum Fault {
    /// There is no such service in the settings.
    Unknown,
    /// It is not to be believed.
    Refused(Refusal),
    /// Something of ours failed, and may not the next time.
    Ours(anyhow::Error),
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self::Ours(error)
    }
}

async fn keep(shared: &Shared, service: &str, call: &Call<'_>) -> Result<(), Fault> {
    for event in read(shared, service, call).await? {
        match told::take(&shared.app, service, event).await? {
            Taken::Kept(..) => {}
            taken => tracing::info!(service, ?taken, "was told of a mail, which counts for no reader"),
        }
    }
    Ok(())
}

/// The events of a call that is proved.
async fn read(shared: &Shared, service: &str, call: &Call<'_>) -> Result<Vec<Event>, Fault> {
    let Services {
        mailgun_key,
        sendgrid_key,
        postmark_login,
        standard_secret,
        ses_topic,
    } = &shared.app.config.mail.services;
    Ok(match service {
        "mailgun" => {
            let (bound, events) = mailgun::read(mailgun_key.as_ref().ok_or(Fault::Unknown)?, call)?;
            ensure_bound(&shared.app, &bound).await?;
            events
        }
        "sendgrid" => sendgrid::read(sendgrid_key.as_ref().ok_or(Fault::Unknown)?, call)?,
        "postmark" => postmark::read(postmark_login.as_ref().ok_or(Fault::Unknown)?, call)?,
        "standard" => standard::read(standard_secret.as_ref().ok_or(Fault::Unknown)?, call)?,
        "ses" => of_topic(shared, ses_topic.as_ref().ok_or(Fault::Unknown)?, call).await?,
        _ => return Err(Fault::Unknown),
    })
}

/// Refuses a token that came with another event. It is kept before its event is: what fails after that is told again, with the
/// same event.
async fn ensure_bound(app: &App, bound: &Bound) -> Result<(), Fault> {
    let kept = service_calls::bind(&app.store, &bound.token, &bound.event, app.now()).await;
    match kept.map_err(anyhow::Error::from)? {
        true => Ok(()),
        false => Err(Refusal::Replayed.into()),
    }
}

/// The events of a topic's message. Its question whether we want more is answered by asking for the page that it names.
async fn of_topic(shared: &Shared, topic: &Topic, call: &Call<'_>) -> Result<Vec<Event>, Fault> {
    let message = sns::Message::read(topic, call)?;
    let url = message.certificate();
    let known = shared.certificates().get(url).cloned();
    let certificate = match &known {
        Some(certificate) => certificate.clone(),
        None => Bytes::from(fetch(&shared.app, url).await?),
    };
    let brought = message.prove(topic, &certificate, call)?;
    // Only now: else whoever calls without a proof could have us forget the ones that we need.
    if known.is_none() {
        shared.remember(url, certificate);
    }
    match brought {
        Brought::Events(events) => Ok(events),
        Brought::Question(page) => {
            fetch(&shared.app, &page).await?;
            tracing::info!("told Amazon SNS that its topic's messages are wanted");
            Ok(Vec::new())
        }
    }
}

/// What stands at an address that was checked to be Amazon's.
async fn fetch(app: &App, url: &str) -> anyhow::Result<Vec<u8>> {
    let page: CanonicalUrl = url.parse()?;
    let read = app.gatherer.read(page.clone(), Accept::Json).await;
    let read = read.context("Amazon SNS could not be asked")?;
    ensure!(read.url.host() == page.host(), "Amazon SNS sent us elsewhere");
    Ok(read.body)
}
