//! "The Associated Press contributed to this report", "Mit Material von dpa": who added to what the carrier wrote.

use super::named_in;
use crate::text::AnyOf;

/// A longer line tells a story, in bytes.
const LONGEST: usize = 400;

/// A line with nothing but such a note is no longer, in bytes.
const SHORT: usize = 60;

/// Phrases with which help is acknowledged, in lower case.
const PHRASES: &[&str] = &[
    "contributed to this",
    "contributed reporting",
    "contributed from",
    "with reporting by",
    "with reporting from",
    "includes reporting from",
    "includes reporting by",
    "with assistance from",
    "with files from",
    "some information for this report",
    "mit material",
    "mit agenturmaterial",
    "material from",
    "information from",
    "con información de",
    "con informazioni",
    "com informações d",
    "avec les informations de",
];

/// Words with which a short note of help begins, in lower case.
const WITH: &[&str] = &["with", "avec", "mit", "con", "com", "met", "med"];

/// The agencies that a line says to have helped; `None` where it says nothing of help.
pub(super) fn named<'l>(line: &'l str, lower: &str) -> Option<Vec<&'l str>> {
    static ANY: AnyOf = AnyOf::of(PHRASES);
    let first = lower
        .split(|c: char| !c.is_alphanumeric())
        .find(|word| !word.is_empty());
    let short = line.len() < SHORT && first.is_some_and(|word| WITH.contains(&word));
    let says = short || (line.len() <= LONGEST && ANY.stands_in(lower));
    let names: Vec<&str> = says.then(|| named_in(line))?;
    (!short || !names.is_empty()).then_some(names)
}
