//! Two texts: is one a copy of the other?
//!
//! Wire copies keep the lead and lose the tail; a report that quotes another text holds a stretch of it somewhere. So
//! where both texts begin alike a small containment is enough, and where they do not it takes most of a text.

use crate::held::Held;
use crate::runs::{Run, RunSet, Shared};
use crate::words::Word;

/// Both texts begin alike where so many runs of each beginning stand in the other.
const SAME_LEAD: f64 = 15.0;
/// Then this containment makes a copy.
const COPY_BY_LEAD: f64 = 0.28;
/// Beginnings that share so many runs are somewhat alike,
const NEAR_LEAD: f64 = 8.0;
/// or nearly all of a short text, but no fewer than these;
const FEWEST_BY_LEAD: f64 = 3.0;
/// then this containment makes a copy.
const COPY_NEAR_LEAD: f64 = 0.45;
/// Whatever the beginnings, this containment makes a copy,
const COPY: f64 = 0.5;
/// if so many runs are shared.
const FEWEST_RUNS: f64 = 60.0;
/// A text without the other's beginning that shares fewer runs than this may only quote the other at length,
const LONG_QUOTATION: f64 = 150.0;
/// unless so much of both is shared.
const REPEATED: f64 = 0.75;
/// The same text, if this much of both is shared (harmonic mean); with less, an excerpt.
const SAME_TEXT: f64 = 0.48;
/// The share of the shorter text's names and numbers that the longer must hold where hardly a run is shared:
/// templates differ in these.
const SAME_SUBJECT: f64 = 0.85;
/// The share from [`LONG`] on.
const SAME_SUBJECT_LONG: f64 = 0.4;
/// No template is so many runs long.
const LONG: f64 = 60.0;
/// A text contained to this share leaves no room for another name.
const WHOLE: f64 = 0.92;
/// Texts farther apart than this, in milliseconds, are no versions of one another where their numbers differ: they are
/// issues of one daily or weekly notice.
const NEXT_ISSUE: u64 = 20 * 60 * 60 * 1000;
/// An outlet updates no text after so many milliseconds: what it then prints in part is the next issue of a notice.
const LAST_UPDATE: u64 = 72 * 60 * 60 * 1000;
/// Numbers differ if less than this share of the shorter text's stands in the other,
const SAME_NUMBERS: f64 = 0.5;
/// and if there are so many.
const FEWEST_NUMBERS: usize = 3;
/// At one outlet, texts less alike than this must share part of their headline.
const REPRINTED: f64 = 0.95;
/// That part, as a share of the shorter headline's words.
const SAME_TITLE: f64 = 0.34;
/// Without a common beginning, so much of a headline must stand in the other text.
const TITLE_IN_TEXT: f64 = 0.4;

/// One outlet's texts are fillings of one form if they share so much,
const FORM: f64 = 0.15;
/// but so little of the names and numbers of the shorter: a report that repeats another's background repeats its names.
const OTHER_SUBJECT: f64 = 0.55;

/// A text of fewer runs is a teaser or a brief.
const SHORT: f64 = 100.0;

/// What is compared of a text.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    /// Its runs as sampled for comparison.
    pub(crate) set: RunSet,
    /// The ids of its names and numbers, sorted.
    keys: Vec<u32>,
    /// The ids of its numbers, sorted.
    numbers: Vec<u32>,
    at: i64,
    /// The ids of its headline's words, sorted.
    title: Vec<u32>,
    outlet: u32,
}

/// How a text relates to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likeness {
    /// What they share; the judged text first.
    pub(crate) shared: Shared,
    /// How many runs of each beginning stand in the other, at least, as far as that matters.
    pub(crate) lead: f64,
}

impl Body {
    /// Of a text's content, as [`Habits::without`](crate::habits::Habits::without) leaves it.
    pub(crate) fn new(held: &Held, content: &[Word], runs: &[Run]) -> Self {
        let told = content
            .iter()
            .filter(|word| word.is_capital() || word.is_number());
        Self {
            set: RunSet::new(runs),
            keys: ids(told),
            numbers: ids(content.iter().filter(|word| word.is_number())),
            at: held.at.0,
            title: ids(&held.title.words),
            outlet: held.outlet,
        }
    }

    /// What this text and another share.
    pub(crate) fn compare(&self, other: &Self) -> Likeness {
        let enough = self.set.lead_in(&other.set, SAME_LEAD);
        let lead = other.set.lead_in(&self.set, enough).min(enough);
        Likeness {
            shared: self.set.shared(&other.set),
            lead,
        }
    }

    /// Whether one of two texts that are so alike is a copy of the other.
    pub(crate) fn is_copy(&self, other: &Self, found: Likeness) -> bool {
        let enough = match found.lead {
            lead if lead >= SAME_LEAD && found.shared.common >= FEWEST_RUNS => COPY_BY_LEAD,
            _ if found.begins_alike() => COPY_NEAR_LEAD,
            _ if found.shared.common >= FEWEST_RUNS => COPY,
            _ => return false,
        };
        let template = (1.0 - found.shared.common / LONG).max(0.0);
        let subject = match found.shared.overlap() {
            whole if whole >= WHOLE => 0.0,
            _ => SAME_SUBJECT_LONG + (SAME_SUBJECT - SAME_SUBJECT_LONG) * template,
        };
        found.shared.overlap() >= enough
            && held_share(&self.keys, &other.keys) >= subject
            && !self.is_stencil(other, found.shared)
            && !self.is_next_issue(other, found.shared)
    }

