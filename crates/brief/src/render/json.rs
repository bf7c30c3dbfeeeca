//! An edition for programs.

use reveille_model::Edition;
use serde::Serialize;

use super::length;

/// The edition's fields with derived counts beside them.
#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    #[serde(flatten)]
    edition: &'a Edition,
    counts: Counts,
}

#[derive(Serialize)]
struct Counts {
    sections: usize,
    entries: usize,
    words: usize,
    minutes: usize,
}

/// Indented JSON: every field of [`Edition`] under its own name, `format` (`"reveille-edition/1"`; the number
/// rises when a field changes its meaning or goes, not when one is added), and `counts` with `sections`,
/// `entries`, `words` (of headlines and summaries) and `minutes` (reading time).
///
/// Instants are milliseconds since 1970 in UTC, days are `YYYY-MM-DD`; `published` is `{"instant": …}` or
/// `{"day": …}` or null. The result reads back as an [`Edition`].
#[must_use]
pub fn json(edition: &Edition) -> String {
    let document = Document {
        format: "reveille-edition/1",
        edition,
        counts: Counts {
            sections: edition.sections.len(),
            entries: edition.entries().count(),
            words: length::words(edition),
            minutes: length::minutes(edition),
        },
    };
    // Only a map with keys that are no strings could fail, and an edition holds no map.
    serde_json::to_string_pretty(&document).unwrap_or_default()
}
