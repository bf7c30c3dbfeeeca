//! Text to words: the one way in which every comparison of this crate reads.
//!
//! A word is its hash and what can be seen of it (quoted, a name, a number). The strings themselves are not kept.

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
    pub(crate) words: Vec<Word>,
    /// Where each sentence ends in `words`.
    pub(crate) ends: Vec<u32>,
    /// What each sentence says, hashed.
    pub(crate) keys: Vec<u64>,
}

impl Words {
    /// The sentences in order, each with its key.
    pub(crate) fn sentences(&self) -> impl Iterator<Item = (&[Word], u64)> {
        let mut from = 0;
        self.ends.iter().zip(&self.keys).map(move |(&end, &key)| {
            let sentence = &self.words[from..end as usize];
            from = end as usize;
            (sentence, key)
        })
    }
}

fn key(sentence: &[Word]) -> u64 {
    let hash = sentence.iter().fold(0x51_7c_c1_b7_27_22_0a_95_u64, |hash, word| {
        (hash ^ u64::from(word.id()))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
    });
    hash ^ (hash >> 32)
}

/// Reads a text. Letters count without case, apostrophes inside a word are dropped (they are what damaged pages
/// lose first), thousands separators too; a Han, Kana or Hangul sign is a word of its own.
pub(crate) fn read(text: &str) -> Words {
    let mut reader = Reader::new(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() && reader.out.words.len() < MOST_WORDS {
        at += reader.take_ascii(&bytes[at..]);
        if let Some(c) = text[at..].chars().next() {
            at += c.len_utf8();
            reader.take(c, &bytes[at..]);
        }
    }
    reader.finish()
}

/// A word's hash in the making: eight letters at a time, each as the bytes of its code point.
#[derive(Debug, Clone, Copy)]
struct Spelling {
    hash: u64,
    latest: u64,
    filled: u8,
}

impl Spelling {
    const NONE: Self = Self {
        hash: SEED,
        latest: 0,
        filled: 0,
    };

    const fn add(&mut self, byte: u8) {
        self.latest = self.latest << 8 | byte as u64;
        self.filled += 1;
        if self.filled == 8 {
            self.hash = mix(self.hash ^ self.latest);
            (self.latest, self.filled) = (0, 0);
        }
    }

    fn add_char(&mut self, c: char) {
        let code = u32::from(c).to_be_bytes();
        code.into_iter()
            .skip_while(|&byte| byte == 0)
            .for_each(|byte| self.add(byte));
    }

    const fn id(self) -> u32 {
        (mix(self.hash ^ self.latest) >> 32) as u32
    }
}

const fn mix(hash: u64) -> u64 {
    let hash = hash.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (hash ^ hash >> 32).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The id that [`read`] gives to a word in lower case.
pub(crate) fn id_of(word: &str) -> u32 {
    let mut spelling = Spelling::NONE;
    word.chars().for_each(|c| spelling.add_char(c));
    spelling.id() | FLAGS
}

struct Reader {
    out: Words,
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
        let out = Words {
            words: Vec::with_capacity((bytes / 5).min(MOST_WORDS)),
            ends: Vec::new(),
            keys: Vec::new(),
        };
        Self {
            out,
            spelling: Spelling::NONE,
            in_word: false,
            flags: 0,
            length: 0,
            quote: false,
            starts_sentence: true,
            digit_before: false,
        }
    }

    /// Takes the ASCII letters and digits with which a text begins, and returns how many.
    fn take_ascii(&mut self, text: &[u8]) -> usize {
        let count = text
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        if let [first, .., last] | [first @ last] = text[..count] {
            self.begin_word(char::from(first));
            for byte in &text[..count] {
                // Sets a capital's bit for small letters; digits have it.
                self.spelling.add(byte | 0x20);
            }
            self.length = self.length.saturating_add(count.min(255) as u8);
            self.digit_before = last.is_ascii_digit();
        }
        count
    }

    /// Takes one character; `rest` is what follows.
    fn take(&mut self, c: char, rest: &[u8]) {
        if c.is_alphanumeric() {
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
        self.begin_word(c);
        self.length = self.length.saturating_add(1);
        self.digit_before = c.is_ascii_digit();
        c.to_lowercase().for_each(|low| self.spelling.add_char(low));
    }

    /// Begins a word with this letter, unless one is under way.
    fn begin_word(&mut self, c: char) {
        if self.in_word {
            return;
        }
        self.in_word = true;
        self.spelling = Spelling::NONE;
        self.length = 0;
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
            self.in_word = false;
            self.digit_before = false;
            self.starts_sentence = false;
            if self.length < SHORTEST {
                self.flags |= SHORT;
            }
            self.out
                .words
                .push(Word((self.spelling.id() & !FLAGS) | self.flags));
        }
    }

    fn end_sentence(&mut self) {
        self.starts_sentence = true;
        let (start, end) = (
            self.out.ends.last().copied().unwrap_or(0),
            self.out.words.len() as u32,
        );
        if start < end {
            self.out.ends.push(end);
            self.out.keys.push(key(&self.out.words[start as usize..]));
        }
    }

    fn finish(mut self) -> Words {
        self.end_word();
        self.end_sentence();
        // Texts are held by the hundred thousand.
        self.out.words.shrink_to_fit();
        self.out
    }
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
