//! Readers and the proof that they asked for it.

use reveille_model::{ConsentKind, LinkPurpose, MailFormat, SubscriberId, SubscriberState, Zone};
use reveille_store::{
    confirmations, consents, figures,
    subscribers::{self, AskLimit, Listed, NewSubscriber, SignUp},
};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MORNING, brief, consent, home, new_subscriber, record, subscriber, zone};

/// What a mailed link carries.
const LINK: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn a_reader_signs_up_confirms_leaves_and_comes_back() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let new = new_subscriber(morning, 1, SubscriberState::Pending);
        let SignUp::New(id) = subscribers::insert(&mut tx, &new).await.unwrap() else {
            panic!("{}: it was new", db.name);
        };
        let shouted = NewSubscriber {
            email: "READER1@example.org".parse().unwrap(),
            token: "f".repeat(32),
            ..new.clone()
        };
        let again = subscribers::insert(&mut tx, &shouted).await.unwrap();
        assert_eq!(again, SignUp::Known(id, SubscriberState::Pending), "{}", db.name);
        assert!(
            !subscribers::sign_up_again(&mut tx, id, &shouted).await.unwrap(),
            "{}",
            db.name
        );

        for link in [LINK, "unused"] {
            confirmations::insert(&mut tx, id, LinkPurpose::Confirm, link, MORNING)
                .await
                .unwrap();
        }
        let confirmed = consent(ConsentKind::Confirmed, MORNING.plus(1));
        let reader = subscribers::confirm(&mut tx, LINK, &confirmed).await.unwrap();
        let reader = reader.map(|reader| (reader.id, reader.state));
        assert_eq!(reader, Some((id, SubscriberState::Active)), "{}", db.name);
        let twice = subscribers::confirm(&mut tx, LINK, &confirmed).await.unwrap();
        assert_eq!(twice, None, "{}: a link is good once", db.name);
        let left = consent(ConsentKind::Left, MORNING.plus(2));
        for _ in 0..2 {
            let reader = subscribers::leave(&mut tx, &new.token, &left)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(reader.state, SubscriberState::Left, "{}", db.name);
        }
        for link in [LINK, "unused"] {
            let back = subscribers::confirm(&mut tx, link, &confirmed).await.unwrap();
            assert_eq!(back, None, "{}: an old link brings nobody back", db.name);
        }
        let anew = NewSubscriber {
            home: home("Japan"),
            consent: consent(ConsentKind::Asked, MORNING.plus(HOUR)),
            ..shouted
        };
        assert!(
            subscribers::sign_up_again(&mut tx, id, &anew).await.unwrap(),
            "{}",
            db.name
        );
        tx.commit().await.unwrap();

        let reader = subscribers::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(
            (reader.state, &reader.token),
            (SubscriberState::Pending, &new.token),
            "{}",
            db.name
        );
        assert_eq!(
            (reader.home.zone.name(), reader.email.as_str()),
            ("Asia/Tokyo", "READER1@example.org")
        );
        assert_eq!((reader.home, reader.created_at), (anew.home, MORNING));
        let record = record(&db.store, id).await;
        assert_eq!(
            record,
            [new.consent, confirmed, left, anew.consent],
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn readers_are_found_counted_and_listed_page_by_page() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let mut ids = Vec::new();
        for number in 1..=5 {
            let state = if number == 3 {
                SubscriberState::Pending
            } else {
                SubscriberState::Active
            };
            let mut new = new_subscriber(morning, number, state);
            if number == 5 {
                new.home = home("");
            }
            match subscribers::insert(&mut tx, &new).await.unwrap() {
                SignUp::New(id) => ids.push(id),
                other @ SignUp::Known(..) => panic!("{other:?}"),
            }
        }
        let back = consent(ConsentKind::Changed, MORNING);
        assert!(!subscribers::recover(&mut tx, ids[0], &back).await.unwrap());
        for _ in 0..2 {
            assert!(subscribers::bounced(&mut tx, ids[0], MORNING).await.unwrap());
            assert!(subscribers::recover(&mut tx, ids[0], &back).await.unwrap());
        }
        assert!(subscribers::bounced(&mut tx, ids[0], MORNING).await.unwrap());
        assert!(
            !subscribers::bounced(&mut tx, ids[0], MORNING).await.unwrap(),
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        let email = "Reader2@EXAMPLE.org".parse().unwrap();
        let by_email = subscribers::find_by_email(&db.store, morning, &email);
        assert_eq!(
            by_email.await.unwrap().map(|reader| reader.id),
            Some(ids[1]),
            "{}",
            db.name
        );
        let by_token = subscribers::find_by_token(&db.store, &format!("{:032x}", 5))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (by_token.id, by_token.home.country),
            (ids[4], None),
            "{}",
            db.name
        );
        assert_eq!(
            subscribers::find_by_token(&db.store, "nobody").await.unwrap(),
            None
        );
        let active = Some(SubscriberState::Active);
        let page = subscribers::list(&db.store, morning, active, None, 2)
            .await
            .unwrap();
        assert_eq!(
            page.iter().map(|r| r.id).collect::<Vec<_>>(),
            [ids[1], ids[3]],
            "{}",
            db.name
        );
        let page = subscribers::list(&db.store, morning, active, Some(ids[3]), 2)
            .await
            .unwrap();
        assert_eq!(
            page.iter().map(|r| r.id).collect::<Vec<_>>(),
            [ids[4]],
            "{}",
            db.name
        );
        assert_eq!(
            subscribers::list(&db.store, morning, None, None, 99)
                .await
                .unwrap()
                .len(),
            5
        );
        let count = subscribers::count(&db.store, morning, SubscriberState::Bounced)
            .await
            .unwrap();
        assert_eq!(count, 1, "{}", db.name);
        let zones = subscribers::count_by_zone(&db.store, morning, None, None)
            .await
            .unwrap();
        let names: Vec<_> = zones.iter().map(|(zone, _)| zone.clone()).collect();
        let active = subscribers::count(&db.store, morning, SubscriberState::Active);
        let readers: u64 = zones.iter().map(|(_, readers)| readers).sum();
        assert_eq!(names, [zone("Europe/Berlin"), Zone::UTC], "{}", db.name);
        assert_eq!(readers, active.await.unwrap(), "{}", db.name);
    }
}

