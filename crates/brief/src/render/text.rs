//! An edition in plain text, as the printed morning index had it.

use reveille_model::{Edition, Entry};
use unicode_segmentation::UnicodeSegmentation;

use super::{Links, also_in, corrections, length, numbers};

/// Columns of the text form. A longer word, such as a link, stands on a line of its own.
pub const WIDTH: usize = 72;

/// Columns before an entry's text, where its number stands.
const MARGIN: usize = 4;

/// The edition as plain text, 72 columns wide, lines ending in `\n`; with `links`, the foot of one reader's mail.
#[must_use]
pub fn text(edition: &Edition, links: Option<&Links>) -> String {
    let mut out = String::new();
    let contents = edition.sections.iter();
    let contents: Vec<String> = contents
        .map(|section| format!("{} {}", section.name, numbers(&section.entries)))
        .collect();
    push_wrapped(&mut out, &edition.name.to_uppercase(), "", "");
    push_wrapped(&mut out, &edition.day.long(), "", "");
    push_wrapped(&mut out, &length::line(edition), "", "");
    if contents.len() > 1 {
        push_wrapped(&mut out, &contents.join(" · "), "", "");
    }
    for section in &edition.sections {
        let heading = section.name.to_uppercase();
        out.push('\n');
        push_wrapped(&mut out, &heading, "", "");
        out.push_str(&"-".repeat(columns(&heading).clamp(1, WIDTH)));
        out.push('\n');
        for entry in &section.entries {
            out.push('\n');
            push_entry(&mut out, entry);
        }
    }
    if let Some(links) = links {
        push_foot(&mut out, links);
    }
    out
}

fn push_entry(out: &mut String, entry: &Entry) {
    let indent = " ".repeat(MARGIN);
    let number = format!("{:<MARGIN$}", format!("{}.", entry.number));
    let marks: String = entry.marks.iter().map(|mark| format!(" [{mark}]")).collect();
    push_wrapped(out, &format!("{}{marks}", entry.headline), &number, &indent);
    push_wrapped(
        out,
        &format!("({}) {}", entry.credit, entry.summary),
        &indent,
        &indent,
    );
    for notice in corrections(entry) {
        push_wrapped(out, &format!("Correction: {notice}"), &indent, &indent);
    }
    if let Some(also) = also_in(entry) {
        push_wrapped(out, &also, &indent, &indent);
    }
    if let Some(link) = entry.link.web() {
        out.push_str(&format!("{indent}{link}\n"));
    }
}

fn push_foot(out: &mut String, links: &Links) {
    out.push('\n');
    out.push_str(&"-".repeat(WIDTH));
    out.push('\n');
    if let Some(missed) = &links.missed {
        let words = format!(
            "The edition of {} came too late for your morning. Read it on the web:",
            missed.day
        );
        push_wrapped(out, &words, "", "");
        out.push_str(&format!("{}\n\n", missed.link));
    }
    for (words, link) in [
        (links.consent.as_str(), ""),
        ("Leave this brief with one click:", links.unsubscribe.as_str()),
        ("Change your time zone or pause:", &links.settings),
        ("Read this edition on the web:", &links.edition),
        ("Past editions and sign-up:", &links.brief),
        (&links.identity, ""),
    ] {
        let is_link = words.ends_with(':');
        if words.is_empty() || (is_link && link.is_empty()) {
            continue;
        }
        push_wrapped(out, words, "", "");
        if is_link {
            out.push_str(&format!("{link}\n"));
        }
    }
}

/// Appends a text wrapped at [`WIDTH`], with `first` before its first line and `indent` before the others. Words
/// are parted by white space; where a script writes none, a line breaks between signs.
fn push_wrapped(out: &mut String, text: &str, first: &str, indent: &str) {
    let mut line = first.to_owned();
    let mut filled = columns(first);
    let mut fresh = true;
    let mut break_line = |line: &mut String, filled: &mut usize| {
        out.push_str(line.trim_end());
        out.push('\n');
        indent.clone_into(line);
        *filled = columns(indent);
    };
    for word in text.split_whitespace() {
        let width = columns(word);
        if !fresh && filled + 1 + width > WIDTH {
            break_line(&mut line, &mut filled);
            fresh = true;
        }
        if !fresh {
            line.push(' ');
            filled += 1;
        }
        if width > WIDTH - columns(indent) && word.chars().any(is_wide) {
            for sign in word.graphemes(true) {
                let width = columns(sign);
                if filled + width > WIDTH {
                    break_line(&mut line, &mut filled);
                }
                line.push_str(sign);
                filled += width;
            }
        } else {
            line.push_str(word);
            filled += width;
        }
        fresh = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
}

/// How many columns a terminal gives a text, nearly: combining marks none, East Asian signs and emoji two.
fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let of = |sign: &str| if sign.chars().any(is_wide) { 2 } else { 1 };
    text.graphemes(true).map(of).sum()
}

/// The wide blocks of Unicode Standard Annex 11.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' | '\u{1F300}'..='\u{1F64F}'
        | '\u{1F900}'..='\u{1F9FF}' | '\u{20000}'..='\u{3FFFD}')
}
