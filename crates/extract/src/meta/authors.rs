//! Who signed the article: the witnesses on the page, best first.

use crate::{
    byline::{self, Signatory},
    meta::Facts,
    parse::Document,
    survey::Survey,
};

/// The names that the page gives as authors, people and others.
pub(crate) fn find(page: &Document<'_>, survey: &Survey, facts: &Facts<'_>) -> Vec<Signatory> {
    let mut best: Vec<Signatory> = Vec::new();
    for names in candidates(page, survey, facts) {
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
    let printed = survey
        .properties
        .iter()
        .filter(|(_, name)| name == "author")
        .map(|(at, _)| *at)
        .chain(survey.bylines.iter().copied())
        .map(|at| printed(page, survey, at as usize));
    structured.chain(metas).chain(printed)
}

/// The names that an element prints.
fn printed(page: &Document<'_>, survey: &Survey, at: usize) -> Vec<Signatory> {
    let mut names = Vec::new();
    let amount = survey.amount(page.subtree(at)).text;
    if amount == 0 || amount > 200 {
        return names;
    }
    // A name property inside says exactly which words are the name.
    let inner = survey
        .properties
        .iter()
        .find(|(place, name)| name == "name" && page.subtree(at).contains(&(*place as usize)));
    let text = match inner {
        Some((place, _)) => page
            .attribute(*place as usize, "content")
            .map(Into::into)
            .unwrap_or_else(|| page.text(*place as usize)),
        None => page.text(at),
    };
    byline::read(&text, false, &mut names);
    names.retain(|name| byline::looks_like_a_name(&name.name));
    names
}
