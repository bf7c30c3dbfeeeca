//! What outlets print around their articles: sentences that come back in one unrelated text after another.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::index::Index;
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
    seen: Index<Spread>,
    /// The same by sentence and outlet, for sentences that several outlets print: hardly any are.
    by_outlet: FxHashMap<(u32, u32), Spread>,
    /// The sentences that may be habits by how often they were seen: so few that a glance at these spares the look at
    /// all others.
    often: FxHashSet<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Spread {
    last_group: u32,
    groups: u8,
    /// How often it came from an outlet that had printed it in another group before.
    repeats: u8,
    /// The outlet that alone printed it, or [`SEVERAL`].
    outlet: u32,
}

const SEVERAL: u32 = u32::MAX;

impl Spread {
    /// Counts a group. True where another was seen before.
    fn note(&mut self, group: u32) -> bool {
        if self.last_group != group {
            self.last_group = group;
            self.groups = self.groups.saturating_add(1);
        }
        self.groups > 1
    }
}

impl Habits {
    /// The words of a text without its outlet's habitual sentences.
    pub(crate) fn without(&self, text: &Words, outlet: u32) -> Vec<Word> {
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
    pub(crate) fn learn(&mut self, text: &Words, outlet: u32, group: u32) {
        let told = text
            .sentences()
            .filter(|(sentence, _)| sentence.len() >= SHORTEST);
        for (_, key) in told {
            let first = Spread {
                last_group: group,
                groups: 1,
                repeats: 0,
                outlet,
            };
            let spread = self.seen.get_or_insert(key, first);
            if spread.outlet != outlet && spread.outlet != SEVERAL {
                self.by_outlet.insert((key, spread.outlet), *spread);
                spread.outlet = SEVERAL;
            }
            let mut again = spread.note(group);
            if spread.outlet == SEVERAL {
                again = self.by_outlet.entry((key, outlet)).or_insert(first).note(group);
            }
            spread.repeats = spread.repeats.saturating_add(u8::from(again));
            if spread.groups == AT_ONE_OUTLET {
                self.often.insert(key);
            }
        }
    }

    /// Whether a text holds a sentence that is no habit of its outlet yet, but may be one `at_most`.
    pub(crate) fn may_learn(&self, text: &Words, outlet: u32, at_most: &Self) -> bool {
        let mut told = text
            .sentences()
            .filter(|(sentence, _)| sentence.len() >= SHORTEST);
        told.any(|(_, key)| at_most.is_habit(key, outlet) && !self.is_habit(key, outlet))
    }

    fn is_habit(&self, key: u32, outlet: u32) -> bool {
        if !self.often.contains(&key) {
            return false;
        }
        let Some(spread) = self.seen.get(key) else {
            return false;
        };
        let here = match spread.outlet {
            SEVERAL => self.by_outlet.get(&(key, outlet)).map_or(0, |here| here.groups),
            only if only == outlet => spread.groups,
            _ => 0,
        };
        here >= AT_ONE_OUTLET || spread.groups >= EVERYWHERE && spread.repeats >= REPEATS
    }
}
