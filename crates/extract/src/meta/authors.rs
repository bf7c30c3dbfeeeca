//! Who signed the article: the witnesses on the page, best first.

use crate::{
    body::vocabulary::Marks,
    byline::{self, Signatory},
    meta::Facts,
    parse::{Document, Tag},
    survey::Survey,
};

/// The names that the page gives as authors, people and others.
pub(crate) fn find(
    page: &Document<'_>,
    survey: &Survey,
    facts: &Facts<'_>,
    lines: &[String],
) -> Vec<Signatory> {
    let mut best: Vec<Signatory> = Vec::new();
    for names in candidates(page, survey, facts, lines) {
        let better = match (best.iter().any(is_person), names.iter().any(is_person)) {
            (false, true) => true,
            (known, named) => best.is_empty() && known == named,
        };
        if better {
            best = names;
        }
        if best.iter().any(is_person) {
            break;
        }
    }
    best
}

fn is_person(signatory: &Signatory) -> bool {
    !signatory.organization
}

/// One list of names for each witness.
fn candidates<'a>(
    page: &'a Document<'_>,
    survey: &'a Survey,
    facts: &'a Facts<'_>,
    lines: &'a [String],
) -> impl Iterator<Item = Vec<Signatory>> + 'a {
    let structured = std::iter::once_with(|| {
        let mut names = Vec::new();
        for party in &facts.jsonld.authors {
            byline::read(&party.name, party.organization, &mut names);
        }
        names
    });
    let metas = [
        "author",
        "article:author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "citation_author",
        "cxenseparse:author",
        "twitter:data1",
        "article.author",
        "authors",
    ]
    .into_iter()
    .filter(|name| *name != "twitter:data1" || facts.meta(&["twitter:label1"]).is_some_and(byline::is_label))
    .map(|name| {
        let mut names = Vec::new();
        for value in facts
            .all(name)
            .filter(|value| !value.contains("://") && !value.starts_with('/'))
        {
            byline::read(value, false, &mut names);
        }
        names
    });
    let properties = survey
        .properties
        .iter()
        .filter(|(_, name)| name == "author")
        .map(|(at, _)| *at);
    let printed = properties
        .chain(survey.bylines.iter().copied())
        .map(|at| at as usize)
        .filter(|at| !stands_outside(page, survey, *at))
        .map(|at| {
            let mut names = printed(page, survey, at);
            // Each author may stand in an element of their own, side by side.
            let signed = names.iter().any(is_person);
            for other in beside(page, at).filter(|_| signed) {
                for name in printed(page, survey, other) {
                    byline::add(&name.name, name.organization, &mut names);
                }
            }
            names
        });
    let lines = lines.iter().map(|line| {
        let mut names = Vec::new();
        byline::read(line, false, &mut names);
        names.retain(|name| byline::looks_like_a_name(&name.name));
        names
    });
    structured.chain(metas).chain(printed).chain(lines)
}

/// The elements after this one in its parent that are set alike.
fn beside<'a>(page: &'a Document<'_>, at: usize) -> impl Iterator<Item = usize> + 'a {
    let class = page.attribute(at, "class");
    let node = page.node(at);
    page.following_siblings(at)
        .take(NEAR)
        .filter(move |other| page.node(*other).tag == node.tag && page.attribute(*other, "class") == class)
        .take(MOST_AUTHORS)
}

/// How far from one author the next may stand, in elements and texts between them.
const NEAR: usize = 64;

/// More elements side by side are a list of something else.
const MOST_AUTHORS: usize = 8;

/// Whether an element belongs to something else than the article: comments, forms, links to other articles.
fn stands_outside(page: &Document<'_>, survey: &Survey, at: usize) -> bool {
    const OUTSIDE: Marks = Marks::COMMENTS
        .with(Marks::RELATED)
        .with(Marks::FOOTER)
        .with(Marks::NAVIGATION)
        .with(Marks::FORM)
        .with(Marks::CONSENT);
    let prose = survey.amount(page.subtree(0)).prose;
    std::iter::once(at).chain(page.ancestors(at)).any(|node| {
        // What holds most of the page's prose holds the article, whatever it is called.
        if survey.amount(page.subtree(node)).prose * 2 > prose {
            return false;
        }
        let tag = page.node(node).tag;
        matches!(tag, Tag::Footer | Tag::Nav | Tag::Form | Tag::Label)
            || (survey.marks(node).any(OUTSIDE)
                && !matches!(tag, Tag::Body | Tag::Html | Tag::Main | Tag::Article))
    })
}

/// The names that an element prints.
fn printed(page: &Document<'_>, survey: &Survey, at: usize) -> Vec<Signatory> {
    let mut names = Vec::new();
    let amount = survey.amount(page.subtree(at)).text;
    if amount == 0 || amount > 200 {
        return names;
    }
    // A name property inside says exactly which words are the name.
    let subtree = page.subtree(at);
    let first = survey
        .properties
        .partition_point(|(place, _)| (*place as usize) < subtree.start);
    let inner = survey.properties[first..]
        .iter()
        .take_while(|(place, _)| (*place as usize) < subtree.end)
        .find(|(_, name)| name == "name");
    if let Some((place, _)) = inner {
        let place = *place as usize;
        let text = page
            .attribute(place, "content")
            .map_or_else(|| page.text(place), Into::into);
        byline::read(&text, false, &mut names);
    } else {
        // A link holds a whole name; without links each run of text may hold one.
        let links = || page.subtree(at).filter(|piece| page.node(*piece).tag == Tag::A);
        let linked = links().next().is_some();
        let runs = page
            .subtree(at)
            .filter(|piece| page.node(*piece).tag == Tag::Text && !linked);
        for piece in links().chain(runs) {
            let text = page.text(piece);
            if text.split_whitespace().count() > 1 {
                byline::read(&text, false, &mut names);
            }
        }
        names.retain(|name| name.name.split_whitespace().count() > 1 || name.organization);
        if names.is_empty() {
            byline::read(&page.text(at), false, &mut names);
        }
    }
    names.retain(|name| byline::looks_like_a_name(&name.name));
    names
}
