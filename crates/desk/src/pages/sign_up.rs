//! `POST /{brief}`: a reader asks for the brief. Nothing is sent but the mail that asks whether they mean it.

use std::{net::SocketAddr, sync::Arc};

use askama::Template;
use axum::{
    Form,
    extract::{ConnectInfo, Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reveille_model::{
    Brief, Consent, ConsentKind, Country, EmailAddress, SubscriberId, SubscriberState, UnixMillis, Zone,
};
use reveille_store::{
    briefs::StoredBrief,
    jobs::NewJob,
    subscribers::{self, NewSubscriber, SignUp},
};
use serde::Deserialize;

use super::{
    brief_show::{self, SignUpForm},
    find_brief, framed,
};
use crate::{CONFIRMATION_JOB, Desk, PageError};

/// A second confirmation mail goes out after ten minutes at the earliest: the form must not flood anybody.
const MAIL_PAUSE_MILLIS: i64 = 600_000;

#[derive(Debug, Deserialize)]
pub(crate) struct Fields {
    #[serde(default)]
    email: String,
    #[serde(default)]
    country: String,
    #[serde(default)]
    zone: String,
    /// Left empty by people, who do not see it, and filled in by programs that fill in everything.
    #[serde(default)]
    website: String,
}

#[derive(Template)]
#[template(path = "asked.html")]
struct Asked<'a> {
    brief: &'a Brief,
    email: &'a str,
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Path(slug): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let (email, country) = match parse(&fields) {
        Ok(parsed) => parsed,
        Err(form) => {
            let page = brief_show::render(&desk, &stored, &form).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    if fields.website.is_empty() {
        let zone = fields.zone.parse().unwrap_or_else(|_| country.usual_zone());
        ask(&desk, &stored, &email, country, zone, address).await?;
    }
    // The same answer for a known address as for a new one: the form must not tell who reads what.
    let brief = &stored.brief;
    let page = Asked {
        brief,
        email: email.as_str(),
    };
    framed(
        "Check your mail",
        (&brief.name, &format!("/{}", brief.slug)),
        &page,
    )
}

fn parse(fields: &Fields) -> Result<(EmailAddress, Country), SignUpForm> {
    let email = fields.email.parse::<EmailAddress>();
    let country = Country::from_code(&fields.country);
    match (email, country) {
        (Ok(email), Some(country)) => Ok((email, country)),
        (email, country) => Err(SignUpForm {
            email: fields.email.clone(),
            country: fields.country.clone(),
            zone: fields.zone.clone(),
            email_fault: email.err().map(|error| error.to_string()),
            country_fault: country.is_none().then(|| "select your country".to_owned()),
        }),
    }
}

async fn ask(
    desk: &Desk,
    stored: &StoredBrief,
    email: &EmailAddress,
    country: Country,
    zone: Zone,
    address: SocketAddr,
) -> Result<(), PageError> {
    let now = desk.clock.now();
    let token = (desk.token)().ok_or(PageError::Internal("the system gave no randomness"))?;
    let consent = Consent {
        kind: ConsentKind::Asked,
        at: now,
        sentence: stored.brief.consent.clone(),
        from: Some(address.ip().to_string()),
    };
    let new = NewSubscriber {
        brief: stored.id,
        email: email.clone(),
        country: Some(country),
        zone,
        state: SubscriberState::Pending,
        token,
        consent,
    };
    let mut tx = desk.store.begin().await?;
    let asked = match subscribers::insert(&mut tx, &new).await? {
        SignUp::New(id) => Some(id),
        SignUp::Known(id, SubscriberState::Pending) => asked_long_ago(desk, id, now).await?.then_some(id),
        SignUp::Known(id, SubscriberState::Left | SubscriberState::Bounced) => {
            subscribers::sign_up_again(&mut tx, id, &new).await?;
            Some(id)
        }
        SignUp::Known(_, SubscriberState::Active) => None,
    };
    if let Some(id) = asked {
        let job = NewJob {
            kind: CONFIRMATION_JOB,
            key: id.to_string(),
            lane: String::new(),
            run_at: now,
        };
        reveille_store::jobs::insert(&mut tx, &job, now).await?;
    }
    Ok(tx.commit().await?)
}

async fn asked_long_ago(desk: &Desk, id: SubscriberId, now: UnixMillis) -> Result<bool, PageError> {
    let consents = subscribers::consents(&desk.store, id).await?;
    Ok(consents
        .last()
        .is_none_or(|last| now.since(last.at) > MAIL_PAUSE_MILLIS))
}
