//! What became of an article after an edition took it.

use serde::{Deserialize, Serialize};

use crate::{Entry, UnixMillis, state::words};

words! {
    /// What happened to the article.
    NoticeKind as "kind of notice" {
        /// It was changed in what its entry prints.
        Changed = "changed",
        /// It was taken back for good, by its writer or by an editor.
        Withdrawn = "withdrawn",
        /// Its writer asks not to use it for now.
        Withheld = "withheld",
        /// Its page is no longer there (404, 410).
        Missing = "missing",
    }
}

words! {
    /// What was done about it.
    NoticeState as "state of a notice" {
        /// The entry was changed before any reader got it.
        Amended = "amended",
        /// The entry was taken out before any reader got it.
        Struck = "struck",
        /// Readers have the entry as it was: an editor decides on a correction.
        NeedsCorrection = "needs correction",
        /// An editor corrected the entry, and said what was wrong.
        Corrected = "corrected",
        /// It is only told: an editor looks at it.
        Shown = "shown",
    }
}

/// One notice, as an editor reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// What was done.
    pub state: NoticeState,
    /// The entry as it was.
    pub before: Entry,
    /// The entry as it is or ought to be; `None` where there ought to be none, and where nothing is to be done.
    pub after: Option<Entry>,
    /// What was said of it: a note of the agency's, the answer of the page's host.
    pub note: Option<String>,
    /// When it was noticed.
    pub at: UnixMillis,
}

words! {
    /// What became of an entry that readers have.
    Fate as "fate of an entry" {
        /// An editor corrected it; the correction stands there.
        Corrected = "corrected",
        /// Its writer took the article back.
        Withdrawn = "withdrawn",
        /// Its writer asks not to rely on it for now.
        Withheld = "withheld",
        /// Its writer changed the article.
        Changed = "changed",
    }
}

/// What readers are told of an entry after its edition went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The entry's number.
    pub number: usize,
    /// Its headline as it was, for where it has no number that readers could tell it by. It is told whenever the edition is
    /// shown, as the change itself is.
    #[serde(skip)]
    pub headline: String,
    /// What became of it.
    pub fate: Fate,
    /// What an editor stated of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was noticed.
    pub at: UnixMillis,
}

impl Notice {
    /// What readers are told of it: nothing where they never had the entry as it was, nor of what only editors look at.
    #[must_use]
    pub fn change(&self) -> Option<Change> {
        let fate = match (self.state, self.kind) {
            (NoticeState::Corrected, _) => Fate::Corrected,
            (NoticeState::NeedsCorrection, NoticeKind::Withdrawn) => Fate::Withdrawn,
            (NoticeState::NeedsCorrection, NoticeKind::Withheld) => Fate::Withheld,
            (NoticeState::NeedsCorrection, NoticeKind::Changed | NoticeKind::Missing) => Fate::Changed,
            (NoticeState::Amended | NoticeState::Struck | NoticeState::Shown, _) => return None,
        };
        Some(Change {
            number: self.before.number,
            headline: self.before.headline.clone(),
            fate,
            note: self.note.clone().filter(|_| fate == Fate::Corrected),
            at: self.at,
        })
    }
}
