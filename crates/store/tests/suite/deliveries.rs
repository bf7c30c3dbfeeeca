//! One edition to each reader once, whoever dies in between.

use std::collections::{BTreeMap, HashSet};

use reveille_model::{BriefId, ConsentKind, DeliveryState, EditionId, IfUnknown, SubscriberId, UnixMillis};
use reveille_store::{
    Store,
    deliveries::{self, Claim, Delivery, Ending, MessageIds, NewDelivery, Outcome, Stuck, Which},
    subscribers, tally,
};
use reveille_testkit::{Database, databases};

use crate::fixture::{
    HOUR, MINUTE, MORNING, brief, consent, edition, new_subscriber, second_node, subscriber, zone,
};

const IDS: MessageIds<'static> = MessageIds {
    left: "morning.2026-03-10",
    domain: "brief.example",
};

struct Setting {
    brief: BriefId,
    edition: EditionId,
    readers: Vec<SubscriberId>,
}

async fn setting(db: &Database, readers: u32) -> Setting {
    let mut tx = db.store.begin().await.unwrap();
    let brief = brief(&mut tx).await;
    let edition = edition(&mut tx, brief, "2026-03-10").await;
    let mut ids = Vec::new();
    for number in 0..readers {
        ids.push(subscriber(&mut tx, brief, number).await);
    }
    tx.commit().await.unwrap();
    Setting {
        brief,
        edition,
        readers: ids,
    }
}

async fn plan_berlin(store: &Store, setting: &Setting) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let (edition, brief, zone) = (setting.edition, setting.brief, zone("Europe/Berlin"));
    let planned = deliveries::plan_zone(&mut tx, edition, brief, &zone, MORNING, IDS, MORNING)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    planned
}

async fn claim(store: &Store, setting: &Setting, limit: u32, now: UnixMillis) -> Vec<Delivery> {
    deliveries::claim(store, setting.edition, IfUnknown::Resend, limit, MINUTE, now)
        .await
        .unwrap()
}

/// Puts claims on the wire; of how many it was allowed.
async fn wire(store: &Store, claimed: &[Delivery], now: UnixMillis) -> usize {
    let claims: Vec<Claim> = claimed.iter().map(|delivery| delivery.claim).collect();
    let mut tx = store.begin().await.unwrap();
    let wired = deliveries::wire(&mut tx, &claims, MINUTE, now).await.unwrap();
    tx.commit().await.unwrap();
    wired.len()
}

/// Records one outcome for each of these; of how many it was news.
async fn record(store: &Store, claimed: &[Delivery], outcome: Outcome, now: UnixMillis) -> u64 {
    let outcomes: Vec<_> = claimed
        .iter()
        .map(|delivery| (delivery.claim, outcome.clone()))
        .collect();
    let mut tx = store.begin().await.unwrap();
    let recorded = deliveries::record(&mut tx, &outcomes, now).await.unwrap();
    tx.commit().await.unwrap();
    recorded
}

fn taken() -> Outcome {
    Outcome::Sent("250 2.0.0 ok".to_owned())
}

async fn next_due(store: &Store, setting: &Setting) -> Option<UnixMillis> {
    let (edition, rule) = (setting.edition, IfUnknown::Resend);
    deliveries::next_due(store, edition, rule).await.unwrap()
}

async fn states(store: &Store, setting: &Setting) -> BTreeMap<DeliveryState, u64> {
    deliveries::tally(store, setting.edition).await.unwrap()
}

#[tokio::test]
async fn each_reader_of_a_zone_is_planned_once_and_claimed_once() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        let mut tx = db.store.begin().await.unwrap();
        let mut tokyo = new_subscriber(setting.brief, 90, reveille_model::SubscriberState::Active);
        tokyo.home.zone = zone("Asia/Tokyo");
        subscribers::insert(&mut tx, &tokyo).await.unwrap();
        let pending = new_subscriber(setting.brief, 91, reveille_model::SubscriberState::Pending);
        subscribers::insert(&mut tx, &pending).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(plan_berlin(&db.store, &setting).await, 3, "{}", db.name);
        assert_eq!(plan_berlin(&db.store, &setting).await, 0, "{}: again", db.name);
        assert!(
            claim(&db.store, &setting, 9, MORNING.plus(-1)).await.is_empty(),
            "{}: too early",
            db.name
        );
        assert_eq!(next_due(&db.store, &setting).await, Some(MORNING), "{}", db.name);

        let claimed = claim(&db.store, &setting, 2, MORNING).await;
        assert_eq!(
            claimed.iter().map(|d| d.subscriber).collect::<Vec<_>>(),
            setting.readers[..2],
            "{}",
            db.name
        );
        assert_eq!(
            (claimed[1].email.as_str(), claimed[1].claim.attempts),
            ("reader1@example.org", 1)
        );
        assert_eq!(claimed[1].token, format!("{:032x}", 1));
        let id = format!("morning.2026-03-10.{}@brief.example", setting.readers[1]);
        assert_eq!(claimed[1].message_id, id, "{}", db.name);
        assert_eq!(claim(&db.store, &setting, 2, MORNING).await.len(), 1);
        assert!(
            claim(&db.store, &setting, 2, MORNING).await.is_empty(),
            "{}",
            db.name
        );
        assert_eq!(
            states(&db.store, &setting).await,
            BTreeMap::from([(DeliveryState::Sending, 3)])
        );
    }
}

