//! What a text is about: weighted terms of headline, lead, body and names.

use rustc_hash::FxHashMap;

use crate::table::Table;
use crate::words::{self, Word, Words};

/// A sparse vector of length one, by term.
pub(crate) type Vector = Vec<(u32, f32)>;

/// So many terms of a body are kept; those below say little.
const MOST_TERMS: usize = 120;
/// Words that count as the lead.
const LEAD: usize = 70;
/// As much as so many texts of a stream weighs what is known of the language beforehand.
const KNOWN_TEXTS: f32 = 500.0;
/// A word that the language's tables do not hold is expected in this share of texts, but that weighs only as much as so
/// many of them: among a morning's few texts the name in every tenth is no rare one.
const UNKNOWN: f32 = 0.0005;
const GUESSED_TEXTS: f32 = 120.0;
/// Common words with the share of texts in which they stand; see `weights/README.md`.
const COMMON: &str = include_str!("../weights/words.tsv");
/// Words that hold sentences together in other languages, a language a line.
const FUNCTION_WORDS: &str = include_str!("../weights/function-words.txt");
/// The share of its language's texts in which such a word stands, roughly.
const USUAL: f32 = 0.4;

/// What lies so many milliseconds back tells a third as much of what is common these days.
const RECENT: f32 = 3.0 * 24.0 * 60.0 * 60.0 * 1000.0;
/// What a text may count of late before all counts are made less: far from the end of their range.
const HEAVIEST: f32 = 1e20;
/// As much as so many of the latest texts weighs what is known of all texts.
const SETTLED_TEXTS: f32 = 50.0;

/// In how many texts each term was seen: in all, and of late. What everybody writes of these days tells apart the
/// stories of these days no better than a word of the language does.
#[derive(Debug)]
pub(crate) struct Frequencies {
    texts: f32,
    seen: FxHashMap<u32, Seen>,
    /// The share of texts in which a word of the language stands.
    usual: FxHashMap<u32, f32>,
    recent_texts: f32,
    /// The latest time of any text.
    now: i64,
    /// What a text counts of late: more than those before it, as nothing that was counted is ever made less.
    weight: f32,
}

/// How often a term was seen.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    all: f32,
    recent: f32,
}

/// The parts of a text that are weighed each for itself.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    Title,
    /// Title and lead.
    Lead,
    /// Title and all of the body.
    Body,
    Names,
}

const PARTS: usize = 4;

/// The distinct terms of one text, and how often each stands in each part. Filled again for each text.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    terms: Table,
    counts: Vec<[u16; PARTS]>,
    length: u32,
}

impl Counts {
    /// Counts the terms of a headline and of a body's content.
    pub(crate) fn read(&mut self, title: &Words, content: &[Word]) {
        let title = &title.words;
        let (lead, rest) = content.split_at(content.len().min(LEAD));
        self.counts.clear();
        self.terms.clear(title.len() + content.len());
        self.length = content.len() as u32;
        for word in title.iter().filter(|word| word.tells()) {
            self.count(word.id(), [1, 1, 1, u16::from(word.is_name())]);
        }
        for word in lead.iter().filter(|word| word.tells()) {
            self.count(word.id(), [0, 1, 1, u16::from(word.is_name())]);
        }
        for word in rest.iter().filter(|word| word.tells()) {
            self.count(word.id(), [0, 0, 1, u16::from(word.is_name())]);
        }
    }

    fn count(&mut self, term: u32, added: [u16; PARTS]) {
        let (number, new) = self.terms.insert(term);
        if new {
            self.counts.push(added);
        } else {
            let counts = self.counts[number].iter_mut().zip(added);
            counts.for_each(|(count, added)| *count = count.saturating_add(added));
        }
    }
}

/// One text as its story's model sees it: a vector for each part.
#[derive(Debug, Clone, Default)]
pub(crate) struct Features {
    vectors: Box<[(u32, f32)]>,
    ends: [u16; PARTS],
    /// Words of the body.
    pub(crate) length: u32,
}

impl Frequencies {
    /// What is known of the language, and nothing yet of the stream.
    pub(crate) fn new() -> Self {
        let known = COMMON.lines().filter_map(|line| line.split_once('\t'));
        let known = known.filter_map(|(word, share)| Some((words::id_of(word), share.parse().ok()?)));
        let languages = FUNCTION_WORDS.lines().filter(|line| !line.starts_with('#'));
        let usual = languages
            .filter_map(|line| line.split_once(": "))
            .flat_map(|(_, words)| words.split(' '))
            .map(|word| (words::id_of(word), USUAL));
        Self {
            texts: 0.0,
            seen: FxHashMap::default(),
            recent_texts: 0.0,
            now: i64::MIN,
            weight: 1.0,
            // English knows better where it has a word of the same letters.
            usual: usual.chain(known).collect(),
        }
    }

    /// Takes note of a text's terms.
    pub(crate) fn learn(&mut self, counts: &Counts) {
        self.texts += 1.0;
        for &term in counts.terms.terms() {
            self.seen.entry(term).or_default().all += 1.0;
        }
    }

