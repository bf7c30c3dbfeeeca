//! Entries that the desk writes itself.

use reveille_model::{Basis, Credit, Edition, Entry, EntryKind, MorningTime, Uri};

/// What an editor writes by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// What sort of line it is.
    pub kind: EntryKind,
    /// At what time of the edition's day it takes place, by the clock of the edition's zone.
    pub at: Option<MorningTime>,
    /// Where it takes place.
    pub place: Option<String>,
    /// The headline.
    pub headline: String,
    /// One sentence; may be empty.
    pub summary: String,
    /// Whom it is credited to.
    pub carrier: String,
    /// Where to read on.
    pub link: Option<Uri>,
}

/// An entry of the desk's own words, in the edition's language. Its number is still to be given.
#[must_use]
pub fn own_entry(edition: &Edition, written: Own) -> Entry {
    let dropped = edition.dropped.iter().map(|dropped| &dropped.entry);
    let numbers = edition.entries().chain(dropped).map(|entry| match entry.basis {
        Basis::Own { own } => own,
        Basis::Story { .. } => 0,
    });
    let own = numbers.max().unwrap_or(0) + 1;
    Entry {
        number: 0,
        kind: written.kind,
        at: written.at,
        place: written.place,
        headline: written.headline,
        credit: Credit {
            carrier: written.carrier,
            original: None,
            joint: Vec::new(),
            byline: None,
        },
        summary: written.summary,
        extract: None,
        proposed: None,
        overruled: Vec::new(),
        link: written.link.unwrap_or_else(|| Uri::of_own(own)),
        basis: Basis::Own { own },
        published: None,
        language: Some(edition.language.clone()),
        corrections: Vec::new(),
        marks: Vec::new(),
        follows: None,
        reasons: Vec::new(),
        also_in: Vec::new(),
        reports: Vec::new(),
        evidence: Vec::new(),
    }
}
