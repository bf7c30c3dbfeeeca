//! Five-word runs: what two texts must share to be copies.
//!
//! After Broder, "On the resemblance and containment of documents" (1997): a text is the set of the hashes of its
//! runs, and the smallest hashes are a fair sample of it that is the same sample in every text.

use crate::words::Word;

/// Words in a run. Shorter ones are shared by chance, longer ones break at each edited word.
const LENGTH: usize = 5;
/// Runs at the head of a text of which one in two is looked up: a teaser is usually the beginning.
const HEAD: usize = 100;
/// One run in sixteen further down is looked up.
const SAMPLE_SHIFT: u32 = 4;
/// About so many runs of a text are kept for exact comparison, by halving the sample until they fit.
const MOST_KEPT: usize = 1024;
/// An odd number without a pattern (2⁶⁴ by the golden ratio).
const MIXER: u64 = 0x9e37_79b9_7f4a_7c15;
/// By so many bits a word's product is rotated for each word that follows it in a run.
const ROTATION: u32 = 13;
/// Runs that count as the beginning of a text.
const LEAD: usize = 60;
/// What a run inside quotation marks counts: speeches and statements are printed by everybody who was there.
const QUOTED_WEIGHT: f64 = 0.3;

/// One run: its hash, the lowest bit telling whether it is quoted speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Run(u64);

impl Run {
    /// Thirty-two bits keep a large index small; what they confuse does not survive the exact comparison.
    const fn key(self) -> u32 {
        self.0 as u32 | 1
    }

    const fn kept(self) -> u32 {
        (self.0 >> 32) as u32 & !1 | (self.0 & 1) as u32
    }
}

/// The runs of a text, in order. A run is quoted where most of its words are.
pub(crate) fn runs(words: &[Word]) -> Vec<Run> {
    let product = |word: Word| u64::from(word.id()).wrapping_mul(MIXER);
    let (first, rest) = words.split_at(words.len().min(LENGTH - 1));
    // A run's hash is made of the one before: its words' products, each rotated by its place.
    let mut rolling = first
        .iter()
        .fold(0_u64, |hash, word| hash.rotate_left(ROTATION) ^ product(*word));
    let mut quoted = first.iter().filter(|word| word.is_quoted()).count();
    rest.iter()
        .zip(words)
        .map(|(last, first)| {
            quoted += usize::from(last.is_quoted());
            let mostly = quoted > LENGTH / 2;
            quoted -= usize::from(first.is_quoted());
            rolling = rolling.rotate_left(ROTATION) ^ product(*last);
            let hash = (rolling ^ (rolling >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            rolling ^= product(*first).rotate_left(ROTATION * (LENGTH as u32 - 1));
            Run((hash ^ (hash >> 29)) & !1 | u64::from(mostly))
        })
        .collect()
}

/// What the index is asked for a text: the keys of some of its runs.
pub(crate) fn looked_up(runs: &[Run]) -> Vec<u32> {
    let (head, rest) = runs.split_at(runs.len().min(HEAD));
    let sampled = |run: &&Run, shift: u32| run.0 >> (64 - shift) == 0;
    let head = head.iter().filter(|run| sampled(run, 1));
    let rest = rest.iter().filter(|run| sampled(run, SAMPLE_SHIFT));
    head.chain(rest).map(|run| run.key()).collect()
}

/// A text's runs, sorted, as sampled for exact comparison.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunSet {
    kept: Box<[u32]>,
    /// The runs with which it begins, in order.
    lead: Box<[u32]>,
    /// Runs are kept whose first so many bits are zero.
    shift: u32,
    /// The size of what is kept.
    size: f64,
}

/// What two texts share.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Shared {
    /// Runs in both, quoted ones counting less.
    pub(crate) common: f64,
    /// Runs of the first.
    pub(crate) first: f64,
    /// Runs of the second.
    pub(crate) second: f64,
    /// Of the runs in both, the share that is quoted speech.
    pub(crate) spoken: f64,
}

