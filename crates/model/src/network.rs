//! Ranges of IP addresses.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// A range of IP addresses in CIDR notation (RFC 4632; RFC 4291, section 2.3): `127.0.0.0/8`, `fd00::/8`, or one
/// address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    first: IpAddr,
    prefix: u8,
}

/// A string that is no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a network (expected for example 10.0.0.0/8, ::1 or fd00::/8)")]
pub struct NetworkError(String);

impl Network {
    /// The IPv4 addresses that share the first `prefix` bits.
    #[must_use]
    pub const fn v4(first: [u8; 4], prefix: u8) -> Self {
        let first = IpAddr::V4(Ipv4Addr::from_octets(first));
        Self { first, prefix }
    }

    /// The IPv6 addresses that share the first `prefix` bits.
    #[must_use]
    pub const fn v6(first: [u16; 8], prefix: u8) -> Self {
        let first = IpAddr::V6(Ipv6Addr::from_segments(first));
        Self { first, prefix }
    }

    /// Whether the address lies in this range. An IPv4 address that is written as IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let shared = |bits: u32| u32::from(self.prefix).min(bits);
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                (first.to_bits() ^ address.to_bits()).leading_zeros() >= shared(32)
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                (first.to_bits() ^ address.to_bits()).leading_zeros() >= shared(128)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let text = text.trim();
        let (first, prefix) = match text.split_once('/') {
            Some((first, prefix)) => (first, Some(prefix)),
            None => (text, None),
        };
        let network = || {
            let first: IpAddr = first.parse().ok()?;
            let longest = if first.is_ipv4() { 32 } else { 128 };
            let prefix = prefix.map_or(Some(longest), |prefix| prefix.parse().ok())?;
            (prefix <= longest).then_some(Self { first, prefix })
        };
        network().ok_or_else(|| NetworkError(text.to_owned()))
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_and_written() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "::1/128", "fd00::/8"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        assert_eq!(
            "127.0.0.1".parse::<Network>().unwrap().to_string(),
            "127.0.0.1/32"
        );
        for bad in [
            "",
            "localhost",
            "10.0.0.0/33",
            "10.0.0/8",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/-1",
        ] {
            let error = bad.parse::<Network>().unwrap_err();
            assert!(error.to_string().contains("10.0.0.0/8"), "{bad}");
        }
    }
}
