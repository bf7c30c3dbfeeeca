//! What all forms of an edition say alike.

mod morning;

use morning::{brief, change, compiled, correction, day, edition, html_mail, links, one, web};
use reveille_brief::{
    compose,
    render::{self, json, markdown, text, text_mail},
};
use reveille_model::{Edition, Fate, Language, Proposed};

/// An edition in each form that a person reads.
fn forms(edition: &Edition) -> [String; 5] {
    [
        html_mail(edition, &links()),
        web(edition),
        text(edition),
        text_mail(edition, &links()),
        markdown(edition),
    ]
}

#[test]
fn a_correction_is_said_once_and_by_every_form() {
    let edition = one(|entry| entry.corrections = vec!["CORRECTION: The lake is 14 metres deep.".to_owned()]);
    for form in [
        html_mail(&edition, &links()),
        web(&edition),
        text(&edition),
        markdown(&edition),
    ] {
        assert_eq!(form.to_lowercase().matches("correction:").count(), 1, "{form}");
        assert!(form.contains("The lake is 14 metres deep."));
    }
}

#[test]
fn an_entry_without_a_summary_ends_at_its_credit_in_every_form() {
    let edition = one(|entry| (entry.summary, entry.extract) = (String::new(), None));
    let credit = "(Harbour Courier · Northern Wire)";
    for form in forms(&edition) {
        let (_, behind) = form.split_once(credit).unwrap();
        let next = behind.trim_start_matches("</span>");
        assert!(next.starts_with("</p>") || next.starts_with('\n'), "{form}");
        assert!(!form.contains('…') && !form.contains("<p></p>"), "{form}");
    }
    let value: serde_json::Value = serde_json::from_str(&json(&edition)).unwrap();
    assert_eq!(value["sections"][0]["entries"][0]["summary"], "");
    let abstracted = render::json_ld(&edition, "https://brief.example/");
    assert!(!abstracted.contains("abstract"));
}

#[test]
fn what_a_model_worded_is_marked_by_every_form() {
    for (language, mark) in [
        ("en", "Worded by AI, checked by an editor"),
        ("de", "Von KI formuliert, von der Redaktion geprüft"),
    ] {
        let mut edition = one(|entry| {
            entry.proposed = Some(Proposed {
                model: "sample-1".to_owned(),
                taken_by: "ann".to_owned(),
                at: compiled(),
            });
        });
        edition.language = language.parse::<Language>().unwrap();
        let on_one_line = |form: String| form.split_whitespace().collect::<Vec<_>>().join(" ");
        for form in forms(&edition) {
            assert_eq!(on_one_line(form).matches(mark).count(), 1, "{mark}");
        }
        edition.sections[0].entries[0].proposed = None;
        assert!(!text(&edition).contains("AI") && !web(&edition).contains(mark));
    }
}

#[test]
fn what_an_earlier_edition_had_wrong_is_said_by_every_form() {
    let mut edition = one(|_| ());
    edition.corrections = vec![correction("It was the pond.")];
    let told = "Monday, 9 March 2026, entry 3, “Lake drained”: It was the pond.";
    for form in forms(&edition) {
        assert!(form.contains(told), "{form}");
    }
}

#[test]
fn what_became_of_an_entry_is_said_by_every_form_but_mail() {
    let mut edition = edition();
    let told = [
        (
            Fate::Corrected,
            "Entry 2 was corrected after this edition went out; the correction stands there.",
        ),
        (
            Fate::Withdrawn,
            "Entry 2 was withdrawn after this edition went out.",
        ),
        (
            Fate::Withheld,
            "Entry 2 is, its writer asks, not to be relied on for now.",
        ),
        (
            Fate::Changed,
            "Entry 2 was changed at its source after this edition went out: what it says now stands there.",
        ),
    ];
    for (fate, told) in told {
        edition.changes = vec![change(fate)];
        let folded = |form: &str| form.split_whitespace().collect::<Vec<_>>().join(" ");
        for form in [text(&edition), markdown(&edition)] {
            let form = folded(&form);
            let stands = |words: &str| form.find(words);
            assert!(stands(told).unwrap() < stands(&edition.sections[0].entries[0].headline).unwrap());
        }
        let value: serde_json::Value = serde_json::from_str(&json(&edition)).unwrap();
        assert_eq!(value["changes"][0]["fate"], fate.as_str());
        assert!(!folded(&text_mail(&edition, &links())).contains(told));
        let line = &render::changes(&edition)[0];
        assert_eq!(
            (line.to_string().as_str(), line.entry.as_str()),
            (told, "Entry 2")
        );
    }
    edition.language = "de".parse().unwrap();
    assert_eq!(
        render::changes_heading(&edition),
        "Änderungen seit Erscheinen dieser Ausgabe"
    );
    assert_eq!(render::changes(&edition)[0].entry, "Meldung 2");
    edition.language = Language::english();
    // Of an entry that is gone the last change counts, with what an editor stated of it.
    let mut explained = change(Fate::Corrected);
    explained.note = Some("The  report was\ninvented.".to_owned());
    edition.changes = vec![change(Fate::Corrected), explained];
    let lines = |edition: &Edition| {
        render::changes(edition)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&edition).len(), 2);
    let key = edition.entries().nth(1).unwrap().key();
    edition.strike(key);
    assert_eq!(
        lines(&edition),
        ["Entry 2 was withdrawn after this edition went out. The report was invented."]
    );
}

#[test]
fn an_entry_that_stands_nowhere_on_the_web_is_printed_without_a_link() {
    let edition = one(|entry| entry.link = "urn:newsml:wire.example:20260310:1".parse().unwrap());
    for form in [
        text(&edition),
        markdown(&edition),
        web(&edition),
        html_mail(&edition, &links()),
    ] {
        assert!(form.contains("Island states"), "{form}");
        assert!(!form.contains("urn:") && !form.contains("](<"), "{form}");
        assert!(!form.contains("href=\"\""), "{form}");
    }
}

#[test]
fn an_empty_edition_renders_in_every_form() {
    let empty = compose(&brief(), day(), compiled(), &[], &[]);
    for form in [
        html_mail(&empty, &links()),
        web(&empty),
        text(&empty),
        markdown(&empty),
    ] {
        assert!(form.contains("0 stories"), "{form}");
    }
    assert!(json(&empty).contains("\"entries\": 0"));
}
