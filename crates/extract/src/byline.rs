//! Bylines: names out of "By Ann Example and Bo Sample, The Example Press | Special to the Herald".

use reveille_model::{Dateline, Origin};

use crate::{
    origin::{agencies, wires},
    text,
};

/// Somebody who signed an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// The name, as written.
    pub name: String,
    /// Whether it is an agency, an outlet or a desk.
    pub organization: bool,
}

/// Words before a name, in lower case.
const BEFORE: &[&str] = &[
    "by",
    "von",
    "par",
    "por",
    "di",
    "da",
    "door",
    "av",
    "af",
    "autor:",
    "autorin:",
    "author:",
    "authors:",
    "written by",
    "posted by",
    "published by",
    "reported by",
    "text:",
    "text von",
    "ein artikel von",
    "eine analyse von",
    "ein gastbeitrag von",
    "von:",
    "by:",
    "par:",
    "por:",
    "story by",
    "words by",
    "auteur:",
    "auteurs:",
    "auteur",
    "author",
    "autor",
    "autorin/autor",
    "autorin",
    "oleh",
    "от",
    "автор:",
    "tekst:",
    "tekst",
    "yazan:",
    "reporter:",
    "redaktion:",
    "redakteur:",
    "foto:",
    "ein kommentar von",
    "eine kolumne von",
    "ein interview von",
    "interview von",
    "interview:",
    "aus dem englischen von",
];

/// Words that part names, with the spaces around them.
const BETWEEN: &[&str] = &[
    " and ", " und ", " et ", " y ", " e ", " og ", " och ", " en ", " & ", " with ", " mit ", " | ", "; ",
    ";", ", ", " / ", " dan ", " и ", " ve ", " i ", " a ", "、", "，", " · ", " • ", " sowie ",
];

/// Whether a label announces an author.
pub(crate) fn is_label(label: &str) -> bool {
    let label = label.trim().trim_end_matches(':').to_lowercase();
    matches!(
        label.as_str(),
        "written by"
            | "author"
            | "authors"
            | "by"
            | "name"
            | "antworten"
            | "reply"
            | "posted"
            | "insights from"
            | "gesponserte inhalte"
            | "auteurs"
            | "the author"
            | "website"
            | "verfasst von"
            | "autor"
            | "autorin"
            | "escrito por"
            | "écrit par"
            | "auteur"
            | "geschrieben von"
            | "skrevet av"
            | "skriven av"
            | "scritto da"
            | "geschreven door"
            | "autor:"
            | "автор"
            | "yazan"
            | "written_by"
            | "ditulis oleh"
            | "von"
            | "par"
            | "por"
    )
}

/// Adds the names in `text` that are not in `names` yet. `organization` is what structured data says of them all.
pub(crate) fn read(text: &str, organization: bool, names: &mut Vec<Signatory>) {
    let line = text::folded(text);
    let line = strip_before(&line);
    if line.is_empty() || line.len() > 300 {
        return;
    }
    if organization {
        return add(line, true, names);
    }
    for part in split(line) {
        let part = strip_after(strip_before(part));
        if !part.is_empty() {
            let organization = is_organization(part);
            add(part, organization, names);
        }
    }
}

/// Adds a name that is not in `names` yet, if it can be one.
pub(crate) fn add(name: &str, organization: bool, names: &mut Vec<Signatory>) {
    let key = text::key(name);
    let known = names.iter().any(|known| text::key(&known.name) == key);
    let junk = name.len() > 80
        || key.is_empty()
        || name.contains("://")
        || name.starts_with('(')
        || name.contains('@') && !name.contains(' ')
        || key.chars().all(|c| c.is_ascii_digit() || c == ' ');
    if !known && !junk {
        names.push(Signatory {
            name: name.to_owned(),
            organization,
        });
    }
}

fn strip_before(line: &str) -> &str {
    let mut line = line.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '|' | '-' | '–' | '—' | ',' | ':' | '•' | '·' | '*')
    });
    if let Some(rest) = after_deed(line) {
        line = rest;
    }
    strip_words(line)
}

/// A part of a byline without the words that stand before names.
pub(crate) fn without_by(part: &str) -> &str {
    strip_before(part)
}

/// Marks the signatories whom the rest of the page shows to be agencies: by the mark in its dateline, as an origin.
pub(crate) fn mark_agencies(names: &mut [Signatory], dateline: Option<&Dateline>, origins: &[Origin]) {
    let mark = dateline.and_then(|dateline| dateline.agency.as_deref());
    for signatory in names.iter_mut().filter(|signatory| !signatory.organization) {
        let name = signatory.name.as_str();
        let known = origins
            .iter()
            .any(|origin| text::key(&origin.name) == text::key(name));
        let initials = wires::is_mark(name)
            && (mark == Some(name) || origins.iter().any(|origin| wires::is_mark_of(name, &origin.name)));
        signatory.organization = known || initials || wires::named(name, false).is_some();
    }
}

