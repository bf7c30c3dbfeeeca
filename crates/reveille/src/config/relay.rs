//! One of several mail servers, as the settings write it: `smtps://user:password@mail.example.org?weight=3`.

use std::str::FromStr;

use percent_encoding::percent_decode_str;
use reveille_model::Day;
use url::Url;

use super::TlsKind;

/// A mail server and its share of the mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relay {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: TlsKind,
    /// User and password.
    pub(crate) account: Option<(String, String)>,
    pub(crate) share: Share,
}

/// How much of the mail a server gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// So much, beside the other servers' shares; grown from next to nothing since a day where one is told.
    Weight(u32, Option<Day>),
    /// None, while another one can be reached.
    Reserve,
}

impl FromStr for Relay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // The text may hold a password, which no message repeats.
        let expected = "expected such as `smtps://user:password@mail.example.org:465?weight=3`";
        let url = Url::parse(text).map_err(|error| format!("{expected}: {error}"))?;
        let (tls, port) = match url.scheme() {
            "smtps" => (TlsKind::Implicit, 465),
            "smtp" => (TlsKind::StartTls, 587),
            "smtp+clear" => (TlsKind::None, 25),
            _ => {
                return Err(format!(
                    "{expected}; or `smtp:` for STARTTLS, `smtp+clear:` for no encryption"
                ));
            }
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(expected)?;
        let decoded = |text| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let account = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => Some((decoded(user), decoded(password))),
            _ => return Err("user and password go together: give both or neither".to_owned()),
        };
        if account.is_some() && tls == TlsKind::None {
            return Err(
                "a password would cross the network in clear text: use `smtps:` or `smtp:`".to_owned(),
            );
        }
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            tls,
            account,
            share: share(&url)?,
        })
    }
}

fn share(url: &Url) -> Result<Share, String> {
    let (mut weight, mut since, mut reserve) = (None, None, false);
    for (key, value) in url.query_pairs() {
        match (&*key, &*value) {
            ("weight", value) => {
                let parsed = value.parse().ok().filter(|weight| (1..=1000).contains(weight));
                weight = Some(parsed.ok_or("weight: expected a whole number from 1 to 1000")?);
            }
            ("warm-up", day) => {
                let parsed = day.parse::<Day>();
                since = Some(parsed.map_err(|_why| "warm-up: expected its first day, such as 2026-12-01")?);
            }
            ("reserve", "") => reserve = true,
            (key, _) => return Err(format!("`{key}` is none of `weight`, `warm-up` and `reserve`")),
        }
    }
    match (reserve, weight.is_some() || since.is_some()) {
        (true, true) => Err("a reserve has neither weight nor warm-up".to_owned()),
        (true, false) => Ok(Share::Reserve),
        (false, _) => Ok(Share::Weight(weight.unwrap_or(1), since)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_read_with_what_the_address_leaves_out() {
        let relay: Relay = "smtps://ann%40example.org:s%3Acret@mail.example.org?weight=3&warm-up=2026-12-01"
            .parse()
            .unwrap();
        assert_eq!((relay.host.as_str(), relay.port), ("mail.example.org", 465));
        assert_eq!(
            relay.account,
            Some(("ann@example.org".to_owned(), "s:cret".to_owned()))
        );
        assert_eq!(relay.share, Share::Weight(3, Some("2026-12-01".parse().unwrap())));
        let relay: Relay = "smtp+clear://[::1]:2525?reserve".parse().unwrap();
        assert_eq!(
            (relay.host.as_str(), relay.port, relay.tls),
            ("::1", 2525, TlsKind::None)
        );
        assert_eq!(relay.share, Share::Reserve);
    }

    #[test]
    fn what_cannot_be_meant_is_told_without_the_password() {
        for (text, said) in [
            ("mail.example.org", "expected such as"),
            ("https://mail.example.org", "`smtp:` for STARTTLS"),
            ("smtps://ann@mail.example.org", "go together"),
            ("smtp+clear://ann:secret@mail.example.org", "in clear text"),
            ("smtps://ann:secret@mail.example.org?weight=0", "from 1 to 1000"),
            ("smtps://mail.example.org?warm-up=soon", "2026-12-01"),
            ("smtps://mail.example.org?reserve&weight=2", "neither"),
            ("smtps://ann:secret@mail.example.org?wait=2", "`wait` is none of"),
        ] {
            let error = text.parse::<Relay>().unwrap_err();
            assert!(
                error.contains(said) && !error.contains("secret"),
                "{text}: {error}"
            );
        }
    }
}
