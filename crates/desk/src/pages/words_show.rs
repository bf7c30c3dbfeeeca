//! `/desk/editions/{edition}/{article}`: an entry's words beside its source.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_brief::{Finding, Severity};
use reveille_model::{EditionId, Entry, EntryKey, Language};
use reveille_store::{
    articles::{self, StoredArticle},
    editions::{self, StoredEdition},
    sessions::Session,
};

use super::{Door, at_the_desk, edition_edit::headed, editions_list::findings};
use crate::{Desk, Offer, PageError, Place, Refusal};

#[derive(Template)]
#[template(path = "words.html")]
struct WordsPage<'a> {
    on: &'a Subject,
    findings: Vec<Finding>,
    model: Option<&'a str>,
    /// What the form holds.
    headline: &'a str,
    summary: &'a str,
    /// What the model proposes.
    offer: Option<&'a Offer>,
    /// Why something was not done.
    refusal: Option<&'a Refusal>,
}

/// What the page shows beside the entry.
#[derive(Clone, Copy)]
pub(super) enum Shown<'a> {
    /// Nothing.
    Entry,
    /// What a model proposes.
    Offer(&'a Offer),
    /// Why something was not done, and the headline and summary that were typed.
    Refused {
        why: &'a Refusal,
        typed: Option<(&'a str, &'a str)>,
    },
}

/// An entry of an edition, and the article that it is from.
pub(super) struct Subject {
    pub(super) stored: StoredEdition,
    pub(super) entry: Entry,
    source: Option<StoredArticle>,
}

impl Subject {
    /// What it is called at the head of its page.
    fn name(&self) -> String {
        headed(&self.stored.edition.name_of(self.entry.number))
    }

    fn paragraphs(&self) -> Vec<&str> {
        let blocks = self.source.iter().flat_map(|source| &source.article.body);
        blocks.map(|block| block.text.as_str()).collect()
    }

    /// The edition's page.
    pub(super) fn edition(&self) -> String {
        format!("/desk/editions/{}", self.stored.id)
    }

    /// The languages that its words may be in, where that is a question: the edition's, and what they are in now.
    fn languages(&self) -> Vec<&Language> {
        let (edition, own) = (&self.stored.edition.language, self.entry.language.as_ref());
        match own.filter(|own| *own != edition) {
            Some(own) => vec![edition, own],
            None => Vec::new(),
        }
    }

    /// Its page.
    pub(super) fn path(&self) -> String {
        format!("/desk/editions/{}/{}", self.stored.id, self.entry.key())
    }
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((edition, entry)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let subject = find(&desk, &edition, &entry).await?;
    page(&desk, &session, &subject, Shown::Entry)
}

/// The page, with what a model proposes in the form, or with why something was not done and what was typed.
pub(super) fn page(
    desk: &Desk,
    session: &Session,
    on: &Subject,
    shown: Shown<'_>,
) -> Result<Response, PageError> {
    let own = (&*on.entry.headline, &*on.entry.summary);
    let ((headline, summary), offer, refusal) = match shown {
        Shown::Entry => (own, None, None),
        Shown::Offer(offer) => ((&*offer.headline, &*offer.summary), Some(offer), None),
        Shown::Refused { why, typed } => (typed.unwrap_or(own), None, Some(why)),
    };
    let found = findings(&on.stored)?.into_iter();
    let page = WordsPage {
        on,
        findings: found
            .filter(|found| found.entry == Some(on.entry.number))
            .collect(),
        model: desk.editing.model(),
        headline,
        summary,
        offer,
        refusal,
    };
    at_the_desk(Door::Editions, &on.entry.headline, session, &page)
}

/// The entry that an address names.
pub(super) async fn find(desk: &Desk, edition: &str, entry: &str) -> Result<Subject, PageError> {
    let missing = || PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no such entry.",
        means: "It was struck or dropped, perhaps, or the edition was compiled anew.",
        instead: Place::of_desk("all editions", "/desk/editions"),
    };
    let edition = EditionId(edition.parse().map_err(|_| missing())?);
    let key: EntryKey = entry.parse().map_err(|_| missing())?;
    let stored = editions::find(&desk.store, edition).await?.ok_or_else(missing)?;
    let entry = stored.edition.entry(key).cloned().ok_or_else(missing)?;
    let source = match entry.article() {
        Some(article) => articles::find(&desk.store, article).await?,
        None => None,
    };
    Ok(Subject {
        source,
        stored,
        entry,
    })
}
