//! A paragraph to its sentences: the boundaries of Unicode (UAX 29, section 5), less those that an abbreviation,
//! an initial or an ordinal makes.

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

use crate::abbreviations::Abbreviations;

/// What ends a sentence, in any script.
const TERMINATORS: [char; 12] = ['.', '!', '?', '…', '。', '！', '？', '．', '।', '۔', '؟', '։'];

/// What may stand after the terminator and still belong to the sentence.
const CLOSERS: [char; 12] = ['"', '\'', '”', '’', '“', '»', '›', ')', ']', '」', '』', '）'];

/// What may stand before a sentence's first word.
const OPENERS: [char; 13] = ['"', '\'', '“', '‘', '„', '‚', '«', '‹', '(', '[', '「', '¿', '¡'];

/// The sentences of one paragraph in order, white space trimmed, none empty.
pub(crate) fn sentences<'a>(paragraph: &'a str, language: Option<&Language>) -> Vec<&'a str> {
    let abbreviations = Abbreviations::of(language);
    let mut found = Vec::new();
    let mut start = 0;
    for (at, segment) in paragraph.split_sentence_bound_indices() {
        let end = at + segment.len();
        if goes_on(&paragraph[start..end], &paragraph[end..], abbreviations) {
            continue;
        }
        found.extend(unglued(&paragraph[start..end]));
        start = end;
    }
    found
}

/// Parts sentences whose space was lost ("the mayor said.The vote follows"), which Unicode's rules keep together
/// for the sake of names such as "U.S.Army".
fn unglued(text: &str) -> impl Iterator<Item = &str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let bounds = text.match_indices('.').map(|(at, stop)| at + stop.len());
    let parts_here = |&bound: &usize| {
        let (before, after) = (&text[..bound - 1], &text[bound..]);
        is_glue(before, after) || opens_with_number(before, after)
    };
    for bound in bounds.filter(parts_here) {
        parts.push(text[start..bound].trim());
        start = bound;
    }
    parts.push(text[start..].trim());
    parts.into_iter().filter(|part| !part.is_empty())
}

/// "Stir well. 400 g are left": Unicode's rules look past the number, to the small letter behind it. A long word in small
/// letters is no abbreviation.
fn opens_with_number(before: &str, after: &str) -> bool {
    let word = before.rsplit(' ').next().unwrap_or_default();
    let is_long = word.chars().count() >= 5 && word.chars().all(char::is_lowercase);
    is_long
        && after
            .strip_prefix(' ')
            .is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()))
}

/// Two small letters before the stop, and behind it a capital and a small letter or a space, with or without the number
/// of a note before them ("lost.1 The port").
fn is_glue(before: &str, after: &str) -> bool {
    let noted = after.trim_start_matches(|c: char| c.is_ascii_digit());
    let after = if (1..=2).contains(&(after.len() - noted.len())) {
        noted.trim_start()
    } else {
        after
    };
    let mut next = after.chars();
    before.chars().rev().take(2).filter(|c| c.is_lowercase()).count() == 2
        && next.next().is_some_and(char::is_uppercase)
        && next.next().is_some_and(|c| c.is_lowercase() || c == ' ')
}

/// Whether a text closes as a sentence does, quotation marks and brackets aside.
pub(crate) fn is_complete(text: &str) -> bool {
    terminator(text).is_some()
}

/// Whether it closes as a question.
pub(crate) fn is_question(text: &str) -> bool {
    let is_mark = |c: &char| ['?', '？', '؟'].contains(c);
    let end = text.trim_end().trim_end_matches(CLOSERS);
    // "Really?!"
    is_complete(end)
        && end
            .chars()
            .rev()
            .take_while(|c| TERMINATORS.contains(c))
            .any(|c| is_mark(&c))
}

fn terminator(text: &str) -> Option<char> {
    let last = text.trim_end().trim_end_matches(CLOSERS).chars().next_back();
    last.filter(|c| TERMINATORS.contains(c))
}

/// Whether the boundary between `before` and `after` lies inside a sentence.
fn goes_on(before: &str, after: &str, abbreviations: Abbreviations<'_>) -> bool {
    let is_joined = before.ends_with('.') && after.starts_with(char::is_alphanumeric);
    let before = before.trim_end();
    let trimmed = after.trim_start();
    let after = trimmed.trim_start_matches(OPENERS);
    let Some(next) = after.chars().next() else {
        return false;
    };
    // `"Why?" he asked.` and `Well … he said.`
    if next.is_lowercase() {
        return true;
    }
    // „Kein Hafen ohne Boote!“ (KHB) tagt: a sentence in brackets is not followed by a small letter.
    let bracket = trimmed.strip_prefix('(').and_then(|rest| rest.split_once(") "));
    if bracket.is_some_and(|(_, rest)| rest.starts_with(char::is_lowercase)) {
        return true;
    }
    // "Hey! Hey! Hey!": a name with a mark of its own is said again.
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    if last.ends_with('!') && after.starts_with(last) {
        return true;
    }
    let Some(head) = before.strip_suffix('.') else {
        return false;
    };
    // "Modern .NET programs": a stop that opens a name.
    if head.ends_with(' ') && is_joined {
        return true;
    }
    let word = head
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default()
        .trim_start_matches(OPENERS);
    // "then-Rep. Example"
    let title = word.rsplit('-').next().unwrap_or(word);
    if abbreviations.is_attached(word) || abbreviations.is_attached(title) {
        return true;
    }
    if next.is_numeric() && (abbreviations.is_numbered(word) || abbreviations.is_open(word)) {
        return true;
    }
    // "9. bis 23. Februar", also where the language was mistaken.
    if is_ordinal(word) && is_month(first_word(after)) {
        return true;
    }
    // "Zum 100. Geburtstag": a number that only these nouns show to be no year.
    const COUNTED: &str = " Geburtstag Jahrestag Todestag Jubiläum Auflage Ausgabe Spieltag Minute Mal ";
    let is_counted = word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit());
    if is_counted && COUNTED.contains(&format!(" {} ", first_word(after))) {
        return true;
    }
    let unsure = abbreviations.is_open(word)
        || is_initials(word)
        || (abbreviations.has_ordinals() && is_ordinal(word));
    unsure && !abbreviations.is_opener(first_word(after))
}

