//! Words and phrases that an editor looks for, and texts in which they are found.
//!
//! A keyword is whole words in any case. A word of three letters or more is also found with an ending that words of the
//! text's language take: "Bank" finds "Banken", and "minister" finds "minister's". For compounds, `*` at an end of a
//! word stands for any letters: "*bank" finds "Notenbank" and "Notenbanken", "bank*" finds "Bankenaufsicht".

use std::cmp::Ordering;

use reveille_model::Language;
use unicode_segmentation::UnicodeSegmentation;

/// Endings of words by language.
const ENDINGS: [(&str, &[&str]); 4] = [
    ("de", &["e", "em", "en", "er", "ern", "es", "n", "nen", "s"]),
    ("en", &["es", "s"]),
    ("es", &["es", "s"]),
    ("fr", &["e", "es", "s", "x"]),
];

/// Words of so many letters take no ending but an s, or "Rat" would find "raten"; shorter ones none, or "UN" would find
/// "uns".
const SHORT: usize = 3;

/// A text, ready to be searched.
pub(crate) struct Text {
    words: Vec<Word>,
    endings: &'static [&'static str],
    /// Whether a capital tells nouns from other words, as in German.
    has_capital_nouns: bool,
}

/// A word of a text, or of a keyword.
struct Word {
    /// In lower case.
    letters: String,
    is_capital: bool,
    /// Whether a `*` stands right before it: other letters may.
    opens: bool,
    /// Whether one stands right after it.
    goes_on: bool,
}

impl Text {
    /// A text that is written in some language, where that is known.
    pub(crate) fn of(text: &str, language: Option<&Language>) -> Self {
        let code = language.map_or("", Language::as_str);
        let endings = ENDINGS.iter().find(|(known, _)| *known == code);
        Self {
            words: words(text),
            endings: endings.map_or(&[], |(_, endings)| endings),
            has_capital_nouns: code == "de",
        }
    }

    /// How many of the keywords stand in it.
    pub(crate) fn count(&self, keywords: &[Keyword]) -> usize {
        keywords.iter().filter(|keyword| self.holds(keyword)).count()
    }

    /// Whether a keyword stands in it.
    pub(crate) fn holds(&self, keyword: &Keyword) -> bool {
        let meets = |here: &[Word]| {
            let mut pairs = keyword.0.iter().zip(here);
            pairs.all(|(wanted, word)| self.meets(wanted, word))
        };
        self.words.windows(keyword.0.len()).any(meets)
    }

    fn meets(&self, wanted: &Word, word: &Word) -> bool {
        let (letters, stem) = (word.letters.as_str(), wanted.letters.as_str());
        let is_met = |letters: &str| {
            if wanted.opens {
                letters.ends_with(stem)
            } else {
                letters == stem
            }
        };
        match (wanted.opens, wanted.goes_on) {
            (true, true) => letters.contains(stem),
            (false, true) => letters.starts_with(stem),
            (_, false) => is_met(letters) || self.without_ending(wanted, word).any(is_met),
        }
    }

    /// What a word may be a form of. Where nouns have capitals, what has none is no form of a noun: "handeln" none of
    /// "Handel".
    fn without_ending<'a>(&self, wanted: &Word, word: &'a Word) -> impl Iterator<Item = &'a str> {
        let is_other = self.has_capital_nouns && wanted.is_capital && !word.is_capital;
        let length = wanted.letters.chars().count();
        let taken = move |ending: &&&str| match length.cmp(&SHORT) {
            Ordering::Less => false,
            Ordering::Equal => matches!(**ending, "s" | "es"),
            Ordering::Greater => true,
        };
        let endings = self.endings.iter().filter(move |_| !is_other).filter(taken);
        endings.filter_map(|ending| word.letters.strip_suffix(ending))
    }
}

/// One word after the other.
pub(crate) struct Keyword(Vec<Word>);

impl Keyword {
    /// The keyword that an editor wrote; `None` where that has no word.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let words = words(text);
        (!words.is_empty()).then_some(Self(words))
    }
}

/// Whether there is a word in it to look for.
#[must_use]
pub fn is_keyword(text: &str) -> bool {
    Keyword::read(text).is_some()
}

/// The words of a text. An apostrophe parts them: "l'élection" holds "élection", and "minister's" holds "minister".
fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for (mut start, word) in text.unicode_word_indices() {
        for part in word.split(['\'', '’']) {
            let (before, after) = (&text[..start], &text[start + part.len()..]);
            if !part.is_empty() {
                words.push(Word {
                    letters: part.to_lowercase(),
                    is_capital: part.starts_with(char::is_uppercase),
                    opens: before.ends_with('*'),
                    goes_on: after.starts_with('*'),
                });
            }
            start += part.len() + after.chars().next().map_or(0, char::len_utf8);
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(keyword: &str, text: &str, language: &str) -> bool {
        let text = Text::of(text, language.parse().ok().as_ref());
        text.holds(&Keyword::read(keyword).unwrap())
    }

    #[test]
    fn keywords_are_whole_words_in_any_case() {
        assert!(!found("war", "A reward for a warden. Wardrobes sell.", "en"));
        assert!(found("war", "WAR: day nine", "en"));
        assert!(found(
            "Cease Fire",
            "They agreed on a cease\u{a0}fire, he said.",
            "en"
        ));
        assert!(!found("Cease Fire", "They cease to fire.", "en"));
        assert!(found("選挙", "次の選挙は三月に", "ja"));
    }

    #[test]
    fn words_are_found_with_the_endings_of_their_language() {
        for (keyword, text, language) in [
            ("Bank", "Die Banken zögern", "de"),
            ("Ministerin", "Drei Ministerinnen reisen", "de"),
            ("Krieg", "Ende des Krieges", "de"),
            ("deutsche Bahn", "Bei der Deutschen Bahn", "de"),
            ("AfD", "Die Stimmen der AfDs", "de"),
            ("minister", "the minister’s letter", "en"),
            ("minister", "two ministers", "en"),
            ("élection", "L’élection de mai", "fr"),
            ("ministro", "los ministros", "es"),
        ] {
            assert!(found(keyword, text, language), "{keyword}: {text}");
        }
        for (keyword, text, language) in [
            ("UN", "Das geht uns an", "de"),
            ("Rat", "Wir raten ab", "de"),
            ("Handel", "Wer jetzt handeln muss", "de"),
            ("Bank", "Die Bankette am Weg", "de"),
            ("bank", "The banken", "en"),
            ("minister", "to administer", "en"),
            ("bank", "Banks", "tlh"),
        ] {
            assert!(!found(keyword, text, language), "{keyword}: {text}");
        }
    }

    #[test]
    fn a_star_stands_for_the_other_parts_of_a_compound() {
        for (keyword, text) in [
            ("*bank", "Die Notenbank hebt die Zinsen"),
            ("*bank", "Die Bank hebt die Zinsen"),
            ("*bank", "Zwei Notenbanken zögern"),
            ("bank*", "Die Bankenaufsicht mahnt"),
            ("*bank*", "Der Notenbankchef geht"),
            ("*minister*", "Die Außenministerin reist"),
            ("freie *wahl", "Eine freie Bundestagswahl"),
        ] {
            assert!(found(keyword, text, "de"), "{keyword}: {text}");
        }
        for (keyword, text) in [
            ("*bank", "Die Bankenaufsicht mahnt"),
            ("bank*", "Die Notenbank hebt"),
        ] {
            assert!(!found(keyword, text, "de"), "{keyword}: {text}");
        }
        assert!(Keyword::read(" * - ").is_none());
    }
}
