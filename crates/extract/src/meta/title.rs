//! The headline: which of the page's several versions of it, and without the site's name.

use crate::{
    body::vocabulary::Marks,
    meta::{Facts, place::stands_outside},
    parse::{Document, Tag},
    survey::Survey,
    text,
};

/// What parts a headline from a site's name.
const SEPARATORS: [&str; 16] = [
    " | ", " - ", " – ", " — ", " :: ", " » ", " / ", " · ", " • ", " < ", " _ ", " ― ", "ㅣ", "｜", "|",
    " : ",
];

/// The versions of a headline that a page holds, without the site's name.
struct Versions {
    /// The headings that may be it, as printed.
    printed: Vec<String>,
    /// How many of them stand above the text.
    above: usize,
    /// `og:title` and its like.
    shared: String,
    /// `twitter:title`, the headline on the cards of that network.
    card: String,
    /// JSON-LD.
    structured: String,
    /// The `title` element.
    element: String,
}

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
    for at in (0..page.nodes().len()).filter(|at| page.node(*at).tag.is_heading()) {
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

impl Versions {
    /// News systems keep several headlines: one for search engines, which goes into the `title` element and often on
    /// the page, the editors' own, and one for social networks. The one that only one witness has is the editors'.
    fn of_editors(&self) -> Option<&str> {
        let (shared, structured) = (self.shared.as_str(), self.structured.as_str());
        if shared.is_empty() || structured.is_empty() {
            return None;
        }
        if same(shared, structured) {
            return Some(shared);
        }
        let printed = |version: &str| self.printed.iter().any(|heading| same(heading, version));
        let searched = |version: &str| begins(&self.element, version);
        // What is printed below another window title was not written for search engines.
        if let Some(own) = [shared, structured]
            .into_iter()
            .find(|version| printed(version) && !searched(version))
        {
            return Some(own);
        }
        match (
            searched(shared) || printed(shared),
            searched(structured) || printed(structured),
        ) {
            (true, false) => Some(structured),
            // A headline on the cards of two networks was written for them.
            (false, _) if same(shared, &self.card) => Some(structured),
            (false, true) => Some(shared),
            _ => None,
        }
    }

    /// The printed headline if the metadata vouches for it.
    fn vouched(&self) -> Option<String> {
        let stated = [&self.shared, &self.structured, &self.element];
        let find = |holds: fn(&str, &str) -> bool, stated: &[&String]| {
            self.printed
                .iter()
                .find(|heading| stated.iter().any(|known| holds(heading, known)))
        };
        // Headings of sections may stand before the headline, and be named in the window's title too.
        let heading = find(same, &stated[..2]).or_else(|| find(similar, &stated))?;
        // A kicker may stand before the headline in one heading.
        let without_kicker = stated.iter().find(|known| {
            known.len() * 2 > heading.len()
                && known.len() + ARTICLE < heading.len()
                && heading.ends_with(known.as_str())
        });
        Some(without_kicker.map_or_else(|| heading.clone(), |known| (*known).clone()))
    }

    /// The only heading above the text, if it is likely; else what the metadata states.
    fn stated(&self, site: Option<&str>) -> String {
        let alone = self.printed.first().filter(|_| self.above == 1);
        let likely = |heading: &&String| {
            text::words(heading) >= 4
                && heading.len() < 250
                && site.is_none_or(|site| text::key(site) != text::key(heading))
        };
        if let Some(heading) = alone.filter(likely) {
            return heading.clone();
        }
        let stated = [&self.structured, &self.shared, &self.element]
            .into_iter()
            .find(|title| !title.is_empty());
        stated.or(self.printed.first()).cloned().unwrap_or_default()
    }
}

/// A word before the headline that is no longer is an article, not a kicker, in bytes with its space.
const ARTICLE: usize = 4;

/// Whether two versions of a headline are one but for case and punctuation.
fn same(a: &str, b: &str) -> bool {
    let key = text::key(a);
    !key.is_empty() && key == text::key(b)
}

/// Whether the window's title is this version, or this version with names of sections and the site after it.
fn begins(element: &str, version: &str) -> bool {
    let rest = element
        .strip_prefix(version)
        .filter(|_| !version.is_empty())
        .and_then(|rest| separator_at(rest, rest.char_indices().next()?));
    rest.is_some() || same(element, version)
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
                || crate::survey::is_silent(node.tag))
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

/// Whether two versions of a headline are one: equal, one inside the other, or most words in common.
fn similar(a: &str, b: &str) -> bool {
    let (a, b) = (text::key(a), text::key(b));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    if a == b || (a.len().min(b.len()) > 12 && (a.contains(&b) || b.contains(&a))) {
        return true;
    }
    let words: Vec<&str> = a.split(' ').collect();
    let shared = b.split(' ').filter(|word| words.contains(word)).count();
    shared * 10 >= words.len().max(b.split(' ').count()) * 6
}

/// A title without the site's name before or after it.
pub(crate) fn without_site(title: &str, site: Option<&str>, host: &str) -> String {
    let mut title = title.trim();
    // "Headline - Section - Site": names go one at a time, from the end.
    for _ in 0..3 {
        let last = title
            .char_indices()
            .rev()
            .find_map(|place| separator_at(title, place));
        let Some((cut, after)) = last else { break };
        if !is_site_name(&title[after..], site, host) {
            break;
        }
        title = title[..cut].trim();
    }
    let first = title.char_indices().find_map(|place| separator_at(title, place));
    if let Some((cut, after)) = first
        && is_site_name(&title[..cut], site, host)
    {
        title = title[after..].trim();
    }
    title.to_owned()
}

/// Where the separator that stands at a place begins and ends. No separator begins another.
fn separator_at(title: &str, (at, c): (usize, char)) -> Option<(usize, usize)> {
    if c.is_alphanumeric() && c != 'ㅣ' {
        return None;
    }
    SEPARATORS
        .iter()
        .find(|separator| title[at..].starts_with(**separator))
        .map(|separator| (at, at + separator.len()))
}

/// Whether a part of a title is the site's name: what the site calls itself, or its host.
fn is_site_name(part: &str, site: Option<&str>, host: &str) -> bool {
    let squeeze = |name: &str| -> String { text::key(name).replace(' ', "") };
    let part_key = squeeze(part);
    if part_key.is_empty() {
        return true;
    }
    let site_key = site.map(squeeze).unwrap_or_default();
    let known = !site_key.is_empty()
        && (part_key == site_key
            || (site_key.len() > 3
                && part_key.starts_with(&site_key)
                && part_key.len() < site_key.len() + 16)
            || (part_key.len() > 3 && site_key.starts_with(&part_key)));
    let registered = reveille_model::site_of(host)
        .split('.')
        .next()
        .unwrap_or_default()
        .replace('-', "");
    known
        || (registered.len() > 2
            && (part_key == registered
                || part_key == squeeze(reveille_model::site_of(host))
                || (part_key.contains(&registered)
                    && registered.len() > 4
                    && part_key.len() < registered.len() + 12)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_name_is_taken_off() {
        for (title, site, host, expected) in [
            (
                "Harbour reopens – Example Times",
                Some("Example Times"),
                "www.example.org",
                "Harbour reopens",
            ),
            (
                "Example Times: news",
                Some("Other"),
                "www.example.org",
                "Example Times: news",
            ),
            (
                "Harbour reopens | Politics - example.org",
                None,
                "www.example.org",
                "Harbour reopens | Politics",
            ),
            (
                "Storm - what we know",
                Some("Herald"),
                "herald.example",
                "Storm - what we know",
            ),
            (
                "Herald | Harbour reopens",
                Some("Herald"),
                "herald.example",
                "Harbour reopens",
            ),
        ] {
            assert_eq!(without_site(title, site, host), expected);
        }
    }

    /// By headings, `og:title`, `twitter:title`, JSON-LD and the `title` element.
    fn versions(printed: &[&str], [shared, card, structured, element]: [&str; 4]) -> Versions {
        Versions {
            printed: printed.iter().map(|heading| (*heading).to_owned()).collect(),
            above: printed.len(),
            shared: shared.to_owned(),
            card: card.to_owned(),
            structured: structured.to_owned(),
            element: element.to_owned(),
        }
    }

    #[test]
    fn the_editors_headline_is_told_from_those_for_machines() {
        const OWN: &str = "The harbour breathes again";
        const SEARCH: &str = "Harbour of Northport reopens after storm";
        const CARDS: &str = "You will not believe what the storm did";
        for (printed, stated) in [
            // Only `og:title` has it, or only JSON-LD.
            (SEARCH, [OWN, "", SEARCH, SEARCH]),
            (SEARCH, [OWN, SEARCH, SEARCH, SEARCH]),
            (SEARCH, [SEARCH, SEARCH, OWN, SEARCH]),
            // Both networks' cards have one of their own.
            (OWN, [CARDS, CARDS, OWN, OWN]),
            // It is printed below another window title, which may name a section too.
            (OWN, [CARDS, "", OWN, SEARCH]),
            (
                OWN,
                [
                    OWN,
                    OWN,
                    SEARCH,
                    "Harbour of Northport reopens after storm | Coast",
                ],
            ),
        ] {
            assert_eq!(
                versions(&[printed], stated).of_editors(),
                Some(OWN),
                "{printed}, {stated:?}"
            );
        }
    }

    #[test]
    fn a_sections_heading_and_an_article_are_no_headline_and_no_kicker() {
        for (printed, stated, expected) in [
            (
                &["News", "Harbour reopens today"][..],
                ["Harbour reopens today", "", "", "News"],
                "Harbour reopens today",
            ),
            (
                &["The best harbours of 2026"],
                ["Best harbours of 2026", "", "", ""],
                "The best harbours of 2026",
            ),
            (
                &["Storm Harbour reopens today"],
                ["Harbour reopens today", "", "", ""],
                "Harbour reopens today",
            ),
        ] {
            assert_eq!(versions(printed, stated).vouched().as_deref(), Some(expected));
        }
    }

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
