//! Texts to events: which texts that nobody copied from each other tell of the same thing.
//!
//! Each text is compared with its nearest among those of the last days. Two texts are near if the pair model finds
//! them alike *and* neither has much nearer neighbours: what is alike on a quiet day is a side issue on a busy one.

use rustc_hash::FxHashMap;

use crate::doc::Options;
use crate::linkage::{self, Edge};
use crate::model::Model;
use crate::probe::Probe;
use crate::terms::{Features, Part, keep_heaviest};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// So many of a text's strongest terms find its neighbours among few texts, where the weaker ones are shared by chance,
const LOOKED_UP: f32 = 40.0;
/// and up to so many more among many.
const LOOKED_UP_MORE: f32 = 40.0;
/// So many neighbours are compared exactly.
const MOST_NEIGHBOURS: usize = 24;
/// A term's latest so many texts are looked at.
const MOST_POSTED: usize = 100;
/// Texts less alike than this by their common terms are no neighbours among few texts,
const LEAST_ALIKE: f32 = 0.05;
/// and by so much less among many.
const LESS_ALIKE: f32 = 0.03;

/// How the model's odds are weighed against those of either text's nearest other neighbour; learnt with the model.
const CONTRAST: [f32; 3] = [4.2, 0.57, -0.8];
/// A nearest neighbour that is so much nearer leaves nothing to doubt.
const FARTHEST: f32 = 3.0;
/// Even the nearest neighbour must be alike by itself: at most so much is added to the model's odds.
const MOST_ADDED: f32 = 3.2;
/// Of so few texts what is rare is not known yet, and unrelated ones look more alike than they are:
const FEW_TEXTS: f32 = 500.0;
/// then up to so much less is added.
const ADDED_LESS: f32 = 1.8;

/// Texts, their neighbours and their stories.
#[derive(Debug)]
pub(crate) struct Events {
    open_for: i64,
    join: f32,
    model: Model,
    texts: Vec<Text>,
    by_term: FxHashMap<u32, Vec<(u32, f32)>>,
    edges: Vec<Edge>,
    nearest: Vec<Nearest>,
    /// Each text's story, and each story's texts.
    story_of: Vec<u32>,
    stories: Vec<Vec<u32>>,
    probe: Probe,
    /// Room for sums by text, all zero between uses.
    sums: Vec<f32>,
    /// and for which of them are not zero, empty between uses.
    touched: Vec<u32>,
}

#[derive(Debug)]
struct Text {
    features: Features,
    outlet: u32,
    at: i64,
}

