//! The headline: which of the page's several versions of it, and without the site's name.

use crate::{meta::Facts, parse::Document, survey::Survey, text};

/// What parts a headline from a site's name.
const SEPARATORS: [&str; 12] = [
    " | ", " - ", " – ", " — ", " :: ", " » ", " / ", " · ", " • ", " < ", " _ ", " ― ",
];

/// The page's headline.
pub(crate) fn headline(
    page: &Document<'_>,
    survey: &Survey,
    facts: &Facts<'_>,
    site: Option<&str>,
    host: &str,
) -> String {
    let bare = |title: &str| without_site(&text::folded(title), site, host);
    let og = facts
        .meta(&["og:title", "twitter:title", "dc.title", "headline", "title"])
        .map(bare)
        .unwrap_or_default();
    let element = bare(&facts.title);
    let structured = bare(&facts.jsonld.headline);
    let headings: Vec<String> = survey
        .h1s
        .iter()
        .map(|at| page.text(*at as usize))
        .filter(|text| !text.is_empty())
        .collect();
    // The printed headline is the headline, if the metadata vouches for it.
    let vouched = headings.iter().find(|heading| {
        [&og, &structured, &element]
            .iter()
            .any(|known| similar(heading, known))
    });
    if let Some(heading) = vouched {
        return bare(heading);
    }
    let alone = if let [only] = headings.as_slice() {
        Some(only)
    } else {
        None
    };
    if let Some(heading) = alone.filter(|heading| {
        text::words(heading) >= 4
            && heading.len() < 250
            && site.is_none_or(|site| text::key(site) != text::key(heading))
    }) {
        return bare(heading);
    }
    [structured, og, element]
        .into_iter()
        .find(|title| !title.is_empty())
        .or_else(|| headings.first().cloned())
        .unwrap_or_default()
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
        let Some((cut, after)) = SEPARATORS
            .iter()
            .filter_map(|separator| title.rfind(separator).map(|at| (at, at + separator.len())))
            .max()
        else {
            break;
        };
        if !is_site_name(&title[after..], site, host) {
            break;
        }
        title = title[..cut].trim();
    }
    if let Some((cut, after)) = SEPARATORS
        .iter()
        .filter_map(|separator| title.find(separator).map(|at| (at, at + separator.len())))
        .min()
        && is_site_name(&title[..cut], site, host)
    {
        title = title[after..].trim();
    }
    title.to_owned()
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
}