    /// Takes note of a text's terms as those of its time, and tells how rare each is. Texts come in the order of time,
    /// more or less. However far a clock leaps, it makes no more forgotten than a third leaves.
    pub(crate) fn rarities(&mut self, counts: &Counts, at: i64) -> Vec<f32> {
        let passed = (at.saturating_sub(self.now) as f32 / RECENT).clamp(0.0, 1.0);
        self.now = self.now.max(at);
        self.weight *= passed.exp();
        if self.weight > HEAVIEST {
            self.lighten();
        }
        self.recent_texts += self.weight;
        let terms = counts.terms.terms();
        // First all that waits for memory, so that the waits overlap.
        let seen = terms.iter().map(|&term| {
            let seen = self.seen.entry(term).or_default();
            seen.recent += self.weight;
            *seen
        });
        let seen: Vec<Seen> = seen.collect();
        terms
            .iter()
            .zip(seen)
            .map(|(&term, seen)| self.rarity(term, seen))
            .collect()
    }

    fn rarity(&self, term: u32, seen: Seen) -> f32 {
        let (share, texts) = match self.usual.get(&term) {
            Some(&share) => (share, KNOWN_TEXTS),
            None => (UNKNOWN, GUESSED_TEXTS),
        };
        let settled = (seen.all + share * texts) / (self.texts + texts);
        let [recent, recent_texts] = [seen.recent, self.recent_texts].map(|counted| counted / self.weight);
        let rarity = (recent_texts + SETTLED_TEXTS) / (recent + settled * SETTLED_TEXTS);
        rarity.ln().max(0.0)
    }

    /// Makes the latest text count one again.
    fn lighten(&mut self) {
        for seen in self.seen.values_mut() {
            seen.recent /= self.weight;
        }
        self.recent_texts /= self.weight;
        self.weight = 1.0;
    }
}

impl Features {
    /// Of a text's terms, by how rare each is.
    pub(crate) fn new(counts: &Counts, rarities: &[f32]) -> Self {
        let terms = counts.terms.terms();
        let (mut vectors, mut vector, mut ends) = (Vec::new(), Vec::new(), [0; PARTS]);
        for (part, end) in ends.iter_mut().enumerate() {
            vector.clear();
            for ((&term, rarity), counts) in terms.iter().zip(rarities).zip(&counts.counts) {
                match counts[part] {
                    0 => {}
                    1 => vector.push((term, *rarity)),
                    count => vector.push((term, (1.0 + f32::from(count).ln()) * rarity)),
                }
            }
            keep_heaviest(&mut vector, MOST_TERMS);
            vector.sort_unstable_by_key(|&(term, _)| term);
            normalise(&mut vector);
            vectors.extend_from_slice(&vector);
            *end = vectors.len() as u16;
        }
        Self {
            vectors: vectors.into_boxed_slice(),
            ends,
            length: counts.length,
        }
    }

    /// The vector of one part.
    pub(crate) fn of(&self, part: Part) -> &[(u32, f32)] {
        let part = part as usize;
        let from = if part == 0 { 0 } else { self.ends[part - 1] };
        &self.vectors[usize::from(from)..usize::from(self.ends[part])]
    }
}

/// Keeps the heaviest terms, in any order.
pub(crate) fn keep_heaviest(terms: &mut Vector, most: usize) {
    if terms.len() > most {
        terms.select_nth_unstable_by(most, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        terms.truncate(most);
    }
}

fn normalise(vector: &mut [(u32, f32)]) {
    let squares = vector.iter().map(|(_, weight)| weight * weight);
    let length = squares.sum::<f32>().sqrt();
    for (_, weight) in vector {
        *weight /= length.max(f32::MIN_POSITIVE);
    }
}

/// The direction in which several vectors point together, of length one.
pub(crate) fn mean<'a>(vectors: impl Iterator<Item = &'a [(u32, f32)]>) -> Vector {
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

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60 * 1000;

    fn learn(known: &mut Frequencies, text: &str, day: i64) {
        let mut counts = Counts::default();
        counts.read(&words::read(text), &[]);
        known.learn(&counts);
        known.rarities(&counts, day.saturating_mul(DAY));
    }

    fn rarity(known: &Frequencies, word: &str) -> f32 {
        let term = words::id_of(word);
        known.rarity(term, known.seen[&term])
    }

    #[test]
    fn what_everybody_writes_of_these_days_tells_less_than_what_they_wrote_of_weeks_ago() {
        let mut known = Frequencies::new();
        for number in 0..1200 {
            let subject = if number < 600 { "lighthouse" } else { "harbour" };
            learn(&mut known, &format!("the {subject} in text{number}"), number / 20);
        }
        let rarity = |word| rarity(&known, word);
        assert!(rarity("lighthouse") > 1.5 * rarity("harbour"));
        assert!(rarity("text1199") > rarity("lighthouse"));
    }

    #[test]
    fn a_clock_that_leaps_changes_little() {
        let (mut known, mut upset) = (Frequencies::new(), Frequencies::new());
        learn(&mut upset, "word", i64::MIN / DAY);
        for day in 0..30 {
            learn(&mut known, "the harbour", day);
            learn(&mut upset, "the harbour", day);
        }
        learn(&mut upset, "word", i64::MAX / DAY);
        assert!((rarity(&known, "harbour") - rarity(&upset, "harbour")).abs() < 0.3);
    }
}
