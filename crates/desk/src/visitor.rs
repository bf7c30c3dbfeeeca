//! Who sent a request, as far as it shows: part of the proof of consent, and what slows a crowd.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use reveille_model::{Network, Visit};

use crate::{Desk, PageError};

/// Longest `User-Agent` that is kept, in characters. Browsers send about 120, mail programs with their plug-ins up to
/// 400.
const LONGEST_AGENT: usize = 500;

/// Whoever sent the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visitor {
    /// Their network address.
    ///
    /// A peer on this machine, or in a network of trusted proxies, is the web server in front of these pages: it is believed
    /// when it says, in `X-Forwarded-For`, for whom it asks. Of that list only the last address was written by it, and is
    /// such a server itself or the visitor; those before the visitor are the claims of whoever is outside.
    pub(crate) address: IpAddr,
    /// What their program calls itself.
    pub(crate) agent: Option<String>,
}

impl Visitor {
    /// What the consent record keeps of their visit to the page at this path.
    pub(crate) fn visit(self, desk: &Desk, path: &str) -> Visit {
        Visit {
            address: self.address.to_string(),
            page: Some(desk.absolute(path)),
            agent: self.agent,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor
where
    Arc<Desk>: FromRef<S>,
{
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let desk = Arc::<Desk>::from_ref(state);
        let ConnectInfo(peer) = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .ok_or(PageError::Internal("the pages are served without connect info"))?;
        Ok(Self {
            address: origin(peer.ip(), &desk.proxies, &parts.headers),
            agent: agent(&parts.headers),
        })
    }
}

fn agent(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::USER_AGENT)?.as_bytes();
    Some(
        String::from_utf8_lossy(text)
            .chars()
            .take(LONGEST_AGENT)
            .collect(),
    )
}

fn origin(peer: IpAddr, proxies: &[Network], headers: &HeaderMap) -> IpAddr {
    let is_proxy =
        |address: IpAddr| address.is_loopback() || proxies.iter().any(|network| network.contains(address));
    let lists = headers.get_all("x-forwarded-for").iter().rev();
    let mut forwarded = lists.flat_map(|list| list.to_str().unwrap_or_default().rsplit(','));
    let mut visitor = peer.to_canonical();
    while is_proxy(visitor) {
        let Some(before) = forwarded.next().and_then(|text| address(text.trim())) else {
            break;
        };
        visitor = before;
    }
    visitor
}

/// An address as proxies write it, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    text.parse()
        .or_else(|_| text.parse().map(|socket: SocketAddr| socket.ip()))
        .ok()
        .map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> String {
        let proxies = ["10.1.0.0/16".parse().unwrap()];
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        origin(peer.parse().unwrap(), &proxies, &headers).to_string()
    }

    #[test]
    fn only_the_server_in_front_is_believed_and_only_for_what_it_saw_itself() {
        assert_eq!(seen("192.0.2.7", &[]), "192.0.2.7");
        assert_eq!(seen("192.0.2.7", &["198.51.100.1"]), "192.0.2.7");
        assert_eq!(seen("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("::1", &["203.0.113.9, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            seen("::ffff:127.0.0.1", &["203.0.113.9", "2001:db8::1"]),
            "2001:db8::1"
        );
        assert_eq!(seen("127.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(seen("127.0.0.1", &["unknown"]), "127.0.0.1");
        assert_eq!(seen("10.1.0.4", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen("10.2.0.4", &["198.51.100.1"]), "10.2.0.4");
        assert_eq!(
            seen("127.0.0.1", &["203.0.113.9, 198.51.100.1", "10.1.0.4"]),
            "198.51.100.1"
        );
    }
}