impl RunSet {
    /// Keeps what is needed of a text's runs.
    pub(crate) fn new(runs: &[Run]) -> Self {
        let mut shift = 0;
        while runs.len() >> shift > MOST_KEPT {
            shift += 1;
        }
        let mut kept: Vec<u32> = if shift == 0 {
            runs.iter().map(|run| run.kept()).collect()
        } else {
            runs.iter()
                .map(|run| run.kept())
                .filter(|run| run >> (32 - shift) == 0)
                .collect()
        };
        if shift == 0 {
            kept = sorted(&kept);
        } else {
            kept.sort_unstable();
        }
        kept.dedup_by_key(|run| *run & !1);
        Self {
            size: size(&kept),
            kept: kept.into_boxed_slice(),
            lead: runs.iter().take(LEAD).map(|run| run.kept()).collect(),
            shift,
        }
    }

    /// Counts both ways. Sizes are those of the whole texts, estimated where they were sampled.
    pub(crate) fn shared(&self, other: &Self) -> Shared {
        let shift = self.shift.max(other.shift);
        let (a, b) = (self.sample(shift), other.sample(shift));
        let (count, spoken) = in_both(a, b);
        let whole = f64::from(1_u32 << shift.min(31));
        let of = |set: &Self, sample| {
            if set.shift == shift {
                set.size
            } else {
                size(sample)
            }
        };
        Shared {
            common: weighed(count, spoken) * whole,
            first: of(self, a) * whole,
            second: of(other, b) * whole,
            spoken: ratio(f64::from(spoken), f64::from(count)),
        }
    }

    /// How many runs the text has, quoted ones counting less.
    pub(crate) fn size(&self) -> f64 {
        self.size * f64::from(1_u32 << self.shift.min(31))
    }

    /// How many runs, outside quotations, of this text's beginning stand anywhere in the other; once they are `enough`
    /// no more are counted.
    pub(crate) fn lead_in(&self, other: &Self, enough: f64) -> f64 {
        let shift = other.shift.min(31);
        let each = f64::from(1_u32 << shift);
        let sampled = self
            .lead
            .iter()
            .filter(|run| shift == 0 || **run >> (32 - shift) == 0);
        let found = sampled.filter(|run| {
            let at = other.kept.partition_point(|kept| kept & !1 < **run & !1);
            **run & 1 == 0 && other.kept.get(at).is_some_and(|kept| kept & !1 == **run & !1)
        });
        found.take((enough / each).ceil() as usize).count() as f64 * each
    }

    fn sample(&self, shift: u32) -> &[u32] {
        if shift == 0 {
            return &self.kept;
        }
        let end = self.kept.partition_point(|run| run >> (32 - shift.min(31)) == 0);
        &self.kept[..end]
    }
}

impl Shared {
    /// The share of the first text that stands in the second.
    pub(crate) fn of_first(self) -> f64 {
        ratio(self.common, self.first)
    }

    /// The share of the second text that stands in the first.
    pub(crate) fn of_second(self) -> f64 {
        ratio(self.common, self.second)
    }

    /// The share of whichever is contained more: 1 for a cut copy and its original.
    pub(crate) fn overlap(self) -> f64 {
        self.of_first().max(self.of_second()).min(1.0)
    }

    /// The harmonic mean of both shares.
    pub(crate) fn both(self) -> f64 {
        ratio(2.0 * self.common, self.first + self.second)
    }

    /// The smaller text's length by the larger's.
    pub(crate) fn balance(self) -> f64 {
        ratio(self.first.min(self.second), self.first.max(self.second))
    }
}

/// How many of two sorted lists' runs stand in both, and how many of these are quoted in either.
fn in_both(a: &[u32], b: &[u32]) -> (u32, u32) {
    // Each step waits for the one before it: two merges side by side wait half as long.
    let (a, b) = (halves(a), halves(b));
    let mut merges = [Merge::of(a.0, b.0), Merge::of(a.1, b.1)];
    while merges.iter().all(Merge::goes_on) {
        merges.iter_mut().for_each(Merge::step);
    }
    for merge in &mut merges {
        while merge.goes_on() {
            merge.step();
        }
    }
    let [low, high] = merges;
    (low.count + high.count, low.spoken + high.spoken)
}

