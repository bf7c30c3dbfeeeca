//! The only HTTP client: everything that Reveille reads from the web comes through [`Gatherer::fetch`].
//!
//! A fetch obeys limits of size and time, keeps a polite pace towards each host, asks `robots.txt` before it reads a
//! page, sends conditional requests, and checks every address it is about to connect to, so that no feed and no
//! redirect can make it read from the machine or the network that it runs in.
//!
//! It must not interpret what it fetched, store anything, or decide when to try again: a failure is a [`FetchError`]
//! that says what happened in words for a person and answers the questions that a schedule asks.
//!
//! A rustls crypto provider must be installed in the process before [`Gatherer::new`].

mod body;
mod cause;
mod client;
mod document;
mod error;
mod fetch;
mod header;
mod kept;
mod lane;
mod link;
mod network;
mod options;
mod redirect;
mod resolve;
mod robots;
mod rules;
mod unpack;
pub mod warc;

pub use document::{Accept, Document, Fetched, Request, Unchanged};
pub use error::{FetchError, SetUpError};
pub use fetch::Gatherer;
pub use link::Link;
pub use network::is_public;
pub use options::{Limits, Options, Pace};
pub use resolve::Lookup;
pub use robots::Robots;
