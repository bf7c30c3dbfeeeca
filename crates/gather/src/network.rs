//! Which IP addresses are the open web.

use std::net::{IpAddr, Ipv4Addr};

use reveille_model::Network;

/// IPv4 ranges that are not the open web: IANA IPv4 Special-Purpose Address Registry (RFC 6890), multicast
/// (RFC 5771) and the reserved end of the space (RFC 1112, section 4).
const CLOSED_V4: [Network; 15] = [
    Network::v4([0, 0, 0, 0], 8),
    Network::v4([10, 0, 0, 0], 8),
    Network::v4([100, 64, 0, 0], 10),
    Network::v4([127, 0, 0, 0], 8),
    Network::v4([169, 254, 0, 0], 16),
    Network::v4([172, 16, 0, 0], 12),
    Network::v4([192, 0, 0, 0], 24),
    Network::v4([192, 0, 2, 0], 24),
    Network::v4([192, 88, 99, 0], 24),
    Network::v4([192, 168, 0, 0], 16),
    Network::v4([198, 18, 0, 0], 15),
    Network::v4([198, 51, 100, 0], 24),
    Network::v4([203, 0, 113, 0], 24),
    Network::v4([224, 0, 0, 0], 4),
    Network::v4([240, 0, 0, 0], 4),
];

/// All of IPv6 that is given out to the open web (RFC 4291, section 2.4).
const GLOBAL_V6: Network = Network::v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What of it is not: protocol assignments with Teredo, and documentation (RFC 6890, RFC 9637).
const CLOSED_V6: [Network; 3] = [
    Network::v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    Network::v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32),
    Network::v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
];

/// Addresses that a gateway turns into an IPv4 address: NAT64 (RFC 6052) holds it at the end, 6to4 (RFC 3056) after
/// its first 16 bits.
const NAT64: Network = Network::v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);
const SIX_TO_FOUR: Network = Network::v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16);

/// Whether the address belongs to the open web: no loopback, private, link-local, multicast, unspecified,
/// documentation or reserved address, in whatever notation.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        address @ IpAddr::V4(_) => !CLOSED_V4.iter().any(|closed| closed.contains(address)),
        IpAddr::V6(v6) => {
            let address = IpAddr::V6(v6);
            let [_, b, c, .., y, z] = v6.segments();
            if NAT64.contains(address) {
                return is_public(embedded(y, z));
            }
            if SIX_TO_FOUR.contains(address) {
                return is_public(embedded(b, c));
            }
            GLOBAL_V6.contains(address) && !CLOSED_V6.iter().any(|closed| closed.contains(address))
        }
    }
}

fn embedded(high: u16, low: u16) -> IpAddr {
    IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
}

/// Which addresses may be connected to.
#[derive(Debug, Clone)]
pub(crate) struct Guard {
    allow: Vec<Network>,
}

impl Guard {
    pub(crate) fn new(allow: &[Network]) -> Self {
        Self {
            allow: allow.to_vec(),
        }
    }

    pub(crate) fn permits(&self, address: IpAddr) -> bool {
        is_public(address) || self.allow.iter().any(|network| network.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_the_open_web_is_public() {
        for closed in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "198.19.0.1",
            "203.0.113.9",
            "224.0.0.251",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::7f00:1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address(closed)), "{closed}");
        }
        for open in [
            "8.8.8.8",
            "172.15.255.255",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::",
            "2600::1",
        ] {
            assert!(is_public(address(open)), "{open}");
        }
    }

    #[test]
    fn an_operator_opens_a_network() {
        let guard = Guard::new(&["10.0.0.0/8".parse().unwrap(), "::1".parse().unwrap()]);
        assert!(guard.permits(address("10.9.9.9")) && guard.permits(address("::ffff:10.9.9.9")));
        assert!(guard.permits(address("::1")));
        assert!(!guard.permits(address("127.0.0.1")) && !guard.permits(address("::2")));
    }
}
