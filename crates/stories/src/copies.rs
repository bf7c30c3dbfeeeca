//! Groups of articles that carry one text.
//!
//! Each group is found through an inverted index of five-word runs and judged by exact containment, both ways,
//! against the few texts that stand for it (its pivots). A text joins the best group or founds its own; groups never
//! merge, so an article that quotes two others cannot weld them.

use crate::compare::{Body, Likeness};
use crate::habits::Habits;
use crate::held::Held;
use crate::index::Index;
use crate::runs::{self, Shared};
use crate::words::Word;

/// A run in more groups than this says nothing about any of them.
const MOST_GROUPS: usize = 12;
/// So many groups are compared exactly.
const MOST_CANDIDATES: usize = 6;
/// So many texts stand for a group: the first, the fullest, a later version.
const MOST_PIVOTS: usize = 4;

/// Texts that are no copies share passages worth telling of from this share of the shorter one's runs on,
const SHARED_PASSAGES: f64 = 0.04;
/// if they are so many, quoted ones counting less: two or three sentences.
const FEWEST_SHARED: f64 = 8.0;

/// All groups, found by their runs.
#[derive(Debug, Default)]
pub(crate) struct Copies {
    index: Index<Posting>,
    crowds: Vec<Vec<u32>>,
    groups: Vec<Vec<Pivot>>,
}

/// A text that stands for its group.
#[derive(Debug)]
struct Pivot {
    article: u32,
    /// Made when it is first compared: most texts never are.
    body: Option<Box<Body>>,
}

/// Where a run stands: most runs stand in one group, the others' groups are listed in `crowds`.
#[derive(Debug, Clone, Copy)]
enum Posted {
    In(u32),
    Crowd(u32),
}

/// The same in the half of the bytes: the highest bit tells a crowd.
#[derive(Debug, Clone, Copy, Default)]
struct Posting(u32);

impl Posting {
    const CROWD: u32 = 1 << 31;

    const fn new(posted: Posted) -> Self {
        match posted {
            Posted::In(group) => Self(group),
            Posted::Crowd(at) => Self(at | Self::CROWD),
        }
    }

    const fn get(self) -> Posted {
        if self.0 & Self::CROWD == 0 {
            Posted::In(self.0)
        } else {
            Posted::Crowd(self.0 & !Self::CROWD)
        }
    }
}

/// What an editor decided on the group of an article.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    /// The groups that it may not be put into,
    pub(crate) barred: Vec<u32>,
    /// and the one that it must be put into, unless that is among them.
    pub(crate) forced: Option<u32>,
}

/// Where an article was put.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) group: u32,
    /// How it is like the group's nearest text; `None` where it founded the group.
    pub(crate) likeness: Option<Likeness>,
    /// Groups that it shares passages with without belonging to them.
    pub(crate) passages: Vec<Passages>,
}

/// What an article shares with a group that it does not belong to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Passages {
    pub(crate) group: u32,
    pub(crate) shared: Shared,
    /// Whether that is only a form that both fill.
    pub(crate) form: bool,
}

impl Copies {
    /// Puts an article, by its position, into the group that it copies, or into a new one.
    /// `content` is its text without what its outlet prints around it.
    pub(crate) fn place(
        &mut self,
        article: usize,
        content: &[Word],
        all: &[Held],
        habits: &Habits,
        bounds: &Bounds,
    ) -> Placed {
        let held = &all[article];
        let runs = runs::runs(content);
        let keys = runs::looked_up(&runs);
        let candidates = self.candidates(&keys);
        let mut body = None;
        let (mut best, mut passages): (Option<(Likeness, u32)>, _) = (None, Vec::new());
        for group in candidates
            .into_iter()
            .filter(|group| !bounds.barred.contains(group))
        {
            let body = body.get_or_insert_with(|| Body::new(held, content, &runs));
            let (copied, nearest) = self.compare(group, held, body, all, habits);
            match copied {
                Some(likeness) if best.is_none_or(|(before, _)| likeness.strength() > before.strength()) => {
                    best = Some((likeness, group));
                }
                None if shares_passages(nearest.shared) => passages.push(nearest),
                _ => {}
            }
        }
        let forced = bounds.forced.filter(|group| !bounds.barred.contains(group));
        if let Some(group) = forced {
            let body = body.get_or_insert_with(|| Body::new(held, content, &runs));
            let pivot = &mut self.groups[group as usize][0];
            best = Some((body.compare(pivot.body(all, habits)), group));
        }
        let pivot = Pivot {
            article: article as u32,
            body: body.map(Box::new),
        };
        match best {
            Some((likeness, group)) => {
                self.extend(group, pivot, &keys, likeness);
                Placed {
                    group,
                    likeness: Some(likeness),
                    passages: Vec::new(),
                }
            }
            None => Placed {
                group: self.found(pivot, &keys),
                likeness: None,
                passages,
            },
        }
    }

