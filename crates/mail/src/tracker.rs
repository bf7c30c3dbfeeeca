//! Links of newsletters without the trackers around them, as far as the links themselves say where they lead. Nothing
//! is fetched and no tracker is known by name.

use std::{iter, ops::Range};

use base64::{
    Engine,
    engine::{DecodePaddingMode, general_purpose::GeneralPurpose, general_purpose::GeneralPurposeConfig},
};
use percent_encoding::percent_decode_str;
use reveille_model::CanonicalUrl;

/// Keys under which trackers say where a link leads.
const KEYS: [&str; 14] = [
    "u",
    "url",
    "q",
    "link",
    "target",
    "redirect",
    "redirect_url",
    "redirect_to",
    "dest",
    "destination",
    "goto",
    "to",
    "href",
    "r",
];
/// A tracker within a tracker within a tracker; more is a loop.
const DEPTH: usize = 4;

/// Base64 as trackers write it into addresses (RFC 4648, section 5), its end in any form.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Where a link leads in the end: itself, or the address that it carries.
#[must_use]
pub fn unwrap(link: &CanonicalUrl) -> CanonicalUrl {
    let mut at = link.clone();
    for _ in 0..DEPTH {
        let Some(next) = carried(&at) else { break };
        at = next;
    }
    at
}

/// The address that a link carries in its query or its path, plain, percent-encoded or in base64.
fn carried(link: &CanonicalUrl) -> Option<CanonicalUrl> {
    let url = link.url();
    let told = url
        .query_pairs()
        .filter(|(key, _)| KEYS.contains(&&*key.to_ascii_lowercase()));
    let told = told.map(|(_, value)| value.into_owned());
    let parts = url.path_segments().into_iter().flatten();
    let parts = parts.map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned());
    told.chain(tail(url.path()))
        .chain(parts)
        .find_map(|part| address(&part).or_else(|| address(&in_base64(&part)?)))
        .filter(|carried| carried != link)
}

/// The end of a path that goes on as an address: `/v3/__https://example.org/a__;x`.
fn tail(path: &str) -> Option<String> {
    let at = ["https://", "http://", "https:/", "http:/"]
        .iter()
        .find_map(|scheme| path.find(scheme))?;
    let tail = path[at..].split("__;").next().unwrap_or_default();
    // Many servers fold two slashes into one.
    let (scheme, rest) = tail.split_once(":/")?;
    Some(format!("{scheme}://{}", rest.trim_start_matches('/')))
}

/// A whole http or https address.
fn address(text: &str) -> Option<CanonicalUrl> {
    let text = text.trim();
    let starts = text.starts_with("https://") || text.starts_with("http://");
    let url: CanonicalUrl = text.parse().ok().filter(|_| starts)?;
    url.host().contains('.').then_some(url)
}

/// What a text says in base64, where that is an address or JSON with one: the first quoted one.
fn in_base64(text: &str) -> Option<String> {
    if text.len() < 12 {
        return None;
    }
    // The payload of a signed token stands between its dots.
    text.split('.').find_map(|part| {
        let part = part.replace('+', "-").replace('/', "_");
        let decoded = String::from_utf8(BASE64.decode(part).ok()?).ok()?;
        let at = decoded.find("https://").or_else(|| decoded.find("http://"))?;
        let quoted = decoded[at..].split(['"', '\\', ' ', '\n']).next()?;
        Some(quoted.to_owned())
    })
}

/// HTML in which each link leads where it says that it leads in the end.
#[must_use]
pub fn unwrap_links(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut copied = 0;
    for value in hrefs(html) {
        let Some(link) = link(&html[value.clone()]) else {
            continue;
        };
        out.push_str(&html[copied..value.start]);
        out.push_str(&unwrap(&link).as_str().replace('&', "&amp;").replace('\'', "%27"));
        copied = value.end;
    }
    out.push_str(&html[copied..]);
    out
}

/// What marks the link under which a letter stands on the web, in lower case.
const ONLINE: [&str; 12] = [
    "in browser",
    "in your browser",
    "in a browser",
    "view online",
    "read online",
    "view this email",
    "view on the web",
    "im browser",
    "online lesen",
    "dans votre navigateur",
    "en el navegador",
    "nel browser",
];

/// How far from the address of a link its words are looked for, in bytes: beyond the styles that letters put there.
const NEAR: usize = 2_000;
/// The longest text of a link that is an invitation and no story, in bytes.
const INVITATION: usize = 400;

/// Where a letter says that it stands on the web: the first link that invites to read it there, as it is written.
#[must_use]
pub fn online_version(html: &str) -> Option<CanonicalUrl> {
    let invites = |value: &Range<usize>| {
        let near = &html[value.end..html.floor_char_boundary(value.end.saturating_add(NEAR))];
        let words = near.split_once('>').map_or("", |(_, words)| words);
        let words = words.split("</a").next().unwrap_or_default();
        let says = |phrase: &&str| words.to_lowercase().contains(*phrase);
        words.len() < INVITATION && ONLINE.iter().any(says)
    };
    hrefs(html).find(invites).and_then(|value| link(&html[value]))
}

