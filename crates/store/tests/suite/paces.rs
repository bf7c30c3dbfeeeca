//! The lines of receiving domains, by the clock of leases.

use reveille_store::{
    Store,
    paces::{self, Pace},
};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MORNING};

async fn hold(store: &Store, domain: &str, later: i64) -> Pace {
    let mut tx = store.begin().await.unwrap();
    let pace = paces::hold(&mut tx, domain, 5.0, MORNING.plus(later)).await;
    tx.commit().await.unwrap();
    pace.unwrap()
}

#[tokio::test]
async fn a_line_moves_by_the_time_that_has_passed() {
    for db in databases().await {
        let pace = |rate, calm, wait| Pace { rate, calm, wait };
        let new = pace(5.0, 0, 0);
        assert_eq!(hold(&db.store, "few.example", 0).await, new, "{}", db.name);
        assert_eq!(hold(&db.store, "b.example", 0).await, new, "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        let changed = paces::update(&mut tx, "few.example", pace(2.5, 100, 2_000), MORNING);
        changed.await.unwrap();
        tx.commit().await.unwrap();
        let later = hold(&db.store, "few.example", 3_000).await;
        assert_eq!(later, pace(2.5, 3_100, -1_000), "{}", db.name);
        let both = ["b.example", "few.example"];
        assert_eq!(paces::list(&db.store).await.unwrap(), both, "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        paces::delete(&mut tx, "b.example").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            paces::list(&db.store).await.unwrap(),
            ["few.example"],
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn on_postgresql_it_moves_by_the_databases_clock() {
    let db = reveille_testkit::postgres_database().await;
    let store = Store::open(&db.url).await.unwrap();
    hold(&store, "few.example", 0).await;
    let ahead = hold(&store, "few.example", HOUR).await;
    assert!(ahead.calm < HOUR && ahead.wait > -HOUR, "{ahead:?}");
}
