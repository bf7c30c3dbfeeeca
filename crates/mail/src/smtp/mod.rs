//! An SMTP client (RFC 5321) for handing messages to one mail server, several over one connection.
//!
//! It pipelines where the server lets it (RFC 2920), begins the next message with the end of the last one, and sends
//! without Nagle's delay, so a message of many costs one round trip. Where the server offers it, the text goes in one chunk
//! (RFC 3030), and failures are asked to be told under the message's own name (RFC 3461). It never retries: the caller
//! knows the delivery's state, this module only tells what became of it.

mod auth;
mod blame;
mod connection;
mod dial;
mod error;
mod extensions;
mod reply;
mod talk;
mod text;

use std::time::Duration;

pub use blame::Blame;
pub use connection::{Connection, Parcel, Without};
pub use error::{Phase, SmtpError, Unfit};
pub use reply::Reply;
pub use text::Text;

use crate::Account;

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
    /// Who signs in; nobody where the server asks for no one.
    pub account: Option<Account>,
    /// The name we greet with: our own host name, or an address literal such as `[192.0.2.1]`.
    pub hello: String,
    /// The longest wait in any phase before the message's end, below what [`Phase::timeout`] allows; `None` for those times
    /// themselves.
    pub timeout: Option<Duration>,
    /// The same after it, where whoever gives up too soon sends the message twice (RFC 5321, section 4.5.3.2.6; RFC 1047).
    pub patience: Option<Duration>,
    /// Root certificates in PEM, trusted in place of the system's.
    pub root: Option<String>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            host,
            port,
            tls,
            account,
            ..
        } = self;
        let user = account.as_ref().map(|account| &account.user);
        write!(f, "Options({host}:{port}, {tls:?}, user {user:?})")
    }
}

/// The server has taken responsibility for the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Its answer, which often holds the name under which it queued the message.
    pub reply: String,
}
