//! What an editor does to the order of an edition, and to what its checks found.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod morning;

use std::collections::HashMap;

use morning::{brief, candidates, edition, html_mail, own, preflight, web};
use reveille_brief::{
    Severity, Sources, Way, edit, entry_of, left_out, own_entry,
    render::{self, Links},
};
use reveille_model::{Check, Edition, EntryKey, EntryKind, Overruled};

/// The numbers that the entries had before, in the order in which they stand now, section by section.
fn order(edition: &Edition, before: &Edition) -> String {
    let number = |key: EntryKey| before.entry(key).map_or(0, |entry| entry.number);
    let section = |section: &reveille_model::Section| {
        let numbers: Vec<String> = section
            .entries
            .iter()
            .map(|entry| number(entry.key()).to_string())
            .collect();
        format!("{} {}", section.name, numbers.join(" "))
    };
    edition
        .sections
        .iter()
        .map(section)
        .collect::<Vec<_>>()
        .join(" / ")
}

fn key(edition: &Edition, number: usize) -> EntryKey {
    let mut entries = edition.entries();
    entries.find(|entry| entry.number == number).unwrap().key()
}

#[test]
fn entries_are_moved_filed_dropped_and_taken_back_and_all_else_follows() {
    let before = edition();
    let mut edition = before.clone();
    let first = key(&before, 1);
    let start = order(&before, &before);
    assert!(start.starts_with("Top Five 1 2 3 4 5 / "), "{start}");
    assert!(
        !edit::shift(&mut edition, first, Way::Up),
        "there is no place further up"
    );
    assert!(edit::shift(&mut edition, first, Way::Down));
    assert!(order(&edition, &before).starts_with("Top Five 2 1 3 4 5 / "));
    assert!(edit::shift(&mut edition, key(&before, 5), Way::Down));
    let moved = order(&edition, &before);
    let second = &before.sections[1].name;
    assert!(
        moved.starts_with(&format!("Top Four 2 1 3 4 / {second} 5 6")),
        "{moved}"
    );
    let numbers: Vec<usize> = edition.entries().map(|entry| entry.number).collect();
    assert_eq!(numbers, (1..=before.entries().count()).collect::<Vec<_>>());

    assert!(edit::drop(&mut edition, first));
    assert!(order(&edition, &before).starts_with("Top Three 2 3 4 / "));
    assert!(!edit::drop(&mut edition, first), "it is gone");
    assert_eq!(edition.dropped[0].section, "Top Four");
    assert!(edit::take_back(&mut edition, &brief(), first));
    assert!(
        order(&edition, &before).starts_with("Top Four 2 3 4 1 / "),
        "to the first section, whatever that is called by now"
    );
    assert!(edition.dropped.is_empty());
    assert!(edit::file(&mut edition, &brief(), first, "Calendar"));
    assert!(order(&edition, &before).ends_with(" / Calendar 1"));
    assert!(!edit::take_back(&mut edition, &brief(), first));
}

#[test]
fn a_section_goes_with_its_last_entry() {
    let before = edition();
    let mut edition = before.clone();
    for number in 1..=5 {
        assert!(edit::drop(&mut edition, key(&before, number)));
    }
    assert_eq!(edition.sections[0].name, before.sections[1].name);
}

#[test]
fn what_was_left_out_is_listed_with_why_and_told_where_an_editor_wants_it() {
    let mut brief = brief();
    for section in &mut brief.sections {
        section.limit = 1;
    }
    let candidates = candidates();
    let mut edition = reveille_brief::compose(&brief, morning::day(), morning::compiled(), &candidates, &[]);
    let first = key(&edition, 1);
    assert!(edit::drop(&mut edition, first));
    let left = left_out(&brief, &edition, &candidates);
    assert_eq!(left.len() + edition.entries().count(), candidates.len());
    assert_eq!(left[0].why, "An editor dropped it.");
    assert!(
        left.iter()
            .any(|story| story.why.ends_with("was full, of stories that rank higher.")),
        "{left:?}"
    );
    let wanted = candidates
        .iter()
        .find(|candidate| candidate.story == left[1].story)
        .unwrap();
    let entry = entry_of(wanted, &edition);
    assert_eq!(entry.story(), Some(left[1].story));
    edit::put(&mut edition, &brief, "World", entry);
    assert_eq!(left_out(&brief, &edition, &candidates).len(), left.len() - 1);
}

