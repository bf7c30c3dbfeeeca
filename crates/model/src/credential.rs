//! What a publisher issues to its readers, so that a source answers us.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Position, Url};

/// A secret, and the only place that may see it. `Debug` does not print it; `Serialize` does, for the store.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credential {
    /// Scheme, host and port of the source for which it was issued (RFC 6454).
    origin: String,
    secret: Secret,
}

/// A secret, in the form in which a server asks for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secret {
    /// A user name and a password (RFC 7617).
    Basic {
        /// The name, without a colon.
        user: String,
        /// The password.
        password: String,
    },
    /// A key in a header of the publisher's choice.
    Header {
        /// The header's name.
        name: String,
        /// The key.
        value: String,
    },
    /// What a browser that is signed in would send as `Cookie` (RFC 6265, section 4.2).
    Cookie(String),
}

/// Why a secret cannot be sent. It is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// Nothing was given.
    #[error("the secret is empty")]
    Empty,
    /// A line break or another control character would end the header.
    #[error("the secret holds a line break or another character that no HTTP header may hold")]
    Unprintable,
    /// A server would take what follows the colon for the password (RFC 7617, section 2).
    #[error("a user name with a colon cannot be sent")]
    Colon,
    /// Not a token (RFC 9110, section 5.1).
    #[error("that is no name of an HTTP header (expected for example `X-Api-Key`)")]
    HeaderName,
    /// A folder or a file.
    #[error("that is on no host: nothing there asks for a secret")]
    NoHost,
}

impl Credential {
    /// Binds a secret to the origin of an address, on the web or of a mailbox.
    ///
    /// # Errors
    /// Where no request could carry it, or the address is of no host.
    pub fn new(secret: Secret, issued_for: &Url) -> Result<Self, CredentialError> {
        secret.check()?;
        if !issued_for.has_host() {
            return Err(CredentialError::NoHost);
        }
        Ok(Self {
            origin: origin_of(issued_for),
            secret,
        })
    }

    /// What to send with a request to this address; `None` where the address is not of the origin that may see it.
    #[must_use]
    pub fn secret_for(&self, url: &Url) -> Option<&Secret> {
        (origin_of(url) == self.origin).then_some(&self.secret)
    }

    /// The origin that may see it: `https://wire.example`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

/// The URL standard gives an origin to the schemes of the web alone; that of a mailbox (`imaps`) is written likewise.
fn origin_of(url: &Url) -> String {
    let host_and_port = &url[Position::BeforeHost..Position::AfterPort];
    format!("{}://{host_and_port}", url.scheme())
}

impl Secret {
    fn check(&self) -> Result<(), CredentialError> {
        let (name, value) = match self {
            Self::Basic { user, .. } if user.contains(':') => return Err(CredentialError::Colon),
            Self::Basic { user, password } => (user, password),
            Self::Header { name, .. } if !is_token(name) => return Err(CredentialError::HeaderName),
            Self::Header { name, value } => (name, value),
            Self::Cookie(value) => (value, value),
        };
        match [name, value] {
            parts if parts.iter().any(|part| part.is_empty()) => Err(CredentialError::Empty),
            parts if parts.iter().any(|part| part.contains(char::is_control)) => {
                Err(CredentialError::Unprintable)
            }
            _ => Ok(()),
        }
    }
}

/// RFC 9110, section 5.6.2.
fn is_token(name: &str) -> bool {
    let in_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(in_token)
}

/// What it is and where it goes, without the secret.
impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.secret {
            Secret::Basic { .. } => f.write_str("a user name and password")?,
            Secret::Header { name, .. } => write!(f, "a key in the header {name}")?,
            Secret::Cookie(_) => f.write_str("a cookie")?,
        }
        write!(f, ", for {} alone", self.origin)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Credential({self})")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic(user: &str, password: &str) -> Secret {
        Secret::Basic {
            user: user.to_owned(),
            password: password.to_owned(),
        }
    }

    fn header(name: &str, value: &str) -> Secret {
        Secret::Header {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    fn bound(secret: Secret) -> Result<Credential, CredentialError> {
        Credential::new(secret, &"https://wire.example/feed".parse().unwrap())
    }

    #[test]
    fn only_the_origin_that_it_was_issued_for_sees_a_secret() {
        let credential = bound(basic("ann", "tide-7")).unwrap();
        for (url, seen) in [
            ("https://wire.example/", true),
            ("https://wire.example:443/a?b", true),
            ("https://ann@wire.example/", true),
            ("http://wire.example/", false),
            ("https://wire.example:8443/", false),
            ("https://www.wire.example/", false),
            ("https://wire.example.evil.example/", false),
            ("imaps://wire.example/", false),
        ] {
            let found = credential.secret_for(&url.parse().unwrap());
            assert_eq!(found.is_some(), seen, "{url}");
        }
    }

    #[test]
    fn a_mailbox_has_a_secret_of_its_own() {
        let at = |url: &str| url.parse::<Url>().unwrap();
        let credential =
            Credential::new(basic("ann", "tide-7"), &at("imaps://bob@mail.example/INBOX")).unwrap();
        for (url, seen) in [
            ("imaps://mail.example/Drafts", true),
            ("imaps://mail.example:1993/INBOX", false),
            ("imaps://other.example/INBOX", false),
            ("https://mail.example/", false),
        ] {
            assert_eq!(credential.secret_for(&at(url)).is_some(), seen, "{url}");
        }
        for nowhere in ["file:///srv/drop", "urn:x-wire:a:b"] {
            let refused = Credential::new(basic("ann", "tide-7"), &at(nowhere));
            assert_eq!(refused.unwrap_err(), CredentialError::NoHost, "{nowhere}");
        }
    }

    #[test]
    fn no_print_shows_a_secret() {
        for secret in [
            basic("ann", "tide-7"),
            header("X-Key", "tide-7"),
            Secret::Cookie("tide-7".to_owned()),
        ] {
            let credential = bound(secret.clone()).unwrap();
            let printed = format!("{credential} {credential:?} {secret:?}");
            assert!(!printed.contains("tide-7"), "{printed}");
            assert!(printed.contains("https://wire.example alone"), "{printed}");
        }
    }

    #[test]
    fn what_no_request_could_carry_is_refused() {
        for (secret, why) in [
            (basic("a:b", "x"), CredentialError::Colon),
            (basic("", "x"), CredentialError::Empty),
            (basic("a", "x\r\nHost: y"), CredentialError::Unprintable),
            (header("X Key", "x"), CredentialError::HeaderName),
            (header("X-Key", ""), CredentialError::Empty),
            (Secret::Cookie("a\nb".to_owned()), CredentialError::Unprintable),
        ] {
            assert_eq!(bound(secret).unwrap_err(), why);
        }
    }

    #[test]
    fn what_is_stored_reads_back() {
        let credential = bound(header("X-Key", "tide-7")).unwrap();
        let stored = serde_json::to_string(&credential).unwrap();
        assert_eq!(serde_json::from_str::<Credential>(&stored).unwrap(), credential);
    }
}
