//! E-mail addresses as they stand in an SMTP envelope.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a string is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is no `@`, or nothing on one side of it.
    #[error("an e-mail address looks like name@example.org")]
    Shape,
    /// Longer than RFC 5321, section 4.5.3.1 allows.
    #[error("the e-mail address is too long (64 characters before the @, 254 in all)")]
    Length,
    /// A character that the part before the `@` may not hold.
    #[error("the part before the @ may hold letters, digits and .!#$%&'*+/=?^_`{{|}}~- only")]
    Local,
    /// The part after the `@` is no host name.
    #[error("the part after the @ is not a mail domain such as example.org")]
    Domain,
}

/// A mailbox `local@domain` (RFC 5321, section 4.1.2, dot-string form; UTF-8 local parts as in RFC 6531). The
/// domain is in lower case and ASCII (IDNA); the local part is kept as written, since only its host may fold it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Under which two addresses count as one reader: all in lower case. No mail host in use tells `Ann@` from
    /// `ann@`, and a reader who types it both ways must not get the brief twice.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// `a…@example.org`: enough to recognise, too little to harvest. For logs and pages.
    #[must_use]
    pub fn masked(&self) -> String {
        let first = self.0.chars().next().unwrap_or('?');
        format!("{first}…@{}", self.domain())
    }
}

impl FromStr for EmailAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(AddressError::Shape)?;
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::Shape);
        }
        if local.len() > 64 || text.len() > 254 {
            return Err(AddressError::Length);
        }
        let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
        let letter = |c: char| atext(c) || (!c.is_ascii() && c.is_alphanumeric());
        if local
            .split('.')
            .any(|atom| atom.is_empty() || !atom.chars().all(letter))
        {
            return Err(AddressError::Local);
        }
        let domain = ascii_domain(domain).ok_or(AddressError::Domain)?;
        Ok(Self(format!("{local}@{domain}")))
    }
}

/// A host name of two labels or more (RFC 1123, section 2.1), in lower case and ASCII.
fn ascii_domain(domain: &str) -> Option<String> {
    let ascii = match url::Host::parse(domain).ok()? {
        url::Host::Domain(ascii) => ascii,
        url::Host::Ipv4(_) | url::Host::Ipv6(_) => return None,
    };
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    (ascii.contains('.') && ascii.split('.').all(label)).then_some(ascii)
}

impl TryFrom<String> for EmailAddress {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_keep_their_local_part_and_fold_their_domain() {
        let address: EmailAddress = " Ann.Example+news@EXAMPLE.org ".parse().unwrap();
        assert_eq!(address.as_str(), "Ann.Example+news@example.org");
        assert_eq!(address.key(), "ann.example+news@example.org");
        assert_eq!(address.masked(), "A…@example.org");
        assert_eq!(
            "o@bücher.example".parse::<EmailAddress>().unwrap().domain(),
            "xn--bcher-kva.example"
        );
    }

    #[test]
    fn what_no_mail_host_takes_is_refused() {
        use AddressError::{Domain, Length, Local, Shape};
        for (bad, why) in [
            ("", Shape),
            ("ann", Shape),
            ("@example.org", Shape),
            ("ann@", Shape),
            ("ann@localhost", Domain),
            ("ann@10.0.0.1", Domain),
            ("ann@-a.org", Domain),
            ("ann..b@example.org", Local),
            ("a b@example.org", Local),
            ("ann\r\nBcc: x@example.org", Local),
            ("ann@example.org\r\nBcc:", Domain),
        ] {
            assert_eq!(bad.parse::<EmailAddress>(), Err(why), "{bad:?}");
        }
        assert_eq!(
            format!("{}@example.org", "a".repeat(65)).parse::<EmailAddress>(),
            Err(Length)
        );
    }

    proptest::proptest! {
        #[test]
        fn an_address_never_carries_a_line_break_or_a_bracket(text in ".*") {
            if let Ok(address) = text.parse::<EmailAddress>() {
                proptest::prop_assert!(!address.as_str().contains(['\r', '\n', '<', '>', ' ', '\0']));
                proptest::prop_assert_eq!(address.as_str().parse::<EmailAddress>(), Ok(address));
            }
        }
    }
}