/// The address that the value of an `href` holds.
fn link(value: &str) -> Option<CanonicalUrl> {
    value.replace("&amp;", "&").parse().ok()
}

/// Where the quoted values of the attributes `href` stand, without their quotes.
fn hrefs(html: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    iter::from_fn(move || {
        loop {
            at += find_href(&html[at..])?;
            let Some(quote) = html[at..]
                .chars()
                .next()
                .filter(|quote| matches!(quote, '"' | '\''))
            else {
                continue;
            };
            let start = at + 1;
            let value = html[start..].split(quote).next().unwrap_or_default();
            at = start + value.len();
            return Some(start..at);
        }
    })
}

/// Where the value of the next `href` begins.
fn find_href(html: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut from = 0;
    loop {
        let at = from
            + bytes[from..]
                .windows(4)
                .position(|word| word.eq_ignore_ascii_case(b"href"))?;
        let after = html[at + 4..].trim_start();
        if let Some(value) = after.strip_prefix('=') {
            return Some(html.len() - value.trim_start().len());
        }
        from = at + 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_where_it_says_itself() {
        let encoded = base64::engine::general_purpose::URL_SAFE_NO_PAD
            .encode(r#"{"e":"https://herald.example/a?b=1","s":7}"#);
        for (link, leads) in [
            (
                "https://t.example/click?u=https%3A%2F%2Fherald.example%2Fa%3Futm_source%3Dx",
                "https://herald.example/a",
            ),
            (
                "https://t.example/L0/https:%2F%2Fherald.example%2Fa/1/0100",
                "https://herald.example/a",
            ),
            (
                "https://t.example/v3/__https://herald.example/a__;!!x",
                "https://herald.example/a",
            ),
            (
                "https://t.example/v3/__https:/herald.example/a__;!!x",
                "https://herald.example/a",
            ),
            (
                &format!("https://t.example/redirect/2/{encoded}.sig"),
                "https://herald.example/a?b=1",
            ),
            (
                "https://t.example/?url=https://s.example/?to=https://herald.example/a",
                "https://herald.example/a",
            ),
        ] {
            assert_eq!(unwrap(&link.parse().unwrap()).as_str(), leads, "{link}");
        }
    }

    #[test]
    fn a_link_that_does_not_say_is_left_alone() {
        for link in [
            "https://t.example/c/AAAAbbbb1234",
            "https://herald.example/a?u=4711",
            "https://herald.example/2031/03/harbour-reopens",
            "https://herald.example/login?return=https://herald.example/a",
            "https://herald.example/a?q=http",
        ] {
            let link: CanonicalUrl = link.parse().unwrap();
            assert_eq!(unwrap(&link), link);
        }
    }

    #[test]
    fn links_of_a_letter_are_unwrapped_in_place() {
        let html = "<a class=x HREF = 'https://t.example/?id=1&amp;url=https://herald.example/a'>A</a> href \
                    <a href=\"#top\">B</a><a href=c>C</a>";
        assert_eq!(
            unwrap_links(html),
            "<a class=x HREF = 'https://herald.example/a'>A</a> href <a href=\"#top\">B</a><a href=c>C</a>"
        );
    }

    #[test]
    fn the_invitation_to_read_on_the_web_is_found() {
        let html = "<a href=\"https://t.example/a\">Harbour reopens</a> <a href='https://t.example/?u=https%3A%2F%2F\
                    letters.example%2F7'><span>View in your browser</span></a> <a href=\"https://t.example/out\">Leave</a>";
        assert_eq!(
            online_version(&unwrap_links(html)).unwrap().as_str(),
            "https://letters.example/7"
        );
        assert_eq!(
            online_version("<a href=\"https://t.example/a\">Harbour reopens</a>"),
            None
        );
    }

    #[test]
    fn a_letter_full_of_open_links_is_read_in_one_go() {
        // Each of 50,000 links has the rest of the letter for its words; looked through to its end, that took minutes.
        let html = "<a href='x'>".repeat(50_000);
        assert_eq!(online_version(&html), None);
        assert_eq!(unwrap_links(&html), html);
    }

    proptest::proptest! {
        #[test]
        fn any_html_is_unwrapped_without_a_panic(html in ".*href ?= ?[\"'].*") {
            let _ = unwrap_links(&html);
            let _ = online_version(&html);
        }

        #[test]
        fn any_link_is_unwrapped_without_a_panic(path in "[/a-z0-9%=?&:._-]{0,60}") {
            if let Ok(link) = format!("https://t.example/{path}").parse() {
                let _ = unwrap(&link);
            }
        }
    }
}