#[test]
fn what_is_no_news_is_labelled_in_every_form() {
    for (kind, label) in [
        (EntryKind::Opinion, "Opinion"),
        (EntryKind::Sponsored, "Sponsored"),
        (EntryKind::Appointment, "Appointment"),
        (EntryKind::Note, "From the editors"),
    ] {
        let mut edition = edition();
        let entry = own_entry(&edition, own(kind, "Boats for all", None));
        edit::put(&mut edition, &brief(), "Calendar", entry);
        assert_eq!(preflight(&edition, &Sources::default()), [], "{label}");
        let number = edition.entries().count();
        let mail = html_mail(&edition, &Links::default());
        assert!(mail.contains(&format!(">{label}.</b>")), "{label}");
        assert!(web(&edition).contains(&format!(">{label}.</span>")), "{label}");
        let text = render::text(&edition);
        assert!(
            text.contains(&format!("{number}. Boats for all [{label}]")),
            "{text}"
        );
        assert!(!text.contains("urn:"), "it has no link: {text}");
        let flowed = render::text_mail(&edition, &Links::default());
        assert!(flowed.contains(&format!("Boats for all [{label}]")), "{flowed}");
        assert!(render::markdown(&edition).contains(&format!("**Boats for all** · {label}")));
    }
}

#[test]
fn a_desks_own_line_is_compared_with_nothing_and_needs_a_credit_all_the_same() {
    let mut edition = edition();
    let mut written = own(
        EntryKind::News,
        "Boats for all",
        Some("https://quay.example/boats"),
    );
    written.carrier = String::new();
    let entry = own_entry(&edition, written);
    let (one, two) = (
        entry.clone(),
        own_entry(&edition, own(EntryKind::Note, "A word", None)),
    );
    assert_eq!(one.key(), two.key(), "none of them is in the edition yet");
    edit::put(&mut edition, &brief(), "Calendar", one);
    let two = own_entry(&edition, own(EntryKind::Note, "A word", None));
    assert_eq!(two.key(), EntryKey::Own(2));
    let found = preflight(&edition, &Sources::default());
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].text.starts_with("Names nobody as its source"),
        "{found:?}"
    );
}

#[test]
fn what_an_editor_lets_stand_is_said_and_bars_nothing_and_all_else_does() {
    let mut edition = edition();
    let entry = &mut edition.sections[0].entries[0];
    let source = format!("{}\n{}", entry.headline, entry.summary);
    let sources = Sources {
        texts: HashMap::from([(entry.article().unwrap(), source)]),
        ..Sources::default()
    };
    entry.extract = None;
    entry.summary = "Officials moved 98,765 tonnes and 12,345 boats.".to_owned();
    entry.overruled.push(Overruled {
        check: Check::Numbers,
        said: "98,765".to_owned(),
        by: "Ann".to_owned(),
        at: morning::compiled(),
    });
    let found = preflight(&edition, &sources);
    let faults: Vec<&str> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Fault)
        .map(|finding| &*finding.compared.as_ref().unwrap().said)
        .collect();
    assert_eq!(faults, ["12,345"], "{found:?}");
    assert!(
        found
            .iter()
            .any(|finding| finding.text.starts_with("Ann lets “98,765” stand")),
        "{found:?}"
    );
    edition.sections[0].entries[0].credit.carrier = String::new();
    let credit = preflight(&edition, &sources);
    let credit = credit
        .iter()
        .find(|finding| finding.text.contains("Names nobody"))
        .unwrap();
    assert_eq!((credit.severity, &credit.compared), (Severity::Fault, &None));
}

#[test]
fn a_line_is_compared_by_what_its_language_shares_with_the_articles() {
    let mut edition = edition();
    let entry = &mut edition.sections[0].entries[0];
    let article = entry.article().unwrap();
    let sources = Sources {
        texts: HashMap::from([(
            article,
            "The toll brings 1,200,000 crowns, 0.25 percent more.".to_owned(),
        )]),
        languages: HashMap::from([(article, "en".parse().unwrap())]),
        ..Sources::default()
    };
    entry.extract = None;
    entry.language = "de".parse().ok();
    entry.headline = "Maut bringt Millionen Kronen".to_owned();
    entry.summary = "Die Maut bringt 1.200.000 Kronen, 0,25 Prozent mehr.".to_owned();
    assert_eq!(preflight(&edition, &sources), []);
    edition.sections[0].entries[0].summary = "Die Maut bringt 1.300.000 Kronen.".to_owned();
    let found = preflight(&edition, &sources);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].severity, Severity::Fault);
}
