//! Readers.

use std::sync::Arc;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use reveille_model::{
    Consent, ConsentKind, Country, EmailAddress, Home, MailFormat, Means, Scope, SubscriberId,
    SubscriberState, Zone, ZoneOrigin,
};
use reveille_store::{
    briefs::{self as brief_rows, StoredBrief},
    consents,
    subscribers::{self, Erasure, Subscriber},
};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    Problem, briefs,
    caller::Program,
    once::{Done, once},
    page::{Asked, page, said, value},
};
use crate::{Desk, pages::sign_up::ask, reader_change::ReaderChange, sign_up_form};

/// Which readers are wanted.
#[derive(Debug, Deserialize)]
pub(super) struct Filter {
    #[serde(flatten)]
    page: Asked,
    #[serde(default, deserialize_with = "said")]
    state: Option<String>,
    #[serde(default, deserialize_with = "said")]
    email: Option<String>,
}

/// `GET /api/briefs/{brief}/subscribers`
pub(super) async fn list(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
    Query(filter): Query<Filter>,
) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadSubscribers)?;
    let (limit, after) = (filter.page.limit()?, filter.page.after()?.map(SubscriberId));
    let state = filter
        .state
        .as_deref()
        .map(str::parse::<SubscriberState>)
        .transpose();
    let state = state.map_err(|error| Problem::unprocessable(error.to_string()))?;
    let email = filter.email.as_deref().map(address).transpose()?;
    let stored = briefs::find(&desk, &slug).await?;
    let found = match email {
        Some(email) => {
            let found = subscribers::find_by_email(&desk.store, stored.id, &email).await?;
            let matches = |reader: &Subscriber| state.is_none_or(|state| reader.state == state);
            found.into_iter().filter(matches).collect()
        }
        None => subscribers::list(&desk.store, stored.id, state, after, limit + 1).await?,
    };
    Ok(Json(page(
        found,
        limit,
        |reader| reader.id.to_string(),
        |reader| shown(&stored, reader),
    )))
}

fn shown(stored: &StoredBrief, reader: &Subscriber) -> Value {
    let home = &reader.home;
    json!({
        "id": reader.id,
        "brief": stored.brief.slug,
        "email": reader.email,
        "state": reader.state,
        "country": home.country,
        "country_given": home.country_given,
        "zone": home.zone,
        "zone_origin": home.zone_origin,
        "format": reader.format,
        "paused_until": reader.pauses_until(),
        "created_at": reader.created_at.to_string(),
    })
}

fn address(text: &str) -> Result<EmailAddress, Problem> {
    text.parse()
        .map_err(|error| Problem::unprocessable(format!("`email`: {error}")))
}

fn zone(text: &str) -> Result<Zone, Problem> {
    text.parse()
        .map_err(|error| Problem::unprocessable(format!("`zone`: {error}")))
}

/// A code or a name of a country of today.
fn country(text: &str) -> Result<Country, Problem> {
    let known: Result<Country, _> = text.parse();
    let known = known.map_err(|error| Problem::unprocessable(format!("`country`: {error}")))?;
    let former = || Problem::unprocessable("`country`: the country is no more, and was split");
    known.today().ok_or_else(former)
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "The request could not be read.").detail(error.to_string())
    })
}

async fn find(desk: &Desk, id: &str) -> Result<(Subscriber, StoredBrief), Problem> {
    let missing = || Problem::not_found("There is no reader of this number.");
    let id: i64 = id.parse().map_err(|_| missing())?;
    let reader = subscribers::find(&desk.store, SubscriberId(id))
        .await?
        .ok_or_else(missing)?;
    let stored = brief_rows::find(&desk.store, reader.brief)
        .await?
        .ok_or_else(missing)?;
    Ok((reader, stored))
}

async fn shown_now(desk: &Desk, id: SubscriberId) -> Result<Value, Problem> {
    let (reader, stored) = find(desk, &id.to_string()).await?;
    Ok(shown(&stored, &reader))
}

/// Who asks for a brief.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    email: String,
    country: String,
    zone: Option<String>,
    /// The sentence that the reader was shown.
    sentence: String,
}

/// `POST /api/briefs/{brief}/subscribers`: the reader is asked by mail, as after the form.
pub(super) async fn create(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    program.may(Scope::WriteSubscribers)?;
    let request = format!("POST {slug} {}", String::from_utf8_lossy(&body));
    once(
        &desk,
        &program,
        &headers,
        &request,
        insert(&desk, &program, &slug, &body),
    )
    .await
}

async fn insert(desk: &Desk, program: &Program, slug: &str, body: &[u8]) -> Done {
    let new: New = read(body)?;
    let stored = briefs::find(desk, slug).await?;
    let brief = &stored.brief;
    if !sign_up_form::is_sentence_of(&new.sentence, brief) {
        let problem = Problem::unprocessable("`sentence` is not what the brief's readers agree to now.");
        return Err(problem.with("sentence", brief.consent.as_str()));
    }
    let zone = new.zone.as_deref().map(zone).transpose()?;
    let zone = zone.filter(sign_up_form::tells_place);
    let zone = zone.map(|zone| (zone, ZoneOrigin::Browser));
    let asked = sign_up_form::Asked {
        email: address(&new.email)?,
        home: Home::of(country(&new.country)?.code(), zone, &brief.zone),
    };
    let mut tx = desk.store.begin().await?;
    ask(&mut tx, desk, &[(stored.id, brief)], &asked, &means(program)).await?;
    tx.commit().await?;
    let reader = subscribers::find_by_email(&desk.store, stored.id, &asked.email).await?;
    let id = reader.as_ref().map(|reader| reader.id);
    let shown = reader.map_or(Value::Null, |reader| shown(&stored, &reader));
    Ok((StatusCode::ACCEPTED, id, shown))
}

