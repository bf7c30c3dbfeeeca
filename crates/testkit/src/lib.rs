//! Test support: both databases with made-up rows, a fake clock, a fake web and a fake name server. Development only.
//!
//! A test that needs a store asks for [`databases`] and runs on each; where one cannot be had the test fails and
//! names the package that is missing. Being for tests, what is here panics where a test should fail.

#[cfg(feature = "databases")]
pub mod clock;
#[cfg(feature = "databases")]
mod databases;
#[cfg(feature = "names")]
pub mod names;
pub mod postgres;
#[cfg(feature = "databases")]
pub mod rows;
pub mod web;

#[cfg(feature = "databases")]
pub use databases::{Database, databases, postgres_database, sqlite_database};
