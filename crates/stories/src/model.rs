//! The pair model: the odds that two texts tell of the same event.

use crate::weights::{FULL, HEADLINE, TEASER, UNDATED_FULL, UNDATED_TEASER, Weights};

/// Days beyond which a longer gap says no more.
const LONGEST_GAP: f32 = 7.0;
/// A text of fewer words is compared as a teaser.
const FULL_WORDS: u32 = 100;
/// Log-odds of two texts of one outlet, which seldom tells of one event twice.
const SAME_OUTLET: f32 = -1.5;

/// Logistic regression over similarities and the gap of time, one set of weights for each kind of text.
#[derive(Debug)]
pub(crate) struct Model {
    dated: bool,
}

impl Model {
    pub(crate) fn new(dated: bool) -> Self {
        Self { dated }
    }

    /// Log-odds for two texts so alike, of which the shorter has so many words, so many milliseconds apart and of one
    /// outlet or two.
    pub(crate) fn odds(&self, similarities: [f32; 5], length: u32, gap: i64, same_outlet: bool) -> f32 {
        let weights: &Weights = match (self.dated, length) {
            (true, FULL_WORDS..) => &FULL,
            (true, 0) => &HEADLINE,
            (true, _) => &TEASER,
            (false, FULL_WORDS..) => &UNDATED_FULL,
            (false, _) => &UNDATED_TEASER,
        };
        let days = (gap.unsigned_abs() as f32 / 86_400_000.0).min(LONGEST_GAP);
        let alike: f32 = weights
            .similarities
            .iter()
            .zip(similarities)
            .map(|(weight, value)| weight * value)
            .sum();
        let outlet = if same_outlet { SAME_OUTLET } else { 0.0 };
        weights.bias + alike + outlet + weights.days * days + weights.root_days * days.sqrt()
    }
}
