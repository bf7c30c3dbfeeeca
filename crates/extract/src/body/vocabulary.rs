//! The words that templates of many languages use in `class` and `id`, and what they say of an element.
//!
//! The words stand in `vocabulary.tsv`, one a line.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::{scan, text};

/// What the words of an element's `class`, `id`, `role` and their like say of it: a set of flags.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Marks(pub(crate) u32);

impl Marks {
    pub(crate) const NONE: Self = Self(0);
    /// Readers' comments.
    pub(crate) const COMMENTS: Self = Self(1);
    /// Links to other articles.
    pub(crate) const RELATED: Self = Self(1 << 1);
    /// Newsletter and subscription boxes.
    pub(crate) const NEWSLETTER: Self = Self(1 << 2);
    /// Buttons for sharing and following.
    pub(crate) const SOCIAL: Self = Self(1 << 3);
    /// Advertisements.
    pub(crate) const AD: Self = Self(1 << 4);
    /// Menus, breadcrumbs, pagers.
    pub(crate) const NAVIGATION: Self = Self(1 << 5);
    /// Foot of the page, legal lines.
    pub(crate) const FOOTER: Self = Self(1 << 6);
    /// Side columns and widgets.
    pub(crate) const SIDEBAR: Self = Self(1 << 7);
    /// Consent notices, dialogs, overlays.
    pub(crate) const CONSENT: Self = Self(1 << 8);
    /// Bylines and boxes about authors.
    pub(crate) const AUTHOR: Self = Self(1 << 9);
    /// Dates, tags, categories, reading times.
    pub(crate) const META: Self = Self(1 << 10);
    /// Captions and credits of pictures.
    pub(crate) const CAPTION: Self = Self(1 << 11);
    /// Not drawn.
    pub(crate) const HIDDEN: Self = Self(1 << 12);
    /// Galleries and players.
    pub(crate) const MEDIA: Self = Self(1 << 13);
    /// The article's own text.
    pub(crate) const CONTENT: Self = Self(1 << 14);
    /// The summary between headline and body.
    pub(crate) const DECK: Self = Self(1 << 15);
    /// Embedded posts.
    pub(crate) const EMBED: Self = Self(1 << 16);
    /// Quotations set apart that repeat the text.
    pub(crate) const PULLQUOTE: Self = Self(1 << 17);
    /// Lists of sections inside the article.
    pub(crate) const CONTENTS: Self = Self(1 << 18);
    /// Forms, polls, quizzes.
    pub(crate) const FORM: Self = Self(1 << 19);
    /// `itemprop=articleBody` and its like: the page itself says that this is the body.
    pub(crate) const BODY: Self = Self(1 << 20);
    /// Marked as the headline.
    pub(crate) const HEADLINE: Self = Self(1 << 21);

    /// The site's own name or logo.
    pub(crate) const SITE: Self = Self(1 << 22);

    /// Parts of an article that are set in their own way: questions and answers that open and close, notes.
    pub(crate) const PART: Self = Self(1 << 23);

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }
}

/// What a word of the table says.
#[derive(Default)]
struct Entry {
    /// Whole names that it begins.
    wholes: Vec<(&'static str, Marks)>,
    /// As a word of a name.
    word: Marks,
    /// As a word before these.
    pairs: Vec<(Key, Marks)>,
}

/// The table of `vocabulary.tsv`.
struct Vocabulary {
    entries: FxHashMap<Key, Entry>,
    /// Whether a word of the table has a key that begins with these bits: most words of a page are in no table.
    beginnings: Vec<bool>,
}

/// Beginnings of keys that are told apart, in bits; the table has some hundreds of words.
const BEGINNING: u32 = 12;

/// How the key of a word begins.
fn beginning(word: Key) -> usize {
    (word >> (Key::BITS - BEGINNING)) as usize
}

impl Vocabulary {
    fn get(&self, word: Key) -> Option<&Entry> {
        self.beginnings[beginning(word)]
            .then(|| self.entries.get(&word))
            .flatten()
    }
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut entries: FxHashMap<Key, Entry> = FxHashMap::default();
    let mut beginnings = vec![false; 1 << BEGINNING];
    for line in include_str!("vocabulary.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let Some((mark, words)) = line
            .split_once('\t')
            .and_then(|(mark, words)| Some((named(mark)?, words)))
        else {
            continue;
        };
        let mut at = 0;
        let mut next = || next_word(words.as_bytes(), &mut at);
        let (Some(first), second) = (next(), next()) else {
            continue;
        };
        beginnings[beginning(first)] = true;
        let entry = entries.entry(first).or_default();
        match (words.strip_prefix('='), second) {
            (Some(whole), _) => entry.wholes.push((whole, mark)),
            (None, Some(second)) => entry.pairs.push((second, mark)),
            (None, None) => add(&mut entry.word, mark),
        }
    }
    Vocabulary { entries, beginnings }
});

fn add(marks: &mut Marks, mark: Marks) {
    *marks = marks.with(mark);
}

fn named(mark: &str) -> Option<Marks> {
    Some(match mark {
        "comments" => Marks::COMMENTS,
        "related" => Marks::RELATED,
        "newsletter" => Marks::NEWSLETTER,
        "social" => Marks::SOCIAL,
        "ad" => Marks::AD,
        "navigation" => Marks::NAVIGATION,
        "footer" => Marks::FOOTER,
        "sidebar" => Marks::SIDEBAR,
        "consent" => Marks::CONSENT,
        "author" => Marks::AUTHOR,
        "meta" => Marks::META,
        "caption" => Marks::CAPTION,
        "hidden" => Marks::HIDDEN,
        "media" => Marks::MEDIA,
        "content" => Marks::CONTENT,
        "deck" => Marks::DECK,
        "embed" => Marks::EMBED,
        "pullquote" => Marks::PULLQUOTE,
        "contents" => Marks::CONTENTS,
        "form" => Marks::FORM,
        "headline" => Marks::HEADLINE,
        "site" => Marks::SITE,
        "part" => Marks::PART,
        _ => return None,
    })
}