    /// Whether two texts that are no copies are fillings of one form: notices of other places or days.
    pub(crate) fn fills_form(&self, other: &Self, shared: Shared) -> bool {
        self.outlet == other.outlet
            && shared.overlap() >= FORM
            && held_share(&self.keys, &other.keys) < OTHER_SUBJECT
    }

    /// What a decision on two texts rests on.
    #[cfg(feature = "lab")]
    pub(crate) fn figures(&self, other: &Self) -> [f64; 8] {
        let shared = self.set.shared(&other.set);
        [
            shared.of_first(),
            shared.of_second(),
            shared.common,
            shared.first,
            shared.second,
            held_share(&self.keys, &other.keys),
            self.set.lead_in(&other.set, f64::INFINITY),
            other.set.lead_in(&self.set, f64::INFINITY),
        ]
    }

    /// Whether two texts are alike only because the same notice comes again with the numbers of another day.
    fn is_next_issue(&self, other: &Self, shared: Shared) -> bool {
        let apart = self.at.abs_diff(other.at);
        let fewest = self.numbers.len().min(other.numbers.len());
        let other_numbers = apart > NEXT_ISSUE
            && shared.overlap() < WHOLE
            && fewest >= FEWEST_NUMBERS
            && held_share(&self.numbers, &other.numbers) < SAME_NUMBERS;
        let too_late = self.outlet == other.outlet && apart > LAST_UPDATE && shared.overlap() < REPRINTED;
        other_numbers || too_late
    }

    /// Whether two texts of one outlet are alike only because the outlet prints so much around them: then their
    /// headlines have little in common, which those of two versions of one text never have.
    fn is_stencil(&self, other: &Self, shared: Shared) -> bool {
        let both = shared.of_first().min(shared.of_second());
        self.outlet == other.outlet && both < REPRINTED && held_share(&self.title, &other.title) < SAME_TITLE
    }
}

impl Likeness {
    /// Orders likenesses: a text contained in both ways is nearer than one contained in one, and one that begins
    /// alike is nearer than one that does not. A teaser belongs to the full text rather than to other teasers.
    pub(crate) fn strength(&self) -> f64 {
        let lead = self.lead.min(SAME_LEAD) / SAME_LEAD;
        let short = self.shared.first < SHORT;
        let size = if short {
            self.shared.second.min(1000.0) / 1000.0
        } else {
            self.shared.balance()
        };
        self.shared.overlap() + 0.3 * lead + 0.2 * size + 1e-4 * self.shared.common.min(1000.0)
    }

    /// Whether the beginning of each stands in the other. A text may be all beginning, and short.
    fn begins_alike(&self) -> bool {
        let shorter = self.shared.first.min(self.shared.second);
        self.lead >= NEAR_LEAD.min(0.6 * shorter).max(FEWEST_BY_LEAD)
    }

    /// Whether the texts can be one by what their headlines say. What two outlets print around unrelated articles
    /// is no beginning of either, and then a headline's words are not found in the other's text.
    pub(crate) fn holds(&self, one: &Held, other: &Held) -> bool {
        self.begins_alike() || (title_in(one, other) && title_in(other, one))
    }

    /// Whether the smaller text is only a part of the larger.
    pub(crate) fn is_excerpt(&self) -> bool {
        let both = self.shared.both();
        self.lead < SAME_LEAD && (both < SAME_TEXT || self.shared.common < LONG_QUOTATION && both < REPEATED)
    }
}

/// Whether enough of an article's headline stands in another's headline or text. Short words stand everywhere.
fn title_in(one: &Held, other: &Held) -> bool {
    let mut title: Vec<u32> = one
        .title
        .words
        .iter()
        .filter(|word| !word.is_short())
        .map(|word| word.id())
        .collect();
    title.sort_unstable();
    title.dedup();
    let mut found = vec![false; title.len()];
    for word in other.title.words.iter().chain(&other.body.words) {
        if let Ok(at) = title.binary_search(&word.id()) {
            found[at] = true;
        }
    }
    found.iter().filter(|found| **found).count() as f64 >= TITLE_IN_TEXT * title.len() as f64
}

fn ids<'a>(words: impl IntoIterator<Item = &'a Word>) -> Vec<u32> {
    let mut ids: Vec<u32> = words.into_iter().map(|word| word.id()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The share of the smaller set that the larger one holds; 1 where there is nothing to hold.
fn held_share(a: &[u32], b: &[u32]) -> f64 {
    let (small, large) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let held = small.iter().filter(|id| large.binary_search(id).is_ok()).count();
    if small.is_empty() {
        1.0
    } else {
        held as f64 / small.len() as f64
    }
}
