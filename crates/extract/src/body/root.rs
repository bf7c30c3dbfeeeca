//! Which element holds the article.

use reveille_model::BlockKind;

use crate::{
    body::{
        leaves::{Leaf, Leaves},
        vocabulary::Marks,
    },
    parse::{Document, Tag},
    survey::Survey,
};

/// The share of its prose for which a smaller element is preferred to a larger one.
const ENOUGH: f64 = 0.88;

/// So many bytes more the element is worth that the page's data declare its body: they decide where the text is short.
const DECLARED: i64 = 200;

/// A body worth less than this is short, in bytes.
const SHORT: i64 = 300;

/// The element whose leaves are worth most, each leaf counting for or against: as deep as it can be without
/// leaving out prose that is set like the rest.
pub(crate) fn choose(page: &Document<'_>, survey: &Survey, leaves: &Leaves) -> usize {
    let mut sums = vec![0_i64; leaves.list.len() + 1];
    for (at, leaf) in leaves.list.iter().enumerate() {
        sums[at + 1] = sums[at] + worth_of(leaf, leaves.text_of(leaf));
    }
    let places: Vec<usize> = leaves.list.iter().map(|leaf| leaf.start).collect();
    let range = |node: usize| {
        let end = page.node(node).end as usize;
        let first = places.partition_point(|place| *place < node);
        let last = places.partition_point(|place| *place < end);
        (first.min(last), last)
    };
    let worth = |node: usize| {
        let (first, last) = range(node);
        let sum = sums[last] - sums[first];
        let marks = survey.marks(node);
        let declared = if sum > 0 && marks.any(Marks::BODY) {
            DECLARED
        } else {
            0
        };
        (sum as f64 * bonus(marks, page.node(node).tag)) as i64 + declared
    };
    let mut best = (0, worth(0));
    let mut seen = vec![false; page.nodes().len()];
    for (at, leaf) in leaves.list.iter().enumerate() {
        if sums[at + 1] <= sums[at] {
            continue;
        }
        for node in std::iter::once(leaf.node).chain(page.ancestors(leaf.node)) {
            if std::mem::replace(&mut seen[node], true) {
                break;
            }
            let value = worth(node);
            // Of equals the deeper one, which comes later in the source.
            if value > best.1 || (value == best.1 && node > best.0) {
                best = (node, value);
            }
        }
    }
    let root = descend(page, best.0, worth);
    if best.1 >= SHORT {
        return root;
    }
    // In a short text each line counts, and what is named the content below the headline holds them all.
    let headline = survey.h1s.first().map_or(0, |at| *at as usize);
    page.ancestors(root)
        .take_while(|node| !page.subtree(*node).contains(&headline))
        .find(|node| survey.marks(*node).any(Marks::BODY.with(Marks::CONTENT)))
        .unwrap_or(root)
}

/// What a leaf counts for or against the elements around it, in bytes of prose.
fn worth_of(leaf: &Leaf, text: &str) -> i64 {
    let length = leaf.text.len() as i64;
    if leaf.is_prose(text) {
        let factor = match leaf.kind {
            BlockKind::ListItem => 2,
            _ if leaf.paragraph => 4,
            _ => 3,
        };
        (length - leaf.link as i64) * factor / 4
    } else if leaf.is_links() {
        match leaf.kind {
            // Lists of links stand in articles too.
            BlockKind::ListItem | BlockKind::TableRow => -length.min(30) - 5,
            _ => -length.min(80) - 10,
        }
    } else if matches!(leaf.kind, BlockKind::ListItem | BlockKind::TableRow) && leaf.link == 0 {
        length / 4
    } else if leaf.kind == BlockKind::Heading || leaf.kind == BlockKind::Caption {
        0
    } else {
        -10
    }
}

/// What the page itself calls its body is trusted a little more.
fn bonus(marks: Marks, tag: Tag) -> f64 {
    if marks.any(Marks::BODY) {
        1.25
    } else if marks.any(Marks::CONTENT) || tag == Tag::Article || tag == Tag::Main {
        1.08
    } else {
        1.0
    }
}

/// The smallest element inside `root` that holds nearly all of its worth.
fn descend(page: &Document<'_>, root: usize, worth: impl Fn(usize) -> i64) -> usize {
    let total = worth(root) as f64;
    let mut here = root;
    loop {
        let inner = page
            .children(here)
            .filter(|child| !page.node(*child).tag.is_text() && page.node(*child).tag != Tag::P)
            .find(|child| worth(*child) as f64 >= total * ENOUGH);
        match inner {
            Some(child) => here = child,
            None => return here,
        }
    }
}
