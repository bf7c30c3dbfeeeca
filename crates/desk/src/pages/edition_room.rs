//! The stories for which an edition had no room when it was compiled, and whether it has by now.

use std::collections::HashSet;

use reveille_model::SectionKind;

use super::edition_edit::Subject;

/// A story that had no room.
pub(super) struct NoRoom<'a> {
    pub(super) headline: &'a str,
    pub(super) section: &'a str,
    /// What there is to its section by now.
    pub(super) now: String,
}

/// Those that nobody has put in since, nor dropped again.
pub(super) fn no_room(on: &Subject) -> Vec<NoRoom<'_>> {
    let edition = &on.stored.edition;
    let dropped = edition.dropped.iter().map(|dropped| &dropped.entry);
    let seen: HashSet<&str> = edition
        .entries()
        .chain(dropped)
        .map(|entry| &*entry.headline)
        .collect();
    let left = edition
        .left_out
        .iter()
        .filter(|left| !seen.contains(&*left.headline));
    let told = left.map(|left| NoRoom {
        headline: &left.headline,
        section: &left.section,
        now: now(on, &left.section),
    });
    told.collect()
}

/// How many entries a section holds, and has room for by the plan.
fn now(on: &Subject, section: &str) -> String {
    let filed = on
        .stored
        .edition
        .sections
        .iter()
        .find(|filed| filed.name == section);
    let held = filed.map_or(0, |filed| filed.entries.len());
    let Some(plan) = &on.plan else {
        return format!("it holds {held}");
    };
    let planned = plan.sections.iter().find(|planned| planned.name == section);
    let of_event = filed.is_some_and(|filed| filed.kind == SectionKind::Event);
    match planned
        .map(|planned| planned.limit)
        .or(of_event.then_some(plan.events.limit))
    {
        None => "no section of the plan any more".to_owned(),
        Some(limit) if held < limit => format!("room for {} more by now", limit - held),
        Some(limit) => format!("full, with {held} of {limit} at most"),
    }
}
