//! `GET /{brief}/{day}`: one edition, once it has been approved.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use reveille_brief::render::{self, ChangeLine};
use reveille_model::{Brief, Day, Edition};
use reveille_store::{
    briefs::StoredBrief,
    editions::{self, Neighbours, StoredEdition},
    notices,
};

use super::{body_of, find_brief, kept, path_of};
use crate::{
    Desk, Missing, PageError,
    page::{About, Shell, page},
    words::Say,
};

/// An edition is kept for five minutes: it may be corrected, and the next one be linked from it.
pub(super) const KEPT: &str = "public, max-age=300";

#[derive(Template)]
#[template(path = "edition.html")]
struct EditionPage<'a> {
    brief: &'a Brief,
    say: Say,
    day: Day,
    /// The edition as [`render::web`] makes it.
    edition: &'a str,
    /// The edition as [`render::json_ld`] makes it: a data block, which no browser runs, nor a content security policy stops.
    linked: &'a str,
    neighbours: Neighbours,
    /// What readers have otherwise than its writers left it.
    changes: Vec<ChangeLine>,
    /// What to call that.
    heading: &'static str,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path((slug, day)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let brief = &stored.brief;
    let edition = find(&desk, &stored, &day).await?;
    let day = edition.edition.day;
    let path = path_of(brief);
    let url = desk.absolute(&format!("{path}/{day}"));
    let say = Say::of_brief(brief);
    let body = body_of(&EditionPage {
        brief,
        say: say.clone(),
        day,
        linked: &render::json_ld(&edition.edition, &url),
        edition: &render::web(&edition.edition, &desk.templates)?,
        neighbours: editions::neighbours(&desk.store, stored.id, day).await?,
        changes: render::changes(&edition.edition),
        heading: render::changes_heading(&edition.edition),
    })?;
    let title = format!("{}, {}", brief.name, say.w.dates().long(&day));
    let about = About {
        url: &url,
        kind: "article",
        title: &title,
        description: &headlines(&edition.edition),
        site: &brief.name,
        feeds: &path,
    };
    Ok(kept(page(&Shell::bare(say.w, &title, &about, &body)), KEPT))
}

/// The edition of the day that stands in the address, once the public may see it, and what became of its entries since.
pub(super) async fn find(desk: &Desk, stored: &StoredBrief, day: &str) -> Result<StoredEdition, PageError> {
    let day: Day = day.parse().map_err(|_| missing(stored))?;
    let found = editions::find_by_day(&desk.store, stored.id, day).await?;
    let mut edition = found
        .filter(|edition| !edition.state.is_open())
        .ok_or_else(|| missing(stored))?;
    edition.edition.changes = notices::changes(&desk.store, edition.id).await?;
    Ok(edition)
}

/// The first headlines, for those who show one sentence about the edition.
pub(super) fn headlines(edition: &Edition) -> String {
    let first: Vec<&str> = edition
        .telling()
        .take(3)
        .map(|entry| entry.headline.as_str())
        .collect();
    first.join(" · ")
}

pub(crate) async fn latest(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let latest = editions::latest_released(&desk.store, stored.id).await?;
    let latest = latest.ok_or_else(|| PageError::missing_at(Missing::FirstEdition, &stored.brief))?;
    Ok(Redirect::temporary(&format!("/{slug}/{}", latest.edition.day)).into_response())
}

fn missing(stored: &StoredBrief) -> PageError {
    PageError::missing_at(Missing::Edition, &stored.brief)
}
