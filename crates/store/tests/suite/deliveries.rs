//! One edition to each reader once, as long as nobody dies; `handover` is about the rest.

use std::collections::BTreeMap;

use reveille_model::{
    BriefId, ConsentKind, DeliveryState, EditionId, IfUnknown, ReturnKind, SubscriberId, SubscriberState,
    UnixMillis,
};
use reveille_store::{
    Store,
    deliveries::{self, Delivery, Leaving, NewDelivery, Outcome, Readers, Which},
    figures, returns, subscribers, tally,
};
use reveille_testkit::{Database, databases};

use crate::fixture::{
    HOUR, MINUTE, MORNING, brief, consent, edition, new_subscriber, refusal, subscriber, zone,
};

pub(crate) struct Setting {
    pub(crate) brief: BriefId,
    pub(crate) edition: EditionId,
    pub(crate) readers: Vec<SubscriberId>,
}

pub(crate) async fn setting(db: &Database, readers: u32) -> Setting {
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

pub(crate) async fn plan_berlin(store: &Store, setting: &Setting) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let readers = Readers {
        brief: setting.brief,
        audience: None,
        zone: &zone("Europe/Berlin"),
        after: None,
    };
    let part = deliveries::plan_zone(
        &mut tx,
        setting.edition,
        readers,
        u32::MAX,
        MORNING.into(),
        MORNING,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    part.planned
}

pub(crate) async fn claim(store: &Store, setting: &Setting, limit: u32, now: UnixMillis) -> Vec<Delivery> {
    deliveries::claim(store, setting.edition, IfUnknown::Resend, limit, MINUTE, now)
        .await
        .unwrap()
}

/// Claims as they leave: under the Message-ID that they had, or one that no other claim gets.
pub(crate) fn leaving(claimed: &[Delivery]) -> Vec<Leaving> {
    let fresh = |one: &Delivery| format!("{}.{}@brief.example", one.subscriber, one.claim.attempts);
    let leaving = |one: &Delivery| Leaving {
        claim: one.claim,
        message_id: one.message_id.clone().unwrap_or_else(|| fresh(one)),
        printed_at: MORNING,
    };
    claimed.iter().map(leaving).collect()
}

/// Puts claims on the wire; of how many it was allowed.
pub(crate) async fn wire(store: &Store, setting: &Setting, claimed: &[Delivery], now: UnixMillis) -> usize {
    let mut tx = store.begin().await.unwrap();
    let wired = deliveries::wire(&mut tx, setting.edition, &leaving(claimed), now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    wired.len()
}

/// Records one outcome for each of these; of how many it was news.
pub(crate) async fn record(
    store: &Store,
    setting: &Setting,
    claimed: &[Delivery],
    outcome: Outcome,
    now: UnixMillis,
) -> u64 {
    let outcomes: Vec<_> = claimed
        .iter()
        .map(|delivery| (delivery.claim, outcome.clone()))
        .collect();
    let mut tx = store.begin().await.unwrap();
    let recorded = deliveries::record(&mut tx, setting.edition, &outcomes, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    recorded
}

pub(crate) fn taken() -> Outcome {
    Outcome::Sent("250 2.0.0 ok".to_owned())
}

pub(crate) async fn next_due(store: &Store, setting: &Setting) -> Option<UnixMillis> {
    let (edition, rule) = (setting.edition, IfUnknown::Resend);
    deliveries::next_due(store, edition, rule, MORNING).await.unwrap()
}

pub(crate) async fn states(store: &Store, setting: &Setting) -> BTreeMap<DeliveryState, u64> {
    counted(store, setting.edition).await
}

/// How many deliveries of an edition are in each state, as its running counts have it, which its rows must bear out.
pub(crate) async fn counted(store: &Store, edition: EditionId) -> BTreeMap<DeliveryState, u64> {
    let tally = deliveries::tally(store, edition).await.unwrap();
    let mut rows = BTreeMap::new();
    for &state in DeliveryState::ALL {
        let listed = deliveries::list(store, edition, Which::In(state), None, 100_000);
        match listed.await.unwrap().len() as u64 {
            0 => {}
            some => _ = rows.insert(state, some),
        }
    }
    assert_eq!(tally, rows, "the running counts");
    tally
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
        assert_eq!(claimed[1].message_id, None, "{}: it never left", db.name);
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
        assert_eq!(
            wire(&db.store, &setting, &claimed[..5], MORNING).await,
            5,
            "{}",
            db.name
        );
        let (now, later) = (MORNING.plus(1), MORNING.plus(HOUR));
        let outcomes = [
            Outcome::Sent("250 2.0.0 a".to_owned()),
            Outcome::Refused("550 5.1.1 nobody".to_owned(), refusal(ReturnKind::Hard)),
            Outcome::Failed("given up".to_owned()),
            Outcome::Deferred(later, "451 later".to_owned()),
            Outcome::Unknown("the line went dead".to_owned()),
            // No connection was to be had, so that it never was on the wire.
            Outcome::Deferred(later, "no server".to_owned()),
        ];
        let outcomes: Vec<_> = claimed.iter().map(|one| one.claim).zip(outcomes).collect();
        for (news, told) in [(6, "at first"), (0, "again")] {
            let mut tx = db.store.begin().await.unwrap();
            let recorded = deliveries::record(&mut tx, setting.edition, &outcomes, now)
                .await
                .unwrap();
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
        // Whose address is none gets no more mail, as after a mail that came back, and is counted once.
        let refused = subscribers::find(&db.store, setting.readers[1])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(refused.state, SubscriberState::Bounced, "{}", db.name);
        let kept = returns::list(&db.store, refused.id).await.unwrap();
        assert_eq!(kept, [refusal(ReturnKind::Hard)], "{}", db.name);
        let months = figures::by_month(&db.store, setting.brief).await.unwrap();
        let hard: u64 = months.values().map(|month| month.hard).sum();
        assert_eq!(hard, 1, "{}", db.name);
        let again = claim(&db.store, &setting, 9, later).await;
        let of = |delivery: &Delivery| (delivery.claim.attempts, delivery.tries);
        assert_eq!(
            again.iter().map(of).collect::<Vec<_>>(),
            [(2, 0), (2, 1), (2, 1)],
            "{}",
            db.name
        );
        let id = |one: &Delivery| Some(format!("{}.1@brief.example", one.subscriber));
        assert_eq!(again[0].message_id, id(&claimed[4]), "{}", db.name);
    }
}

#[tokio::test]
async fn a_full_box_costs_no_reader_their_place() {
    for db in databases().await {
        let setting = setting(&db, 1).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 1, MORNING).await;
        let full = Outcome::Refused("552 5.2.2 full".to_owned(), refusal(ReturnKind::Soft));
        record(&db.store, &setting, &claimed, full, MORNING).await;
        let reader = subscribers::find(&db.store, setting.readers[0])
            .await
            .unwrap()
            .unwrap();
        assert_eq!(reader.state, SubscriberState::Active, "{}", db.name);
        assert_eq!(
            returns::list(&db.store, reader.id).await.unwrap().len(),
            1,
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn deliveries_of_a_state_are_listed_page_by_page_with_their_addresses() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 2, MORNING).await;
        record(&db.store, &setting, &claimed, taken(), MORNING).await;
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
        assert_eq!(
            wire(&db.store, &setting, &claimed, MORNING).await,
            1,
            "{}",
            db.name
        );
        let expected = BTreeMap::from([(DeliveryState::Wire, 1), (DeliveryState::Withdrawn, 1)]);
        assert_eq!(states(&db.store, &setting).await, expected, "{}", db.name);
        let which = Which::In(DeliveryState::Withdrawn);
        let listed = deliveries::list(&db.store, setting.edition, which, None, 9).await;
        let why = listed.unwrap().remove(0).error;
        assert_eq!(why.as_deref(), Some("the reader has left"), "{}", db.name);
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
                slot: MORNING.into(),
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
        assert_eq!(
            wire(&db.store, &setting, &claimed, MORNING).await,
            1_100,
            "{}",
            db.name
        );
        let recorded = record(&db.store, &setting, &claimed, taken(), MORNING).await;
        assert_eq!(recorded, 1_100, "{}", db.name);
        assert_eq!(next_due(&db.store, &setting).await, None, "{}", db.name);
    }
}
