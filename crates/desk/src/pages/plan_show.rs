//! `/desk/briefs/{brief}`: to whom a brief goes, and how often its links were followed.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{Brief, Day, Segment, Slug};
use reveille_store::{
    Store, StoreError,
    briefs::{self, StoredBrief},
    clicks,
    segments::{self, Reach},
    sessions::Session,
};

use super::{Door, at_the_desk, clicks_show::bar};
use crate::{Desk, PageError, Place};

/// Editions that are listed: four weeks of a daily brief.
const EDITIONS: u32 = 28;

#[derive(Template)]
#[template(path = "plan.html")]
struct Plan<'a> {
    brief: &'a Brief,
    /// What tells this plan from others.
    mark: String,
    /// What the person wanted of a plan that is another by now.
    stale: Option<Stale<'a>>,
    reach: Reach,
    /// The segment that it goes to.
    chosen: Option<&'a Segment>,
    choices: &'a [Choice],
    /// The latest editions, newest first, each with its clicks.
    editions: Vec<(Day, u64)>,
    /// The most clicks of any of them.
    most: u64,
}

/// What was wanted of a plan that somebody changed meanwhile.
pub(super) struct Stale<'a> {
    /// The segment that was chosen; empty for the whole list.
    pub(super) chosen: Option<&'a str>,
}

impl Plan<'_> {
    /// The segment that the form shows.
    fn selected(&self) -> &str {
        let wanted = self.stale.as_ref().and_then(|stale| stale.chosen);
        wanted.unwrap_or_else(|| self.brief.audience.as_deref().unwrap_or_default())
    }

    fn bar(&self, clicks: &u64) -> String {
        bar(*clicks, self.most)
    }
}

/// A segment that the brief may go to.
struct Choice {
    name: String,
    segment: Segment,
    /// How many of the brief's readers it holds.
    readers: u64,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    page(&desk, &session, &find(&desk, &slug).await?, None).await
}

/// The page, with what was wanted of a plan that is another by now.
pub(super) async fn page(
    desk: &Desk,
    session: &Session,
    stored: &StoredBrief,
    stale: Option<Stale<'_>>,
) -> Result<Response, PageError> {
    let brief = &stored.brief;
    let choices = choices(&desk.store, brief).await?;
    let chosen = choices
        .iter()
        .find(|choice| Some(&choice.name) == brief.audience.as_ref());
    let editions = clicks::of_brief(&desk.store, stored.id, EDITIONS).await?;
    let page = Plan {
        brief,
        mark: stored.mark()?,
        stale,
        reach: segments::reach(&desk.store, brief).await?,
        chosen: chosen.map(|choice| &choice.segment),
        choices: &choices,
        most: editions.iter().map(|(_, clicks)| *clicks).max().unwrap_or(0),
        editions,
    };
    at_the_desk(Door::Briefs, &brief.name, session, &page)
}

async fn choices(store: &Store, brief: &Brief) -> Result<Vec<Choice>, StoreError> {
    let mut choices = Vec::new();
    for stored in segments::list(store).await? {
        if let Some(within) = stored.segment.within(brief) {
            choices.push(Choice {
                readers: segments::count(store, &within).await?,
                name: stored.name,
                segment: stored.segment,
            });
        }
    }
    Ok(choices)
}

/// The brief whose short name stands in the address.
pub(super) async fn find(desk: &Desk, slug: &str) -> Result<StoredBrief, PageError> {
    let found = match slug.parse::<Slug>() {
        Ok(slug) => briefs::find_by_slug(&desk.store, &slug).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no such brief.",
        means: "",
        instead: Place::of_desk("all briefs", "/desk/briefs"),
    })
}
