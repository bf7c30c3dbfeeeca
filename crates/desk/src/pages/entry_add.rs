//! `/desk/editions/{edition}/add`: an editor adds an entry, of a story that was left out or by hand.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, Query, State},
    response::Response,
};
use reveille_brief::{Own, Spare};
use reveille_model::{EntryKind, MorningTime, StoryId, Uri};
use reveille_store::sessions::Session;
use serde::Deserialize;

use super::{
    Door, at_the_desk,
    edition_edit::{Subject, find},
    refused,
};
use crate::{Change, Desk, PageError, Refusal, Seen, session::see_other};

/// Stories on one page: what a person scans in a minute. Who looks for another one searches.
const SHOWN: usize = 60;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// Words that headline or carrier hold.
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "entry_add.html")]
struct AddPage<'a> {
    on: &'a Subject,
    /// What is looked for.
    q: &'a str,
    stories: Vec<Spare>,
    /// How many there are beside those.
    more: usize,
    /// Why they cannot be listed.
    trouble: Option<Refusal>,
    /// What the form holds.
    typed: &'a Typed,
    refusal: Option<&'a Refusal>,
}

impl AddPage<'_> {
    /// What an editor may write, in words.
    const fn kinds(&self) -> [(EntryKind, &'static str); 5] {
        [
            (EntryKind::News, "News"),
            (EntryKind::Opinion, "Opinion"),
            (EntryKind::Sponsored, "Sponsored: somebody pays for it"),
            (
                EntryKind::Appointment,
                "Appointment: something that is to take place",
            ),
            (EntryKind::Note, "Note of our own to readers"),
        ]
    }

    /// The section that a story is offered first: where it fits, or the last one.
    fn is_home(&self, story: &Spare, heading: &str, is_last: &bool) -> bool {
        match &story.section {
            Some(section) if self.on.headings.contains(section) => section == heading,
            _ => *is_last,
        }
    }
}

/// What an editor asks to be added: a story, or an entry in words of their own.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Typed {
    /// The revision of the edition that the page showed.
    #[serde(default)]
    revision: u32,
    /// The story; none for an entry by hand.
    story: Option<i64>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    headline: String,
    #[serde(default)]
    summary: String,
    /// At what time it takes place.
    #[serde(default)]
    at: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    carrier: String,
    #[serde(default)]
    link: String,
    #[serde(default)]
    section: String,
    /// A heading that there is not yet; it goes before the chosen one.
    #[serde(default)]
    heading: String,
}

impl Typed {
    fn change(&self) -> Result<Change, Refusal> {
        let told = |text: &str| Refusal::Told(text.to_owned());
        let heading = one_line(&self.heading);
        let section = if heading.is_empty() {
            self.section.clone()
        } else {
            heading
        };
        if section.trim().is_empty() {
            return Err(told("Say under which heading it is to stand."));
        }
        if let Some(story) = self.story {
            return Ok(Change::Tell(StoryId(story), section));
        }
        let link = match self.link.trim() {
            "" => None,
            link => Some(link.parse::<Uri>().ok().filter(|link| link.web().is_some()).ok_or_else(|| {
                told("The link is no address on the web. It begins with https:// as a rule; or leave it out.")
            })?),
        };
        let at = match self.at.trim() {
            "" => None,
            at => Some(at.parse::<MorningTime>().map_err(|_| {
                told("The time is none of the day. It is written HH:MM, such as 14:30; or leave it out.")
            })?),
        };
        let own = Own {
            at,
            place: Some(one_line(&self.place)).filter(|place| !place.is_empty()),
            kind: self
                .kind
                .parse()
                .map_err(|_| told("Choose what sort of entry it is."))?,
            headline: one_line(&self.headline),
            summary: one_line(&self.summary),
            carrier: one_line(&self.carrier),
            link,
        };
        if own.headline.is_empty() || own.carrier.is_empty() {
            return Err(told(
                "An entry needs a headline, and somebody whom it is credited to.",
            ));
        }
        Ok(Change::Write(own, section))
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(edition): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let subject = find(&desk.store, &edition).await?;
    page(&desk, &session, &subject, &asked.q, &Typed::default(), None).await
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(edition): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let subject = find(&desk.store, &edition).await?;
    let seen = Seen {
        edition: subject.stored.id,
        revision: typed.revision,
    };
    let done = match typed.change() {
        Ok(change) => desk.editing.change(seen, change, session.editor.clone()).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(()) => Ok(see_other(&subject.path())),
        Err(refusal) => {
            let subject = find(&desk.store, &edition).await?;
            let page = page(&desk, &session, &subject, "", &typed, Some(&refusal)).await?;
            Ok(refused(page, &refusal))
        }
    }
}

/// The page, with what was typed and why it was not done.
async fn page(
    desk: &Desk,
    session: &Session,
    on: &Subject,
    q: &str,
    typed: &Typed,
    refusal: Option<&Refusal>,
) -> Result<Response, PageError> {
    let listed = desk.editing.left_out(on.stored.id).await;
    let (mut stories, trouble) = match listed {
        Ok(stories) => (stories, None),
        Err(trouble) => (Vec::new(), Some(trouble)),
    };
    let wanted: Vec<String> = q.split_whitespace().map(str::to_lowercase).collect();
    stories.retain(|story| {
        let text = format!("{} {}", story.headline, story.carrier).to_lowercase();
        wanted.iter().all(|word| text.contains(word))
    });
    let more = stories.len().saturating_sub(SHOWN);
    stories.truncate(SHOWN);
    let page = AddPage {
        on,
        q,
        stories,
        more,
        trouble,
        typed,
        refusal,
    };
    at_the_desk(Door::Editions, "Add an entry", session, &page)
}
