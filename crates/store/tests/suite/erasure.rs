//! What a reader is owed: everything that is kept about them, and the end of it.

use std::time::Duration;

use reveille_model::{
    ConsentKind, IfUnknown, LinkPurpose, MailFormat, ReturnKind, SubscriberId, SubscriberState, UnixMillis,
};
use reveille_store::{
    ReaderMail, Tx, briefs, confirmations, consents,
    deliveries::{self, NewDelivery},
    editions,
    jobs::{self, NewJob},
    returns::{self, Return},
    subscribers::{self, Erasure, NewSubscriber, SignUp},
    suppressions,
};
use reveille_testkit::{Database, databases};

use crate::deliveries::counted;
use crate::fixture::{HOUR, MORNING, brief, consent, edition, new_brief, new_subscriber, record, refusal};

const SECRET: &str = "00112233445566778899aabbccddeeff";
const MAILS: &str = ReaderMail::CONFIRMATION;

fn erasure(email: &reveille_model::EmailAddress) -> Erasure<'_> {
    Erasure {
        email,
        secret: SECRET,
        now: MORNING.plus(HOUR),
    }
}

async fn signed_up(tx: &mut Tx, new: &NewSubscriber) -> SubscriberId {
    match subscribers::insert(tx, new).await.unwrap() {
        SignUp::New(id) => id,
        other @ SignUp::Known(..) => panic!("{other:?}"),
    }
}

/// Reader 1 of two briefs, with everything that can be kept about them, and reader 11 beside.
async fn two_readers(db: &Database) -> [NewSubscriber; 2] {
    let mut tx = db.store.begin().await.unwrap();
    let morning = brief(&mut tx).await;
    let evening = briefs::insert(&mut tx, &new_brief("evening"), MORNING)
        .await
        .unwrap()
        .id();
    let mut new = new_subscriber(morning, 1, SubscriberState::Active);
    new.consent.sentence = "reader1@example.org agreed on paper".to_owned();
    let other = new_subscriber(morning, 11, SubscriberState::Active);
    let here = signed_up(&mut tx, &new).await;
    let mut there = new_subscriber(evening, 1, SubscriberState::Pending);
    there.email = "Reader1@Example.org".parse().unwrap();
    there.token = "e".repeat(32);
    signed_up(&mut tx, &there).await;
    let beside = signed_up(&mut tx, &other).await;
    confirmations::insert(&mut tx, here, LinkPurpose::Erase, "link", MORNING)
        .await
        .unwrap();
    let back = Return {
        kind: ReturnKind::Soft,
        reason: "full".to_owned(),
        status: None,
        said: "reader1@example.org is over quota".to_owned(),
        at: MORNING,
    };
    returns::insert(&mut tx, here, None, b"mail", &back)
        .await
        .unwrap();
    let line = consent(ConsentKind::Changed, MORNING.plus(1));
    assert!(
        subscribers::set_format(&mut tx, here, MailFormat::Text, &line)
            .await
            .unwrap()
    );
    assert!(
        !subscribers::set_format(&mut tx, here, MailFormat::Text, &line)
            .await
            .unwrap()
    );
    let edition = edition(&mut tx, morning, "2026-03-10").await;
    let planned = [here, beside].map(|subscriber| deliveries::NewDelivery {
        subscriber,
        slot: MORNING.into(),
    });
    deliveries::plan(&mut tx, edition, &planned, MORNING)
        .await
        .unwrap();
    for (kind, key) in [
        (MAILS, here.to_string()),
        (MAILS, format!("{here}@erase")),
        (MAILS, beside.to_string()),
        ("other", here.to_string()),
    ] {
        let job = NewJob {
            kind,
            key,
            lane: String::new(),
            run_at: MORNING,
        };
        jobs::insert(&mut tx, &job, MORNING).await.unwrap();
    }
    tx.commit().await.unwrap();
    let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, HOUR, MORNING)
        .await
        .unwrap();
    let formats: Vec<_> = claimed
        .iter()
        .map(|delivery| (delivery.subscriber, delivery.format))
        .collect();
    assert_eq!(
        formats,
        [(here, MailFormat::Text), (beside, MailFormat::Html)],
        "{}",
        db.name
    );
    let mut tx = db.store.begin().await.unwrap();
    let reply = "550 <reader1@example.org> is unknown here";
    let refused = [(
        claimed[0].claim,
        deliveries::Outcome::Refused(reply.to_owned(), refusal(ReturnKind::Soft)),
    )];
    let recorded = deliveries::record(&mut tx, edition, &refused, MORNING).await;
    assert_eq!(recorded.unwrap(), 1);
    tx.commit().await.unwrap();
    [new, other]
}

