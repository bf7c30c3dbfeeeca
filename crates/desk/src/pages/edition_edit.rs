//! `/desk/editions/{edition}`: one edition, to be put in order and looked at before it goes out.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use reveille_brief::{Finding, Severity, render};
use reveille_model::{
    Brief, EditionId, EditionState, EmailAddress, Entry, EntryKind, Notice, NoticeState, UnixMillis, Zone,
};
use reveille_store::{
    Store, StoreError, briefs, deliveries,
    editions::{
        self, StoredEdition,
        changes::{self, Change},
    },
    notices,
    sessions::Session,
};
use serde::Deserialize;

use super::{
    Door, at_the_desk,
    edition_approve::before_approval,
    edition_proof::{self, Sent, editors},
    edition_recall,
    edition_room::{NoRoom, no_room},
    editions_list::findings,
    entry_correct,
};
use crate::{Desk, PageError, Place, Refusal, deliveries_in_words};

#[derive(Template)]
#[template(path = "edition_edit.html")]
struct EditPage<'a> {
    on: &'a Subject,
    /// What concerns no single entry.
    findings: Vec<Finding>,
    sections: Vec<Filed>,
    /// The headings under which an entry may stand.
    headings: &'a [String],
    /// How its mailing stands, where it is out.
    mailing: Option<String>,
    /// The stories for which there was no room when it was compiled, and that nobody has put in since.
    no_room: Vec<NoRoom<'a>>,
    /// What was done to it, the latest first.
    changes: Vec<Change>,
    /// What readers have wrong, and nobody has decided on.
    wrong: Vec<Notice>,
    /// To whom a proof may be mailed.
    editors: Vec<EmailAddress>,
    word: Option<Word<'a>>,
    /// For whom it would come late, as HTML.
    outlook: Option<String>,
    can_recall: bool,
}

/// What became of what an editor wished.
pub(super) enum Word<'a> {
    /// It was not done.
    Refused(&'a Refusal),
    /// No proof was sent, as far as is known.
    NoProof(&'a Refusal),
    /// The mail server has taken one.
    Proof(Sent),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// When a proof was sent, and at which place of the list its editor stands.
    proof: Option<String>,
    to: Option<String>,
}

impl EditPage<'_> {
    /// Where an entry is corrected.
    fn correct(&self, entry: &Entry) -> String {
        entry_correct::path(self.on, entry)
    }

    fn proof_subject(&self) -> String {
        render::proof_subject(&self.on.stored.edition)
    }
}

/// A section with its entries.
struct Filed {
    name: String,
    lines: Vec<Line>,
}

/// One entry in its place.
struct Line {
    entry: Entry,
    findings: Vec<Finding>,
    /// The number that is printed before it, if any.
    printed: Option<usize>,
    /// How an editor tells it from others: "entry 3", or by headline and section.
    named: String,
    is_first: bool,
    is_last: bool,
}

impl Line {
    /// The same at the head of a line: "Entry 3".
    fn title(&self) -> String {
        headed(&self.named)
    }
}

/// Why an entry ranks where it does: "9 newsrooms · first 04:12 · rising".
pub(super) fn why(entry: &Entry) -> String {
    let reasons = entry.reasons.iter().map(|reason| reason.text.as_str());
    reasons.collect::<Vec<_>>().join(" · ")
}

/// The name of an entry at the head of a line.
pub(super) fn headed(name: &str) -> String {
    match name.strip_prefix("entry") {
        Some(number) => format!("Entry{number}"),
        None => name.to_owned(),
    }
}

/// An edition, with what its brief says of it.
pub(super) struct Subject {
    pub(super) stored: StoredEdition,
    /// The headings under which an entry may stand: those that it has, then the others of the brief's plan.
    pub(super) headings: Vec<String>,
    /// The brief's editors.
    pub(super) editors: Vec<EmailAddress>,
    /// The brief as it is by now; none where it is gone.
    pub(super) plan: Option<Brief>,
    zone: Zone,
}

impl Subject {
    /// Its page.
    pub(super) fn path(&self) -> String {
        format!("/desk/editions/{}", self.stored.id)
    }

