//! Authors as the page's data has them: JSON-LD and `meta` elements.

use super::Witnesses;
use crate::byline::{self, Signatory};

/// Names of `meta` elements that hold an author, the most careful first.
const METAS: [&str; 14] = [
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "cxenseparse:author",
    "twitter:data1",
    "twitter:data2",
    "article.author",
    "shareaholic:article_author_name",
    "authors",
];

/// One list of names for each witness.
pub(super) fn witnesses(of: Witnesses<'_>) -> impl Iterator<Item = Vec<Signatory>> {
    let structured = std::iter::once_with(move || {
        let mut names = Vec::new();
        for party in &of.facts.jsonld.authors {
            byline::read(&party.name, party.organization, &mut names);
        }
        names
    });
    structured.chain(METAS.iter().map(move |name| meta(of, name)))
}

fn meta(of: Witnesses<'_>, name: &'static str) -> Vec<Signatory> {
    let mut names = Vec::new();
    let label = match name {
        "twitter:data1" => Some("twitter:label1"),
        "twitter:data2" => Some("twitter:label2"),
        _ => None,
    };
    if label.is_some_and(|label| !of.facts.meta(&[label]).is_some_and(byline::is_label)) {
        return names;
    }
    for value in of
        .facts
        .all(name)
        .filter(|value| !value.contains("://") && !value.starts_with('/'))
    {
        match value.split_once(", ").filter(|_| name == "citation_author") {
            // Catalogues write the family name first.
            Some((family, given)) => byline::read(&format!("{given} {family}"), false, &mut names),
            // "Deutsche Welle (www.dw.com)"
            None => byline::read(value, of.house.is_with_address(value), &mut names),
        }
    }
    names
}
