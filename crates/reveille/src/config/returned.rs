//! Where returned mail is found: in a Maildir, or in a mailbox on an IMAP server.

use std::{fmt, path::PathBuf, str::FromStr};

use percent_encoding::percent_decode_str;
use reveille_mail::{Account, Proof, imap::Mailbox};
use url::Url;

/// Where returned mail is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Returned {
    /// In a Maildir.
    Maildir(PathBuf),
    /// On an IMAP server.
    Imap(Imap),
}

/// A mailbox, `imaps://user@host:port/name`. What opens it is a setting of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Imap {
    host: String,
    port: u16,
    user: String,
    name: String,
}

impl Imap {
    /// The mailbox, to be opened with this.
    pub(crate) fn with(&self, proof: Proof) -> Mailbox {
        Mailbox {
            host: self.host.clone(),
            port: self.port,
            account: Account {
                user: self.user.clone(),
                proof,
            },
            name: self.name.clone(),
        }
    }
}

impl fmt::Display for Imap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}:{}/{}", self.user, self.host, self.port, self.name)
    }
}

impl FromStr for Returned {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "expected a folder, or such as `imaps://bounce@mail.example.org/INBOX`";
        if text.starts_with("imap:") {
            return Err(format!(
                "the password would cross the network in clear text: {expected}"
            ));
        }
        if !text.starts_with("imaps:") {
            return Ok(Self::Maildir(PathBuf::from(text)));
        }
        let url: Url = text.parse().map_err(|_| expected.to_owned())?;
        if url.password().is_some() {
            return Err("leave the password out, and give it as `mail.returns_password`".to_owned());
        }
        let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let host = url
            .host_str()
            .filter(|host| !host.is_empty() && !url.username().is_empty());
        let name = decoded(url.path().trim_matches('/'));
        Ok(Self::Imap(Imap {
            host: host.ok_or(expected)?.to_owned(),
            port: url.port().unwrap_or(993),
            user: decoded(url.username()),
            name: if name.is_empty() { "INBOX".to_owned() } else { name },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_told_from_a_folder_and_holds_no_password() {
        let folder: Returned = "/var/mail/bounce".parse().unwrap();
        assert_eq!(folder, Returned::Maildir(PathBuf::from("/var/mail/bounce")));
        let Returned::Imap(mailbox) = "imaps://bounce%40brief.example@mail.example/".parse().unwrap() else {
            panic!("no mailbox")
        };
        let proof = Proof::Password("tide-7".to_owned());
        assert_eq!(mailbox.to_string(), "bounce@brief.example@mail.example:993/INBOX");
        assert_eq!(mailbox.with(proof).account.user, "bounce@brief.example");
        for (wrong, told) in [
            ("imap://ann@mail.example/INBOX", "clear text"),
            ("imaps://ann:tide-7@mail.example/INBOX", "leave the password out"),
            ("imaps://mail.example/INBOX", "expected a folder"),
        ] {
            let fault = wrong.parse::<Returned>().unwrap_err();
            assert!(fault.contains(told) && !fault.contains("tide-7"), "{fault}");
        }
    }
}
