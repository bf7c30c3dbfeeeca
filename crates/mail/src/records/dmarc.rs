//! What receivers are to do with mail that only claims to be from a domain (DMARC, RFC 7489), and when mail counts as from it:
//! where the domain that signed it, or that of its return path, is *aligned* with the one that readers see.
//!
//! Which names have one owner is found by the walk up the tree of names of DMARCbis (section 4.10), which needs no list of
//! public suffixes. Where a list is used the outcome is the same, unless a subdomain has a policy and its parent none.

use std::str::FromStr;

use super::value;

/// A domain with more labels than this is not asked about at every one of them.
const LABELS: usize = 8;

/// A domain's policy (section 6.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What becomes of mail that is not from the domain.
    pub wish: Wish,
    /// The same for mail that claims to be from one of its subdomains, where that is another wish.
    pub subdomains: Option<Wish>,
    /// Why its wishes are none, where receivers go by `p=none` all the same (section 6.6.3, step 6).
    pub fault: Option<DmarcError>,
    /// Whether the domain that signed must be the very one that readers see, and not only one of the same owner.
    pub strict_dkim: bool,
    /// The same for the domain of the return path.
    pub strict_spf: bool,
    /// Whether somebody is told what receivers saw.
    pub reports: bool,
    /// `psd`: whether the domain is one under which others register theirs; unknown to most.
    pub suffix: Option<bool>,
}

/// What a domain wishes done (section 6.3, `p`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing.
    None,
    /// Put aside as suspicious.
    Quarantine,
    /// Refuse.
    Reject,
}

impl Wish {
    /// As the record has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quarantine => "quarantine",
            Self::Reject => "reject",
        }
    }
}

/// Why a record is no policy, so that receivers act as if it were not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DmarcError {
    /// Not a list of tags that begins with the version.
    #[error("it is no DMARC policy, which looks like `v=DMARC1; p=none`")]
    Syntax,
    /// No word that is known as this tag.
    #[error("its `{0}=` is none of none, quarantine and reject")]
    Wish(&'static str),
}

/// Whether a TXT record means to be one of DMARC (section 6.6.3).
#[must_use]
pub fn is_dmarc(text: &str) -> bool {
    text.starts_with("v=DMARC1")
}

impl FromStr for Policy {
    type Err = DmarcError;

    fn from_str(text: &str) -> Result<Self, DmarcError> {
        let tags: Vec<(&str, &str)> = text.split(';').filter_map(tag).collect();
        if tags.first() != Some(&("v", "DMARC1")) {
            return Err(DmarcError::Syntax);
        }
        let reports = value(&tags, "rua").is_some_and(|to| to.split(',').any(is_address));
        let (wish, subdomains, fault) = match wishes(&tags) {
            Ok((wish, subdomains)) => (wish, subdomains, None),
            Err(fault) if reports => (Wish::None, None, Some(fault)),
            Err(fault) => return Err(fault),
        };
        let is_strict = |name| value(&tags, name).is_some_and(|mode| mode.eq_ignore_ascii_case("s"));
        Ok(Self {
            wish,
            subdomains,
            fault,
            strict_dkim: is_strict("adkim"),
            strict_spf: is_strict("aspf"),
            reports,
            suffix: match value(&tags, "psd") {
                Some("y") => Some(true),
                Some("n") => Some(false),
                _ => None,
            },
        })
    }
}

impl Policy {
    /// What becomes of mail that claims to be from a domain, where this policy stands at `at`.
    #[must_use]
    pub fn wish_for(&self, domain: &str, at: &str) -> Wish {
        match self.subdomains {
            Some(wish) if domain != at => wish,
            _ => self.wish,
        }
    }
}

/// One tag of a record, without the white space around it; what is none is passed over (section 6.3).
fn tag(part: &str) -> Option<(&str, &str)> {
    let (name, value) = part.split_once('=')?;
    Some((name.trim(), value.trim()))
}

/// For the domain, and for its subdomains where that is said.
fn wishes(tags: &[(&str, &str)]) -> Result<(Wish, Option<Wish>), DmarcError> {
    let wish = |name| value(tags, name).map(|text| wish(text).ok_or(DmarcError::Wish(name)));
    let own = wish("p").ok_or(DmarcError::Wish("p"))??;
    Ok((own, wish("sp").transpose()?))
}

fn wish(text: &str) -> Option<Wish> {
    [Wish::None, Wish::Quarantine, Wish::Reject]
        .into_iter()
        .find(|wish| text.eq_ignore_ascii_case(wish.as_str()))
}

/// Whether reports can be sent there (section 6.2): by mail is the one way that is in use.
fn is_address(to: &str) -> bool {
    let (scheme, address) = to.trim().split_once(':').unwrap_or_default();
    scheme.eq_ignore_ascii_case("mailto") && address.contains('@')
}

