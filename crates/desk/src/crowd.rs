//! Slows a crowd of sign-ups, so that the form cannot be used to send mail to many strangers, or many to one: from one address,
//! from one network, to one mailbox and to one mail domain.
//!
//! Kept in memory, by each node for itself: after a restart everybody starts anew, which a crowd cannot bring about. How often one
//! address is mailed is limited in the store.

use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use reveille_model::{EmailAddress, UnixMillis};

/// So many sign-ups at once, then one in so many milliseconds.
#[derive(Debug, Clone, Copy)]
struct Limit {
    allowance: i64,
    pace: i64,
}

/// Of one subscriber of a network: an office in which a brief is recommended is no crowd.
const SUBSCRIBER: Limit = Limit {
    allowance: 20,
    pace: 30_000,
};
/// Of one network, whose owner can use all of its addresses.
const NETWORK: Limit = Limit {
    allowance: 100,
    pace: 6_000,
};
/// To one mail domain. Small ones are flooded by less, but a large host's users may all hear of a brief on one morning.
const DOMAIN: Limit = Limit {
    allowance: 300,
    pace: 2_000,
};
/// To one mailbox, by whatever of the many names that its host may give it (RFC 5233): twelve, then one in two hours.
const MAILBOX: Limit = Limit {
    allowance: 12,
    pace: 2 * 3_600_000,
};
/// A sign-up counts for so many where no browser worked for it: of one subscriber five at once, then one in two minutes.
pub(crate) const WITHOUT_WORK: i64 = 4;
/// Of each kind so many are remembered; strangers beyond share one allowance. About 1 MB.
const MOST: usize = 10_000;

/// For each of one kind, when its allowance is whole again: the generic cell rate algorithm (ITU-T I.371, annex A).
/// `None` is all strangers beyond those remembered.
#[derive(Debug)]
struct Gate<K> {
    limit: Limit,
    whole_again: HashMap<Option<K>, UnixMillis>,
}

impl<K: Eq + Hash> Gate<K> {
    fn new(limit: Limit) -> Self {
        Self {
            limit,
            whole_again: HashMap::new(),
        }
    }

    /// As whom this one counts, and when their allowance is whole again once one is taken from it. `Err`: nothing is left;
    /// the milliseconds until it holds one again.
    fn ask(&mut self, key: K, counts: i64, now: UnixMillis) -> Result<(Option<K>, UnixMillis), i64> {
        let mut key = Some(key);
        if self.whole_again.len() >= MOST && !self.whole_again.contains_key(&key) {
            self.whole_again.retain(|_, at| *at > now);
            if self.whole_again.len() >= MOST {
                key = None;
            }
        }
        let Limit { allowance, pace } = self.limit;
        let known = self.whole_again.get(&key).copied();
        let next = known.unwrap_or(now).max(now).plus(counts * pace);
        let wait = next.since(now) - allowance * pace;
        if wait > 0 { Err(wait) } else { Ok((key, next)) }
    }
}

#[derive(Debug)]
struct Gates {
    subscribers: Gate<IpAddr>,
    networks: Gate<IpAddr>,
    mailboxes: Gate<String>,
    domains: Gate<String>,
}

/// All sign-ups of late.
#[derive(Debug)]
pub(crate) struct Crowd(Mutex<Gates>);

impl Default for Crowd {
    fn default() -> Self {
        Self(Mutex::new(Gates {
            subscribers: Gate::new(SUBSCRIBER),
            networks: Gate::new(NETWORK),
            mailboxes: Gate::new(MAILBOX),
            domains: Gate::new(DOMAIN),
        }))
    }
}

impl Crowd {
    /// Takes what a sign-up counts from each allowance that it counts towards.
    ///
    /// # Errors
    /// Where nothing is left of one of them, and then nothing is taken: the milliseconds until it holds one again.
    pub(crate) fn admit(
        &self,
        from: IpAddr,
        to: &EmailAddress,
        counts: i64,
        now: UnixMillis,
    ) -> Result<(), i64> {
        let gates = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // An IPv6 subscriber chooses addresses within a /64 at will, a site has a /48 of them.
        let (subscriber, subscriber_next) = gates.subscribers.ask(prefix(from, 32, 64), counts, now)?;
        let (network, network_next) = gates.networks.ask(prefix(from, 24, 48), counts, now)?;
        let (mailbox, mailbox_next) = gates.mailboxes.ask(mailbox(to), 1, now)?;
        let (domain, domain_next) = gates.domains.ask(to.domain().to_owned(), counts, now)?;
        gates.subscribers.whole_again.insert(subscriber, subscriber_next);
        gates.networks.whole_again.insert(network, network_next);
        gates.mailboxes.whole_again.insert(mailbox, mailbox_next);
        gates.domains.whole_again.insert(domain, domain_next);
        Ok(())
    }
}

/// An address without what its reader may add to their name.
fn mailbox(address: &EmailAddress) -> String {
    let key = address.key();
    let (local, domain) = key.rsplit_once('@').unwrap_or((&key, ""));
    let name = local.split('+').next().unwrap_or(local);
    format!("{name}@{domain}")
}

