//! Agencies that stand in no table, known by the form of their names: "Northern Wire", "Continental Press Agency".

use crate::text::{self, AnyOf};

/// Words before the last one of an agency's name, at most.
const LONGEST: usize = 4;

/// Words that end an agency's name by themselves.
const ALONE: &[&str] = &[
    "wire",
    "wires",
    "newswire",
    "nachrichtenagentur",
    "presseagentur",
    "nyhetsbyrå",
    "nyhetsbyrån",
    "pressbureau",
    "persbureau",
];

/// Words that end one after another word: "News Agency", but not every agency.
const PAIRS: &[(&str, &[&str])] = &[
    (
        "agency",
        &["news", "press", "information", "telegraph", "telegraphic"],
    ),
    ("agencies", &["news", "press"]),
    ("service", &["news", "press", "wire", "media"]),
    ("association", &["press"]),
    ("bureau", &["news", "press"]),
];

/// Words before "Press" that make it a paper or a publishing house.
const NO_AGENCY_BEFORE_PRESS: &[&str] = &[
    "university",
    "free",
    "daily",
    "sunday",
    "evening",
    "morning",
    "academic",
];

/// Words after "Press" and the others that make them part of something else.
const NOT_AFTER: &[&str] = &[
    "agency",
    "association",
    "service",
    "conference",
    "release",
    "secretary",
    "office",
    "officer",
    "club",
    "council",
    "freedom",
    "corps",
    "briefing",
    "ltd",
    "limited",
    "inc",
    "llc",
    "group",
    "gmbh",
    "corp",
    "corporation",
    "company",
    "&",
    "fraud",
    "transfer",
    "cutters",
    "mesh",
];

/// Words that are part of no name though they open with a capital.
const NO_NAME: &[&str] = &[
    "the",
    "by",
    "from",
    "for",
    "copyright",
    "source",
    "with",
    "and",
    "via",
    "credit",
    "in",
    "to",
    "of",
    "this",
    "that",
    "on",
    "at",
    "told",
    "said",
    "©",
];

/// Words for people at an agency, behind its name.
const STAFF: &[&str] = &[
    "staff",
    "writer",
    "writers",
    "reporter",
    "reporters",
    "correspondent",
    "correspondents",
    "editor",
];

/// Parts of the words with which a name may end. They open with a capital.
static ENDS: AnyOf = AnyOf::of(&[
    "Wire",
    "WIRE",
    "Newswire",
    "Agenc",
    "AGENC",
    "Service",
    "SERVICE",
    "Association",
    "ASSOCIATION",
    "Press",
    "PRESS",
    "Bureau",
    "BUREAU",
    "gentur",
    "GENTUR",
    "byrå",
    "BYRÅ",
    "ersbureau",
]);

/// The agencies named in a text, in its order, as written. `press` says whether names that end in "Press" count,
/// which papers have as well.
pub(crate) fn find(text: &str, press: bool) -> Vec<&str> {
    if !ENDS.stands_in(text) {
        return Vec::new();
    }
    let words = words(text);
    let mut found = Vec::new();
    for at in 1..words.len() {
        if !ends_a_name(&words, at, press) {
            continue;
        }
        let mut first = at;
        while first > 0 && at - first < LONGEST && goes_on(&words[first - 1]) {
            first -= 1;
        }
        // One word beside those of the form is the name itself.
        let own = (first..at).any(|word| !is_of_form(&words[word].lower()));
        if own && first < at {
            found.push(&text[words[first].start..words[at].end]);
        }
    }
    found
}

/// The agency that a text is the name of, with nothing but the words for its people behind it: as in a byline.
pub(crate) fn named(text: &str, press: bool) -> Option<&str> {
    let mut name = text.trim().trim_matches(|c: char| !c.is_alphanumeric());
    name = name
        .strip_prefix("The ")
        .or_else(|| name.strip_prefix("the "))
        .unwrap_or(name);
    while let Some((before, last)) = name.rsplit_once(' ') {
        if !STAFF.iter().any(|word| last.eq_ignore_ascii_case(word)) {
            break;
        }
        name = before.trim_end();
    }
    let found = find(name, press);
    if found.len() == 1 && found[0].len() == name.len() {
        return Some(name);
    }
    is_agence(name).then_some(name)
}

/// `Agence Exemple Presse`, `Agencia de Noticias Ejemplo`, `Nachrichtenagentur Beispiel`.
fn is_agence(name: &str) -> bool {
    let mut words = name.split(' ');
    let of_press = |word: &str| {
        matches!(
            word.to_lowercase().as_str(),
            "presse" | "prensa" | "noticias" | "notícias" | "stampa" | "prasowa" | "presă"
        )
    };
    let opens = match words.next().unwrap_or_default().to_lowercase().as_str() {
        "agence" | "agencia" | "agência" | "agenzia" | "agencja" | "agenția" => words.clone().any(of_press),
        first => first == "nachrichtenagentur",
    };
    opens
        && (1..=LONGEST).contains(&words.clone().count())
        && words
            .next_back()
            .is_some_and(|word| word.starts_with(char::is_uppercase))
}

