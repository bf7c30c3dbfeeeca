//! `/desk/events`: an editor opens a section for an event, names it, closes it.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reveille_model::{EventSectionId, StoryId};
use reveille_store::{
    briefs,
    event_sections::{self, StoredSection},
    sessions::Session,
    stories,
};
use serde::Deserialize;

use super::{
    events_list::{self, Typed},
    plan_show::find,
};
use crate::{
    Desk, PageError, Place,
    events::{EventChange, change_event, open_event},
    session::see_other,
};

/// The longest heading, in characters.
const LONGEST_NAME: usize = 80;

#[derive(Debug, Deserialize)]
pub(crate) struct Opening {
    brief: String,
    story: i64,
}

pub(crate) async fn open(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Form(wish): Form<Opening>,
) -> Result<Response, PageError> {
    let brief = find(&desk, &wish.brief).await?;
    let now = desk.clock.now();
    let opened = open_event(&desk.store, &brief, StoryId(wish.story), &session.editor, now).await?;
    let opened = opened.ok_or_else(no_story)?;
    Ok(to(brief.brief.slug.as_str(), &opened))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    act: Act,
    changes: i64,
    /// The one to add or to remove.
    story: Option<i64>,
    #[serde(default)]
    name: String,
    /// Parted by commas.
    #[serde(default)]
    keywords: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Act {
    Save,
    Add,
    Remove,
    Close,
    Open,
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(id): Path<String>,
    Form(wish): Form<Wish>,
) -> Result<Response, PageError> {
    let missing = || refused(StatusCode::NOT_FOUND, "There is no such section.", "");
    let id = EventSectionId(id.parse().map_err(|_| missing())?);
    let stored = event_sections::find(&desk.store, id).await?.ok_or_else(missing)?;
    let brief = briefs::find(&desk.store, stored.brief)
        .await?
        .ok_or_else(missing)?;
    let slug = brief.brief.slug.as_str();
    let again = async |status: StatusCode, refusal: &'static str| {
        let typed = Typed {
            name: wish.name.clone(),
            keywords: wish.keywords.clone(),
            refusal,
        };
        let page = events_list::page(&desk, &session, Some(slug), Some(id), Some(&typed)).await?;
        Ok((status, page).into_response())
    };
    let change = match wish.act {
        Act::Save => match named(&wish) {
            Some(named) => named,
            None => return again(StatusCode::UNPROCESSABLE_ENTITY, NAMELESS).await,
        },
        Act::Add => EventChange::Added(story(&desk, &wish).await?),
        Act::Remove => EventChange::Removed(story(&desk, &wish).await?),
        Act::Close => EventChange::Closed,
        Act::Open => EventChange::Opened,
    };
    let seen = StoredSection {
        changes: wish.changes,
        ..stored
    };
    let day = desk.clock.now().day(&brief.brief.zone);
    let is_named = matches!(change, EventChange::Named(..));
    if !change_event(&desk.store, &seen, change, &session.editor, day).await? {
        if is_named {
            return again(StatusCode::CONFLICT, MEANWHILE).await;
        }
        return Err(refused(
            StatusCode::CONFLICT,
            "The section was changed meanwhile.",
            "Nothing was changed now: look at it as it is, and change it then.",
        ));
    }
    Ok(to(slug, &seen))
}

const NAMELESS: &str = "A section needs a heading of 80 characters at most.";
const MEANWHILE: &str = "The section was changed meanwhile. It is shown as it is now, with what you typed: look at it again, then save.";

async fn story(desk: &Desk, wish: &Wish) -> Result<StoryId, PageError> {
    let story = StoryId(wish.story.ok_or_else(no_story)?);
    let found = stories::headlines(&desk.store, &[story]).await?;
    found.first().map(|(story, _)| *story).ok_or_else(no_story)
}

/// `None`: the heading is empty or too long.
fn named(wish: &Wish) -> Option<EventChange> {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = one_line(&wish.name);
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return None;
    }
    let keywords = wish
        .keywords
        .split(',')
        .map(one_line)
        .filter(|keyword| !keyword.is_empty());
    Some(EventChange::Named(name, keywords.collect()))
}

fn no_story() -> PageError {
    refused(
        StatusCode::NOT_FOUND,
        "There is no such story.",
        "It was folded into another, perhaps.",
    )
}

fn to(brief: &str, stored: &StoredSection) -> Response {
    see_other(&format!("/desk/events?brief={brief}#section-{}", stored.id))
}

fn refused(status: StatusCode, what: &'static str, means: &'static str) -> PageError {
    PageError::Refused {
        status,
        what,
        means,
        instead: Place::of_desk("all events", "/desk/events"),
    }
}
