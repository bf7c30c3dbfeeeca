//! What a thousand deaths cost: mailings whose sender is killed (`kill -9`) at random instants, again and again, and whose mail
//! server loses answers, until every reader has the edition.
//!
//! `cargo bench -p reveille --bench kills -- 1000` kills that often on each database and prints a line for each: how many
//! readers got nothing, how many were sent the edition twice, and how many the ledger lists as doubted. A reader who got
//! nothing, or was sent it twice without being listed, ends it with an error. A second line says the same of a mail server that
//! keeps each message and closes without an answer. `REVEILLE_BIN=path` has another binary killed.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails has no result to give"
)]

mod dots;
#[path = "../../tests/e2e/mailing.rs"]
mod mailing;

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use mailing::Mailing;
use reveille_mail::{
    catcher::{Act, Catcher, CatcherOptions, Fault},
    smtp::Phase,
};
use reveille_testkit::postgres::{self, Durability, Server};
use tokio::{net::TcpListener, runtime::Runtime};

const READERS: u32 = 1_000;
const CONNECTIONS: usize = 4;
/// Longer than leases and the pause before what is unknown goes out once more.
const STEP_MINUTES: i64 = 16;
/// The edition's, however long its mailing takes.
const DAY: &str = "2026-03-10";
/// A sender lives for so long at most, in milliseconds.
const LIFE: u64 = 300;
/// Answers that are lost in each mailing, once with the message and once without.
const LOST: u32 = 4;

/// What became of one mailing, or of several.
#[derive(Default)]
struct Count {
    mailings: u32,
    kills: u32,
    missing: u64,
    repeated: u64,
    doubted: u64,
}

fn main() {
    let wanted = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(20);
    let server = Server::start(&Durability::Full).unwrap();
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for (database, server) in [("SQLite", None), ("PostgreSQL", Some(&server))] {
        let mut all = Count::default();
        while all.kills < wanted {
            mail(&mut all, server, &mut chance);
        }
        println!(
            "{database:<10} {} kills in {} mailings to {READERS} readers over {CONNECTIONS} connections, {} answers lost: \
             {} got nothing, {} were sent it twice, {} are listed",
            all.kills,
            all.mailings,
            all.mailings * 2 * LOST,
            all.missing,
            all.repeated,
            all.doubted
        );
        let folder = tempfile::tempdir().unwrap();
        let lost = dots::lose(&url(server, folder.path(), "dots"));
        println!(
            "{database:<10} {}",
            lost.as_deref()
                .unwrap_or("smtp-sink is missing: apt install postfix")
        );
    }
}

/// Leads one mailing to its end through as many deaths as that takes.
fn mail(all: &mut Count, server: Option<&Server>, chance: &mut Chance) {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let catcher = runtime.block_on(catcher(folder.path()));
    let url = url(
        server,
        folder.path(),
        &format!("kills_{}", catcher.address().port()),
    );
    let size = (READERS, 3, CONNECTIONS);
    let mailing = runtime.block_on(Mailing::prepare(&url, catcher.address().port(), size));
    let mut minute = 0;
    let mut kills = 0;
    let shown = loop {
        if is_killed(
            start(&mailing, &["edition", "send", "--day", DAY], minute),
            chance,
        ) {
            kills += 1;
        } else {
            let shown = show(&mailing, minute);
            if shown["tally"]["sent"] == READERS {
                break shown;
            }
            // What was doubted twice waits for the operator.
            start(&mailing, &["delivery", "resend", "--day", DAY], minute)
                .wait()
                .unwrap();
        }
        minute += STEP_MINUTES;
    };
    let doubts = shown["deliveries"].as_array().unwrap().iter();
    let doubts: u64 = doubts.map(|row| row["doubts"].as_u64().unwrap()).sum();
    let repeated = catcher.tally().repeated;
    let most = u64::from(kills) * CONNECTIONS as u64 + u64::from(LOST);
    assert!(repeated <= most, "{repeated} repeats after {kills} kills");
    assert!(
        repeated <= doubts,
        "{repeated} repeats, of which {doubts} are listed"
    );
    let missing = u64::from(READERS) - mailboxes(&folder.path().join("mailbox"));
    assert_eq!(missing, 0, "so many got nothing");
    all.mailings += 1;
    all.kills += kills;
    all.missing += missing;
    all.repeated += repeated;
    all.doubted += shown["doubted"].as_u64().unwrap();
    if server.is_some() {
        postgres::drop_database(&url);
    }
}

/// A store of its own.
fn url(server: Option<&Server>, folder: &Path, name: &str) -> String {
    match server {
        Some(server) => postgres::create_database(server.url(), name).unwrap(),
        None => format!("sqlite:{}", folder.join("store").display()),
    }
}

async fn catcher(folder: &Path) -> Catcher {
    let lost = |act| Fault {
        at: Phase::AfterData,
        recipient: None,
        times: LOST,
        act,
    };
    let options = CatcherOptions {
        faults: vec![lost(Act::StoreThenDrop), lost(Act::Drop)],
        ..CatcherOptions::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Catcher::start(listener, &folder.join("mailbox"), options).unwrap()
}

fn start(mailing: &Mailing, words: &[&str], minute: i64) -> Child {
    let binary = std::env::var("REVEILLE_BIN").unwrap_or(env!("CARGO_BIN_EXE_reveille").to_owned());
    let mut command = Command::new(binary);
    command.args(mailing.command(words, minute));
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Kills a sender some time after its start, unless it has ended before.
fn is_killed(mut sender: Child, chance: &mut Chance) -> bool {
    for _ in 0..chance.below(LIFE) {
        if sender.try_wait().unwrap().is_some() {
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
    sender.kill().unwrap();
    !sender.wait().unwrap().success()
}

fn show(mailing: &Mailing, minute: i64) -> serde_json::Value {
    let words = [
        "delivery",
        "show",
        "--day",
        DAY,
        "--doubted",
        "--limit",
        "1000",
        "--format",
        "json",
    ];
    let said = start(mailing, &words, minute).wait_with_output().unwrap();
    serde_json::from_slice(&said.stdout).unwrap()
}

/// How many mailboxes hold the message; the catcher keeps no repeat.
fn mailboxes(folder: &Path) -> u64 {
    let has_message = |dir: &Path| {
        let mut files = fs::read_dir(dir).unwrap().map(|file| file.unwrap().path());
        files.any(|file| file.extension().is_some_and(|extension| extension == "eml"))
    };
    let dirs = fs::read_dir(folder).unwrap().map(|dir| dir.unwrap().path());
    dirs.filter(|dir| dir.is_dir() && has_message(dir)).count() as u64
}

/// A sequence without a pattern, the same on every run (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
