//! Texts to events: which texts that nobody copied from each other tell of the same thing.
//!
//! Each text is compared with its nearest among those of the last days. Two texts are near if the pair model finds
//! them alike *and* neither has much nearer neighbours: what is alike on a quiet day is a side issue on a busy one.

use rustc_hash::FxHashMap;

use crate::doc::Options;
use crate::linkage::{self, Edge};
use crate::model::Model;
use crate::terms::{Features, cosine};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// So many of a text's strongest terms find its neighbours.
const LOOKED_UP: usize = 32;
/// So many neighbours are compared exactly.
const MOST_NEIGHBOURS: usize = 40;
/// A term's latest so many texts are looked at.
const MOST_POSTED: usize = 2000;
/// Texts less alike than this by their common terms are no neighbours.
const LEAST_ALIKE: f32 = 0.05;

/// How the model's odds are weighed against those of either text's nearest other neighbour; learnt with the model.
const CONTRAST: [f32; 3] = [4.57, 0.57, -0.9];
/// A nearest neighbour that is so much nearer leaves nothing to doubt.
const FARTHEST: f32 = 3.0;
/// Even the nearest neighbour must be alike by itself: at most so much is added to the model's odds.
const MOST_ADDED: f32 = 2.2;
/// Of so few texts what is rare is not known yet, and unrelated ones look more alike than they are:
const FEW_TEXTS: f32 = 500.0;
/// then up to so much less is added.
const ADDED_LESS: f32 = 1.2;

/// Texts and their neighbours.
#[derive(Debug)]
pub(crate) struct Events {
    open_for: i64,
    join: f32,
    model: Model,
    texts: Vec<Text>,
    by_term: FxHashMap<u32, Vec<(u32, f32)>>,
    edges: Vec<Edge>,
}

#[derive(Debug)]
struct Text {
    features: Features,
    at: i64,
}

impl Events {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            open_for: i64::from(options.story_days) * DAY,
            join: options.join,
            model: Model::new(options.dated),
            texts: Vec::new(),
            by_term: FxHashMap::default(),
            edges: Vec::new(),
        }
    }

    /// Takes a text, in the order of time; texts are numbered from 0.
    pub(crate) fn add(&mut self, features: Features, at: i64) {
        let number = self.texts.len() as u32;
        for near in self.neighbours(&features, at) {
            let other = &self.texts[near as usize];
            let odds = self
                .model
                .odds(&features, &other.features, at.saturating_sub(other.at));
            self.edges.push((near, number, odds));
        }
        for (term, weight) in strongest(&features) {
            self.by_term.entry(term).or_default().push((number, weight));
        }
        self.texts.push(Text { features, at });
    }

    /// Every story's texts, in the order in which they came.
    pub(crate) fn stories(&self) -> Vec<Vec<u32>> {
        let nearest = self.nearest();
        let added = MOST_ADDED - ADDED_LESS * FEW_TEXTS / (FEW_TEXTS + self.texts.len() as f32);
        let edges: Vec<Edge> = self
            .edges
            .iter()
            .map(|&(a, b, odds)| {
                let behind = |text: u32| (nearest[text as usize].but(odds) - odds).clamp(0.0, FARTHEST);
                let [bias, alike, farther] = CONTRAST;
                let odds = (odds + added).min(bias + alike * odds + farther * (behind(a) + behind(b)));
                (a, b, odds)
            })
            .collect();
        linkage::cluster(self.texts.len(), &edges, self.join)
    }

    fn nearest(&self) -> Vec<Nearest> {
        let mut nearest = vec![
            Nearest {
                first: f32::NEG_INFINITY,
                second: f32::NEG_INFINITY
            };
            self.texts.len()
        ];
        for &(a, b, odds) in &self.edges {
            nearest[a as usize].note(odds);
            nearest[b as usize].note(odds);
        }
        nearest
    }

    fn neighbours(&self, features: &Features, at: i64) -> Vec<u32> {
        let mut sums: FxHashMap<u32, f32> = FxHashMap::default();
        for (term, weight) in strongest(features) {
            let Some(posted) = self.by_term.get(&term) else {
                continue;
            };
            for &(text, other) in posted.iter().rev().take(MOST_POSTED) {
                if at.saturating_sub(self.texts[text as usize].at) > self.open_for {
                    break;
                }
                *sums.entry(text).or_default() += weight * other;
            }
        }
        let mut near: Vec<(u32, f32)> = sums.into_iter().filter(|(_, sum)| *sum >= LEAST_ALIKE).collect();
        near.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.into_iter()
            .take(MOST_NEIGHBOURS)
            .map(|(text, _)| text)
            .collect()
    }
}

/// The odds of a text's two nearest neighbours.
#[derive(Debug, Clone, Copy)]
struct Nearest {
    first: f32,
    second: f32,
}

impl Nearest {
    fn note(&mut self, odds: f32) {
        if odds > self.first {
            *self = Self {
                first: odds,
                second: self.first,
            };
        } else if odds > self.second {
            self.second = odds;
        }
    }

    /// The nearest neighbour's odds, leaving out the one with these.
    fn but(&self, odds: f32) -> f32 {
        if odds >= self.first {
            self.second
        } else {
            self.first
        }
    }
}

/// The terms by which a text is found: the heaviest of its body vector, which holds headline and lead too.
fn strongest(features: &Features) -> Vec<(u32, f32)> {
    let mut terms = features.body.clone();
    if terms.len() > LOOKED_UP {
        terms.select_nth_unstable_by(LOOKED_UP, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        terms.truncate(LOOKED_UP);
    }
    terms
}

/// The similarities that the model weighs, in the order of its weights.
pub(crate) fn similarities(a: &Features, b: &Features) -> [f32; 6] {
    [
        cosine(&a.title, &b.title),
        cosine(&a.lead, &b.lead),
        cosine(&a.body, &b.body),
        cosine(&a.names, &b.names),
        cosine(&a.pairs, &b.pairs),
        (cosine(&a.title, &b.lead) + cosine(&a.lead, &b.title)) / 2.0,
    ]
}
