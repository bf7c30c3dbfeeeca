//! A title without the name of the site.

use crate::text;

/// What parts a headline from a site's name.
const SEPARATORS: [&str; 16] = [
    " | ", " - ", " – ", " — ", " :: ", " » ", " / ", " · ", " • ", " < ", " _ ", " ― ", "ㅣ", "｜", "|",
    " : ",
];

/// A title without the site's name before or after it.
pub(super) fn without_site(title: &str, site: Option<&str>, host: &str) -> String {
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
pub(super) fn separator_at(title: &str, (at, c): (usize, char)) -> Option<(usize, usize)> {
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
}
