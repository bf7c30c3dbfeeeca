//! Groups of articles that carry one text.
//!
//! Each group is found through an inverted index of five-word runs and judged by exact containment, both ways,
//! against the few texts that stand for it (its pivots). A text joins the best group or founds its own; groups never
//! merge, so an article that quotes two others cannot weld them.

use rustc_hash::FxHashMap;

use crate::habits::Habits;
use crate::held::Held;
use crate::runs::{self, Run, RunSet, Shared};
use crate::words::Word;

/// A run in more groups than this says nothing about any of them.
const MOST_GROUPS: usize = 12;
/// So many groups are compared exactly.
const MOST_CANDIDATES: usize = 6;
/// So many texts stand for a group: the first, the fullest, a later version.
const MOST_PIVOTS: usize = 4;
/// From this containment on, one text is a copy of the other.
const COPY: f64 = 0.45;
/// Fewer shared runs than this prove nothing, unless they are nearly the whole text.
const FEWEST_RUNS: f64 = 8.0;
/// The share of the shorter text's names and numbers that the longer must hold: templates differ in these.
const SAME_SUBJECT: f64 = 0.6;
/// At one outlet, texts less alike than this must share part of their headline.
const SAME_TEXT: f64 = 0.95;
/// That part, as a share of the shorter headline's words.
const SAME_TITLE: f64 = 0.34;

/// What is compared of a text.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    /// Its runs as sampled for comparison.
    pub(crate) set: RunSet,
    /// The ids of its names and numbers, sorted.
    keys: Vec<u32>,
    /// The ids of its headline's words, sorted.
    title: Vec<u32>,
    outlet: u64,
}

/// How a text relates to a group's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Likeness {
    /// The share of the better contained text.
    pub(crate) overlap: f64,
    /// What they share; the judged text first.
    pub(crate) shared: Shared,
}

/// All groups, found by their runs.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    index: FxHashMap<u64, Posting>,
    crowds: Vec<Vec<u32>>,
    groups: Vec<Vec<Body>>,
}

/// Most runs stand in one group; the others' groups are listed in `crowds`.
#[derive(Debug, Clone, Copy)]
enum Posting {
    One(u32),
    Crowd(u32),
}

impl Body {
    /// Of a text's content, as [`Habits::without`] leaves it.
    pub(crate) fn new(held: &Held, content: &[Word], runs: &[Run]) -> Self {
        let told = content.iter().filter(|word| word.is_name() || word.is_number());
        Self {
            set: RunSet::new(runs),
            keys: ids(told),
            title: ids(&held.title.words),
            outlet: held.outlet,
        }
    }

    /// Whether this text and another are one text, and how much of it they share.
    pub(crate) fn likeness(&self, other: &Self) -> Option<Likeness> {
        let shared = self.set.shared(&other.set);
        let overlap = shared.overlap();
        let smaller = shared.first.min(shared.second);
        let enough = shared.common >= FEWEST_RUNS.min(smaller * 0.6);
        (overlap >= COPY
            && shared.common >= 2.0
            && enough
            && self.same_subject(other)
            && !self.is_stencil(other, shared))
        .then_some(Likeness { overlap, shared })
    }

    fn same_subject(&self, other: &Self) -> bool {
        held_share(&self.keys, &other.keys) >= SAME_SUBJECT
    }

    /// Whether two texts of one outlet are alike only because the outlet prints so much around them: then their
    /// headlines have little in common, which those of two versions of one text never have.
    fn is_stencil(&self, other: &Self, shared: Shared) -> bool {
        let both = shared.of_first().min(shared.of_second());
        self.outlet == other.outlet && both < SAME_TEXT && held_share(&self.title, &other.title) < SAME_TITLE
    }
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

impl Copies {
    /// Puts a text into the group that it copies, or into a new one. Returns the group.
    pub(crate) fn place(&mut self, held: &Held, habits: &Habits) -> u32 {
        let content = habits.without(&held.body, held.outlet);
        let runs = runs::runs(&content);
        let candidates = self.candidates(&runs);
        let body = Body::new(held, &content, &runs);
        let best = candidates
            .into_iter()
            .filter_map(|group| Some((self.likeness(group, &body)?, group)))
            .max_by(|(a, x), (b, y)| strength(a).total_cmp(&strength(b)).then(y.cmp(x)));
        match best {
            Some((likeness, group)) => {
                self.extend(group, body, &runs, likeness);
                group
            }
            None => self.found(body, &runs),
        }
    }

    /// Groups with the most runs in common, best first.
    fn candidates(&self, runs: &[Run]) -> Vec<u32> {
        let mut hits: FxHashMap<u32, u32> = FxHashMap::default();
        for run in runs::looked_up(runs) {
            match self.index.get(&run.key()) {
                Some(Posting::One(group)) => *hits.entry(*group).or_default() += 1,
                Some(Posting::Crowd(at)) => {
                    let crowd = &self.crowds[*at as usize];
                    for group in crowd.iter().filter(|_| crowd.len() <= MOST_GROUPS) {
                        *hits.entry(*group).or_default() += 1;
                    }
                }
                None => {}
            }
        }
        let mut best: Vec<(u32, u32)> = hits.into_iter().filter(|(_, count)| *count >= 2).collect();
        best.sort_unstable_by_key(|&(group, count)| (std::cmp::Reverse(count), group));
        best.into_iter()
            .take(MOST_CANDIDATES)
            .map(|(group, _)| group)
            .collect()
    }

    fn likeness(&self, group: u32, body: &Body) -> Option<Likeness> {
        self.groups[group as usize]
            .iter()
            .filter_map(|pivot| body.likeness(pivot))
            .max_by(|a, b| strength(a).total_cmp(&strength(b)))
    }

    fn found(&mut self, body: Body, runs: &[Run]) -> u32 {
        let group = self.groups.len() as u32;
        self.groups.push(vec![body]);
        self.post(runs, group);
        group
    }

    /// A member that brings much text of its own stands for the group too.
    fn extend(&mut self, group: u32, body: Body, runs: &[Run], likeness: Likeness) {
        let pivots = &mut self.groups[group as usize];
        let brings_more = likeness.shared.of_first() < 0.8 && likeness.shared.of_second() > 0.6;
        if brings_more && pivots.len() < MOST_PIVOTS {
            pivots.push(body);
            self.post(runs, group);
        }
    }

    fn post(&mut self, runs: &[Run], group: u32) {
        for run in runs::looked_up(runs) {
            match self.index.entry(run.key()) {
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(Posting::One(group));
                }
                std::collections::hash_map::Entry::Occupied(mut entry) => match *entry.get() {
                    Posting::One(other) if other != group => {
                        entry.insert(Posting::Crowd(self.crowds.len() as u32));
                        self.crowds.push(vec![other, group]);
                    }
                    Posting::One(_) => {}
                    Posting::Crowd(at) => {
                        let crowd = &mut self.crowds[at as usize];
                        if crowd.len() <= MOST_GROUPS && !crowd.contains(&group) {
                            crowd.push(group);
                        }
                    }
                },
            }
        }
    }
}

/// Orders likenesses: a text contained in both ways is nearer than one contained in one.
fn strength(likeness: &Likeness) -> f64 {
    likeness.overlap + 0.2 * likeness.shared.balance() + 1e-4 * likeness.shared.common.min(1000.0)
}
