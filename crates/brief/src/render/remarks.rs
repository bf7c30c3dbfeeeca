//! What is said of an entry beside its headline, credit and sentence, for forms that are not made here.

use reveille_model::{Correction, Entry, Language};

use super::{also_by, also_in, corrections, marks_line};
use crate::words::Words;

/// The remarks of an entry, each a text of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remarks {
    /// "Opinion, Follows Tuesday, entry 3."; stands before the summary.
    pub marks: Option<String>,
    /// "Correction: It was the pond."
    pub corrections: Vec<String>,
    /// "Also in Courier", and who else reported the story.
    pub also: Vec<String>,
}

/// What an edition in this language says of an entry.
#[must_use]
pub fn remarks(entry: &Entry, language: &Language) -> Remarks {
    let words = Words::of(language);
    let corrected = corrections(entry).map(|notice| format!("{} {notice}", words.edition.correction));
    Remarks {
        marks: marks_line(entry, words),
        corrections: corrected.collect(),
        also: also_in(entry, words)
            .into_iter()
            .chain(also_by(entry, words))
            .collect(),
    }
}

/// What an earlier edition had wrong, as one in this language tells it.
#[must_use]
pub fn corrected(correction: &Correction, language: &Language) -> String {
    super::corrected(correction, Words::of(language))
}

/// What to call these.
#[must_use]
pub fn corrections_heading(language: &Language) -> &'static str {
    &Words::of(language).edition.corrections
}
