//! The `Link` header: what a server says belongs to a document (RFC 8288).

use reqwest::header::{HeaderMap, LINK};
use reveille_model::CanonicalUrl;
use url::Url;

/// One link of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it leads to, in lower case: `hub`, `self`, `next`.
    pub relation: String,
    /// Where it leads.
    pub url: CanonicalUrl,
}

/// The links of the document that stands at `base`, in their order. One with an anchor is of another document and left out,
/// as section 3.2 allows.
pub(crate) fn links(headers: &HeaderMap, base: &Url) -> Vec<Link> {
    let mut links = Vec::new();
    for field in headers.get_all(LINK) {
        let field = String::from_utf8_lossy(field.as_bytes());
        let mut rest = &*field;
        while let Some((target, after)) = rest.split_once('<').and_then(|(_, after)| after.split_once('>')) {
            let parameters;
            (parameters, rest) = parameters_of(after);
            // Of several parameters of one name the first counts (section 3.3).
            let named = |name| parameters.iter().find(|(found, _)| found == name);
            let url = base.join(target.trim()).ok();
            let Some(url) = url.and_then(|url| CanonicalUrl::try_from(url).ok()) else {
                continue;
            };
            if let (Some((_, relations)), None) = (named("rel"), named("anchor")) {
                links.extend(relations.split_ascii_whitespace().map(|relation| Link {
                    relation: relation.to_ascii_lowercase(),
                    url: url.clone(),
                }));
            }
        }
    }
    links
}

/// The parameters of one link by their names in lower case, and what follows them (appendix B.3).
fn parameters_of(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut parameters = Vec::new();
    while let Some(after) = rest.trim_start().strip_prefix(';') {
        let (name, value);
        (name, rest) = after.split_at(after.find(['=', ';', ',']).unwrap_or(after.len()));
        (value, rest) = rest
            .strip_prefix('=')
            .map_or_else(|| (String::new(), rest), value_of);
        parameters.push((name.trim().to_ascii_lowercase(), value));
    }
    (parameters, rest)
}

/// A quoted string (RFC 9110, section 5.6.4), or what stands before the next separator; and what follows it.
fn value_of(text: &str) -> (String, &str) {
    let Some(quoted) = text.trim_start().strip_prefix('"') else {
        let (value, rest) = text.split_at(text.find([';', ',']).unwrap_or(text.len()));
        return (value.trim().to_owned(), rest);
    };
    let (mut value, mut characters) = (String::new(), quoted.chars());
    while let Some(character) = characters.next() {
        match character {
            '"' => break,
            '\\' => value.extend(characters.next()),
            other => value.push(other),
        }
    }
    (value, characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[&[u8]]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(LINK, reqwest::header::HeaderValue::from_bytes(field).unwrap());
        }
        let base = "https://herald.example/news/feed".parse().unwrap();
        let links = links(&headers, &base).into_iter();
        links
            .map(|link| format!("{} {}", link.relation, link.url))
            .collect()
    }

    #[test]
    fn links_are_read_as_servers_write_them() {
        for (field, expected) in [
            (
                "<https://hub.example/>; rel=\"hub\", </feed>; rel=self",
                &["hub https://hub.example/", "self https://herald.example/feed"][..],
            ),
            (
                "<b,c;d>;title=\"x, <y>; rel=\\\"no\\\"\" ; REL = \"Next HUB\"",
                &[
                    "next https://herald.example/news/b,c;d",
                    "hub https://herald.example/news/b,c;d",
                ],
            ),
            (
                "<a>;rel=first;rel=second;crossorigin,<b>;rel=last",
                &[
                    "first https://herald.example/news/a",
                    "last https://herald.example/news/b",
                ],
            ),
            ("<a>; rel=\"hub", &["hub https://herald.example/news/a"]),
            ("<a>; rel=hub; anchor=\"/other\"", &[]),
            ("<a>, <ftp://b.example/>; rel=hub, <c", &[]),
            ("", &[]),
        ] {
            assert_eq!(read(&[field.as_bytes()]), expected, "{field}");
        }
    }

    #[test]
    fn every_field_counts_and_no_byte_stops_the_reading() {
        let found = read(&[b"<a>; rel=hub; title=\"caf\xe9\"", b"<b>; rel=self"]);
        assert_eq!(
            found,
            [
                "hub https://herald.example/news/a",
                "self https://herald.example/news/b"
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_field_is_too_odd(field in "[<>;,=\" \\\\a-c\u{e9}]{0,60}") {
            read(&[field.as_bytes()]);
        }
    }
}