    /// By whose clock an entry's time is read.
    pub(super) fn zone(&self) -> &Zone {
        self.stored.edition.zone.as_ref().unwrap_or(&self.zone)
    }

    /// When something was done, on the editors' clock, by the minute where it was on the edition's day.
    pub(super) fn time(&self, at: &UnixMillis) -> String {
        let how = match at.day(&self.zone) == self.stored.edition.day {
            true => "at %H:%M",
            false => "on %-d %B at %H:%M",
        };
        at.civil(&self.zone).strftime(how).to_string()
    }
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(edition): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let subject = find(&desk.store, &edition).await?;
    let sent = edition_proof::told(&subject, &session, asked.proof.as_deref(), asked.to.as_deref());
    let word = sent.map(Word::Proof);
    page(&desk, &session, &subject, word).await
}

/// The page, with what became of what was wished.
pub(super) async fn page(
    desk: &Desk,
    session: &Session,
    on: &Subject,
    word: Option<Word<'_>>,
) -> Result<Response, PageError> {
    let found = findings(&on.stored)?;
    let mut wrong = notices::list(&desk.store, on.stored.id).await?;
    wrong.retain(|notice| notice.state == NoticeState::NeedsCorrection);
    let mailing = match on.stored.state.is_open() {
        true => None,
        false => Some(deliveries_in_words(
            &deliveries::tally(&desk.store, on.stored.id).await?,
        )),
    };
    let page = EditPage {
        on,
        mailing,
        sections: filed(&on.stored, &found),
        findings: found.into_iter().filter(|found| found.entry.is_none()).collect(),
        headings: &on.headings,
        no_room: no_room(on),
        changes: changes::list(&desk.store, on.stored.id).await?,
        wrong,
        editors: editors(on, session),
        word,
        outlook: before_approval(desk, &on.stored).await?,
        can_recall: edition_recall::is_offered(desk, &on.stored).await?,
    };
    at_the_desk(Door::Editions, &on.stored.edition.name, session, &page)
}

fn filed(stored: &StoredEdition, found: &[Finding]) -> Vec<Filed> {
    let edition = &stored.edition;
    let (first, last) = (edition.entries().next(), edition.entries().last());
    let is = |entry: &Entry, end: Option<&Entry>| end.is_some_and(|end| end.number == entry.number);
    let line = |(printed, entry): (Option<usize>, &Entry)| Line {
        findings: found
            .iter()
            .filter(|found| found.entry == Some(entry.number))
            .cloned()
            .collect(),
        printed,
        named: edition.name_of(entry.number),
        is_first: is(entry, first),
        is_last: is(entry, last),
        entry: entry.clone(),
    };
    let sections = edition.sections.iter();
    let section = |section: &reveille_model::Section| Filed {
        name: section.name.clone(),
        lines: section.numbered().map(line).collect(),
    };
    sections.map(section).collect()
}

/// The edition that stands in the address.
pub(super) async fn find(store: &Store, edition: &str) -> Result<Subject, PageError> {
    let id = EditionId(edition.parse().map_err(|_| missing())?);
    let stored = editions::find(store, id).await?.ok_or_else(missing)?;
    Ok(of(store, stored).await?)
}

async fn of(store: &Store, stored: StoredEdition) -> Result<Subject, StoreError> {
    let brief = briefs::find(store, stored.brief)
        .await?
        .map(|stored| stored.brief);
    let planned = brief.iter().flat_map(|brief| &brief.sections);
    let filed = stored.edition.sections.iter().map(|section| &section.name);
    let mut headings: Vec<String> = Vec::new();
    for name in filed.chain(planned.map(|plan| &plan.name)) {
        if !headings.contains(name) {
            headings.push(name.clone());
        }
    }
    Ok(Subject {
        headings,
        editors: brief.iter().flat_map(|brief| brief.editors.clone()).collect(),
        zone: brief.as_ref().map_or(Zone::UTC, |brief| brief.zone.clone()),
        plan: brief,
        stored,
    })
}

pub(super) fn missing() -> PageError {
    PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no such edition.",
        means: "It went with its brief, perhaps.",
        instead: Place::of_desk("all editions", "/desk/editions"),
    }
}
