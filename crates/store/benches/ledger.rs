//! Who received it, who did not, and why, of a million readers: what `reveille delivery show` asks of the store.
//!
//! `cargo bench -p reveille-store --bench ledger` prints one line a question: database, what, milliseconds at best and
//! at worst of some turns. The rows are made up by SQL, since it is the reading that is measured.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails has no result to give"
)]

use std::time::{Duration, Instant};

use reveille_model::{DeliveryState, EditionId, IfUnknown, SubscriberId, UnixMillis};
use reveille_store::{
    Store,
    deliveries::{self, Which},
};
use reveille_testkit::postgres::{Durability, Server};

const TURNS: u32 = 20;

/// A million readers and deliveries of edition 2, of whom one in a hundred did not get it, ten thousand of edition 1, and
/// a million of edition 3, of whom each second one was put off.
const ROWS: [&str; 9] = [
    "insert into briefs (id, slug, brief, created_at) values (1, 'morning', '{}', 0)",
    "insert into editions (id, brief_id, day, state, edition, findings, compiled_at)
     values (1, 1, '2026-03-09', 'sent', '{}', '[]', 0), (2, 1, '2026-03-10', 'approved', '{}', '[]', 0),
       (3, 1, '2026-03-11', 'approved', '{}', '[]', 0)",
    "insert into subscribers (id, brief_id, email, email_key, zone, state, token, created_at)
     with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000000)
     select i, 1, 'reader' || i || '@example.org', 'reader' || i || '@example.org', 'UTC', 'active', i, 0 from n",
    "insert into deliveries (edition_id, subscriber_id, state, due_at, message_id, updated_at)
     select 1, id, 'sent', 0, id || '@brief.example', 0 from subscribers where id <= 10000",
    "insert into deliveries (edition_id, subscriber_id, state, due_at, message_id, updated_at, doubts, error)
     select 2, id,
       case id % 100 when 0 then case id % 300 when 0 then 'unknown' when 100 then 'refused' else 'failed' end
                     else 'sent' end,
       0, id || '@brief.example', 0, case id % 300 when 0 then 1 else 0 end, 'said no'
     from subscribers order by id",
    "insert into deliveries (edition_id, subscriber_id, state, due_at, message_id, updated_at, tries, error)
     select 3, id, 'queued', id, '', 0, id % 2,
       case id % 2 when 1 then 'mail.example.org:25 said: 451 4.3.' || (id % 5) || ' not now' end
     from subscribers order by id",
    // As mailing left them: each row was written anew some times.
    "update deliveries set reply = '250 2.0.0 accepted', attempts = 1 where id % 3 = 0",
    "insert into tallies (edition_id, planned, sent, refused, failed, unknown)
     select edition_id, count(*), count(case state when 'sent' then 1 end), count(case state when 'refused' then 1 end),
       count(case state when 'failed' then 1 end), count(case state when 'unknown' then 1 end)
     from deliveries group by edition_id",
    "analyze",
];

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&Durability::Full).unwrap();
    runtime.block_on(async {
        let path = folder.path().join("store");
        let store = opened(&format!("sqlite:{}", path.display())).await;
        let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
        for row in ROWS {
            sqlx::query(row).execute(&pool).await.unwrap();
        }
        ask("SQLite", &store).await;

        let store = opened(server.url()).await;
        let pool = sqlx::PgPool::connect(server.url()).await.unwrap();
        for row in ROWS {
            sqlx::query(row).execute(&pool).await.unwrap();
        }
        ask("PostgreSQL", &store).await;
    });
}

async fn opened(url: &str) -> Store {
    let store = Store::open(url).await.unwrap();
    store.migrate().await.unwrap();
    store
}

async fn ask(database: &str, store: &Store) {
    let edition = EditionId(2);
    time(database, "tally by state", async || {
        let tally = deliveries::tally(store, edition).await.unwrap();
        assert_eq!(
            (tally[&DeliveryState::Sent], tally[&DeliveryState::Refused]),
            (990_000, 3_334)
        );
    })
    .await;
    time(database, "how many were doubted", async || {
        assert_eq!(deliveries::doubted(store, edition).await.unwrap(), 3_333);
    })
    .await;
    for state in [
        DeliveryState::Sent,
        DeliveryState::Refused,
        DeliveryState::Unknown,
    ] {
        time(database, &format!("twenty that are {state}"), async || {
            let which = Which::In(state);
            assert_eq!(
                deliveries::list(store, edition, which, None, 20)
                    .await
                    .unwrap()
                    .len(),
                20
            );
        })
        .await;
    }
    time(database, "one reader's", async || {
        let which = Which::To(SubscriberId(777_777));
        assert_eq!(
            deliveries::list(store, edition, which, None, 20)
                .await
                .unwrap()
                .len(),
            1
        );
    })
    .await;
    let put_off = EditionId(3);
    time(database, "how many were put off", async || {
        let deferred = deliveries::deferred(store, put_off).await.unwrap();
        assert_eq!((deferred.is_more, deferred.given.len()), (true, 5));
    })
    .await;
    time(database, "how many were refused", async || {
        let refused = deliveries::refused(store, edition).await.unwrap();
        assert_eq!((refused.readers, refused.given.len()), (3_334, 1));
    })
    .await;
    time(database, "that none is unfit", async || {
        assert_eq!(deliveries::waiting(store, put_off).await.unwrap().readers, 0);
    })
    .await;
    time(database, "twenty that were put off", async || {
        let listed = deliveries::list(store, put_off, Which::Deferred, None, 20).await;
        assert_eq!(listed.unwrap().len(), 20);
    })
    .await;
    time(database, "that nobody was put off", async || {
        assert_eq!(deliveries::deferred(store, edition).await.unwrap().readers, 0);
    })
    .await;
    time(database, "when the next is due", async || {
        let next = deliveries::next_due(store, edition, IfUnknown::Hold, UnixMillis(0))
            .await
            .unwrap();
        assert_eq!(next, None);
    })
    .await;
}

async fn time(database: &str, what: &str, question: impl AsyncFn()) {
    let mut turns = Vec::new();
    for _ in 0..TURNS {
        let start = Instant::now();
        question().await;
        turns.push(start.elapsed());
    }
    let millis = |turn: Option<&Duration>| turn.map_or(0.0, |turn| turn.as_secs_f64() * 1e3);
    println!(
        "{database:<10} {what:<26} {:>8.2} ms at best {:>8.2} ms at worst",
        millis(turns.iter().min()),
        millis(turns.iter().max())
    );
}
