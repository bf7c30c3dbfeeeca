//! Why a fetch failed, in words that an editor understands.

use std::{net::IpAddr, sync::Arc, time::Duration};

/// Why a document could not be had. Each variant reads as the second half of "The Herald's feed could not be read: …".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The name has no address.
    #[error("there is no such host as {host}")]
    NoSuchHost {
        /// The host.
        host: String,
    },
    /// Names cannot be looked up at present.
    #[error("the name servers did not answer when asked for {host}")]
    NoNameServer {
        /// The host.
        host: String,
        /// What the system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The address is not on the open web and no network in `Options.allow` holds it.
    #[error("{host} is not on the open web (its address is {address}), and that network is not allowed")]
    ClosedAddress {
        /// The host.
        host: String,
        /// Its address.
        address: IpAddr,
    },
    /// Nothing listens there.
    #[error("{host} refused the connection")]
    Refused {
        /// The host.
        host: String,
    },
    /// No connection for another reason.
    #[error("no connection to {host} could be made")]
    NoConnection {
        /// The host.
        host: String,
        /// What the system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The certificate does not prove that this is the host.
    #[error("the certificate is not valid for {host}: {reason}")]
    Certificate {
        /// The host.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Nobody is known by whom a certificate could have been issued.
    #[error(
        "{host} cannot be read safely: this machine knows no certificate authorities (package ca-certificates)"
    )]
    NoAuthorities {
        /// The host.
        host: String,
    },
    /// TLS failed otherwise.
    #[error("{host} and Reveille could not agree on an encrypted connection: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong.
        reason: String,
    },
    /// [`Limits::connect`](crate::Limits::connect) ran out.
    #[error("{host} did not accept a connection within {}", time(.after))]
    SlowConnection {
        /// The host.
        host: String,
        /// How long it was given.
        after: Duration,
    },
    /// [`Limits::header`](crate::Limits::header) ran out.
    #[error("the server did not answer within {}", time(.after))]
    NoAnswer {
        /// How long it was given.
        after: Duration,
    },
    /// Nothing of the body came in a whole [`Limits::trickle`](crate::Limits::trickle).
    #[error("the server sent nothing for {}", time(.after))]
    Stalled {
        /// How long it was given.
        after: Duration,
    },
    /// Less than [`Limits::trickle_bytes`](crate::Limits::trickle_bytes) came.
    #[error("the server sent only {bytes} bytes in {}", time(.after))]
    Trickle {
        /// How much came.
        bytes: usize,
        /// In what time.
        after: Duration,
    },
    /// [`Limits::total`](crate::Limits::total) ran out.
    #[error("the page had not come whole after {}", time(.after))]
    TooSlow {
        /// How long it was given.
        after: Duration,
    },
    /// More than [`Limits::body`](crate::Limits::body).
    #[error("the page is larger than {}", size(*.limit))]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The connection ended before the document did.
    #[error("the connection broke before the page was whole")]
    Broken {
        /// What the client saw.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The compressed body is damaged.
    #[error("the page came damaged: it could not be decompressed")]
    Damaged {
        /// What the client saw.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server does not speak HTTP as it should.
    #[error("{host} did not answer as a web server does")]
    NotHttp {
        /// The host.
        host: String,
        /// What the client saw.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The header is larger than the client takes: about 400 KB or 100 fields.
    #[error("the header of {host}'s answer is larger than any honest one")]
    LargeHeader {
        /// The host.
        host: String,
    },
    /// The host asked to be left alone, and that time is not over.
    #[error("{host} asked to be left alone for now (for another {} s)", .left.as_secs())]
    Resting {
        /// The host.
        host: String,
        /// For how long still.
        left: Duration,
    },
    /// The redirects came back to an address they had passed.
    #[error("the address redirects in a circle (back to {url})")]
    RedirectLoop {
        /// The address that came twice.
        url: String,
    },
    /// More than [`Limits::redirects`](crate::Limits::redirects).
    #[error("the address redirects more than {limit} times")]
    TooManyRedirects {
        /// The limit.
        limit: usize,
    },
    /// A redirect without an http or https address.
    #[error("the address redirects to `{location}`, which is not a web address")]
    BadRedirect {
        /// What the server named; empty where it named nothing.
        location: String,
    },
    /// `robots.txt` forbids it.
    #[error("{host} does not want machines to read this page (robots.txt)")]
    Robots {
        /// The host.
        host: String,
    },
    /// `robots.txt` could not be had, which forbids everything until it can (RFC 9309, section 2.3.1.4).
    #[error("the robots.txt of {host} could not be read ({why}), so its pages are left alone for now")]
    RobotsUnknown {
        /// The host.
        host: String,
        /// What happened; shared by all pages that waited for it.
        why: Arc<FetchError>,
    },
    /// A status that carries no document.
    #[error("{}", answered(*.status))]
    Status {
        /// The status.
        status: u16,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// Neither a page nor a feed.
    #[error("the address holds {media_type}, which is no text")]
    NotText {
        /// Type and subtype.
        media_type: String,
    },
}

impl FetchError {
    /// Whether the same request may well succeed later without anyone changing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::NoNameServer { .. }
            | Self::Refused { .. }
            | Self::NoConnection { .. }
            | Self::SlowConnection { .. }
            | Self::NoAnswer { .. }
            | Self::Stalled { .. }
            | Self::Trickle { .. }
            | Self::TooSlow { .. }
            | Self::Broken { .. }
            | Self::Damaged { .. }
            | Self::NotHttp { .. }
            | Self::Resting { .. } => true,
            Self::RobotsUnknown { why, .. } => why.is_transient(),
            Self::Status { status, .. } => {
                matches!(status, 408 | 421 | 425 | 429 | 500 | 502..=504 | 507 | 520..=530)
            }
            Self::NoSuchHost { .. }
            | Self::ClosedAddress { .. }
            | Self::Certificate { .. }
            | Self::NoAuthorities { .. }
            | Self::Tls { .. }
            | Self::TooLarge { .. }
            | Self::LargeHeader { .. }
            | Self::RedirectLoop { .. }
            | Self::TooManyRedirects { .. }
            | Self::BadRedirect { .. }
            | Self::Robots { .. }
            | Self::NotText { .. } => false,
        }
    }

    /// Whether the server says that the document is gone for good (410): never ask again.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Status { status: 410, .. })
    }

    /// Whether its host stands in a network that only an operator can open.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self, Self::ClosedAddress { .. })
    }

    /// Whether the host may well be there, and only not speak TLS at that port.
    #[must_use]
    pub fn is_without_tls(&self) -> bool {
        match self {
            Self::Refused { .. }
            | Self::NoConnection { .. }
            | Self::SlowConnection { .. }
            | Self::Tls { .. } => true,
            Self::RobotsUnknown { why, .. } => why.is_without_tls(),
            _ => false,
        }
    }

    /// Whether the document may not be read by a machine, whatever it holds.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        match self {
            Self::Robots { .. } | Self::ClosedAddress { .. } => true,
            Self::Status { status, .. } => matches!(status, 401..=403 | 451),
            Self::RobotsUnknown { why, .. } => why.is_forbidden(),
            _ => false,
        }
    }

    /// How long the server asked to be left alone, uncapped.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            Self::Resting { left, .. } => Some(*left),
            Self::RobotsUnknown { why, .. } => why.retry_after(),
            _ => None,
        }
    }

    /// The status, where the server answered with one that carries no document.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// Why no gatherer could be made: a matter of the configuration or the program, not of the web.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetUpError {
    /// The process has no TLS yet.
    #[error("no TLS provider is installed in this process")]
    NoTlsProvider,
    /// The contact cannot stand in a header.
    #[error("the contact `{0}` holds characters that no HTTP header may hold")]
    Contact(String),
    /// The proxy is no http address.
    #[error("the proxy `{0}` is not an http address such as http://proxy.example:3128")]
    Proxy(String),
    /// The authorities are no certificates.
    #[error("the certificate authorities cannot be read as PEM")]
    Authorities(#[source] reqwest::Error),
    /// The authorities are given, but empty.
    #[error("the certificate authorities hold no PEM certificate")]
    NoAuthorities,
    /// The client could not be made.
    #[error("the HTTP client could not be set up")]
    Client(#[source] reqwest::Error),
}

fn time(duration: &Duration) -> String {
    if duration.subsec_millis() == 0 {
        format!("{} s", duration.as_secs())
    } else {
        format!("{} ms", duration.as_millis())
    }
}

/// Bytes in the largest unit that says them exactly; configuration may be written in either kind.
fn size(bytes: usize) -> String {
    for (unit, name) in [
        (1 << 20, "MiB"),
        (1_000_000, "MB"),
        (1 << 10, "KiB"),
        (1_000, "kB"),
    ] {
        if bytes >= unit && bytes.is_multiple_of(unit) {
            return format!("{} {name}", bytes / unit);
        }
    }
    format!("{bytes} bytes")
}

/// The commonest statuses in words; the number stays for those who know it.
fn answered(status: u16) -> String {
    let words = match status {
        300..=399 => "the server points elsewhere without saying where",
        401 => "the server wants a user name and password",
        402 => "the server wants to be paid",
        403 => "the server refuses to give the page to Reveille",
        404 => "the server has no such page",
        410 => "the page is gone for good",
        429 => "the server was asked too often",
        451 => "the page is withheld for legal reasons",
        500..=502 | 504 => "the server has a fault",
        503 => "the server is overloaded or being mended",
        _ => "the server sent no page",
    };
    format!("{words} (status {status})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_named_in_round_words() {
        let large = |limit| FetchError::TooLarge { limit }.to_string();
        assert_eq!(large(8_000_000), "the page is larger than 8 MB");
        assert_eq!(large(1_500_000), "the page is larger than 1500 kB");
        assert_eq!(large(2_000), "the page is larger than 2 kB");
        assert_eq!(large(8 << 20), "the page is larger than 8 MiB");
        assert_eq!(large(1_234), "the page is larger than 1234 bytes");
        let stalled = |after| FetchError::Stalled { after }.to_string();
        assert_eq!(
            stalled(Duration::from_secs(10)),
            "the server sent nothing for 10 s"
        );
        assert_eq!(
            stalled(Duration::from_millis(250)),
            "the server sent nothing for 250 ms"
        );
    }

    #[test]
    fn a_schedule_learns_what_to_do_next() {
        let status = |status| FetchError::Status {
            status,
            retry_after: None,
        };
        for (code, transient, gone) in [
            (404, false, false),
            (410, false, true),
            (429, true, false),
            (503, true, false),
        ] {
            assert_eq!(
                (status(code).is_transient(), status(code).is_gone()),
                (transient, gone),
                "{code}"
            );
        }
        assert!(status(403).is_forbidden() && !status(404).is_forbidden());
    }
}
