//! What a text is about: weighted terms of headline, lead, body and names.

use rustc_hash::FxHashMap;

use crate::words::{Word, Words};

/// A sparse vector of length one, by term.
pub(crate) type Vector = Vec<(u32, f32)>;

/// So many terms of a body are kept; those below say little.
const MOST_TERMS: usize = 120;
/// Words that count as the lead.
const LEAD: usize = 70;
/// The frequency that a stream starts from: so many texts of which a new term was in one.
const PRIOR_TEXTS: f32 = 400.0;

/// In how many texts each term was seen.
#[derive(Debug, Default)]
pub(crate) struct Frequencies {
    texts: u32,
    by_term: FxHashMap<u32, u32>,
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
    /// Counts a text's distinct terms.
    pub(crate) fn learn(&mut self, title: &Words, content: &[Word]) {
        let words = title.words.iter().chain(content).map(|word| word.id());
        let lead = &content[..content.len().min(LEAD)];
        let mut terms: Vec<u32> = words.chain(pairs(&title.words)).chain(pairs(lead)).collect();
        terms.sort_unstable();
        terms.dedup();
        self.texts += 1;
        for term in terms {
            *self.by_term.entry(term).or_default() += 1;
        }
    }

    fn rarity(&self, term: u32) -> f32 {
        let seen = self.by_term.get(&term).copied().unwrap_or(0) as f32;
        ((self.texts as f32 + PRIOR_TEXTS) / (seen + 1.0)).ln()
    }
}

impl Features {
    /// Of a headline and a body's content, by the frequencies known so far.
    pub(crate) fn new(title: &Words, content: &[Word], known: &Frequencies) -> Self {
        let lead = &content[..content.len().min(LEAD)];
        let names = title.words.iter().chain(content).filter(|word| word.is_name());
        let ids = |words: &[Word]| words.iter().map(|word| word.id()).collect::<Vec<u32>>();
        let title_ids = ids(&title.words);
        Self {
            title: vector(title_ids.clone(), known, MOST_TERMS),
            lead: vector([title_ids.clone(), ids(lead)].concat(), known, MOST_TERMS),
            body: vector([title_ids, ids(content)].concat(), known, MOST_TERMS),
            names: vector(names.map(|word| word.id()).collect(), known, MOST_TERMS),
            pairs: vector(
                pairs(&title.words).chain(pairs(lead)).collect(),
                known,
                MOST_TERMS,
            ),
            length: content.len() as u32,
        }
    }
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
    let length = vector
        .iter()
        .map(|(_, weight)| weight * weight)
        .sum::<f32>()
        .sqrt();
    for (_, weight) in &mut vector {
        *weight /= length.max(f32::MIN_POSITIVE);
    }
    vector
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
