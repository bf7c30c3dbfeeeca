//! What is held back, and what is only pointed out.

mod morning;

use std::collections::{HashMap, HashSet};

use morning::{edition, preflight};
use reveille_brief::{Severity, Sources};
use reveille_model::{Basis, Edition, Entry, Published};

/// The findings about the first entry, or about the edition, after one change to a faultless morning.
fn after(change: impl FnOnce(&mut Edition)) -> Vec<String> {
    let mut edition = edition();
    change(&mut edition);
    preflight(&edition, &Sources::default())
        .into_iter()
        .map(|finding| {
            let entry = finding
                .entry
                .map(|number| format!(" {number}"))
                .unwrap_or_default();
            format!("{}{entry}: {}", finding.severity, finding.text)
        })
        .collect()
}

fn first(edition: &mut Edition) -> &mut Entry {
    &mut edition.sections[0].entries[0]
}

#[test]
fn a_sound_morning_has_no_findings() {
    assert_eq!(after(|_| ()), Vec::<String>::new());
}

#[test]
fn an_empty_edition_cannot_go_out() {
    let found = after(|edition| edition.sections.clear());
    assert_eq!(
        found,
        [
            "fault: The edition has no entries, so there is nothing to send. Check the sources: `reveille serve` compiles it anew until it has some, and `reveille edition compile` at once."
        ]
    );
}

#[test]
fn a_short_edition_is_pointed_out() {
    let found = after(|edition| {
        edition.sections.truncate(1);
        edition.sections[0].entries.truncate(4);
    });
    assert_eq!(
        found,
        ["warning: The edition is short: 4 of at least 5 entries. Check whether sources fail."]
    );
}

#[test]
fn what_stands_twice_is_found_at_its_second_place() {
    let found = after(|edition| {
        let link = first(edition).link.clone();
        let headline = first(edition).headline.to_uppercase();
        edition.sections[1].entries[0].link = link;
        edition.sections[1].entries[1].headline = headline;
    });
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(
        found[0],
        "fault 6: Has the same link as entry 1. Remove one of the two."
    );
    assert!(
        found[1].starts_with("warning 7: The headline is in capitals."),
        "{found:?}"
    );
    assert!(
        found[2].starts_with("warning 7: Has the same headline as entry 1."),
        "{found:?}"
    );
}

#[test]
fn faults_of_one_entry() {
    type Change = fn(&mut Entry);
    let cases: [(Change, &str); 9] = [
        (
            |entry| entry.headline = "\u{200b} …".to_owned(),
            "fault 1: Has no headline.",
        ),
        (
            |entry| entry.headline = String::new(),
            "fault 1: Has no headline.",
        ),
        (
            |entry| entry.headline = "x".repeat(201),
            "warning 1: The headline has 201 characters",
        ),
        (
            |entry| entry.summary = " ".to_owned(),
            "warning 1: Has no line of its own: readers see headline, credit and link alone.",
        ),
        (
            |entry| entry.credit.carrier = String::new(),
            "fault 1: Names nobody as its source.",
        ),
        (
            |entry| entry.summary = "Afghanistan Albania Algeria Andorra Angola".to_owned(),
            "fault 1: The summary looks like a list of countries",
        ),
        (
            |entry| entry.summary = "By giving us your email, you are opting in.".to_owned(),
            "fault 1: The summary looks like a form or a notice",
        ),
        (
            |entry| entry.summary = "You can withdraw your consent to cookies here.".to_owned(),
            "fault 1: The summary looks like a sign-up form or a consent notice",
        ),
        (
            |entry| entry.published = Some(Published::Day("2026-03-07".parse().unwrap())),
            "warning 1: Was published 53 hours before",
        ),
    ];
    for (change, expected) in cases {
        let found = after(|edition| change(first(edition)));
        assert_eq!(found.len(), 1, "{expected}: {found:?}");
        assert!(found[0].starts_with(expected), "{found:?}");
    }
}

#[test]
fn short_headlines_of_initials_are_not_shouting() {
    for headline in ["NATO-EU", "U.S.–U.K.", "北京で雪", "حكومة الجنوب تعلن خطة"] {
        assert_eq!(
            after(|edition| first(edition).headline = headline.to_owned()),
            Vec::<String>::new()
        );
    }
}

