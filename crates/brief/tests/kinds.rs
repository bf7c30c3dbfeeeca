//! Sections of one kind, and entries that readers cannot tell by a number.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod morning;

use morning::{
    all_kinds, brief, candidates, change, compiled, correction, day, html_mail, links, own, preflight, web,
};
use reveille_brief::{
    Sources, Way, compose, edit, own_entry, preflight as looked_over,
    render::{self, Form, Templates, epub, subject, text, text_mail},
};
use reveille_model::{
    Edition, EntryKey, EntryKind, Fate, Follows, Numbering, Section, SectionKind, SectionPlan, Sponsor,
};

fn section<'e>(edition: &'e Edition, name: &str) -> &'e Section {
    edition
        .sections
        .iter()
        .find(|section| section.name == name)
        .unwrap()
}

fn headlines(edition: &Edition, name: &str) -> Vec<String> {
    let entries = section(edition, name).entries.iter();
    entries.map(|entry| entry.headline.clone()).collect()
}

fn findings(edition: &Edition) -> Vec<String> {
    let found = preflight(edition, &Sources::default()).into_iter();
    found.map(|finding| finding.text).collect()
}

#[test]
fn each_kind_stands_where_the_plan_has_it_and_takes_what_it_is_for() {
    let edition = all_kinds();
    let names: Vec<&str> = edition.sections.iter().map(|section| &*section.name).collect();
    assert_eq!(
        names,
        ["Top Three", "Today", "Views", "Elsewhere", "From our sponsors"]
    );
    assert_eq!(section(&edition, "Today").kind, SectionKind::Calendar);
    assert_eq!(section(&edition, "Today").numbering, Numbering::None);
    let views = section(&edition, "Views");
    assert!(views.entries.iter().all(|entry| entry.marks == ["Opinion"]));
    assert_eq!(findings(&edition), Vec::<String>::new());
    // What counts on has the first numbers, so that these are printed there.
    let numbers: Vec<usize> = edition.entries().map(|entry| entry.number).collect();
    assert_eq!(numbers, [4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 3, 12]);
}

#[test]
fn a_plan_without_such_sections_says_and_prints_what_it_did() {
    let (plan, edition) = (brief(), compose(&brief(), day(), compiled(), &candidates(), &[]));
    let said = serde_json::to_string(&(plan, &edition)).unwrap();
    for key in ["numbering", "\"kind\":\"opinion\"", "\"at\":", "by_headline"] {
        assert!(!said.contains(key), "{key}");
    }
    assert!(edition.entries().all(|entry| edition.is_quotable(entry.number)));
}

#[test]
fn commentary_goes_to_its_section_alone_and_nothing_else_does() {
    let mut plan = brief();
    plan.sections = ["Views", "Elsewhere"]
        .map(|name| SectionPlan {
            name: name.to_owned(),
            ..SectionPlan::default()
        })
        .to_vec();
    plan.sections[0].kind = SectionKind::Opinion;
    plan.sections[0].keywords = vec!["clocks".to_owned()];
    let edition = compose(&plan, day(), compiled(), &candidates(), &[]);
    assert_eq!(
        headlines(&edition, "Views"),
        ["The clocks should stay where they are"]
    );
}

#[test]
fn what_stands_in_the_wrong_section_is_a_fault() {
    for (name, held) in [
        ("Today", "which holds appointments and nothing else"),
        ("Views", "which holds commentary and nothing else"),
        (
            "From our sponsors",
            "which holds what is labelled as paid for and nothing else",
        ),
    ] {
        let mut edition = all_kinds();
        let news = edition.sections[0].entries[0].key();
        assert!(edit::file(&mut edition, &brief(), news, name));
        let found = findings(&edition);
        assert!(found.len() == 1 && found[0].contains(held), "{found:?}");
    }
}

#[test]
fn the_days_calendar_is_in_order_of_time() {
    let mut edition = all_kinds();
    let today = [
        "The market opens for the season",
        "The statistics office tells of February's prices",
        "The port council meets",
    ];
    assert_eq!(headlines(&edition, "Today"), today);
    assert!(
        !edit::shift(&mut edition, EntryKey::Own(1), Way::Up),
        "time holds it"
    );
    assert_eq!(headlines(&edition, "Today"), today);
    assert!(
        edit::shift(&mut edition, EntryKey::Own(1), Way::Down),
        "to the next section"
    );
    let text = text(&all_kinds());
    assert!(
        text.contains("    14:30 The port council meets [Harbour Hall]\n"),
        "{text}"
    );
    assert!(text.contains("· Times: UTC\n"), "{text}");
}

#[test]
fn stories_are_counted_and_neither_appointments_nor_what_was_paid_for() {
    assert_eq!(all_kinds().entries().count(), 12);
    assert!(text(&all_kinds()).contains("\n8 stories, about 1 minute"));
}

