//! How many messages a second leave, with each one's way in the ledger on disk.
//!
//! `cargo bench -p reveille --bench delivery` runs the built binary's `edition send` against servers on loopback that
//! throw everything away. A line a run: server, database, connections, whether signed (RSA-2048 and Ed25519), messages a
//! second, and processor time for each message, the sender's whole life in it; on SQLite also how much of that is the store's,
//! most of it the ledger's. Beside it stands what Postfix's
//! `smtp-source` and `smtp-sink` (Debian's postfix) do on the same machine, which sign nothing and keep no ledger, and how many
//! messages all processors together could sign if they did nothing else. The last
//! lines say how soon after their hour readers have it (`hour`), what memory a million of them take, and how long others wait
//! while those are planned (`million`).
//! `REVEILLE_BIN=path` measures another binary, `REVEILLE_BENCH_ONLY=word` only lines that hold the word.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails has no result to give"
)]

#[path = "../../tests/e2e/mailing.rs"]
mod mailing;
mod plan;
mod processor;
mod signing;
mod sink;

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use mailing::Mailing;
use reveille_testkit::postgres::{self, Durability, Server};
use sink::Sink;
use tempfile::TempDir;

const READERS: u32 = 10_000;
/// They make a message of some 40 KB, as a full morning's.
const ENTRIES: usize = 40;

fn main() {
    let postgres = Server::start(&Durability::Full).unwrap();
    for sink in [Sink::postfix(), Ok(Sink::drain(Duration::ZERO))] {
        let Ok(sink) = sink else {
            println!("smtp-sink is missing: apt install postfix");
            continue;
        };
        for connections in [4, 16, 64] {
            reference(&sink, connections);
            measure(&sink, None, connections, false);
        }
        measure(&sink, Some(&postgres), 64, false);
        measure(&sink, None, 64, true);
    }
    sign_alone();
    println!("each answer after 10 ms:");
    measure(&Sink::drain(Duration::from_millis(10)), None, 50, false);
    println!("nodes of 4 connections, each answer after 10 ms:");
    for nodes in [1, 2, 4] {
        share(&Sink::drain(Duration::from_millis(10)), &postgres, nodes);
    }
    be_punctual(&Sink::drain(Duration::ZERO));
    send_a_million(&Sink::drain(Duration::ZERO));
    plan_a_million("SQLite", None);
    plan_a_million("PostgreSQL", Some(&postgres));
}

/// Whether the line that begins like this was asked for.
fn is_wanted(line: &str) -> bool {
    std::env::var("REVEILLE_BENCH_ONLY").map_or(true, |only| line.contains(&only))
}

/// Prints a line: how long its messages took, and what processor time.
fn report(line: &str, seconds: f64, spent: f64) {
    let rate = f64::from(READERS) / seconds;
    println!("{line} {rate:>7.0}/s {:>6.0} µs of processor each", each(spent));
}

/// Of seconds for all, the microseconds for each.
fn each(seconds: f64) -> f64 {
    seconds * 1e6 / f64::from(READERS)
}

fn reference(sink: &Sink, connections: usize) {
    let line = format!(
        "{:<10} smtp-source {connections:>3} connections         ",
        sink.name()
    );
    if !is_wanted(&line) {
        return;
    }
    if let Some((seconds, spent)) = sink.filled_by_postfix(READERS, connections) {
        report(&line, seconds, spent);
    }
}

fn measure(sink: &Sink, server: Option<&Server>, connections: usize, signed: bool) {
    let database = server.map_or("SQLite", |_| "PostgreSQL");
    let line = format!(
        "{:<10} {database:<11} {connections:>3} connections {}",
        sink.name(),
        if signed { "signed  " } else { "unsigned" }
    );
    if !is_wanted(&line) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let url = match server {
        Some(server) => postgres::create_database(server.url(), &format!("mail_{}", sink.port())).unwrap(),
        None => format!("sqlite:{}", folder.path().join("store").display()),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let size = (READERS, ENTRIES, connections);
    let mailing = runtime.block_on(Mailing::prepare(&url, sink.port(), size));
    let mut command = Command::new(binary());
    command.args(mailing.command(&["edition", "send"], 0));
    if signed {
        sign(&mut command);
    }
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let (start, spent) = (Instant::now(), processor::children_seconds());
    let mut sender = command.spawn().unwrap();
    let store = processor::seconds_of(&mut sender, "sqlx-sqlite");
    let said = sender.wait_with_output().unwrap();
    let (seconds, spent) = (
        start.elapsed().as_secs_f64(),
        processor::children_seconds() - spent,
    );
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains(&format!("{READERS} sent.")), "{said}");
    report(&line, seconds, spent);
    if server.is_none() {
        println!("{:<40} {:.1} µs of them in the store", "", each(store));
    }
}

