//! Briefs and their editions.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use reveille_brief::render;
use reveille_model::{Brief, Day, Scope, Slug};
use reveille_store::{
    briefs::{self, StoredBrief},
    editions::{self, StoredEdition},
    notices,
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
        "days": brief.days,
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

/// Its edition of that day, in whatever state.
pub(super) async fn find_edition(
    desk: &Desk,
    stored: &StoredBrief,
    day: &str,
) -> Result<StoredEdition, Problem> {
    let missing = || Problem::from(PageError::missing(Missing::Edition));
    let day: Day = day.parse().map_err(|_| missing())?;
    editions::find_by_day(&desk.store, stored.id, day)
        .await?
        .ok_or_else(missing)
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
    let mut edition = find_edition(&desk, &find(&desk, &slug).await?, &day).await?;
    edition.edition.changes = notices::changes(&desk.store, edition.id).await?;
    let json = render::json(&edition.edition);
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}
