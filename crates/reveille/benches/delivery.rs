//! How many messages a second leave, with each one's way in the ledger on disk.
//!
//! `cargo bench -p reveille --bench delivery` runs the built binary's `edition send` against the catcher on loopback,
//! which counts and throws away. A line a run: database, connections, messages, seconds, messages a second, and
//! processor time for each message, the binary's whole life in it. `REVEILLE_BIN=path` measures another binary.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails has no result to give"
)]

#[path = "../tests/e2e/mailing.rs"]
mod mailing;

use std::{
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use mailing::Mailing;
use reveille_mail::catcher::CatcherOptions;
use reveille_testkit::postgres::{Durability, Server};

const READERS: u32 = 5_000;
/// They make a message of some 40 KB, as a full morning's.
const ENTRIES: usize = 40;

fn main() {
    let server = Server::start(&Durability::Full).unwrap();
    for connections in [4, 16, 64] {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("store").display());
        measure("SQLite", &url, connections);
        let url = reveille_testkit::postgres::create_database(server.url(), &format!("mail_{connections}"));
        measure("PostgreSQL", &url.unwrap(), connections);
    }
}

fn measure(database: &str, url: &str, connections: usize) {
    // Like its mail server, another process than the sender's; here a thread of its own is near enough.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let options = CatcherOptions {
        discard: true,
        ..CatcherOptions::default()
    };
    let size = (READERS, ENTRIES, connections);
    let mailing = runtime.block_on(Mailing::prepare(url, Path::new("unused"), options, size));
    let binary = std::env::var("REVEILLE_BIN").unwrap_or(env!("CARGO_BIN_EXE_reveille").to_owned());
    let (start, spent) = (Instant::now(), children_seconds());
    let status = Command::new(binary)
        .args(mailing.command(&["edition", "send"], 0))
        .stdout(Stdio::null())
        .status()
        .unwrap();
    let (seconds, spent) = (start.elapsed().as_secs_f64(), children_seconds() - spent);
    assert!(status.success());
    let sent = mailing.catcher.tally().stored;
    assert_eq!(sent, u64::from(READERS));
    println!(
        "{database:<10} {connections:>3} connections {sent:>6} messages {seconds:>7.2} s {:>7.0}/s {:>6.0} µs of processor each",
        sent as f64 / seconds,
        spent * 1e6 / sent as f64
    );
}

/// Processor time of the children that have ended, of this process: user's and system's, which proc(5) counts in
/// hundredths of a second.
fn children_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks = fields
        .split(' ')
        .skip(13)
        .take(2)
        .map(|ticks| ticks.parse::<f64>().unwrap());
    ticks.sum::<f64>() / 100.0
}
