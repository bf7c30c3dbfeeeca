//! `/desk/events`: the sections that events have in a brief, why, and the stories that could have one.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{Day, EventRules, EventSectionId, EventState, StoryId};
use reveille_store::{
    briefs::{self, StoredBrief},
    event_sections::{self, StoredSection},
    sessions::Session,
    stories,
};
use serde::Deserialize;

use super::{Door, at_the_desk};
use crate::{Desk, PageError, Place, events};

/// Stories that are shown of a section.
const SHOWN: usize = 12;
/// Stories that are offered.
const OFFERED: u32 = 12;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    brief: Option<String>,
    /// The section that is to be changed.
    change: Option<String>,
}

/// What a person typed in vain for a section; it stays in its fields.
pub(super) struct Typed {
    pub(super) name: String,
    pub(super) keywords: String,
    pub(super) refusal: &'static str,
}

#[derive(Template)]
#[template(path = "events.html")]
struct Events<'a> {
    briefs: &'a [StoredBrief],
    brief: &'a StoredBrief,
    rule: String,
    sections: Vec<Shown>,
    offered: Vec<Offered>,
    /// The section whose form is shown: while one is, nothing else is to be done on the page, which would lose what is typed.
    open: Option<EventSectionId>,
    typed: Option<&'a Typed>,
}

impl Events<'_> {
    fn is_changed(&self, shown: &Shown) -> bool {
        self.open == Some(shown.stored.id)
    }

    fn name<'s>(&'s self, shown: &'s Shown) -> &'s str {
        self.typed.map_or(&shown.stored.section.name, |typed| &typed.name)
    }

    fn keywords(&self, shown: &Shown) -> String {
        self.typed
            .map_or_else(|| shown.keywords(), |typed| typed.keywords.clone())
    }
}

/// One section with its latest stories.
struct Shown {
    stored: StoredSection,
    stories: Vec<Told>,
    more: usize,
}

/// A story of a section.
struct Told {
    id: StoryId,
    headline: String,
    /// The headline of the one beside which it stands, where that is why it is here.
    beside: Option<String>,
}

impl Shown {
    fn is_open(&self) -> bool {
        self.stored.section.state == EventState::Open
    }

    /// "open since 9 March, last news 10 March".
    fn standing(&self) -> String {
        let section = &self.stored.section;
        let said = |day: &Day| day.0.strftime("%-d %B").to_string();
        match section.state {
            EventState::Open => {
                format!(
                    "open since {}, last news {}",
                    said(&section.opened),
                    said(&section.last)
                )
            }
            EventState::Ended => format!("ended, last news {}", said(&section.last)),
            EventState::Closed => "closed by an editor".to_owned(),
        }
    }

    fn keywords(&self) -> String {
        self.stored.section.keywords.join(", ")
    }
}

/// A story that has no section.
struct Offered {
    story: StoryId,
    headline: String,
    newsrooms: usize,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let change = asked.change.and_then(|id| id.parse().ok()).map(EventSectionId);
    page(&desk, &session, asked.brief.as_deref(), change, None).await
}

/// The page of a brief, or of the first one, with the form for a section, and with what was typed there in vain.
pub(super) async fn page(
    desk: &Desk,
    session: &Session,
    slug: Option<&str>,
    change: Option<EventSectionId>,
    typed: Option<&Typed>,
) -> Result<Response, PageError> {
    let briefs = briefs::list(&desk.store).await?;
    let is_asked = |stored: &&StoredBrief| slug.is_none_or(|slug| stored.brief.slug.as_str() == slug);
    let brief = briefs.iter().find(is_asked).ok_or_else(no_brief)?;
    let now = desk.clock.now();
    let since = now.day(&brief.brief.zone).minus(events::EVENT_DAYS);
    let mut sections = event_sections::list(&desk.store, brief.id, since).await?;
    sections.sort_by_key(|stored| {
        (
            stored.section.state != EventState::Open,
            std::cmp::Reverse(stored.id),
        )
    });
    let mut shown = Vec::new();
    for stored in sections {
        let ids: Vec<StoryId> = stored.section.stories.iter().copied().collect();
        let headlines = stories::headlines(&desk.store, &ids).await?;
        let told = headlines.iter().take(SHOWN).map(|(id, headline)| {
            let other = stored.section.beside.get(id);
            let other = headlines.iter().find(|(id, _)| Some(id) == other);
            Told {
                id: *id,
                headline: headline.clone(),
                beside: other.map(|(_, headline)| headline.clone()),
            }
        });
        shown.push(Shown {
            stories: told.collect(),
            more: headlines.len().saturating_sub(SHOWN),
            stored,
        });
    }
    let is_open = |id: &EventSectionId| {
        shown
            .iter()
            .any(|shown| shown.stored.id == *id && shown.is_open())
    };
    let page = Events {
        briefs: &briefs,
        brief,
        rule: rule(&brief.brief.events),
        offered: offered(desk, &shown).await?,
        open: change.filter(|id| typed.is_some() || is_open(id)),
        sections: shown,
        typed,
    };
    at_the_desk(Door::Events, "Events", session, &page)
}

async fn offered(desk: &Desk, shown: &[Shown]) -> Result<Vec<Offered>, PageError> {
    let has_one = |story: StoryId| {
        let mut open = shown.iter().filter(|shown| shown.is_open());
        open.any(|shown| shown.stored.section.stories.contains(&story))
    };
    let recent = events::recent_stories(&desk.store, desk.clock.now(), OFFERED).await?;
    let ids: Vec<StoryId> = recent.iter().map(|story| story.id).collect();
    let headlines = stories::headlines(&desk.store, &ids).await?;
    let offer = |story: &stories::StoredStory| {
        let (_, headline) = headlines.iter().find(|(id, _)| *id == story.id)?;
        Some(Offered {
            story: story.id,
            headline: headline.clone(),
            newsrooms: story.independent,
        })
    };
    Ok(recent
        .iter()
        .filter(|story| !has_one(story.id))
        .filter_map(offer)
        .collect())
}

fn rule(rules: &EventRules) -> String {
    match rules.most {
        0 => "None opens by itself in this brief.".to_owned(),
        most => format!(
            "A story that {} newsrooms report in one night, or that is news on {} mornings, opens one by itself, {most} at \
             most at a time. One ends after {} days without anything new.",
            rules.newsrooms, rules.mornings, rules.quiet_days
        ),
    }
}

fn no_brief() -> PageError {
    PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no such brief.",
        means: "On the command line, `reveille brief add` adds one.",
        instead: Place::of_desk("the desk", "/desk"),
    }
}
