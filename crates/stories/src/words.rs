//! Text to words: the one way in which every comparison of this crate reads.
//!
//! A word is its hash and what can be seen of it (quoted, a name, a number). The strings themselves are not kept.

use crate::spelling::{Letters, Spelling};

/// No more words of a text are read: a page of ten megabytes is a dump, and its beginning says what it is.
const MOST_WORDS: usize = 60_000;

/// One word, with its flags in the lowest bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word(u32);

const QUOTED: u32 = 1;
const NAME: u32 = 2;
const NUMBER: u32 = 4;
const SHORT: u32 = 8;
const CAPITAL: u32 = 16;
const FLAGS: u32 = 31;

/// A word of fewer characters is short.
const SHORTEST: u8 = 4;

impl Word {
    /// The word's identity, without how it was written here.
    pub(crate) const fn id(self) -> u32 {
        self.0 | FLAGS
    }

    /// Whether it stands inside quotation marks.
    pub(crate) const fn is_quoted(self) -> bool {
        self.0 & QUOTED != 0
    }

    /// Whether it is written with a capital inside a sentence.
    pub(crate) const fn is_name(self) -> bool {
        self.0 & NAME != 0
    }

    /// Whether it has three characters or fewer, as articles and prepositions mostly have.
    pub(crate) const fn is_short(self) -> bool {
        self.0 & SHORT != 0
    }

    /// Whether it can tell what a text is about. Short words in small letters are the language's, not the text's.
    pub(crate) const fn tells(self) -> bool {
        !self.is_short() || self.is_capital() || self.is_number()
    }

    /// Whether it is written with a capital, wherever it stands.
    pub(crate) const fn is_capital(self) -> bool {
        self.0 & CAPITAL != 0
    }

    /// Whether it begins with a digit.
    pub(crate) const fn is_number(self) -> bool {
        self.0 & NUMBER != 0
    }
}

/// A text as words, with the ends of its sentences.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    /// All words in order.
    pub(crate) words: Box<[Word]>,
    sentences: Box<[Sentence]>,
}

/// Where a sentence ends, and what it says, hashed.
#[derive(Debug, Clone, Copy)]
struct Sentence {
    end: u32,
    key: u32,
}

impl Words {
    /// The sentences in order, each with its key.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = (&[Word], u32)> {
        let mut from = 0;
        self.sentences.iter().map(move |sentence| {
            let words = &self.words[from..sentence.end as usize];
            from = sentence.end as usize;
            (words, sentence.key)
        })
    }
}

fn key(sentence: &[Word]) -> u32 {
    let hash = sentence.iter().fold(0x51_7c_c1_b7_27_22_0a_95_u64, |hash, word| {
        (hash ^ u64::from(word.id()))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
    });
    (hash ^ (hash >> 32)) as u32
}

