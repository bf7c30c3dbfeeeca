//! Who may send mail for a domain (SPF, RFC 7208), as far as its record says by itself.

use std::str::FromStr;

use reveille_model::Network;

/// Most questions to name servers that one check may cost, over all records that the first one names (section 4.6.4).
pub const MOST_LOOKUPS: usize = 10;

/// Most of those questions that may find nothing (section 4.6.4).
pub const MOST_VOID: usize = 2;

/// Most mail servers that one `mx` may name (section 4.6.4).
pub const MOST_MAIL_SERVERS: usize = 10;

/// A record's terms in order (section 4.6.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spf {
    /// What is compared with the sender's address, each with what holds where it matches.
    pub directives: Vec<(Qualifier, Mechanism)>,
    /// What stands behind `all`, where nobody comes to it (section 5.1).
    pub ignored: Vec<String>,
    /// Whose record counts where nothing matches (section 6.1).
    pub redirect: Option<String>,
}

/// What a match means (section 4.6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// `+`, or nothing: may send.
    Pass,
    /// `-`: may not.
    Fail,
    /// `~`: probably may not.
    SoftFail,
    /// `?`: nothing is said.
    Neutral,
}

/// What is compared with the sender's address (section 5). Names may hold macros, as in `%{i}.example.org`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mechanism {
    /// Matches everybody.
    All,
    /// Whoever another domain's record lets send.
    Include(String),
    /// A host's addresses, by default the domain's own, with so many of their bits (IPv4, IPv6).
    A(Option<String>, (u8, u8)),
    /// Those of a domain's mail servers.
    Mx(Option<String>, (u8, u8)),
    /// Whose names end in the domain; not to be used any more.
    Ptr,
    /// A range of addresses.
    Network(Network),
    /// Whether a name exists that is made from the sender's address.
    Exists(String),
}

/// A term that receivers do not understand, so that they judge by none of the record (section 4.6).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no term of SPF")]
pub struct SpfError(pub String);

/// Whether a TXT record is one of SPF (section 4.5).
#[must_use]
pub fn is_spf(text: &str) -> bool {
    let version = text.get(..6).unwrap_or_default();
    version.eq_ignore_ascii_case("v=spf1") && matches!(text.as_bytes().get(6), None | Some(b' '))
}

impl Spf {
    /// What the record says of those it does not name: by `all`, or nothing.
    #[must_use]
    pub fn others(&self) -> Qualifier {
        match self.directives.last() {
            Some((qualifier, Mechanism::All)) => *qualifier,
            _ => Qualifier::Neutral,
        }
    }

    /// Whether `all` ends the record, so that a `redirect` is never come to (section 6.1).
    #[must_use]
    pub fn ends_itself(&self) -> bool {
        matches!(self.directives.last(), Some((_, Mechanism::All)))
    }
}

impl Mechanism {
    /// Whether it costs a question to name servers.
    #[must_use]
    pub fn is_lookup(&self) -> bool {
        !matches!(self, Self::All | Self::Network(_))
    }
}

impl FromStr for Spf {
    type Err = SpfError;

    fn from_str(text: &str) -> Result<Self, SpfError> {
        if !is_spf(text) {
            return Err(SpfError(text.to_owned()));
        }
        let mut spf = Self {
            directives: Vec::new(),
            ignored: Vec::new(),
            redirect: None,
        };
        for term in text[6..].split(' ').filter(|term| !term.is_empty()) {
            let wrong = || SpfError(term.to_owned());
            match modifier(term) {
                Some((name, domain)) if name.eq_ignore_ascii_case("redirect") => {
                    let twice = spf.redirect.replace(name_in(domain).ok_or_else(wrong)?);
                    if twice.is_some() {
                        return Err(wrong());
                    }
                }
                // Others are passed over, `exp` with them, which only words a refusal.
                Some(_) => {}
                None => {
                    // A wrong term spoils the record wherever it stands.
                    let directive = directive(term).ok_or_else(wrong)?;
                    match spf.ends_itself() {
                        true => spf.ignored.push(term.to_owned()),
                        false => spf.directives.push(directive),
                    }
                }
            }
        }
        Ok(spf)
    }
}

/// `name=value`, where what stands before the first `=` is a name (section 12).
fn modifier(term: &str) -> Option<(&str, &str)> {
    let (name, value) = term.split_once('=')?;
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    is_name.then_some((name, value))
}

fn directive(term: &str) -> Option<(Qualifier, Mechanism)> {
    let qualifier = match term.as_bytes().first()? {
        b'+' => Some(Qualifier::Pass),
        b'-' => Some(Qualifier::Fail),
        b'~' => Some(Qualifier::SoftFail),
        b'?' => Some(Qualifier::Neutral),
        _ => None,
    };
    let term = if qualifier.is_some() { &term[1..] } else { term };
    let at = term.find([':', '/']).unwrap_or(term.len());
    let (name, rest) = term.split_at(at);
    let (name, argument) = (name.to_ascii_lowercase(), rest.strip_prefix(':'));
    let mechanism = match name.as_str() {
        "all" => rest.is_empty().then_some(Mechanism::All)?,
        "include" => Mechanism::Include(name_in(argument?)?),
        "exists" => Mechanism::Exists(name_in(argument?)?),
        "ptr" => {
            let domain = argument.is_some_and(|domain| name_in(domain).is_some());
            (domain || rest.is_empty()).then_some(Mechanism::Ptr)?
        }
        "ip4" | "ip6" => {
            let network: Network = argument?.parse().ok()?;
            ((name == "ip6") == argument?.contains(':')).then_some(Mechanism::Network(network))?
        }
        "a" | "mx" => {
            let (domain, prefixes) = hosts(rest)?;
            match name.as_str() {
                "a" => Mechanism::A(domain, prefixes),
                _ => Mechanism::Mx(domain, prefixes),
            }
        }
        _ => return None,
    };
    Some((qualifier.unwrap_or(Qualifier::Pass), mechanism))
}

