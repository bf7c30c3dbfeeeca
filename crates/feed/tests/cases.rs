//! Every folder of `tests/cases` is one oddity: `input` is the document, `expected.txt` what is read of it, and
//! `note.md` says what is odd and where it comes from. `content-type`, where there is one, came with the document.
//! All are read as if fetched from `https://example.org/news/feed`.
//!
//! With `UPDATE_CASES=1` the expectations are written instead of compared; read the difference before you commit it.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::{fmt::Write, fs, path::Path};

use reveille_feed::{Entry, Feed, Hint, Wire, document::Tag, parse};
use url::Url;

#[test]
fn every_case_reads_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|case| case.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 25, "only {} cases were found", cases.len());
    let mut wrong = String::new();
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy();
        assert!(case.join("note.md").exists(), "{name} has no note.md");
        let found = read(case);
        if std::env::var_os("UPDATE_CASES").is_some() {
            fs::write(case.join("expected.txt"), &found).unwrap();
        }
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
        if found != expected {
            write!(wrong, "\n== {name}\n-- expected\n{expected}\n-- found\n{found}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn read(case: &Path) -> String {
    let input = fs::read(case.join("input")).unwrap();
    let content_type = fs::read_to_string(case.join("content-type")).ok();
    let url = Url::parse("https://example.org/news/feed").unwrap();
    let hint = Hint {
        url: Some(&url),
        content_type: content_type.as_deref().map(str::trim),
    };
    match parse(&input, &hint) {
        Ok(feed) => show(&feed),
        Err(error) => format!("error: {error}\n"),
    }
}

fn show(feed: &Feed) -> String {
    let mut out = format!("{}: {}\n", feed.format.name(), feed.title);
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            writeln!(out, "{name}: {value}").unwrap();
        }
    };
    line("site", feed.site_url.as_ref().map(ToString::to_string));
    line("feed", feed.feed_url.as_ref().map(ToString::to_string));
    line("hub", feed.hub.as_ref().map(ToString::to_string));
    line("language", feed.language.as_ref().map(ToString::to_string));
    line("ttl", feed.ttl_minutes.map(|ttl| ttl.to_string()));
    for part in &feed.parts {
        line("part", Some(part.to_string()));
    }
    for fault in &feed.faults {
        line("fault", Some(fault.clone()));
    }
    for entry in &feed.entries {
        show_entry(entry, &mut out);
    }
    out
}

fn show_entry(entry: &Entry, out: &mut String) {
    writeln!(out, "\n* {}", entry.title).unwrap();
    let url = entry.url.as_ref().map(ToString::to_string);
    let source = entry.source.as_ref().map(|s| {
        format!(
            "{} <{}>",
            s.title,
            s.url.as_ref().map(ToString::to_string).unwrap_or_default()
        )
    });
    // They are the item's; told where they are not the categories again.
    let topics = entry.to_item().map(|item| item.topics);
    let topics = topics.filter(|topics| *topics.to_string() != entry.categories.join(", "));
    let topics = topics.map(|topics| topics.to_string());
    let fields = [
        ("url", url.clone()),
        ("id", (url.as_ref() != Some(&entry.id)).then(|| entry.id.clone())),
        ("published", entry.published.map(|at| at.to_string())),
        ("updated", entry.updated.map(|at| at.to_string())),
        (
            "authors",
            (!entry.authors.is_empty()).then(|| entry.authors.join(" | ")),
        ),
        (
            "categories",
            (!entry.categories.is_empty()).then(|| entry.categories.join(" | ")),
        ),
        ("topics", topics),
        ("source", source),
        ("image", entry.image.as_ref().map(ToString::to_string)),
        (
            "summary",
            (!entry.summary.is_empty()).then(|| entry.summary.clone()),
        ),
        ("content", entry.content_html.clone()),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            writeln!(out, "  {name}: {value}").unwrap();
        }
    }
    if let Some(wire) = &entry.wire {
        show_wire(wire, out);
    }
}

fn show_wire(wire: &Wire, out: &mut String) {
    let subject = |tag: &Tag| {
        format!("{:?} {:?} {:?}", tag.scheme, tag.term, tag.label)
            .replace("Some(", "")
            .replace(')', "")
    };
    let fields = [
        ("action", Some(wire.action().name().to_owned())),
        ("version", wire.version.map(|version| version.to_string())),
        ("status", wire.status.clone()),
        (
            "signals",
            (!wire.signals.is_empty()).then(|| wire.signals.join(" | ")),
        ),
        ("replaces", wire.replaces.clone()),
        ("urgency", wire.urgency.map(|urgency| urgency.to_string())),
        ("embargo", wire.embargo.map(|at| at.to_string())),
        ("class", wire.class.clone()),
        ("byline", wire.byline.clone()),
        ("dateline", wire.dateline.clone()),
        ("credit", wire.credit.clone()),
        ("slugline", wire.slugline.clone()),
        ("note", wire.note.clone()),
        ("reference", wire.is_reference.then(|| "yes".to_owned())),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            writeln!(out, "  wire {name}: {value}").unwrap();
        }
    }
    for tag in &wire.subjects {
        writeln!(out, "  wire subject: {}", subject(tag)).unwrap();
    }
}