#[tokio::test]
async fn an_unknown_token_changes_nothing() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let line = consent(ConsentKind::Confirmed, MORNING);
        assert_eq!(
            subscribers::confirm(&mut tx, "nobody", &line).await.unwrap(),
            None,
            "{}",
            db.name
        );
        assert_eq!(
            subscribers::leave(&mut tx, "nobody", &line).await.unwrap(),
            None,
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn a_reader_who_did_not_confirm_may_ask_again_after_a_pause() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let new = new_subscriber(morning, 1, SubscriberState::Pending);
        let SignUp::New(id) = subscribers::insert(&mut tx, &new).await.unwrap() else {
            panic!("{}: it was new", db.name);
        };
        let limit = AskLimit {
            pause_millis: 600_000,
            within_millis: 24 * HOUR,
            most: 4,
            most_to_address: 9,
        };
        let mut outcomes = Vec::new();
        let tries = [
            (9, "JP"),
            (11, "KR"),
            (19, "AE"),
            (22, "PH"),
            (40, "NO"),
            (50, "SE"),
            (24 * 60 + 5, "PH"),
        ];
        for (minute, country) in tries {
            let again = NewSubscriber {
                home: home(country),
                consent: consent(ConsentKind::Asked, MORNING.plus(minute * 60_000)),
                ..new.clone()
            };
            let may = subscribers::may_ask(&mut tx, morning, &again.email, again.consent.at, limit);
            let may = may.await.unwrap();
            outcomes.push(may && subscribers::ask_again(&mut tx, id, &again).await.unwrap());
        }
        assert_eq!(
            outcomes,
            [false, true, false, true, true, false, true],
            "{}",
            db.name
        );
        let confirmed = consent(ConsentKind::Confirmed, MORNING.plus(25 * HOUR));
        confirmations::insert(&mut tx, id, LinkPurpose::Confirm, LINK, MORNING)
            .await
            .unwrap();
        subscribers::confirm(&mut tx, LINK, &confirmed).await.unwrap();
        let late = NewSubscriber {
            consent: consent(ConsentKind::Asked, MORNING.plus(72 * HOUR)),
            ..new
        };
        assert!(
            !subscribers::ask_again(&mut tx, id, &late).await.unwrap(),
            "{}: an active reader has nothing to ask",
            db.name
        );
        tx.commit().await.unwrap();
        let reader = subscribers::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(reader.home.zone.name(), "Asia/Manila", "{}", db.name);
        let record = record(&db.store, id).await;
        let times: Vec<i64> = record
            .iter()
            .map(|line| line.at.since(MORNING) / 60_000)
            .collect();
        assert_eq!(times, [0, 11, 22, 40, 24 * 60 + 5, 25 * 60], "{}", db.name);
    }
}

