//! From what the client saw to what happened.

use std::{error::Error, io};

use crate::{FetchError, Limits, resolve::ResolveError};

/// Whom the client was speaking to.
pub(crate) struct Peer {
    pub(crate) host: String,
    /// The proxy through which it goes to the host.
    pub(crate) proxy: Option<String>,
}

/// Why no answer came.
pub(crate) fn of_request(error: reqwest::Error, peer: Peer, limits: &Limits) -> FetchError {
    if let Some(cause) = find::<rustls::Error>(&error) {
        return of_tls(cause, peer.host);
    }
    // Until there is a connection, it is the proxy's name and port that matter.
    let host = match peer.proxy {
        Some(proxy) if error.is_connect() => format!("the proxy {proxy}"),
        _ => peer.host,
    };
    if let Some(cause) = find::<ResolveError>(&error) {
        return match cause {
            ResolveError::NoSuchHost => FetchError::NoSuchHost { host },
            ResolveError::Closed(address) => FetchError::ClosedAddress {
                host,
                address: *address,
            },
            ResolveError::NoNameServer(_) => FetchError::NoNameServer {
                host,
                source: Box::new(error),
            },
        };
    }
    if error.is_timeout() && error.is_connect() {
        FetchError::SlowConnection {
            host,
            after: limits.connect,
        }
    } else if causes(&error)
        .filter_map(io_kind)
        .any(|kind| kind == io::ErrorKind::ConnectionRefused)
    {
        FetchError::Refused { host }
    } else if error.is_connect() {
        FetchError::NoConnection {
            host,
            source: Box::new(error),
        }
    } else if find::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse_too_large) {
        FetchError::LargeHeader { host }
    } else if causes(&error).any(is_break) {
        FetchError::Broken {
            source: Box::new(error),
        }
    } else {
        FetchError::NotHttp {
            host,
            source: Box::new(error),
        }
    }
}

/// Why a body did not come to its end.
pub(crate) fn of_body(error: reqwest::Error) -> FetchError {
    FetchError::Broken {
        source: Box::new(error),
    }
}

fn of_tls(cause: &rustls::Error, host: String) -> FetchError {
    use rustls::CertificateError as Fault;
    let rustls::Error::InvalidCertificate(fault) = cause else {
        return FetchError::Tls {
            host,
            reason: cause.to_string(),
        };
    };
    let reason = match fault {
        Fault::Expired | Fault::ExpiredContext { .. } => "it has expired".to_owned(),
        Fault::NotValidYet | Fault::NotValidYetContext { .. } => "it is not valid yet".to_owned(),
        Fault::Revoked => "it was revoked".to_owned(),
        Fault::UnknownIssuer => "nobody who is trusted issued it".to_owned(),
        Fault::NotValidForName | Fault::NotValidForNameContext { .. } => {
            "it was issued for another name".to_owned()
        }
        other => other.to_string(),
    };
    FetchError::Certificate { host, reason }
}

/// An error and all that caused it, outermost first.
///
/// `io::Error` passes over the error that it wraps when asked for its source, so that one is entered by hand.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    causes(error).find_map(|cause| cause.downcast_ref::<E>())
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    error.downcast_ref::<io::Error>().map(io::Error::kind)
}

/// Whether the other side went away in the middle.
fn is_break(error: &(dyn Error + 'static)) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};
    let by_http = error.downcast_ref::<hyper::Error>().is_some_and(|error| {
        error.is_incomplete_message() || error.is_closed() || error.is_body_write_aborted()
    });
    by_http
        || io_kind(error).is_some_and(|kind| {
            matches!(
                kind,
                BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof
            )
        })
}
