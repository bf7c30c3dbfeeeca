//! MIME, DKIM and the SMTP client, and the catcher that demos and tests deliver to.
//!
//! A message takes one road: [`build`] makes its bytes, [`dkim`] signs them, and [`smtp`] or [`folder`] hands
//! them over; [`relay_log`] tells what a mail server took without saying so. [`catcher`] is the other end of that road on
//! loopback. What comes back is taken by [`receiver`], or told by a mail
//! service in a [`webhook`], and read by [`bounce`]; [`imap`], [`letter`] and [`tracker`] read the
//! newsletters of others. [`records`] reads what domains say of their mail in the DNS.
//!
//! This crate knows nothing of editions, subscribers or tables, and decides nothing about retries: an
//! [`smtp::SmtpError`] says in which phase it failed and whether the server can have accepted the message, and
//! the caller draws the conclusion. It reads no clock and draws no random numbers.

mod account;
mod body;
pub mod bounce;
pub mod catcher;
pub mod dkim;
pub mod folder;
mod header;
pub mod imap;
pub mod letter;
mod message;
mod quoted;
pub mod receiver;
pub mod records;
pub mod relay_log;
pub mod smtp;
mod tls;
pub mod tracker;
pub mod webhook;
mod wire;

pub use account::{Account, Proof};
pub use body::Body;
pub use message::{AutoSubmitted, Message, build, build_signed};
