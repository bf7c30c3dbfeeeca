//! How well each sentence of a paragraph could stand for its story.

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

use crate::{
    author_note::is_author_note,
    boilerplate::{boilerplate, is_title},
    furniture::{has_glued_name, is_captioned, is_dated, is_furniture, is_greeting},
    opening::{after_dateline, after_heading},
    sentence::{is_complete, is_question, sentences},
    shorten::shorten,
    summary::SUMMARY_MAX,
    unresolved::outside_quotes,
    verb::{Verb, statement},
};

/// A sentence shorter than this, in characters, rarely tells the news ("That changed on Monday.").
const ENOUGH_CHARS: usize = 30;

/// The same for scripts that write a word in one or two signs.
const ENOUGH_DENSE_CHARS: usize = 14;

/// How well a sentence can stand for its story, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fitness {
    /// A whole statement of the right length.
    Good,
    /// A statement of which it is not sure that it is whole, or that it stands alone.
    Doubtful,
    /// A question, a greeting, part of a quotation, or what goes on from something else: it only holds its place.
    Awkward,
    /// A statement that lost its full stop, or that can only be cut at a word: it stands where there is nothing else.
    Open,
}

/// The sentences of a paragraph that could stand for a story: which of them, its words, and how well.
pub(crate) fn usable_sentences<'a>(
    paragraph: &'a str,
    language: Option<&Language>,
) -> Vec<(usize, &'a str, Fitness)> {
    let found = sentences(after_dateline(paragraph), language);
    let bare = |sentence: &'a str| {
        // Bullets, arrows and pictures.
        let bare = sentence.trim_start_matches(|c: char| is_ornament(c) || c == ' ');
        // What is left of a note such as "[1]" or "1" behind the full stop before.
        let noted = paragraph[..sentence.as_ptr().addr() - paragraph.as_ptr().addr()].ends_with('.');
        let digits = bare.trim_start_matches(|c: char| c.is_ascii_digit());
        let behind = digits.strip_prefix(if noted { " " } else { "] " });
        after_heading(behind.unwrap_or(bare), language)
    };
    let said = found.iter().map(|sentence| bare(sentence)).enumerate();
    let said: Vec<_> = said
        .filter(|(_, sentence)| boilerplate(sentence).is_none())
        .collect();
    // A form fills its paragraph, or most of it: no sentence of one is worth having.
    let is_form = said.len() * 2 <= found.len() || found.len() == 2 && boilerplate(paragraph).is_some();
    // What follows on the author is no more about the story.
    let least = match found.first() {
        Some(first) if is_author_note(first) => Fitness::Awkward,
        _ => Fitness::Good,
    };
    if is_form || is_captioned(&found) {
        return Vec::new();
    }
    let judged = said
        .into_iter()
        .filter_map(|(place, sentence)| Some((place, sentence, fitness(sentence, language)?.max(least))));
    judged.collect()
}

/// A bullet, a dash, an arrow or a picture: what stands before a line for its looks.
fn is_ornament(c: char) -> bool {
    "•*·-–—".contains(c)
        || matches!(c, '\u{2190}'..='\u{21FF}' | '\u{25A0}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{200B}'..='\u{200D}' | '\u{FE0F}' | '\u{FEFF}' | '\u{1F1E6}'..='\u{1FAFF}')
}

/// How well a sentence that is no boilerplate would do, `None` where it cannot.
fn fitness(sentence: &str, language: Option<&Language>) -> Option<Fitness> {
    if is_furniture(sentence) {
        return None;
    }
    let is_part =
        is_half_quoted(sentence) || opens_small(sentence) || is_gapped(sentence) || has_glued_name(sentence);
    let is_awkward = is_part || is_question(sentence) || is_greeting(sentence) || is_author_note(sentence);
    let stated = stated(sentence, language)?;
    match is_awkward {
        true => (stated < Fitness::Awkward).then_some(Fitness::Awkward),
        false => Some(stated),
    }
}

/// How well it would do by what it states, and at what length; `None` where that is nothing, or too little.
fn stated(sentence: &str, language: Option<&Language>) -> Option<Fitness> {
    let chars = sentence.chars().count();
    let dense = sentence.chars().filter(|&c| is_dense(c)).count() * 2 > chars;
    let enough = chars >= if dense { ENOUGH_DENSE_CHARS } else { ENOUGH_CHARS };
    // English alone writes its headings with capitals and, at times, a full stop.
    let english = language.is_some_and(|language| language.as_str() == "en");
    let is_whole = is_complete(sentence);
    if !enough || (english || !is_whole) && is_title(sentence) {
        return None;
    }
    match statement(sentence, language) {
        Verb::Asks | Verb::None => None,
        verb if !is_whole => (verb == Verb::Main).then_some(Fitness::Open),
        _ if chars > SUMMARY_MAX && shorten(sentence, language).is_none() => Some(Fitness::Open),
        Verb::Perhaps => Some(Fitness::Doubtful),
        Verb::Main if is_dated(sentence) => Some(Fitness::Doubtful),
        Verb::Main => Some(Fitness::Good),
    }
}

