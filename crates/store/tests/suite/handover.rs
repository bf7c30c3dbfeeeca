//! One edition to each reader once, whoever dies in between.

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use reveille_model::{DeliveryState, IfUnknown, ReturnKind};
use reveille_store::deliveries::{self, Answers, Ending, Outcome, Stuck, Which};
use reveille_testkit::databases;

use crate::{
    deliveries::{claim, next_due, plan_berlin, record, setting, states, taken, wire},
    fixture::{HOUR, MINUTE, MORNING, alter, refusal, second_node},
};

#[tokio::test]
async fn what_a_sender_that_is_gone_had_in_hand_is_settled_with_what_waits() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 2, MORNING).await;
        wire(&db.store, &setting, &claimed[..1], MORNING).await;
        let mut tx = db.store.begin().await.unwrap();
        let later = MORNING.plus(HOUR);
        let settled = deliveries::settle_queued(&mut tx, setting.edition, Ending::Sent, None, later).await;
        assert_eq!(settled.unwrap(), 2, "{}", db.name);
        tx.commit().await.unwrap();
        use DeliveryState::{Sent, Unknown};
        let expected = BTreeMap::from([(Sent, 2), (Unknown, 1)]);
        assert_eq!(states(&db.store, &setting).await, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn whether_one_node_is_enough_is_told_by_what_is_due_and_free() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let more = async |than, now| {
            let more = deliveries::is_more_due(&db.store, setting.edition, than, now);
            more.await.unwrap()
        };
        assert!(more(2, MORNING).await, "{}", db.name);
        assert!(!more(3, MORNING).await, "{}", db.name);
        assert!(!more(0, MORNING.plus(-1)).await, "{}: it is night", db.name);
        claim(&db.store, &setting, 2, MORNING).await;
        assert!(more(0, MORNING).await, "{}", db.name);
        assert!(!more(1, MORNING).await, "{}: in hand", db.name);
    }
}

#[tokio::test]
async fn a_dead_senders_claims_are_taken_over_and_who_is_slow_sends_nothing() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let slow = claim(&db.store, &setting, 9, MORNING).await;
        let (before, after) = (MORNING.plus(MINUTE - 1), MORNING.plus(MINUTE));
        assert!(
            claim(&db.store, &setting, 9, before).await.is_empty(),
            "{}: the lease holds",
            db.name
        );
        assert_eq!(next_due(&db.store, &setting).await, Some(after), "{}", db.name);

        let heir = claim(&db.store, &setting, 9, after).await;
        assert_eq!(
            (heir.len(), heir[0].claim.attempts, heir[0].tries),
            (3, 2, 0),
            "{}",
            db.name
        );
        assert_eq!(
            wire(&db.store, &setting, &slow, after).await,
            0,
            "{}: too late",
            db.name
        );
        assert_eq!(
            record(
                &db.store,
                &setting,
                &slow,
                Outcome::Failed("late".to_owned()),
                after
            )
            .await,
            0
        );
        assert_eq!(wire(&db.store, &setting, &heir, after).await, 3, "{}", db.name);
        assert_eq!(
            wire(&db.store, &setting, &heir, after).await,
            0,
            "{}: once",
            db.name
        );
        assert_eq!(
            record(&db.store, &setting, &heir, taken(), after).await,
            3,
            "{}",
            db.name
        );
        assert_eq!(next_due(&db.store, &setting).await, None, "{}", db.name);
    }
}

