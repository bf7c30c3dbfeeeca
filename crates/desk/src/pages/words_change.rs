//! `/desk/editions/{edition}/{entry}`: an editor sets an entry's words, asks the model for some, or lets stand what a check did
//! not find in the article.

use std::sync::Arc;

use axum::{
    Extension, Form,
    extract::{Path, State},
    response::Response,
};
use reveille_model::Check;
use reveille_store::sessions::Session;
use serde::Deserialize;

use super::{
    edition_edit::{self, Word},
    refused,
    words_show::{Shown, find, page},
};
use crate::{Change, Desk, PageError, Refusal, Seen, Words, session::see_other};

#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    act: Act,
    /// The revision of the edition that the page showed.
    #[serde(default)]
    revision: u32,
    #[serde(default)]
    headline: String,
    #[serde(default)]
    summary: String,
    /// The model that proposed them.
    #[serde(default)]
    model: String,
    /// In which language they are; empty where that is no question.
    #[serde(default)]
    language: String,
    /// What a check did not find, and is to stand.
    check: Option<Check>,
    #[serde(default)]
    said: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Act {
    Propose,
    Save,
    Overrule,
}

pub(crate) async fn submit(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((edition, entry)): Path<(String, String)>,
    Form(wish): Form<Wish>,
) -> Result<Response, PageError> {
    let subject = match find(&desk, &edition, &entry).await {
        Err(_) if matches!(wish.act, Act::Save) => return gone(&desk, &session, &edition, &wish).await,
        found => found?,
    };
    let (edition, entry) = (subject.stored.id, subject.entry.key());
    let change = match (wish.act, wish.check) {
        (Act::Propose, _) => None,
        (Act::Overrule, Some(check)) => Some(Change::Overrule(entry, check, wish.said)),
        (Act::Save | Act::Overrule, _) => {
            let words = Words {
                headline: wish.headline.clone(),
                summary: wish.summary.clone(),
                model: Some(wish.model).filter(|model| !model.is_empty()),
                language: wish.language.parse().ok(),
            };
            Some(Change::Reword(entry, words))
        }
    };
    let refusal = match change {
        None => match desk.editing.propose(edition, entry).await {
            Ok(offer) => return page(&desk, &session, &subject, Shown::Offer(&offer)),
            Err(refusal) => refusal,
        },
        Some(change) => {
            let revision = wish.revision;
            let seen = Seen { edition, revision };
            match desk.editing.change(seen, change, session.editor.clone()).await {
                Ok(()) => return Ok(see_other(&subject.path())),
                Err(refusal) => refusal,
            }
        }
    };
    let typed = matches!(wish.act, Act::Save).then_some((&*wish.headline, &*wish.summary));
    let shown = Shown::Refused { why: &refusal, typed };
    // It is shown as it is by now, which may be another than it was.
    let subject = find(&desk, &edition.to_string(), &entry.to_string()).await?;
    page(&desk, &session, &subject, shown).map(|page| refused(page, &refusal))
}

/// The edition without the entry, with the words that were typed for it.
async fn gone(desk: &Desk, session: &Session, edition: &str, wish: &Wish) -> Result<Response, PageError> {
    let subject = edition_edit::find(&desk.store, edition).await?;
    let refusal = Refusal::Meanwhile(format!(
        "The entry was taken out meanwhile, or never was there. You typed: “{}” and “{}”",
        wish.headline, wish.summary
    ));
    let page = edition_edit::page(desk, session, &subject, Some(Word::Refused(&refusal))).await?;
    Ok(refused(page, &refusal))
}
