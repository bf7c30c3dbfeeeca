//! An edition in Markdown (`CommonMark`), for chat rooms and archives.

use reveille_model::{Edition, Entry, Uri};

use super::{
    also_by, also_in, changes, corrected, corrections, date, greeting, headline, length, marks, sponsored,
};
use crate::words::Words;

/// The edition as `CommonMark`: a heading per section, an item of a list per entry.
#[must_use]
pub fn markdown(edition: &Edition) -> String {
    let words = Words::of(&edition.language);
    let mut out = format!(
        "# {}\n\n{} · {}\n",
        escaped(&edition.name),
        escaped(&date(edition, words)),
        length::line(edition)
    );
    if let Some(greeting) = greeting(edition) {
        out.push_str(&format!("\n{}\n", escaped(&greeting)));
    }
    for change in changes(edition) {
        out.push_str(&format!("\n> {}\n", escaped(&change.to_string())));
    }
    let mut sponsor = edition.front.sponsor.as_ref();
    for section in &edition.sections {
        out.push_str(&format!("\n## {}\n", escaped(&section.name)));
        for numbered in section.numbered() {
            push_entry(&mut out, numbered, words);
        }
        if let Some(sponsor) = sponsor.take() {
            out.push_str(&format!("\n> {}", escaped(&sponsored(sponsor, words))));
            let link = sponsor.link.as_ref().and_then(Uri::web);
            out.extend(link.map(|link| format!(" <{link}>")));
            out.push('\n');
        }
    }
    if !edition.corrections.is_empty() {
        out.push_str(&format!("\n## {}\n", escaped(&words.edition.corrections)));
    }
    for correction in &edition.corrections {
        out.push_str(&format!("\n- {}\n", escaped(&corrected(correction, words))));
    }
    for note in &edition.front.notes {
        out.push_str(&format!("\n{}\n", escaped(note)));
    }
    out
}

fn push_entry(out: &mut String, (number, entry): (Option<usize>, &Entry), words: &Words) {
    let marker = number.map_or("- ".to_owned(), |number| format!("{number}. "));
    // What belongs to a list item is indented by its marker's width (CommonMark 0.31, section 5.2).
    let indent = " ".repeat(marker.len());
    let headline = escaped(&headline(entry));
    out.push_str(&match entry.link.web() {
        Some(link) => format!("\n{marker}**[{headline}](<{link}>)**"),
        None => format!("\n{marker}**{headline}**"),
    });
    for mark in marks(entry, words) {
        out.push_str(&format!(" · {}", escaped(mark)));
    }
    out.push_str(&format!("\\\n{indent}({})", escaped(&entry.credit.to_string())));
    if !entry.summary.is_empty() {
        out.push_str(&format!(" {}", escaped(&entry.summary)));
    }
    out.push('\n');
    for notice in corrections(entry) {
        let label = escaped(&words.edition.correction);
        out.push_str(&format!("\n{indent}*{label}* {}\n", escaped(notice)));
    }
    for also in also_in(entry, words).into_iter().chain(also_by(entry, words)) {
        out.push_str(&format!("\n{indent}{}\n", escaped(&also)));
    }
}

/// Text that reads as itself: on one line, with a backslash before whatever could be markup inside a line. Marks
/// that only count at the start of a line need none, since no gathered text stands there.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let parts = text.split(|c: char| c.is_whitespace() || c.is_control());
    for c in parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
    {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!'
        ) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
