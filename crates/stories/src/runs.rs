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
/// Runs that count as the beginning of a text.
const LEAD: usize = 60;
/// What a run inside quotation marks counts: speeches and statements are printed by everybody who was there.
const QUOTED_WEIGHT: f64 = 0.3;

/// One run: its hash, the lowest bit telling whether it is quoted speech.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Run(u64);

impl Run {
    /// What the index is asked for. Thirty-two bits keep a large index small; what they confuse does not survive the
    /// exact comparison.
    pub(crate) const fn key(self) -> u32 {
        self.0 as u32 | 1
    }

    const fn kept(self) -> u32 {
        (self.0 >> 32) as u32 & !1 | (self.0 & 1) as u32
    }
}

/// The runs of a text, in order. A run is quoted where most of its words are.
pub(crate) fn runs(words: &[Word]) -> Vec<Run> {
    words
        .windows(LENGTH)
        .map(|run| {
            // Five independent products, each rotated by its place: they cost no more than one.
            let hash = run
                .iter()
                .zip([0, 11, 23, 37, 51])
                .fold(0, |sum: u64, (word, place)| {
                    sum ^ u64::from(word.id()).wrapping_mul(MIXER).rotate_left(place)
                });
            let hash = (hash ^ (hash >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let quoted = run.iter().filter(|word| word.is_quoted()).count() > LENGTH / 2;
            Run((hash ^ (hash >> 29)) & !1 | u64::from(quoted))
        })
        .collect()
}

/// The runs by which a text is found.
pub(crate) fn looked_up(runs: &[Run]) -> impl Iterator<Item = Run> {
    runs.iter()
        .enumerate()
        .filter(|(at, run)| run.0 >> (64 - if *at < HEAD { 1 } else { SAMPLE_SHIFT }) == 0)
        .map(|(_, run)| *run)
}

/// A text's runs, sorted, as sampled for exact comparison.
#[derive(Debug, Clone, Default)]
pub(crate) struct RunSet {
    kept: Vec<u32>,
    /// The runs with which it begins, in order.
    lead: Vec<u32>,
    /// Runs are kept whose first so many bits are zero.
    shift: u32,
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
        kept.sort_unstable();
        kept.dedup_by_key(|run| *run & !1);
        let lead = runs.iter().take(LEAD).map(|run| run.kept()).collect();
        Self { kept, lead, shift }
    }

    /// Counts both ways. Sizes are those of the whole texts, estimated where they were sampled.
    pub(crate) fn shared(&self, other: &Self) -> Shared {
        let shift = self.shift.max(other.shift);
        let (a, b) = (self.sample(shift), other.sample(shift));
        let weight = |run: u32| if run & 1 == 1 { QUOTED_WEIGHT } else { 1.0 };
        let size = |runs: &[u32]| runs.iter().map(|&run| weight(run)).sum::<f64>();
        let (mut i, mut j, mut common, mut spoken, mut count) = (0, 0, 0.0, 0, 0);
        while i < a.len() && j < b.len() {
            let (x, y) = (a[i] & !1, b[j] & !1);
            if x == y {
                let run = a[i] | b[j];
                common += weight(run);
                spoken += run & 1;
                count += 1;
            }
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        let whole = f64::from(1_u32 << shift.min(31));
        Shared {
            common: common * whole,
            first: size(a) * whole,
            second: size(b) * whole,
            spoken: ratio(f64::from(spoken), f64::from(count)),
        }
    }

    /// How many runs the text has, quoted ones counting less.
    pub(crate) fn size(&self) -> f64 {
        self.shared(self).first
    }

    /// How many runs, outside quotations, of this text's beginning stand anywhere in the other.
    pub(crate) fn lead_in(&self, other: &Self) -> f64 {
        let sampled = self
            .lead
            .iter()
            .filter(|run| other.shift == 0 || **run >> (32 - other.shift.min(31)) == 0);
        let found = sampled.filter(|run| {
            let at = other.kept.partition_point(|kept| kept & !1 < **run & !1);
            *run & 1 == 0 && other.kept.get(at).is_some_and(|kept| kept & !1 == **run & !1)
        });
        found.count() as f64 * f64::from(1_u32 << other.shift.min(31))
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