/// The first so many bits of an address, by its kind.
fn prefix(address: IpAddr, v4_bits: u32, v6_bits: u32) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let rest = 32 - v4_bits;
            Ipv4Addr::from_bits(v4.to_bits() >> rest << rest).into()
        }
        IpAddr::V6(v6) => {
            let rest = 128 - v6_bits;
            Ipv6Addr::from_bits(v6.to_bits() >> rest << rest).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_773_115_200_000);

    /// How many of so many tries are admitted, each to a mail domain and a mailbox of its own.
    fn admitted(crowd: &Crowd, from: &str, now: UnixMillis, tries: usize) -> usize {
        let name = from.replace([':', '.'], "_");
        let from: IpAddr = from.parse().unwrap();
        let to = |number: usize| format!("{name}@mail{number}.example").parse().unwrap();
        (0..tries)
            .filter(|&number| crowd.admit(from, &to(number), 1, now).is_ok())
            .count()
    }

    #[test]
    fn a_subscriber_has_an_allowance_that_fills_up_again() {
        let crowd = Crowd::default();
        assert_eq!(admitted(&crowd, "192.0.2.1", NOW, 50), 20);
        let to: EmailAddress = "ann@example.org".parse().unwrap();
        assert_eq!(
            crowd.admit("192.0.2.1".parse().unwrap(), &to, 1, NOW),
            Err(SUBSCRIBER.pace)
        );
        assert_eq!(admitted(&crowd, "192.0.2.2", NOW, 50), 20, "another's own");
        assert_eq!(admitted(&crowd, "192.0.2.1", NOW.plus(SUBSCRIBER.pace), 50), 1);
        assert_eq!(
            admitted(&crowd, "192.0.2.1", NOW.plus(100 * SUBSCRIBER.pace), 50),
            20
        );
    }

    #[test]
    fn an_ipv6_subscriber_is_one_however_many_addresses_it_uses() {
        let crowd = Crowd::default();
        assert_eq!(admitted(&crowd, "2001:db8::1", NOW, 15), 15);
        assert_eq!(admitted(&crowd, "2001:db8::2:3", NOW, 15), 5);
        assert_eq!(admitted(&crowd, "2001:db8:0:1::1", NOW, 15), 15);
    }

    #[test]
    fn a_network_has_an_allowance_over_all_its_addresses() {
        for (network, other) in [("192.0.2.", "198.51.100.1"), ("2001:db8:1:", "2001:db8:2::")] {
            let crowd = Crowd::default();
            let host = |number: usize| match network.contains(':') {
                true => format!("{network}{number}::"),
                false => format!("{network}{number}"),
            };
            let all: usize = (1..=100)
                .map(|number| admitted(&crowd, &host(number), NOW, 3))
                .sum();
            assert_eq!(all, 100, "{network}");
            assert_eq!(admitted(&crowd, other, NOW, 3), 3);
        }
    }

    #[test]
    fn a_mail_domain_is_not_flooded_from_many_networks() {
        let crowd = Crowd::default();
        let to = |number: u32| format!("reader{number}@small.example").parse().unwrap();
        let from = |number: u32| Ipv4Addr::from_bits(number << 8).into();
        let all = (1..=1_000).filter(|&number| crowd.admit(from(number), &to(number), 1, NOW).is_ok());
        assert_eq!(all.count(), 300);
        let elsewhere = "ann@large.example".parse().unwrap();
        assert_eq!(crowd.admit(from(1), &elsewhere, 1, NOW), Ok(()));
    }

    #[test]
    fn a_mailbox_is_not_flooded_under_many_names() {
        let crowd = Crowd::default();
        let admit = |number: u32, to: &str, now| {
            let from = Ipv4Addr::from_bits(number << 8).into();
            crowd.admit(from, &to.parse().unwrap(), 1, now).is_ok()
        };
        let names = |number: u32| format!("Ann+{number}@mail.example");
        let all = (1..=50).filter(|&number| admit(number, &names(number), NOW));
        assert_eq!(all.count(), 12);
        assert!(admit(51, "bob+7@mail.example", NOW), "another's own");
        assert!(admit(52, "ann@mail.example", NOW.plus(MAILBOX.pace)));
    }

    #[test]
    fn what_one_gate_refuses_costs_nothing_at_the_others() {
        let crowd = Crowd::default();
        assert_eq!(admitted(&crowd, "192.0.2.1", NOW, 1_000), 20);
        assert_eq!(
            admitted(&crowd, "192.0.2.2", NOW, 20),
            20,
            "980 refusals did not count"
        );
    }

    #[test]
    fn a_flood_of_networks_shares_one_allowance_and_leaves_the_known_theirs() {
        let mut gate = Gate::new(SUBSCRIBER);
        let mut admit = |number: usize, now| match gate.ask(number, 1, now) {
            Ok((key, next)) => {
                gate.whole_again.insert(key, next);
                true
            }
            Err(_) => false,
        };
        assert!((1..=MOST).all(|number| admit(number, NOW)));
        let mut of = |number, now| (0..50).filter(|_| admit(number, now)).count();
        assert_eq!(of(MOST + 1, NOW), 20);
        assert_eq!(of(MOST + 2, NOW), 0, "they share it");
        assert_eq!(of(1, NOW), 19, "one that was known before");
        assert_eq!(of(MOST + 2, NOW.plus(100 * SUBSCRIBER.pace)), 20);
    }
}