#[tokio::test]
async fn a_list_adds_who_is_not_there_with_proof_and_leaves_the_others() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let known = new_subscriber(morning, 3, SubscriberState::Active);
        subscribers::insert(&mut tx, &known).await.unwrap();
        // More than one statement carries.
        let listed = |number: u32| Listed {
            email: format!("Reader{number}@example.org").parse().unwrap(),
            home: home("Japan"),
            format: MailFormat::Text,
            token: format!("{:032x}", 1_000 + number),
        };
        let mut list: Vec<_> = (0..1_201).map(listed).collect();
        list[1_200].email = list[0].email.clone();
        let vouched = consent(ConsentKind::Entered, MORNING);
        let added = subscribers::insert_batch(&mut tx, morning, &list, &vouched)
            .await
            .unwrap();
        assert_eq!(added.len(), 1_199, "{}: one was there, one stands twice", db.name);
        let keys: Vec<String> = list.iter().map(|listed| listed.email.key()).collect();
        let found = subscribers::hold_batch(&mut tx, morning, &keys, MORNING)
            .await
            .unwrap();
        assert_eq!(found.len(), 1_200, "{}", db.name);
        assert_eq!(found[0].home, known.home, "{}", db.name);
        assert!(
            found[1..]
                .iter()
                .all(|reader| reader.home == home("Japan") && reader.format == MailFormat::Text),
            "{}",
            db.name
        );
        subscribers::set_home(&mut tx, found[0].id, &home("USSR"), MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let months = figures::by_month(&db.store, morning).await.unwrap();
        let came: Vec<u64> = months.values().map(|month| month.came).collect();
        assert_eq!(came, [1_199], "{}: the other one only asked", db.name);

        let moved = subscribers::find(&db.store, found[0].id).await.unwrap().unwrap();
        assert_eq!(moved.home.country_given.as_deref(), Some("USSR"), "{}", db.name);
        assert_eq!(record(&db.store, found[1].id).await, [vouched], "{}", db.name);
        let records = consents::list(&db.store, SubscriberId(0), 9_999).await.unwrap();
        assert_eq!(records.len(), 1_200, "{}", db.name);
        assert!(
            records.iter().all(|record| record.verify().is_ok()),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn a_pause_ends_with_the_edition_that_the_reader_named() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let mut ids = Vec::new();
        for number in 1..=3 {
            ids.push(subscriber(&mut tx, morning, number).await);
        }
        let day = |text: &str| text.parse().unwrap();
        let line = consent(ConsentKind::Changed, MORNING);
        for (id, until) in [(ids[0], "2026-03-12"), (ids[1], "2026-03-13")] {
            assert!(
                subscribers::pause(&mut tx, id, day(until), &line).await.unwrap(),
                "{}",
                db.name
            );
        }
        let mut woken = Vec::new();
        for today in ["2026-03-11", "2026-03-12", "2026-03-20", "2026-03-21"] {
            woken.push(subscribers::wake(&mut tx, morning, day(today)).await.unwrap());
        }
        assert_eq!(woken, [0, 1, 1, 0], "{}", db.name);
        assert!(
            !subscribers::resume(&mut tx, ids[0], &line).await.unwrap(),
            "{}",
            db.name
        );
        let left = consent(ConsentKind::Left, MORNING);
        let token = new_subscriber(morning, 3, SubscriberState::Active).token;
        subscribers::leave(&mut tx, &token, &left).await.unwrap();
        assert!(
            !subscribers::pause(&mut tx, ids[2], day("2026-03-12"), &line)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        let states = subscribers::list(&db.store, morning, None, None, 9)
            .await
            .unwrap();
        let states: Vec<_> = states
            .iter()
            .map(|reader| (reader.state, reader.pauses_until()))
            .collect();
        use SubscriberState::{Active, Left};
        assert_eq!(
            states,
            [(Active, None), (Active, None), (Left, None)],
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn a_strangers_sign_up_keeps_nobody_who_bounced_from_being_taken_back() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let asked = |number| NewSubscriber {
            consent: consent(ConsentKind::Asked, MORNING.plus(HOUR)),
            ..new_subscriber(brief, number, SubscriberState::Pending)
        };
        let back = consent(ConsentKind::Changed, MORNING.plus(2 * HOUR));
        let bounced = new_subscriber(brief, 1, SubscriberState::Active);
        let bounced = NewSubscriber {
            consent: consent(ConsentKind::Entered, MORNING),
            ..bounced
        };
        let SignUp::New(id) = subscribers::insert(&mut tx, &bounced).await.unwrap() else {
            panic!("{}: it was new", db.name);
        };
        assert!(subscribers::bounced(&mut tx, id, MORNING).await.unwrap());
        assert!(subscribers::sign_up_again(&mut tx, id, &asked(1)).await.unwrap());
        assert!(
            subscribers::recover(&mut tx, id, &back).await.unwrap(),
            "{}",
            db.name
        );
        let reader = subscribers::find(&mut tx, id).await.unwrap().unwrap();
        assert_eq!(reader.state, SubscriberState::Active, "{}", db.name);

        // Who left is back by their own word alone, and who never confirmed was never there.
        let left = consent(ConsentKind::Left, MORNING);
        subscribers::leave(&mut tx, &reader.token, &left).await.unwrap();
        assert!(subscribers::sign_up_again(&mut tx, id, &asked(1)).await.unwrap());
        let SignUp::New(new) = subscribers::insert(&mut tx, &asked(2)).await.unwrap() else {
            panic!("{}: it was new", db.name);
        };
        for reader in [id, new] {
            let recovered = subscribers::recover(&mut tx, reader, &back).await.unwrap();
            assert!(!recovered, "{}: {reader}", db.name);
        }
        tx.commit().await.unwrap();
    }
}
