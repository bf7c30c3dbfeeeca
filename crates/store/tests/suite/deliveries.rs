//! One edition to each reader once, whoever dies in between.

use std::collections::{BTreeMap, HashSet};

use reveille_model::{BriefId, ConsentKind, DeliveryState, EditionId, SubscriberId, UnixMillis};
use reveille_store::{
    Store,
    deliveries::{self, Delivery, MessageIds, NewDelivery},
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
    deliveries::claim(store, setting.edition, limit, MINUTE, now)
        .await
        .unwrap()
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
        assert_eq!(
            deliveries::next_due(&db.store, setting.edition).await.unwrap(),
            Some(MORNING)
        );

        let claimed = claim(&db.store, &setting, 2, MORNING).await;
        assert_eq!(
            claimed.iter().map(|d| d.subscriber).collect::<Vec<_>>(),
            setting.readers[..2],
            "{}",
            db.name
        );
        assert_eq!(
            (claimed[1].email.as_str(), claimed[1].attempts),
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
        let setting = setting(&db, 5).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 9, MORNING).await;
        let now = MORNING.plus(1);
        let mut tx = db.store.begin().await.unwrap();
        let batch = [
            (claimed[0].id, "250 2.0.0 a".to_owned()),
            (claimed[1].id, "250 2.0.0 b".to_owned()),
        ];
        assert_eq!(
            deliveries::sent_batch(&mut tx, &batch, now).await.unwrap(),
            2,
            "{}",
            db.name
        );
        assert!(
            !deliveries::sent(&mut tx, claimed[0].id, "250 again", now)
                .await
                .unwrap(),
            "{}",
            db.name
        );
        assert!(
            deliveries::refused(&mut tx, &claimed[2], "550 5.1.1 nobody", now)
                .await
                .unwrap()
        );
        assert!(
            deliveries::failed(&mut tx, &claimed[3], "given up", now)
                .await
                .unwrap()
        );
        let later = MORNING.plus(HOUR);
        assert!(
            deliveries::retry(&mut tx, &claimed[4], later, "451 later", now)
                .await
                .unwrap()
        );
        assert!(
            !deliveries::retry(&mut tx, &claimed[4], later, "451 later", now)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();

        let rows = deliveries::list(&db.store, setting.edition, None, None, 99)
            .await
            .unwrap();
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (row.state, row.reply.as_deref(), row.error.as_deref(), row.sent_at))
            .collect();
        use DeliveryState::{Failed, Queued, Refused, Sent};
        let expected = [
            (Sent, Some("250 2.0.0 a"), None, Some(now)),
            (Sent, Some("250 2.0.0 b"), None, Some(now)),
            (Refused, Some("550 5.1.1 nobody"), None, None),
            (Failed, None, Some("given up"), None),
            (Queued, None, Some("451 later"), None),
        ];
        assert_eq!(shown, expected, "{}", db.name);
        let page = deliveries::list(&db.store, setting.edition, Some(Sent), Some(rows[0].id), 9)
            .await
            .unwrap();
        assert_eq!(
            page.iter().map(|row| row.id).collect::<Vec<_>>(),
            [rows[1].id],
            "{}",
            db.name
        );
        assert_eq!(
            deliveries::next_due(&db.store, setting.edition).await.unwrap(),
            Some(later)
        );
        assert_eq!(tally(&db.store).await.unwrap().deliveries_sent, 2);
        let again = claim(&db.store, &setting, 9, later).await;
        assert_eq!((again.len(), again[0].attempts), (1, 2), "{}", db.name);
        assert_eq!(again[0].message_id, claimed[4].message_id, "{}", db.name);
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
async fn a_dead_senders_batch_is_taken_over_and_a_slow_ones_word_still_counts() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let slow = claim(&db.store, &setting, 9, MORNING).await;
        let before = MORNING.plus(MINUTE - 1);
        let after = MORNING.plus(MINUTE);
        assert!(
            claim(&db.store, &setting, 9, before).await.is_empty(),
            "{}: the lease holds",
            db.name
        );
        assert_eq!(
            deliveries::next_due(&db.store, setting.edition).await.unwrap(),
            Some(after)
        );
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(
            deliveries::reset_sending(&mut tx, setting.edition, before)
                .await
                .unwrap(),
            0
        );
        tx.commit().await.unwrap();

        let heir = claim(&db.store, &setting, 9, after).await;
        assert_eq!((heir.len(), heir[0].attempts), (3, 2), "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        assert!(
            !deliveries::failed(&mut tx, &slow[0], "late", after)
                .await
                .unwrap(),
            "{}",
            db.name
        );
        assert!(
            !deliveries::refused(&mut tx, &slow[0], "550", after)
                .await
                .unwrap(),
            "{}",
            db.name
        );
        assert!(
            !deliveries::retry(&mut tx, &slow[0], after, "451", after)
                .await
                .unwrap(),
            "{}",
            db.name
        );
        assert!(
            deliveries::sent(&mut tx, slow[1].id, "250 ok", after)
                .await
                .unwrap(),
            "{}",
            db.name
        );
        assert!(
            !deliveries::failed(&mut tx, &heir[1], "no", after).await.unwrap(),
            "{}: it is sent",
            db.name
        );
        tx.commit().await.unwrap();

        let end = after.plus(MINUTE);
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(
            deliveries::reset_sending(&mut tx, setting.edition, end)
                .await
                .unwrap(),
            2,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        assert_eq!(claim(&db.store, &setting, 9, end).await.len(), 2, "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(
            deliveries::release_all(&mut tx, end).await.unwrap(),
            2,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        let expected = BTreeMap::from([(DeliveryState::Queued, 2), (DeliveryState::Sent, 1)]);
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
        let replies: Vec<_> = claimed
            .iter()
            .map(|delivery| (delivery.id, "250 ok".to_owned()))
            .collect();
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(
            deliveries::sent_batch(&mut tx, &replies, MORNING).await.unwrap(),
            1_100,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        assert_eq!(
            deliveries::next_due(&db.store, setting.edition).await.unwrap(),
            None,
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
                    let replies: Vec<_> = batch.iter().map(|d| (d.id, "250 ok".to_owned())).collect();
                    to.extend(batch.into_iter().map(|delivery| delivery.email));
                    let mut tx = store.begin().await.unwrap();
                    let recorded = deliveries::sent_batch(&mut tx, &replies, MORNING).await.unwrap();
                    assert_eq!(recorded, replies.len() as u64);
                    tx.commit().await.unwrap();
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