/// Whether the first word is written small throughout, as within a sentence.
fn opens_small(sentence: &str) -> bool {
    let word = sentence.unicode_words().next().unwrap_or_default();
    sentence.starts_with(word)
        && word.starts_with(char::is_lowercase)
        && word.chars().all(|c| !c.is_uppercase())
}

/// Whether dots stand where something was left out of a sentence, within it or at its end: "The male has a... it begins
/// late.", "The mayor said that…".
fn is_gapped(sentence: &str) -> bool {
    let trails = ["…", "..."]
        .iter()
        .any(|dots| sentence.ends_with(dots) || sentence.starts_with(dots));
    let parts = |(at, dots): (usize, &str)| {
        let before = &sentence[..at];
        before.ends_with(' ')
            || before.ends_with(char::is_alphabetic)
                && sentence[at + dots.len()..].starts_with(char::is_alphabetic)
    };
    trails || sentence.match_indices("... ").any(parts) || sentence.match_indices("… ").any(parts)
}

/// Chinese, Japanese and Korean signs.
pub(crate) fn is_dense(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}')
}

/// Whether a quotation or a bracket opens or closes outside of this sentence, or is all of it, so that nobody says it.
fn is_half_quoted(sentence: &str) -> bool {
    const QUOTES: [char; 6] = ['“', '”', '"', '„', '«', '»'];
    let bare = sentence.trim_end_matches(['.', ',']);
    let all = bare
        .strip_prefix(QUOTES)
        .and_then(|rest| rest.strip_suffix(QUOTES));
    // `“It is” and “it is not.”`
    let is_bare = sentence.contains(['“', '"']) && outside_quotes(sentence).unicode_words().nth(1).is_none();
    if is_bare || all.is_some_and(|all| !all.contains(QUOTES)) {
        return true;
    }
    let count = |mark: char| sentence.chars().filter(|&c| c == mark).count();
    let curly = if count('„') > 0 {
        count('„') != count('“') + count('”')
    } else {
        count('“') != count('”')
    };
    // Typewriters end by two single marks what they open by a double one.
    let straight = count('"') + sentence.matches("''").count();
    curly
        || closes_first(sentence)
        || is_single_open(sentence)
        || count('(') != count(')')
        || straight % 2 == 1
        || count('«') != count('»')
}

/// Whether the first straight quotation mark ends a quotation that began before: `It is lost," the mayor told "The Quay".`
fn closes_first(sentence: &str) -> bool {
    let before = sentence
        .split_once('"')
        .and_then(|(before, _)| before.chars().next_back());
    before.is_some_and(|c| c.is_alphanumeric() || ",.!?…".contains(c))
}

/// Whether a quotation between single marks ends outside of this sentence: `The mayor said, 'We are late.`
fn is_single_open(sentence: &str) -> bool {
    let opens = |(at, mark): (usize, &str)| {
        let behind = &sentence[at + mark.len()..];
        let is_opening = sentence[..at].ends_with(' ') && behind.starts_with(char::is_uppercase);
        is_opening.then_some(behind)
    };
    let closes = |(at, mark): (usize, &str), said: &str| {
        !said[at + mark.len()..].starts_with(char::is_alphanumeric) && !said[..at].ends_with(' ')
    };
    let said = sentence.rmatch_indices(['\'', '‘']).find_map(opens);
    said.is_some_and(|said| !said.match_indices(['\'', '’']).any(|mark| closes(mark, said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_that_began_or_ends_elsewhere_is_half_of_one() {
        for (sentence, is) in [
            (
                "It is lost,\" the mayor told \"The Quay\" on Monday in an \"interview.\"",
                true,
            ),
            ("\"It is lost,\" the mayor told \"The Quay\" on Monday.", false),
            ("The mayor told \"The Quay\" that it is lost.", false),
            ("It is lost,” the mayor said.", true),
            ("The mayor told \"The Quay'' that it is lost.", false),
            ("The mayor said little beyond, 'We’re late.", true),
            ("The mayor said little beyond ‘We’re late.’", false),
            ("The mayor's 'Quay' is lost.", false),
            ("The port (the old one) is lost.", false),
            ("“It is lost,” but “it is not lost for good.”", true),
            ("“It is lost,” but “it is not lost for good,” Ann said.", false),
            ("The port (the old one is lost.", true),
        ] {
            assert_eq!(is_half_quoted(sentence), is, "{sentence}");
        }
    }
}