#[tokio::test]
async fn a_dossier_holds_everything_about_an_address() {
    for db in databases().await {
        let [new, _] = two_readers(&db).await;
        let shouted = "READER1@example.org".parse().unwrap();
        let found = subscribers::dossier(&db.store, &shouted).await.unwrap().unwrap();
        let briefs: Vec<_> = found
            .briefs
            .iter()
            .map(|part| (part.brief.as_str(), part.state))
            .collect();
        assert_eq!(
            briefs,
            [
                ("morning", SubscriberState::Active),
                ("evening", SubscriberState::Pending)
            ]
        );
        let part = &found.briefs[0];
        assert_eq!(
            (part.format, &part.home),
            (MailFormat::Text, &new.home),
            "{}",
            db.name
        );
        assert_eq!(part.consents[0], new.consent, "{}", db.name);
        assert_eq!(part.links.len(), 1, "{}", db.name);
        assert_eq!(
            part.deliveries[0].reply.as_deref(),
            Some("550 <reader1@example.org> is unknown here")
        );
        let nobody = "nobody@example.org".parse().unwrap();
        assert_eq!(subscribers::dossier(&db.store, &nobody).await.unwrap(), None);
    }
}

#[tokio::test]
async fn of_an_erased_reader_a_keyed_hash_stays_and_of_others_everything() {
    for db in databases().await {
        let [new, other] = two_readers(&db).await;
        let mut tx = db.store.begin().await.unwrap();
        let nobody = "nobody@example.org".parse().unwrap();
        assert_eq!(subscribers::erase(&mut tx, &erasure(&nobody)).await.unwrap(), 0);
        let shouted = "READER1@example.org".parse().unwrap();
        assert_eq!(
            subscribers::erase(&mut tx, &erasure(&shouted)).await.unwrap(),
            2,
            "{}",
            db.name
        );
        assert_eq!(subscribers::erase(&mut tx, &erasure(&shouted)).await.unwrap(), 0);
        tx.commit().await.unwrap();

        assert_eq!(
            subscribers::dossier(&db.store, &new.email).await.unwrap(),
            None,
            "{}",
            db.name
        );
        let records = consents::list(&db.store, SubscriberId(0), 9).await.unwrap();
        assert_eq!(records.len(), 1, "{}: the other's", db.name);
        assert!(records[0].verify().is_ok());
        let beside = subscribers::dossier(&db.store, &other.email)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(beside.briefs[0].deliveries.len(), 1, "{}", db.name);
        let counts = jobs::count(&db.store).await.unwrap();
        let ready = |kind: &str| counts.get(kind).and_then(|states| states.get("ready").copied());
        assert_eq!((ready(MAILS), ready("other")), (Some(1), Some(1)), "{}", db.name);

        let mut tx = db.store.begin().await.unwrap();
        let keys = [new.email.key(), other.email.key()];
        let erased = suppressions::find_batch(&mut tx, &keys).await.unwrap();
        assert_eq!(
            erased.into_iter().collect::<Vec<_>>(),
            [new.email.key()],
            "{}",
            db.name
        );
        let when = [&new.email, &other.email, &nobody];
        for (email, at) in when.into_iter().zip([Some(MORNING.plus(HOUR)), None, None]) {
            assert_eq!(
                suppressions::find(&mut tx, email).await.unwrap(),
                at,
                "{}",
                db.name
            );
        }
        drop(tx);
        if let Some(folder) = db.folder() {
            db.store.close().await;
            let file = std::fs::read(folder.join("store.sqlite")).unwrap();
            let holds = |text: &str| {
                file.windows(text.len())
                    .any(|bytes| bytes.eq_ignore_ascii_case(text.as_bytes()))
            };
            assert!(
                holds("reader11@example.org") && !holds("reader1@example.org"),
                "deleted is overwritten"
            );
        }
    }
}

