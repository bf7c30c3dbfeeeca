//! Authors as the page prints them, in elements that say so.

use super::Witnesses;
use crate::{
    byline::{self, Signatory},
    meta::place::stands_outside,
    parse::{Document, Tag},
};

/// More elements side by side are a list of something else.
const MOST_AUTHORS: usize = 8;

/// More text than this is a box about an author, in bytes.
const LONGEST: u32 = 200;

/// One list of names for each element: microdata, then links to authors, then what classes call a byline.
pub(super) fn witnesses(of: Witnesses<'_>) -> impl Iterator<Item = Vec<Signatory>> {
    let properties = of
        .survey
        .properties
        .iter()
        .filter(|(_, name)| name == "author")
        .map(|(at, _)| *at);
    let links =
        move |at: &u32| of.page.node(*at as usize).tag == Tag::A && is_author_link(of.page, *at as usize);
    let bylines = || of.survey.bylines.iter().copied();
    properties
        .chain(bylines().filter(links))
        .chain(bylines().filter(move |at| !links(at)))
        .map(|at| at as usize)
        .filter(move |at| !stands_outside(of.page, of.survey, *at))
        .map(move |at| with_neighbours(of, at))
        .filter(|names| !names.is_empty())
}

fn is_author_link(page: &Document<'_>, at: usize) -> bool {
    page.attribute(at, "rel")
        .is_some_and(|rel| rel.split_ascii_whitespace().any(|rel| rel == "author"))
}

/// Each author may stand in an element of their own, side by side.
fn with_neighbours(of: Witnesses<'_>, at: usize) -> Vec<Signatory> {
    let mut names = printed(of, at);
    if names.iter().any(|name| !name.organization) {
        for other in beside(of.page, at) {
            for name in printed(of, other) {
                byline::add(&name.name, name.organization, &mut names);
            }
        }
    }
    names
}

/// How far from one author the next may stand, in elements and texts between them.
const NEAR: usize = 64;

/// The elements after this one in its parent that are set alike.
fn beside<'a>(page: &'a Document<'_>, at: usize) -> impl Iterator<Item = usize> + 'a {
    let class = page.attribute(at, "class");
    let node = page.node(at);
    page.following_siblings(at)
        .take(NEAR)
        .filter(move |other| page.node(*other).tag == node.tag && page.attribute(*other, "class") == class)
        .take(MOST_AUTHORS)
}

/// The names that an element prints.
fn printed(of: Witnesses<'_>, at: usize) -> Vec<Signatory> {
    let mut names = Vec::new();
    named_parts(of, at, &mut names);
    let amount = of.survey.amount(of.page.subtree(at)).text;
    if names.is_empty() && (1..=LONGEST).contains(&amount) {
        runs(of.page, at, &mut names);
    }
    names.retain(|name| byline::looks_like_a_name(&name.name));
    names
}

/// The parts of an element that say they are the name.
fn named_parts(of: Witnesses<'_>, at: usize, names: &mut Vec<Signatory>) {
    let properties = &of.survey.properties;
    let from = properties.partition_point(|(place, _)| (*place as usize) < at);
    let end = of.page.subtree(at).end;
    let named = properties[from..]
        .iter()
        .take_while(|(place, _)| (*place as usize) < end)
        .find(|(_, name)| name == "name");
    if let Some((place, _)) = named {
        let place = *place as usize;
        let text = of
            .page
            .attribute(place, "content")
            .map_or_else(|| of.page.text(place), Into::into);
        return byline::read(&text, false, names);
    }
    let called = of.page.subtree(at).skip(1).filter(|inner| {
        !of.page.node(*inner).tag.is_text()
            && of.page.attributes(*inner).any(|attribute| {
                attribute.is("class") && attribute.raw().split_ascii_whitespace().any(is_called_name)
            })
            && of.survey.amount(of.page.subtree(*inner)).text < 60
    });
    for inner in called.take(MOST_AUTHORS) {
        byline::read(&of.page.text(inner), false, names);
    }
}

/// `author-name`, `byline__authorName`, and `fn` of the hCard microformat.
fn is_called_name(class: &str) -> bool {
    let lower = class.to_ascii_lowercase();
    lower == "fn"
        || lower == "name"
        || ["-name", "_name", "authorname"]
            .iter()
            .any(|end| lower.ends_with(end))
}

/// A link holds a whole name; without links each run of text may hold one.
fn runs(page: &Document<'_>, at: usize, names: &mut Vec<Signatory>) {
    let links = || page.subtree(at).filter(|piece| page.node(*piece).tag == Tag::A);
    let linked = links().next().is_some();
    let texts = page
        .subtree(at)
        .filter(|piece| page.node(*piece).tag == Tag::Text && !linked);
    for piece in links().chain(texts) {
        let text = page.text(piece);
        if text.split_whitespace().count() > 1 {
            byline::read(&text, false, names);
        }
    }
    names.retain(|name| name.name.split_whitespace().count() > 1 || name.organization);
    if names.is_empty() {
        byline::read(&page.text(at), false, names);
    }
}
