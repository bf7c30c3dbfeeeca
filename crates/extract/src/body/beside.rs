//! Articles of one rank on one page, each in full: only the one that bears the page's headline is the page's article.

use reveille_model::BlockKind;

use crate::{
    body::{Reason, leaves::Leaf},
    parse::Document,
    survey::Survey,
};

/// With less text than this the headline stands above a list and belongs to no article in it, in bytes.
const FEWEST: usize = 250;

/// Drops the articles that stand beside the one with the headline: `article` elements whose own headline is a link,
/// which leads to them.
pub(super) fn drop(page: &Document<'_>, survey: &Survey, list: &mut [Leaf]) {
    let is_headline =
        |leaf: &&Leaf| leaf.dropped == Some(Reason::Headline) && leaf.kind == BlockKind::Heading;
    let Some(headline) = list.iter().find(is_headline).map(|leaf| leaf.start) else {
        return;
    };
    let articles = || survey.articles.iter().map(|at| *at as usize);
    let Some(own) = articles().rfind(|at| page.subtree(*at).contains(&headline)) else {
        return;
    };
    let leaves = |list: &[Leaf], article: usize| {
        let subtree = page.subtree(article);
        let at = |place| list.partition_point(|leaf| leaf.start < place);
        at(subtree.start)..at(subtree.end)
    };
    let kept = list[leaves(list, own)]
        .iter()
        .filter(|leaf| leaf.dropped.is_none());
    if kept.map(|leaf| leaf.text.len()).sum::<usize>() < FEWEST {
        return;
    }
    let parent = page.node(own).parent;
    for other in articles().filter(|at| *at != own && page.node(*at).parent == parent) {
        let range = leaves(list, other);
        let links = list[range.clone()]
            .first()
            .is_some_and(|leaf| leaf.kind == BlockKind::Heading && leaf.links > 0);
        for leaf in list[range]
            .iter_mut()
            .filter(|leaf| links && leaf.dropped.is_none())
        {
            leaf.dropped = Some(Reason::Outside);
        }
    }
}
