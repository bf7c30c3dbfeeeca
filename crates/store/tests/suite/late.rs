//! Deliveries that come too late, leases that are renewed, and what stands in the running counts.

use std::collections::{BTreeMap, HashSet};

use reveille_model::{
    ConsentKind, DeliveryState, EditionId, Home, IfUnknown, Slot, SubscriberId, UnixMillis, Zone,
};
use reveille_store::{
    Store,
    deliveries::{self, NewDelivery, Outcome, Readers, Stuck, Which},
    subscribers::{self, Erasure},
};
use reveille_testkit::databases;

use crate::{
    deliveries::{counted, leaving},
    fixture::{HOUR, MINUTE, MORNING, brief, consent, edition, subscriber, zone},
};

/// An edition to readers of these slots.
async fn planned(store: &Store, slots: &[Slot]) -> (EditionId, Vec<SubscriberId>) {
    let mut tx = store.begin().await.unwrap();
    let brief = brief(&mut tx).await;
    let edition = edition(&mut tx, brief, "2026-03-10").await;
    let (mut readers, mut new) = (Vec::new(), Vec::new());
    for (number, slot) in (0..).zip(slots) {
        let reader = subscriber(&mut tx, brief, number).await;
        readers.push(reader);
        new.push(NewDelivery {
            subscriber: reader,
            slot: *slot,
        });
    }
    deliveries::plan(&mut tx, edition, &new, MORNING).await.unwrap();
    tx.commit().await.unwrap();
    (edition, readers)
}

async fn claim(store: &Store, edition: EditionId, now: UnixMillis) -> Vec<deliveries::Delivery> {
    deliveries::claim(store, edition, IfUnknown::Resend, 9, MINUTE, now)
        .await
        .unwrap()
}

const fn until(late: i64) -> Slot {
    Slot {
        due_at: MORNING,
        late_at: Some(MORNING.plus(late)),
    }
}

#[tokio::test]
async fn whose_pause_a_later_edition_has_ended_misses_none_of_before() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let edition = edition(&mut tx, brief, "2026-03-10").await;
        let mut readers = Vec::new();
        for (number, until) in (0..).zip(["2026-03-09", "2026-03-10", "2026-03-11"]) {
            let reader = subscriber(&mut tx, brief, number).await;
            let paused = consent(ConsentKind::Changed, MORNING);
            subscribers::pause(&mut tx, reader, until.parse().unwrap(), &paused)
                .await
                .unwrap();
            readers.push(reader);
        }
        subscribers::wake(&mut tx, brief, "2026-03-11".parse().unwrap())
            .await
            .unwrap();
        let all = Readers {
            brief,
            audience: None,
            zone: &zone("Europe/Berlin"),
            after: None,
        };
        let part = deliveries::plan_zone(&mut tx, edition, all, 9, until(0), MORNING).await;
        assert_eq!(part.unwrap().planned, 2, "{}", db.name);
        tx.commit().await.unwrap();
        let missed = deliveries::missed_among(&db.store, edition, &readers)
            .await
            .unwrap();
        assert!(!missed.contains(&readers[2]), "{}", db.name);
    }
}