#[tokio::test]
async fn only_an_erased_reader_can_come_back_and_be_erased_again() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let new = new_subscriber(morning, 1, SubscriberState::Pending);
        for hour in 1..=2 {
            signed_up(&mut tx, &new).await;
            let later = Erasure {
                now: UnixMillis(MORNING.0 + hour * HOUR),
                secret: "another secret",
                ..erasure(&new.email)
            };
            assert_eq!(
                subscribers::erase(&mut tx, &later).await.unwrap(),
                1,
                "{}",
                db.name
            );
        }
        let erased = suppressions::find_batch(&mut tx, &[new.email.key()])
            .await
            .unwrap();
        assert_eq!(erased.len(), 1, "{}: the first secret stays the key", db.name);
    }
}

#[tokio::test]
async fn a_link_does_only_what_it_was_mailed_for() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let id = signed_up(&mut tx, &new_subscriber(morning, 1, SubscriberState::Active)).await;
        confirmations::insert(&mut tx, id, LinkPurpose::Download, "link", MORNING)
            .await
            .unwrap();
        assert!(
            confirmations::any_since(&mut tx, id, LinkPurpose::Download, MORNING)
                .await
                .unwrap()
        );
        assert!(
            !confirmations::any_since(&mut tx, id, LinkPurpose::Download, MORNING.plus(1))
                .await
                .unwrap()
        );
        assert!(
            !confirmations::any_since(&mut tx, id, LinkPurpose::Erase, MORNING)
                .await
                .unwrap()
        );
        let mut outcomes = Vec::new();
        for (purpose, at) in [
            (LinkPurpose::Confirm, MORNING),
            (LinkPurpose::Erase, MORNING),
            (LinkPurpose::Download, MORNING.plus(24 * HOUR)),
            (LinkPurpose::Download, MORNING.plus(23 * HOUR)),
            (LinkPurpose::Download, MORNING.plus(23 * HOUR)),
        ] {
            let taken = confirmations::take(&mut tx, "link", purpose, at).await.unwrap();
            outcomes.push(taken.map(|link| link.subscriber));
        }
        assert_eq!(outcomes, [None, None, None, Some(id), None], "{}", db.name);
    }
}

#[tokio::test]
async fn links_to_an_address_are_counted_over_all_its_briefs() {
    for db in databases().await {
        let [reader, beside] = two_readers(&db).await;
        let here = subscribers::list_by_email(&db.store, &reader.email)
            .await
            .unwrap();
        let other = subscribers::list_by_email(&db.store, &beside.email)
            .await
            .unwrap();
        let mut tx = db.store.begin().await.unwrap();
        for (reader, purpose) in [
            (&here[1], LinkPurpose::Move),
            (&here[1], LinkPurpose::Confirm),
            (&other[0], LinkPurpose::Download),
        ] {
            let (link, at) = (format!("{purpose}-{}", reader.id), MORNING.plus(1));
            confirmations::insert(&mut tx, reader.id, purpose, &link, at)
                .await
                .unwrap();
        }
        for (since, links) in [(MORNING, 2), (MORNING.plus(1), 1), (MORNING.plus(2), 0)] {
            for row in &here {
                let counted = confirmations::count_to_address(&mut tx, row.id, since).await;
                assert_eq!(counted.unwrap(), links, "{}: {}", db.name, row.brief);
            }
        }
    }
}