/// `J`, `U.S`, `a.m`, `EE.UU`: letters in groups of up to three with stops between them, a lone group being one.
fn is_initials(word: &str) -> bool {
    let mut groups = word.split(['.', '-']);
    let letters = |group: &str, most: usize| {
        !group.is_empty() && group.chars().count() <= most && group.chars().all(char::is_alphabetic)
    };
    // An address of the web may end a sentence as any word does.
    if word.starts_with("www.") {
        return false;
    }
    if word.contains('.') {
        groups.all(|group| letters(group, 3))
    } else {
        groups.all(|group| letters(group, 1)) && word.chars().next().is_some_and(char::is_alphabetic)
    }
}

/// A day or a century; a larger number before a full stop is more likely a year at the end of a sentence.
fn is_ordinal(word: &str) -> bool {
    (1..=2).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())
}

/// A month as the languages with ordinals in dates write it, that capitalise it.
fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 14] = [
        "Januar",
        "Jänner",
        "Februar",
        "Feber",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ];
    MONTHS.contains(&word)
}

/// The first word with a French elision's apostrophe: `L'accord` → `L'`.
pub(crate) fn first_word(text: &str) -> &str {
    let end = text
        .char_indices()
        .find(|(_, c)| !c.is_alphanumeric())
        .map_or(text.len(), |(at, c)| if c == '\'' { at + 1 } else { at });
    &text[..end]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
        sentences(text, language.parse::<Language>().ok().as_ref())
    }

    #[test]
    fn cases_of_each_language() {
        for (name, language, input, expected) in crate::cases::all("sentences") {
            let found = split(input.trim(), &language);
            assert_eq!(found, expected.lines().collect::<Vec<_>>(), "{name}");
        }
    }

    #[test]
    fn closing_marks_belong_to_the_sentence() {
        assert_eq!(
            split(
                "\u{201c}Stop!\u{201d} he said. (Nobody did.) \u{ab}Non.\u{bb} Fin.",
                "en"
            ),
            [
                "\u{201c}Stop!\u{201d} he said.",
                "(Nobody did.)",
                "\u{ab}Non.\u{bb}",
                "Fin."
            ]
        );
    }

    #[test]
    fn a_name_with_a_mark_of_its_own_is_not_parted() {
        let text = "The singers of Hey! Hey! Hey! met in Oslo. Stop! Nobody did.";
        assert_eq!(
            split(text, "en"),
            [
                "The singers of Hey! Hey! Hey! met in Oslo.",
                "Stop!",
                "Nobody did."
            ]
        );
        assert_eq!(
            split("Stir until smooth. 400 g are left, or ca. 400 g.", "en"),
            ["Stir until smooth.", "400 g are left, or ca. 400 g."]
        );
        let text = "Am 100. Geburtstag des Hafens regnet es.";
        assert_eq!(split(text, "de"), [text]);
        let text = "Die Initiative „Kein Hafen ohne Boote!“ (KHB) tagt im Mai.";
        assert_eq!(split(text, "de"), [text]);
        let text = "Modern .NET ports run.";
        assert_eq!(split(text, "en"), [text]);
        assert!(is_question("Really?!") && !is_question("Really!"));
    }

    #[test]
    fn a_lost_space_parts_sentences_and_names_stay() {
        assert_eq!(
            split(
                "The mayor said.The vote follows.A day later, the U.S.Army left example.org.",
                "en"
            ),
            [
                "The mayor said.",
                "The vote follows.",
                "A day later, the U.S.Army left example.org."
            ]
        );
        assert_eq!(
            split("The dues rose yearly.1 The port fell silent.", "en"),
            ["The dues rose yearly.", "1 The port fell silent."]
        );
    }

    #[test]
    fn a_line_without_its_stop_is_no_complete_sentence() {
        assert!(is_complete("It rained."));
        assert!(is_complete("“It rained.”"));
        assert!(is_complete("雨が降った。」"));
        assert!(!is_complete("Rain in the north"));
        assert!(!is_complete("They said:"));
        assert!(is_question("Why now?"));
        assert!(!is_question(""));
    }

    proptest! {
        #[test]
        fn sentences_hold_every_letter_in_order(text in r#"[ \n.!?"A-Za-z0-9“”…éßж。\-]{0,120}|\PC{0,80}"#) {
            let fold = |text: &str| text.split_whitespace().collect::<String>();
            let found = sentences(&text, None);
            prop_assert_eq!(fold(&found.concat()), fold(&text));
            prop_assert!(found.iter().all(|sentence| !sentence.is_empty()));
        }
    }
}
