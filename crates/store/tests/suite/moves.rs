//! A reader's mails go to another address; what is on its way to them meanwhile, in `mailings.rs`.

mod mailings;

use reveille_model::{BriefId, ConsentKind, Home, MailFormat, SubscriberId, SubscriberState};
use reveille_store::{
    Tx, confirmations, consents, figures,
    subscribers::{self, NewSubscriber, SignUp, Subscriber},
};
use reveille_testkit::{Database, databases};

use crate::fixture::{HOUR, MINUTE, MORNING, brief, consent, new_subscriber, record};

async fn reader(tx: &mut Tx, brief: BriefId, number: u32, state: SubscriberState) -> SubscriberId {
    match subscribers::insert(tx, &new_subscriber(brief, number, state))
        .await
        .unwrap()
    {
        SignUp::New(id) => id,
        other @ SignUp::Known(..) => panic!("{other:?}"),
    }
}

async fn live_in(tx: &mut Tx, id: SubscriberId, zone: &str) {
    let home = Home::of("", None, &zone.parse().unwrap());
    subscribers::set_home(tx, id, &home, MORNING).await.unwrap();
}

/// One reader confirms by a link of that name that they take the place of the other.
async fn take_place(tx: &mut Tx, id: SubscriberId, of: SubscriberId, link: &str) -> Option<Subscriber> {
    confirmations::insert_move(tx, id, of, link, MORNING)
        .await
        .unwrap();
    let line = consent(ConsentKind::Confirmed, MORNING.plus(MINUTE));
    subscribers::confirm(tx, link, &line).await.unwrap()
}

async fn state(db: &Database, id: SubscriberId) -> (SubscriberState, Option<SubscriberId>) {
    let reader = subscribers::find(&db.store, id).await.unwrap().unwrap();
    (reader.state, reader.moved_to)
}

/// How many readers came in all months, and how many left.
async fn came_and_left(db: &Database, brief: BriefId) -> (u64, u64) {
    let months = figures::by_month(&db.store, brief).await.unwrap();
    let add = |of: fn(&figures::Figures) -> u64| months.values().map(of).sum();
    (add(|month| month.came), add(|month| month.left))
}

async fn leave(db: &Database, number: u32) {
    let mut tx = db.store.begin().await.unwrap();
    let line = consent(ConsentKind::Left, MORNING.plus(HOUR));
    subscribers::leave(&mut tx, &format!("{number:032x}"), &line)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn whoever_leaves_does_not_move_by_a_link_that_they_asked_for_before() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let old = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let new = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        confirmations::insert_move(&mut tx, new, old, "link", MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        leave(&db, 1).await;
        let mut tx = db.store.begin().await.unwrap();
        let late = consent(ConsentKind::Confirmed, MORNING.plus(2 * HOUR));
        let moved = subscribers::confirm(&mut tx, "link", &late).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(moved, None, "{}", db.name);
        assert_eq!(state(&db, new).await.0, SubscriberState::Pending, "{}", db.name);
    }
}