/// Takes the words that stand before names off a line.
fn strip_words(mut line: &str) -> &str {
    loop {
        let lower = line.to_lowercase();
        let word = BEFORE
            .iter()
            .filter(|word| lower.starts_with(**word))
            .filter(|word| lower[word.len()..].starts_with([' ', ':', '\u{a0}']) || word.ends_with(':'))
            .map(|word| word.len())
            .max();
        // Lower-casing keeps lengths for all these words; anything else is left alone.
        match word.and_then(|length| line.get(length..)) {
            Some(rest) if !rest.trim().is_empty() => line = rest.trim_start_matches([' ', ':']),
            _ => return line,
        }
    }
}

/// The rest of "Published by Ann", "Eingestellt von Ann", "Recipe by Ann": a word or two, a preposition, a name.
fn after_deed(line: &str) -> Option<&str> {
    const PREPOSITIONS: [&str; 8] = [
        " by ", " von ", " par ", " por ", " door ", " av ", " af ", " by: ",
    ];
    let (at, preposition) = PREPOSITIONS
        .iter()
        .filter_map(|word| line.find(word).map(|at| (at, *word)))
        .min()?;
    let before = &line[..at];
    let rest = line[at + preposition.len()..].trim_start();
    let deed = before.split_whitespace().count() <= 2
        && before
            .chars()
            .all(|c| c.is_alphabetic() || c.is_whitespace() || c == ':');
    // "Ursula von der Leyen" is a name.
    let name = before.split_whitespace().count() == 1
        && preposition == " von "
        && !DEEDS.contains(&before.trim().to_lowercase().as_str());
    (deed && !name && rest.starts_with(char::is_uppercase)).then_some(rest)
}

/// What German pages say before "von".
const DEEDS: &[&str] = &[
    "artikel",
    "autor",
    "beitrag",
    "bericht",
    "eingestellt",
    "ersteller",
    "erstellt",
    "geschrieben",
    "gepostet",
    "geschrieben am",
    "text",
    "verfasst",
    "veröffentlicht",
    "interview",
    "kommentar",
    "analyse",
    "essay",
    "reportage",
    "kolumne",
    "gastbeitrag",
    "foto",
    "fotos",
    "rezept",
];

/// Takes roles, places and dates off the end of a name.
fn strip_after(part: &str) -> &str {
    let part = part.split([',', '|', '•', '\t']).next().unwrap_or(part);
    let part = part.split(" - ").next().unwrap_or(part);
    let part = part.split(" – ").next().unwrap_or(part);
    let part = match part.find(" (") {
        Some(at) if at > 2 => &part[..at],
        _ => part,
    };
    let lower = part.to_lowercase();
    let cut = [
        " in ",
        " aus ",
        " for ",
        " für ",
        " special to ",
        " updated",
        " published",
        " posted",
    ]
    .iter()
    .filter_map(|word| lower.find(word))
    .min();
    let part = cut.and_then(|at| part.get(..at)).unwrap_or(part);
    part.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | '-' | '–' | '|' | '*' | '/')
    })
    .trim()
}

fn split(line: &str) -> Vec<&str> {
    let mut parts = vec![line];
    for between in BETWEEN {
        parts = parts.into_iter().flat_map(|part| part.split(between)).collect();
    }
    // "Example, Ann" is one person written backwards; "Ann Example, Editor" is one with a role.
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty() && !is_role(part))
        .collect()
}

/// Words that are somebody's work, not somebody's name.
fn is_role(part: &str) -> bool {
    const ROLES: &[&str] = &[
        "editor",
        "reporter",
        "correspondent",
        "writer",
        "journalist",
        "redakteur",
        "redakteurin",
        "korrespondent",
        "korrespondentin",
        "staff writer",
        "senior",
        "chief",
        "columnist",
        "contributor",
        "director",
        "professor",
        "photographer",
        "producer",
        "redacteur",
        "journaliste",
        "periodista",
        "autor",
        "reporterin",
        "kolumnist",
        "analyst",
        "volontär",
        "leiter",
        "stellvertretende",
        "stv.",
        "ressort",
    ];
    let lower = part.to_lowercase();
    ROLES.iter().any(|role| {
        lower == *role
            || lower.ends_with(&format!(" {role}"))
            || lower.ends_with(&format!(" {role}s"))
            || lower.starts_with(&format!("{role} "))
    })
}