/// Parts a sorted list at the middle of all hashes.
fn halves(kept: &[u32]) -> (&[u32], &[u32]) {
    kept.split_at(kept.partition_point(|run| *run < 1 << 31))
}

/// Two sorted lists that are being gone through together.
struct Merge<'a> {
    a: &'a [u32],
    b: &'a [u32],
    i: usize,
    j: usize,
    count: u32,
    spoken: u32,
}

impl<'a> Merge<'a> {
    fn of(a: &'a [u32], b: &'a [u32]) -> Self {
        Self {
            a,
            b,
            i: 0,
            j: 0,
            count: 0,
            spoken: 0,
        }
    }

    fn goes_on(&self) -> bool {
        self.i < self.a.len() && self.j < self.b.len()
    }

    #[inline]
    fn step(&mut self) {
        let (a, b) = (self.a[self.i], self.b[self.j]);
        let (x, y) = (a & !1, b & !1);
        // Whether two runs are equal cannot be foreseen: to add nothing is cheaper than to branch wrongly.
        let both = u32::from(x == y);
        self.count += both;
        self.spoken += both & (a | b);
        self.i += usize::from(x <= y);
        self.j += usize::from(y <= x);
    }
}

/// Sorts a few hashes. They scatter evenly, so each is nearly at its place once it is in the right one of 256 parts.
fn sorted(hashes: &[u32]) -> Vec<u32> {
    let part = |hash: u32| (hash >> 24) as usize;
    let mut ends = [0_u32; 257];
    for &hash in hashes {
        ends[part(hash) + 1] += 1;
    }
    for at in 1..ends.len() {
        ends[at] += ends[at - 1];
    }
    let mut sorted = vec![0; hashes.len()];
    for &hash in hashes {
        let end = &mut ends[part(hash)];
        sorted[*end as usize] = hash;
        *end += 1;
    }
    for at in 1..sorted.len() {
        let hash = sorted[at];
        let mut place = at;
        while place > 0 && sorted[place - 1] > hash {
            sorted[place] = sorted[place - 1];
            place -= 1;
        }
        sorted[place] = hash;
    }
    sorted
}

/// How much so many runs count of which so many are quoted.
fn weighed(count: u32, quoted: u32) -> f64 {
    f64::from(count - quoted) + QUOTED_WEIGHT * f64::from(quoted)
}

fn size(kept: &[u32]) -> f64 {
    let quoted = kept.iter().map(|run| run & 1).sum();
    weighed(kept.len() as u32, quoted)
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    fn set(text: &str) -> RunSet {
        RunSet::new(&runs(&words::read(text).words))
    }

    #[test]
    fn containment_is_counted_both_ways() {
        let whole = set("one two three four five six seven eight nine ten");
        let part = set("two three four five six seven");
        let shared = part.shared(&whole);
        assert!((shared.of_first() - 1.0).abs() < 1e-9);
        assert!((shared.of_second() - 2.0 / 6.0).abs() < 1e-9);
    }

    #[test]
    fn quoted_speech_counts_less() {
        let text = |mark: &str| format!("a b c d e {mark}f g h i j k l m{mark} n o p q r");
        let plain = set(&text("")).shared(&set(&text("")));
        let quoted = set(&text("\"")).shared(&set(&text("")));
        assert!(quoted.common < plain.common);
    }

    #[test]
    fn texts_of_any_length_are_compared_on_one_sample() {
        let long: String = (0..40_000).map(|n| format!("word{n} ")).collect();
        let half = &long[..long.len() / 2];
        let shared = set(half).shared(&set(&long));
        assert!(shared.of_first() > 0.99);
        assert!((shared.of_second() - 0.5).abs() < 0.08, "{shared:?}");
    }

    #[test]
    fn a_text_shorter_than_a_run_shares_nothing() {
        assert_eq!(set("too short").shared(&set("too short")).overlap(), 0.0);
    }
}
