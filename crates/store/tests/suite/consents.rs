//! The proof that readers asked, and that it shows when somebody tampers with it.

use reveille_model::{ConsentKind, LinkPurpose, SubscriberId, SubscriberState};
use reveille_store::{
    Store, confirmations,
    consents::{self, Broken},
    subscribers,
};
use reveille_testkit::{Database, databases};

use crate::fixture::{MORNING, alter, brief, consent, new_subscriber, record, subscriber};

const DAY: i64 = 86_400_000;

/// A reader who was entered, and left.
async fn reader(db: &Database) -> SubscriberId {
    let mut tx = db.store.begin().await.unwrap();
    let morning = brief(&mut tx).await;
    let id = subscriber(&mut tx, morning, 1).await;
    let token = new_subscriber(morning, 1, SubscriberState::Active).token;
    for minute in 1..3 {
        let line = consent(ConsentKind::Mailed, MORNING.plus(minute));
        consents::insert(&mut tx, id, &line).await.unwrap();
    }
    let left = consent(ConsentKind::Left, MORNING.plus(9));
    subscribers::leave(&mut tx, &token, &left).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn verdict(store: &Store, id: SubscriberId) -> Result<(), Broken> {
    consents::find(store, id).await.unwrap().unwrap().verify()
}

#[tokio::test]
async fn a_record_is_whole_until_somebody_tampers_with_it() {
    let tampered = [
        (
            "update consents set line = replace(line, 'brief', 'thief') where kind = 'asked'",
            Broken::Line(1),
        ),
        (
            "update consents set seal = '' where kind = 'left'",
            Broken::Line(4),
        ),
        (
            "delete from consents where id = (select min(id) from consents where kind = 'mailed')",
            Broken::Line(2),
        ),
        (
            "delete from consents where id = (select max(id) from consents)",
            Broken::End,
        ),
        ("delete from consents", Broken::Empty),
    ];
    for (act, fault) in tampered {
        for db in databases().await {
            let id = reader(&db).await;
            assert_eq!(verdict(&db.store, id).await, Ok(()), "{}", db.name);
            alter(&db.url, act).await;
            assert_eq!(verdict(&db.store, id).await, Err(fault), "{}: {act}", db.name);
        }
    }
}

#[tokio::test]
async fn lines_from_before_seals_stand_at_the_start_only() {
    for db in databases().await {
        let id = reader(&db).await;
        alter(&db.url, "update consents set seal = ''").await;
        assert_eq!(verdict(&db.store, id).await, Err(Broken::End), "{}", db.name);
        alter(&db.url, "update subscribers set consent_seal = ''").await;
        let found = consents::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!((found.verify(), found.unsealed()), (Ok(()), 4), "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        let again = consent(ConsentKind::Asked, MORNING.plus(20));
        consents::insert(&mut tx, id, &again).await.unwrap();
        tx.commit().await.unwrap();
        let found = consents::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!((found.verify(), found.unsealed()), (Ok(()), 4), "{}", db.name);
        assert_eq!(record(&db.store, id).await.last(), Some(&again));
    }
}

#[tokio::test]
async fn records_are_listed_reader_by_reader() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let mut ids = Vec::new();
        for number in 1..=3 {
            ids.push(subscriber(&mut tx, morning, number).await);
        }
        tx.commit().await.unwrap();
        let page = consents::list(&db.store, SubscriberId(0), 2).await.unwrap();
        assert_eq!(
            page.iter().map(|r| r.subscriber).collect::<Vec<_>>(),
            ids[..2],
            "{}",
            db.name
        );
        assert!(
            page.iter()
                .all(|record| record.lines.len() == 1 && record.verify().is_ok())
        );
        let rest = consents::list(&db.store, ids[1], 2).await.unwrap();
        assert_eq!(
            rest.iter().map(|r| r.subscriber).collect::<Vec<_>>(),
            ids[2..],
            "{}",
            db.name
        );
        assert_eq!(consents::find(&db.store, SubscriberId(99)).await.unwrap(), None);
        let found = consents::of_each(&db.store, &[ids[0], SubscriberId(99)]).await;
        let expected = [(ids[0], record(&db.store, ids[0]).await)].into();
        assert_eq!(found.unwrap(), expected, "{}", db.name);
    }
}

#[tokio::test]
async fn a_link_confirms_for_two_weeks() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let id = subscriber(&mut tx, morning, 1).await;
        confirmations::insert(&mut tx, id, LinkPurpose::Confirm, "old", MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let link = confirmations::find(&db.store, "old").await.unwrap().unwrap();
        assert!(link.is_good(MORNING.plus(13 * DAY)) && !link.is_good(MORNING.plus(14 * DAY)));
        let mut tx = db.store.begin().await.unwrap();
        let late = consent(ConsentKind::Confirmed, MORNING.plus(14 * DAY));
        assert_eq!(
            subscribers::confirm(&mut tx, "old", &late).await.unwrap(),
            None,
            "{}",
            db.name
        );
        // The next mail clears it away.
        confirmations::insert(&mut tx, id, LinkPurpose::Confirm, "new", late.at)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            confirmations::find(&db.store, "old").await.unwrap(),
            None,
            "{}",
            db.name
        );
        assert!(confirmations::find(&db.store, "new").await.unwrap().is_some());
    }
}