#[tokio::test]
async fn every_end_of_a_delivery_is_recorded() {
    for db in databases().await {
        let setting = setting(&db, 6).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 9, MORNING).await;
        assert_eq!(wire(&db.store, &claimed[..5], MORNING).await, 5, "{}", db.name);
        let (now, later) = (MORNING.plus(1), MORNING.plus(HOUR));
        let outcomes = [
            Outcome::Sent("250 2.0.0 a".to_owned()),
            Outcome::Refused("550 5.1.1 nobody".to_owned()),
            Outcome::Failed("given up".to_owned()),
            Outcome::Deferred(later, "451 later".to_owned()),
            Outcome::Unknown("the line went dead".to_owned()),
            // No connection was to be had, so that it never was on the wire.
            Outcome::Deferred(later, "no server".to_owned()),
        ];
        let outcomes: Vec<_> = claimed.iter().map(|one| one.claim).zip(outcomes).collect();
        for (news, told) in [(6, "at first"), (0, "again")] {
            let mut tx = db.store.begin().await.unwrap();
            let recorded = deliveries::record(&mut tx, &outcomes, now).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(recorded, news, "{}: {told}", db.name);
        }
        let mut shown = Vec::new();
        for reader in &setting.readers {
            let which = Which::To(*reader);
            let rows = deliveries::list(&db.store, setting.edition, which, None, 9)
                .await
                .unwrap();
            assert_eq!(rows.len(), 1, "{}", db.name);
            let row = rows.into_iter().next().unwrap();
            shown.push((row.state, row.reply, row.error, row.sent_at, row.doubts));
        }
        use DeliveryState::{Failed, Queued, Refused, Sent, Unknown};
        let some = |text: &str| Some(text.to_owned());
        let expected = [
            (Sent, some("250 2.0.0 a"), None, Some(now), 0),
            (Refused, some("550 5.1.1 nobody"), None, None, 0),
            (Failed, None, some("given up"), None, 0),
            (Queued, None, some("451 later"), None, 0),
            (Unknown, None, some("the line went dead"), None, 1),
            (Queued, None, some("no server"), None, 0),
        ];
        assert_eq!(shown, expected, "{}", db.name);
        let resent = now.plus(IfUnknown::PAUSE_MILLIS);
        assert_eq!(next_due(&db.store, &setting).await, Some(resent), "{}", db.name);
        assert_eq!(tally(&db.store).await.unwrap().deliveries_sent, 1);
        let again = claim(&db.store, &setting, 9, later).await;
        let of = |delivery: &Delivery| (delivery.claim.attempts, delivery.tries);
        assert_eq!(
            again.iter().map(of).collect::<Vec<_>>(),
            [(2, 0), (2, 1), (2, 1)],
            "{}",
            db.name
        );
        assert_eq!(again[0].message_id, claimed[4].message_id, "{}", db.name);
    }
}

#[tokio::test]
async fn deliveries_of_a_state_are_listed_page_by_page_with_their_addresses() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 2, MORNING).await;
        record(&db.store, &claimed, taken(), MORNING).await;
        let list = async |after, limit| {
            let which = Which::In(DeliveryState::Sent);
            let rows = deliveries::list(&db.store, setting.edition, which, after, limit).await;
            rows.unwrap()
        };
        let first = list(None, 1).await;
        let rest = list(Some(first[0].id), 9).await;
        let to = |rows: &[deliveries::StoredDelivery]| -> Vec<String> {
            rows.iter().map(|row| row.email.to_string()).collect()
        };
        assert_eq!(to(&first), ["reader0@example.org"], "{}", db.name);
        assert_eq!(to(&rest), ["reader1@example.org"], "{}", db.name);
    }
}