/// How many names of a `class` are looked at, and how long they may be in bytes.
const NAMES: usize = 40;
const LONGEST: usize = 80;

/// The marks of the `class` and `id` values of a page and of the names in them, most of which are read once: they repeat.
pub(crate) struct Names {
    values: Memory,
    names: Memory,
}

/// Marks under the hash of what was read, until something else takes their place. The hashes tell texts apart well
/// enough.
type Memory = Vec<(u64, Marks)>;

/// Places of a memory: more than most pages have different values.
const PLACES: usize = 1 << 10;

impl Default for Names {
    fn default() -> Self {
        let empty = || vec![(0, Marks::NONE); PLACES];
        Self {
            values: empty(),
            names: empty(),
        }
    }
}

impl Names {
    /// The marks of a `class` or `id` value.
    pub(crate) fn marks(&mut self, value: &str) -> Marks {
        let Self { values, names } = self;
        remembered(values, value.as_bytes(), |value| {
            let marks = names_in(value)
                .take(NAMES)
                .map(|name| remembered(names, name, marks_of));
            marks.fold(Marks::NONE, Marks::with)
        })
    }
}

fn remembered(memory: &mut Memory, text: &[u8], read: impl FnOnce(&[u8]) -> Marks) -> Marks {
    let hash = text::hash(text);
    let place = &mut memory[hash as usize % PLACES];
    if place.0 != hash {
        *place = (hash, read(text));
    }
    place.1
}

/// The names in a value, between white space.
fn names_in(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = value;
    std::iter::from_fn(move || {
        let name;
        rest = rest.trim_ascii_start();
        (name, rest) = rest.split_at(scan::drawn(rest));
        (!name.is_empty()).then_some(name)
    })
}

/// The marks of one name.
fn marks_of(name: &[u8]) -> Marks {
    let mut marks = Marks::NONE;
    if name.len() > LONGEST {
        return marks;
    }
    let (mut at, mut pairs): (_, &[(Key, Marks)]) = (0, &[]);
    while let Some(word) = next_word(name, &mut at) {
        add(&mut marks, listed(pairs, |second| *second == word));
        let Some(entry) = VOCABULARY.get(word) else {
            pairs = &[];
            continue;
        };
        add(&mut marks, entry.word);
        add(
            &mut marks,
            listed(&entry.wholes, |whole| name.eq_ignore_ascii_case(whole.as_bytes())),
        );
        pairs = &entry.pairs;
    }
    // Utility classes (`md:hidden`, `hover:underline`) speak of looks at one width.
    if marks != Marks::NONE && memchr::memchr2(b':', b'[', name).is_some() {
        return Marks::NONE;
    }
    marks
}

fn listed<T>(list: &[(T, Marks)], is: impl Fn(&T) -> bool) -> Marks {
    list.iter()
        .find(|(listed, _)| is(listed))
        .map_or(Marks::NONE, |(_, marks)| *marks)
}

/// A word in lower case: up to eight letters as they are and a hash of more, multiplied so that they differ in their
/// first bits.
type Key = u64;

/// The odd number nearest to 2⁶⁴ divided by the golden ratio (Knuth, The Art of Computer Programming 3, 6.4).
const GOLDEN: Key = 0x9E37_79B9_7F4A_7C15;

/// The next word of a name like `relatedLinks`, `related-links` or `related_links`, from `at` on; 0 for one of a
/// generated name.
#[inline]
fn next_word(name: &[u8], at: &mut usize) -> Option<Key> {
    *at += name[*at..].iter().position(u8::is_ascii_alphabetic)?;
    let (start, mut end, mut key, mut after_small) = (*at, *at, 0, false);
    loop {
        let eight = scan::eight(&name[end..]);
        let letters = scan::word(eight, after_small);
        let read = Key::MAX
            .checked_shl(8 * letters as u32)
            .map_or(Key::MAX, |rest| !rest);
        key = (key ^ (eight | scan::each(0x20)) & read).wrapping_mul(GOLDEN);
        end += letters;
        if letters < 8 {
            break;
        }
        after_small = name[end - 1].is_ascii_lowercase();
    }
    *at = end;
    // Two letters beside a digit are part of a generated name, not a word: "ad6d".
    let generated = end - start <= 3
        && (name.get(end).is_some_and(u8::is_ascii_digit) || (start > 0 && name[start - 1].is_ascii_digit()));
    Some(if generated { 0 } else { key })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(value: &str) -> Marks {
        Names::default().marks(value)
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        for line in include_str!("vocabulary.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
        {
            let (mark, words) = line.split_once('\t').unwrap();
            let value = words.trim_start_matches('=').replace(' ', "-");
            assert!(marks(&value).any(named(mark).unwrap()), "{line}");
        }
    }

    #[test]
    fn words_are_found_in_every_spelling() {
        for (value, mark) in [
            ("c-relatedLinks", Marks::RELATED),
            ("article__newsletter-box", Marks::NEWSLETTER),
            ("Article_Body", Marks::CONTENT),
            ("entry-content", Marks::CONTENT),
            ("sr-only", Marks::HIDDEN),
            ("readMore", Marks::RELATED),
            ("twitter-tweet", Marks::EMBED),
        ] {
            assert!(marks(value).any(mark), "{value}");
        }
        for value in ["header", "download", "heading", "shadow", "md:hidden", "loaded"] {
            assert_eq!(marks(value), Marks::NONE, "{value}");
        }
    }
}