/// Whether a mark is the initials of a name: "CPA" of "Continental Press Agency".
pub(crate) fn is_mark_of(mark: &str, name: &str) -> bool {
    let initials: String = name
        .split([' ', '-'])
        .filter(|word| {
            !matches!(
                word.to_lowercase().as_str(),
                "of" | "the" | "and" | "for" | "de" | "&"
            )
        })
        .filter_map(|word| word.chars().next())
        .flat_map(char::to_uppercase)
        .collect();
    initials.chars().count() > 1 && initials == mark.to_uppercase()
}

/// Whether a text can be the mark of an agency: 2 to 6 capitals.
pub(crate) fn is_mark(text: &str) -> bool {
    (2..=6).contains(&text.chars().count()) && text.chars().all(char::is_uppercase)
}

struct Word<'t> {
    start: usize,
    end: usize,
    text: &'t str,
    capital: bool,
    /// Whether a comma, stop or the like stands right behind it.
    stopped: bool,
}

impl Word<'_> {
    fn lower(&self) -> String {
        self.text.to_lowercase()
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut from = 0;
    for piece in text.split(' ') {
        let around = |c: char| !c.is_alphanumeric() && c != '&' && c != '©';
        let opened = piece.trim_start_matches(around);
        let inner = opened.trim_end_matches(around);
        let start = from + piece.len() - opened.len();
        if !inner.is_empty() {
            let end = start + inner.len();
            words.push(Word {
                start,
                end,
                text: inner,
                capital: inner.starts_with(char::is_uppercase),
                stopped: end < from + piece.len(),
            });
        }
        from += piece.len() + 1;
    }
    words
}

fn ends_a_name(words: &[Word<'_>], at: usize, press: bool) -> bool {
    let (word, before) = (&words[at], &words[at - 1]);
    if !word.capital || before.stopped {
        return false;
    }
    let lower = word.lower();
    let ends = ALONE.contains(&lower.as_str())
        || ends_a_pair(&lower, &before.lower())
        || (press && lower == "press" && !NO_AGENCY_BEFORE_PRESS.contains(&before.lower().as_str()));
    let next = words.get(at + 1).filter(|_| ends && !word.stopped);
    let goes_on = next
        .map(Word::lower)
        .is_some_and(|next| NOT_AFTER.contains(&next.as_str()) || ends_a_pair(&next, &lower));
    ends && !goes_on
}

fn ends_a_pair(last: &str, before: &str) -> bool {
    PAIRS
        .iter()
        .any(|(word, after)| *word == last && after.contains(&before))
}

/// Whether a word goes on a name that is being read backwards.
fn goes_on(word: &Word<'_>) -> bool {
    word.capital && !word.stopped && !NO_NAME.contains(&word.lower().as_str())
}

fn is_of_form(lower: &str) -> bool {
    ALONE.contains(&lower)
        || PAIRS
            .iter()
            .any(|(word, before)| *word == lower || before.contains(&lower))
        || matches!(
            lower,
            "local" | "special" | "staff" | "our" | "national" | "international" | "business" | "pr"
        )
}

/// A name under which spellings are equal.
pub(crate) fn bare(name: &str) -> String {
    let key = text::key(name);
    key.strip_prefix("the ").unwrap_or(&key).replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agencies_are_known_by_the_form_of_their_names() {
        for (text, name) in [
            (
                "Copyright 2026 Northern Wire. All rights reserved.",
                "Northern Wire",
            ),
            ("© Northern Wire 2026", "Northern Wire"),
            ("Source: Example Gulf News Agency", "Example Gulf News Agency"),
            (
                "They spoke to Northern Wire on condition of anonymity.",
                "Northern Wire",
            ),
            ("Continental Press Agency (CPA)", "Continental Press Agency"),
            (
                "Ann Example of the Island News Service wrote",
                "Island News Service",
            ),
            ("Copyright 2026 The Continental Press", "Continental Press"),
        ] {
            assert_eq!(find(text, true), [name], "{text}");
        }
    }

    #[test]
    fn other_agencies_wires_and_presses_are_none() {
        for text in [
            "The Environment Agency and the Health Service were told.",
            "Barbed wire was cut. The News Service Desk is open.",
            "Published by Example University Press",
            "Example Free Press staff",
            "The White House Press Secretary said",
            "Gazette Press Ltd",
        ] {
            assert!(find(text, true).is_empty(), "{text}: {:?}", find(text, true));
        }
        assert!(find("Copyright 2026 The Continental Press", false).is_empty());
    }

    #[test]
    fn a_byline_may_name_the_agencys_people() {
        assert_eq!(named("Northern Wire staff", false), Some("Northern Wire"));
        assert_eq!(named("The Northern Wire", false), Some("Northern Wire"));
        assert_eq!(
            named("Agence Exemple Presse", false),
            Some("Agence Exemple Presse")
        );
        assert_eq!(named("Ann Example of Northern Wire", false), None);
        assert_eq!(named("Ann Example", true), None);
    }

    #[test]
    fn marks_are_initials() {
        assert!(is_mark_of("CPA", "Continental Press Agency"));
        assert!(is_mark_of("NW", "Northern Wire"));
        assert!(!is_mark_of("NW", "Northern Press Agency"));
        assert!(is_mark("NW") && !is_mark("Nw") && !is_mark("A"));
    }
}
