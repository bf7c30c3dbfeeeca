//! Where an article or a source is: on the web, or under a name that is no place there.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{CanonicalUrl, UrlError};

/// An absolute URI (RFC 3986) in one spelling.
///
/// A wire message is known by a `urn:`, a letter by its `mid:` (RFC 2392), a folder by its `file:`, a mailbox by its
/// `imaps:` (RFC 5092). Nothing of these is ever fetched over HTTP or linked to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Uri {
    /// On the web.
    Web(CanonicalUrl),
    /// Elsewhere, under a scheme other than http and https.
    Other(Url),
}

impl Uri {
    /// The name of a wire message: its own id where that is a name for the whole world, else the id within what `agency`
    /// sends.
    #[must_use]
    pub fn of_message(id: &str, agency: &str) -> Self {
        let id = id.trim();
        let worldwide = ["urn:", "tag:"].iter().any(|scheme| {
            let start = id.get(..scheme.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        let name = if worldwide {
            encoded(id, ":;,/?@&=+$-_.!~*'()%#")
        } else {
            format!(
                "urn:x-wire:{}:{}",
                encoded(&agency.to_lowercase(), "-_."),
                encoded(id, "-_.")
            )
        };
        Self::made(&name)
    }

    /// The name of a letter by its Message-ID, without angle brackets (RFC 2392).
    #[must_use]
    pub fn of_letter(message_id: &str) -> Self {
        Self::made(&format!("mid:{}", encoded(message_id.trim(), "@-_.+=$!*'()~")))
    }

    /// The name of what a desk wrote and stands nowhere else: `own` tells it from others of its edition.
    #[must_use]
    pub fn of_own(own: u32) -> Self {
        Self::made(&format!("urn:x-own:{own}"))
    }

    /// All these names are of a scheme, a colon and characters that may follow it.
    fn made(name: &str) -> Self {
        Url::parse(name).map_or_else(|_| Self::nameless(), Self::Other)
    }

    #[expect(clippy::unwrap_used, reason = "a constant that is a URI")]
    fn nameless() -> Self {
        Self::Other(Url::parse("urn:x-wire::").unwrap())
    }

    /// The whole URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.url().as_str()
    }

    /// Its parts.
    #[must_use]
    pub fn url(&self) -> &Url {
        match self {
            Self::Web(url) => url.url(),
            Self::Other(url) => url,
        }
    }

    /// Where it can be read, if that is on the web.
    #[must_use]
    pub fn web(&self) -> Option<&CanonicalUrl> {
        match self {
            Self::Web(url) => Some(url),
            Self::Other(_) => None,
        }
    }

    /// The host; empty where the scheme knows none.
    #[must_use]
    pub fn host(&self) -> &str {
        match self {
            Self::Web(url) => url.host(),
            Self::Other(url) => url.host_str().unwrap_or_default(),
        }
    }

    /// Who answers for it: the site of a web address ([`crate::site_of`]). Every other name stands for itself.
    #[must_use]
    pub fn site(&self) -> &str {
        match self {
            Self::Web(url) => url.site(),
            Self::Other(url) => url.as_str(),
        }
    }
}

/// The text with all but ASCII letters, digits and these marks percent-encoded.
fn encoded(text: &str, marks: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || marks.as_bytes().contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

impl From<CanonicalUrl> for Uri {
    fn from(url: CanonicalUrl) -> Self {
        Self::Web(url)
    }
}

impl PartialEq<CanonicalUrl> for Uri {
    fn eq(&self, other: &CanonicalUrl) -> bool {
        self.web() == Some(other)
    }
}

impl FromStr for Uri {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let url = Url::parse(text.trim()).map_err(|_| UrlError::Syntax(text.to_owned()))?;
        if matches!(url.scheme(), "http" | "https") {
            CanonicalUrl::try_from(url).map(Self::Web)
        } else {
            Ok(Self::Other(url))
        }
    }
}

impl TryFrom<String> for Uri {
    type Error = UrlError;

    fn try_from(text: String) -> Result<Self, UrlError> {
        text.parse()
    }
}

impl From<Uri> for String {
    fn from(uri: Uri) -> Self {
        uri.as_str().to_owned()
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_a_worldwide_name_and_gets_one_of_its_agency_else() {
        for (id, name) in [
            (
                "urn:newsml:wire.example:20310310:X1",
                "urn:newsml:wire.example:20310310:X1",
            ),
            ("tag:wire.example,2031:X 1", "tag:wire.example,2031:X%201"),
            (
                "https://wire.example/items/7?a=b",
                "urn:x-wire:northern%20wire:https%3A%2F%2Fwire.example%2Fitems%2F7%3Fa%3Db",
            ),
            ("A0042", "urn:x-wire:northern%20wire:A0042"),
            ("é", "urn:x-wire:northern%20wire:%C3%A9"),
        ] {
            let uri = Uri::of_message(id, "Northern Wire");
            assert_eq!(uri.as_str(), name);
            assert_eq!(uri.web(), None);
            assert_eq!(uri.as_str().parse::<Uri>(), Ok(uri), "{id}");
        }
    }

    #[test]
    fn a_letter_is_known_by_its_message_id() {
        let letter = Uri::of_letter("7.a@letters.example");
        assert_eq!(letter.as_str(), "mid:7.a@letters.example");
        assert_eq!(letter.web(), None);
    }

    #[test]
    fn a_web_address_is_in_its_one_spelling() {
        let uri: Uri = "HTTPS://Example.org/a?utm_source=x#b".parse().unwrap();
        assert_eq!(uri.as_str(), "https://example.org/a");
        assert_eq!((uri.host(), uri.site()), ("example.org", "example.org"));
        assert!("http://".parse::<Uri>().is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_id_makes_a_name_that_reads_back(id in ".*", agency in ".*") {
            let uri = Uri::of_message(&id, &agency);
            proptest::prop_assert_eq!(uri.as_str().parse::<Uri>(), Ok(uri));
        }
    }
}
