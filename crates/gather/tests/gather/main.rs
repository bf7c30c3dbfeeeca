//! The gatherer against a real server on loopback that behaves as badly as the web does.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod certificates;
mod credentials;
mod documents;
mod failures;
mod guard;
mod limits;
mod manners;
mod posts;
mod robots;
mod server;
