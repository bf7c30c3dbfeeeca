//! One text laid open, so that many others can be compared with it in one walk over each.

use crate::table::Table;
use crate::terms::{Features, Part};

const PARTS: [Part; 4] = [Part::Title, Part::Lead, Part::Body, Part::Names];

/// A text's weights by term and part.
#[derive(Debug, Default)]
pub(crate) struct Probe {
    terms: Table,
    weights: Vec<[f32; PARTS.len()]>,
}

impl Probe {
    /// Lays open a text, in place of the one before.
    pub(crate) fn open(&mut self, text: &Features) {
        self.weights.clear();
        self.terms
            .clear(PARTS.iter().map(|&part| text.of(part).len()).sum());
        for part in PARTS {
            for &(term, weight) in text.of(part) {
                let (number, new) = self.terms.insert(term);
                if new {
                    self.weights.push([0.0; PARTS.len()]);
                }
                self.weights[number][part as usize] = weight;
            }
        }
    }

    /// The similarities that the model weighs, in the order of its weights: cosines of headlines, leads, bodies and
    /// names, and of either headline with the other's lead.
    pub(crate) fn similarities(&self, other: &Features) -> [f32; 5] {
        let same = |part| self.cosine(part, other, part);
        [
            same(Part::Title),
            same(Part::Lead),
            same(Part::Body),
            same(Part::Names),
            (self.cosine(Part::Title, other, Part::Lead) + self.cosine(Part::Lead, other, Part::Title)) / 2.0,
        ]
    }

    fn cosine(&self, part: Part, other: &Features, theirs: Part) -> f32 {
        let common = other.of(theirs).iter().filter_map(|&(term, weight)| {
            let number = self.terms.find(term)?;
            Some(weight * self.weights[number][part as usize])
        });
        common.sum()
    }
}
