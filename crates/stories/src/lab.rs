//! The figures behind each decision, for the programs that learn its weights and for looking into errors.

use crate::Options;
use crate::archive::Archive;
use crate::compare::Body;
use crate::doc::Doc;
use crate::grouping::{Grouping, learn_habits};
use crate::probe::Probe;
use crate::runs;
use rustc_hash::FxHashMap;

/// For each pair of articles, as positions in `docs`: what a decision on them as copies rests on.
#[must_use]
pub fn copy_figures(docs: &[Doc], pairs: &[(usize, usize)]) -> Vec<[f64; 8]> {
    let archive = archive(docs);
    let held = &archive.held;
    let habits = learn_habits(&archive);
    let body = |at: usize| {
        let content = habits.without(&held[at].body, held[at].outlet);
        Body::new(&held[at], &content, &runs::runs(&content))
    };
    pairs.iter().map(|&(a, b)| body(a).figures(&body(b))).collect()
}

/// Two texts that are no copies of each other, and what a decision on them as one story rests on.
#[derive(Debug, Clone)]
pub struct StoryPair {
    /// Their positions in `docs`.
    pub texts: (usize, usize),
    /// Milliseconds between them.
    pub gap: i64,
    /// Words of the shorter body.
    pub length: u32,
    /// What the model weighs.
    pub similarities: [f32; 5],
}

/// All pairs of labelled articles at most `days` apart; `label` gives an article's label by its position.
#[must_use]
pub fn story_figures(
    docs: &[Doc],
    options: &Options,
    days: i64,
    label: &FxHashMap<usize, u32>,
) -> Vec<StoryPair> {
    let mut archive = archive(docs);
    archive.sort();
    let at_id: FxHashMap<_, usize> = docs.iter().enumerate().map(|(at, doc)| (doc.id, at)).collect();
    let (grouping, _) = Grouping::settled(&archive, options);
    let texts: Vec<_> = grouping
        .texts()
        .map(|(at, features, time)| (at_id[&archive.held[at].id], features, time))
        .collect();
    let texts: Vec<_> = texts
        .into_iter()
        .filter(|(at, ..)| label.contains_key(at))
        .collect();
    let mut pairs = Vec::new();
    let mut probe = Probe::default();
    for (number, (a, features, at)) in texts.iter().enumerate() {
        probe.open(features);
        for (b, other, before) in texts[..number].iter().rev() {
            let gap = at - before;
            if gap > days * 86_400_000 {
                break;
            }
            let similarities = probe.similarities(other);
            if label[a] == label[b] || options.dated || similarities[2] > 0.04 {
                let length = features.length.min(other.length);
                pairs.push(StoryPair {
                    texts: (*a, *b),
                    gap,
                    length,
                    similarities,
                });
            }
        }
    }
    pairs
}

fn archive(docs: &[Doc]) -> Archive {
    let mut archive = Archive::default();
    for doc in docs {
        archive.hold(doc);
    }
    archive
}
