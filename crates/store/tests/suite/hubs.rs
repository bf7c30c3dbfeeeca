//! Hubs, from the feed that names one to the source that is asked sooner.

use reveille_model::{Outcome, SourceId, SourceState};
use reveille_store::{
    Store,
    hubs::{self, NewHub},
    sources::{self, FetchSuccess},
};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MINUTE, MORNING, source};

fn named(source: SourceId, hub: &str, token: &str) -> NewHub {
    NewHub {
        source,
        url: hub.parse().unwrap(),
        topic: "https://herald.example/feed".parse().unwrap(),
        token: token.to_owned(),
        secret: format!("secret of {token}"),
    }
}

async fn keep(store: &Store, new: &NewHub) {
    let mut tx = store.begin().await.unwrap();
    hubs::keep(&mut tx, new, MORNING).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_hub_keeps_what_it_agreed_to_until_the_feed_names_another() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let id = source(&mut tx, "herald").await;
        tx.commit().await.unwrap();
        keep(&db.store, &named(id, "https://hub.example/", "t1")).await;
        let due = hubs::due(&db.store, MORNING, 9).await.unwrap();
        assert_eq!(
            due.iter().map(|hub| hub.source).collect::<Vec<_>>(),
            [id],
            "{}",
            db.name
        );

        let mut tx = db.store.begin().await.unwrap();
        hubs::asked(&mut tx, id, MORNING.plus(HOUR)).await.unwrap();
        hubs::refused(&mut tx, id, "busy").await.unwrap();
        tx.commit().await.unwrap();
        assert!(hubs::due(&db.store, MORNING, 9).await.unwrap().is_empty());
        let found = hubs::find_by_token(&db.store, "t1").await.unwrap().unwrap();
        assert_eq!(
            (found.lease_until, found.last_error.as_deref()),
            (None, Some("busy"))
        );

        let mut tx = db.store.begin().await.unwrap();
        hubs::agreed(&mut tx, id, MORNING.plus(9 * HOUR), MORNING.plus(6 * HOUR))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        // The feed goes on naming it, and each visit draws tokens afresh.
        keep(&db.store, &named(id, "https://hub.example/", "t2")).await;
        let found = hubs::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(
            (found.token.as_str(), found.secret.as_str()),
            ("t1", "secret of t1")
        );
        assert_eq!(
            (found.lease_until, found.last_error),
            (Some(MORNING.plus(9 * HOUR)), None)
        );
        assert_eq!(
            hubs::due(&db.store, MORNING.plus(6 * HOUR), 9)
                .await
                .unwrap()
                .len(),
            1
        );

        keep(&db.store, &named(id, "https://other.example/", "t3")).await;
        let found = hubs::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!((found.token.as_str(), found.lease_until), ("t3", None));
        let mut tx = db.store.begin().await.unwrap();
        sources::set_state(&mut tx, id, SourceState::Paused)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(
            hubs::due(&db.store, MORNING.plus(6 * HOUR), 9)
                .await
                .unwrap()
                .is_empty()
        );
        let mut tx = db.store.begin().await.unwrap();
        hubs::forget(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            hubs::find_by_token(&db.store, "t3")
                .await
                .unwrap()
                .map(|hub| hub.token),
            None
        );
    }
}

#[tokio::test]
async fn word_of_news_brings_the_next_visit_forward_but_not_too_soon_after_the_last() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let (id, failing) = (source(&mut tx, "herald").await, source(&mut tx, "failing").await);
        let polling = reveille_model::Polling::default().learn(Outcome::found(1), MORNING);
        let later = MORNING.plus(HOUR);
        let success = FetchSuccess::default();
        sources::fetched(&mut tx, id, &success, &polling, later, MORNING)
            .await
            .unwrap();
        let bad = polling.learn(Outcome::FAILED, MORNING);
        sources::failed(&mut tx, failing, "no answer", &bad, later, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for (told, due) in [(10_000, MINUTE), (20_000, MINUTE), (30 * MINUTE, MINUTE)] {
            let mut tx = db.store.begin().await.unwrap();
            for id in [id, failing] {
                sources::hasten(&mut tx, id, MINUTE, MORNING.plus(told))
                    .await
                    .unwrap();
            }
            tx.commit().await.unwrap();
            let found = sources::find(&db.store, id).await.unwrap().unwrap();
            assert_eq!(found.next_fetch_at, MORNING.plus(due), "{}: {told}", db.name);
        }
        let found = sources::find(&db.store, failing).await.unwrap().unwrap();
        assert_eq!(found.next_fetch_at, later, "{}", db.name);
    }
}