    /// Groups with the most runs in common, best first; of equals the earlier.
    fn candidates(&self, keys: &[u32]) -> Vec<u32> {
        let mut hits: Vec<u32> = Vec::new();
        for key in keys {
            match self.index.get(*key).map(|posting| posting.get()) {
                Some(Posted::In(group)) => hits.push(group),
                Some(Posted::Crowd(at)) => {
                    let crowd = &self.crowds[at as usize];
                    hits.extend(crowd.iter().filter(|_| crowd.len() <= MOST_GROUPS));
                }
                None => {}
            }
        }
        hits.sort_unstable();
        let counted = hits.chunk_by(|a, b| a == b).map(|same| (same[0], same.len()));
        let mut best: Vec<(u32, usize)> = counted.filter(|(_, count)| *count >= 2).collect();
        best.sort_unstable_by_key(|&(group, count)| (std::cmp::Reverse(count), group));
        best.into_iter()
            .take(MOST_CANDIDATES)
            .map(|(group, _)| group)
            .collect()
    }

    /// How a text is like a group: as its copy, where it is one, and whatever else the two share at most.
    fn compare(
        &mut self,
        group: u32,
        held: &Held,
        body: &Body,
        all: &[Held],
        habits: &Habits,
    ) -> (Option<Likeness>, Passages) {
        let mut copied: Option<Likeness> = None;
        let mut nearest = Passages {
            group,
            shared: Shared::default(),
            form: false,
        };
        for pivot in &mut self.groups[group as usize] {
            let other = &all[pivot.article as usize];
            let found = body.compare(pivot.body(all, habits));
            if found.shared.common > nearest.shared.common {
                nearest.shared = found.shared;
                nearest.form = body.fills_form(pivot.body(all, habits), found.shared);
            }
            let better = copied.is_none_or(|before| found.strength() >= before.strength());
            if better && body.is_copy(pivot.body(all, habits), found) && found.holds(held, other) {
                copied = Some(found);
            }
        }
        (copied, nearest)
    }

    fn found(&mut self, pivot: Pivot, keys: &[u32]) -> u32 {
        let group = self.groups.len() as u32;
        self.groups.push(vec![pivot]);
        self.post(keys, group);
        group
    }

    /// A member that brings much text of its own stands for the group too.
    fn extend(&mut self, group: u32, pivot: Pivot, keys: &[u32], likeness: Likeness) {
        let pivots = &mut self.groups[group as usize];
        let brings_more = likeness.shared.of_first() < 0.8 && likeness.shared.of_second() > 0.6;
        if brings_more && pivots.len() < MOST_PIVOTS {
            pivots.push(pivot);
            self.post(keys, group);
        }
    }

    fn post(&mut self, keys: &[u32], group: u32) {
        for &key in keys {
            let posting = self.index.get_or_insert(key, Posting::new(Posted::In(group)));
            match posting.get() {
                Posted::In(other) if other != group => {
                    *posting = Posting::new(Posted::Crowd(self.crowds.len() as u32));
                    self.crowds.push(vec![other, group]);
                }
                Posted::In(_) => {}
                Posted::Crowd(at) => {
                    let crowd = &mut self.crowds[at as usize];
                    if crowd.len() <= MOST_GROUPS && !crowd.contains(&group) {
                        crowd.push(group);
                    }
                }
            }
        }
    }
}

impl Pivot {
    fn body(&mut self, all: &[Held], habits: &Habits) -> &Body {
        self.body.get_or_insert_with(|| {
            let held = &all[self.article as usize];
            let content = habits.without(&held.body, held.outlet);
            Box::new(Body::new(held, &content, &runs::runs(&content)))
        })
    }
}

/// Whether two texts that are no copies share enough to say so.
fn shares_passages(shared: Shared) -> bool {
    shared.common >= FEWEST_SHARED && shared.overlap() >= SHARED_PASSAGES
}
