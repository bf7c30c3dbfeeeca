//! What the store does in a second, on both databases, with every commit on disk.
//!
//! `cargo bench -p reveille-store` prints one line a measure: database, what, rows, seconds, rows a second.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails has no result to give"
)]

use std::time::Instant;

use reveille_model::{
    Approval, Brief, Consent, ConsentKind, Day, Edition, EditionId, Front, Home, IfUnknown, Language,
    MailFormat, Means, UnixMillis, Zone,
};
use reveille_store::{
    Store, briefs,
    deliveries::{self, Delivery, Leaving, Outcome, Readers},
    editions,
    jobs::{self, NewJob},
    subscribers::{self, Listed},
};
use reveille_testkit::postgres::{Durability, Server};

const NOW: UnixMillis = UnixMillis(1_773_115_200_000);
const LEASE: i64 = 60_000;
const QUEUED: usize = 10_000;
const WORKED: usize = 2_000;
const READERS: u32 = 100_000;
const CLAIM: u32 = 500;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&Durability::Full).unwrap();
    runtime.block_on(async {
        measure(
            "SQLite",
            &format!("sqlite:{}", folder.path().join("store").display()),
        )
        .await;
        measure("PostgreSQL", server.url()).await;
    });
}

async fn measure(database: &str, url: &str) {
    let store = Store::open(url).await.unwrap();
    store.migrate().await.unwrap();
    queue(database, &store, url).await;
    mailing(database, &store).await;
}

fn report(database: &str, what: &str, rows: usize, since: Instant) {
    let seconds = since.elapsed().as_secs_f64();
    println!(
        "{database:<10} {what:<42} {rows:>7} {seconds:>8.2} s {:>9.0}/s",
        rows as f64 / seconds
    );
}

async fn queue(database: &str, store: &Store, url: &str) {
    let new: Vec<_> = (0..QUEUED)
        .map(|n| NewJob {
            kind: "fetch",
            key: n.to_string(),
            lane: String::new(),
            run_at: NOW,
        })
        .collect();
    let start = Instant::now();
    let mut tx = store.begin().await.unwrap();
    jobs::insert_batch(&mut tx, &new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    report(database, "jobs inserted, one transaction", QUEUED, start);

    let start = Instant::now();
    let done = work(store.clone(), WORKED).await;
    report(database, "jobs claimed and finished, 1 worker", done, start);

    let start = Instant::now();
    let mut workers = Vec::new();
    for _ in 0..4 {
        workers.push(tokio::spawn(work(Store::open(url).await.unwrap(), WORKED / 2)));
    }
    let mut done = 0;
    for worker in workers {
        done += worker.await.unwrap();
    }
    report(database, "jobs claimed and finished, 4 nodes", done, start);
}

/// Claims and finishes so many jobs, each in its own two transactions as a worker does.
async fn work(store: Store, jobs: usize) -> usize {
    for _ in 0..jobs {
        let job = jobs::claim(&store, &["fetch"], &[], LEASE, NOW)
            .await
            .unwrap()
            .unwrap();
        let mut tx = store.begin().await.unwrap();
        assert!(jobs::finish(&mut tx, &job, NOW).await.unwrap());
        tx.commit().await.unwrap();
    }
    jobs
}

async fn mailing(database: &str, store: &Store) {
    let start = Instant::now();
    let mut tx = store.begin().await.unwrap();
    let brief = briefs::insert(&mut tx, &brief(), NOW).await.unwrap().id();
    editions::insert_draft(&mut tx, brief, &edition(), "[]")
        .await
        .unwrap();
    let consent = Consent {
        kind: ConsentKind::Entered,
        at: NOW,
        sentence: "Yes.".to_owned(),
        means: Means::Editor,
    };
    let listed = |number| Listed {
        email: format!("reader{number}@example.org").parse().unwrap(),
        home: Home::of("DE", None, &Zone::UTC),
        format: MailFormat::Html,
        token: format!("{number:032x}"),
    };
    let readers: Vec<_> = (0..READERS).map(listed).collect();
    let added = subscribers::insert_batch(&mut tx, brief, &readers, &consent)
        .await
        .unwrap();
    assert_eq!(added.len(), readers.len());
    tx.commit().await.unwrap();
    report(
        database,
        "subscribers added, one transaction",
        READERS as usize,
        start,
    );
    let edition = editions::latest(store, brief).await.unwrap().unwrap().id;

    let whole = Instant::now();
    let readers = Readers {
        brief,
        audience: None,
        zone: &Zone::UTC,
        after: None,
    };
    let mut tx = store.begin().await.unwrap();
    deliveries::plan_zone(&mut tx, edition, readers, u32::MAX, NOW.into(), NOW)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    report(database, "deliveries planned, one zone", READERS as usize, whole);

    let start = Instant::now();
    let sent = send_all(store, edition).await;
    report(database, "deliveries claimed, wired, sent, by 500", sent, start);
    report(database, "deliveries, all of it", sent, whole);
}

async fn send_all(store: &Store, edition: EditionId) -> usize {
    let mut sent = 0;
    loop {
        let batch = deliveries::claim(store, edition, IfUnknown::Resend, CLAIM, LEASE, NOW)
            .await
            .unwrap();
        if batch.is_empty() {
            return sent;
        }
        sent += batch.len();
        let claims: Vec<_> = batch.iter().map(|one| one.claim).collect();
        let name = |one: &Delivery| Leaving {
            claim: one.claim,
            message_id: format!("{:032x}@brief.example", one.subscriber.0),
            printed_at: NOW,
        };
        let leaving: Vec<_> = batch.iter().map(name).collect();
        let mut tx = store.begin().await.unwrap();
        deliveries::wire(&mut tx, edition, &leaving, NOW).await.unwrap();
        tx.commit().await.unwrap();
        let taken = |claim| (claim, Outcome::Sent("250 2.0.0 accepted".to_owned()));
        let outcomes: Vec<_> = claims.into_iter().map(taken).collect();
        let mut tx = store.begin().await.unwrap();
        deliveries::record(&mut tx, edition, &outcomes, NOW)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

fn brief() -> Brief {
    Brief {
        approval: Approval::Automatic,
        consent: "Yes.".to_owned(),
        ..Brief::named("morning".parse().unwrap(), "The Morning Brief")
    }
}

fn edition() -> Edition {
    Edition {
        changes: Vec::new(),
        dropped: Vec::new(),
        left_out: Vec::new(),
        corrections: Vec::new(),
        language: Language::english(),
        tips: None,
        front: Front::default(),
        slug: "morning".parse().unwrap(),
        name: "The Morning Brief".to_owned(),
        day: "2026-03-10".parse::<Day>().unwrap(),
        compiled: NOW,
        zone: None,
        edited: None,
        issue: None,
        revision: 0,
        sections: Vec::new(),
    }
}
