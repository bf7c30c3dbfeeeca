//! Which story carries on which: events that go on for weeks make a new story each time that they make news again.

use rustc_hash::FxHashMap;

use crate::terms::{Features, Part, Vector, cosine, keep_heaviest, mean};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// A story that began less than this before another is another event of the same hours.
const APART: i64 = DAY / 2;
/// From this likeness on, mean of the cosines of all words and of names, a story follows another. Set by hand: no
/// collection at hand tells which story follows which.
const FOLLOWS: f32 = 0.30;
/// So much likeness a day's distance outweighs: of two instalments the later is the one to point to.
const FORGOTTEN_A_DAY: f32 = 0.01;
/// So many of a story's first texts tell what it is about.
const MOST_TEXTS: usize = 8;
/// So many of its strongest terms find it.
const LOOKED_UP: usize = 12;
/// A term's latest so many stories are looked at.
const MOST_POSTED: usize = 100;

/// A story as far as its thread is concerned.
#[derive(Debug)]
pub(crate) struct Strand {
    first: i64,
    last: i64,
    body: Vector,
    names: Vector,
}

impl Strand {
    /// Of its texts, in the order of time, there is at least one; `first` and `last` are the story's.
    pub(crate) fn new(texts: &[&Features], first: i64, last: i64) -> Self {
        let texts = &texts[..texts.len().min(MOST_TEXTS)];
        Self {
            first,
            last,
            body: mean(texts.iter().map(|text| text.of(Part::Body))),
            names: mean(texts.iter().map(|text| text.of(Part::Names))),
        }
    }
}

/// For each story, in the order of their first articles, the earlier one that it follows.
pub(crate) fn follow(stories: &[Strand], days: u32) -> Vec<Option<usize>> {
    let mut by_term: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    let mut follows = Vec::with_capacity(stories.len());
    for (number, story) in stories.iter().enumerate() {
        let mut terms = story.body.clone();
        keep_heaviest(&mut terms, LOOKED_UP);
        let posted = terms.iter().filter_map(|(term, _)| by_term.get(term));
        let mut near: Vec<usize> = posted
            .flat_map(|stories| stories.iter().rev().take(MOST_POSTED).copied())
            .collect();
        near.sort_unstable();
        // One common word is no thread.
        let near: Vec<usize> = near
            .chunk_by(|a, b| a == b)
            .filter(|same| same.len() > 1)
            .map(|same| same[0])
            .collect();
        let likeness = |&other: &usize| {
            let before = &stories[other];
            let gap = story.first.saturating_sub(before.last).max(0);
            let alike = (cosine(&story.body, &before.body) + cosine(&story.names, &before.names)) / 2.0;
            let begun = story.first.saturating_sub(before.first) >= APART;
            (begun && gap <= i64::from(days) * DAY && alike >= FOLLOWS)
                .then_some((alike - FORGOTTEN_A_DAY * (gap / DAY) as f32, other))
        };
        let best = near
            .iter()
            .filter_map(likeness)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        follows.push(best.map(|(_, other)| other));
        for (term, _) in terms {
            by_term.entry(term).or_default().push(number);
        }
    }
    follows
}
