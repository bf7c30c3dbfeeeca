//! `/desk/briefs/{brief}`: when a brief comes out and for whom, which stories it takes, and how often its links were
//! followed.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{Brief, Day, Segment, Slug};
use reveille_store::{
    Store, StoreError,
    audience::{self, Reach},
    briefs::{self, StoredBrief},
    clicks, segments,
    sessions::Session,
    sources::{self, Filter},
};
use serde::Deserialize;

use super::{
    Door, at_the_desk,
    clicks_show::bar,
    plan_fields::{Part, parts},
    section_fields,
};
use crate::{Desk, PageError, Place, outlook, words::marked};

/// Editions that are listed: four weeks of a daily brief.
const EDITIONS: u32 = 28;

#[derive(Template)]
#[template(path = "plan.html")]
struct Plan<'a> {
    brief: &'a Brief,
    /// What tells this plan from others.
    mark: String,
    /// Whether what was sent was made from a plan that is another by now.
    is_stale: bool,
    /// The part whose form is shown: while one is, nothing else is to be done on the page, which would lose what is typed.
    open: Option<String>,
    /// The segment that was chosen in vain.
    wanted: Option<&'a str>,
    reach: Reach,
    /// For whom its editions come too late, and what changes that, as HTML.
    outlook: String,
    /// The segment that it goes to.
    chosen: Option<&'a Segment>,
    choices: &'a [Choice],
    /// What is edited as fields.
    parts: Vec<Part>,
    /// The sections, as fields too.
    sections: Vec<Part>,
    /// The form by which one is added.
    new: Part,
    /// Names of sources in the plan that none has, each with which may be meant.
    unknown: Vec<(&'a str, Option<&'a str>)>,
    /// The latest editions, newest first, each with its clicks.
    editions: Vec<(Day, u64)>,
    /// The most clicks of any of them.
    most: u64,
}

/// The form by which an audience is chosen, among the parts of a plan.
const AUDIENCE: &str = "audience";

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// The part that is to be changed.
    change: Option<String>,
}

/// What a person wants to change, or sent in vain: that stays in the fields.
pub(super) enum Sent<'a> {
    /// To change this part, by its id.
    Wish(String),
    /// A part of the plan with faults.
    Faulty(Part),
    /// A part made from a plan that somebody changed meanwhile.
    Stale(Part),
    /// A segment chosen so, empty for the whole list.
    StaleAudience(&'a str),
    /// Something without a field.
    StaleAct,
}

impl Plan<'_> {
    /// The segment that the form shows.
    fn selected(&self) -> &str {
        self.wanted
            .unwrap_or_else(|| self.brief.audience.as_deref().unwrap_or_default())
    }

    fn is_open(&self, part: &Part) -> bool {
        self.open.as_ref() == Some(&part.id)
    }

    fn is_audience_open(&self) -> bool {
        self.open.as_deref() == Some(AUDIENCE)
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
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let wish = asked.change.map(Sent::Wish);
    page(&desk, &session, &find(&desk, &slug).await?, wish).await
}

/// The page, with what was sent in vain.
pub(super) async fn page(
    desk: &Desk,
    session: &Session,
    stored: &StoredBrief,
    sent: Option<Sent<'_>>,
) -> Result<Response, PageError> {
    let brief = &stored.brief;
    let sources = sources::list(&desk.store, Filter::default()).await?;
    let known: Vec<String> = sources.into_iter().map(|source| source.carrier).collect();
    let is_stale = !matches!(sent, None | Some(Sent::Wish(_) | Sent::Faulty(_)));
    let (open, wanted, part) = match sent {
        None | Some(Sent::StaleAct) => (None, None, None),
        Some(Sent::Wish(id)) => (Some(id), None, None),
        Some(Sent::Faulty(part) | Sent::Stale(part)) => (Some(part.id.clone()), None, Some(part)),
        Some(Sent::StaleAudience(wanted)) => (Some(AUDIENCE.to_owned()), Some(wanted), None),
    };
    let mut parts = parts(brief);
    let mut sections = section_fields::sections(brief);
    let mut new = section_fields::blank(brief);
    let mut all: Vec<&mut Part> = parts.iter_mut().chain(&mut sections).chain([&mut new]).collect();
    // A section that is not there any more leaves the page as it is without a form.
    let open = open.filter(|id| id == AUDIENCE || all.iter().any(|place| place.id == *id));
    if let Some(part) = part
        && let Some(place) = all.iter_mut().find(|place| place.id == part.id)
    {
        **place = part;
    }
    let choices = choices(&desk.store, brief).await?;
    let chosen = choices
        .iter()
        .find(|choice| Some(&choice.name) == brief.audience.as_ref());
    let zones = audience::by_zone(&desk.store, stored, None).await?;
    let editions = clicks::of_brief(&desk.store, stored.id, EDITIONS).await?;
    let late = outlook::of_brief(brief, zones, desk.clock.now().day(&brief.zone));
    let page = Plan {
        brief,
        mark: stored.mark()?,
        is_stale,
        open,
        wanted,
        reach: audience::reach(&desk.store, brief).await?,
        outlook: marked(&late.join(" ")),
        chosen: chosen.map(|choice| &choice.segment),
        choices: &choices,
        parts,
        sections,
        new,
        unknown: brief.unknown_sources(&known),
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

/// The page's address.
pub(super) fn path(brief: &Brief) -> String {
    format!("/desk/briefs/{}", brief.slug)
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
