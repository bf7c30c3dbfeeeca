//! Lines that may say who wrote the article, wherever they stand around its body.

use reveille_model::BlockKind;

use crate::{
    body::{
        Reason,
        leaves::{Leaf, Leaves},
    },
    origin::{Line, lines},
    parse::{Document, Tag},
    text,
};

/// How many of the body's own first and last lines may say more than that somebody spoke to an agency.
const OPENING: usize = 3;
const CLOSING: usize = 8;

/// How many lines after the body may still speak of it.
const AFTERWORD: usize = 12;

/// How many parts of the page before the body may name its author.
const FOREWORD: usize = 6;

/// So many lines are asked who wrote the article, half of them its first ones and half its last ones.
const MOST: usize = 200;

/// So much of a line is asked, in bytes.
const LONGEST_LINE: usize = 8 << 10;

/// So many parts of the page in and before the body may be bylines.
const MOST_BYLINES: usize = 100;

/// A longer part of the page is no byline and no credit, in bytes.
const LONGEST: usize = 400;

/// The lines in and shortly after the body that may say who wrote it.
pub(super) fn find(page: &Document<'_>, leaves: &Leaves) -> Vec<Line> {
    let kept = |leaf: &Leaf| leaf.dropped.is_none();
    let Some(first) = leaves.list.iter().position(kept) else {
        return Vec::new();
    };
    let last = leaves.list.iter().rposition(kept).unwrap_or(first);
    let range = first.saturating_sub(3)..(last + 1 + AFTERWORD).min(leaves.list.len());
    let tells = |at: usize, leaf: &Leaf| {
        let text = leaves.text_of(leaf);
        let midst = (first + OPENING..(last + 1).saturating_sub(CLOSING)).contains(&at) && kept(leaf);
        if midst {
            lines::may_mention(text)
        } else {
            at >= last || lines::may_tell(text)
        }
    };
    let mut told: Vec<usize> = range
        .filter(|at| {
            let leaf = &leaves.list[*at];
            leaf.kind != BlockKind::Heading && tells(*at, leaf) && !stands_in_figure(page, leaf.node)
        })
        .collect();
    if told.len() > MOST {
        told.drain(MOST / 2..told.len() - MOST / 2);
    }
    told.into_iter()
        .map(|at| {
            let leaf = &leaves.list[at];
            let text = leaves.text_of(leaf);
            let text = &text[..text.floor_char_boundary(LONGEST_LINE)];
            let mut line = Line {
                text: text.to_owned(),
                link: link(page, leaf.node),
                last: at >= last,
            };
            // "View original post here:", and the link on the next line.
            let below = leaves.list.get(at + 1).filter(|_| lines::points_below(text));
            if let Some(below) = below.filter(|_| line.link.is_none()) {
                line.text.push(' ');
                line.text.push_str(leaves.text_of(below));
                line.link = link(page, below.node);
            }
            line
        })
        .collect()
}

/// Whether a line is of a picture: who took that says nothing of who wrote the text.
fn stands_in_figure(page: &Document<'_>, node: usize) -> bool {
    std::iter::once(node)
        .chain(page.ancestors(node))
        .any(|at| matches!(page.node(at).tag, Tag::Figure | Tag::Figcaption))
}

/// The link of a line; of several the one that leads furthest into a site, which is to an article.
fn link(page: &Document<'_>, node: usize) -> Option<String> {
    page.subtree(node)
        .filter(|at| page.node(*at).tag == Tag::A)
        .filter_map(|at| page.attribute(at, "href"))
        .rev()
        .max_by_key(|address| memchr::memchr_iter(b'/', address.trim_end_matches('/').as_bytes()).count())
        .map(Into::into)
}

/// The addresses of the pictures and scripts in the article: who lets others republish counts with them.
pub(super) fn counters(page: &Document<'_>, leaves: &Leaves) -> Vec<String> {
    let mut kept = leaves.list.iter().filter(|leaf| leaf.dropped.is_none());
    let Some(first) = kept.next() else {
        return Vec::new();
    };
    let last = kept.next_back().unwrap_or(first);
    let end = page.node(page.node(last.node).parent as usize).end as usize;
    (first.node..end)
        .filter(|at| matches!(page.node(*at).tag, Tag::Img | Tag::Script))
        .filter_map(|at| page.attribute(at, "src"))
        .filter(|address| address.contains("counter.") || address.contains("pixel."))
        .map(Into::into)
        .collect()
}

/// What the article's bylines print, each run of text by itself: the page may part a name from a role or an agency
/// by nothing but an element.
pub(super) fn signatures(page: &Document<'_>, leaves: &Leaves) -> Vec<String> {
    let kept = |leaf: &&Leaf| leaf.dropped.is_none();
    let Some(first) = leaves.list.iter().find(kept).map(|leaf| leaf.node) else {
        return Vec::new();
    };
    let last = leaves.list.iter().rfind(kept).map_or(first, |leaf| leaf.node);
    let signs = |reason: Reason| matches!(reason, Reason::Byline | Reason::Meta);
    let pruned = leaves
        .pruned
        .iter()
        .filter(|(_, reason)| signs(*reason))
        .map(|(node, _)| *node);
    let dropped = leaves
        .list
        .iter()
        .filter(|leaf| leaf.dropped.is_some_and(signs))
        .map(|leaf| leaf.node);
    let mut nodes: Vec<usize> = pruned.chain(dropped).filter(|node| *node <= last).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let before = nodes.iter().filter(|node| **node < first).count();
    let mut runs = Vec::new();
    for node in nodes[before.saturating_sub(FOREWORD)..].iter().take(MOST_BYLINES) {
        let length: usize = texts(page, *node).map(|run| run.len()).sum();
        if length <= LONGEST {
            runs.extend(texts(page, *node));
        }
    }
    runs
}

fn texts<'a>(page: &'a Document<'_>, node: usize) -> impl Iterator<Item = String> + 'a {
    page.subtree(node)
        .filter(|at| page.node(*at).tag == Tag::Text)
        .map(|at| {
            let mut run = String::new();
            text::append_folded(page.raw_text(at), &mut run, 0);
            text::trim_end(&mut run, 0);
            run
        })
        .filter(|run| !run.is_empty())
}