/// Reads a text. Letters count without case, apostrophes inside a word are dropped (they are what damaged pages
/// lose first), thousands separators too; a Han, Kana or Hangul sign is a word of its own.
pub(crate) fn read(text: &str) -> Words {
    let mut reader = Reader::new(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && reader.words.len() < MOST_WORDS {
        let rest = &bytes[at..];
        if rest[0].is_ascii_alphanumeric() {
            at += reader.take_ascii(rest);
        } else if rest[0] == b' ' {
            reader.end_word();
            at += 1;
        } else if let Some(c) = text[at..].chars().next() {
            at += c.len_utf8();
            reader.take(c, &bytes[at..]);
        }
    }
    reader.finish()
}

/// The id that [`read`] gives to a word in lower case.
pub(crate) fn id_of(word: &str) -> u32 {
    let mut spelling = Spelling::NONE;
    word.chars().for_each(|c| spelling.add_char(c));
    spelling.id() | FLAGS
}

struct Reader {
    words: Vec<Word>,
    sentences: Vec<Sentence>,
    spelling: Spelling,
    in_word: bool,
    flags: u32,
    length: u8,
    quote: bool,
    starts_sentence: bool,
    digit_before: bool,
}

impl Reader {
    fn new(bytes: usize) -> Self {
        Self {
            words: Vec::with_capacity((bytes / 5).min(MOST_WORDS)),
            sentences: Vec::with_capacity((bytes / 80).min(MOST_WORDS)),
            spelling: Spelling::NONE,
            in_word: false,
            flags: 0,
            length: 0,
            quote: false,
            starts_sentence: true,
            digit_before: false,
        }
    }

    /// Takes up to eight of the ASCII letters and digits with which a text begins, and the space behind them. Returns
    /// how many bytes that is.
    fn take_ascii(&mut self, text: &[u8]) -> usize {
        let letters = Letters::leading(text);
        let count = letters.count as usize;
        let ends = count < 8 && text.get(count) == Some(&b' ');
        if ends && !self.in_word {
            // Most words are as plain as that.
            self.note_beginning(char::from(text[0]));
            self.push_word(Spelling::of(letters), letters.count as u8);
            return count + 1;
        }
        self.open_word(char::from(text[0]));
        self.spelling.add(letters);
        self.length = self.length.saturating_add(letters.count as u8);
        self.digit_before = text[count - 1].is_ascii_digit();
        count
    }

    /// Takes one character; `rest` is what follows.
    fn take(&mut self, c: char, rest: &[u8]) {
        if is_letter(c) {
            if is_sign(c) {
                self.end_word();
                self.letter(c);
                self.length = SHORTEST;
                self.end_word();
            } else {
                self.letter(c);
            }
            return;
        }
        let inside = rest
            .first()
            .is_some_and(|&b| b.is_ascii_alphanumeric() || b >= 0x80);
        match c {
            '\'' | '’' | '‘' | '\u{ad}' if self.in_word && inside => return,
            ',' if self.digit_before && rest.first().is_some_and(u8::is_ascii_digit) => return,
            _ => self.end_word(),
        }
        match c {
            '"' => self.quote = !self.quote,
            '“' | '„' | '«' => self.quote = true,
            '”' | '»' => self.quote = false,
            '\n' => {
                self.quote = false;
                self.end_sentence();
            }
            '.' | '!' | '?'
                if rest
                    .first()
                    .is_none_or(|b| b.is_ascii_whitespace() || !b.is_ascii()) =>
            {
                self.end_sentence();
            }
            '。' | '！' | '？' => self.end_sentence(),
            _ => {}
        }
    }

    fn letter(&mut self, c: char) {
        self.open_word(c);
        self.length = self.length.saturating_add(1);
        self.digit_before = c.is_ascii_digit();
        c.to_lowercase().for_each(|low| self.spelling.add_char(low));
    }

    /// Begins a word with this letter, unless one is under way.
    fn open_word(&mut self, c: char) {
        if !self.in_word {
            self.in_word = true;
            self.spelling = Spelling::NONE;
            self.length = 0;
            self.note_beginning(c);
        }
    }

    fn note_beginning(&mut self, c: char) {
        self.flags = if self.quote { QUOTED } else { 0 };
        if c.is_numeric() {
            self.flags |= NUMBER;
        } else if c.is_uppercase() {
            self.flags |= if self.starts_sentence {
                CAPITAL
            } else {
                CAPITAL | NAME
            };
        }
    }

    fn end_word(&mut self) {
        if self.in_word {
            self.push_word(self.spelling.id(), self.length);
        }
    }

    fn push_word(&mut self, id: u32, length: u8) {
        let short = if length < SHORTEST { SHORT } else { 0 };
        self.words.push(Word(id & !FLAGS | self.flags | short));
        self.in_word = false;
        self.digit_before = false;
        self.starts_sentence = false;
    }

    fn end_sentence(&mut self) {
        self.starts_sentence = true;
        let start = self.sentences.last().map_or(0, |sentence| sentence.end);
        let end = self.words.len() as u32;
        if start < end {
            let key = key(&self.words[start as usize..]);
            self.sentences.push(Sentence { end, key });
        }
    }

    fn finish(mut self) -> Words {
        self.end_word();
        self.end_sentence();
        Words {
            words: self.words.into_boxed_slice(),
            sentences: self.sentences.into_boxed_slice(),
        }
    }
}

/// Whether a character is a letter or a digit. The dashes and quotation marks of the General Punctuation block are most
/// of what is not ASCII in English; none of them is.
fn is_letter(c: char) -> bool {
    !matches!(c, '\u{2000}'..='\u{206f}') && c.is_alphanumeric()
}

/// Whether a character is written without spaces around its words.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<u32> {
        read(text).words.iter().map(|word| word.id()).collect()
    }

    #[test]
    fn spelling_damage_does_not_change_a_word() {
        assert_eq!(ids("Iraq’s 1,200 men"), ids("iraqs 1200 MEN"));
        assert_ne!(ids("Iraq's men"), ids("Iraq men"));
        assert_eq!(ids("Men"), [id_of("men")]);
        assert_eq!(ids("été"), ids("ÉTÉ"));
    }

    #[test]
    fn sentences_end_at_stops_and_at_lines() {
        let words = read("By Ann Example\nIt rained 3.5 inches. \"Yes,\" she said! ...\n\n");
        let lengths: Vec<usize> = words.sentences().map(|(sentence, _)| sentence.len()).collect();
        assert_eq!(lengths, [3, 5, 3]);
    }

    #[test]
    fn quotes_names_and_numbers_are_seen() {
        let words = read("The mayor said “we will pay” to Ann Example in 2031.").words;
        let quoted = words.iter().filter(|word| word.is_quoted()).count();
        let names = words.iter().filter(|word| word.is_name()).count();
        let numbers = words.iter().filter(|word| word.is_number()).count();
        assert_eq!((quoted, names, numbers), (3, 2, 1));
    }

    #[test]
    fn a_sign_is_a_word() {
        assert_eq!(read("東京で会議").words.len(), 5);
    }
}
