//! Where the article ends: what the page sets around it is taken off its foot and its head.

use reveille_model::BlockKind;
use rustc_hash::FxHashMap;

use crate::{
    body::{Reason, blurb, ends_sentence, leaves::Leaf, phrases, style::Styles, vocabulary::Marks},
    byline,
    parse::Document,
    survey::Survey,
};

/// Nothing of the article comes after the readers' turn, a paywall, the list of other articles or a company's blurb, if
/// at least half of the text stands before.
pub(super) fn after_the_end(text: &str, list: &mut [Leaf]) {
    let all: usize = list.iter().map(Leaf::kept_bytes).sum();
    let mut before = 0;
    let end = list.iter().enumerate().position(|(at, leaf)| {
        before += leaf.kept_bytes();
        before * 2 > all
            && leaf.dropped != Some(Reason::Outside)
            && (phrases::read(&text[leaf.text.clone()]).is_some_and(|stock| stock.ends_article)
                || blurb::begins(text, list, at))
    });
    if let Some(end) = end {
        list[end..]
            .iter_mut()
            .filter(|leaf| leaf.dropped.is_none())
            .for_each(|leaf| leaf.dropped = Some(Reason::Outside));
    }
}

/// A way of setting text that holds a smaller share of it is not the body's own where another holds most, in percent.
const OWN: usize = 30;

/// How much of a body is set in one way where most of it is, in percent.
const MOST: usize = 60;

/// How far around a line the name of such a part of the article may stand, in elements.
const PART_REACH: usize = 5;

/// Lines after the last one that is set as the body is: boxes about authors and the house, teasers, notices. Answers
/// to questions are set in their own way and belong to the article.
pub(super) fn set_apart(page: &Document<'_>, survey: &Survey, text: &str, list: &mut [Leaf]) {
    let tail = set_otherwise(page, list);
    let asks = |at: &&usize| list[**at].text.len() < 200 && text[list[**at].text.clone()].ends_with('?');
    if tail.iter().filter(asks).count() > 1 {
        return;
    }
    for at in tail {
        let part = std::iter::once(list[at].node)
            .chain(page.ancestors(list[at].node))
            .take(PART_REACH)
            .any(|node| survey.marks(node).any(Marks::PART));
        if !part {
            list[at].dropped = Some(Reason::Outside);
        }
    }
}

/// The kept lines after the last one that is set as the body is, or none where no way of setting holds most of it.
fn set_otherwise(page: &Document<'_>, list: &[Leaf]) -> Vec<usize> {
    let mut styles = Styles::default();
    let kept: Vec<(usize, u64)> = list
        .iter()
        .enumerate()
        .filter(|(_, leaf)| leaf.dropped.is_none() && leaf.kind != BlockKind::Caption)
        .map(|(at, leaf)| (at, styles.of(page, leaf.node)))
        .collect();
    let mut amounts: FxHashMap<u64, usize> = FxHashMap::default();
    let mut all = 0;
    for (at, style) in &kept {
        *amounts.entry(*style).or_default() += list[*at].text.len();
        all += list[*at].text.len();
    }
    if amounts.values().all(|amount| amount * 100 < all * MOST) {
        return Vec::new();
    }
    kept.iter()
        .rev()
        .take_while(|(at, style)| amounts[style] * 100 < all * OWN && list[*at].kind != BlockKind::TableRow)
        .map(|(at, _)| *at)
        .collect()
}

/// Short lines without a sentence before the first and after the last prose are what is left of templates.
pub(super) fn trim(page: &Document<'_>, text: &str, list: &mut [Leaf]) {
    let prose = |leaf: &Leaf| leaf.dropped.is_none() && leaf.is_prose(&text[leaf.text.clone()]);
    let (Some(first), Some(last)) = (list.iter().position(prose), list.iter().rposition(prose)) else {
        return;
    };
    let parent = |leaf: &Leaf| page.node(leaf.node).parent;
    let (first_parent, last_parent) = (parent(&list[first]), parent(&list[last]));
    for (at, leaf) in list.iter_mut().enumerate() {
        if leaf.dropped.is_some() || (first..=last).contains(&at) {
            continue;
        }
        let line = &text[leaf.text.clone()];
        let sentence = ends_sentence(line) && line.len() > 25;
        let fits = match leaf.kind {
            BlockKind::Heading => true,
            BlockKind::ListItem | BlockKind::TableRow | BlockKind::Caption => at > first,
            _ => false,
        };
        // What stands beside the last paragraph, as a paragraph, is the last paragraph.
        let beside = at > last && leaf.paragraph && parent(leaf) == last_parent && leaf.link == 0
            || at < first && leaf.paragraph && parent(leaf) == first_parent && leaf.text.len() > 30;
        if at == last + 1 && byline::is_bare_name(line) {
            // Papers of some countries sign below the text.
            leaf.dropped = Some(Reason::Byline);
        } else if !sentence && !fits && !beside {
            leaf.dropped = Some(Reason::Outside);
        }
    }
}
