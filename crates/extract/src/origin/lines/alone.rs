//! Agencies that sign with nothing but their name: "(dpa)" behind the last sentence, "/ritzau/" on a line of its own.

use reveille_model::site_of;

use crate::origin::{agencies, wires};

/// A longer line is more than a name, in bytes.
const LONGEST: usize = 80;

/// A longer mark is more than a name, in bytes.
const LONGEST_MARK: usize = 32;

/// The agency whose name, which no table has, is all of a line, but for its mark in brackets.
pub(super) fn whole(line: &str) -> Option<&str> {
    if line.len() > LONGEST {
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

/// The agency that signs an article's last line: its name is all of it, or all that stands behind its last sentence.
/// Credits of pictures name a photographer as well.
pub(super) fn signature(line: &str) -> Option<&'static str> {
    let body = line.trim_end_matches([' ', ')', '）', ']', '/', '.', '*']);
    let stop = body.rfind(['.', '!', '?', '”', '"', '。', '」', '’', '»']);
    let tail = stop.map_or(line, |at| {
        let width = body[at..].chars().next().map_or(1, char::len_utf8);
        &line[at + width..]
    });
    let mark = tail.trim_matches(|c: char| !c.is_alphanumeric());
    let mark = mark.strip_suffix("/Fim").unwrap_or(mark);
    // A sign of copyright without brackets is a picture's.
    let parted = stop.is_none() || (tail.len() > mark.len() && (tail.contains('(') || !tail.contains('©')));
    if mark.is_empty() || mark.len() > LONGEST_MARK || !parted {
        return None;
    }
    let mut signed = mark.split(['/', ',']).map(|part| agencies::by_mark(part.trim()));
    let first = signed.next()??;
    (!first.marks.is_empty() && signed.all(|other| other.is_some())).then_some(first.name)
}

/// The agency at whose site the writer of an article has the address that stands below it.
pub(super) fn by_address(line: &str) -> Option<&'static str> {
    let (_, domain) = line.split_once('@')?;
    let end = domain.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '-');
    let domain = domain[..end.unwrap_or(domain.len())]
        .trim_end_matches('.')
        .to_lowercase();
    agencies::by_site(site_of(&domain)).map(|agency| agency.name)
}
