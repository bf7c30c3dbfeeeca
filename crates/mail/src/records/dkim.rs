//! The record under which receivers find a DKIM key (RFC 6376, section 3.6.1; RFC 8463, section 4).

use super::{tags, value};

/// Why receivers cannot check our signatures by a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not a list of tags, or of another version.
    #[error("it is no DKIM key, which looks like `v=DKIM1; k=rsa; p=…`")]
    Syntax,
    /// An empty `p=`.
    #[error("it revokes the key: its `p=` is empty")]
    Revoked,
    /// Another `p=` or `k=` than ours.
    #[error("it holds another key than the one that signs")]
    OtherKey,
    /// An `h=` without SHA-256, or an `s=` without e-mail.
    #[error("its `{0}` keeps the key from signing mail")]
    Limited(String),
    /// `t=y`: mail is treated as if it were not signed.
    #[error("it calls the key a test (`t=y`), so that receivers treat mail as unsigned")]
    Testing,
}

/// Whether a published record lets receivers check what is signed with the key of our own record.
///
/// # Errors
/// [`KeyFault`], which says what is wrong with it.
pub fn check(published: &str, own: &str) -> Result<(), KeyFault> {
    let tags = tags(published).ok_or(KeyFault::Syntax)?;
    let version = tags.iter().position(|(name, _)| *name == "v");
    if version.is_some_and(|at| at > 0 || tags[at].1 != "DKIM1") {
        return Err(KeyFault::Syntax);
    }
    let key = key(&tags).ok_or(KeyFault::Syntax)?;
    if key.1.is_empty() {
        return Err(KeyFault::Revoked);
    }
    if super::tags(own).as_deref().and_then(self::key) != Some(key) {
        return Err(KeyFault::OtherKey);
    }
    for (name, wanted) in [("h", &["sha256"][..]), ("s", &["*", "email"])] {
        let list = value(&tags, name).filter(|list| !has_any(list, wanted));
        if let Some(list) = list {
            return Err(KeyFault::Limited(format!("{name}={list}")));
        }
    }
    match value(&tags, "t").is_some_and(|flags| has_any(flags, &["y"])) {
        true => Err(KeyFault::Testing),
        false => Ok(()),
    }
}

/// Kind and key, the latter in base64 without the white space that it may hold.
fn key<'a>(tags: &[(&str, &'a str)]) -> Option<(&'a str, String)> {
    let key = value(tags, "p")?.split_whitespace().collect();
    Some((value(tags, "k").unwrap_or("rsa"), key))
}

/// Whether a list with colons between its words has one of these.
fn has_any(list: &str, wanted: &[&str]) -> bool {
    list.split(':').any(|word| wanted.contains(&word.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "v=DKIM1; k=rsa; p=MIIB";

    #[test]
    fn a_record_may_be_written_otherwise_and_hold_the_same_key() {
        for same in [
            OWN,
            "p=MIIB",
            "v=DKIM1;k=rsa;p= MI IB ;",
            "v=DKIM1; h=sha1:sha256; s=email; t=s; n=of%20spring; p=MIIB",
        ] {
            assert_eq!(check(same, OWN), Ok(()), "{same}");
        }
    }

    #[test]
    fn what_keeps_receivers_from_checking_is_told() {
        for (published, fault) in [
            ("hello", KeyFault::Syntax),
            ("v=DKIM1; k=rsa", KeyFault::Syntax),
            ("p=MIIB; v=DKIM1", KeyFault::Syntax),
            ("v=DKIM2; p=MIIB", KeyFault::Syntax),
            ("v=DKIM1; p=", KeyFault::Revoked),
            ("v=DKIM1; p=MIIC", KeyFault::OtherKey),
            ("v=DKIM1; k=ed25519; p=MIIB", KeyFault::OtherKey),
            ("v=DKIM1; h=sha1; p=MIIB", KeyFault::Limited("h=sha1".to_owned())),
            (
                "v=DKIM1; s=tlsrpt; p=MIIB",
                KeyFault::Limited("s=tlsrpt".to_owned()),
            ),
            ("v=DKIM1; t=s:y; p=MIIB", KeyFault::Testing),
        ] {
            assert_eq!(check(published, OWN), Err(fault), "{published}");
        }
    }
}
