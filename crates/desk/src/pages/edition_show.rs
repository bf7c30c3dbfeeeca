//! `GET /{brief}/{day}`: one edition, once it has been approved.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use reveille_brief::render;
use reveille_model::Day;
use reveille_store::{briefs::StoredBrief, editions};

use super::find_brief;
use crate::{
    Desk, PageError,
    page::{Shell, page},
};

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path((slug, day)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let day: Day = day.parse().map_err(|_| missing(&stored))?;
    let edition = editions::find_by_day(&desk.store, stored.id, day).await?;
    let edition = edition
        .filter(|edition| !edition.state.is_open())
        .ok_or_else(|| missing(&stored))?;
    let body = render::web(&edition.edition);
    let title = format!("{}, {}", stored.brief.name, day.long());
    Ok(page(&Shell {
        title: &title,
        masthead: (&stored.brief.name, &format!("/{slug}")),
        body: &body,
    }))
}

pub(crate) async fn latest(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let latest = editions::latest_released(&desk.store, stored.id)
        .await?
        .ok_or_else(|| missing(&stored))?;
    Ok(Redirect::to(&format!("/{slug}/{}", latest.edition.day)).into_response())
}

fn missing(stored: &StoredBrief) -> PageError {
    let brief = &stored.brief;
    PageError::NotFound {
        what: "There is no edition of this day.".to_owned(),
        instead: (brief.name.clone(), format!("/{}", brief.slug)),
    }
}
