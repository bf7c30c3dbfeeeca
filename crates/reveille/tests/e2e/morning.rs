//! The sample morning: what was planted in it must come out right.

use reveille_testkit::postgres;
use serde_json::Value;

use crate::program::{Folder, without_ports};

/// The edition's entries, as `edition show --format json` has them.
fn entries(folder: &Folder, store: &str) -> Vec<Value> {
    let store = format!("store.url={store}");
    let json = folder.ok(&[
        "--set",
        &store,
        "edition",
        "show",
        "--day",
        "2026-03-10",
        "--format",
        "json",
    ]);
    let edition: Value = serde_json::from_str(&json).unwrap();
    let sections = edition["sections"].as_array().unwrap();
    sections
        .iter()
        .flat_map(|section| section["entries"].as_array().unwrap().clone())
        .collect()
}

fn about<'a>(entries: &'a [Value], words: &[&str]) -> Vec<&'a Value> {
    let holds = |entry: &&Value| {
        let text = format!("{} {}", entry["headline"], entry["summary"]).to_lowercase();
        words.iter().all(|word| text.contains(word))
    };
    entries.iter().filter(holds).collect()
}

#[test]
fn the_demo_ends_with_an_edition_in_every_inbox() {
    let folder = Folder::new();
    let out = folder.demo(&[]);
    let tally = out.lines().last().unwrap();
    assert!(tally.starts_with("12 sources, 60 articles, "), "{tally}");
    assert!(tally.ends_with(", 9 messages accepted"), "{tally}");
    let boxes = folder.mailboxes();
    assert_eq!(boxes.len(), 9, "{boxes:?}");
    assert!(boxes.iter().all(|(_, messages)| *messages == 1), "{boxes:?}");
}

#[test]
fn six_copies_of_a_wire_story_are_one_entry_that_credits_the_agency() {
    let folder = Folder::new();
    folder.demo(&[]);
    let entries = entries(&folder, "sqlite:reveille.db");
    let talks = about(&entries, &["talks", "strait"]);
    assert_eq!(talks.len(), 1, "{talks:#?}");
    assert_eq!(talks[0]["credit"]["original"], "Northern Wire");
    assert_eq!(
        talks[0]["also_in"].as_array().unwrap().len(),
        5,
        "{:#?}",
        talks[0]
    );
    let evidence = talks[0]["evidence"].to_string();
    assert!(
        evidence.contains("Northern Wire") || evidence.contains("(NW)"),
        "{evidence}"
    );
    assert!(
        evidence.matches("five-word runs stand in").count() >= 5,
        "each copy is shown to be one: {evidence}"
    );

    let rate = about(&entries, &["tresse", "bank"]);
    assert_eq!(rate.len(), 1, "{rate:#?}");
    assert_eq!(rate[0]["credit"]["original"], "Continental Press Agency");

    // Whose carrier wrote the text itself credits nobody else, and its copies are explained all the same.
    let worms = about(&entries, &["worms", "tide"]);
    let (original, evidence) = (&worms[0]["credit"]["original"], worms[0]["evidence"].to_string());
    assert!(original.is_null(), "{original}");
    assert!(
        evidence.contains("republished") && evidence.contains("five-word runs"),
        "{evidence}"
    );
}

#[test]
fn what_stands_on_a_page_beside_its_article_never_reaches_the_edition() {
    let folder = Folder::new();
    let out = folder.demo(&[]).to_lowercase();
    for planted in [
        "afghanistan",
        "opting in",
        "select a country",
        "subscribe",
        "cookie",
        "read more",
        "related",
    ] {
        assert!(!out.contains(planted), "{planted}");
    }
    // The windows-1252 page came out in good German, the correction is stated, the kinds are marked.
    for kept in ["brückenau", "correction: this article was amended", "[opinion]"] {
        assert!(out.contains(kept), "{kept} is missing from\n{out}");
    }
}

#[test]
fn postgresql_makes_the_same_morning() {
    let sqlite = Folder::new();
    let expected = without_ports(&sqlite.demo(&[]));
    let server = postgres::url().unwrap();
    let name = format!("morning_{}", std::process::id());
    let url = postgres::create_database(server, &name).unwrap();
    let folder = Folder::new();
    let out = without_ports(&folder.demo(&["--set", &format!("store.url={url}")]));
    postgres::drop_database(&url);
    assert_eq!(out, expected);
}

#[test]
fn events_that_share_a_place_or_a_form_but_nothing_else_stand_apart() {
    let folder = Folder::new();
    folder.demo(&[]);
    let entries = entries(&folder, "sqlite:reveille.db");
    for words in [
        ["tresse", "election"],
        ["tresse", "bank"],
        ["harbour city", "marathon"],
        ["moths", "wings"],
        ["brannock", "rovers"],
        ["brannock", "steel"],
        ["kaldland", "talks"],
        ["kaldland", "earthquake"],
        ["met notice", "wind"],
        ["met notice", "rain"],
    ] {
        assert_eq!(about(&entries, &words).len(), 1, "{words:?}");
    }
}