/// What an editor decided on a text's story: texts in whose story it belongs, and texts in whose it does not.
#[derive(Debug, Default)]
pub(crate) struct Company {
    pub(crate) with: Vec<u32>,
    pub(crate) without: Vec<u32>,
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
            nearest: Vec::new(),
            story_of: Vec::new(),
            stories: Vec::new(),
            probe: Probe::default(),
            sums: Vec::new(),
            touched: Vec::new(),
        }
    }

    /// Takes a text and its neighbours; texts are numbered from 0. It stands alone until it is told otherwise.
    pub(crate) fn add(&mut self, features: Features, outlet: u32, at: i64) {
        let number = self.texts.len() as u32;
        let neighbours = self.neighbours(number, &strongest(&features, self.texts.len()), at);
        self.nearest.push(Nearest::NONE);
        self.probe.open(&features);
        for near in neighbours {
            let other = &self.texts[near as usize];
            let gap = at.saturating_sub(other.at);
            let length = features.length.min(other.features.length);
            let same_outlet = outlet == other.outlet;
            let alike = self.probe.similarities(&other.features);
            let odds = self.model.odds(alike, length, gap, same_outlet);
            self.edges.push((near, number, odds));
            self.nearest[near as usize].note(odds);
            self.nearest[number as usize].note(odds);
        }
        self.texts.push(Text { features, outlet, at });
        self.sums.push(0.0);
        self.story_of.push(self.stories.len() as u32);
        self.stories.push(vec![number]);
    }

    /// Puts the latest text into the story that it is nearest to, by what is known so far, and returns the story.
    pub(crate) fn join_latest(&mut self, company: &Company) -> u32 {
        let latest = self.texts.len() as u32 - 1;
        let barred: Vec<u32> = company.without.iter().map(|&text| self.story_of(text)).collect();
        let free = |story: &u32| !barred.contains(story);
        let ruled = company.with.iter().map(|&text| self.story_of(text)).find(free);
        let story = ruled.or_else(|| self.likeliest(latest).filter(free));
        if let Some(story) = story {
            self.stories.pop();
            self.story_of[latest as usize] = story;
            self.stories[story as usize].push(latest);
        }
        self.story_of[latest as usize]
    }

    /// The story with the best mean odds to a text, if they are good enough.
    fn likeliest(&self, text: u32) -> Option<u32> {
        let mut bonds: FxHashMap<u32, (u32, f32)> = FxHashMap::default();
        let own = self.edges.iter().rev().take_while(|edge| edge.1 == text);
        for &edge in own {
            let (known, sum) = bonds.entry(self.story_of(edge.0)).or_default();
            *known += 1;
            *sum += self.contrasted(edge);
        }
        let mean = |(&story, &(known, sum)): (&u32, &(u32, f32))| {
            let size = self.stories[story as usize].len();
            (linkage::mean_to(size, known, sum), story)
        };
        bonds
            .iter()
            .map(mean)
            .filter(|(odds, _)| *odds >= self.join)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))
            .map(|(_, story)| story)
    }

    /// Groups all texts anew, now that all neighbours are known.
    pub(crate) fn settle(&mut self, ruled: &[Edge]) {
        let odds = |&edge: &Edge| (edge.0, edge.1, self.contrasted(edge));
        let edges: Vec<Edge> = self.edges.iter().map(odds).collect();
        self.stories = linkage::cluster(self.texts.len(), &edges, ruled, self.join);
        for (story, texts) in (0..).zip(&self.stories) {
            for &text in texts {
                self.story_of[text as usize] = story;
            }
        }
    }

    /// Every story's texts.
    pub(crate) fn stories(&self) -> &[Vec<u32>] {
        &self.stories
    }

    pub(crate) fn story_of(&self, text: u32) -> u32 {
        self.story_of[text as usize]
    }

    pub(crate) fn at(&self, text: u32) -> i64 {
        self.texts[text as usize].at
    }

    pub(crate) fn features(&self, text: u32) -> &Features {
        &self.texts[text as usize].features
    }

    /// The texts that one was compared with, and the odds that they tell of its event.
    pub(crate) fn compared(&self, text: u32) -> Vec<(u32, f32)> {
        let ends = |&(a, b, odds): &Edge| {
            let other = if a == text { b } else { a };
            (a == text || b == text).then(|| (other, self.contrasted((a, b, odds))))
        };
        self.edges.iter().filter_map(ends).collect()
    }

    /// A pair's odds, weighed against those of either text's nearest other neighbour.
    fn contrasted(&self, (a, b, odds): Edge) -> f32 {
        let added = MOST_ADDED - ADDED_LESS * (1.0 - many(self.texts.len()));
        let behind = |text: u32| (self.nearest[text as usize].but(odds) - odds).clamp(0.0, FARTHEST);
        let [bias, alike, farther] = CONTRAST;
        (odds + added).min(bias + alike * odds + farther * (behind(a) + behind(b)))
    }

    /// The texts with most weight in common with a new one among those that are open, nearest first. Notes under each
    /// of its terms that it stands there too.
    fn neighbours(&mut self, new: u32, terms: &[(u32, f32)], at: i64) -> Vec<u32> {
        for &(term, weight) in terms {
            let posted = self.by_term.entry(term).or_default();
            for &(text, other) in posted.iter().rev().take(MOST_POSTED) {
                let sum = &mut self.sums[text as usize];
                if *sum == 0.0 {
                    self.touched.push(text);
                }
                *sum += weight * other;
            }
            if posted.len() == 2 * MOST_POSTED {
                posted.drain(..MOST_POSTED);
            }
            posted.push((new, weight));
        }
        let least = LEAST_ALIKE - LESS_ALIKE * many(self.texts.len());
        let open = |text: u32| at.abs_diff(self.texts[text as usize].at) <= self.open_for as u64;
        let mut near: Vec<(u32, f32)> = Vec::new();
        for text in self.touched.drain(..) {
            let sum = std::mem::take(&mut self.sums[text as usize]);
            // Few are so alike, so few times are looked up.
            if sum >= least && open(text) {
                near.push((text, sum));
            }
        }
        let nearer = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if near.len() > MOST_NEIGHBOURS {
            near.select_nth_unstable_by(MOST_NEIGHBOURS, nearer);
            near.truncate(MOST_NEIGHBOURS);
        }
        near.sort_unstable_by(nearer);
        near.into_iter().map(|(text, _)| text).collect()
    }
}

/// The odds of a text's two nearest neighbours.
#[derive(Debug, Clone, Copy)]
struct Nearest {
    first: f32,
    second: f32,
}

impl Nearest {
    const NONE: Self = Self {
        first: f32::NEG_INFINITY,
        second: f32::NEG_INFINITY,
    };

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

/// How far so many texts are many: near 0 for a few, near 1 once they tell what is rare.
fn many(texts: usize) -> f32 {
    texts as f32 / (FEW_TEXTS + texts as f32)
}

/// The terms by which a text is found among so many: the heaviest of its body vector, which holds headline and lead too.
fn strongest(features: &Features, texts: usize) -> Vec<(u32, f32)> {
    let mut terms = features.of(Part::Body).to_vec();
    keep_heaviest(&mut terms, (LOOKED_UP + LOOKED_UP_MORE * many(texts)) as usize);
    terms
}
