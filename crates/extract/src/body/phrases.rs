//! Stock phrases of templates, in the languages of the press: lines that are never part of an article.
//!
//! The phrases stand in `phrases.tsv`, one a line: what it is, how sure it is, how it begins.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::body::Reason;

/// Longer lines are no stock phrases, in bytes.
const LONGEST: usize = 220;

/// How much may follow words that also begin sentences, in bytes.
const SHORT: usize = 80;

/// By how many of its first bytes an opening is looked up; none is shorter.
const KEY: usize = 3;

struct Opening {
    text: &'static str,
    reason: Reason,
    /// Whether the words also begin sentences.
    short: bool,
    /// Whether nothing of an article comes after such a line.
    end: bool,
}

static OPENINGS: LazyLock<FxHashMap<[u8; KEY], Vec<Opening>>> = LazyLock::new(|| {
    let mut index: FxHashMap<_, Vec<Opening>> = FxHashMap::default();
    for line in include_str!("phrases.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let mut columns = line.split('\t');
        let (Some(reason), Some(flags), Some(text)) = (columns.next(), columns.next(), columns.next()) else {
            continue;
        };
        let (Some(reason), Some(key)) = (reason_of(reason), key(text)) else {
            continue;
        };
        let opening = Opening {
            text,
            reason,
            short: flags.starts_with("short"),
            end: flags.ends_with("end"),
        };
        index.entry(key).or_default().push(opening);
    }
    index
});

fn reason_of(word: &str) -> Option<Reason> {
    use Reason::*;
    [
        Ad, Byline, Related, Newsletter, Social, Comments, Credit, Phrase, Navigation, Form, Media, Consent,
        Meta, Correction,
    ]
    .into_iter()
    .find(|reason| reason.as_str() == word)
}

/// A line that is a stock phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stock {
    /// What it is.
    pub(crate) reason: Reason,
    /// Whether nothing of an article comes after it.
    pub(crate) ends_article: bool,
}

/// What a line is, where it is a stock phrase. Notices of correction are known at any length.
pub(crate) fn read(line: &str) -> Option<Stock> {
    let start = line.find(|c: char| c.is_alphanumeric() || matches!(c, '(' | '©'))?;
    let line_from_there = &line[start..];
    OPENINGS
        .get(&key(line_from_there)?)?
        .iter()
        .find(|opening| {
            after(opening.text, line_from_there).is_some_and(|rest| {
                if opening.reason == Reason::Correction {
                    return true;
                }
                let long = rest.len() > SHORT && !rest.trim_start().starts_with([':', '–', '-', '|', '>']);
                // "Advertisements" and "annonserar" are other words.
                let other_word = rest.starts_with(char::is_alphabetic) && rest.len() > 3;
                line.len() <= LONGEST && !(opening.short && (long || other_word))
            })
        })
        .map(|opening| Stock {
            reason: opening.reason,
            ends_article: opening.end,
        })
}

/// The first bytes of a text in lower case.
fn key(text: &str) -> Option<[u8; KEY]> {
    if let Some(key) = text.as_bytes().first_chunk::<KEY>().filter(|key| key.is_ascii()) {
        return Some(key.map(|byte| byte.to_ascii_lowercase()));
    }
    let mut bytes = text.chars().flat_map(char::to_lowercase).flat_map(|c| {
        let mut utf8 = [0; 4];
        let length = c.encode_utf8(&mut utf8).len();
        utf8.into_iter().take(length)
    });
    let mut key = [0; KEY];
    for byte in &mut key {
        *byte = bytes.next()?;
    }
    Some(key)
}

/// What follows an opening, which is in lower case, in a line that begins with it in whatever case.
pub(crate) fn after<'l>(opening: &str, line: &'l str) -> Option<&'l str> {
    let mut rest = line.chars();
    let is = |c: char, wanted| {
        if c.is_ascii() {
            c.to_ascii_lowercase() == wanted
        } else {
            c.to_lowercase().eq([wanted])
        }
    };
    let begins = opening
        .chars()
        .all(|wanted| rest.next().is_some_and(|c| is(c, wanted)));
    begins.then_some(rest.as_str())
}

/// What a line is, where it is a stock phrase.
pub(crate) fn stock(line: &str) -> Option<Reason> {
    read(line).map(|stock| stock.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_lines_are_known_and_sentences_are_not() {
        assert_eq!(stock("Advertisement"), Some(Reason::Ad));
        assert_eq!(
            stock("Read more: Harbour reopens after storm"),
            Some(Reason::Related)
        );
        assert_eq!(
            stock("By giving us your email, you are opting in to the Harbour Brief."),
            Some(Reason::Newsletter)
        );
        for line in [
            "Advertisement revenue fell by a third in the second quarter, the company told shareholders on Tuesday.",
            "Newsletters are how small papers reach readers.",
            "The council recommended closing the bridge.",
        ] {
            assert_eq!(stock(line), None, "{line}");
        }
        assert_eq!(
            stock("Correction: An earlier version misstated the year."),
            Some(Reason::Correction)
        );
        assert_eq!(stock("Correction officers walked out on Tuesday."), None);
        assert!(read("Leave a Reply").is_some_and(|stock| stock.ends_article));
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = include_str!("phrases.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .count();
        assert_eq!(OPENINGS.values().map(Vec::len).sum::<usize>(), lines);
    }
}