#[tokio::test]
async fn who_died_on_the_wire_leaves_it_unknown_and_it_goes_out_once_more() {
    for db in databases().await {
        let setting = setting(&db, 2).await;
        plan_berlin(&db.store, &setting).await;
        let slow = claim(&db.store, &setting, 9, MORNING).await;
        assert_eq!(wire(&db.store, &setting, &slow, MORNING).await, 2, "{}", db.name);
        let lost = MORNING.plus(MINUTE);
        assert!(
            claim(&db.store, &setting, 9, lost).await.is_empty(),
            "{}: not at once",
            db.name
        );
        let unknown = BTreeMap::from([(DeliveryState::Unknown, 2)]);
        assert_eq!(states(&db.store, &setting).await, unknown, "{}", db.name);
        // The mail server's word counts, however late it comes.
        assert_eq!(
            record(&db.store, &setting, &slow[..1], taken(), lost).await,
            1,
            "{}",
            db.name
        );

        let again = lost.plus(IfUnknown::PAUSE_MILLIS);
        assert_eq!(next_due(&db.store, &setting).await, Some(again), "{}", db.name);
        let heir = claim(&db.store, &setting, 9, again).await;
        assert_eq!(heir.len(), 1, "{}", db.name);
        let first = format!("{}.1@brief.example", slow[1].subscriber);
        assert_eq!(heir[0].message_id, Some(first), "{}", db.name);
        assert_eq!(wire(&db.store, &setting, &heir, again).await, 1, "{}", db.name);
        let end = again.plus(HOUR);
        assert!(claim(&db.store, &setting, 9, end).await.is_empty(), "{}", db.name);
        assert!(
            claim(&db.store, &setting, 9, end.plus(HOUR)).await.is_empty(),
            "{}: it is held",
            db.name
        );
        assert_eq!(next_due(&db.store, &setting).await, None, "{}", db.name);
        let doubted = deliveries::list(&db.store, setting.edition, Which::Doubted, None, 9)
            .await
            .unwrap();
        let doubts: Vec<_> = doubted.iter().map(|row| (row.state, row.doubts)).collect();
        assert_eq!(
            doubts,
            [(DeliveryState::Sent, 1), (DeliveryState::Unknown, 2)],
            "{}",
            db.name
        );
        assert_eq!(
            deliveries::doubted(&db.store, setting.edition).await.unwrap(),
            2,
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn what_was_put_off_is_counted_by_its_answers_until_it_is_tried_again() {
    for db in databases().await {
        let setting = setting(&db, 4).await;
        plan_berlin(&db.store, &setting).await;
        let deferred = async || deliveries::deferred(&db.store, setting.edition).await.unwrap();
        assert_eq!(deferred().await, Answers::default(), "{}", db.name);
        let claimed = claim(&db.store, &setting, 3, MORNING).await;
        let later = MORNING.plus(HOUR);
        for (some, answer) in [(&claimed[..2], "451 busy"), (&claimed[2..], "452 full")] {
            let outcome = Outcome::Deferred(later, answer.to_owned());
            record(&db.store, &setting, some, outcome, MORNING).await;
        }
        let mut counted = deferred().await;
        counted.given.sort();
        let answers = [("451 busy".to_owned(), 2), ("452 full".to_owned(), 1)];
        assert_eq!((counted.readers, counted.is_more), (3, false), "{}", db.name);
        assert_eq!(counted.given, answers, "{}", db.name);
        let listed = deliveries::list(&db.store, setting.edition, Which::Deferred, None, 9)
            .await
            .unwrap();
        let listed: Vec<_> = listed
            .iter()
            .map(|row| (row.subscriber, row.due_at, row.is_deferred()))
            .collect();
        let expected: Vec<_> = claimed.iter().map(|one| (one.subscriber, later, true)).collect();
        assert_eq!(listed, expected, "{}", db.name);

        let again = claim(&db.store, &setting, 9, later).await;
        wire(&db.store, &setting, &again, later).await;
        record(&db.store, &setting, &again, taken(), later).await;
        assert_eq!(deferred().await, Answers::default(), "{}", db.name);
    }
}

#[tokio::test]
async fn what_was_refused_is_counted_by_its_answers() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 3, MORNING).await;
        let refused = Outcome::Refused("550 5.1.1 nobody".to_owned(), refusal(ReturnKind::Hard));
        record(&db.store, &setting, &claimed[..2], refused, MORNING).await;
        let counted = deliveries::refused(&db.store, setting.edition).await.unwrap();
        let expected = Answers {
            readers: 2,
            is_more: false,
            given: vec![("550 5.1.1 nobody".to_owned(), 2)],
        };
        assert_eq!(counted, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn of_very_many_the_answers_to_the_first_are_counted() {
    for db in databases().await {
        let setting = setting(&db, 0).await;
        for made in [
            "insert into subscribers (brief_id, email, email_key, zone, state, token, created_at)
             with recursive n (i) as (select 1 union all select i + 1 from n where i < 10001)
             select (select min(id) from briefs), i || '@example.org', i || '@example.org', 'UTC', 'active', i, 0 from n",
            "insert into deliveries (edition_id, subscriber_id, state, due_at, message_id, updated_at, tries, error)
             select (select min(id) from editions), id, 'queued', 0, '', 0, 1, '451 later' from subscribers order by id",
        ] {
            alter(&db.url, made).await;
        }
        let mut expected = Answers {
            readers: 10_000,
            is_more: true,
            given: vec![("451 later".to_owned(), 10_000)],
        };
        let counted = deliveries::deferred(&db.store, setting.edition).await.unwrap();
        assert_eq!(counted, expected, "{}", db.name);
        alter(
            &db.url,
            "delete from deliveries where id = (select max(id) from deliveries)",
        )
        .await;
        expected.is_more = false;
        let counted = deliveries::deferred(&db.store, setting.edition).await.unwrap();
        assert_eq!(counted, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn a_held_delivery_waits_for_the_operator() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 9, MORNING).await;
        wire(&db.store, &setting, &claimed, MORNING).await;
        record(
            &db.store,
            &setting,
            &claimed,
            Outcome::Unknown("dead".to_owned()),
            MORNING,
        )
        .await;
        let (edition, later) = (setting.edition, MORNING.plus(HOUR));
        let due = deliveries::next_due(&db.store, edition, IfUnknown::Hold, MORNING)
            .await
            .unwrap();
        assert_eq!(due, None, "{}", db.name);
        let held = deliveries::claim(&db.store, edition, IfUnknown::Hold, 9, MINUTE, later)
            .await
            .unwrap();
        assert!(held.is_empty(), "{}", db.name);

        let (first, second) = (Some(setting.readers[0]), Some(setting.readers[1]));
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(
            deliveries::settle(&mut tx, edition, Ending::Sent, first, later)
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            deliveries::resend(&mut tx, edition, Stuck::Unknown, second, later)
                .await
                .unwrap(),
            1
        );
        assert_eq!(
            deliveries::settle(&mut tx, edition, Ending::Failed, None, later)
                .await
                .unwrap(),
            1
        );
        tx.commit().await.unwrap();
        use DeliveryState::{Failed, Queued, Sent};
        let expected = BTreeMap::from([(Queued, 1), (Sent, 1), (Failed, 1)]);
        assert_eq!(states(&db.store, &setting).await, expected, "{}", db.name);
        let which = Which::In(Sent);
        let sent = deliveries::list(&db.store, edition, which, None, 9)
            .await
            .unwrap();
        let told = (sent[0].reply.as_deref(), sent[0].error.as_deref());
        assert_eq!(told, (Some("counted as sent by hand"), None), "{}", db.name);
        // What a store that was put back takes for unsent is settled in the same way; here it is not kept.
        let mut tx = db.store.begin().await.unwrap();
        let settled = deliveries::settle_queued(&mut tx, edition, Ending::Sent, None, later).await;
        assert_eq!(settled.unwrap(), 1, "{}", db.name);
        drop(tx);
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(
            deliveries::resend(&mut tx, edition, Stuck::Failed, None, later)
                .await
                .unwrap(),
            1
        );
        tx.commit().await.unwrap();
        // PostgreSQL rolls a dropped transaction back a little later, and passes over what it holds until then.
        let mut claimed = 0;
        for _ in 0..100 {
            claimed += claim(&db.store, &setting, 9, later).await.len();
            if claimed >= 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(claimed, 2, "{}", db.name);
    }
}

#[tokio::test]
async fn what_was_in_hand_is_put_back_or_released() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 9, MORNING).await;
        assert_eq!(
            wire(&db.store, &setting, &claimed[1..], MORNING).await,
            2,
            "{}",
            db.name
        );
        let claims: Vec<_> = claimed[..2].iter().map(|delivery| delivery.claim).collect();
        let mut tx = db.store.begin().await.unwrap();
        let freed = deliveries::put_back(&mut tx, setting.edition, &claims, MORNING)
            .await
            .unwrap();
        assert_eq!(freed, 2, "{}: its holder knows that nothing was sent", db.name);
        assert_eq!(
            deliveries::release_all(&mut tx, MORNING).await.unwrap(),
            1,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        let expected = BTreeMap::from([(DeliveryState::Queued, 2), (DeliveryState::Unknown, 1)]);
        assert_eq!(states(&db.store, &setting).await, expected, "{}", db.name);
        // Whoever has it in hand still knows better, as after a pause of the whole machine.
        let held = [claimed[2].claim];
        for expected in [1, 0] {
            let mut tx = db.store.begin().await.unwrap();
            let freed = deliveries::put_back(&mut tx, setting.edition, &held, MORNING).await;
            tx.commit().await.unwrap();
            assert_eq!(freed.unwrap(), expected, "{}", db.name);
        }
        let expected = BTreeMap::from([(DeliveryState::Queued, 3)]);
        assert_eq!(states(&db.store, &setting).await, expected, "{}", db.name);
        assert_eq!(
            claim(&db.store, &setting, 9, MORNING).await.len(),
            3,
            "{}",
            db.name
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_share_an_edition_and_send_to_nobody_twice() {
    for db in databases().await {
        let setting = std::sync::Arc::new(setting(&db, 400).await);
        plan_berlin(&db.store, &setting).await;
        let mut nodes = Vec::new();
        for _ in 0..2 {
            let (store, setting) = (second_node(&db.url).await, setting.clone());
            nodes.push(tokio::spawn(async move {
                let mut to = Vec::new();
                loop {
                    let batch = claim(&store, &setting, 7, MORNING).await;
                    if batch.is_empty() {
                        return to;
                    }
                    assert_eq!(wire(&store, &setting, &batch, MORNING).await, batch.len());
                    let recorded = record(&store, &setting, &batch, taken(), MORNING).await;
                    assert_eq!(recorded, batch.len() as u64);
                    to.extend(batch.into_iter().map(|delivery| delivery.email));
                }
            }));
        }
        let mut all = Vec::new();
        for node in nodes {
            all.extend(node.await.unwrap());
        }
        assert_eq!(
            (all.len(), all.iter().collect::<HashSet<_>>().len()),
            (400, 400),
            "{}",
            db.name
        );
        let expected = BTreeMap::from([(DeliveryState::Sent, 400)]);
        assert_eq!(states(&db.store, &setting).await, expected, "{}", db.name);
    }
}
