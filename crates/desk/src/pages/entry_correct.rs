//! `/desk/editions/{edition}/{entry}/correct`: an editor states what an entry has wrong that readers have.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{Entry, EntryKey, Notice, NoticeId, UnixMillis};
use reveille_store::{deliveries::tally, notices, sessions::Session};
use serde::Deserialize;

use super::{
    Door, at_the_desk,
    edition_edit::{self, headed},
    refused,
};
use crate::{
    Desk, PageError, Place, Refusal, Right, Seen, SeenEntry, deliveries_in_words, session::see_other,
};

#[derive(Template)]
#[template(path = "entry_correct.html")]
struct CorrectPage<'a> {
    on: &'a Subject,
    /// What the form holds.
    form: &'a Wish,
    /// Why nothing was stated.
    refusal: Option<&'a Refusal>,
}

/// An entry that readers have, or had before it was taken out.
struct Subject {
    within: edition_edit::Subject,
    entry: Entry,
    /// Whether the edition still holds it, so that it has words to set right.
    stands: bool,
    /// What its article became meanwhile, and nobody has decided on.
    pending: Option<(NoticeId, Notice)>,
    stated: Vec<Stated>,
}

/// A correction that was stated.
struct Stated {
    id: NoticeId,
    text: String,
    at: UnixMillis,
    /// How its mails stand; none where nobody was to be told.
    mails: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    /// The revision of the edition that the page showed.
    #[serde(default)]
    revision: u32,
    /// What it showed to have become of the article; none where that was nothing.
    #[serde(default)]
    noticed: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    headline: String,
    #[serde(default)]
    summary: String,
}

impl Subject {
    fn name(&self) -> String {
        headed(&self.within.stored.edition.name_of(self.entry.number))
    }

    /// Its page.
    fn path(&self) -> String {
        path(&self.within, &self.entry)
    }

    /// What has become of its article, as forms name it.
    fn noticed(&self) -> String {
        self.pending
            .as_ref()
            .map_or(String::new(), |(id, _)| id.to_string())
    }

    /// What its article makes of the entry by now, where that is something else.
    fn changed(&self) -> Option<&Entry> {
        self.pending
            .as_ref()
            .and_then(|(_, notice)| notice.after.as_ref())
    }

    /// Nothing stated yet, and the words that the entry gets by then: those of its article, where that has changed.
    fn blank(&self) -> Wish {
        let words = self.changed().unwrap_or(&self.entry);
        Wish {
            revision: self.within.stored.revision,
            noticed: self.noticed(),
            text: String::new(),
            headline: words.headline.clone(),
            summary: words.summary.clone(),
        }
    }
}

/// The page on which an entry is corrected.
pub(super) fn path(within: &edition_edit::Subject, entry: &Entry) -> String {
    format!("{}/{}/correct", within.path(), entry.key())
}

/// An edition that is not out is changed itself.
pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((edition, entry)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let subject = find(&desk, &edition, &entry).await?;
    if subject.within.stored.state.is_open() {
        return Ok(see_other(&subject.within.path()));
    }
    page(&session, &subject, &subject.blank(), None)
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((edition, entry)): Path<(String, String)>,
    Form(wish): Form<Wish>,
) -> Result<Response, PageError> {
    let subject = find(&desk, &edition, &entry).await?;
    match correct(&desk, &session, &subject, &wish).await {
        Ok(()) => Ok(see_other(&format!("{}#stated", subject.path()))),
        Err(refusal) => {
            // It is shown as it is by now, with what was typed.
            let subject = find(&desk, &edition, &entry).await?;
            let form = Wish {
                revision: subject.within.stored.revision,
                noticed: subject.noticed(),
                ..wish
            };
            let page = page(&session, &subject, &form, Some(&refusal))?;
            Ok(refused(page, &refusal))
        }
    }
}

async fn correct(desk: &Desk, session: &Session, on: &Subject, wish: &Wish) -> Result<(), Refusal> {
    let words = on.stands.then_some((&*wish.headline, &*wish.summary)).unzip();
    let right = Right::parse(&wish.text, words.0, words.1)?;
    let seen = SeenEntry {
        within: Seen {
            edition: on.within.stored.id,
            revision: wish.revision,
        },
        number: on.entry.number,
        noticed: wish.noticed.parse().ok().map(NoticeId),
    };
    desk.editing.correct(seen, right, session.editor.clone()).await
}

fn page(
    session: &Session,
    on: &Subject,
    form: &Wish,
    refusal: Option<&Refusal>,
) -> Result<Response, PageError> {
    let page = CorrectPage { on, form, refusal };
    at_the_desk(Door::Editions, "Correct an entry", session, &page)
}

/// The entry that an address names: one of the edition, or one that was taken out after readers had it.
async fn find(desk: &Desk, edition: &str, entry: &str) -> Result<Subject, PageError> {
    let within = edition_edit::find(&desk.store, edition).await?;
    let missing = || PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no such entry.",
        means: "No reader had it.",
        instead: Place::of_desk("its edition", &within.path()),
    };
    let key: EntryKey = entry.parse().map_err(|_| missing())?;
    let id = within.stored.id;
    let mut noticed = notices::pending(&desk.store, id).await?.into_iter();
    let is_of = |(_, notice): &(NoticeId, Notice)| notice.before.key() == key;
    let pending = noticed.rfind(is_of);
    let mut stated = notices::corrections(&desk.store, id).await?;
    stated.retain(is_of);
    let standing = within.stored.edition.entry(key);
    let mut had = pending.iter().chain(&stated).map(|(_, notice)| &notice.before);
    let entry = standing.or_else(|| had.next());
    Ok(Subject {
        stands: standing.is_some(),
        entry: entry.cloned().ok_or_else(missing)?,
        stated: told(desk, stated).await?,
        pending,
        within,
    })
}

/// Corrections with what became of their mails.
async fn told(desk: &Desk, corrections: Vec<(NoticeId, Notice)>) -> Result<Vec<Stated>, PageError> {
    let mut stated = Vec::new();
    for (id, notice) in corrections {
        let mails = tally(&desk.store, id).await?;
        stated.push(Stated {
            id,
            mails: (!mails.is_empty()).then(|| deliveries_in_words(&mails)),
            text: notice.note.unwrap_or_default(),
            at: notice.at,
        });
    }
    Ok(stated)
}
