//! An edition for programs.

use reveille_model::Edition;
use serde::{Deserialize, Serialize};

use super::length;

/// The name of the form.
const FORMAT: &str = "reveille-edition/1";

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
/// `{"day": …}` or null. [`from_json`] reads it back.
#[must_use]
pub fn json(edition: &Edition) -> String {
    let document = Document {
        format: FORMAT,
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

/// Why a text is no edition.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// It is no JSON, or lacks something; and the keys that nothing reads, one of which may be what is lacking.
    #[error("it cannot be read as an edition{}", unread(.1))]
    Broken(#[source] serde_json::Error, Vec<String>),
    /// It is of another form.
    #[error("its `format` is {}; expected `{FORMAT}`", .0.as_ref().map_or("missing".to_owned(), |name| format!("`{name}`")))]
    Format(Option<String>),
    /// It holds keys that nothing reads.
    #[error("it has what no edition has{}", unread(.0))]
    Unknown(Vec<String>),
}

fn unread(keys: &[String]) -> String {
    let keys: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    match keys.as_slice() {
        [] => String::new(),
        keys => format!("; not known: {}", keys.join(", ")),
    }
}

/// Reads what [`json`] made and somebody may have edited. Nothing in it is passed over: a key that no edition has is a
/// fault, named by its path (`sections.0.entries.2.headlne`). A byte order mark in front is no part of it.
///
/// # Errors
/// Where it is no such document.
pub fn from_json(text: &str) -> Result<Edition, JsonError> {
    #[derive(Deserialize)]
    struct Head {
        format: Option<String>,
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let broken = |error| JsonError::Broken(error, Vec::new());
    let head: Head = serde_json::from_str(text).map_err(broken)?;
    if head.format.as_deref() != Some(FORMAT) {
        return Err(JsonError::Format(head.format));
    }
    let mut unknown = Vec::new();
    let read = serde_ignored::deserialize(&mut serde_json::Deserializer::from_str(text), |path| {
        unknown.push(path.to_string());
    });
    // What is derived from the rest.
    unknown.retain(|key| !["format", "counts"].contains(&key.as_str()));
    match read {
        Err(error) => Err(JsonError::Broken(error, unknown)),
        Ok(_) if !unknown.is_empty() => Err(JsonError::Unknown(unknown)),
        Ok(edition) => Ok(edition),
    }
}