#[tokio::test]
async fn who_left_before_the_morning_is_not_sent_to() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let mut tx = db.store.begin().await.unwrap();
        for number in [0, 1] {
            let line = consent(ConsentKind::Left, MORNING);
            subscribers::leave(&mut tx, &format!("{number:032x}"), &line)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        // The first two batches hold nobody; the claim goes on to the third reader.
        let claimed = claim(&db.store, &setting, 1, MORNING).await;
        assert_eq!(
            claimed.iter().map(|d| d.subscriber).collect::<Vec<_>>(),
            setting.readers[2..],
            "{}",
            db.name
        );
        let expected = BTreeMap::from([(DeliveryState::Sending, 1), (DeliveryState::Withdrawn, 2)]);
        assert_eq!(states(&db.store, &setting).await, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn who_leaves_between_claim_and_wire_is_not_sent_to() {
    for db in databases().await {
        let setting = setting(&db, 2).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 9, MORNING).await;
        let mut tx = db.store.begin().await.unwrap();
        let line = consent(ConsentKind::Left, MORNING);
        subscribers::leave(&mut tx, &format!("{:032x}", 0), &line)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(wire(&db.store, &claimed, MORNING).await, 1, "{}", db.name);
        let expected = BTreeMap::from([(DeliveryState::Wire, 1), (DeliveryState::Withdrawn, 1)]);
        assert_eq!(states(&db.store, &setting).await, expected, "{}", db.name);
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
        assert_eq!(wire(&db.store, &slow, after).await, 0, "{}: too late", db.name);
        assert_eq!(
            record(&db.store, &slow, Outcome::Failed("late".to_owned()), after).await,
            0
        );
        assert_eq!(wire(&db.store, &heir, after).await, 3, "{}", db.name);
        assert_eq!(wire(&db.store, &heir, after).await, 0, "{}: once", db.name);
        assert_eq!(record(&db.store, &heir, taken(), after).await, 3, "{}", db.name);
        assert_eq!(next_due(&db.store, &setting).await, None, "{}", db.name);
    }
}

#[tokio::test]
async fn who_died_on_the_wire_leaves_it_unknown_and_it_goes_out_once_more() {
    for db in databases().await {
        let setting = setting(&db, 2).await;
        plan_berlin(&db.store, &setting).await;
        let slow = claim(&db.store, &setting, 9, MORNING).await;
        assert_eq!(wire(&db.store, &slow, MORNING).await, 2, "{}", db.name);
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
            record(&db.store, &slow[..1], taken(), lost).await,
            1,
            "{}",
            db.name
        );

        let again = lost.plus(IfUnknown::PAUSE_MILLIS);
        assert_eq!(next_due(&db.store, &setting).await, Some(again), "{}", db.name);
        let heir = claim(&db.store, &setting, 9, again).await;
        assert_eq!(heir.len(), 1, "{}", db.name);
        assert_eq!(heir[0].message_id, slow[1].message_id, "{}", db.name);
        assert_eq!(wire(&db.store, &heir, again).await, 1, "{}", db.name);
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
async fn a_held_delivery_waits_for_the_operator() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 9, MORNING).await;
        wire(&db.store, &claimed, MORNING).await;
        record(&db.store, &claimed, Outcome::Unknown("dead".to_owned()), MORNING).await;
        let (edition, later) = (setting.edition, MORNING.plus(HOUR));
        let due = deliveries::next_due(&db.store, edition, IfUnknown::Hold)
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
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(
            deliveries::resend(&mut tx, edition, Stuck::Failed, None, later)
                .await
                .unwrap(),
            1
        );
        tx.commit().await.unwrap();
        assert_eq!(claim(&db.store, &setting, 9, later).await.len(), 2, "{}", db.name);
    }
}

#[tokio::test]
async fn what_was_in_hand_is_put_back_or_released() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 9, MORNING).await;
        assert_eq!(wire(&db.store, &claimed[..1], MORNING).await, 1, "{}", db.name);
        let claims: Vec<_> = claimed[..2].iter().map(|delivery| delivery.claim).collect();
        let mut tx = db.store.begin().await.unwrap();
        let freed = deliveries::put_back(&mut tx, &claims, MORNING).await.unwrap();
        assert_eq!(freed, 1, "{}: not what is on the wire", db.name);
        assert_eq!(
            deliveries::release_all(&mut tx, MORNING).await.unwrap(),
            2,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        let expected = BTreeMap::from([(DeliveryState::Queued, 2), (DeliveryState::Unknown, 1)]);
        assert_eq!(states(&db.store, &setting).await, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn single_deliveries_are_planned_once_in_any_number() {
    for db in databases().await {
        let setting = setting(&db, 1_100).await;
        let new: Vec<_> = setting
            .readers
            .iter()
            .map(|id| NewDelivery {
                subscriber: *id,
                due_at: MORNING,
                message_id: format!("{id}@brief.example"),
            })
            .collect();
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(
            deliveries::plan(&mut tx, setting.edition, &new[..1_050], MORNING)
                .await
                .unwrap(),
            1_050
        );
        assert_eq!(
            deliveries::plan(&mut tx, setting.edition, &new, MORNING)
                .await
                .unwrap(),
            50,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        let claimed = claim(&db.store, &setting, 5_000, MORNING).await;
        assert_eq!(claimed.len(), 1_100, "{}", db.name);
        assert_eq!(wire(&db.store, &claimed, MORNING).await, 1_100, "{}", db.name);
        let recorded = record(&db.store, &claimed, taken(), MORNING).await;
        assert_eq!(recorded, 1_100, "{}", db.name);
        assert_eq!(next_due(&db.store, &setting).await, None, "{}", db.name);
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
                    assert_eq!(wire(&store, &batch, MORNING).await, batch.len());
                    let recorded = record(&store, &batch, taken(), MORNING).await;
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
