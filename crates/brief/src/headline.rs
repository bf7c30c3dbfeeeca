//! What a headline says, and how much of it a sentence says again.

use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation;

use crate::{fitness::is_dense, told::tidy};

/// Whether a line is the headline, which may have the site's name behind it.
pub(crate) fn is_again(line: &str, headline: &str) -> bool {
    let (line, headline) = (tidy(line).to_lowercase(), tidy(headline).to_lowercase());
    let rest = headline.strip_prefix(line.as_str()).map(str::trim_start);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '–', '—', '|', '_']))
}

/// How many letters of a word count: enough to tell words apart, few enough to look past endings.
const STEM: usize = 5;

/// Short words that carry no meaning, though a headline may write them with a capital.
const EMPTY: &str = " the and for are its his her has was how why who what when where with from you your our this that not can new all der die das des den \
    dem ein eine und mit von vom für auf aus bei wie was wer les des une est pour dans los las del por para con una che per com ";

/// The words of a headline that carry meaning, each by its beginning: numbers, names and words of some length.
pub(crate) fn named(headline: &str) -> HashSet<String> {
    let words = headline.unicode_words().filter(|word| {
        let chars = word.chars().count();
        let is_name = || {
            chars >= 3
                && word.starts_with(char::is_uppercase)
                && !EMPTY.contains(&format!(" {} ", word.to_lowercase()))
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
fn stem(word: &str) -> String {
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
}
