//! The figures behind each decision, for the programs that learn its weights and for looking into errors.

use crate::compare::Body;
use crate::copies::Copies;
use crate::doc::Doc;
use crate::habits::Habits;
use crate::held::Held;
use crate::runs;

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
