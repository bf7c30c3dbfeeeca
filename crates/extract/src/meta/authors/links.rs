//! Authors by the links to their pages: `/author/ann-example`.

use super::Witnesses;
use crate::{
    byline::{self, Signatory},
    meta::place::{headline, stands_on_card, stands_outside},
    parse::Tag,
    survey::MOST,
    text,
};

/// Folders of a site that hold a page for each author.
const AUTHORS: [&str; 16] = [
    "author",
    "authors",
    "autor",
    "autoren",
    "autores",
    "autore",
    "autori",
    "auteur",
    "auteurs",
    "journalist",
    "journaliste",
    "journalists",
    "reporter",
    "redakteur",
    "contributor",
    "contributors",
];

/// Folders that hold pages for all sorts of people.
const PEOPLE: [&str; 14] = [
    "people", "person", "profile", "profiles", "staff", "team", "our-team", "writer", "writers", "by", "bio",
    "user", "users", "experts",
];

/// Text between the headline and its byline is no longer than this, in bytes.
const NEAR: u32 = 600;

/// Names of one byline are no further apart, in bytes.
const TOGETHER: u32 = 80;

/// The names in links to authors' pages beside the headline; elsewhere only where all such links name one person.
pub(super) fn witness(of: Witnesses<'_>) -> impl Iterator<Item = Vec<Signatory>> {
    std::iter::once_with(move || {
        let headline = headline(of.survey).unwrap_or(0);
        let between = |a: usize, b: usize| of.survey.amount(a.min(b)..a.max(b)).text;
        let (mut near, mut anywhere) = (Vec::new(), Vec::new());
        let mut last = None;
        let links = 0..of.page.nodes().len();
        for (at, name) in links.filter_map(|at| Some((at, author(of, at)?))).take(MOST) {
            byline::add(&name, false, &mut anywhere);
            if between(headline, at) <= NEAR && last.is_none_or(|last| between(last, at) <= TOGETHER) {
                byline::add(&name, false, &mut near);
                last = Some(at);
            }
        }
        match (near.is_empty(), anywhere.len()) {
            (false, _) => near,
            (true, 1) => anywhere,
            _ => Vec::new(),
        }
    })
}

/// The name in a link to an author's page.
fn author(of: Witnesses<'_>, at: usize) -> Option<String> {
    if of.page.node(at).tag != Tag::A || !(5..50).contains(&of.survey.amount(of.page.subtree(at)).text) {
        return None;
    }
    let href = of.page.attribute(at, "href")?;
    let query = memchr::memchr2(b'?', b'#', href.as_bytes()).unwrap_or(href.len());
    let path = href[..query].trim_end_matches('/');
    let (folders, page) = path.rsplit_once('/')?;
    let folder = folders.rsplit('/').next()?;
    let is_folder = |name: &&str| folder.eq_ignore_ascii_case(name);
    let sure = AUTHORS.iter().any(is_folder);
    if !sure && !PEOPLE.iter().any(is_folder) {
        return None;
    }
    let text = of.page.text(at);
    let name = byline::without_by(&text);
    let family = text::key(name).split(' ').next_back()?.to_owned();
    let fits = byline::is_bare_name(name) && (sure || page.to_ascii_lowercase().contains(&family));
    (fits && !stands_outside(of.page, of.survey, at) && !stands_on_card(of.page, of.survey, at))
        .then(|| name.to_owned())
}