/// Several nodes at one mailing: what one alone would take longer for.
fn share(sink: &Sink, server: &Server, nodes: u32) {
    let line = format!("{:<10} PostgreSQL  {nodes:>3} nodes                ", sink.name());
    if !is_wanted(&line) {
        return;
    }
    let url = postgres::create_database(server.url(), &format!("nodes_{}", sink.port())).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mailing = runtime.block_on(Mailing::prepare(&url, sink.port(), (READERS, ENTRIES, 4)));
    let node = |words: &[&str]| {
        let mut command = Command::new(binary());
        command.args(mailing.command(words, 0));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let (start, spent) = (Instant::now(), processor::children_seconds());
    let mut first = node(&["edition", "send"]);
    // So that it is the first, on most machines: whoever has the mailing has the others help.
    std::thread::sleep(Duration::from_millis(500));
    let mut helpers: Vec<_> = (1..nodes)
        .map(|_| node(&["serve", "--roles", "deliver"]))
        .collect();
    // It ends once nothing is due for it: at once where another node was earlier, else but for what the others have in hand.
    assert!(first.wait().unwrap().success());
    while sent(&mailing) < u64::from(READERS) {
        std::thread::sleep(Duration::from_millis(100));
    }
    let seconds = start.elapsed().as_secs_f64();
    for helper in &mut helpers {
        helper.kill().unwrap();
        helper.wait().unwrap();
    }
    report(&line, seconds, processor::children_seconds() - spent);
}

/// A node that waits for an hour at which many wake up: how long after it nearly all of them have the edition.
fn be_punctual(sink: &Sink) {
    const MANY: u32 = 50_000;
    let line = "SQLite, 16 connections, of 50,000 readers at one hour";
    if !is_wanted(line) {
        return;
    }
    let (_folder, mailing) = on_sqlite(sink, MANY);
    // A minute before the hour.
    let mut command = Command::new(binary());
    command.args(mailing.command(&["serve", "--roles", "deliver"], -1));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut node = command.spawn().unwrap();
    let hour = Instant::now() + Duration::from_secs(60);
    while sent(&mailing) < u64::from(MANY) * 99 / 100 {
        std::thread::sleep(Duration::from_millis(500));
    }
    println!("{line} 99 % have it after {:.1} s", hour.elapsed().as_secs_f64());
    node.kill().unwrap();
    node.wait().unwrap();
}

/// A mailing to so many readers over 16 connections, and the folder of its store.
fn on_sqlite(sink: &Sink, readers: u32) -> (TempDir, Mailing) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("store").display());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mailing = runtime.block_on(Mailing::prepare(&url, sink.port(), (readers, ENTRIES, 16)));
    (folder, mailing)
}

/// How many readers have the edition.
fn sent(mailing: &Mailing) -> u64 {
    let words = ["delivery", "show", "--format", "json"];
    let mut command = Command::new(binary());
    let said = command.args(mailing.command(&words, 0)).output().unwrap();
    let shown: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    shown["tally"]["sent"].as_u64().unwrap_or(0)
}

/// The most memory that a mailing to a million readers takes.
fn send_a_million(sink: &Sink) {
    const MANY: u32 = 1_000_000;
    let line = "SQLite, 16 connections, a million readers";
    if !is_wanted(line) {
        return;
    }
    let (_folder, mailing) = on_sqlite(sink, MANY);
    let mut command = Command::new(binary());
    command.args(mailing.command(&["edition", "send"], 0));
    let start = Instant::now();
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut sender = command.spawn().unwrap();
    let mut most = 0;
    while sender.try_wait().unwrap().is_none() {
        most = most.max(processor::resident_kib(sender.id()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(sent(&mailing), u64::from(MANY));
    let (seconds, mib) = (start.elapsed().as_secs_f64(), most / 1024);
    println!("{line} {mib} MiB at most, {:.0}/s", f64::from(MANY) / seconds);
}

/// How long an edition takes to be planned for a million readers, and how long others wait for it meanwhile.
fn plan_a_million(database: &str, server: Option<&Server>) {
    let line = format!("{database}, a million readers to plan for");
    if !is_wanted(&line) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let url = match server {
        Some(server) => postgres::create_database(server.url(), "million").unwrap(),
        None => format!("sqlite:{}", folder.path().join("store").display()),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mailing = runtime.block_on(Mailing::prepare(&url, 9, (1_000_000, ENTRIES, 16)));
    let mut command = Command::new(binary());
    // Before any of it is due.
    command.args(mailing.command(&["serve", "--roles", "deliver"], -30));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut node = command.spawn().unwrap();
    let (took, longest) = runtime.block_on(plan::wait_for(&mailing));
    println!(
        "{line} {:.1} s, others wait {} ms at most",
        took.as_secs_f64(),
        longest.as_millis()
    );
    node.kill().unwrap();
    node.wait().unwrap();
    let mut command = Command::new(binary());
    command.args(mailing.command(&["edition", "forecast", "--day", "2026-03-10"], -1));
    let asked = Instant::now();
    let told = command.output().unwrap();
    assert!(
        told.status.success() && String::from_utf8_lossy(&told.stdout).contains("1000000 of 1000000"),
        "{told:?}"
    );
    println!(
        "{:<40} their forecast takes {} ms",
        "",
        asked.elapsed().as_millis()
    );
}

/// The program that is measured.
fn binary() -> String {
    std::env::var("REVEILLE_BIN").unwrap_or(env!("CARGO_BIN_EXE_reveille").to_owned())
}

/// What the machine could sign at best.
fn sign_alone() {
    let line = format!("{:<40}", "both signatures alone, all processors");
    if is_wanted(&line) {
        let rate = signing::messages_a_second(&key("rsa-2048"), &key("ed25519"));
        println!("{line} {rate:>7.0}/s");
    }
}

fn sign(command: &mut Command) {
    command
        .args(["--set", "mail.dkim.domain=example.org"])
        .env("REVEILLE__MAIL__DKIM__KEY_FILE", key("rsa-2048"))
        .env("REVEILLE__MAIL__DKIM__ED25519_KEY_FILE", key("ed25519"));
}

/// A key of the tests of signing.
fn key(kind: &str) -> PathBuf {
    let keys = Path::new(env!("CARGO_MANIFEST_DIR")).join("../mail/tests/dkim");
    keys.join(format!("{kind}.pkcs8.pem"))
}