#[test]
fn faults_come_before_warnings() {
    let mut edition = edition();
    first(&mut edition).headline = "EVERYTHING IS IN CAPITALS".to_owned();
    edition.sections[1].entries[0].headline = String::new();
    let severities: Vec<Severity> = preflight(&edition, &Sources::default())
        .into_iter()
        .map(|finding| finding.severity)
        .collect();
    assert_eq!(severities, [Severity::Fault, Severity::Warning]);
}

#[test]
fn what_the_desk_wrote_must_stand_in_the_article() {
    let mut edition = edition();
    let entry = first(&mut edition);
    let source = format!("{}\n{}", entry.headline, entry.summary);
    let sources = Sources {
        texts: HashMap::from([(entry.article().unwrap(), source)]),
        ..Sources::default()
    };
    entry.extract = None;
    assert_eq!(preflight(&edition, &sources), []);
    first(&mut edition).summary = "Officials moved 98,765 tonnes to Zanthia, “nobody said”.".to_owned();
    let found = preflight(&edition, &sources);
    let faults: Vec<&str> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Fault)
        .map(|finding| finding.text.as_str())
        .collect();
    assert_eq!(
        faults,
        [
            "The summary says “98,765”, a number that the article does not have. Correct it.",
            "The summary names “Zanthia”, whom the article does not name. Correct it.",
            "The article does not say “nobody said”. Quote it word for word, or take off the quotation marks.",
        ]
    );
}

#[test]
fn what_a_reworded_headline_says_must_stand_in_the_article() {
    let mut edition = edition();
    let entry = first(&mut edition);
    let source = format!("{}\n{}", entry.headline, entry.summary);
    let sources = Sources {
        texts: HashMap::from([(entry.article().unwrap(), source)]),
        ..Sources::default()
    };
    assert_eq!(preflight(&edition, &sources), []);
    first(&mut edition).headline = "Island states led by Zanthia ask for 98 talks".to_owned();
    let found = preflight(&edition, &sources);
    let faults: Vec<&str> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Fault)
        .map(|finding| finding.text.as_str())
        .collect();
    assert_eq!(
        faults,
        ["The headline says “98”, a number that the article does not have. Correct it."]
    );
    // A desk may know a name that the article spells otherwise.
    let word = "The article does not have the word “Zanthia”. Check that it is not a wrong name.";
    assert!(
        found
            .iter()
            .any(|finding| finding.severity == Severity::Warning && finding.text == word),
        "{found:?}"
    );
    // Where every word has a capital, none of them is a name for that.
    first(&mut edition).headline = "Island States Want New Meetings on Fishing Grounds".to_owned();
    let found = preflight(&edition, &sources);
    assert!(
        !found.is_empty() && found.iter().all(|finding| finding.severity == Severity::Warning),
        "{found:?}"
    );
}

#[test]
fn an_entry_leads_to_its_story_and_names_who_carries_it() {
    let mut edition = edition();
    let (article, own) = (
        first(&mut edition).article().unwrap(),
        first(&mut edition).link.clone(),
    );
    let copy = "https://copy.example/story".parse().unwrap();
    let places = vec![
        (own, first(&mut edition).credit.carrier.clone()),
        (copy, "The Copy".to_owned()),
    ];
    let sources = Sources {
        places: HashMap::from([(article, places)]),
        ..Sources::default()
    };
    let mut after = |link: &str, carrier: &str| {
        first(&mut edition).link = link.parse().unwrap();
        first(&mut edition).credit.carrier = carrier.to_owned();
        let found = preflight(&edition, &sources);
        let words = |finding: &reveille_brief::Finding| format!("{}: {}", finding.severity, finding.text);
        found.iter().map(words).collect::<Vec<_>>()
    };
    assert_eq!(after("https://copy.example/story?page=2", "The Copy"), [""; 0]);
    assert_eq!(
        after("https://copy.example/story", "Harbour Courier"),
        [
            "warning: Names “Harbour Courier” as its source, and what it links is carried by The Copy. Check which is right."
        ]
    );
    assert_eq!(
        after("https://elsewhere.example/", "Harbour Courier"),
        [
            "warning: Leads to elsewhere.example, where none of the story's articles stands. Check that it is the right page."
        ]
    );
    assert_eq!(
        after("javascript:alert(1)", "Harbour Courier"),
        [
            "fault: Nobody can follow “javascript:alert(1)”, which is no web address. Link the article's page, or remove the \
             entry."
        ]
    );
}

