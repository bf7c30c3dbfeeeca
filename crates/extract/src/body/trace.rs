//! For every block of the page, whether it is part of the body and why.

use serde::Serialize;

use crate::{
    body::{Reason, leaves::Leaves},
    parse::{Document, Tag},
    text,
};

/// What was decided about one block of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The element it stands in and those around it, as `main > div.story-body > p`; empty in a clip.
    pub place: String,
    /// The start of its text.
    pub text: String,
    /// Whether it is part of the body.
    pub kept: bool,
    /// Why.
    pub reason: Reason,
}

/// How much of a block's text a verdict shows.
const EXCERPT: usize = 80;

/// The verdicts on a page's blocks, in their order.
pub(super) fn of(page: &Document<'_>, leaves: &Leaves) -> Vec<Verdict> {
    let mut placed: Vec<(usize, Verdict)> = Vec::with_capacity(leaves.list.len() + leaves.pruned.len());
    for leaf in &leaves.list {
        let verdict = Verdict {
            place: place(page, leaf.node),
            text: text::excerpt(leaves.text_of(leaf), EXCERPT).to_owned(),
            kept: leaf.dropped.is_none(),
            reason: leaf.dropped.unwrap_or(Reason::Body),
        };
        placed.push((leaf.start, verdict));
    }
    for (node, reason) in &leaves.pruned {
        let verdict = Verdict {
            place: place(page, *node),
            text: page_excerpt(page, *node),
            kept: false,
            reason: *reason,
        };
        placed.push((*node, verdict));
    }
    placed.sort_by_key(|(node, _)| *node);
    placed.into_iter().map(|(_, verdict)| verdict).collect()
}

/// How many elements a place names.
const PLACES: usize = 4;

/// How much of an element's name and of its class a place shows.
const WORD: usize = 60;

/// Where an element stands, outermost first.
fn place(page: &Document<'_>, node: usize) -> String {
    let mut steps: Vec<usize> = std::iter::once(node)
        .chain(page.ancestors(node))
        .take(PLACES)
        .collect();
    steps.reverse();
    let mut place = String::new();
    for step in steps.into_iter().filter(|step| *step != 0) {
        if !place.is_empty() {
            place.push_str(" > ");
        }
        place.push_str(text::excerpt(page.name(step), WORD));
        let class = page
            .attributes(step)
            .find(|attribute| attribute.is("class") || attribute.is("id"));
        if let Some(attribute) = class {
            place.push('.');
            place.push_str(text::excerpt(attribute.raw().trim(), WORD));
        }
    }
    place
}

/// The start of a subtree's text.
fn page_excerpt(page: &Document<'_>, at: usize) -> String {
    let mut out = String::new();
    for place in page.subtree(at) {
        if page.node(place).tag == Tag::Text {
            text::append_folded(page.raw_text(place), &mut out, 0);
            if out.len() > EXCERPT {
                break;
            }
        }
    }
    text::excerpt(out.trim_end(), EXCERPT).to_owned()
}