#[tokio::test]
async fn who_never_confirms_is_forgotten_and_nobody_else() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let mut ids = Vec::new();
        for (number, state) in [
            (1, SubscriberState::Pending),
            (2, SubscriberState::Pending),
            (3, SubscriberState::Active),
            (4, SubscriberState::Left),
            (5, SubscriberState::Pending),
            (6, SubscriberState::Pending),
        ] {
            let new = new_subscriber(morning, number, state);
            let SignUp::New(id) = subscribers::insert(&mut tx, &new).await.unwrap() else {
                panic!("it is new");
            };
            ids.push(id);
        }
        // The fifth had been on the list before, and left; mail to the sixth came back.
        for (index, kind) in [
            (4, ConsentKind::Confirmed),
            (4, ConsentKind::Left),
            (5, ConsentKind::Confirmed),
        ] {
            let line = consent(kind, MORNING.plus(-HOUR));
            consents::insert(&mut tx, ids[index], &line).await.unwrap();
        }
        // The second asked once more.
        consents::insert(&mut tx, ids[1], &consent(ConsentKind::Asked, MORNING.plus(HOUR)))
            .await
            .unwrap();
        assert_eq!(
            subscribers::forget_unconfirmed(&mut tx, MORNING, 10)
                .await
                .unwrap(),
            0,
            "{}",
            db.name
        );
        let later = MORNING.plus(1);
        assert_eq!(
            subscribers::forget_unconfirmed(&mut tx, later, 10).await.unwrap(),
            3,
            "{}",
            db.name
        );
        assert_eq!(
            subscribers::forget_unconfirmed(&mut tx, later, 10).await.unwrap(),
            0,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        let (left, bounced) = (ids[4], ids[5]);
        for (index, id) in ids.into_iter().enumerate() {
            let is_there = subscribers::find(&db.store, id).await.unwrap().is_some();
            assert_eq!(is_there, index != 0, "{}: {index}", db.name);
        }
        for (id, state) in [(left, SubscriberState::Left), (bounced, SubscriberState::Bounced)] {
            let back = subscribers::find(&db.store, id).await.unwrap().unwrap();
            assert_eq!(back.state, state, "{}", db.name);
        }
        assert_eq!(record(&db.store, left).await.len(), 3, "{}", db.name);
    }
}

#[tokio::test]
async fn who_is_erased_while_an_edition_is_being_planned_leaves_no_delivery() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let new = new_subscriber(morning, 1, SubscriberState::Active);
        let reader = signed_up(&mut tx, &new).await;
        let edition = edition(&mut tx, morning, "2026-03-10").await;
        tx.commit().await.unwrap();
        let mut plan = db.store.begin().await.unwrap();
        editions::hold(&mut plan, edition).await.unwrap();
        let delivery = NewDelivery {
            subscriber: reader,
            slot: MORNING.plus(2 * HOUR).into(),
        };
        deliveries::plan(&mut plan, edition, &[delivery], MORNING)
            .await
            .unwrap();
        let store = db.store.clone();
        let erasing = tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let briefs = subscribers::erase(&mut tx, &erasure(&new.email)).await;
            tx.commit().await.unwrap();
            briefs
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!erasing.is_finished(), "{}: it waits for the plan", db.name);
        plan.commit().await.unwrap();
        assert_eq!(erasing.await.unwrap().unwrap(), 1, "{}", db.name);
        let tally = counted(&db.store, edition).await;
        assert!(tally.is_empty(), "{}: {tally:?}", db.name);
    }
}

#[tokio::test]
async fn who_confirms_while_the_unconfirmed_are_forgotten_stays() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let reader = signed_up(&mut tx, &new_subscriber(morning, 1, SubscriberState::Pending)).await;
        // This one had been on the list before.
        let returning = signed_up(&mut tx, &new_subscriber(morning, 2, SubscriberState::Pending)).await;
        let before = consent(ConsentKind::Confirmed, MORNING.plus(-HOUR));
        consents::insert(&mut tx, returning, &before).await.unwrap();
        tx.commit().await.unwrap();
        let later = MORNING.plus(24 * HOUR);
        let mut tx = db.store.begin().await.unwrap();
        let line = consent(ConsentKind::Confirmed, later);
        for reader in [reader, returning] {
            assert!(subscribers::confirm_asked(&mut tx, reader, &line).await.unwrap());
        }
        let store = db.store.clone();
        let forgetting = tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let forgotten = subscribers::forget_unconfirmed(&mut tx, MORNING.plus(HOUR), 10).await;
            tx.commit().await.unwrap();
            forgotten
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        tx.commit().await.unwrap();
        assert_eq!(forgetting.await.unwrap().unwrap(), 0, "{}", db.name);
        for reader in [reader, returning] {
            let found = subscribers::find(&db.store, reader).await.unwrap();
            let state = found.map(|reader| reader.state);
            assert_eq!(state, Some(SubscriberState::Active), "{}", db.name);
        }
    }
}
