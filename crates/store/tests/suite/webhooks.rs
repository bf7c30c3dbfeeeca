//! What happens is told to whoever wants to hear of it.

use reveille_model::{ConsentKind, EditionState, Event};
use reveille_store::{
    Inserted, Tx,
    subscribers::{self, Erasure, SignUp},
    webhooks::{self, Call},
};
use reveille_testkit::{databases, rows};

use crate::fixture::{HOUR, MORNING, brief, consent, edition, new_subscriber};

async fn add(tx: &mut Tx, host: &str, events: &[Event]) {
    let url = format!("https://{host}/hook").parse().unwrap();
    let added = webhooks::insert(tx, &url, "whsec_c2VjcmV0", events, MORNING)
        .await
        .unwrap();
    assert!(matches!(added, Inserted::New(_)));
    let again = webhooks::insert(tx, &url, "other", &[], MORNING).await.unwrap();
    assert!(matches!(again, Inserted::Known(_)));
}

#[tokio::test]
async fn each_webhook_is_told_of_what_it_asked_for() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        add(&mut tx, "all.example", Event::ALL).await;
        add(&mut tx, "exits.example", &[Event::Unsubscribed, Event::Bounced]).await;
        let mut readers = Vec::new();
        for number in 1..=2 {
            let new = new_subscriber(morning, number, reveille_model::SubscriberState::Active);
            let SignUp::New(id) = subscribers::insert(&mut tx, &new).await.unwrap() else {
                panic!("they are new");
            };
            readers.push((id, new));
        }
        let left = consent(ConsentKind::Left, MORNING);
        for _ in 0..2 {
            subscribers::leave(&mut tx, &readers[0].1.token, &left)
                .await
                .unwrap();
            subscribers::bounced(&mut tx, readers[1].0, MORNING)
                .await
                .unwrap();
        }
        let sent = edition(&mut tx, morning, "2026-03-10").await;
        rows::bring_edition(&mut tx, sent, EditionState::Sent, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let due = webhooks::due(&db.store, MORNING.plus(HOUR), 100).await.unwrap();
        let of = |url: usize| -> Vec<Event> {
            let ids: Vec<_> = due.iter().map(|call| call.webhook).collect();
            let first = ids.iter().min().unwrap();
            let mine = due.iter().filter(|call| (call.webhook == *first) == (url == 0));
            mine.map(|call| call.event).collect()
        };
        use Event::{Bounced, EditionSent, Subscribed, Unsubscribed};
        assert_eq!(
            of(0),
            [Subscribed, Subscribed, Unsubscribed, Bounced, EditionSent],
            "{}",
            db.name
        );
        assert_eq!(of(1), [Unsubscribed, Bounced], "{}", db.name);

        let mut tx = db.store.begin().await.unwrap();
        let erasure = Erasure {
            email: &readers[0].1.email,
            secret: "s",
            now: MORNING,
        };
        subscribers::erase(&mut tx, &erasure).await.unwrap();
        tx.commit().await.unwrap();
        let due = webhooks::due(&db.store, MORNING.plus(HOUR), 100).await.unwrap();
        assert_eq!(due.len(), 4, "{}: of who was erased nothing is told", db.name);
    }
}

#[tokio::test]
async fn a_call_is_kept_until_it_is_taken_or_given_up() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        add(&mut tx, "all.example", &[Event::Subscribed]).await;
        for number in 1..=3 {
            let new = new_subscriber(morning, number, reveille_model::SubscriberState::Active);
            subscribers::insert(&mut tx, &new).await.unwrap();
        }
        tx.commit().await.unwrap();
        let now = MORNING.plus(HOUR);
        let due = webhooks::due(&db.store, now, 100).await.unwrap();
        let [taken, late, given_up]: [Call; 3] = due.try_into().unwrap();
        let mut tx = db.store.begin().await.unwrap();
        webhooks::taken(&mut tx, taken.id, now).await.unwrap();
        webhooks::put_off(&mut tx, late.id, "503", Some(now.plus(1)))
            .await
            .unwrap();
        webhooks::put_off(&mut tx, given_up.id, "410", None)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            webhooks::due(&db.store, now, 100).await.unwrap(),
            [],
            "{}",
            db.name
        );
        let due = webhooks::due(&db.store, now.plus(1), 100).await.unwrap();
        assert_eq!(
            due,
            [Call {
                tries: 1,
                ..late.clone()
            }],
            "{}",
            db.name
        );
        assert_eq!(webhooks::find_call(&db.store, taken.id).await.unwrap(), None);
        let health = webhooks::health(&db.store, late.webhook).await.unwrap();
        assert_eq!(
            (health.taken, health.waiting, health.given_up),
            (1, 1, 1),
            "{}",
            db.name
        );
        assert_eq!(health.error.as_deref(), Some("410"));
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(webhooks::purge(&mut tx, now).await.unwrap(), 2, "{}", db.name);
        let url = "https://all.example/hook".parse().unwrap();
        assert!(webhooks::delete(&mut tx, &url).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(
            webhooks::due(&db.store, now.plus(1), 100).await.unwrap(),
            [],
            "{}",
            db.name
        );
    }
}
