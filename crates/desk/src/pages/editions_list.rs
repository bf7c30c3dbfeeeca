//! `/desk/editions`: the latest edition of each brief, with what its checks found, and those before it.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use reveille_brief::{Finding, Severity};
use reveille_model::EditionState;
use reveille_store::{
    briefs,
    editions::{self, StoredEdition},
    notices,
    sessions::Session,
};

use super::{Door, at_the_desk, edition_approve::before_approval, edition_recall};
use crate::{Desk, PageError, Refusal};

#[derive(Template)]
#[template(path = "editions.html")]
struct Editions<'a> {
    shown: Vec<Shown>,
    /// Why something was not done.
    refusal: Option<&'a Refusal>,
}

/// The latest edition of a brief.
struct Shown {
    stored: StoredEdition,
    /// For whom it would come late, as HTML.
    outlook: Option<String>,
    can_recall: bool,
    /// What concerns no single entry.
    findings: Vec<Finding>,
    entries: Vec<Line>,
    /// Those before it, newest first.
    earlier: Vec<Earlier>,
}

/// An edition before the latest one.
struct Earlier {
    stored: StoredEdition,
    /// Whether an editor has to decide on a correction.
    needs_correction: bool,
}

/// So many editions before the latest are listed: two weeks of a daily brief.
const EARLIER: u32 = 14;

/// One entry in the list.
struct Line {
    entry: reveille_model::Entry,
    /// The number that is printed before it, if any.
    printed: Option<usize>,
    section: Option<String>,
    findings: usize,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
) -> Result<Response, PageError> {
    page(&desk, &session, None).await
}

/// The page, with why something was not done.
pub(super) async fn page(
    desk: &Desk,
    session: &Session,
    refusal: Option<&Refusal>,
) -> Result<Response, PageError> {
    let mut shown = Vec::new();
    for brief in briefs::list(&desk.store).await? {
        let mut stored = editions::list(&desk.store, brief.id, 1 + EARLIER)
            .await?
            .into_iter();
        let Some(latest) = stored.next() else { continue };
        let wrong = notices::needing_correction(&desk.store, brief.id).await?;
        let earlier = |stored: StoredEdition| Earlier {
            needs_correction: wrong.contains(&stored.id),
            stored,
        };
        shown.push(Shown::of(desk, latest, stored.map(earlier).collect()).await?);
    }
    at_the_desk(Door::Editions, "Editions", session, &Editions { shown, refusal })
}

impl Shown {
    async fn of(desk: &Desk, stored: StoredEdition, earlier: Vec<Earlier>) -> Result<Self, PageError> {
        let findings = findings(&stored)?;
        let mut entries = Vec::new();
        for section in &stored.edition.sections {
            for (place, (printed, entry)) in section.numbered().enumerate() {
                entries.push(Line {
                    section: (place == 0).then(|| section.name.clone()),
                    printed,
                    findings: findings
                        .iter()
                        .filter(|found| found.entry == Some(entry.number))
                        .count(),
                    entry: entry.clone(),
                });
            }
        }
        Ok(Self {
            findings: findings
                .into_iter()
                .filter(|found| found.entry.is_none())
                .collect(),
            entries,
            earlier,
            outlook: before_approval(desk, &stored).await?,
            can_recall: edition_recall::is_offered(desk, &stored).await?,
            stored,
        })
    }
}

/// What an edition's checks found.
pub(super) fn findings(stored: &StoredEdition) -> Result<Vec<Finding>, PageError> {
    serde_json::from_str(&stored.findings)
        .map_err(|_| PageError::Internal("the findings of an edition cannot be read"))
}