#[tokio::test]
async fn another_address_takes_a_readers_place_with_what_they_chose() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let old = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let new = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        let line = consent(ConsentKind::Changed, MORNING);
        subscribers::set_format(&mut tx, old, MailFormat::Text, &line)
            .await
            .unwrap();
        let until = "2026-04-01".parse().unwrap();
        assert!(subscribers::pause(&mut tx, old, until, &line).await.unwrap());
        // After the link was asked for, that is: the new reader was entered with the home of then.
        live_in(&mut tx, old, "Asia/Tokyo").await;
        let moved = take_place(&mut tx, new, old, "link").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(moved.home.zone.name(), "Asia/Tokyo", "{}", db.name);

        assert_eq!(
            came_and_left(&db, morning).await,
            (0, 0),
            "{}: a move is neither",
            db.name
        );
        assert_eq!(
            (moved.id, moved.state, moved.paused_until, moved.format),
            (new, SubscriberState::Paused, Some(until), MailFormat::Text),
            "{}",
            db.name
        );
        assert_eq!(
            state(&db, old).await,
            (SubscriberState::Left, Some(new)),
            "{}",
            db.name
        );
        let said = |lines: Vec<reveille_model::Consent>| -> Vec<_> {
            lines
                .into_iter()
                .map(|line| (line.kind, line.sentence))
                .collect::<Vec<_>>()
        };
        let gone = said(record(&db.store, old).await).pop().unwrap();
        let text = format!("goes on at another address, as reader {new}");
        assert_eq!(gone, (ConsentKind::Left, text));
        let here = said(record(&db.store, new).await);
        let text = format!("in place of reader {old}");
        assert_eq!(here[1].0, ConsentKind::Confirmed, "their own proof");
        assert_eq!(here[2], (ConsentKind::Changed, text), "{}", db.name);

        // The link is used up, and whoever left is no more in anybody's way.
        let mut tx = db.store.begin().await.unwrap();
        let again = consent(ConsentKind::Confirmed, MORNING.plus(HOUR));
        assert_eq!(subscribers::confirm(&mut tx, "link", &again).await.unwrap(), None);
        let third = reader(&mut tx, morning, 3, SubscriberState::Pending).await;
        let alone = take_place(&mut tx, third, old, "late").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            alone.state,
            SubscriberState::Active,
            "{}: as if signed up",
            db.name
        );
        assert_eq!(state(&db, old).await.1, Some(new));
        assert_eq!(record(&db.store, third).await.len(), 2);
        assert_eq!(came_and_left(&db, morning).await, (1, 0), "{}", db.name);
    }
}

#[tokio::test]
async fn the_links_of_every_earlier_address_end_the_mails() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let first = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let second = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        let third = reader(&mut tx, morning, 3, SubscriberState::Pending).await;
        take_place(&mut tx, second, first, "one").await.unwrap();
        take_place(&mut tx, third, second, "two").await.unwrap();
        tx.commit().await.unwrap();
        let now_at = |id| {
            let store = db.store.clone();
            async move {
                let reader = subscribers::find(&store, id).await.unwrap().unwrap();
                subscribers::successor(&store, reader).await.unwrap().id
            }
        };
        assert_eq!(now_at(first).await, third, "{}", db.name);

        // Back to where it began.
        let mut tx = db.store.begin().await.unwrap();
        let back = NewSubscriber {
            state: SubscriberState::Pending,
            ..new_subscriber(morning, 1, SubscriberState::Pending)
        };
        assert!(subscribers::sign_up_again(&mut tx, first, &back).await.unwrap());
        take_place(&mut tx, first, third, "three").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            state(&db, first).await,
            (SubscriberState::Active, None),
            "{}",
            db.name
        );
        for id in [first, second, third] {
            assert_eq!(now_at(id).await, first, "{}", db.name);
        }
        leave(&db, 2).await;
        for id in [first, second, third] {
            assert_eq!(state(&db, id).await.0, SubscriberState::Left, "{}", db.name);
            consents::find(&db.store, id)
                .await
                .unwrap()
                .unwrap()
                .verify()
                .unwrap();
        }
    }
}

#[tokio::test]
async fn who_only_asked_to_move_has_no_say_at_the_other_address() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let old = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let new = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        confirmations::insert_move(&mut tx, new, old, "link", MORNING)
            .await
            .unwrap();
        for (since, links) in [(MORNING, 1), (MORNING.plus(1), 0)] {
            assert_eq!(
                confirmations::count_moves(&mut tx, old, since).await.unwrap(),
                links
            );
        }
        confirmations::insert(&mut tx, new, reveille_model::LinkPurpose::Confirm, "own", MORNING)
            .await
            .unwrap();
        let line = consent(ConsentKind::Confirmed, MORNING);
        subscribers::confirm(&mut tx, "own", &line).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            state(&db, old).await,
            (SubscriberState::Active, None),
            "{}",
            db.name
        );
        leave(&db, 1).await;
        assert_eq!(state(&db, new).await.0, SubscriberState::Active, "{}", db.name);
    }
}
