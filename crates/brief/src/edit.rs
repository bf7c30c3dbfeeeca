//! What an editor does to the order of an edition: entries are moved, filed elsewhere, dropped, taken back and put in. Words
//! are not touched.

use reveille_model::{Brief, Dropped, Edition, Entry, EntryKey, Language, Section};

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
/// further on, or no such entry, or the order of time holds it where it is.
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
    place_of(edition, key) != Some((section, place))
}

/// Files an entry at the end of the section of this name, which is made as the plan has it where there is none. `false`: there
/// is no such entry.
pub fn file(edition: &mut Edition, plan: &Brief, key: EntryKey, section: &str) -> bool {
    let Some(entry) = take(edition, key) else {
        return false;
    };
    put(edition, plan, section, entry);
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
pub fn take_back(edition: &mut Edition, plan: &Brief, key: EntryKey) -> bool {
    let found = edition
        .dropped
        .iter()
        .position(|dropped| dropped.entry.key() == key);
    let Some(found) = found else { return false };
    let Dropped { section, entry } = edition.dropped.remove(found);
    put(edition, plan, &section, entry);
    true
}

/// An entry's words as they are kept: without line ends, and with single spaces.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Sets an entry's words, each on one line, in the language in which they are; a summary that was an extract and is another
/// now is none any more.
pub fn word(entry: &mut Entry, headline: &str, summary: &str, language: Language) {
    let (headline, summary) = (one_line(headline), one_line(summary));
    if summary != entry.summary {
        entry.extract = None;
    }
    if (&headline, &summary) != (&entry.headline, &entry.summary) {
        entry.language = Some(language);
    }
    (entry.headline, entry.summary) = (headline, summary);
}

/// Puts an entry at the end of the section of this name, which is made where there is none: before those that come later in the
/// plan, or behind all others.
pub fn put(edition: &mut Edition, plan: &Brief, section: &str, entry: Entry) {
    let words = Words::of(&edition.language);
    // "Top Five" may be "Top Four" by now.
    let named =
        |known: &&mut Section| known.name == section || is_top(&known.name, words) && is_top(section, words);
    match edition.sections.iter_mut().find(named) {
        Some(known) => known.entries.push(entry),
        None => {
            let at = place_for(edition, plan, section);
            let mut made = plan.section(section);
            if is_top(section, words) {
                made.numbering = plan.top_numbering.unwrap_or(plan.numbering);
            }
            made.entries.push(entry);
            edition.sections.insert(at, made);
        }
    }
    settle(edition);
}

/// Where a section that there is not yet begins.
fn place_for(edition: &Edition, plan: &Brief, section: &str) -> usize {
    let mut planned = plan.sections.iter().map(|plan| plan.name.as_str());
    let _ = planned.by_ref().any(|name| name == section);
    let later: Vec<&str> = planned.collect();
    let mut sections = edition.sections.iter();
    sections
        .position(|known| later.contains(&known.name.as_str()))
        .unwrap_or(edition.sections.len())
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
