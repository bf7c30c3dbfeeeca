//! The figures behind each decision, for the programs that learn its weights and for looking into errors.

use crate::Options;
use crate::compare::Body;
use crate::copies::Copies;
use crate::doc::Doc;
use crate::events::similarities;
use crate::habits::Habits;
use crate::held::Held;
use crate::runs;
use crate::window::Window;
use rustc_hash::FxHashMap;

/// For each pair of articles, as positions in `docs`: what a decision on them as copies rests on.
#[must_use]
pub fn copy_figures(docs: &[Doc], pairs: &[(usize, usize)]) -> Vec<[f64; 8]> {
    let held: Vec<Held> = docs.iter().map(Held::new).collect();
    let (mut copies, mut habits) = (Copies::default(), Habits::default());
    for at in 0..held.len() {
        let group = copies.place(at, &held, &habits);
        habits.learn(&held[at].body, held[at].outlet, group);
    }
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
    pub similarities: [f32; 6],
}

/// All pairs of labelled articles at most `days` apart; `label` gives an article's label by its position.
#[must_use]
pub fn story_figures(
    docs: &[Doc],
    options: &Options,
    days: i64,
    label: &FxHashMap<usize, u32>,
) -> Vec<StoryPair> {
    let at_id: FxHashMap<_, usize> = docs.iter().enumerate().map(|(at, doc)| (doc.id, at)).collect();
    let mut window = Window::new(options.clone());
    for doc in docs {
        window.add(doc);
    }
    let texts: Vec<_> = window
        .texts()
        .into_iter()
        .map(|(id, features, at)| (at_id[&id], features, at))
        .collect();
    let texts: Vec<_> = texts
        .into_iter()
        .filter(|(at, ..)| label.contains_key(at))
        .collect();
    let mut pairs = Vec::new();
    for (number, (a, features, at)) in texts.iter().enumerate() {
        for (b, other, before) in texts[..number].iter().rev() {
            let gap = at - before;
            if gap > days * 86_400_000 {
                break;
            }
            let similarities = similarities(features, other);
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