/// What follows `a` and `mx`: `:example.org/24//64`, each part of which may be wanting (section 5.6).
fn hosts(rest: &str) -> Option<(Option<String>, (u8, u8))> {
    let bits = |text: &str, most: u8| text.parse::<u8>().ok().filter(|bits| *bits <= most);
    let (rest, v6) = match rest.split_once("//") {
        Some((rest, v6)) => (rest, bits(v6, 128)?),
        None => (rest, 128),
    };
    let (rest, v4) = match rest.rsplit_once('/') {
        // A macro may hold a slash.
        Some((rest, v4)) if !v4.ends_with('}') => (rest, bits(v4, 32)?),
        _ => (rest, 32),
    };
    let domain = match rest.strip_prefix(':') {
        Some(domain) => Some(name_in(domain)?),
        None => rest.is_empty().then_some(None)?,
    };
    Some((domain, (v4, v6)))
}

/// A domain, or one with macros in it (section 7.1).
fn name_in(text: &str) -> Option<String> {
    let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    let text = text.strip_suffix('.').unwrap_or(text);
    (is_visible && !text.is_empty() && !text.starts_with('.') && !text.contains(".."))
        .then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read() {
        let spf: Spf =
            "v=spf1 mx a:out.example.org/24//64 ip4:192.0.2.0/24 +ip6:2001:db8::1 include:_spf.example.net. \
                        ~exists:%{i}._spf.example.org ?ptr exp=why.example.org -ALL redirect=_spf.example.net"
                .parse()
                .unwrap();
        let own = |text: &str| text.to_owned();
        use {Mechanism as M, Qualifier as Q};
        let expected = [
            (Q::Pass, M::Mx(None, (32, 128))),
            (Q::Pass, M::A(Some(own("out.example.org")), (24, 64))),
            (Q::Pass, M::Network("192.0.2.0/24".parse().unwrap())),
            (Q::Pass, M::Network("2001:db8::1".parse().unwrap())),
            (Q::Pass, M::Include(own("_spf.example.net"))),
            (Q::SoftFail, M::Exists(own("%{i}._spf.example.org"))),
            (Q::Neutral, M::Ptr),
            (Q::Fail, M::All),
        ];
        assert_eq!(spf.directives, expected);
        assert_eq!(spf.redirect.as_deref(), Some("_spf.example.net"));
        assert!(spf.ends_itself());
        assert_eq!(spf.others(), Q::Fail);
        let lookups = spf.directives.iter().filter(|(_, m)| m.is_lookup()).count();
        assert_eq!(lookups, 5, "addresses and `all` cost none");
    }

    #[test]
    fn a_record_without_an_end_says_nothing_of_others() {
        let spf: Spf = "v=spf1".parse().unwrap();
        assert_eq!((spf.others(), spf.ends_itself()), (Qualifier::Neutral, false));
        assert!(!is_spf("v=spf10 -all") && !is_spf("spf2.0/pra -all") && is_spf("V=SPF1 -all"));
    }

    #[test]
    fn nobody_comes_to_what_stands_behind_all() {
        let spf: Spf = "v=spf1 mx ~all include:_spf.example.net exp=why.example.org -all"
            .parse()
            .unwrap();
        let expected = [
            (Qualifier::Pass, Mechanism::Mx(None, (32, 128))),
            (Qualifier::SoftFail, Mechanism::All),
        ];
        assert_eq!(spf.directives, expected);
        assert_eq!(spf.ignored, ["include:_spf.example.net", "-all"]);
        assert_eq!((spf.others(), spf.ends_itself()), (Qualifier::SoftFail, true));
        assert!("v=spf1 -all ip4:example".parse::<Spf>().is_err());
    }

    #[test]
    fn one_wrong_term_spoils_the_record() {
        for wrong in [
            "ip4:192.0.2.0/33",
            "ip4:2001:db8::1",
            "ip6:192.0.2.1",
            "ip4",
            "include",
            "include:",
            "a:",
            "a/33",
            "a:example..org",
            "all:example.org",
            "-all;",
            "ipv4:192.0.2.1",
            "mx\tall",
            "redirect=",
        ] {
            let read = format!("v=spf1 {wrong}").parse::<Spf>();
            assert!(read.is_err(), "{wrong}: {read:?}");
        }
        let twice = "v=spf1 redirect=a.example redirect=b.example".parse::<Spf>();
        assert_eq!(twice, Err(SpfError("redirect=b.example".to_owned())));
    }
}