/// Whether a name is an agency's, an outlet's or a desk's.
pub(crate) fn is_organization(name: &str) -> bool {
    const WORDS: &[&str] = &[
        "staff",
        "redaktion",
        "redaction",
        "rédaction",
        "redacción",
        "redazione",
        "redactie",
        "newsroom",
        "desk",
        "agency",
        "agencies",
        "agenturen",
        "press",
        "news",
        "media",
        "online",
        "editors",
        "editorial",
        "team",
        "times",
        "post",
        "herald",
        "tribune",
        "service",
        "services",
        "wire",
        "bureau",
        "reporters",
        "correspondents",
        "contributors",
        "web",
        "digital",
        "magazine",
        "magazin",
        "zeitung",
        "group",
        "admin",
        "administrator",
        "university",
        "institute",
        "inc",
        "ltd",
        "gmbh",
        "llc",
        "foundation",
        "council",
        "department",
        "ministry",
        "office",
        "編集部",
        "新聞",
        "통신",
        "뉴스",
    ];
    let key = text::key(name);
    agencies::by_name(name).is_some()
        || key.split(' ').any(|word| WORDS.contains(&word))
        || ["新聞", "通信", "社"].iter().any(|end| name.ends_with(end))
        || (name.contains('.') && !name.contains(' ') && name.len() > 4)
}

/// Whether a line is a byline: "By Ann Example" and nothing after it.
pub(crate) fn opens_with_a_name(line: &str) -> bool {
    let line = line.trim_matches(|c: char| !c.is_alphanumeric());
    let rest = strip_words(line);
    rest.len() < line.len()
        && looks_like_a_name(strip_after(rest))
        && !ends_like_a_sentence(line)
        && rest
            .split_whitespace()
            .filter(|word| word.len() > 3)
            .all(|word| word.starts_with(char::is_uppercase))
        && rest.split_whitespace().count() >= 2
}

/// Whether a line is nothing but a person's name: two to four capitalised words.
pub(crate) fn is_bare_name(line: &str) -> bool {
    let words = line.split_whitespace().count();
    (2..=4).contains(&words)
        && line.len() < 40
        && line.split_whitespace().all(|word| {
            word.starts_with(char::is_uppercase)
                && word
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'))
        })
        && !ends_like_a_sentence(line)
        && looks_like_a_name(line)
}

fn ends_like_a_sentence(line: &str) -> bool {
    line.ends_with(['.', '!', '?', ':', '”', '"'])
}

/// Whether a printed text can be a name: a few words, no sentence.
pub(crate) fn looks_like_a_name(name: &str) -> bool {
    let words = name.split_whitespace().count();
    (1..=6).contains(&words)
        && name.chars().count() >= 3
        && !name.contains(['?', '!', '@', '#', '=', '{', '<', '©'])
        && !name.starts_with('(')
        && !BEFORE
            .iter()
            .any(|word| name.to_lowercase().ends_with(&format!(" {word}")))
        && !name.chars().any(|c| c.is_ascii_digit())
        && name
            .split_whitespace()
            .filter(|word| word.chars().count() > 3)
            .all(|word| !word.starts_with(char::is_lowercase) || name.split_whitespace().count() == 1)
        && crate::body::phrases::stock(name).is_none()
        && !matches!(
            name.to_lowercase().as_str(),
            "by" | "author"
                | "name"
                | "antworten"
                | "reply"
                | "posted"
                | "insights from"
                | "auteurs"
                | "the author"
                | "website"
                | "authors"
                | "about the author"
                | "autor"
                | "share"
                | "follow"
                | "more"
                | "von"
                | "image"
                | "profile"
                | "view all posts"
                | "comments"
                | "bio"
                | "about"
                | "contact"
                | "view profile"
                | "view bio"
                | "email"
                | "e-mail"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let mut names = Vec::new();
        read(text, false, &mut names);
        names.into_iter().map(|name| name.name).collect()
    }

    #[test]
    fn names_come_without_what_stands_around_them() {
        for (text, expected) in [
            ("By Ann Example", vec!["Ann Example"]),
            (
                "By: Ann Example and Bo Sample, staff writers",
                vec!["Ann Example", "Bo Sample"],
            ),
            ("Von Ann Example und Bo Muster", vec!["Ann Example", "Bo Muster"]),
            ("Ann Example | Staff writer", vec!["Ann Example"]),
            (
                "Ann Example, Bo Sample & Cy Specimen",
                vec!["Ann Example", "Bo Sample", "Cy Specimen"],
            ),
            ("Written by Ann Example (Berlin)", vec!["Ann Example"]),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn desks_and_agencies_are_no_people() {
        for name in [
            "Reuters",
            "Example Times staff",
            "The Associated Press",
            "Redaktion",
            "example.org",
        ] {
            assert!(is_organization(name), "{name}");
        }
        assert!(!is_organization("Ann Example"));
    }
}