#[test]
fn a_message_that_stands_nowhere_on_the_web_has_its_name_in_the_links_place() {
    let mut edition = edition();
    let name: reveille_model::Uri = "urn:x-wire:northern:1".parse().unwrap();
    first(&mut edition).link = name.clone();
    let places = vec![(name, "Harbour Courier".to_owned())];
    let sources = Sources {
        places: HashMap::from([(first(&mut edition).article().unwrap(), places)]),
        ..Sources::default()
    };
    assert_eq!(preflight(&edition, &sources), []);
}

#[test]
fn a_heading_has_words() {
    let found = after(|edition| edition.sections[1].name = " ".to_owned());
    assert_eq!(
        found,
        ["fault 6: The section that begins here has no name. Name it, or move its entries to another one."]
    );
}

#[test]
fn a_page_that_is_gone_is_pointed_out() {
    let mut edition = edition();
    let sources = Sources {
        gone: HashSet::from([first(&mut edition).article().unwrap()]),
        ..Sources::default()
    };
    let found = preflight(&edition, &sources);
    assert_eq!(found[0].severity, Severity::Warning);
    assert!(
        found[0].text.starts_with("Its page was not there"),
        "{}",
        found[0].text
    );
}

#[test]
fn the_masthead_is_of_the_day_or_of_the_next() {
    let edition = edition();
    let on = |today: &str| {
        let sources = Sources {
            today: today.parse().ok(),
            ..Sources::default()
        };
        let found = preflight(&edition, &sources);
        found.into_iter().map(|finding| finding.text).collect::<String>()
    };
    assert_eq!(
        (on("2026-03-09"), on("2026-03-10")),
        (String::new(), String::new())
    );
    assert!(on("2026-03-08").ends_with("Compile today's instead."));
    // After an outage it is still that day for some.
    assert!(on("2026-03-11").contains("readers to the west"));
    assert!(on("2026-03-12").ends_with("Compile today's instead."));
}

#[test]
fn after_days_without_an_edition_older_news_is_news() {
    let mut edition = edition();
    let seventy_hours = edition.compiled.plus(-70 * 3_600_000);
    first(&mut edition).published = Some(Published::Instant(seventy_hours));
    let after = |rest_days| {
        let sources = Sources {
            rest_days,
            ..Sources::default()
        };
        preflight(&edition, &sources).len()
    };
    assert_eq!((after(0), after(2)), (1, 0));
}

#[test]
fn what_was_paid_for_is_marked() {
    let paid = |entry: &mut Entry| entry.link = "https://herald.example/sponsored/beds".parse().unwrap();
    assert_eq!(
        after(|edition| paid(first(edition))),
        ["fault 1: Its link says that it was paid for. Mark it “Sponsored”, or remove the entry."]
    );
    let marked = after(|edition| {
        paid(first(edition));
        first(edition).marks.push("Sponsored".to_owned());
    });
    assert_eq!(marked, Vec::<String>::new());
    let about =
        after(|edition| first(edition).link = "https://herald.example/who-sponsored-it".parse().unwrap());
    assert_eq!(about, Vec::<String>::new());
}

#[test]
fn a_story_stands_once() {
    let found = after(|edition| {
        let told = edition.sections[0].entries[0].story().unwrap();
        if let Basis::Story { story, .. } = &mut edition.sections[1].entries[0].basis {
            *story = told;
        }
    });
    assert_eq!(
        found,
        ["fault 6: Tells the same story as entry 1. Remove one of the two."]
    );
}

#[test]
fn a_name_is_spelled_one_way() {
    let found = after(|edition| {
        edition.sections[0].entries[0].headline = "Talks with Zelensky go on".to_owned();
        edition.sections[0].entries[1].headline = "Talks with Zelenskyy end".to_owned();
    });
    assert_eq!(
        found,
        [
            "warning 2: Spells “Zelenskyy” what is “Zelensky” in entry 1. If it is the same name, spell it alike."
        ]
    );
}

#[test]
fn a_mail_that_would_be_cut_off_is_held_back() {
    let found = after(|edition| {
        let summary = "Much was said about it. ".repeat(5000);
        first(edition).summary = summary;
    });
    assert!(found[0].starts_with("fault: The mail has 13"), "{found:?}");
}
