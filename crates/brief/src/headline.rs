//! What a headline says, how much of it a sentence says again, and what stands behind one that is said again.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

use crate::{fitness::is_dense, told::tidy, word_list, words::Dates};

/// Whether a line is the headline, which may have the site's name behind it.
pub(crate) fn is_again(line: &str, headline: &str) -> bool {
    let (line, headline) = (tidy(line).to_lowercase(), tidy(headline).to_lowercase());
    let rest = headline.strip_prefix(line.as_str()).map(str::trim_start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '–', '—', '|', '_']))
}

/// The paragraph behind the headline, where it says that again before its first sentence: `Harbour closed: The port …`,
/// or, with more words than a name has, without a mark: `Photo: Ann Harbour closed after the storm The port …`.
pub(crate) fn after_headline<'a>(paragraph: &'a str, headline: &str) -> &'a str {
    let words = headline.split_whitespace().count();
    let behind = |at: usize| {
        let rest = after_again(&paragraph[at..], headline.trim())?;
        let marks = [": ", " – ", " — ", " - ", " | "];
        let marked = marks.iter().find_map(|mark| rest.strip_prefix(mark));
        let least = if at == 0 { GLUED_WORDS } else { GLUED_WITHIN_WORDS };
        let glued = rest
            .strip_prefix(' ')
            .filter(|body| words >= least && opens_sentence(body));
        marked.filter(|_| at == 0 && words > 0).or(glued)
    };
    let word_starts = paragraph.match_indices(' ').map(|(at, space)| at + space.len());
    // What stands before it is no sentence.
    let is_line = |at: usize| !paragraph[..at].trim_end().ends_with(['.', '!', '?']);
    let within = word_starts.take_while(|&at| words >= GLUED_WITHIN_WORDS && at < GLUED_BYTES && is_line(at));
    let found = std::iter::once(0).chain(within).find_map(behind);
    // A page may leave a first name out: "Example closes the port The mayor …".
    let shorter = headline.trim().split_once(' ').map(|(_, shorter)| shorter);
    let shorter = shorter.filter(|_| words > GLUED_WITHIN_WORDS);
    let behind_shorter = || {
        after_again(paragraph, shorter?)?
            .strip_prefix(' ')
            .filter(|body| opens_sentence(body))
    };
    found.or_else(behind_shorter).unwrap_or(paragraph)
}

/// So many words of a headline are no name that a sentence goes on from.
const GLUED_WORDS: usize = 3;

/// The same where something else, as a picture's credit, stands before it.
const GLUED_WITHIN_WORDS: usize = 5;

/// How far down that is looked for, in bytes.
const GLUED_BYTES: usize = 200;

/// A capital with a small letter or a space behind it, and no day, with which a sentence may go on from a headline's words.
fn opens_sentence(body: &str) -> bool {
    let mut signs = body.chars();
    let first = body.split(' ').next().unwrap_or_default();
    signs.next().is_some_and(char::is_uppercase)
        && signs
            .next()
            .is_some_and(|c| c.is_lowercase() || c == ' ' || c == '.')
        && !Dates::name(&first.to_lowercase())
}

/// What stands behind a headline that a text opens with, whatever its quotation marks look like.
fn after_again<'a>(text: &'a str, headline: &str) -> Option<&'a str> {
    let plain = |c: char| match c {
        '‘' | '’' | '`' => '\'',
        '“' | '”' | '„' => '"',
        c => c,
    };
    let is_same = |one: char, other: char| plain(one).to_lowercase().eq(plain(other).to_lowercase());
    let mut rest = text.chars();
    headline
        .chars()
        .all(|c| rest.next().is_some_and(|other| is_same(c, other)))
        .then_some(rest.as_str())
}

/// How many letters of a word count: enough to tell words apart, few enough to look past endings.
const STEM: usize = 5;