/// `GET /api/subscribers/{id}`
pub(super) async fn show(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadSubscribers)?;
    let (reader, stored) = find(&desk, &id).await?;
    Ok(Json(shown(&stored, &reader)))
}

/// What a reader has chosen otherwise.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Change {
    country: Option<String>,
    zone: Option<String>,
    format: Option<String>,
    /// A day, or null to go on.
    #[serde(deserialize_with = "given")]
    paused_until: Option<Option<String>>,
}

/// Tells null from nothing said.
fn given<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// `PATCH /api/subscribers/{id}`
pub(super) async fn update(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    program.may(Scope::WriteSubscribers)?;
    let request = format!("PATCH {id} {}", String::from_utf8_lossy(&body));
    once(
        &desk,
        &program,
        &headers,
        &request,
        change(&desk, &program, &id, &body),
    )
    .await
}

async fn change(desk: &Desk, program: &Program, id: &str, body: &[u8]) -> Done {
    let change: Change = read(body)?;
    let (reader, stored) = find(desk, id).await?;
    let home = home_after(&change, &reader, &stored)?.map(ReaderChange::Home);
    let format: Option<MailFormat> = change.format.as_deref().map(str::parse).transpose().map_err(
        |error: reveille_model::UnknownState| Problem::unprocessable(format!("`format`: {error}")),
    )?;
    let pause = change.paused_until.map(|until| match until {
        Some(day) => ReaderChange::pause(desk, &reader, &day).ok_or_else(not_later),
        None => Ok(ReaderChange::Resume),
    });
    let wanted = [home, format.map(ReaderChange::Format), pause.transpose()?];
    let mut tx = desk.store.begin().await?;
    for wanted in wanted.into_iter().flatten() {
        wanted.make(&mut tx, desk, &reader, means(program)).await?;
    }
    tx.commit().await?;
    Ok((StatusCode::OK, Some(reader.id), shown_now(desk, reader.id).await?))
}

/// Where the reader lives now, where that was said.
fn home_after(change: &Change, reader: &Subscriber, stored: &StoredBrief) -> Result<Option<Home>, Problem> {
    let zone = change.zone.as_deref().map(zone).transpose()?;
    let zone = zone.map(|zone| (zone, ZoneOrigin::Reader));
    let home = reader.home.clone();
    Ok(match (&change.country, zone) {
        (Some(text), zone) => {
            Some(home.replaced_by(Home::of(country(text)?.code(), zone, &stored.brief.zone)))
        }
        (None, Some((zone, zone_origin))) => Some(Home {
            zone,
            zone_origin,
            ..home
        }),
        (None, None) => None,
    })
}

fn not_later() -> Problem {
    Problem::unprocessable("`paused_until` is a day such as 2026-03-10, tomorrow at the earliest.")
}

fn means(program: &Program) -> Means {
    let name = program.0.name.clone();
    Means::Program { name }
}

/// `POST /api/subscribers/{id}/unsubscribe`
pub(super) async fn unsubscribe(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    program.may(Scope::WriteSubscribers)?;
    let leave = async {
        let (reader, _) = find(&desk, &id).await?;
        let line = Consent {
            kind: ConsentKind::Left,
            at: desk.clock.now(),
            sentence: "left over the API".to_owned(),
            means: means(&program),
        };
        let mut tx = desk.store.begin().await?;
        subscribers::leave(&mut tx, &reader.token, &line).await?;
        tx.commit().await?;
        Ok((
            StatusCode::OK,
            Some(reader.id),
            shown_now(&desk, reader.id).await?,
        ))
    };
    once(&desk, &program, &headers, &format!("unsubscribe {id}"), leave).await
}

/// `DELETE /api/subscribers/{id}`: everything about the address, for all briefs.
pub(super) async fn erase(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    program.may(Scope::WriteSubscribers)?;
    let (reader, _) = find(&desk, &id).await?;
    let secret = (desk.token)().ok_or_else(|| Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
    let mut tx = desk.store.begin().await?;
    let erasure = Erasure {
        email: &reader.email,
        secret: &secret,
        now: desk.clock.now(),
    };
    subscribers::erase(&mut tx, &erasure).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/subscribers/{id}/proof`
pub(super) async fn proof(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadSubscribers)?;
    let (reader, _) = find(&desk, &id).await?;
    let missing = || Problem::not_found("There is no record of this reader.");
    let record = consents::find(&desk.store, reader.id)
        .await?
        .ok_or_else(missing)?;
    let lines: Vec<Value> = record
        .lines
        .iter()
        .map(|line| json!({ "consent": value(&line.consent.told()), "line": line.line, "seal": line.seal }))
        .collect();
    let fault = record.verify().err().map(|fault| fault.to_string());
    Ok(Json(
        json!({ "lines": lines, "seal": record.seal, "is_whole": fault.is_none(), "fault": fault }),
    ))
}

/// `GET /api/subscribers/{id}/data`
pub(super) async fn data(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadSubscribers)?;
    let (reader, _) = find(&desk, &id).await?;
    let dossier = subscribers::dossier(&desk.store, &reader.email).await?;
    Ok(Json(value(&dossier)))
}
