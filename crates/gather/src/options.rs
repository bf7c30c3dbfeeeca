//! What an operator may set, with defaults that suit the open web.

use std::time::Duration;

use reveille_model::Network;
use url::Url;

use crate::Lookup;

/// How the gatherer presents itself, where it may go and what it puts up with.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A web or mail address at which the operator can be reached; sent with each request.
    pub contact: Option<String>,
    /// Networks that are fetched from although they are not public.
    pub allow: Vec<Network>,
    /// An HTTP proxy through which all goes except names under `localhost` and loopback addresses. Addresses written as
    /// numbers are checked here, and so are names that can be looked up here; the proxy looks them up again and should
    /// refuse private addresses itself.
    pub proxy: Option<Url>,
    /// How names are looked up; the system's way by default.
    pub lookup: Lookup,
    /// Certificates, in PEM, of authorities that are trusted besides the system's: an office's own, for example.
    pub authorities: Vec<u8>,
    /// What one fetch may cost.
    pub limits: Limits,
    /// How hosts are treated.
    pub pace: Pace,
}

/// What one fetch may cost. A fetch that would go beyond ends with an error and drops what it read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest time to a connection, TLS included.
    pub connect: Duration,
    /// Longest time from sending the request, connecting included, to the end of the header.
    pub header: Duration,
    /// Longest time on the network for the whole fetch, redirects included. Waiting for a host's turn does not count.
    pub total: Duration,
    /// The window in which at least `trickle_bytes` of the body must come.
    pub trickle: Duration,
    /// Fewest bytes of body, as sent, in each whole window of `trickle`.
    pub trickle_bytes: usize,
    /// Largest body in bytes, as sent and decompressed.
    pub body: usize,
    /// Most redirects that are followed.
    pub redirects: usize,
}

impl Default for Limits {
    /// Of 1,854 recorded news pages one in a hundred was above 1.04 MB and none above 1.81 MB; feeds that carry whole
    /// articles run to a few times that. The times are what a person would wait before calling a site down.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            header: Duration::from_secs(20),
            total: Duration::from_secs(60),
            trickle: Duration::from_secs(10),
            trickle_bytes: 1_000,
            body: 8_000_000,
            redirects: 8,
        }
    }
}

/// How one host is treated, whatever the scheme and port: it never sees two requests at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Shortest time from the start of one request to the start of the next.
    pub delay: Duration,
    /// The longest `Crawl-delay` that spaces requests; a longer one counts as this long. A `Retry-After` up to this
    /// is waited for; a longer one fails the fetch.
    pub longest_delay: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            delay: Duration::from_secs(1),
            longest_delay: Duration::from_secs(30),
        }
    }
}
