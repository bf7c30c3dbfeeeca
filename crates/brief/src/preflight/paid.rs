//! What was paid for says so.

use reveille_model::{Entry, EntryKind};

use super::{Finding, fault};
use crate::words::Words;

/// Words of links by which publishers name what was paid for.
const PAID: [&str; 9] = [
    "sponsored",
    "advertorial",
    "advertorials",
    "paid-post",
    "partner-content",
    "branded-content",
    "brand-content",
    "promoted",
    "anzeige",
];

/// What was paid for says so before the click.
pub(super) fn paid(entry: &Entry) -> Option<Finding> {
    let link = entry.link.as_str().to_lowercase();
    let path = link.splitn(4, '/').nth(3).unwrap_or_default();
    let is_paid = path
        .split(['/', '?', '&', '=', '.'])
        .any(|word| PAID.contains(&word));
    (is_paid && !is_sponsored(entry)).then(|| {
        fault(
            entry,
            "Its link says that it was paid for. Mark it “Sponsored”, or remove the entry.",
        )
    })
}

/// Whether an entry says that it was paid for.
pub(super) fn is_sponsored(entry: &Entry) -> bool {
    entry.kind == EntryKind::Sponsored || is_marked(entry, |words| &words.marks.sponsored)
}

/// Whether an entry says that it is somebody's view.
pub(super) fn is_opinion(entry: &Entry) -> bool {
    entry.kind == EntryKind::Opinion || is_marked(entry, |words| &words.marks.opinion)
}

/// Whether it has a mark, in any language of the catalogue.
fn is_marked(entry: &Entry, mark: fn(&Words) -> &str) -> bool {
    let known: Vec<String> = Words::in_all(mark).map(str::to_lowercase).collect();
    entry
        .marks
        .iter()
        .any(|mark| known.contains(&mark.to_lowercase()))
}
