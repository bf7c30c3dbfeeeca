//! Commands that are stopped while they run jobs give these back at once.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use reveille_model::EditionId;
use reveille_store::{
    Store, editions,
    jobs::{self, NewJob},
};
use reveille_testkit::postgres;
use tokio::runtime::Runtime;

use crate::{
    mailing::{MORNING, Mailing},
    program::{Folder, Running, Said},
};

/// How many jobs that amend editions are in this state.
async fn amending(store: &Store, state: &str) -> u64 {
    let counts = jobs::count(store).await.unwrap();
    let counts = counts.get("amend_editions").and_then(|states| states.get(state));
    counts.copied().unwrap_or(0)
}

/// Runs a command whose job waits for an edition that we hold, and interrupts it there.
async fn interrupted(store: &Store, folder: &Folder, words: &[String]) -> Said {
    let mut tx = store.begin().await.unwrap();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut command = folder.command(&words);
    let mut program = Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()));
    let since = Instant::now();
    loop {
        // Each time anew: PostgreSQL ends a transaction that does nothing for long.
        editions::hold(&mut tx, EditionId(1)).await.unwrap();
        if amending(store, "running").await == 1 {
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(60), "{words:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    program.signal("-INT");
    let said = program.said();
    assert_eq!(amending(store, "running").await, 0, "{words:?}: {}", said.err);
    assert_eq!(amending(store, "ready").await, 1, "{words:?}: {}", said.err);
    said
}

/// Interrupts a command on PostgreSQL at its first job, which amends the editions of an article, and has it go on.
fn interrupt(name: &str, words: &[&str], told: &str, is_waiting: bool) {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    folder.write(
        "empty.warc.gz",
        &reveille_gather::warc::info("a test", MORNING, 7).unwrap(),
    );
    let server = postgres::url().unwrap();
    let url = postgres::create_database(server, &format!("{name}_{}", std::process::id())).unwrap();
    let mailing = runtime.block_on(Mailing::prepare(&url, 1, (1, 1, 1)));
    let store = runtime.block_on(Store::open(&url)).unwrap();
    if is_waiting {
        runtime.block_on(insert_job(&store));
    }
    let said = runtime.block_on(interrupted(&store, &folder, &mailing.command(words, 0)));
    assert_eq!(said.code, Some(1), "{words:?}: {}", said.err);
    assert!(said.err.contains(told), "{words:?}: {}", said.err);
    // The clock of a rehearsal begins anew: an hour on, whatever it left is due.
    let again = mailing.command(words, 60);
    folder.ok(&again.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(runtime.block_on(amending(&store, "ready")), 0, "{words:?}");
    runtime.block_on(store.close());
    postgres::drop_database(&url);
}

async fn insert_job(store: &Store) {
    let job = NewJob {
        kind: "amend_editions",
        key: "1@1.standing".to_owned(),
        lane: String::new(),
        run_at: MORNING,
    };
    let mut tx = store.begin().await.unwrap();
    jobs::insert(&mut tx, &job, MORNING).await.unwrap();
    tx.commit().await.unwrap();
}

#[test]
fn a_reading_of_archives_gives_its_jobs_back() {
    let words = ["gather", "--warc", "empty.warc.gz"];
    interrupt("archives", &words, "what was read is kept", true);
}

#[test]
fn a_withdrawal_gives_its_jobs_back() {
    let words = ["articles", "withdraw", "1"];
    interrupt(
        "withdrawal",
        &words,
        "“A” is withdrawn, but it was stopped",
        false,
    );
}
