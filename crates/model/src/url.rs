//! Web addresses in the one spelling under which copies of a link are the same link.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

/// A string that is no web address Reveille can follow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Not an absolute URL (WHATWG URL Standard).
    #[error("`{0}` is not a web address (expected for example https://example.org/feed.xml)")]
    Syntax(String),
    /// A scheme other than http and https.
    #[error("`{0}` is not an http or https address")]
    Scheme(String),
}

/// Query keys that only count clicks. A link with and without them is the same link.
const TRACKING: [&str; 12] = [
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "mc_cid",
    "mc_eid",
    "igshid",
    "ocid",
    "cmpid",
    "ns_mchannel",
    "ito",
    "smid",
];

/// An address of whatever scheme as it may be shown: each password in it, before its host or in its query, is `…`. One that
/// cannot be read shows no more than its scheme.
#[must_use]
pub fn without_password(address: &str) -> String {
    // Stays as it is in user information and in a query, as `…` would not.
    const MARK: &str = "***";
    let Ok(mut url) = Url::parse(address) else {
        let (scheme, _) = address.split_once(':').unwrap_or_default();
        return format!("{scheme}:…");
    };
    let is_secret = |key: &str| key.to_ascii_lowercase().contains("password");
    let in_query = url.query_pairs().any(|(key, _)| is_secret(&key));
    if url.password().is_none() && !in_query {
        return address.to_owned();
    }
    if url.password().is_some() && url.set_password(Some(MARK)).is_err() {
        return format!("{}:…", url.scheme());
    }
    if in_query {
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let shown = pairs.iter().map(|(key, value)| match is_secret(key) {
            true => (key.as_str(), MARK),
            false => (key.as_str(), value.as_str()),
        });
        url.query_pairs_mut().clear().extend_pairs(shown);
    }
    url.as_str().replace(MARK, "…")
}

/// An absolute http or https URL in one spelling: host in lower case, no default port, no fragment, no user
/// information, no click-counting query keys (`utm_*` and the like).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CanonicalUrl(Url);

impl CanonicalUrl {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The parsed address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The host, in lower case and ASCII.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The site that the host belongs to; see [`site_of`].
    #[must_use]
    pub fn site(&self) -> &str {
        site_of(self.host())
    }

    /// Resolves a reference found on this page (RFC 3986, section 5).
    ///
    /// # Errors
    /// Where the reference is no http or https address.
    pub fn join(&self, reference: &str) -> Result<Self, UrlError> {
        self.0
            .join(reference.trim())
            .map_err(|_| UrlError::Syntax(reference.to_owned()))
            .and_then(Self::try_from)
    }
}

impl TryFrom<Url> for CanonicalUrl {
    type Error = UrlError;

    fn try_from(mut url: Url) -> Result<Self, UrlError> {
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
            return Err(UrlError::Scheme(url.into()));
        }
        url.set_fragment(None);
        // These setters only fail for URLs that cannot have a host, which were refused above.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        if let Some(query) = url.query() {
            let kept: Vec<&str> = query.split('&').filter(|pair| !counts_clicks(pair)).collect();
            let kept = kept.join("&");
            url.set_query((!kept.is_empty()).then_some(&kept));
        }
        Ok(Self(url))
    }
}

fn counts_clicks(pair: &str) -> bool {
    let key = pair.split('=').next().unwrap_or_default();
    pair.is_empty() || key.starts_with("utm_") || TRACKING.contains(&key)
}

impl FromStr for CanonicalUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        Url::parse(text.trim())
            .map_err(|_| UrlError::Syntax(text.to_owned()))
            .and_then(Self::try_from)
    }
}

impl TryFrom<String> for CanonicalUrl {
    type Error = UrlError;

    fn try_from(text: String) -> Result<Self, UrlError> {
        text.parse()
    }
}

impl From<CanonicalUrl> for String {
    fn from(url: CanonicalUrl) -> Self {
        url.0.into()
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Second-level labels under which countries register names, as in `co.uk` and `com.au`.
const SECOND_LEVEL: [&str; 10] = ["ac", "co", "com", "edu", "gob", "gov", "net", "or", "ne", "org"];

/// The part of a host that one owner registered: `news.example.co.uk` → `example.co.uk`.
///
/// An approximation of the Public Suffix List by its commonest rule, two labels or three where the last but one
/// is a generic label under a country's code; addresses stand as they are.
#[must_use]
pub fn site_of(host: &str) -> &str {
    let is_address = host.starts_with('[') || host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_address {
        return host;
    }
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(last), Some(second)) = (dots.next(), dots.next()) else {
        return host;
    };
    let third = dots.next();
    let generic_under_country = host.len() - last == 3 && SECOND_LEVEL.contains(&&host[second + 1..last]);
    match (generic_under_country, third) {
        (false, _) => &host[second + 1..],
        (true, Some(third)) => &host[third + 1..],
        (true, None) => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_passwords() {
        for (address, shown) in [
            (
                "postgres://ann:secret@db.example/x",
                "postgres://ann:…@db.example/x",
            ),
            (
                "postgres://ann:se@cr:et@db.example/x",
                "postgres://ann:…@db.example/x",
            ),
            (
                "postgres:///x?host=/run&password=secret",
                "postgres:///x?host=%2Frun&password=…",
            ),
            (
                "postgres://ann:a@db.example/x?sslpassword=b",
                "postgres://ann:…@db.example/x?sslpassword=…",
            ),
            ("postgres://ann@db.example/x y", "postgres://ann@db.example/x y"),
            ("sqlite:a b.db", "sqlite:a b.db"),
            ("smtps://ann:se/cret@mail.example", "smtps:…"),
            ("secret", ":…"),
        ] {
            assert_eq!(without_password(address), shown, "{address}");
        }
    }

    #[test]
    fn spellings_of_one_link_are_equal() {
        let plain: CanonicalUrl = "https://example.org/a?id=7".parse().unwrap();
        for other in [
            "HTTPS://Example.ORG:443/a?id=7#comments",
            "https://example.org/a?utm_source=x&id=7&fbclid=1",
            " https://user:secret@example.org/a?id=7 ",
        ] {
            assert_eq!(other.parse::<CanonicalUrl>().unwrap(), plain, "{other}");
        }
        assert_eq!(
            "https://example.org/?utm_source=x"
                .parse::<CanonicalUrl>()
                .unwrap()
                .as_str(),
            "https://example.org/"
        );
    }

    #[test]
    fn what_cannot_be_followed_is_refused() {
        for bad in [
            "",
            "example.org",
            "ftp://example.org/",
            "javascript:alert(1)",
            "http://",
            "mailto:a@example.org",
        ] {
            assert!(bad.parse::<CanonicalUrl>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_site_is_what_one_owner_registered() {
        for (host, site) in [
            ("www.example.org", "example.org"),
            ("news.example.co.uk", "example.co.uk"),
            ("example.com.au", "example.com.au"),
            ("herald.localhost", "herald.localhost"),
            ("localhost", "localhost"),
            ("127.0.0.1", "127.0.0.1"),
        ] {
            assert_eq!(site_of(host), site);
        }
    }
}
