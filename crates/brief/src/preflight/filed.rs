//! Whether entries stand where they belong.

use reveille_model::{Edition, Entry, EntryKind, SectionKind};

use super::{
    Finding, fault,
    paid::{is_opinion, is_sponsored},
};

/// A heading says what stands under it.
pub(super) fn headings(edition: &Edition) -> impl Iterator<Item = Finding> {
    let nameless = edition
        .sections
        .iter()
        .filter(|section| section.name.trim().is_empty());
    nameless.filter_map(|section| {
        section.entries.first().map(|first| {
            fault(
                first,
                "The section that begins here has no name. Name it, or move its entries to another one.",
            )
        })
    })
}

/// A section that holds one sort of entry holds no other.
pub(super) fn misfiled(edition: &Edition) -> impl Iterator<Item = Finding> {
    edition.sections.iter().flat_map(|section| {
        let (belongs, held): (fn(&Entry) -> bool, _) = match section.kind {
            SectionKind::Standing | SectionKind::Event => (|_| true, ""),
            SectionKind::Sponsored => (is_sponsored, "what is labelled as paid for"),
            SectionKind::Opinion => (is_opinion, "commentary"),
            SectionKind::Calendar => (|entry| entry.kind == EntryKind::Appointment, "appointments"),
        };
        let others = section.entries.iter().filter(move |entry| !belongs(entry));
        others.map(move |entry| {
            let name = &section.name;
            fault(
                entry,
                format!("Stands under {name}, which holds {held} and nothing else. File it under another heading, or remove it."),
            )
        })
    })
}