/// The domains whose policies decide about a domain's: itself and what is above it, from the longest to the shortest
/// (DMARCbis, section 4.10). Each policy stands at `_dmarc.` and the domain.
pub fn walk(domain: &str) -> impl Iterator<Item = &str> {
    let labels = domain.split('.').count();
    let starts = std::iter::once(0).chain(domain.match_indices('.').map(|(at, _)| at + 1));
    starts.enumerate().filter_map(move |(above, at)| {
        let is_asked = above == 0 || labels - above < LABELS;
        is_asked.then_some(&domain[at..])
    })
}

/// The domain's owner's domain, by the policies that a [`walk`] from it found (DMARCbis, section 4.10.2): one that says so, the
/// one below a suffix, or the shortest; without any, the domain itself.
#[must_use]
pub fn organisation<'a>(domain: &'a str, found: &[(&'a str, Policy)]) -> &'a str {
    for (at, policy) in found {
        match policy.suffix {
            Some(false) => return at,
            Some(true) if *at != domain => return below(at, domain),
            _ => {}
        }
    }
    found.last().map_or(domain, |(at, _)| at)
}

/// The part of a domain that has one label more than what is above it.
fn below<'a>(above: &str, domain: &'a str) -> &'a str {
    let rest = domain.len() - above.len() - 1;
    let start = domain[..rest].rfind('.').map_or(0, |dot| dot + 1);
    &domain[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Policy {
        text.parse().unwrap()
    }

    #[test]
    fn a_policy_is_read() {
        let read = policy("v=DMARC1; p=Quarantine; sp=reject; adkim=s; rua=mailto:a@example.org;");
        let expected = Policy {
            wish: Wish::Quarantine,
            subdomains: Some(Wish::Reject),
            fault: None,
            strict_dkim: true,
            strict_spf: false,
            reports: true,
            suffix: None,
        };
        assert_eq!(read, expected);
        let wishes = ["example.org", "news.example.org"].map(|from| read.wish_for(from, "example.org"));
        assert_eq!(wishes, [Wish::Quarantine, Wish::Reject]);
        for (broken, fault) in [
            ("v=DMARC1 p=none", DmarcError::Syntax),
            ("p=none; v=DMARC1", DmarcError::Syntax),
            ("v=DMARC1", DmarcError::Wish("p")),
            ("v=DMARC1; p=block", DmarcError::Wish("p")),
            ("v=DMARC1; p=none; sp=block", DmarcError::Wish("sp")),
            ("v=DMARC1; rua=a@example.org", DmarcError::Wish("p")),
        ] {
            assert_eq!(broken.parse::<Policy>(), Err(fault), "{broken}");
        }
    }

    #[test]
    fn what_is_wrong_with_the_rest_is_passed_over() {
        let plain = policy("v=DMARC1; p=reject");
        for odd in [
            "v=DMARC1; p=reject;;",
            "v=DMARC1;p=reject; oddly ;",
            "v=DMARC1; p=reject; p=none; rua=a@example.org",
        ] {
            assert_eq!(policy(odd), plain, "{odd}");
        }
    }

    #[test]
    fn a_record_that_only_asks_for_reports_wishes_nothing() {
        for (odd, fault) in [
            ("rua=MAILTO:a@example.org!10m", "p"),
            ("p=reject; sp=block; rua=x, mailto:a@example.org", "sp"),
        ] {
            let read = policy(&format!("v=DMARC1; {odd}"));
            assert_eq!((read.wish, read.subdomains), (Wish::None, None), "{odd}");
            assert_eq!(read.fault, Some(DmarcError::Wish(fault)), "{odd}");
        }
    }

    #[test]
    fn the_walk_goes_up_the_names_and_skips_where_there_are_many() {
        let steps: Vec<&str> = walk("a.mail.example.org").collect();
        assert_eq!(
            steps,
            ["a.mail.example.org", "mail.example.org", "example.org", "org"]
        );
        let steps: Vec<&str> = walk("a.b.c.d.e.f.g.h.example.org").collect();
        assert_eq!(steps.len(), 8);
        assert_eq!(
            steps[..2],
            ["a.b.c.d.e.f.g.h.example.org", "d.e.f.g.h.example.org"]
        );
    }

    #[test]
    fn policies_tell_the_owner() {
        let plain = policy("v=DMARC1; p=none");
        let found = [
            ("news.example.org", plain.clone()),
            ("example.org", plain.clone()),
        ];
        assert_eq!(organisation("news.example.org", &found), "example.org");
        assert_eq!(organisation("news.example.org", &[]), "news.example.org");
        let apart = policy("v=DMARC1; p=none; psd=n");
        let found = [("news.example.org", apart), ("example.org", plain)];
        assert_eq!(organisation("news.example.org", &found), "news.example.org");
        let suffix = policy("v=DMARC1; p=none; psd=y");
        let found = [("example", suffix)];
        assert_eq!(organisation("a.morning.example", &found), "morning.example");
        assert_eq!(organisation("morning.example", &found), "morning.example");
        assert_eq!(organisation("example", &found), "example");
    }
}
