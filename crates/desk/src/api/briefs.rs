//! Briefs, their editions, and figures.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use reveille_brief::render;
use reveille_model::{Brief, Day, Scope, Slug, SubscriberState};
use reveille_store::{
    briefs::{self, StoredBrief},
    deliveries, editions,
    segments::{self, Reach},
};
use serde_json::{Value, json};

use super::{
    Problem,
    caller::Program,
    page::{Asked, page},
};
use crate::{Desk, Missing, PageError};

/// The brief of this short name, also one for named readers.
pub(super) async fn find(desk: &Desk, slug: &str) -> Result<StoredBrief, Problem> {
    let missing = || Problem::from(PageError::missing(Missing::Brief));
    let slug: Slug = slug.parse().map_err(|_| missing())?;
    briefs::find_by_slug(&desk.store, &slug)
        .await?
        .ok_or_else(missing)
}

/// What a brief says of itself.
pub(crate) fn shown(desk: &Desk, brief: &Brief) -> Value {
    json!({
        "slug": brief.slug,
        "name": brief.name,
        "description": brief.description,
        "language": brief.language,
        "access": brief.access,
        "send_at": brief.send_at,
        "sentence": brief.consent,
        "counts_clicks": brief.counts_clicks(),
        "identity": desk.imprint.identity,
        "privacy": desk.imprint.privacy,
        "url": desk.absolute(&format!("/{}", brief.slug)),
    })
}

/// `GET /api/briefs`
pub(super) async fn list(program: Program, State(desk): State<Arc<Desk>>) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadBriefs)?;
    let all = briefs::list(&desk.store).await?;
    let items: Vec<_> = all.iter().map(|stored| shown(&desk, &stored.brief)).collect();
    Ok(Json(json!({ "items": items, "next": null })))
}

/// `GET /api/briefs/{brief}/editions`
pub(super) async fn editions(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadEditions)?;
    let (limit, before) = (asked.limit()?, asked.after::<Day>()?);
    let stored = find(&desk, &slug).await?;
    let lines = editions::released_lines(&desk.store, stored.id, before, limit + 1).await?;
    let url = |day: &Day| desk.absolute(&format!("/{slug}/{day}"));
    Ok(Json(page(
        lines,
        limit,
        |line| line.day.to_string(),
        |line| json!({ "day": line.day, "headline": line.headline, "url": url(&line.day) }),
    )))
}

/// `GET /api/briefs/{brief}/editions/{day}`
pub(super) async fn edition(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path((slug, day)): Path<(String, String)>,
) -> Result<Response, Problem> {
    program.may(Scope::ReadEditions)?;
    let stored = find(&desk, &slug).await?;
    let missing = || Problem::from(PageError::missing(Missing::Edition));
    let day: Day = day.parse().map_err(|_| missing())?;
    let edition = editions::find_by_day(&desk.store, stored.id, day)
        .await?
        .ok_or_else(missing)?;
    let json = render::json(&edition.edition);
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

/// `GET /api/briefs/{brief}/stats`
pub(super) async fn stats(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadStats)?;
    let stored = find(&desk, &slug).await?;
    let counted = segments::count_states(&desk.store, stored.id).await?;
    let readers: BTreeMap<_, _> = SubscriberState::ALL
        .iter()
        .map(|state| (state.as_str(), counted.get(state).copied().unwrap_or(0)))
        .collect();
    let latest = match editions::latest_released(&desk.store, stored.id).await? {
        Some(edition) => {
            let tally = deliveries::tally(&desk.store, edition.id).await?;
            let deliveries: BTreeMap<_, _> = tally
                .iter()
                .map(|(state, count)| (state.as_str(), count))
                .collect();
            json!({ "day": edition.edition.day, "deliveries": deliveries })
        }
        None => Value::Null,
    };
    let Reach { audience, list } = segments::reach(&desk.store, &stored.brief).await?;
    let audience = json!({ "segment": stored.brief.audience, "readers": audience, "list": list });
    Ok(Json(
        json!({ "readers": readers, "audience": audience, "latest_edition": latest }),
    ))
}
