//! What outlets print around their articles: sentences that come back in one unrelated text after another.

use rustc_hash::FxHashMap;

use crate::words::{Word, Words};

/// Sentences shorter than this are too common to tell anything by.
const SHORTEST: usize = 3;
/// A sentence in so many unrelated texts is nobody's news,
const EVERYWHERE: u8 = 6;
/// if outlets repeated it so often.
const REPEATS: u8 = 2;
/// Within one outlet fewer are enough.
const AT_ONE_OUTLET: u8 = 3;

/// In how many groups of copies each sentence was seen, overall and by outlet.
#[derive(Debug, Default)]
pub(crate) struct Habits {
    seen: FxHashMap<u64, Spread>,
}

#[derive(Debug, Clone, Copy)]
struct Spread {
    last_group: u32,
    groups: u8,
    /// How often it came from an outlet that had printed it in another group before.
    repeats: u8,
}

impl Habits {
    /// The words of a text without its outlet's habitual sentences.
    pub(crate) fn without(&self, text: &Words, outlet: u64) -> Vec<Word> {
        let mut content = Vec::with_capacity(text.words.len());
        for (sentence, key) in text.sentences() {
            if sentence.len() < SHORTEST || !self.is_habit(key, outlet) {
                content.extend_from_slice(sentence);
            }
        }
        content
    }

    /// Notes that a text of this group, from this outlet, was seen.
    ///
    /// A sentence counts as printed everywhere only where some outlets print it again and again: a teaser that many
    /// carry under many headlines comes once from each.
    pub(crate) fn learn(&mut self, text: &Words, outlet: u64, group: u32) {
        for (_, key) in text
            .sentences()
            .filter(|(sentence, _)| sentence.len() >= SHORTEST)
        {
            let again = self.note(at_outlet(key, outlet), group, false);
            self.note(key, group, again);
        }
    }

    fn is_habit(&self, key: u64, outlet: u64) -> bool {
        let here = self.seen.get(&at_outlet(key, outlet));
        here.is_some_and(|spread| spread.groups >= AT_ONE_OUTLET)
            || self
                .seen
                .get(&key)
                .is_some_and(|all| all.groups >= EVERYWHERE && all.repeats >= REPEATS)
    }

    /// Counts a group. True where the key was seen in another group before.
    fn note(&mut self, key: u64, group: u32, again: bool) -> bool {
        let spread = self.seen.entry(key).or_insert(Spread {
            last_group: group,
            groups: 1,
            repeats: 0,
        });
        if spread.last_group != group {
            spread.last_group = group;
            spread.groups = spread.groups.saturating_add(1);
        }
        spread.repeats = spread.repeats.saturating_add(u8::from(again));
        spread.groups > 1
    }
}

const fn at_outlet(key: u64, outlet: u64) -> u64 {
    (key ^ outlet).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}
