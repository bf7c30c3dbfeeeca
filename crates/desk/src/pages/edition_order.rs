//! `POST /desk/editions/{edition}/order`: an editor moves, drops and takes back entries, or goes back to an earlier state.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use reveille_brief::Way;
use reveille_model::{Entry, EntryKey};
use reveille_store::sessions::Session;
use serde::Deserialize;

use super::{
    edition_edit::{Subject, Word, find, page},
    refused,
};
use crate::{Change, Desk, PageError, Refusal, Seen, session::see_other};

#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    act: Act,
    /// The revision of the edition that the page showed.
    #[serde(default)]
    revision: u32,
    /// The entry that it is about, as in addresses.
    #[serde(default)]
    entry: String,
    /// Under which heading it is to stand.
    #[serde(default)]
    section: String,
    /// The revision to go back to.
    #[serde(default)]
    to: u32,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Up,
    Down,
    File,
    Drop,
    TakeBack,
    Restore,
}

impl Wish {
    /// `None` where it names no entry.
    fn change(self) -> Option<Change> {
        let entry = self.entry.parse::<EntryKey>();
        Some(match self.act {
            Act::Restore => Change::Restore(self.to),
            Act::Up => Change::Shift(entry.ok()?, Way::Up),
            Act::Down => Change::Shift(entry.ok()?, Way::Down),
            Act::File => Change::File(entry.ok()?, self.section),
            Act::Drop => Change::Drop(entry.ok()?),
            Act::TakeBack => Change::TakeBack(entry.ok()?),
        })
    }
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(edition): Path<String>,
    Form(wish): Form<Wish>,
) -> Result<Response, PageError> {
    let subject = find(&desk.store, &edition).await?;
    let seen = Seen {
        edition: subject.stored.id,
        revision: wish.revision,
    };
    let place = place(&subject, &wish);
    let done = match wish.change() {
        Some(change) => desk.editing.change(seen, change, session.editor.clone()).await,
        None => Err(Refusal::Told(
            "No entry was named. Choose one and try again.".to_owned(),
        )),
    };
    match done {
        Ok(()) => Ok(see_other(&place)),
        Err(refusal) => {
            let subject = find(&desk.store, &edition).await?;
            let page = page(&desk, &session, &subject, Some(Word::Refused(&refusal))).await?;
            Ok(refused(page, &refusal))
        }
    }
}

/// Where the editor was: at the entry, or, where that is dropped, at the one that takes its place.
fn place(on: &Subject, wish: &Wish) -> String {
    let Ok(mut key) = wish.entry.parse::<EntryKey>() else {
        return on.path();
    };
    if matches!(wish.act, Act::Drop) {
        let mut behind = on.stored.edition.entries().map(Entry::key);
        key = behind
            .find(|entry| *entry == key)
            .and(behind.next())
            .unwrap_or(key);
    }
    format!("{}#entry-{key}", on.path())
}
