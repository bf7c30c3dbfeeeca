//! What an editor does to the order of an edition: entries are moved, filed elsewhere, dropped, taken back and put in. Words
//! are not touched.

use reveille_model::{Dropped, Edition, Entry, EntryKey, Section, SectionKind};

use crate::{compose::top_name, words::Words};

/// Which way an entry is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Towards the first entry.
    Up,
    /// Towards the last one.
    Down,
}

/// Moves an entry by one place; past the edge of its section it goes to the next one's near end. `false`: there is no place
/// further on, or no such entry.
pub fn shift(edition: &mut Edition, key: EntryKey, way: Way) -> bool {
    let Some((section, place)) = place_of(edition, key) else {
        return false;
    };
    let sections = &mut edition.sections;
    let last = sections[section].entries.len() - 1;
    match way {
        Way::Up if place > 0 => sections[section].entries.swap(place, place - 1),
        Way::Down if place < last => sections[section].entries.swap(place, place + 1),
        Way::Up if section > 0 => {
            let entry = sections[section].entries.remove(place);
            sections[section - 1].entries.push(entry);
        }
        Way::Down if section + 1 < sections.len() => {
            let entry = sections[section].entries.remove(place);
            sections[section + 1].entries.insert(0, entry);
        }
        Way::Up | Way::Down => return false,
    }
    settle(edition);
    true
}

/// Files an entry at the end of the section of this name, which is made where there is none. `false`: there is no such entry.
pub fn file(edition: &mut Edition, key: EntryKey, section: &str) -> bool {
    let Some(entry) = take(edition, key) else {
        return false;
    };
    put(edition, section, entry);
    true
}

/// Takes an entry out, and keeps it among the dropped ones. `false`: there is no such entry.
pub fn drop(edition: &mut Edition, key: EntryKey) -> bool {
    let Some((section, _)) = place_of(edition, key) else {
        return false;
    };
    let section = edition.sections[section].name.clone();
    if let Some(entry) = take(edition, key) {
        edition.dropped.push(Dropped { section, entry });
    }
    settle(edition);
    true
}

/// Takes a dropped entry back, to the end of the section in which it stood. `false`: it was not dropped.
pub fn take_back(edition: &mut Edition, key: EntryKey) -> bool {
    let found = edition
        .dropped
        .iter()
        .position(|dropped| dropped.entry.key() == key);
    let Some(found) = found else { return false };
    let Dropped { section, entry } = edition.dropped.remove(found);
    put(edition, &section, entry);
    true
}

/// Puts an entry at the end of the section of this name, which is made where there is none, behind the others.
pub fn put(edition: &mut Edition, section: &str, entry: Entry) {
    let words = Words::of(&edition.language);
    // "Top Five" may be "Top Four" by now.
    let named =
        |known: &&mut Section| known.name == section || is_top(&known.name, words) && is_top(section, words);
    match edition.sections.iter_mut().find(named) {
        Some(known) => known.entries.push(entry),
        None => edition.sections.push(Section {
            name: section.to_owned(),
            kind: SectionKind::Standing,
            reasons: Vec::new(),
            entries: vec![entry],
        }),
    }
    settle(edition);
}

/// Makes the rest follow from the order: a section without entries goes, "Top Five" says how many it holds by now, and entries
/// are numbered from 1.
pub fn settle(edition: &mut Edition) {
    edition.sections.retain(|section| !section.entries.is_empty());
    let words = Words::of(&edition.language);
    if let Some(first) = edition.sections.first_mut()
        && is_top(&first.name, words)
    {
        first.name = top_name(first.entries.len(), words);
    }
    edition.number();
}

/// More first stories no brief has.
const TOP_MAX: usize = 100;

/// Whether this is what the first section is called, with any number of entries.
fn is_top(name: &str, words: &Words) -> bool {
    (0..=TOP_MAX).any(|count| top_name(count, words) == name)
}

fn place_of(edition: &Edition, key: EntryKey) -> Option<(usize, usize)> {
    let mut sections = edition.sections.iter().enumerate();
    sections.find_map(|(section, of)| {
        let place = of.entries.iter().position(|entry| entry.key() == key)?;
        Some((section, place))
    })
}

fn take(edition: &mut Edition, key: EntryKey) -> Option<Entry> {
    let (section, place) = place_of(edition, key)?;
    Some(edition.sections[section].entries.remove(place))
}
