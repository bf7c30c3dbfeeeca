//! An SMTP client (RFC 5321) for handing messages to one mail server, several over one connection.
//!
//! It pipelines where the server lets it (RFC 2920), begins the next message with the end of the last one, and sends
//! without Nagle's delay, so a message of many costs one round trip. It never retries: the caller knows the delivery's state, this module only tells what became of it.

mod auth;
mod connection;
mod error;
mod extensions;
mod reply;
mod stuffing;
mod talk;

use std::time::Duration;

pub use connection::{Connection, Parcel};
pub use error::{Phase, SmtpError};
pub use reply::Reply;

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all: for a server on the same machine.
    None,
    /// By STARTTLS, which the server must then offer (RFC 3207). Usual on ports 587 and 25.
    StartTls,
    /// From the first byte (RFC 8314). Usual on port 465.
    Implicit,
}

/// The mail server and how to talk to it.
#[derive(Clone)]
pub struct Options {
    /// Host name or address; its certificate must name it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Encryption.
    pub tls: Tls,
    /// User name for AUTH; none, and the password is not used.
    pub user: Option<String>,
    /// Password for AUTH.
    pub password: Option<String>,
    /// The name we greet with: our own host name, or an address literal such as `[192.0.2.1]`.
    pub hello: String,
    /// The longest wait in any phase, below what [`Phase::timeout`] allows; `None` for those times themselves.
    pub timeout: Option<Duration>,
    /// Root certificates in PEM, trusted in place of the system's.
    pub root: Option<String>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            host,
            port,
            tls,
            user,
            ..
        } = self;
        write!(f, "Options({host}:{port}, {tls:?}, user {user:?})")
    }
}

/// The server has taken responsibility for the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Its answer, which often holds the name under which it queued the message.
    pub reply: String,
}
