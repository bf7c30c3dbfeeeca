//! Which leaves under the chosen element are not the article's.

use reveille_model::BlockKind;
use rustc_hash::FxHashSet;

use crate::{
    body::{
        Hints, Reason, beside, ends, ends_sentence,
        leaves::{Leaf, Leaves},
        phrases,
        signup::{self, Share},
        stamp,
        vocabulary::Marks,
    },
    byline,
    parse::{Document, Tag},
    survey::Survey,
    text,
};

/// Marks every leaf that is no part of the body with the reason.
pub(crate) fn apply(
    page: &Document<'_>,
    survey: &Survey,
    leaves: &mut Leaves,
    root: usize,
    hints: Hints<'_>,
) {
    let Leaves { text, list, .. } = leaves;
    let title = text::key(hints.title);
    let description = text::key(hints.description);
    let inside = page.subtree(root);
    outside(page, survey, text, list, &inside, &title, &description);
    let mut seen = FxHashSet::default();
    for leaf in list.iter_mut().filter(|leaf| leaf.dropped.is_none()) {
        leaf.dropped = single(page, leaf, &text[leaf.text.clone()], &title, &mut seen);
    }
    following_articles(page, survey, list);
    beside::drop(page, survey, list);
    headings_above(page, text, list);
    ends::after_the_end(text, list);
    flattened_forms(text, list);
    link_lists(list);
    empty_sections(text, list);
    ends::set_apart(page, survey, text, list);
    ends::trim(page, text, list);
}

/// Leaves outside the chosen element, but for the summary that stands before it.
fn outside(
    page: &Document<'_>,
    survey: &Survey,
    text: &str,
    list: &mut [Leaf],
    inside: &std::ops::Range<usize>,
    title: &str,
    description: &str,
) {
    // The headline nearest before the body opens the article.
    let before = |leaf: &Leaf| leaf.start < inside.start;
    let headline = list
        .iter()
        .rposition(|leaf| {
            before(leaf) && leaf.kind == BlockKind::Heading && is_title(&text[leaf.text.clone()], title)
        })
        .or_else(|| {
            list.iter()
                .rposition(|leaf| before(leaf) && page.node(leaf.node).tag == Tag::H1)
        });
    let opening = list
        .iter()
        .position(|leaf| inside.contains(&leaf.start))
        .unwrap_or(0);
    for (at, leaf) in list.iter_mut().enumerate() {
        if inside.contains(&leaf.start) {
            continue;
        }
        let line = &text[leaf.text.clone()];
        let is_near = leaf.start < inside.start && at + DECK_REACH > opening;
        let is_summary = || is_called_deck(page, survey, leaf) || is_description(line, description);
        let is_deck = is_near
            && leaf.kind != BlockKind::Caption
            && line.len() >= 30
            && !leaf.is_links()
            && match headline {
                Some(headline) if at > headline => (line.len() >= 80 && ends_sentence(line)) || is_summary(),
                // Above the headline it stands two lines away at most.
                Some(headline) if at + 3 <= headline => false,
                _ => is_summary(),
            };
        leaf.dropped = if is_deck {
            None
        } else if is_near && line.len() < 80 && byline::opens_with_a_name(line) {
            Some(Reason::Byline)
        } else {
            Some(Reason::Outside)
        };
    }
}

/// How many lines before the body its summary may stand.
const DECK_REACH: usize = 12;

/// Whether the page calls a line the article's summary.
fn is_called_deck(page: &Document<'_>, survey: &Survey, leaf: &Leaf) -> bool {
    std::iter::once(leaf.node)
        .chain(page.ancestors(leaf.node).take(2))
        .any(|node| survey.marks(node).any(Marks::DECK))
}

/// Whether a line is what the page's metadata gives as its summary, or begins so.
fn is_description(line: &str, description: &str) -> bool {
    if description.len() <= 30 {
        return false;
    }
    let key = text::key(line);
    description.starts_with(&key) || key.starts_with(description)
}

fn is_title(line: &str, title: &str) -> bool {
    // A key is hardly longer or shorter than its text.
    let near = line.len() * 2 >= title.len() && title.len() * 2 >= line.len();
    let first = line.chars().find(|c| c.is_alphanumeric());
    near && first.and_then(|c| c.to_lowercase().next()) == title.chars().next() && text::key(line) == title
}

/// Why a line is dropped by itself.
fn single(
    page: &Document<'_>,
    leaf: &Leaf,
    line: &str,
    title: &str,
    seen: &mut FxHashSet<u64>,
) -> Option<Reason> {
    let short = line.len() < 200;
    if short && leaf.kind != BlockKind::ListItem && is_title(line, title) {
        return Some(Reason::Headline);
    }
    if let Some(stock) = phrases::read(line) {
        return Some(stock.reason);
    }
    if stamp::is_stamp(line) && !matches!(leaf.kind, BlockKind::Heading | BlockKind::TableRow) {
        return Some(Reason::Meta);
    }
    if line.len() < 80 && byline::opens_with_a_name(line) {
        return Some(Reason::Byline);
    }
    let all_link = leaf.link + 4 >= line.len() && leaf.kind != BlockKind::Caption;
    // A heading that holds a link heads a section; a block inside a link is the other article's.
    let inside_link = || {
        page.ancestors(leaf.node)
            .any(|node| page.node(node).tag == Tag::A)
    };
    let heading = leaf.kind == BlockKind::Heading && line.len() >= 10;
    if all_link && (inside_link() || !(heading || ends_sentence(line))) {
        return Some(Reason::Links);
    }
    if leaf.links > 2 && leaf.link * 10 > line.len() * 8 {
        return Some(Reason::Links);
    }
    // Templates print summaries and captions twice; an article hardly repeats a long line.
    if line.len() > 60 && !seen.insert(text::hash(line.as_bytes())) {
        return Some(Reason::Repeated);
    }
    None
}

