//! The parts of a byline: names, and the roles, places and dates beside them.

use super::organizations::is_organization;
use crate::{date, text::AnyOf};

/// Words that part names, with the spaces around them.
const BETWEEN: &[&str] = &[
    " and ", " And ", " AND ", " und ", " et ", " y ", " e ", " og ", " och ", " en ", " & ", " with ",
    " mit ", " | ", "; ", ";", " / ", " dan ", " и ", " ve ", " i ", " a ", "、", "，", " · ", " • ",
    " sowie ", " // ",
];

/// Words after a name that are no part of it.
const AFTER: &[&str] = &[
    " in ",
    " aus ",
    " for ",
    " für ",
    " im gespräch",
    " special to ",
    " updated",
    " published",
    " posted",
    " last updated",
];

/// What Korean, Japanese and Chinese papers write after a reporter's name.
const TITLES: &[&str] = &[
    "기자",
    "특파원",
    "논설위원",
    "記者",
    "特派員",
    "編集委員",
    "记者",
    "通讯员",
];

/// Words that join a name to the date after it.
const JOINTS: &[&str] = &[
    "am", "at", "on", "um", "le", "el", "il", "den", "vom", "|", "-", "–", "—", "@",
];

/// The names of a byline, without the roles between them.
pub(super) fn split(line: &str) -> Vec<&str> {
    let mut parts = vec![line];
    for between in BETWEEN {
        parts = parts.into_iter().flat_map(|part| part.split(between)).collect();
    }
    let mut names: Vec<&str> = Vec::new();
    for part in parts {
        let mut role = false;
        let pieces = part.split(", ").map(str::trim).filter(|piece| !piece.is_empty());
        for (place, piece) in pieces.enumerate() {
            // "Ann Example, head of sports, Example Group": after a role stands whose role it is.
            if is_role(piece) {
                role = true;
                // "Ann Example, home and digital security expert": a role may be joined of two.
                if place == 0 && names.len() > 1 {
                    names.pop_if(|last| !last.contains(' '));
                }
            } else if !role || is_organization(piece) {
                names.push(piece);
            }
        }
    }
    names
}

/// Takes roles, places and dates off the end of a name.
pub(super) fn strip_after(part: &str) -> &str {
    let part = part.split([',', '|', '•', '\t']).next().unwrap_or(part);
    // Both dashes begin with one of these bytes.
    let part = match memchr::memchr2(b'-', 0xE2, part.as_bytes()) {
        Some(_) => without_affix(without_affix(part, " - "), " – "),
        None => part,
    };
    let bracket = if part.ends_with(')') {
        part.find(" (")
    } else {
        None
    };
    let part = bracket.filter(|at| *at > 2).map_or(part, |at| &part[..at]);
    let part = before_date(part);
    let part = before_words_after(part);
    let part = part.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | '-' | '–' | '|' | '*' | '/')
    });
    without_title(part)
}

/// What stands before the first of [`AFTER`].
fn before_words_after(part: &str) -> &str {
    static ANY: AnyOf = AnyOf::of(AFTER);
    let lower = part.to_lowercase();
    if !ANY.stands_in(&lower) {
        return part;
    }
    let cut = AFTER.iter().filter_map(|word| lower.find(word)).min();
    cut.and_then(|at| part.get(..at)).unwrap_or(part)
}

/// "신현주" of "신현주 기자" and of "신현주기자".
fn without_title(part: &str) -> &str {
    let name = TITLES.iter().find_map(|title| part.strip_suffix(title));
    name.map(str::trim_end)
        .filter(|name| !name.is_empty())
        .unwrap_or(part)
}

/// The name of "Ann Example - Berlin" and of "Example Times - Ann Example".
fn without_affix<'a>(part: &'a str, dash: &str) -> &'a str {
    match part.split_once(dash) {
        Some((first, rest)) if is_organization(first) && !rest.contains(dash) => rest,
        Some((first, _)) => first,
        None => part,
    }
}

/// What stands before a date: "Ann Example" of "Ann Example am 3. Mai 2026, 10:15".
fn before_date(part: &str) -> &str {
    let mut at = 0;
    let mut end = part.len();
    for word in part.split_inclusive(char::is_whitespace) {
        if at > 0 && word.starts_with(|c: char| c.is_ascii_digit()) {
            end = at;
            break;
        }
        at += word.len();
    }
    let mut name = part[..end].trim_end();
    while end < part.len()
        && let Some((rest, word)) = name.rsplit_once(char::is_whitespace)
    {
        let word = word.trim_end_matches([',', '.']).to_lowercase();
        if !JOINTS.contains(&word.as_str()) && date::month(&word).is_none() {
            break;
        }
        name = rest.trim_end();
    }
    name
}

/// Words that are somebody's work, not somebody's name.
pub(crate) fn is_role(part: &str) -> bool {
    const ROLES: &[&str] = &[
        "analyst",
        "autor",
        "ceo",
        "chief",
        "columnist",
        "columnists",
        "contributor",
        "coordinator",
        "correspondent",
        "correspondents",
        "director",
        "editor",
        "editors",
        "expert",
        "founder",
        "head",
        "journalist",
        "journaliste",
        "kolumnist",
        "korrespondent",
        "korrespondentin",
        "leiter",
        "leiterin",
        "manager",
        "periodista",
        "photographer",
        "president",
        "producer",
        "professor",
        "redacteur",
        "redakteur",
        "redakteurin",
        "reporter",
        "reporterin",
        "reporters",
        "ressort",
        "senior",
        "specialist",
        "stellvertretende",
        "stv.",
        "volontär",
        "writer",
        "writers",
        "chefredakteur",
        "chefredakteurin",
        "freelance",
    ];
    let lower = part.to_lowercase();
    let mut words = lower.split(' ');
    let first = words.next().is_some_and(|word| ROLES.contains(&word));
    first
        || lower.rsplit(' ').next().is_some_and(|word| ROLES.contains(&word))
        || words.any(|word| {
            matches!(word, "of" | "for" | "at" | "bei" | "der")
                && lower.split(' ').any(|word| ROLES.contains(&word))
        })
}
