//! Where on the page an element stands: in the article, or in something beside it.

use crate::{
    body::vocabulary::Marks,
    parse::{Document, Tag},
    survey::Survey,
};

const BESIDE: Marks = Marks::COMMENTS
    .with(Marks::RELATED)
    .with(Marks::NAVIGATION)
    .with(Marks::FORM)
    .with(Marks::CONSENT);

/// Whether an element belongs to something else than the article: comments, forms, links to other articles, the foot
/// of the page.
pub(crate) fn stands_outside(page: &Document<'_>, survey: &Survey, at: usize) -> bool {
    let prose = survey.amount(page.subtree(0)).prose;
    let mut foot = false;
    for node in std::iter::once(at).chain(page.ancestors(at)) {
        // What holds most of the page's prose holds the article, whatever it is called.
        if survey.amount(page.subtree(node)).prose * 2 > prose {
            break;
        }
        let tag = page.node(node).tag;
        let holds_article = matches!(tag, Tag::Body | Tag::Html | Tag::Main | Tag::Article);
        if matches!(tag, Tag::Nav | Tag::Form | Tag::Label)
            || (survey.marks(node).any(BESIDE) && !holds_article)
        {
            return true;
        }
        // An article has a foot of its own.
        if tag == Tag::Article {
            break;
        }
        foot |= tag == Tag::Footer || (survey.marks(node).any(Marks::FOOTER) && !holds_article);
    }
    foot && !page.ancestors(at).any(|node| page.node(node).tag == Tag::Article)
}

/// Whether an element stands in a link with more in it than itself, as on the card of another article.
pub(crate) fn stands_on_card(page: &Document<'_>, survey: &Survey, at: usize) -> bool {
    let own = survey.amount(page.subtree(at)).text;
    page.ancestors(at)
        .take(6)
        .find(|node| page.node(*node).tag == Tag::A)
        .is_some_and(|link| survey.amount(page.subtree(link)).text > own + 20)
}

/// The page's headline as far as its markup says so: the first `h1` that is no site's name, or what is called one.
pub(crate) fn headline(survey: &Survey) -> Option<usize> {
    let drawn = |at: &&u32| !survey.marks(**at as usize).any(Marks::SITE.with(Marks::HIDDEN));
    survey
        .h1s
        .iter()
        .find(drawn)
        .or(survey.headlines.first())
        .map(|at| *at as usize)
}
