//! What became of entries after their edition went out, in the edition's language.

use std::fmt;

use reveille_model::{Change, Edition, Fate};
use serde::Serialize;

use crate::{
    told::tidy,
    words::{Words, fill},
};

/// One line: the words before and behind those that name the entry, which a form may link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeLine {
    /// The entry's number.
    pub number: usize,
    /// Whether the edition still holds the entry, so that it can be linked.
    pub stands: bool,
    /// What stands before the entry.
    pub before: String,
    /// "Entry 3", or the headline of one that no number tells.
    pub entry: String,
    /// What stands behind it.
    pub after: String,
}

impl fmt::Display for ChangeLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.before, self.entry, self.after)
    }
}

/// What to call these lines: "Changes since this edition went out".
#[must_use]
pub fn changes_heading(edition: &Edition) -> &'static str {
    &Words::of(&edition.language).changes.heading
}

/// A line for each change, in order; one for an entry that is gone, of which the last counts.
#[must_use]
pub fn changes(edition: &Edition) -> Vec<ChangeLine> {
    let words = &Words::of(&edition.language).changes;
    let stands = |change: &Change| edition.entries().any(|entry| entry.number == change.number);
    let is_last = |(at, change): &(usize, &Change)| {
        let mut later = edition.changes[at + 1..].iter();
        stands(change) || !later.any(|later| later.number == change.number)
    };
    let told = edition.changes.iter().enumerate().filter(is_last);
    let lines = told.map(|(_, change)| {
        let stands = stands(change);
        let said = match change.fate {
            Fate::Corrected if stands => &words.corrected,
            Fate::Corrected | Fate::Withdrawn => &words.withdrawn,
            Fate::Withheld => &words.withheld,
            Fate::Changed => &words.changed,
        };
        let is_quotable = edition.is_quotable(change.number);
        let (before, after) = said.split_once("{entry}").unwrap_or((said, ""));
        ChangeLine {
            number: change.number,
            stands,
            before: before.to_owned(),
            entry: match is_quotable || change.headline.is_empty() {
                true => fill(&words.entry, &[("number", &change.number.to_string())]),
                false => fill(&words.headline, &[("headline", &change.headline)]),
            },
            // No correction stands at an entry that is gone.
            after: match change.note.as_deref().filter(|_| !stands) {
                Some(note) => format!("{after} {}", tidy(note)),
                None => after.to_owned(),
            },
        }
    });
    lines.collect()
}
