//! An edition as a book.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod morning;

use morning::{all_kinds, change, correction, edition, files, fill, one, web};
use reveille_brief::render::epub;
use reveille_model::{Edition, Fate, Language};

const URL: &str = "https://brief.example/morning/2026-03-10";

fn file(edition: &Edition, name: &str) -> String {
    let found = files(&epub(edition, URL).unwrap());
    found.into_iter().find(|(other, _)| other == name).unwrap().1
}

#[test]
fn it_is_what_a_reading_system_looks_for() {
    let found = files(&epub(&edition(), URL).unwrap());
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "mimetype",
            "META-INF/container.xml",
            "EPUB/package.opf",
            "EPUB/nav.xhtml",
            "EPUB/edition.xhtml",
            "EPUB/style.css"
        ]
    );
    assert_eq!(found[0].1, "application/epub+zip");
    let package = file(&edition(), "EPUB/package.opf");
    for said in [
        "<dc:identifier id=\"edition\">https://brief.example/morning/2026-03-10</dc:identifier>",
        "<dc:title>The Morning Brief, Tuesday, 10 March 2026</dc:title>",
        "<dc:language>en</dc:language>",
        "<dc:date>2026-03-10</dc:date>",
        "<meta property=\"dcterms:modified\">2026-03-10T05:15:00Z</meta>",
        "page-progression-direction=\"ltr\"",
    ] {
        assert!(package.contains(said), "{said}: {package}");
    }
}

#[test]
fn it_says_what_the_page_on_the_web_says() {
    let mut edition = edition();
    edition.corrections = vec![correction("It was the pond.")];
    let page = file(&edition, "EPUB/edition.xhtml").replace(" xmlns=\"http://www.w3.org/2000/svg\"", "");
    assert!(page.contains(&web(&edition)), "{page}");
    let contents = file(&edition, "EPUB/nav.xhtml");
    for entry in edition.entries() {
        assert!(
            contents.contains(&format!("#entry-{}\"", entry.number)),
            "{contents}"
        );
    }
    assert!(contents.contains("edition.xhtml#corrections"), "{contents}");
}

#[test]
fn what_was_paid_for_is_labelled_in_the_contents_too() {
    let contents = file(&all_kinds(), "EPUB/nav.xhtml");
    assert!(
        contents.contains(">Ropes for every boat (Sponsored)</a>"),
        "{contents}"
    );
    assert!(
        contents.contains(">14:30 The port council meets</a>"),
        "{contents}"
    );
}

#[test]
fn what_became_of_an_entry_stands_above_it_and_dates_the_book() {
    let mut edition = edition();
    edition.changes = vec![change(Fate::Withdrawn)];
    let page = file(&edition, "EPUB/edition.xhtml");
    let told = "<p><a href=\"#entry-2\">Entry 2</a> was withdrawn after this edition went out.</p>";
    let (above, _) = page.split_once("<main").unwrap();
    assert!(above.contains(told), "{page}");
    let package = file(&edition, "EPUB/package.opf");
    assert!(
        package.contains("<meta property=\"dcterms:modified\">2026-03-10T06:15:00Z</meta>"),
        "{package}"
    );
}

#[test]
fn it_speaks_the_editions_language_and_runs_its_way() {
    let mut arabic = one(|entry| {
        entry.headline = "الميناء يفتح من جديد".to_owned();
        entry.language = "ar".parse().ok();
    });
    arabic.language = "de".parse::<Language>().unwrap();
    let package = file(&arabic, "EPUB/package.opf");
    assert!(package.contains("<dc:language>de</dc:language>"), "{package}");
    assert!(
        package.contains("page-progression-direction=\"rtl\""),
        "{package}"
    );
    let page = file(&arabic, "EPUB/edition.xhtml");
    assert!(page.contains("xml:lang=\"de\" dir=\"rtl\""), "{page}");
    let contents = file(&arabic, "EPUB/nav.xhtml");
    assert!(
        contents.contains("dir=\"rtl\" lang=\"ar\" xml:lang=\"ar\""),
        "{contents}"
    );
}

#[test]
fn what_xml_has_no_place_for_is_left_out_and_an_empty_edition_is_a_book() {
    let spoilt = one(|entry| fill(entry, "a\u{1b}[2J & <b>\u{0}\u{FFFE}"));
    for name in ["EPUB/edition.xhtml", "EPUB/nav.xhtml"] {
        let text = file(&spoilt, name);
        let control = |c: char| c < ' ' && c != '\n' || c == '\u{FFFE}';
        assert!(
            !text.contains(control) && text.contains("a\u{FFFD}[2J &#38; &#60;b&#62;"),
            "{text}"
        );
    }
    let mut empty = edition();
    empty.sections.clear();
    assert!(file(&empty, "EPUB/nav.xhtml").contains("<li><a href=\"edition.xhtml\">"));
    assert_eq!(epub(&edition(), URL).unwrap(), epub(&edition(), URL).unwrap());
}
