//! How many conversations there are at the same time, and with whom.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Conversations at the same time.
const ALL: usize = 64;
/// Those of one client elsewhere: a mail host that has more to bring back comes again, and seven silent ones leave room for an
/// eighth.
const ONE: usize = 8;
/// Those of this machine, where one mail server may pass on what all the others bring. Postfix opens twenty.
const OWN: usize = 32;

/// The places, by client. Clones count together.
#[derive(Clone, Default)]
pub(super) struct Places(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A place, free again once this is dropped.
pub(super) struct Place {
    places: Places,
    client: IpAddr,
}

impl Places {
    /// A place for a client; `None` where they, or all together, have as many as there are.
    pub(super) fn take(&self, address: IpAddr) -> Option<Place> {
        let client = client(address);
        let most = if address.to_canonical().is_loopback() {
            OWN
        } else {
            ONE
        };
        let mut taken = self.taken();
        let all: usize = taken.values().sum();
        let own = taken.get(&client).copied().unwrap_or(0);
        if all >= ALL || own >= most {
            return None;
        }
        taken.insert(client, own + 1);
        Some(Place {
            places: self.clone(),
            client,
        })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        let left = taken.get(&self.client).map_or(0, |own| own - 1);
        match left {
            0 => taken.remove(&self.client),
            _ => taken.insert(self.client, left),
        };
    }
}

/// Who has an address: in IPv6 everybody has 2^64 of them, which begin alike (RFC 4291, section 2.5.4).
fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many places a client gets until it is told to come again, and those places.
    fn take_all(places: &Places, address: &str) -> Vec<Place> {
        std::iter::from_fn(|| places.take(address.parse().unwrap())).collect()
    }

    #[test]
    fn no_client_keeps_others_out() {
        let places = Places::default();
        let mut first = take_all(&places, "192.0.2.1");
        assert_eq!(first.len(), ONE);
        assert!(take_all(&places, "::ffff:192.0.2.1").is_empty(), "the same one");
        let second = take_all(&places, "2001:db8::1");
        assert_eq!(second.len(), ONE);
        assert!(take_all(&places, "2001:db8::f:2").is_empty(), "the same one");
        assert_eq!(take_all(&places, "2001:db8:0:1::1").len(), ONE);
        first.pop();
        assert_eq!(take_all(&places, "192.0.2.1").len(), 1);
        let own = take_all(&places, "127.0.0.1");
        assert_eq!(own.len(), OWN);
        drop((first, second, own));
        assert!(places.taken().is_empty());
    }

    #[test]
    fn there_are_so_many_places_and_no_more() {
        let places = Places::default();
        let taken: Vec<_> = (0..100)
            .flat_map(|host| take_all(&places, &format!("192.0.2.{host}")))
            .collect();
        assert_eq!(taken.len(), ALL);
    }
}
