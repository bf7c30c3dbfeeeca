//! Which page a request was sent from, and whether that page may.

use axum::http::{HeaderMap, HeaderValue, header};

use crate::Desk;

/// Longest address of a page that is kept, in characters.
const LONGEST_PAGE: usize = 500;

/// The page that sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caller {
    /// One of ours, or no page at all.
    Own,
    /// A page of another site that may hold the form: its origin, and its address as far as the browser tells.
    Allowed { origin: HeaderValue, page: String },
    /// A page of another site: it must not have its visitors sign up whom it likes, from their addresses.
    Stranger,
}

impl Caller {
    /// Reads `Origin` (Fetch standard, section 3.1), `Sec-Fetch-Site` and `Referer`.
    pub(crate) fn of(headers: &HeaderMap, desk: &Desk) -> Self {
        Self::among(headers, &desk.public_url, &desk.form_origins)
    }

    fn among(headers: &HeaderMap, own: &str, allowed: &[String]) -> Self {
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        let Some(origin) = headers.get(header::ORIGIN) else {
            return match site {
                None | Some(b"same-origin" | b"none") => Self::Own,
                Some(_) => Self::Stranger,
            };
        };
        let text = origin.to_str().unwrap_or_default();
        // Old browsers send no `Sec-Fetch-Site`; and the pages may be reached under another name than readers use.
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let to_itself = text
            .split_once("://")
            .is_some_and(|(_, authority)| Some(authority) == host);
        let is = |site: &str| site.trim_end_matches('/') == text;
        if is(own) || to_itself || site == Some(b"same-origin") {
            Self::Own
        } else if allowed.iter().any(|site| is(site)) {
            Self::Allowed {
                origin: origin.clone(),
                page: page(headers, text),
            }
        } else {
            Self::Stranger
        }
    }
}

/// The address of the page where the browser sends it, else its origin: by default browsers cut it to that.
fn page(headers: &HeaderMap, origin: &str) -> String {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let of_origin = |page: &&str| {
        page.strip_prefix(origin)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    let page = referer.filter(of_origin).unwrap_or(origin);
    page.chars().take(LONGEST_PAGE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(lines: &[(&'static str, &str)]) -> Caller {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.insert(*name, value.parse().unwrap());
        }
        let allowed = ["https://www.example.org/", "https://brief.example"].map(str::to_owned);
        Caller::among(&headers, "https://brief.example/", &allowed)
    }

    #[test]
    fn only_named_sites_may_send_the_form_from_elsewhere() {
        let origin = |text| ("origin", text);
        for own in [
            &[][..],
            &[("sec-fetch-site", "none")],
            &[origin("https://brief.example")],
            &[origin("http://localhost:8080"), ("host", "localhost:8080")],
            &[origin("http://localhost:8080"), ("sec-fetch-site", "same-origin")],
        ] {
            assert_eq!(caller(own), Caller::Own, "{own:?}");
        }
        for stranger in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[origin("https://evil.example")],
            &[
                origin("https://brief.example.evil.example"),
                ("host", "brief.example"),
            ],
            &[origin("http://www.example.org")],
            &[origin("https://www.example.org.evil.example")],
            &[origin("null"), ("sec-fetch-site", "cross-site")],
            &[
                origin("https://sub.brief.example"),
                ("sec-fetch-site", "same-site"),
            ],
        ] {
            assert_eq!(caller(stranger), Caller::Stranger, "{stranger:?}");
        }
    }

    #[test]
    fn the_record_names_the_page_as_far_as_the_browser_does() {
        for (referer, page) in [
            (
                "https://www.example.org/news?x=1",
                "https://www.example.org/news?x=1",
            ),
            ("https://www.example.org.evil.example/", "https://www.example.org"),
            ("", "https://www.example.org"),
        ] {
            let lines = [("origin", "https://www.example.org"), ("referer", referer)];
            let Caller::Allowed { page: told, .. } = caller(&lines) else {
                panic!("it is allowed");
            };
            assert_eq!(told, page);
        }
    }
}
