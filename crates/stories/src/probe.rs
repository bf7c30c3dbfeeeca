//! One text laid open, so that many others can be compared with it in one walk over each.

use crate::table::Table;
use crate::terms::{Features, Part};

const PARTS: [Part; 4] = [Part::Title, Part::Lead, Part::Body, Part::Names];

/// So many times the room that is needed: most of another text's terms are not found, and on a table so empty that is
/// known at the first look.
const SPARSE: usize = 4;

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
        let most: usize = PARTS.iter().map(|&part| text.of(part).len()).sum();
        self.terms.clear(SPARSE * most);
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
        let [title, lead, body, names] = PARTS.map(|theirs| self.products(other.of(theirs)));
        let crossed = title[Part::Lead as usize] + lead[Part::Title as usize];
        [
            title[Part::Title as usize],
            lead[Part::Lead as usize],
            body[Part::Body as usize],
            names[Part::Names as usize],
            crossed / 2.0,
        ]
    }

    /// The cosines of another text's vector with each part of this one.
    fn products(&self, vector: &[(u32, f32)]) -> [f32; PARTS.len()] {
        let mut sums = [0.0; PARTS.len()];
        for &(term, weight) in vector {
            if let Some(number) = self.terms.find(term) {
                let ours = self.weights[number].iter();
                sums.iter_mut()
                    .zip(ours)
                    .for_each(|(sum, ours)| *sum += weight * ours);
            }
        }
        sums
    }
}