/// Articles that the page appends to its own: `article` elements with a headline of their own in them, after a good
/// part of the text.
fn following_articles(page: &Document<'_>, survey: &Survey, list: &mut [Leaf]) {
    let all: usize = list.iter().map(Leaf::kept_bytes).sum();
    let mut before = 0;
    let mut next = 0;
    for at in survey.articles.iter().map(|at| *at as usize) {
        let subtree = page.subtree(at);
        while list.get(next).is_some_and(|leaf| leaf.start < at) {
            before += list[next].kept_bytes();
            next += 1;
        }
        let h1 = survey.h1s.partition_point(|h1| (*h1 as usize) < at);
        let headed = survey
            .h1s
            .get(h1)
            .is_some_and(|h1| subtree.contains(&(*h1 as usize)));
        if headed && before * 5 > all {
            for leaf in list[next..]
                .iter_mut()
                .take_while(|leaf| leaf.start < subtree.end)
            {
                leaf.dropped = leaf.dropped.or(Some(Reason::Outside));
            }
        }
    }
}

/// The page's main heading before the text is its headline, in whatever version.
fn headings_above(page: &Document<'_>, text: &str, list: &mut [Leaf]) {
    for leaf in list.iter_mut() {
        if leaf.dropped.is_none() {
            if page.node(leaf.node).tag == Tag::H1
                || page
                    .ancestors(leaf.node)
                    .take(2)
                    .any(|node| page.node(node).tag == Tag::H1)
            {
                leaf.dropped = Some(Reason::Headline);
            } else if leaf.is_prose(&text[leaf.text.clone()]) {
                return;
            }
        }
    }
}

/// Forms that lost their markup stand in lines like the body's.
fn flattened_forms(text: &str, list: &mut [Leaf]) {
    let kept = |leaf: &Leaf| leaf.dropped.is_none();
    let (Some(first), Some(last)) = (list.iter().position(kept), list.iter().rposition(kept)) else {
        return;
    };
    let list = &mut list[first..=last];
    let lines: Vec<&str> = list.iter().map(|leaf| &text[leaf.text.clone()]).collect();
    let forms = signup::lines(&lines);
    for (leaf, form) in list.iter_mut().zip(forms) {
        leaf.holds_form = form == Share::Part;
        if form == Share::All {
            leaf.dropped = leaf.dropped.or(Some(Reason::Newsletter));
        }
    }
}

/// Runs of list items that are mostly links point elsewhere.
fn link_lists(list: &mut [Leaf]) {
    let mut start = 0;
    while start < list.len() {
        let run = list[start..]
            .iter()
            .take_while(|leaf| leaf.kind == BlockKind::ListItem)
            .count();
        if run > 1 {
            let items = &mut list[start..start + run];
            let (link, all): (usize, usize) = items.iter().fold((0, 0), |(link, all), leaf| {
                (link + leaf.link, all + leaf.text.len())
            });
            if link * 10 > all * 6 {
                items
                    .iter_mut()
                    .filter(|leaf| leaf.dropped.is_none())
                    .for_each(|leaf| leaf.dropped = Some(Reason::Links));
            }
        }
        start += run.max(1);
    }
}

/// A heading is dropped when the section under it was.
fn empty_sections(text: &str, list: &mut [Leaf]) {
    let mut kept_below = false;
    let mut dropped_below = false;
    let mut dropped_next = false;
    for at in (0..list.len()).rev() {
        let leaf = &list[at];
        // "More on this:" above links that were dropped.
        let announces = leaf.text.len() < 100 && text[leaf.text.clone()].ends_with(':');
        if announces
            && leaf.dropped.is_none()
            && leaf.kind != BlockKind::Heading
            && (dropped_next || !kept_below)
        {
            list[at].dropped = Some(Reason::EmptySection);
            continue;
        }
        dropped_next = matches!(leaf.dropped, Some(Reason::Links | Reason::Related));
        if leaf.kind == BlockKind::Heading && leaf.dropped.is_none() {
            let line = &text[leaf.text.clone()];
            if !kept_below && (dropped_below || !ends_sentence(line)) {
                list[at].dropped = Some(Reason::EmptySection);
            }
            kept_below = list[at].dropped.is_none() && kept_below;
            dropped_below = false;
            continue;
        }
        match leaf.dropped {
            None if leaf.kind != BlockKind::Caption => kept_below = true,
            Some(Reason::Links | Reason::Related | Reason::Phrase) => dropped_below = true,
            _ => {}
        }
    }
}
