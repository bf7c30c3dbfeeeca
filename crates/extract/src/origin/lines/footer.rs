//! Credit lines at the foot that only the producing agency writes.

use reveille_model::{EvidenceMark, OriginClass};

use super::{named_in, starts_with_word, unlisted};
use crate::{
    origin::{Finding, agencies, wires},
    text,
};

/// Credit lines at the foot that only the producing agency writes.
pub(super) fn read(line: &str, lower: &str, findings: &mut Vec<Finding>) -> bool {
    if line.len() > 500 {
        return false;
    }
    let reuters = lower.contains("reporting by ") && lower.contains("editing by ");
    let credit = rights_holder(line);
    let source = [
        "source:", "quelle:", "source :", "fuente:", "fonte:", "bron:", "kilde:", "källa:",
    ]
    .iter()
    .find_map(|word| lower.strip_prefix(word).map(|_| &line[word.len()..]));
    let listed = |agency: &agencies::Agency| agency.name;
    let named = if reuters {
        Some("Reuters")
    } else if lower.starts_with("dpa:") || lower.contains("dpa-infocom") {
        Some("dpa")
    } else if let Some(name) = source.filter(|_| line.len() < 60) {
        let name = name.trim().trim_end_matches('.');
        agencies::by_mark(name)
            .map(listed)
            .or_else(|| wires::named(name, true))
    } else if let Some(holder) = credit {
        // Papers are published by presses too; only agencies forbid to redistribute.
        let rights = lower.contains("redistributed") || lower.contains("rewritten");
        let first = |name: &&str| holder.starts_with(*name);
        opening_agency(holder)
            .or_else(|| unlisted(holder, rights).next().filter(first))
            .or_else(|| {
                lower
                    .contains("distributed by")
                    .then(|| named_in(lower).next().map(listed))
                    .flatten()
            })
    } else {
        agency_alone(line)
    };
    if let Some(name) = named {
        findings.push(Finding {
            name: name.to_owned(),
            class: OriginClass::Original,
            mark: EvidenceMark::Footer,
            text: line.to_owned(),
            url: None,
        });
    }
    named.is_some()
}

/// What stands behind "Copyright 2026" or "©" at the start of a line. Credits of pictures name a photographer beside
/// the agency, or stand at a caption's end, and say nothing of the text.
fn rights_holder(line: &str) -> Option<&str> {
    const OF_PICTURES: &[&str] = &["/", "|", "Foto", "Photo", "Bild", "Image", "Getty", "alliance"];
    let mut rest = line.trim_start_matches('(');
    let mut marked = false;
    loop {
        let before = rest;
        for mark in [
            "Copyright",
            "COPYRIGHT",
            "copyright",
            "©",
            "(c)",
            "(C)",
            "c)",
            "C)",
            "by ",
            "The ",
            "the ",
        ] {
            rest = rest
                .trim_start_matches([' ', ',', ':'])
                .strip_prefix(mark)
                .unwrap_or(rest);
        }
        marked |= rest.len() < before.len();
        rest = rest.trim_start_matches(|c: char| marked && (c.is_ascii_digit() || " ,-–".contains(c)));
        if rest.len() == before.len() {
            break;
        }
    }
    let head = text::excerpt(rest, 60);
    (marked && !OF_PICTURES.iter().any(|mark| head.contains(mark))).then_some(rest)
}

/// The agency of the table with whose name a text begins.
fn opening_agency(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    agencies::AGENCIES
        .iter()
        .find(|agency| agency.names.iter().any(|name| starts_with_word(&lower, name)))
        .map(|agency| agency.name)
}

/// The agency whose name is all of a line, but for its mark in brackets.
pub(super) fn agency_alone(line: &str) -> Option<&str> {
    if line.len() > 80 {
        return None;
    }
    let name = match line
        .trim()
        .strip_suffix(')')
        .and_then(|line| line.rsplit_once(" ("))
    {
        Some((name, mark)) if wires::is_mark(mark) => name,
        _ => line,
    };
    wires::named(name, false)
}
