//! The only crate that speaks SQL: SQLite and PostgreSQL behind one set of functions.
//!
//! A module per noun; reads take a [`Store`] or a [`View`] of it or of a transaction, writes a [`Tx`]. One SQL text in the subset that both databases
//! share stands beside its function; where they must differ is in [`jobs`] and [`deliveries`] (a claim's lock),
//! [`search`] (full text) and the module that opens them. No row and no error of a driver leaves this crate, and
//! it knows nothing of HTTP, mail or time: `now` is handed in.

mod counts;
mod db;
mod digest;
mod error;
mod many;
mod migrate;
mod outcome;
mod reader_filter;
mod reader_mail;
mod sql;
mod tally;

pub mod alerts;
pub mod answers;
pub mod articles;
pub mod audience;
pub mod briefs;
pub mod clicks;
pub mod confirmations;
pub mod consents;
pub mod deliveries;
pub mod editions;
pub mod event_sections;
pub mod figures;
pub mod files;
pub mod hubs;
pub mod items;
pub mod jobs;
pub mod mailboxes;
pub mod notices;
pub mod paces;
pub mod reader_tally;
pub mod returns;
pub mod rulings;
pub mod search;
pub mod secrets;
pub mod segments;
pub mod service_calls;
pub mod sessions;
pub mod sources;
pub mod stories;
pub mod subscribers;
pub mod suppressions;
pub mod tokens;
pub mod webhooks;

pub use db::{Store, Tx, View, shares_sessions};
pub use error::{Cause, StoreError};
pub use migrate::Schema;
pub use outcome::Inserted;
pub use reader_mail::ReaderMail;
pub use tally::{Tally, tally};
