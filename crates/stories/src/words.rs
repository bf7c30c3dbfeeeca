//! Text to words: the one way in which every comparison of this crate reads.
//!
//! A word is its hash and what can be seen of it (quoted, a name, a number). The strings themselves are not kept.

use crate::spelling::{Few, Letters, Spelling};

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
const SHORTEST: u32 = 4;

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

/// Reads a text. Letters count without case, apostrophes inside a word are dropped (they are what damaged pages
/// lose first), thousands separators too; a Han, Kana or Hangul sign is a word of its own.
pub(crate) fn read(text: &str) -> Words {
    let mut reader = Reader::new(text);
    let mut at = 0;
    while at < text.len() && reader.words.len() < MOST_WORDS {
        at = match reader.letters.from(at) {
            Some(few) => reader.take_ascii(at, few),
            None => reader.take_character(at),
        };
    }
    reader.finish()
}

/// The id that [`read`] gives to a word in lower case.
pub(crate) fn id_of(word: &str) -> u32 {
    let mut spelling = Spelling::NONE;
    word.chars().for_each(|c| spelling.add_char(c));
    spelling.id() | FLAGS
}

/// Reads one text; its methods take what begins at a place and return where that ends.
struct Reader<'a> {
    text: &'a str,
    letters: Letters,
    words: Vec<Word>,
    sentences: Vec<Sentence>,
    /// What the sentence under way says so far, hashed.
    said: u64,
    quote: bool,
    starts_sentence: bool,
}

/// A sentence that says nothing yet, hashed.
const UNSAID: u64 = 0x51_7c_c1_b7_27_22_0a_95;

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            letters: Letters::of(text),
            words: Vec::with_capacity((text.len() / 5).min(MOST_WORDS)),
            sentences: Vec::with_capacity((text.len() / 80).min(MOST_WORDS)),
            said: UNSAID,
            quote: false,
            starts_sentence: true,
        }
    }

    /// Takes a word that begins with these ASCII letters or digits, and the space behind it.
    fn take_ascii(&mut self, at: usize, few: Few) -> usize {
        let bytes = self.text.as_bytes();
        let (mut spelling, mut end, mut last) = (Spelling::NONE, at, Some(few));
        while let Some(eight) = last.filter(|few| few.count == 8) {
            spelling.add_eight(eight);
            end += 8;
            last = self.letters.from(end);
        }
        if let Some(few) = last {
            spelling.add_last(few);
            end += few.count as usize;
        }
        let first = char::from(bytes[at]);
        let next = self.byte(end);
        let goes_on = match next {
            b' ' => false,
            b',' => bytes[end - 1].is_ascii_digit(),
            next => next == b'\'' || !next.is_ascii(),
        };
        if goes_on {
            return self.take_mixed(at, first);
        }
        // Most words are as plain as that.
        self.push(spelling.id(), (end - at) as u32, first);
        end + usize::from(next == b' ')
    }

    /// Takes a word of any letters, with the marks inside it.
    fn take_mixed(&mut self, mut at: usize, first: char) -> usize {
        let (mut spelling, mut length) = (Spelling::NONE, 0);
        loop {
            if let Some(few) = self.letters.from(at) {
                spelling.add(few);
                length += few.count;
                at += few.count as usize;
                continue;
            }
            match self.text[at..].chars().next() {
                Some(c) if is_letter(c) && !is_sign(c) => {
                    c.to_lowercase().for_each(|low| spelling.add_char(low));
                    length += 1;
                    at += c.len_utf8();
                }
                Some(c) if self.joins(c, at) => at += c.len_utf8(),
                _ => break,
            }
        }
        self.push(spelling.id(), length, first);
        at
    }

    /// Whether a mark that stands here, behind a letter, stands inside a word.
    fn joins(&self, mark: char, at: usize) -> bool {
        let next = self.byte(at + mark.len_utf8());
        match mark {
            '\'' | '’' | '‘' | '\u{ad}' => next.is_ascii_alphanumeric() || !next.is_ascii(),
            ',' => self.byte(at - 1).is_ascii_digit() && next.is_ascii_digit(),
            _ => false,
        }
    }

    /// The byte at a place; behind the text a line ends.
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(b'\n')
    }

    /// Takes what begins with anything else: a word in other letters, a sign, a mark and the space behind it.
    fn take_character(&mut self, at: usize) -> usize {
        let byte = self.byte(at);
        if byte.is_ascii() {
            let next = self.byte(at + 1);
            self.take_mark(char::from(byte), next);
            return at + 1 + usize::from(next == b' ');
        }
        let c = self.text[at..].chars().next().unwrap_or_default();
        let end = at + c.len_utf8();
        if is_letter(c) && !is_sign(c) {
            return self.take_mixed(at, c);
        }
        if is_letter(c) {
            let mut spelling = Spelling::NONE;
            spelling.add_char(c);
            self.push(spelling.id(), SHORTEST, c);
        } else {
            self.take_mark(c, self.byte(end));
        }
        end
    }

    /// Takes note of a mark; `next` is the byte behind it.
    fn take_mark(&mut self, mark: char, next: u8) {
        match mark {
            '"' => self.quote = !self.quote,
            '“' | '„' | '«' => self.quote = true,
            '”' | '»' => self.quote = false,
            '\n' => {
                self.quote = false;
                self.end_sentence();
            }
            '.' | '!' | '?' if next.is_ascii_whitespace() || !next.is_ascii() => self.end_sentence(),
            '。' | '！' | '？' => self.end_sentence(),
            _ => {}
        }
    }

    #[inline]
    fn push(&mut self, id: u32, length: u32, first: char) {
        let mut flags = if self.quote { QUOTED } else { 0 };
        if first.is_ascii_lowercase() {
            // Most words begin so.
        } else if first.is_numeric() {
            flags |= NUMBER;
        } else if first.is_uppercase() {
            flags |= if self.starts_sentence {
                CAPITAL
            } else {
                CAPITAL | NAME
            };
        }
        if length < SHORTEST {
            flags |= SHORT;
        }
        self.words.push(Word(id & !FLAGS | flags));
        self.said = (self.said ^ u64::from(id | FLAGS))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29);
        self.starts_sentence = false;
    }

    fn end_sentence(&mut self) {
        if !self.starts_sentence {
            self.sentences.push(Sentence {
                end: self.words.len() as u32,
                key: (self.said ^ (self.said >> 32)) as u32,
            });
            self.said = UNSAID;
            self.starts_sentence = true;
        }
    }

    fn finish(mut self) -> Words {
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
