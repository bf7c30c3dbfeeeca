//! The pair model: the odds that two texts tell of the same event.

use crate::events::similarities;
use crate::terms::Features;

/// Days beyond which a longer gap says no more.
const LONGEST_GAP: f32 = 7.0;

/// Logistic weights.
#[derive(Debug)]
pub(crate) struct Model {
    weights: [f32; 4],
    per_day: f32,
    bias: f32,
    /// From these mean log-odds on, a text joins a story.
    pub(crate) join: f32,
}

impl Model {
    pub(crate) fn new(dated: bool) -> Self {
        let per_day = if dated { -0.5 } else { 0.0 };
        Self {
            weights: [3.0, 6.0, 8.0, 5.0],
            per_day,
            bias: -5.5,
            join: 0.0,
        }
    }

    /// Log-odds for two texts so many milliseconds apart.
    pub(crate) fn odds(&self, a: &Features, b: &Features, gap: i64) -> f32 {
        let days = (gap.unsigned_abs() as f32 / 86_400_000.0).min(LONGEST_GAP);
        let sum: f32 = self
            .weights
            .iter()
            .zip(similarities(a, b))
            .map(|(weight, value)| weight * value)
            .sum();
        sum + self.per_day * days + self.bias
    }
}