#[tokio::test]
async fn what_may_have_arrived_is_not_missed_and_waits_for_the_operator() {
    for db in databases().await {
        let (edition, _) = planned(&db.store, &[until(HOUR)]).await;
        let claimed = claim(&db.store, edition, MORNING).await;
        let mut tx = db.store.begin().await.unwrap();
        deliveries::wire(&mut tx, edition, &leaving(&claimed), MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        // Its sender dies, and the next one comes after the last hour.
        let late = MORNING.plus(2 * HOUR);
        for now in [late, late.plus(HOUR)] {
            assert!(claim(&db.store, edition, now).await.is_empty(), "{}", db.name);
            let tally = counted(&db.store, edition).await;
            assert_eq!(
                tally,
                BTreeMap::from([(DeliveryState::Unknown, 1)]),
                "{}",
                db.name
            );
        }
        let due = deliveries::next_due(&db.store, edition, IfUnknown::Resend, late).await;
        assert_eq!(due.unwrap(), None, "{}", db.name);
    }
}

#[tokio::test]
async fn what_waits_follows_a_reader_to_another_zone_on_the_day_that_it_is_dated() {
    for db in databases().await {
        let (edition, readers) = planned(&db.store, &[until(HOUR), until(HOUR), until(HOUR)]).await;
        let zones = ["Pacific/Auckland", "America/Los_Angeles"];
        let mut tx = db.store.begin().await.unwrap();
        for (reader, zone) in readers.iter().zip(zones) {
            let zone = zone.parse().unwrap();
            subscribers::set_home(&mut tx, *reader, &Home::of("", None, &zone), MORNING)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let due = async |reader| {
            let listed = deliveries::list(&db.store, edition, Which::To(reader), None, 1).await;
            let row = listed.unwrap().remove(0);
            (
                row.state,
                row.due_at.day(&Zone::UTC).to_string(),
                row.due_at.since(MORNING) / HOUR,
            )
        };
        let day = "2026-03-10".to_owned();
        // At four in the morning of UTC it is five in the afternoon in Auckland, and six in Los Angeles nine hours later.
        assert_eq!(
            due(readers[0]).await,
            (DeliveryState::Queued, day.clone(), 0),
            "{}",
            db.name
        );
        assert_eq!(
            due(readers[1]).await,
            (DeliveryState::Queued, day.clone(), 9),
            "{}",
            db.name
        );
        assert_eq!(
            due(readers[2]).await,
            (DeliveryState::Queued, day, 0),
            "{}",
            db.name
        );
        let claimed = claim(&db.store, edition, MORNING.plus(8 * HOUR)).await;
        assert!(
            claimed.is_empty(),
            "{}: over in Auckland, and past the last hour of the third",
            db.name
        );
        let claimed = claim(&db.store, edition, MORNING.plus(9 * HOUR)).await;
        assert_eq!(claimed.len(), 1, "{}", db.name);
    }
}

#[tokio::test]
async fn many_who_are_late_are_passed_over_at_once_and_no_more_given_out_than_asked_for() {
    use DeliveryState::{Missed, Queued, Sending};
    for db in databases().await {
        let mut slots = vec![until(HOUR); 120];
        slots.extend([Slot::from(MORNING); 40]);
        let (edition, readers) = planned(&db.store, &slots).await;
        let now = MORNING.plus(HOUR);
        for (given, expected) in [
            (9, BTreeMap::from([(Missed, 120), (Queued, 31), (Sending, 9)])),
            (9, BTreeMap::from([(Missed, 120), (Queued, 22), (Sending, 18)])),
        ] {
            let claimed = claim(&db.store, edition, now).await;
            let first = claimed.first().map(|one| one.subscriber);
            assert_eq!(claimed.len(), given, "{}", db.name);
            assert!(first >= Some(readers[120]), "{}", db.name);
            assert_eq!(counted(&db.store, edition).await, expected, "{}", db.name);
        }
    }
}

#[tokio::test]
async fn who_is_past_the_last_hour_misses_the_edition() {
    use DeliveryState::{Missed, Queued, Sending, Sent};
    for db in databases().await {
        let slots = [until(0), until(HOUR), until(2 * HOUR), MORNING.into()];
        let (edition, readers) = planned(&db.store, &slots).await;
        let tally = async || counted(&db.store, edition).await;
        assert_eq!(
            tally().await,
            BTreeMap::from([(Missed, 1), (Queued, 3)]),
            "{}",
            db.name
        );

        let now = MORNING.plus(HOUR);
        let claimed = claim(&db.store, edition, now).await;
        let given: Vec<_> = claimed.iter().map(|one| (one.subscriber, one.late_at)).collect();
        assert_eq!(
            given,
            [(readers[2], slots[2].late_at), (readers[3], None)],
            "{}",
            db.name
        );
        let late = now.plus(HOUR);
        let claims: Vec<_> = claimed.iter().map(|one| one.claim).collect();
        let mut tx = db.store.begin().await.unwrap();
        let wired = deliveries::wire(&mut tx, edition, &leaving(&claimed), late)
            .await
            .unwrap();
        let sent = [(claims[1], Outcome::Sent("250 ok".to_owned()))];
        deliveries::record(&mut tx, edition, &sent, late).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            wired,
            HashSet::from([claims[1]]),
            "{}: too late meanwhile",
            db.name
        );
        assert_eq!(
            tally().await,
            BTreeMap::from([(Missed, 3), (Sent, 1)]),
            "{}",
            db.name
        );
        let missed = deliveries::missed_among(&db.store, edition, &readers[2..])
            .await
            .unwrap();
        assert_eq!(missed, HashSet::from([readers[2]]), "{}", db.name);
        let due = deliveries::next_due(&db.store, edition, IfUnknown::Resend, MORNING)
            .await
            .unwrap();
        assert_eq!(due, None, "{}", db.name);

        let mut tx = db.store.begin().await.unwrap();
        let queued = deliveries::resend(&mut tx, edition, Stuck::Missed, Some(readers[0]), late);
        assert_eq!(queued.await.unwrap(), 1, "{}", db.name);
        tx.commit().await.unwrap();
        assert_eq!(
            claim(&db.store, edition, late).await.len(),
            1,
            "{}: the operator's word",
            db.name
        );
        let expected = BTreeMap::from([(Missed, 2), (Sending, 1), (Sent, 1)]);
        assert_eq!(tally().await, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn what_is_held_on_to_is_nobody_elses() {
    for db in databases().await {
        let (edition, _) = planned(&db.store, &[MORNING.into(); 3]).await;
        let claimed = claim(&db.store, edition, MORNING).await;
        let claims: Vec<_> = claimed.iter().map(|one| one.claim).collect();
        let half = MORNING.plus(MINUTE / 2);
        let mut tx = db.store.begin().await.unwrap();
        deliveries::wire(&mut tx, edition, &leaving(&claimed[..1]), MORNING)
            .await
            .unwrap();
        deliveries::extend(&mut tx, edition, &claims[..2], MINUTE, half)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let heir = claim(&db.store, edition, MORNING.plus(MINUTE)).await;
        let taken: Vec<_> = heir.iter().map(|one| one.claim.id).collect();
        assert_eq!(taken, [claims[2].id], "{}: not held on to", db.name);
        let mut tx = db.store.begin().await.unwrap();
        deliveries::extend(&mut tx, edition, &claims[2..], 9 * MINUTE, half)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let heir = claim(&db.store, edition, half.plus(MINUTE)).await;
        let taken: Vec<_> = heir.iter().map(|one| one.claim.id).collect();
        // What was on the wire is unknown; the third is its heir's, whose own lease is over later.
        assert_eq!(taken, [claims[1].id], "{}", db.name);
    }
}

#[tokio::test]
async fn an_erased_reader_is_no_longer_counted() {
    for db in databases().await {
        let (edition, _) = planned(&db.store, &[MORNING.into(); 2]).await;
        let claimed = claim(&db.store, edition, MORNING).await;
        let sent: Vec<_> = claimed
            .iter()
            .map(|one| (one.claim, Outcome::Sent("250 ok".to_owned())))
            .collect();
        let mut tx = db.store.begin().await.unwrap();
        deliveries::record(&mut tx, edition, &sent, MORNING)
            .await
            .unwrap();
        let erasure = Erasure {
            email: &claimed[0].email,
            secret: "0123456789abcdef0123456789abcdef",
            now: MORNING,
        };
        assert_eq!(
            subscribers::erase(&mut tx, &erasure).await.unwrap(),
            1,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        let tally = counted(&db.store, edition).await;
        assert_eq!(tally, BTreeMap::from([(DeliveryState::Sent, 1)]), "{}", db.name);
    }
}
