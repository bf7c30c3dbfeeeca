//! What stands before a name: "By", "Written by", "Ein Gastbeitrag von".

use std::sync::LazyLock;

use memchr::memchr2;
use rustc_hash::FxHashMap;

use crate::{body::phrases, text::AnyOf};

/// Words before a name, in lower case.
pub(super) const BEFORE: &[&str] = &[
    "by",
    "von",
    "par",
    "por",
    "di",
    "da",
    "door",
    "av",
    "af",
    "autor:",
    "autorin:",
    "author:",
    "authors:",
    "written by",
    "posted by",
    "published by",
    "reported by",
    "text:",
    "text von",
    "ein artikel von",
    "eine analyse von",
    "ein gastbeitrag von",
    "von:",
    "by:",
    "par:",
    "por:",
    "story by",
    "words by",
    "auteur:",
    "auteurs:",
    "auteur",
    "author",
    "autor",
    "autorin/autor",
    "autorin",
    "oleh",
    "от",
    "автор:",
    "tekst:",
    "tekst",
    "yazan:",
    "reporter:",
    "redaktion:",
    "redakteur:",
    "ein kommentar von",
    "eine kolumne von",
    "ein interview von",
    "interview von",
    "interview:",
    "aus dem englischen von",
];

/// Whether a label announces an author: "Written by", "Verfasst von", "Author".
pub(crate) fn is_label(label: &str) -> bool {
    const LABELS: &[&str] = &[
        "author",
        "authors",
        "author(s)",
        "autoren",
        "autorin/autor",
        "作者",
        "编辑",
        "责编",
        "责任编辑",
        "auteur",
        "auteurs",
        "autor",
        "autorin",
        "autore",
        "the author",
        "автор",
        "yazan",
        "written_by",
        "ditulis oleh",
        "skrevet av",
        "skriven av",
        "scritto da",
        "geschreven door",
    ];
    const ENDS: &[&str] = &["by", "von", "par", "por"];
    let label = label.trim().trim_end_matches(':');
    let last = label.rsplit(' ').next().unwrap_or_default();
    // Lower case is as long.
    let may_be_listed = LABELS.iter().any(|listed| listed.len() == label.len());
    ENDS.iter().any(|end| last.eq_ignore_ascii_case(end))
        || may_be_listed && LABELS.contains(&label.to_lowercase().as_str())
}

/// What a line has after a label and its colon.
pub(crate) fn after_label(line: &str) -> Option<&str> {
    // The wide colon begins with this byte.
    memchr2(b':', 0xEF, line.as_bytes())?;
    let (label, rest) = line.split_once([':', '：'])?;
    is_label(label).then(|| rest.trim_start())
}

pub(super) fn strip_before(line: &str) -> &str {
    let mut line = line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '|' | '-' | '–' | '—' | ',' | ':' | '•' | '·' | '*')
    });
    if let Some(rest) = after_deed(line) {
        line = rest;
    }
    strip_words(line)
}

/// A part of a byline without the words that stand before names.
pub(crate) fn without_by(part: &str) -> &str {
    strip_before(part)
}

/// Takes the words that stand before names off a line.
pub(super) fn strip_words(mut line: &str) -> &str {
    /// [`BEFORE`] by first letter.
    static WORDS: LazyLock<FxHashMap<char, Vec<&str>>> = LazyLock::new(|| {
        let mut words: FxHashMap<_, Vec<&str>> = FxHashMap::default();
        for word in BEFORE {
            words
                .entry(word.chars().next().unwrap_or_default())
                .or_default()
                .push(word);
        }
        words
    });
    loop {
        let first = line.chars().flat_map(char::to_lowercase).next();
        let words = first.and_then(|letter| WORDS.get(&letter)).into_iter().flatten();
        let rest = words
            .filter_map(|word| {
                let rest = phrases::after(word, line)?;
                (rest.starts_with([' ', ':', '\u{a0}']) || word.ends_with(':')).then_some(rest)
            })
            .min_by_key(|rest| rest.len());
        match rest {
            Some(rest) if !rest.trim().is_empty() => line = rest.trim_start_matches([' ', ':']),
            _ => return line,
        }
    }
}

/// The rest of "Published by Ann", "Eingestellt von Ann", "Recipe by Ann": a word or two, a preposition, a name.
fn after_deed(line: &str) -> Option<&str> {
    const PREPOSITIONS: [&str; 8] = [
        " by ", " von ", " par ", " por ", " door ", " av ", " af ", " by: ",
    ];
    static ANY: AnyOf = AnyOf::of(&PREPOSITIONS);
    if !ANY.stands_in(line) {
        return None;
    }
    let (at, preposition) = PREPOSITIONS
        .iter()
        .filter_map(|word| line.find(word).map(|at| (at, *word)))
        .min()?;
    let before = &line[..at];
    let rest = line[at + preposition.len()..].trim_start();
    let deed = before.split_whitespace().count() <= 2
        && before
            .chars()
            .all(|c| c.is_alphabetic() || c.is_whitespace() || c == ':');
    // "Ursula von der Leyen" is a name.
    let name = before.split_whitespace().count() == 1
        && preposition == " von "
        && !DEEDS.contains(&before.trim().to_lowercase().as_str());
    (deed && !name && rest.starts_with(char::is_uppercase)).then_some(rest)
}

/// What German pages say before "von".
const DEEDS: &[&str] = &[
    "alles",
    "artikel",
    "autor",
    "beitrag",
    "bericht",
    "eingestellt",
    "ersteller",
    "erstellt",
    "geschrieben",
    "gepostet",
    "geschrieben am",
    "text",
    "verfasst",
    "veröffentlicht",
    "interview",
    "kommentar",
    "analyse",
    "essay",
    "reportage",
    "kolumne",
    "gastbeitrag",
    "rezept",
];
