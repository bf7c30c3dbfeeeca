//! What an editor does with the sections that events have, at the desk or on the command line.

use std::collections::{BTreeMap, BTreeSet};

use reveille_model::{Day, EventSection, EventSectionId, EventState, StoryId, UnixMillis};
use reveille_store::{
    Store, StoreError,
    briefs::StoredBrief,
    event_sections::{self, StoredSection},
    stories::{self, StoredStory},
};

/// For how long a section that is not open any more is shown and opened again by a story that carries on, in days.
pub const EVENT_DAYS: u32 = 21;
const DAY_MILLIS: i64 = 86_400_000;
/// Stories whose headlines tell what words are common.
const COMPARED: u32 = 200;

/// What an editor makes of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventChange {
    /// Its heading, and the words by which stories belong to it beside those that carry one of its stories on.
    Named(String, Vec<String>),
    /// A story is of its event, whatever it carries on.
    Added(StoryId),
    /// A story is not of its event, nor is what carries that on.
    Removed(StoryId),
    /// It is closed until an editor opens it again.
    Closed,
    /// It is open again.
    Opened,
}

/// The stories that grew within the last day, highest rank first.
///
/// # Errors
/// Where the store fails; so for every function here.
pub async fn recent_stories(
    store: &Store,
    now: UnixMillis,
    limit: u32,
) -> Result<Vec<StoredStory>, StoreError> {
    stories::list(store, now.plus(-DAY_MILLIS), limit).await
}

/// Opens a section for the event of a story: the one that the event had, or a new one, named after the story. The next
/// edition that is compiled has it. `None`: there is no such story.
pub async fn open_event(
    store: &Store,
    brief: &StoredBrief,
    story: StoryId,
    editor: &str,
    now: UnixMillis,
) -> Result<Option<StoredSection>, StoreError> {
    let day = now.day(&brief.brief.zone);
    let since = now.plus(-i64::from(EVENT_DAYS) * DAY_MILLIS);
    let mut of_event = vec![story];
    of_event.extend(stories::threads(store, since).await?.of(story));
    let known = event_sections::list(store, brief.id, day.minus(EVENT_DAYS)).await?;
    let has_one = |stored: &&StoredSection| {
        of_event
            .iter()
            .any(|story| stored.section.stories.contains(story))
    };
    if let Some(stored) = known.iter().find(has_one) {
        if stored.section.state != EventState::Open {
            change_event(store, stored, EventChange::Opened, editor, day).await?;
        }
        return event_sections::find(store, stored.id).await;
    }
    let Some(name) = name(store, story, now).await? else {
        return Ok(None);
    };
    let section = EventSection {
        name,
        keywords: Vec::new(),
        state: EventState::Open,
        stories: of_event.into_iter().collect(),
        beside: BTreeMap::new(),
        removed: BTreeSet::new(),
        opened: day,
        last: day,
        reasons: vec![format!("opened {day} by {editor}")],
    };
    let mut tx = store.begin().await?;
    let id: EventSectionId = event_sections::insert(&mut tx, brief.id, &section).await?;
    tx.commit().await?;
    event_sections::find(store, id).await
}

/// What to call the event of a story.
async fn name(store: &Store, story: StoryId, now: UnixMillis) -> Result<Option<String>, StoreError> {
    let Some(detail) = stories::find(store, story).await? else {
        return Ok(None);
    };
    let is_copy = |id| detail.copies.iter().any(|copy| copy.article == id);
    let mut texts: Vec<_> = detail
        .articles
        .iter()
        .filter(|article| !is_copy(article.id))
        .collect();
    texts.sort_by_key(|article| article.id != detail.story.lead);
    let headlines: Vec<String> = texts
        .iter()
        .map(|article| article.article.title.clone())
        .collect();
    let night = recent_stories(store, now, COMPARED).await?;
    let others: Vec<StoryId> = night
        .iter()
        .map(|other| other.id)
        .filter(|id| *id != story)
        .collect();
    let others = stories::headlines(store, &others).await?;
    let others = others.iter().map(|(_, headline)| headline.as_str());
    let language = texts.first().and_then(|lead| lead.article.language.as_ref());
    Ok(Some(reveille_brief::event_name(&headlines, others, language)))
}

/// Changes a section as it was read. `false`: somebody else, or the night, has changed it since.
pub async fn change_event(
    store: &Store,
    stored: &StoredSection,
    change: EventChange,
    editor: &str,
    day: Day,
) -> Result<bool, StoreError> {
    let mut changed = stored.clone();
    let section = &mut changed.section;
    match change {
        EventChange::Named(name, keywords) => {
            if section.name != name {
                section.reasons.push(format!("named “{name}” {day} by {editor}"));
            }
            (section.name, section.keywords) = (name, keywords);
        }
        EventChange::Added(story) => {
            section.removed.remove(&story);
            section.beside.remove(&story);
            section.stories.insert(story);
            section
                .reasons
                .push(format!("story {story} added {day} by {editor}"));
        }
        EventChange::Removed(story) => {
            // What came for standing beside it goes with it.
            let beside = section.beside.iter().filter(|(_, other)| **other == story);
            let gone: Vec<StoryId> = beside.map(|(story, _)| *story).chain([story]).collect();
            section.stories.retain(|story| !gone.contains(story));
            section.beside.retain(|story, _| !gone.contains(story));
            section.removed.insert(story);
            section
                .reasons
                .push(format!("story {story} removed {day} by {editor}"));
        }
        EventChange::Closed => {
            section.state = EventState::Closed;
            section.reasons.push(format!("closed {day} by {editor}"));
        }
        EventChange::Opened => {
            section.state = EventState::Open;
            // It would end at once were it as old as it is.
            section.last = section.last.max(day);
            section.reasons.push(format!("opened again {day} by {editor}"));
        }
    }
    let mut tx = store.begin().await?;
    let is_kept = event_sections::update(&mut tx, &changed).await?;
    tx.commit().await?;
    Ok(is_kept)
}