#[test]
fn numbers_that_say_nothing_are_not_said() {
    let mut edition = all_kinds();
    assert!(
        web(&edition).contains("<li class=\"entry\" id=\"entry-9\">"),
        "no number in the calendar"
    );
    edition.changes = vec![change(Fate::Withheld)];
    edition.changes[0].number = 1;
    edition.changes[0].headline = edition.sections[3].entries[0].headline.clone();
    let told = text(&edition);
    // The first of three that have the number 1.
    assert!(
        told.contains("“Treaty on sea cables comes into force” is, its writer asks,"),
        "{told}"
    );
    let treaty = edition.sections[3].entries[0].clone();
    let mail = render::correction(&edition, &treaty, &links());
    assert!(
        mail.contains("This is \nthe entry, with its correction:"),
        "{mail}"
    );
    let wrong = reveille_model::Correction {
        by_headline: true,
        ..correction("It was the pond.")
    };
    edition.corrections = vec![wrong];
    assert!(text(&edition).contains("Monday, 9 March 2026, “Lake drained”: It was the pond."));
    assert_eq!(
        edition.name_of(1),
        "“Treaty on sea cables comes into force” under Elsewhere"
    );
    let twin = edition.sections[3].entries[0].link.clone();
    edition.sections[0].entries[0].link = twin;
    let found = findings(&edition).join("\n");
    assert!(
        found.contains("as “Island states ask for new talks on fishing grounds” under Top Three."),
        "{found}"
    );
}

#[test]
fn printed_numbers_stay_when_an_entry_is_struck() {
    let mut edition = all_kinds();
    let first = edition.entries().next().unwrap().key();
    edition.strike(first);
    let printed = section(&edition, "Top Three").numbered();
    assert_eq!(
        printed.map(|(number, _)| number.unwrap()).collect::<Vec<_>>(),
        [2, 3]
    );
}

#[test]
fn what_carries_on_an_entry_without_a_number_of_its_own_names_it() {
    let mut night = candidates();
    night[0].follows = Some(Follows {
        day: day().yesterday(),
        number: 3,
        headline: Some("Lake drained".to_owned()),
    });
    let edition = compose(&brief(), day(), compiled(), &night, &[]);
    let marks = &edition.entries().next().unwrap().marks;
    assert_eq!(marks, &["Follows Monday's “Lake drained”"]);
}

#[test]
fn no_inbox_is_shown_what_was_paid_for_before_the_stories() {
    let mut edition = all_kinds();
    let paid = edition
        .sections
        .iter()
        .position(|section| section.kind == SectionKind::Sponsored);
    let paid = edition.sections.remove(paid.unwrap());
    let headline = paid.entries[0].headline.clone();
    edition.sections.insert(0, paid);
    assert_eq!(edition.entries().next().unwrap().headline, headline);
    assert!(!subject(&edition).contains(&headline), "{}", subject(&edition));
    // What an inbox shows behind the subject stands before all else in the mail.
    let mail = html_mail(&edition, &links());
    let second = &edition.telling().nth(1).unwrap().headline;
    assert!(mail.find(second.as_str()) < mail.find(&headline), "{mail}");
    edition.sections.truncate(1);
    assert!(subject(&edition).contains(&headline));
}

#[test]
fn every_form_holds_every_section() {
    let edition = all_kinds();
    let mail = text_mail(&edition, &links());
    assert!(mail.contains("\nRopes for every boat [Sponsored]\n"), "{mail}");
    assert!(web(&edition).contains("<a href=\"https://ropes.example/spring\" rel=\"sponsored\">"));
    assert!(epub(&edition, "https://brief.example/morning/2026-03-10").is_ok());
    assert!(render::pdf(&edition, |_| Vec::new()).is_ok());
    assert_eq!(render::from_json(&render::json(&edition)).unwrap(), edition);
}

#[test]
fn a_template_that_does_not_say_who_paid_blocks_the_edition() {
    let mut edition = compose(&brief(), day(), compiled(), &candidates(), &[]);
    edition.front.sponsor = Some(Sponsor {
        name: "Sponsored Pages".to_owned(),
        text: "Sponsored since 1871.".to_owned(),
        link: None,
    });
    let faults = |edition: &Edition, template: &str| {
        let mut templates = Templates::built_in();
        templates.replace(None, Form::Mail, template.to_owned()).unwrap();
        looked_over(edition, &Sources::default(), &templates).len()
    };
    let ours = Form::Mail.built_in();
    assert_eq!(faults(&edition, ours), 0);
    let silent = ours.replace("<b>{{ words.marks.sponsored }}:</b>", "");
    assert_eq!(
        faults(&edition, &silent),
        1,
        "the sponsor's own words are no label"
    );
    // One that has no place for a sponsor sells none.
    let without = silent.replace("{{ sponsor.text }}", "");
    assert_eq!(faults(&edition, &without), 0);
    let paid = own_entry(&edition, own(EntryKind::Sponsored, "Sponsored boats", None));
    edition.front.sponsor = None;
    edit::put(&mut edition, &brief(), "World", paid);
    assert_eq!(faults(&edition, ours), 0);
    assert_eq!(faults(&edition, &ours.replace("{{ entry.marks }}", "")), 1);
}

#[test]
fn a_plan_names_kinds_and_numberings_by_their_words() {
    let read = |key: &str, word: &str| {
        let plan = serde_json::json!({ "name": "Views", key: word });
        serde_json::from_value::<SectionPlan>(plan).map_err(|error| error.to_string())
    };
    assert_eq!(read("kind", "calendar").unwrap().kind, SectionKind::Calendar);
    assert_eq!(read("numbering", "own").unwrap().numbering, Some(Numbering::Own));
    let error = read("kind", "event").unwrap_err();
    assert!(
        error.starts_with(
            "`event` is not a kind of section (expected one of: standing, sponsored, opinion, calendar)"
        ),
        "{error}"
    );
    assert!(read("numbering", "roman").is_err());
}
