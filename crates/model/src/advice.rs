//! What may be wrong with an address that is right: said to whoever typed it, and nothing more is done about it.

use crate::EmailAddress;

/// What to say of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// One slip of the hand away from a mail host that millions use: this address there.
    Meant(EmailAddress),
    /// Its host gives addresses away that stop after minutes or days.
    Throwaway,
    /// Its local part is not all ASCII: only mail servers that know SMTPUTF8 (RFC 6531) can mail to it.
    Unusual,
}

/// Hosts of very many mailboxes whose names are long enough that one more slip is hardly another host.
const LARGE: [&str; 36] = [
    "aliceadsl.fr",
    "bellsouth.net",
    "bluewin.ch",
    "btinternet.com",
    "charter.net",
    "comcast.net",
    "earthlink.net",
    "freenet.de",
    "gmail.com",
    "googlemail.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.es",
    "hotmail.fr",
    "hotmail.it",
    "icloud.com",
    "laposte.net",
    "libero.it",
    "outlook.com",
    "outlook.de",
    "outlook.es",
    "outlook.fr",
    "proton.me",
    "protonmail.com",
    "rediffmail.com",
    "rocketmail.com",
    "sbcglobal.net",
    "t-online.de",
    "verizon.net",
    "wanadoo.fr",
    "yahoo.co.in",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.com.br",
];

/// Hosts that are one slip away from one of those and yet are meant.
const MEANT: [&str; 5] = ["email.com", "fmail.com", "hmail.com", "mail.com", "ymail.com"];

const THROWAWAY: [&str; 20] = [
    "10minutemail.com",
    "dispostable.com",
    "fakeinbox.com",
    "getairmail.com",
    "getnada.com",
    "guerrillamail.com",
    "maildrop.cc",
    "mailinator.com",
    "mailnesia.com",
    "mintemail.com",
    "moakt.com",
    "mohmal.com",
    "mytemp.email",
    "sharklasers.com",
    "temp-mail.org",
    "tempmail.net",
    "throwawaymail.com",
    "trashmail.com",
    "trbvm.com",
    "yopmail.com",
];

impl EmailAddress {
    /// What whoever typed it should be told; mostly nothing.
    #[must_use]
    pub fn advice(&self) -> Option<Advice> {
        let domain = self.domain();
        if !self.as_str().is_ascii() {
            return Some(Advice::Unusual);
        }
        if THROWAWAY.contains(&domain) {
            return Some(Advice::Throwaway);
        }
        if LARGE.contains(&domain) || MEANT.contains(&domain) {
            return None;
        }
        let meant = LARGE.iter().find(|large| {
            is_one_slip(domain.as_bytes(), large.as_bytes()) && !differ_in_country(domain, large)
        })?;
        let local = self.as_str().strip_suffix(domain)?;
        format!("{local}{meant}").parse().ok().map(Advice::Meant)
    }
}

/// Whether two hosts are one name in two countries, such as yahoo.com.ar and yahoo.com.br: neither is a slip for the other.
fn differ_in_country(a: &str, b: &str) -> bool {
    match (a.rsplit_once('.'), b.rsplit_once('.')) {
        (Some((a, one)), Some((b, other))) => a == b && one.len() == 2 && other.len() == 2,
        _ => false,
    }
}

/// Whether one letter is missing, too many or another one, or two stand the wrong way round (Damerau 1964).
fn is_one_slip(typed: &[u8], meant: &[u8]) -> bool {
    let common = |a: &mut dyn Iterator<Item = (&u8, &u8)>| a.take_while(|(a, b)| a == b).count();
    let start = common(&mut typed.iter().zip(meant));
    let (typed, meant) = (&typed[start..], &meant[start..]);
    let end = common(&mut typed.iter().rev().zip(meant.iter().rev()));
    match (&typed[..typed.len() - end], &meant[..meant.len() - end]) {
        ([_], [_] | []) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_in_the_name_of_a_large_host_is_noticed_and_another_host_is_not() {
        for (typed, meant) in [
            ("ann@gmial.com", Some("ann@gmail.com")),
            ("Ann.B+news@gmal.com", Some("Ann.B+news@gmail.com")),
            ("ann@gmail.co", Some("ann@gmail.com")),
            ("ann@gmail.con", Some("ann@gmail.com")),
            ("ann@gmmail.com", Some("ann@gmail.com")),
            ("ann@hotmial.fr", Some("ann@hotmail.fr")),
            ("ann@t-onlien.de", Some("ann@t-online.de")),
            ("ann@gmail.com", None),
            ("ann@mail.com", None),
            ("ann@ymail.com", None),
            ("ann@gmail.cm", Some("ann@gmail.com")),
            ("ann@yahoo.com.ar", None),
            ("ann@yahoo.co.id", None),
            ("ann@hotmail.be", None),
            ("ann@outlook.dk", None),
            ("ann@gmali.co", None),
            ("ann@example.org", None),
            ("ann@ministry.example", None),
        ] {
            let expected = meant.map(|meant| Advice::Meant(meant.parse().unwrap()));
            assert_eq!(
                typed.parse::<EmailAddress>().unwrap().advice(),
                expected,
                "{typed}"
            );
        }
        let passing: EmailAddress = "ann@Mailinator.com".parse().unwrap();
        assert_eq!(passing.advice(), Some(Advice::Throwaway));
        let unusual: EmailAddress = "dömi@mail.example".parse().unwrap();
        assert_eq!(unusual.advice(), Some(Advice::Unusual));
    }
}
