//! White space, words and their like in plain text.

use std::{hash::Hasher, sync::OnceLock};

use aho_corasick::{AhoCorasick, packed};
use rustc_hash::FxHasher;

use crate::{parse::decode_into, scan};

/// Words that are looked for together, in one pass over a text.
pub(crate) struct AnyOf {
    words: &'static [&'static str],
    search: OnceLock<Search>,
}

enum Search {
    /// Compares many bytes at a time.
    Packed(packed::Searcher),
    /// For processors that cannot.
    Automaton(AhoCorasick),
}

impl AnyOf {
    /// To be kept in a `static`, since the search takes time to prepare.
    pub(crate) const fn of(words: &'static [&'static str]) -> Self {
        Self {
            words,
            search: OnceLock::new(),
        }
    }

    /// Whether one of them stands in a text, in the same case.
    pub(crate) fn stands_in(&self, text: &str) -> bool {
        let prepare = || match packed::Searcher::new(self.words) {
            Some(search) => Search::Packed(search),
            None => Search::Automaton(AhoCorasick::new(self.words).expect("a few short words fit")),
        };
        match self.search.get_or_init(prepare) {
            Search::Packed(search) => search.find(text).is_some(),
            Search::Automaton(search) => search.is_match(text),
        }
    }
}

/// Which bytes are among some.
pub(crate) const fn byte_set(bytes: &[u8]) -> [bool; 256] {
    let mut set = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        set[bytes[at] as usize] = true;
        at += 1;
    }
    set
}

/// Whether a character counts as white space: Unicode's, and those that are drawn as nothing.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}' | '\u{2060}')
}

/// Appends text with its character references decoded and white space folded to single spaces; `from` is where
/// the text being built began in `out`. Trailing white space leaves one space.
pub(crate) fn append_folded(raw: &str, out: &mut String, from: usize) {
    // Most texts are white space between elements.
    if scan::is_blank(raw.as_bytes()) {
        if !raw.is_empty() && out.len() > from && !out.ends_with(' ') {
            out.push(' ');
        }
    } else if memchr::memchr(b'&', raw.as_bytes()).is_some() {
        let mut decoded = String::with_capacity(raw.len());
        decode_into(raw, false, &mut decoded);
        fold_into(&decoded, out, from);
    } else {
        fold_into(raw, out, from);
    }
}

/// The first bytes of all blank characters.
const MAY_BE_BLANK: [bool; 256] = byte_set(b"\t\n\x0b\x0c\r \xc2\xe1\xe2\xe3\xef");

/// Appends text with white space folded to single spaces.
pub(crate) fn fold_into(text: &str, out: &mut String, from: usize) {
    let bytes = text.as_bytes();
    let (mut run, mut at) = (0, 0);
    loop {
        if bytes.get(at).is_some_and(|byte| *byte != b' ') {
            at += scan::plain(&bytes[at..]);
        }
        let may_be_blank = |byte: &u8| MAY_BE_BLANK[usize::from(*byte)];
        let Some(found) = bytes[at..].iter().position(may_be_blank) else {
            break;
        };
        at += found;
        // A lone space between two words stays part of the run.
        if bytes[at] == b' ' && at > run && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic) {
            at += 1;
            continue;
        }
        let rest = text[at..].trim_ascii_start().trim_start_matches(is_blank);
        let end = text.len() - rest.len();
        if end == at {
            at += 1;
            continue;
        }
        out.push_str(&text[run..at]);
        if out.len() > from && !out.ends_with(' ') {
            out.push(' ');
        }
        (run, at) = (end, end);
    }
    out.push_str(&text[run..]);
}

/// Takes off the space that folding may have left at the end.
pub(crate) fn trim_end(out: &mut String, from: usize) {
    if out.len() > from && out.ends_with(' ') {
        out.pop();
    }
}

/// White space folded to single spaces, none at the ends.
pub(crate) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold_into(text, &mut out, 0);
    trim_end(&mut out, 0);
    out
}

/// The start of a text, at most so many characters, cut between words where there are any.
pub(crate) fn excerpt(text: &str, chars: usize) -> &str {
    let Some((cut, _)) = text.char_indices().nth(chars) else {
        return text;
    };
    let head = &text[..cut];
    head.rfind(' ').map_or(head, |space| &head[..space])
}

/// Letters and digits only, in lower case, words parted by single spaces: for comparing titles and names.
pub(crate) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            key.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() {
            key.extend(c.to_lowercase());
        } else if c != '\u{AD}' && !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    trim_end(&mut key, 0);
    key
}

/// A number that hardly any other text of a page has.
pub(crate) fn hash(text: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(text);
    hasher.finish()
}

/// Number of words: runs of letters and digits; each Chinese, Japanese or Korean character counts half.
pub(crate) fn words(text: &str) -> usize {
    let (mut words, mut ideographs, mut inside) = (0, 0, false);
    for c in text.chars() {
        if matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}') {
            ideographs += 1;
            inside = false;
        } else if c.is_alphanumeric() {
            words += usize::from(!inside);
            inside = true;
        } else if !matches!(c, '\'' | '’' | '-' | '\u{AD}') {
            inside = false;
        }
    }
    words + ideographs / 2
}

/// Number of words in texts, counted no further than `enough`.
pub(crate) fn words_up_to<'a>(texts: impl Iterator<Item = &'a str>, enough: usize) -> usize {
    let mut sum = 0;
    for text in texts {
        sum += words(text);
        if sum >= enough {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_of_every_kind_folds() {
        let mut out = String::new();
        append_folded(" a&nbsp;\n b\u{200B}c  ", &mut out, 0);
        append_folded(" d\t", &mut out, 0);
        trim_end(&mut out, 0);
        assert_eq!(out, "a b c d");
        assert_eq!(folded("  漢字　かな  é\u{2009}x "), "漢字 かな é x");
        assert_eq!(folded("one two  three"), "one two three");
    }

    #[test]
    fn words_are_looked_for_together() {
        static WORDS: AnyOf = AnyOf::of(&["told ", "Wire", "©"]);
        for (text, stands) in [
            ("She told them.", true),
            ("© Northern", true),
            ("NORTHERN WIRE told", false),
            ("", false),
        ] {
            assert_eq!(WORDS.stands_in(text), stands, "{text}");
        }
    }

    #[test]
    fn keys_and_words() {
        assert_eq!(key(" Ünder-Way: “Now”! "), "ünder way now");
        assert_eq!(words("Don't stop the re-count, 2,500 times"), 7);
        assert_eq!(excerpt("one two three", 8), "one two");
    }
}
