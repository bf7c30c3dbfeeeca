//! Groups of articles that carry one text.
//!
//! Each group is found through an inverted index of five-word runs and judged by exact containment, both ways,
//! against the few texts that stand for it (its pivots). A text joins the best group or founds its own; groups never
//! merge, so an article that quotes two others cannot weld them.

use rustc_hash::FxHashMap;

use crate::compare::{Body, Likeness};
use crate::habits::Habits;
use crate::held::Held;
use crate::runs::{self, Run};

/// A run in more groups than this says nothing about any of them.
const MOST_GROUPS: usize = 12;
/// So many groups are compared exactly.
const MOST_CANDIDATES: usize = 6;
/// So many texts stand for a group: the first, the fullest, a later version.
const MOST_PIVOTS: usize = 4;

/// All groups, found by their runs.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    index: FxHashMap<u64, Posting>,
    crowds: Vec<Vec<u32>>,
    groups: Vec<Vec<Pivot>>,
}

/// A text that stands for its group.
#[derive(Debug)]
struct Pivot {
    article: usize,
    body: Body,
}

/// Most runs stand in one group; the others' groups are listed in `crowds`.
#[derive(Debug, Clone, Copy)]
enum Posting {
    One(u32),
    Crowd(u32),
}

impl Copies {
    /// Puts an article, by its position, into the group that it copies, or into a new one. Returns the group.
    pub(crate) fn place(&mut self, article: usize, all: &[Held], habits: &Habits) -> u32 {
        let held = &all[article];
        let content = habits.without(&held.body, held.outlet);
        let runs = runs::runs(&content);
        let candidates = self.candidates(&runs);
        let body = Body::new(held, &content, &runs);
        let best = candidates
            .into_iter()
            .filter_map(|group| Some((self.likeness(group, held, &body, all)?, group)))
            .max_by(|(a, x), (b, y)| a.strength().total_cmp(&b.strength()).then(y.cmp(x)));
        match best {
            Some((likeness, group)) => {
                self.extend(group, Pivot { article, body }, &runs, likeness);
                group
            }
            None => self.found(Pivot { article, body }, &runs),
        }
    }

    /// The article that founded a group.
    pub(crate) fn founder(&self, group: u32) -> usize {
        self.groups[group as usize][0].article
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

    fn likeness(&self, group: u32, held: &Held, body: &Body, all: &[Held]) -> Option<Likeness> {
        self.groups[group as usize]
            .iter()
            .filter_map(|pivot| {
                body.likeness(&pivot.body)
                    .filter(|found| found.holds(held, &all[pivot.article]))
            })
            .max_by(|a, b| a.strength().total_cmp(&b.strength()))
    }

    fn found(&mut self, pivot: Pivot, runs: &[Run]) -> u32 {
        let group = self.groups.len() as u32;
        self.groups.push(vec![pivot]);
        self.post(runs, group);
        group
    }

    /// A member that brings much text of its own stands for the group too.
    fn extend(&mut self, group: u32, pivot: Pivot, runs: &[Run], likeness: Likeness) {
        let pivots = &mut self.groups[group as usize];
        let brings_more = likeness.shared.of_first() < 0.8 && likeness.shared.of_second() > 0.6;
        if brings_more && pivots.len() < MOST_PIVOTS {
            pivots.push(pivot);
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
