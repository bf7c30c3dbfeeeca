//! The headline: which of the page's several versions of it, and without the site's name.

mod site;
mod versions;

use crate::{
    body::vocabulary::Marks,
    meta::{Facts, place::stands_outside},
    parse::{Document, Tag},
    survey::{MOST, Survey},
    text,
};

use site::without_site;
use versions::Versions;

/// The page's headline.
pub(crate) fn headline(
    page: &Document<'_>,
    survey: &Survey,
    facts: &Facts<'_>,
    site: Option<&str>,
    host: &str,
) -> String {
    let bare = |title: &str| without_site(&text::folded(title).replace('\u{AD}', ""), site, host);
    let printed = printed(page, survey);
    let versions = Versions {
        printed: printed.iter().map(|(heading, _)| bare(heading)).collect(),
        above: printed.iter().filter(|(_, above)| *above).count(),
        shared: facts
            .meta(&["og:title", "twitter:title", "dc.title", "headline", "title"])
            .map(bare)
            .unwrap_or_default(),
        card: facts.meta(&["twitter:title"]).map(bare).unwrap_or_default(),
        structured: bare(&facts.jsonld.headline),
        element: bare(&facts.title),
    };
    let news = facts.jsonld.kind.ends_with("NewsArticle") || facts.jsonld.kind == "LiveBlogPosting";
    if let Some(title) = versions.of_editors().filter(|_| news) {
        return title.to_owned();
    }
    if let Some(heading) = versions.vouched() {
        return heading;
    }
    // Metadata of its own is no mere copy of the window's title, and names the headline better than a heading would.
    if versions.structured.is_empty()
        && (versions.shared.is_empty() || versions.shared == versions.element)
        && let Some(heading) = in_title(page, survey, &facts.title)
    {
        return heading;
    }
    versions.stated(site)
}

/// The heading of any rank that the page's title holds at its start or end, beside names of sections and the site.
fn in_title(page: &Document<'_>, survey: &Survey, title: &str) -> Option<String> {
    let title = text::key(title);
    let holds = |heading: &str| {
        let rest = title
            .strip_prefix(heading)
            .or_else(|| title.strip_suffix(heading));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' ') || rest.ends_with(' '))
    };
    let mut best = None;
    let headings = (0..page.nodes().len()).filter(|at| page.node(*at).tag.is_heading());
    for at in headings.take(MOST) {
        let length = survey.amount(page.subtree(at)).text as usize;
        if length > 2 * title.len() || survey.marks(at).any(Marks::SITE) || stands_outside(page, survey, at) {
            continue;
        }
        let heading = heading_text(page, survey, at);
        let key = text::key(&heading);
        // A word or two may be a section's name, a small part of the title the site's.
        let long = text::words(&heading) > 1 && key.len() * 4 > title.len();
        let longer = best
            .as_ref()
            .is_none_or(|best: &String| best.len() < heading.len());
        if long && longer && holds(&key) {
            best = Some(heading);
        }
    }
    best
}

/// The texts of the headings that may be the headline, without kickers and the site's own name, and whether they stand
/// above the text.
fn printed(page: &Document<'_>, survey: &Survey) -> Vec<(String, bool)> {
    let prose = survey.amount(page.subtree(0)).prose;
    let is_above = |at: usize| survey.amount(0..at).prose * 2 <= prose;
    let is_site = |at: usize| {
        let called = std::iter::once(at)
            .chain(page.ancestors(at).take(2))
            .any(|node| survey.marks(node).any(Marks::SITE))
            // "blog-title" may hold the blog's name or a post's headline.
            && !survey.marks(at).any(Marks::HEADLINE);
        let home = || {
            page.subtree(at).any(|inner| {
                page.node(inner).tag == Tag::A
                    && page.attribute(inner, "href").is_some_and(|href| is_home(&href))
            })
        };
        called || home()
    };
    let outside = |at: usize| {
        page.ancestors(at)
            .any(|node| survey.marks(node).any(Marks::COMMENTS.with(Marks::RELATED)))
    };
    let texts = |places: &[u32]| -> Vec<(String, bool)> {
        places
            .iter()
            .map(|at| *at as usize)
            .filter(|at| !is_site(*at) && !outside(*at))
            .map(|at| (heading_text(page, survey, at), is_above(at)))
            .filter(|(text, _)| !text.is_empty())
            .take(8)
            .fold(Vec::new(), |mut texts: Vec<(String, bool)>, heading| {
                // For narrow and wide screens the headline may stand on the page twice.
                if !texts.iter().any(|(known, _)| *known == heading.0) {
                    texts.push(heading);
                }
                texts
            })
    };
    let headings = texts(&survey.h1s);
    if headings.is_empty() {
        texts(&survey.headlines)
    } else {
        headings
    }
}

/// Whether a link leads to the site's front page.
fn is_home(href: &str) -> bool {
    let path = href.split_once("://").map_or(href, |(_, rest)| {
        rest.find('/').map_or("/", |slash| &rest[slash..])
    });
    matches!(
        path,
        "/" | "./" | "index.html" | "/index.html" | "index.php" | "/index.php"
    )
}

/// The text of a heading without its kicker.
fn heading_text(page: &Document<'_>, survey: &Survey, at: usize) -> String {
    let mut out = String::new();
    let mut inside = at;
    while inside < page.node(at).end as usize {
        let node = page.node(inside);
        if inside != at
            && !node.tag.is_text()
            && (survey.marks(inside).any(Marks::META.with(Marks::HIDDEN))
                || crate::survey::is_silent(node.tag)
                || crate::survey::is_reading(page, inside))
        {
            inside = node.end as usize;
            continue;
        }
        match node.tag {
            Tag::Text => text::append_folded(page.raw_text(inside), &mut out, 0),
            tag if tag.breaks_line() || tag == Tag::Br => text::append_folded(" ", &mut out, 0),
            _ => {}
        }
        inside += 1;
    }
    text::trim_end(&mut out, 0);
    let text = if out.is_empty() { page.text(at) } else { out };
    text.replace('\u{AD}', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_below_the_text_is_no_headline() {
        let page = |box_first: bool| {
            let text = format!("<p>{}</p>", "The harbour stays closed for now. ".repeat(9));
            let heading = "<h1>A word from the people who make this</h1>";
            let body = if box_first {
                [heading, &text]
            } else {
                [&text, heading]
            }
            .concat();
            format!(
                "<title>Harbour stays closed - Herald</title><meta property=og:title content='Harbour closed'>{body}"
            )
        };
        let title = |page: String| {
            let page = Document::parse(&page);
            let survey = Survey::of(&page);
            let facts = Facts::read(&page, &survey, &"https://herald.example/a".parse().unwrap());
            headline(&page, &survey, &facts, Some("Herald"), "herald.example")
        };
        assert_eq!(title(page(true)), "A word from the people who make this");
        assert_eq!(title(page(false)), "Harbour closed");
    }
}
