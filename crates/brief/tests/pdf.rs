//! An edition for print. What the pages look like is for eyes: `cargo run -p reveille-brief --example sample -- FOLDER`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod morning;

use std::collections::BTreeSet;

use morning::{brief, change, compiled, day, edition, fill, one};
use proptest::prelude::*;
use reveille_brief::{
    compose,
    render::{Face, Pdf, pdf},
};
use reveille_model::{Edition, Entry, Fate};

const JAPANESE: &str = "見本市は十日、古い橋を六月に閉鎖すると発表した。";

fn printed(edition: &Edition) -> Pdf {
    pdf(edition, |_| Vec::new()).unwrap()
}

/// How often something stands in the parts of the file that are not packed: its structure, links and outline.
fn count(pdf: &Pdf, what: &str) -> usize {
    let bytes = pdf.bytes.windows(what.len());
    bytes.filter(|window| *window == what.as_bytes()).count()
}

/// As texts stand in the file: UTF-16, in hexadecimal digits.
fn written(text: &str) -> String {
    text.encode_utf16().map(|unit| format!("{unit:04X}")).collect()
}

#[test]
fn the_document_says_what_it_is_and_embeds_what_it_needs() {
    let pdf = printed(&edition());
    assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
    assert!(pdf.unset.is_empty());
    for part in [
        "<pdfuaid:part>1<",
        "/MarkInfo",
        "/Lang(ar)",
        "/Lang(de)",
        "/DisplayDocTitle true",
    ] {
        assert!(count(&pdf, part) > 0, "{part}");
    }
    // Headings, small text, our labels, and both weights of Arabic.
    assert_eq!(count(&pdf, "/FontFile2"), 5);
    assert_eq!(count(&pdf, "/Type/Font/Subtype/Type0"), 5);
    assert_eq!(pdf, printed(&edition()), "the same edition makes the same bytes");
}

#[test]
fn each_entry_is_indexed_tagged_linked_and_in_the_outline() {
    let edition = edition();
    let pdf = printed(&edition);
    let (entries, sections) = (edition.entries().count(), edition.sections.len());
    assert_eq!(count(&pdf, "/S/TOCI"), entries);
    assert_eq!(count(&pdf, "/S/LI"), entries);
    assert_eq!(count(&pdf, "/S/H3"), entries);
    assert_eq!(count(&pdf, "/S/H2"), sections);
    assert_eq!(count(&pdf, "/S/URI/URI(https://"), entries);
    assert_eq!(count(&pdf, "/Contents(To entry "), entries);
    assert_eq!(
        count(&pdf, "/Title(15 Town gives its last phone box to a beekeeper)"),
        1
    );
}

#[test]
fn what_became_of_an_entry_is_a_paragraph_of_the_index() {
    let mut edition = edition();
    let before = printed(&edition);
    edition.changes = vec![change(Fate::Withdrawn)];
    let after = printed(&edition);
    assert_eq!(count(&after, "/S/P/"), count(&before, "/S/P/") + 1);
}

#[test]
fn what_runs_from_the_right_is_told_in_the_order_in_which_it_is_read() {
    let pdf = printed(&edition());
    assert!(count(&pdf, &format!("/ActualText<FEFF{}", written("الحكومة تعلن"))) > 0);
    let arabic = one(|entry| entry.headline = "الحكومة تعلن خطة".to_owned());
    assert_eq!(count(&printed(&arabic), "/Direction/R2L"), 1);
}

#[test]
fn signs_without_a_face_are_told_and_set_once_there_is_one() {
    let edition = one(|entry| entry.headline = JAPANESE.to_owned());
    let without = printed(&edition);
    assert_eq!(without.unset, JAPANESE.chars().collect());
    let others = |signs: &BTreeSet<char>| {
        assert_eq!(*signs, without.unset);
        let face = Face::new(include_bytes!("fonts/DroidSansFallback.ttf").to_vec(), 0);
        Vec::from_iter(face)
    };
    let with = pdf(&edition, others).unwrap();
    assert!(with.unset.is_empty());
    assert_eq!(count(&with, "/FontFile2"), count(&without, "/FontFile2") + 1);
}

#[test]
fn pictures_are_left_out_without_a_word() {
    let edition = one(|entry| entry.headline = "🚨 Dam breaks 👩‍👩‍👧‍👦 ⚠️".to_owned());
    assert!(printed(&edition).unset.is_empty());
}

#[test]
fn an_entry_without_a_web_address_is_printed_without_a_link() {
    let edition = one(|entry| entry.link = "urn:newsml:wire.example:20260310:1".parse().unwrap());
    assert_eq!(count(&printed(&edition), "/S/URI"), 0);
}

#[test]
fn empty_and_endless_editions_are_printed() {
    assert_eq!(
        count(
            &printed(&compose(&brief(), day(), compiled(), &[], &[])),
            "/Type/Page/"
        ),
        1
    );
    let mut long = one(|entry| fill(entry, &"endless".repeat(200)));
    let entry = long.sections[0].entries[0].clone();
    long.sections[0].entries = (1..=3)
        .map(|number| Entry {
            number,
            ..entry.clone()
        })
        .collect();
    assert!(count(&printed(&long), "/Type/Page/") > 2);
}

#[test]
fn nothing_to_read_is_printed_too() {
    let mut edition = one(|entry| fill(entry, ""));
    edition.name.clear();
    edition.sections[0].name.clear();
    assert_eq!(count(&printed(&edition), "/S/LI"), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_is_printed(words in "\\PC{0,60}|(\\s|.){0,60}|[\u{590}-\u{8ff}\u{200b}-\u{206f}\u{300}-\u{30c} a\u{0}\u{feff}\u{fffe}]{0,40}") {
        let mut edition = one(|entry| fill(entry, &words));
        edition.name.clone_from(&words);
        edition.sections[0].name = words;
        prop_assert!(pdf(&edition, |_| Vec::new()).is_ok());
    }
}
