//! What a text is about: weighted terms of headline, lead, body and names.

use rustc_hash::FxHashMap;

use crate::words::{self, Word, Words};

/// A sparse vector of length one, by term.
pub(crate) type Vector = Vec<(u32, f32)>;

/// So many terms of a body are kept; those below say little.
const MOST_TERMS: usize = 120;
/// Words that count as the lead.
const LEAD: usize = 70;
/// As much as so many texts of a stream weighs what is known of the language beforehand.
const KNOWN_TEXTS: f32 = 500.0;
/// The share of texts in which a word stands of which nothing is known.
const UNKNOWN: f32 = 0.0005;
/// Common words with the share of texts in which they stand; see `weights/README.md`.
const COMMON: &str = include_str!("../weights/words.tsv");
/// Words that hold sentences together in other languages, a language a line.
const FUNCTION_WORDS: &str = include_str!("../weights/function-words.txt");
/// The share of its language's texts in which such a word stands, roughly.
const USUAL: f32 = 0.4;

/// In how many texts each term was seen.
#[derive(Debug)]
pub(crate) struct Frequencies {
    texts: f32,
    by_term: FxHashMap<u32, f32>,
}

/// One text as its story's model sees it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Features {
    pub(crate) title: Vector,
    pub(crate) lead: Vector,
    pub(crate) body: Vector,
    pub(crate) names: Vector,
    /// Pairs of words that stand side by side in headline and lead.
    pub(crate) pairs: Vector,
    /// Words of the body.
    pub(crate) length: u32,
}

impl Frequencies {
    /// What is known of the language, and nothing yet of the stream.
    pub(crate) fn new() -> Self {
        let known = COMMON.lines().filter_map(|line| line.split_once('\t'));
        let weighed = known
            .filter_map(|(word, share)| Some((words::id_of(word), share.parse::<f32>().ok()? * KNOWN_TEXTS)));
        let languages = FUNCTION_WORDS.lines().filter(|line| !line.starts_with('#'));
        let usual = languages
            .filter_map(|line| line.split_once(": "))
            .flat_map(|(_, words)| words.split(' '))
            .map(|word| (words::id_of(word), USUAL * KNOWN_TEXTS));
        Self {
            texts: KNOWN_TEXTS,
            // English knows better where it has a word of the same letters.
            by_term: usual.chain(weighed).collect(),
        }
    }

    /// Counts a text's distinct terms.
    pub(crate) fn learn(&mut self, title: &Words, content: &[Word]) {
        let lead = &content[..content.len().min(LEAD)];
        let mut terms: Vec<u32> = ids(&title.words).chain(ids(content)).collect();
        terms.extend(pairs(&title.words).chain(pairs(lead)));
        terms.sort_unstable();
        terms.dedup();
        self.texts += 1.0;
        for term in terms {
            *self.by_term.entry(term).or_insert(UNKNOWN * KNOWN_TEXTS) += 1.0;
        }
    }

    fn rarity(&self, term: u32) -> f32 {
        let seen = self.by_term.get(&term).copied().unwrap_or(UNKNOWN * KNOWN_TEXTS);
        (self.texts / seen).ln().max(0.0)
    }
}

impl Features {
    /// Of a headline and a body's content, by the frequencies known so far.
    pub(crate) fn new(title: &Words, content: &[Word], known: &Frequencies) -> Self {
        let lead = &content[..content.len().min(LEAD)];
        let names = title.words.iter().chain(content).filter(|word| word.is_name());
        let title = &title.words;
        Self {
            title: vector(ids(title).collect(), known, MOST_TERMS),
            lead: vector(ids(title).chain(ids(lead)).collect(), known, MOST_TERMS),
            body: vector(ids(title).chain(ids(content)).collect(), known, MOST_TERMS),
            names: vector(names.map(|word| word.id()).collect(), known, MOST_TERMS),
            pairs: vector(pairs(title).chain(pairs(lead)).collect(), known, MOST_TERMS),
            length: content.len() as u32,
        }
    }
}

/// The words that tell what a text is about.
fn ids(words: &[Word]) -> impl Iterator<Item = u32> {
    words.iter().filter(|word| word.tells()).map(|word| word.id())
}

/// Neighbouring words as terms of their own; those with a short word in them are phrases of the language.
fn pairs(words: &[Word]) -> impl Iterator<Item = u32> {
    let told = |pair: &&[Word]| !pair[0].is_short() && !pair[1].is_short();
    words
        .windows(2)
        .filter(told)
        .map(|pair| pair[0].id().rotate_left(16).wrapping_mul(0x9e37_79b1) ^ pair[1].id())
}

/// Weighs terms by how often they come and how rare they are, and keeps the heaviest.
fn vector(mut terms: Vec<u32>, known: &Frequencies, most: usize) -> Vector {
    terms.sort_unstable();
    let mut vector: Vector = terms
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], (1.0 + (same.len() as f32).ln()) * known.rarity(same[0])))
        .collect();
    if vector.len() > most {
        vector.select_nth_unstable_by(most, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        vector.truncate(most);
        vector.sort_unstable_by_key(|&(term, _)| term);
    }
    // Texts are held by the hundred thousand.
    vector.shrink_to_fit();
    normalise(&mut vector);
    vector
}

fn normalise(vector: &mut Vector) {
    let squares = vector.iter().map(|(_, weight)| weight * weight);
    let length = squares.sum::<f32>().sqrt();
    for (_, weight) in vector {
        *weight /= length.max(f32::MIN_POSITIVE);
    }
}

/// The direction in which several vectors point together, of length one.
pub(crate) fn mean<'a>(vectors: impl Iterator<Item = &'a Vector>) -> Vector {
    let mut terms: Vec<(u32, f32)> = vectors.flatten().copied().collect();
    terms.sort_by_key(|&(term, _)| term);
    let mut mean: Vector = terms
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| (same[0].0, same.iter().map(|(_, weight)| weight).sum()))
        .collect();
    normalise(&mut mean);
    mean
}

/// The cosine of two vectors.
pub(crate) fn cosine(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let (mut i, mut j, mut sum) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i].0, b[j].0);
        if x == y {
            sum += a[i].1 * b[j].1;
        }
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    sum
}
