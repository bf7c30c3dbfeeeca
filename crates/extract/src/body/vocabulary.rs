//! The words that templates of many languages use in `class` and `id`, and what they say of an element.
//!
//! The words stand in `vocabulary.tsv`, one a line.

use std::sync::LazyLock;

use rustc_hash::{FxBuildHasher, FxHashMap};

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
    /// As a whole name.
    whole: Marks,
    /// As a word of a name.
    word: Marks,
    /// As a word before these.
    pairs: Vec<(&'static str, Marks)>,
}

/// The table of `vocabulary.tsv`, by word.
static VOCABULARY: LazyLock<FxHashMap<&'static str, Entry>> = LazyLock::new(|| {
    let mut table: FxHashMap<&str, Entry> = FxHashMap::default();
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
        match (words.strip_prefix('='), words.split_once(' ')) {
            (Some(whole), _) => add(&mut table.entry(whole).or_default().whole, mark),
            (None, Some((first, second))) => table.entry(first).or_default().pairs.push((second, mark)),
            (None, None) => add(&mut table.entry(words).or_default().word, mark),
        }
    }
    table
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

/// The marks of the `class` and `id` values of a page, each of which is read once, and so is each name in them.
pub(crate) struct Names<'p> {
    values: FxHashMap<&'p str, Marks>,
    names: FxHashMap<&'p str, Marks>,
}

/// How many different values and names a page has, more or less.
const USUAL: usize = 250;

impl Default for Names<'_> {
    fn default() -> Self {
        Self {
            values: FxHashMap::with_capacity_and_hasher(USUAL, FxBuildHasher),
            names: FxHashMap::with_capacity_and_hasher(USUAL, FxBuildHasher),
        }
    }
}

impl<'p> Names<'p> {
    /// The marks of a `class` or `id` value.
    pub(crate) fn marks(&mut self, value: &'p str) -> Marks {
        let names = &mut self.names;
        *self.values.entry(value).or_insert_with(|| {
            let mut marks = Marks::NONE;
            for name in value.split_ascii_whitespace().take(NAMES) {
                add(&mut marks, *names.entry(name).or_insert_with(|| marks_of(name)));
            }
            marks
        })
    }
}

/// The marks of one name.
fn marks_of(name: &str) -> Marks {
    let mut marks = Marks::NONE;
    // Utility classes (`md:hidden`, `hover:underline`) speak of looks at one width.
    if name.len() > LONGEST || name.bytes().any(|b| matches!(b, b':' | b'[')) {
        return marks;
    }
    let table = &*VOCABULARY;
    let lower = name.to_ascii_lowercase();
    let whole = table.get(lower.as_str());
    add(&mut marks, whole.map_or(Marks::NONE, |entry| entry.whole));
    let mut seconds: &[(&str, Marks)] = &[];
    for word in (Words {
        token: name,
        lower: &lower,
        at: 0,
    }) {
        if let Some((_, mark)) = seconds.iter().find(|(second, _)| *second == word) {
            add(&mut marks, *mark);
        }
        let entry = table.get(word);
        add(&mut marks, entry.map_or(Marks::NONE, |entry| entry.word));
        seconds = entry.map_or(&[], |entry| entry.pairs.as_slice());
    }
    marks
}

/// The words of `relatedLinks`, `related-links` and `related_links`.
struct Words<'a> {
    token: &'a str,
    lower: &'a str,
    at: usize,
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let bytes = self.token.as_bytes();
        while self.at < bytes.len() && !bytes[self.at].is_ascii_alphabetic() {
            self.at += 1;
        }
        let start = self.at;
        while self.at < bytes.len() && bytes[self.at].is_ascii_alphabetic() {
            let camel = self.at > start
                && bytes[self.at].is_ascii_uppercase()
                && bytes[self.at - 1].is_ascii_lowercase();
            if camel {
                break;
            }
            self.at += 1;
        }
        // Two letters beside a digit are part of a generated name, not a word: "ad6d".
        let generated = self.at - start <= 3
            && (bytes.get(self.at).is_some_and(u8::is_ascii_digit)
                || (start > 0 && bytes[start - 1].is_ascii_digit()));
        (self.at > start).then(|| {
            if generated {
                ""
            } else {
                self.lower.get(start..self.at).unwrap_or_default()
            }
        })
    }
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
