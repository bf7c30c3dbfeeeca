//! Slows a crowd of sign-ups from one network, so that the form cannot be used to send mail to many strangers.
//!
//! Kept in memory, by each node for itself: after a restart everybody starts anew, which a crowd cannot bring
//! about. What protects one stranger from many mails is the pause between two confirmations, kept in the store.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use reveille_model::UnixMillis;

/// So many sign-ups a network may make at once: an office in which a brief is recommended is no crowd.
const ALLOWANCE: i64 = 20;
/// Then one in so many milliseconds.
const PACE_MILLIS: i64 = 30_000;
/// Networks that are remembered; strangers beyond share one allowance. About 1 MB.
const MOST_NETWORKS: usize = 10_000;

/// For each network, when its allowance is whole again: the generic cell rate algorithm (ITU-T I.371, annex A).
#[derive(Debug, Default)]
pub(crate) struct Crowd(Mutex<HashMap<IpAddr, UnixMillis>>);

impl Crowd {
    /// Takes one from the allowance of a network.
    ///
    /// # Errors
    /// Where nothing is left of it: the milliseconds until it holds one again.
    pub(crate) fn admit(&self, from: IpAddr, now: UnixMillis) -> Result<(), i64> {
        let mut whole_again = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = network(from);
        if whole_again.len() >= MOST_NETWORKS && !whole_again.contains_key(&key) {
            whole_again.retain(|_, at| *at > now);
            if whole_again.len() >= MOST_NETWORKS {
                key = Ipv4Addr::UNSPECIFIED.into();
            }
        }
        let known = whole_again.get(&key).copied();
        let next = known.unwrap_or(now).max(now).plus(PACE_MILLIS);
        let wait = next.since(now) - ALLOWANCE * PACE_MILLIS;
        if wait > 0 {
            return Err(wait);
        }
        whole_again.insert(key, next);
        Ok(())
    }
}

/// What one subscriber of a network has: an address, or in IPv6 the /64 in which they choose addresses at will.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_773_115_200_000);

    fn admitted(crowd: &Crowd, from: &str, now: UnixMillis, tries: usize) -> usize {
        let from = from.parse().unwrap();
        (0..tries).filter(|_| crowd.admit(from, now).is_ok()).count()
    }

    #[test]
    fn a_network_has_an_allowance_that_fills_up_again() {
        let crowd = Crowd::default();
        assert_eq!(admitted(&crowd, "192.0.2.1", NOW, 50), 20);
        assert_eq!(crowd.admit("192.0.2.1".parse().unwrap(), NOW), Err(PACE_MILLIS));
        assert_eq!(
            admitted(&crowd, "192.0.2.2", NOW, 50),
            20,
            "another network's own"
        );
        assert_eq!(admitted(&crowd, "192.0.2.1", NOW.plus(PACE_MILLIS), 50), 1);
        assert_eq!(admitted(&crowd, "192.0.2.1", NOW.plus(100 * PACE_MILLIS), 50), 20);
    }

    #[test]
    fn an_ipv6_network_is_one_however_many_addresses_it_uses() {
        let crowd = Crowd::default();
        assert_eq!(admitted(&crowd, "2001:db8::1", NOW, 15), 15);
        assert_eq!(admitted(&crowd, "2001:db8::2:3", NOW, 15), 5);
        assert_eq!(admitted(&crowd, "2001:db8:0:1::1", NOW, 15), 15);
    }

    #[test]
    fn a_flood_of_networks_shares_one_allowance_and_leaves_the_known_theirs() {
        let crowd = Crowd::default();
        for number in 1..=u32::try_from(MOST_NETWORKS).unwrap() {
            crowd.admit(Ipv4Addr::from_bits(number).into(), NOW).unwrap();
        }
        assert_eq!(admitted(&crowd, "192.0.2.1", NOW, 15), 15);
        assert_eq!(admitted(&crowd, "198.51.100.1", NOW, 15), 5);
        assert_eq!(admitted(&crowd, "0.0.0.1", NOW, 50), 19);
        let later = NOW.plus(100 * PACE_MILLIS);
        assert_eq!(admitted(&crowd, "198.51.100.1", later, 50), 20);
    }
}
