//! Very many readers: a list of a million brought in, and segments counted among five million, on both databases.
//!
//! `cargo bench -p reveille-store --bench readers` prints what each took. The list goes in as `reveille subscribers
//! import` gives it, chunk after chunk, where nobody is there yet; what that command adds is reading the file, at the
//! same time on another core. Of the five million the rows beyond the list are made up by SQL.

#![expect(
    clippy::unwrap_used,
    reason = "a measurement that fails has no result to give"
)]

use std::time::{Duration, Instant};

use reveille_model::{
    BriefId, Consent, ConsentKind, Country, Home, MailFormat, Means, Segment, UnixMillis, Zone,
};
use reveille_store::{
    Store, reader_tally, segments,
    subscribers::{self, Listed},
    suppressions,
};
use reveille_testkit::postgres::{Durability, Server};

const NOW: UnixMillis = UnixMillis(1_773_115_200_000);
const LISTED: u32 = 1_000_000;
/// As the command has it.
const CHUNK: u32 = 20_000;
const COUNTRIES: [&str; 8] = ["DE", "US", "FR", "GB", "BR", "JP", "AU", "IN"];
const COUNTS: u32 = 20;

const BRIEF: &str = "insert into briefs (id, slug, brief, created_at) values (1, 'morning', $1, 0)";
/// Readers of eight countries in 200 zones, who came over five years.
const MORE: [&str; 3] = [
    "insert into subscribers (brief_id, email, email_key, country, zone, state, token, created_at)
     with recursive n (i) as (select 1 union all select i + 1 from n where i < 4000000)
     select 1, 'more' || i || '@example.org', 'more' || i || '@example.org', 'C' || i % 8, 'Zone/' || i % 200, 'active',
       'more' || i, 1615420800000 + cast(i % 60 as bigint) * 2629800000 from n",
    "insert into reader_tally
     select brief_id, state, coalesce(country, ''), zone, '202' || (created_at / 31557600000 - 51) || '-0' || (1 + id % 9),
       count(*) from subscribers where email_key like 'more%' group by 1, 2, 3, 4, 5",
    "analyze",
];

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(&Durability::Full).unwrap();
    let brief = serde_json::json!({
        "slug": "morning", "name": "The Morning Brief", "description": "", "send_at": "06:00", "lead_minutes": 60,
        "zone": "UTC", "approval": "automatic", "top": 5, "sections": [], "consent": "Yes.",
    });
    let brief = brief.to_string();
    runtime.block_on(async {
        let path = folder.path().join("store");
        let store = opened(&format!("sqlite:{}", path.display())).await;
        let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
        sqlx::query(BRIEF).bind(&brief).execute(&pool).await.unwrap();
        import("SQLite", &store).await;
        for text in MORE {
            sqlx::query(text).execute(&pool).await.unwrap();
        }
        count("SQLite", &store).await;

        let store = opened(server.url()).await;
        let pool = sqlx::PgPool::connect(server.url()).await.unwrap();
        sqlx::query(BRIEF).bind(&brief).execute(&pool).await.unwrap();
        import("PostgreSQL", &store).await;
        for text in MORE {
            sqlx::query(text).execute(&pool).await.unwrap();
        }
        count("PostgreSQL", &store).await;
    });
}

async fn opened(url: &str) -> Store {
    let store = Store::open(url).await.unwrap();
    store.migrate().await.unwrap();
    store
}

async fn import(database: &str, store: &Store) {
    let consent = Consent {
        kind: ConsentKind::Entered,
        at: NOW,
        sentence: "Asked for it by letter.".to_owned(),
        means: Means::Editor,
    };
    let start = Instant::now();
    for first in (0..LISTED).step_by(CHUNK as usize) {
        let readers: Vec<Listed> = (first..first + CHUNK).map(listed).collect();
        let keys: Vec<String> = readers.iter().map(|reader| reader.email.key()).collect();
        let mut tx = store.begin().await.unwrap();
        suppressions::find_batch(&mut tx, &keys).await.unwrap();
        let added = subscribers::insert_batch(&mut tx, BriefId(1), &readers, &consent)
            .await
            .unwrap();
        assert_eq!(added.len(), readers.len());
        tx.commit().await.unwrap();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{database:<10} a list of {LISTED} readers brought in {seconds:>8.1} s");
}

fn listed(number: u32) -> Listed {
    // Spread over the index as random ones are.
    let spread = u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    Listed {
        email: format!("reader{}.{number}@host{}.example", spread >> 96, number % 300)
            .parse()
            .unwrap(),
        home: Home::of(COUNTRIES[number as usize % COUNTRIES.len()], None, &Zone::UTC),
        format: MailFormat::Html,
        token: format!("{spread:032x}"),
    }
}

async fn count(database: &str, store: &Store) {
    let mut tx = store.begin().await.unwrap();
    reader_tally::fold(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let of_germany = Segment {
        countries: vec!["DE".parse::<Country>().unwrap()],
        ..Segment::default()
    };
    for (what, segment, readers) in [
        ("all", Segment::default(), 5_000_000),
        ("one country", of_germany, 125_000),
    ] {
        let mut turns: Vec<Duration> = Vec::new();
        for _ in 0..COUNTS {
            let start = Instant::now();
            assert_eq!(segments::count(store, &segment).await.unwrap(), readers);
            turns.push(start.elapsed());
        }
        let millis = |turn: Option<&Duration>| turn.map_or(0.0, |turn| turn.as_secs_f64() * 1e3);
        println!(
            "{database:<10} a segment counted, {what:<12} {:>8.2} ms at best {:>8.2} ms at worst",
            millis(turns.iter().min()),
            millis(turns.iter().max())
        );
    }
}
