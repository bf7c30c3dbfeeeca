//! The words that templates of many languages use in `class` and `id`, and what they say of an element.
//!
//! The words stand in `vocabulary.tsv`, one a line.

use std::sync::LazyLock;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::text;

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
    /// Whether a word of the table has a key that ends in these bits: most words of a page are in no table.
    endings: Vec<bool>,
}

/// Endings of keys that are told apart; the table has some hundreds of words.
const ENDINGS: usize = 1 << 12;

impl Vocabulary {
    fn get(&self, word: Key) -> Option<&Entry> {
        self.endings[word as usize % ENDINGS]
            .then(|| self.entries.get(&word))
            .flatten()
    }
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut entries: FxHashMap<Key, Entry> = FxHashMap::default();
    let mut endings = vec![false; ENDINGS];
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
        let mut keys = self::words(words.as_bytes());
        let (Some(first), second) = (keys.next(), keys.next()) else {
            continue;
        };
        endings[first as usize % ENDINGS] = true;
        let entry = entries.entry(first).or_default();
        match (words.strip_prefix('='), second) {
            (Some(whole), _) => entry.wholes.push((whole, mark)),
            (None, Some(second)) => entry.pairs.push((second, mark)),
            (None, None) => add(&mut entry.word, mark),
        }
    }
    Vocabulary { entries, endings }
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

/// The marks of the `class` and `id` values of a page and of the names in them, each of which is read once. They stand
/// under their hashes, which tell them apart well enough.
pub(crate) struct Names {
    values: FxHashMap<u64, Marks>,
    names: FxHashMap<u64, Marks>,
}

/// How many different values and names a page has, more or less.
const USUAL: usize = 400;

impl Default for Names {
    fn default() -> Self {
        let usual = || FxHashMap::with_capacity_and_hasher(USUAL, FxBuildHasher);
        Self {
            values: usual(),
            names: usual(),
        }
    }
}

impl Names {
    /// The marks of a `class` or `id` value.
    pub(crate) fn marks(&mut self, value: &str) -> Marks {
        *self.values.entry(text::hash(value)).or_insert_with(|| {
            let names = value.split_ascii_whitespace().take(NAMES);
            names.fold(Marks::NONE, |marks, name| {
                marks.with(
                    *self
                        .names
                        .entry(text::hash(name))
                        .or_insert_with(|| marks_of(name)),
                )
            })
        })
    }
}

/// The marks of one name.
fn marks_of(name: &str) -> Marks {
    let mut marks = Marks::NONE;
    // Utility classes (`md:hidden`, `hover:underline`) speak of looks at one width.
    if name.len() > LONGEST || memchr::memchr2(b':', b'[', name.as_bytes()).is_some() {
        return marks;
    }
    let mut pairs: &[(Key, Marks)] = &[];
    for word in words(name.as_bytes()) {
        add(&mut marks, listed(pairs, |second| *second == word));
        let Some(entry) = VOCABULARY.get(word) else {
            pairs = &[];
            continue;
        };
        add(&mut marks, entry.word);
        add(
            &mut marks,
            listed(&entry.wholes, |whole| name.eq_ignore_ascii_case(whole)),
        );
        pairs = &entry.pairs;
    }
    marks
}

fn listed<T>(list: &[(T, Marks)], is: impl Fn(&T) -> bool) -> Marks {
    list.iter()
        .find(|(listed, _)| is(listed))
        .map_or(Marks::NONE, |(_, marks)| *marks)
}

/// A word's hash (FNV-1a) in lower case: compared at once, and enough to tell words apart.
type Key = u64;

const FNV_OFFSET: Key = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: Key = 0x0100_0000_01b3;

/// Letters in lower case; 0 for what is no letter.
const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut letter = b'a';
    while letter <= b'z' {
        letters[letter as usize] = letter;
        letters[letter.to_ascii_uppercase() as usize] = letter;
        letter += 1;
    }
    letters
};

/// The words of `relatedLinks`, `related-links` and `related_links`; 0 for those of generated names.
fn words(name: &[u8]) -> impl Iterator<Item = Key> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let letter = |byte: u8| LETTERS[usize::from(byte)];
        while letter(*name.get(at)?) == 0 {
            at += 1;
        }
        let (start, mut key, mut after_small) = (at, FNV_OFFSET, false);
        while let Some(byte) = name.get(at) {
            let small = letter(*byte);
            let capital = *byte != small;
            if small == 0 || capital && after_small {
                break;
            }
            after_small = !capital;
            key = (key ^ Key::from(small)).wrapping_mul(FNV_PRIME);
            at += 1;
        }
        // Two letters beside a digit are part of a generated name, not a word: "ad6d".
        let generated = at - start <= 3
            && (name.get(at).is_some_and(u8::is_ascii_digit)
                || (start > 0 && name[start - 1].is_ascii_digit()));
        Some(if generated { 0 } else { key })
    })
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