/// Short words that carry no meaning, though a headline may write them with a capital.
const EMPTY: &str = "the and for are its his her has was how why who what when where with from you your our this that not can new all der die das des den \
    dem ein eine und mit von vom für auf aus bei wie was wer les des une est pour dans los las del por para con una che per com";

/// The words of a headline that carry meaning, each by its beginning: numbers, names and words of some length.
pub(crate) fn named(headline: &str) -> HashSet<String> {
    let words = headline.unicode_words().filter(|word| {
        let chars = word.chars().count();
        let is_name = || {
            chars >= 3
                && word.starts_with(char::is_uppercase)
                && !word_list::holds(EMPTY, &word.to_lowercase())
        };
        chars >= STEM || word.chars().any(|c| c.is_numeric() || is_dense(c)) || is_name()
    });
    words.map(stem).collect()
}

/// How many of these words a sentence says.
pub(crate) fn shared(sentence: &str, named: &HashSet<String>) -> usize {
    let said: HashSet<String> = sentence.unicode_words().map(stem).collect();
    said.intersection(named).count()
}

/// A word by its beginning.
pub(crate) fn stem(word: &str) -> String {
    let length = if word.starts_with(is_dense) { 2 } else { STEM };
    word.chars().take(length).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shared_by_their_beginnings_and_small_ones_by_their_capital() {
        for (headline, sentence, count) in [
            (
                "Port Closes Its Gates",
                "The port has closed, and its gate is lost.",
                2,
            ),
            (
                "Harbour closed in 1911",
                "In 1911, harbours everywhere were closed.",
                3,
            ),
            ("The Harbour and the Sea", "The town and its people slept.", 0),
            ("Hafen gesperrt", "Der Hafen bleibt bis Mai zu.", 1),
            ("港が閉まる", "港は五月まで閉まっている。", 4),
            ("", "The port closed.", 0),
        ] {
            assert_eq!(shared(sentence, &named(headline)), count, "{headline}");
        }
    }

    #[test]
    fn a_headline_is_said_again_before_the_name_of_its_site() {
        assert!(is_again("Harbour closed", "Harbour closed | The Port"));
        assert!(!is_again("Harbour", "Harbour closed | The Port"));
    }

    #[test]
    fn a_headline_that_is_said_again_before_the_sentence_comes_off() {
        let headline = "„Kleiner“ Hafen gesperrt";
        let again = format!("{headline}: Der Hafen bleibt bis Mai zu.");
        assert_eq!(after_headline(&again, headline), "Der Hafen bleibt bis Mai zu.");
        assert_eq!(
            after_headline("Der Hafen: Was nun?", "Der"),
            "Der Hafen: Was nun?"
        );
        assert_eq!(
            after_headline(
                "Quay notes The port is closed for weeks Crews wait.",
                "The Port Is Closed for Weeks"
            ),
            "Crews wait."
        );
        assert_eq!(
            after_headline(
                "Example closes the port for weeks The crews wait.",
                "Ann Example closes the port for weeks"
            ),
            "The crews wait."
        );
        assert_eq!(after_headline(": Nun ja.", ""), ": Nun ja.");
        let headline = "Why Ann’s harbour was closed";
        for (paragraph, body) in [
            (
                "Why Ann's harbour was closed The quay is dry.",
                "The quay is dry.",
            ),
            (
                "| Bo Sample Why Ann's harbour was closed The quay is dry.",
                "The quay is dry.",
            ),
            (
                "It rained. Why Ann's harbour was closed The quay is dry.",
                "It rained. Why Ann's harbour was closed The quay is dry.",
            ),
            (
                "Why Ann's harbour was closed Monday is not known.",
                "Why Ann's harbour was closed Monday is not known.",
            ),
            (
                "Why Ann's harbour was closed is not known.",
                "Why Ann's harbour was closed is not known.",
            ),
        ] {
            assert_eq!(after_headline(paragraph, headline), body);
        }
        assert_eq!(
            after_headline("Ann Example Marsh sails.", "Ann Example"),
            "Ann Example Marsh sails."
        );
    }
}
