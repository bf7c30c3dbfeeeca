//! Texts to events: which texts that nobody copied from each other tell of the same thing.
//!
//! Online clustering with mean linkage: a new text is compared with the nearest texts of the stories that are still
//! open, and joins the story whose texts it resembles most on average.

use rustc_hash::FxHashMap;

use crate::model::Model;
use crate::terms::{Features, cosine};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// So many of a text's strongest terms find its neighbours.
const LOOKED_UP: usize = 32;
/// So many neighbours are compared exactly.
const MOST_NEIGHBOURS: usize = 40;
/// A story is judged by so many of its latest texts.
const MOST_COMPARED: usize = 12;
/// A term in more open texts than this finds nobody.
const MOST_POSTED: usize = 2000;

/// Open stories and their texts.
#[derive(Debug)]
pub(crate) struct Events {
    open_for: i64,
    model: Model,
    texts: Vec<Text>,
    stories: Vec<Vec<u32>>,
    by_term: FxHashMap<u32, Vec<(u32, f32)>>,
}

#[derive(Debug)]
struct Text {
    features: Features,
    at: i64,
    story: u32,
}

impl Events {
    pub(crate) fn new(open_days: u32, dated: bool) -> Self {
        Self {
            open_for: i64::from(open_days) * DAY,
            model: Model::new(dated),
            texts: Vec::new(),
            stories: Vec::new(),
            by_term: FxHashMap::default(),
        }
    }

    /// Puts a text, in the order of time, into a story. Returns the text's number, counted from 0.
    pub(crate) fn add(&mut self, features: Features, at: i64) -> u32 {
        let number = self.texts.len() as u32;
        let neighbours = self.neighbours(&features, at);
        let mut stories: Vec<u32> = neighbours
            .iter()
            .map(|&near| self.texts[near as usize].story)
            .collect();
        stories.sort_unstable();
        stories.dedup();
        let best = stories
            .into_iter()
            .map(|story| (self.closeness(&features, at, story), story))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let story = match best {
            Some((closeness, story)) if closeness >= self.model.join => story,
            _ => {
                self.stories.push(Vec::new());
                self.stories.len() as u32 - 1
            }
        };
        self.stories[story as usize].push(number);
        self.post(number, &features);
        self.texts.push(Text { features, at, story });
        number
    }

    /// Every story's texts, each in the order in which they came.
    pub(crate) fn stories(&self) -> &[Vec<u32>] {
        &self.stories
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
        let mut near: Vec<(u32, f32)> = sums.into_iter().collect();
        near.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.into_iter()
            .take(MOST_NEIGHBOURS)
            .map(|(text, _)| text)
            .collect()
    }

    /// Mean log-odds that the text and those of a story tell of the same event.
    fn closeness(&self, features: &Features, at: i64, story: u32) -> f32 {
        let texts = &self.stories[story as usize];
        let recent = &texts[texts.len().saturating_sub(MOST_COMPARED)..];
        let sum: f32 = recent
            .iter()
            .map(|&text| {
                let text = &self.texts[text as usize];
                self.model
                    .odds(features, &text.features, at.saturating_sub(text.at))
            })
            .sum();
        sum / recent.len() as f32
    }

    fn post(&mut self, number: u32, features: &Features) {
        for (term, weight) in strongest(features) {
            self.by_term.entry(term).or_default().push((number, weight));
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
pub(crate) fn similarities(a: &Features, b: &Features) -> [f32; 4] {
    [
        cosine(&a.title, &b.title),
        cosine(&a.lead, &b.lead),
        cosine(&a.body, &b.body),
        cosine(&a.names, &b.names),
    ]
}
