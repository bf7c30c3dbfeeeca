//! Readers who move, pause, go on and come while an edition goes out.

mod never_late;

use std::time::Duration;

use reveille_model::{
    Brief, BriefId, ConsentKind, DeliveryId, DeliveryState, EditionId, EditionMove, Home, IfUnknown,
    ReturnKind, Slot, SubscriberId, SubscriberState, TooLate, UnixMillis,
};
use reveille_store::{
    Store, Tx, briefs, confirmations,
    deliveries::{self, Later, NewDelivery, Outcome, Readers, Stuck, Which},
    editions, jobs,
    subscribers::{self, SignUp},
};
use reveille_testkit::databases;

use crate::deliveries::counted;
use crate::fixture::{
    HOUR, MINUTE, MORNING, brief, consent, edition, new_brief, new_subscriber, refusal, subscriber, zone,
};

const WEST: &str = "America/Los_Angeles";
/// Six o'clock there, on the tenth.
const WESTERN_MORNING: UnixMillis = MORNING.plus(9 * HOUR);

async fn settle_in(tx: &mut Tx, id: SubscriberId, place: &str, now: UnixMillis) {
    let home = Home::of("", None, &zone(place));
    subscribers::set_home(tx, id, &home, now).await.unwrap();
}

async fn pause(tx: &mut Tx, id: SubscriberId, until: &str, now: UnixMillis) {
    let line = consent(ConsentKind::Changed, now);
    let until = until.parse().unwrap();
    assert!(subscribers::pause(tx, id, until, &line).await.unwrap());
}

/// The edition of the tenth, planned for one reader in UTC.
async fn going_out(tx: &mut Tx) -> (BriefId, EditionId, SubscriberId) {
    let brief = brief(tx).await;
    let (edition, reader) = send_out(tx, brief).await;
    (brief, edition, reader)
}

async fn send_out(tx: &mut Tx, brief: BriefId) -> (EditionId, SubscriberId) {
    let reader = subscriber(tx, brief, 1).await;
    let edition = edition(tx, brief, "2026-03-10").await;
    let new = NewDelivery {
        subscriber: reader,
        slot: MORNING.plus(2 * HOUR).into(),
    };
    deliveries::plan(tx, edition, &[new], MORNING).await.unwrap();
    (edition, reader)
}

/// How the edition stands for a reader, and when it is due.
async fn planned(
    store: &Store,
    edition: EditionId,
    reader: SubscriberId,
) -> Option<(DeliveryState, UnixMillis)> {
    let listed = deliveries::list(store, edition, Which::To(reader), None, 2).await;
    let listed = listed.unwrap();
    assert!(listed.len() < 2, "{listed:?}");
    listed.first().map(|row| (row.state, row.due_at))
}

#[tokio::test]
async fn whoever_comes_or_comes_back_before_their_hour_gets_the_edition_then() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let (mut ids, day) = (Vec::new(), "2026-03-10");
        for number in 2..=6 {
            let state = match number {
                6 => SubscriberState::Pending,
                _ => SubscriberState::Active,
            };
            let new = new_subscriber(brief, number, state);
            let SignUp::New(id) = subscribers::insert(&mut tx, &new).await.unwrap() else {
                panic!("{new:?} is there already")
            };
            settle_in(&mut tx, id, WEST, MORNING).await;
            ids.push(id);
        }
        let [resumes, shortens, stays_away, late, confirms] = ids[..] else {
            unreachable!()
        };
        for reader in [resumes, shortens, stays_away, late] {
            pause(&mut tx, reader, "2026-04-01", MORNING).await;
            assert_eq!(
                subscribers::wake(&mut tx, brief, day.parse().unwrap())
                    .await
                    .unwrap(),
                0
            );
        }
        let (edition, _) = send_out(&mut tx, brief).await;
        let line = |at| consent(ConsentKind::Changed, at);
        let now = MORNING.plus(HOUR);
        subscribers::resume(&mut tx, resumes, &line(now)).await.unwrap();
        pause(&mut tx, shortens, day, now).await;
        pause(&mut tx, stays_away, "2026-03-11", now).await;
        subscribers::resume(&mut tx, late, &line(WESTERN_MORNING))
            .await
            .unwrap();
        subscribers::confirm_asked(&mut tx, confirms, &line(now))
            .await
            .unwrap();
        // A second change finds them planned.
        settle_in(&mut tx, confirms, WEST, now).await;
        tx.commit().await.unwrap();
        for (reader, expected) in [
            (resumes, true),
            (shortens, true),
            (stays_away, false),
            (late, false),
            (confirms, true),
        ] {
            let expected = expected.then_some((DeliveryState::Queued, WESTERN_MORNING));
            assert_eq!(planned(&db.store, edition, reader).await, expected, "{}", db.name);
        }
        let next = jobs::next_at(&db.store, &["deliver_edition"], now).await.unwrap();
        assert_eq!(next, Some(WESTERN_MORNING), "{}", db.name);
        let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, MINUTE, WESTERN_MORNING);
        let mut claimed: Vec<_> = claimed.await.unwrap().iter().map(|one| one.subscriber).collect();
        claimed.retain(|reader| ids.contains(reader));
        claimed.sort();
        assert_eq!(claimed, [resumes, shortens, confirms], "{}", db.name);
    }
}

#[tokio::test]
async fn a_pause_until_an_editions_day_keeps_nobody_from_it() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let (brief, edition, reader) = going_out(&mut tx).await;
        let other = subscriber(&mut tx, brief, 2).await;
        pause(&mut tx, reader, "2026-03-10", MORNING).await;
        pause(&mut tx, other, "2026-03-11", MORNING).await;
        tx.commit().await.unwrap();
        let hour = MORNING.plus(2 * HOUR);
        let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, MINUTE, hour);
        let claimed: Vec<_> = claimed.await.unwrap().iter().map(|one| one.subscriber).collect();
        assert_eq!(claimed, [reader], "{}", db.name);
        let state = planned(&db.store, edition, other).await.map(|(state, _)| state);
        assert_eq!(state, Some(DeliveryState::Withdrawn), "{}", db.name);
    }
}

#[tokio::test]
async fn a_pause_that_ends_with_the_next_edition_spares_the_one_that_is_still_coming() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let (brief, edition, reader) = going_out(&mut tx).await;
        let other = subscriber(&mut tx, brief, 2).await;
        settle_in(&mut tx, other, WEST, MORNING).await;
        for (who, until) in [(reader, "2026-03-11"), (other, "2026-03-10")] {
            pause(&mut tx, who, until, MORNING).await;
        }
        // The edition of the eleventh is being planned where that day begins.
        let next = "2026-03-11".parse().unwrap();
        assert_eq!(subscribers::wake(&mut tx, brief, next).await.unwrap(), 2);
        // A change of zone brings nobody what they skip.
        settle_in(&mut tx, reader, WEST, MORNING.plus(MINUTE)).await;
        tx.commit().await.unwrap();
        let found = subscribers::find(&db.store, reader).await.unwrap().unwrap();
        assert_eq!(
            (found.state, found.pauses_until()),
            (SubscriberState::Active, None)
        );
        assert!(found.wants(next) && !found.wants(next.yesterday()), "{}", db.name);
        let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, MINUTE, WESTERN_MORNING);
        let claimed: Vec<_> = claimed.await.unwrap().iter().map(|one| one.subscriber).collect();
        assert_eq!(claimed, [other], "{}", db.name);
        let state = planned(&db.store, edition, reader).await.map(|(state, _)| state);
        assert_eq!(state, Some(DeliveryState::Withdrawn), "{}", db.name);

        // Who leaves in a pause and comes back has none.
        let mut tx = db.store.begin().await.unwrap();
        pause(&mut tx, reader, "2027-01-01", MORNING).await;
        let line = |kind| consent(kind, WESTERN_MORNING);
        subscribers::leave(&mut tx, &found.token, &line(ConsentKind::Left))
            .await
            .unwrap();
        let back = new_subscriber(brief, 1, SubscriberState::Pending);
        assert!(subscribers::sign_up_again(&mut tx, reader, &back).await.unwrap());
        let confirmed = line(ConsentKind::Confirmed);
        assert!(
            subscribers::confirm_asked(&mut tx, reader, &confirmed)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        let found = subscribers::find(&db.store, reader).await.unwrap().unwrap();
        assert!(found.wants(next), "{}", db.name);
    }
}

#[tokio::test]
async fn what_a_move_lost_another_move_brings_back() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let (brief, edition, _) = going_out(&mut tx).await;
        let mover = subscriber(&mut tx, brief, 2).await;
        settle_in(&mut tx, mover, WEST, MORNING).await;
        // In Auckland it is past the last hour of that day by then.
        settle_in(&mut tx, mover, "Pacific/Auckland", MORNING.plus(8 * HOUR)).await;
        tx.commit().await.unwrap();
        let state = planned(&db.store, edition, mover).await.map(|(state, _)| state);
        assert_eq!(state, Some(DeliveryState::Missed), "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        settle_in(&mut tx, mover, WEST, MORNING.plus(8 * HOUR + MINUTE)).await;
        tx.commit().await.unwrap();
        let back = planned(&db.store, edition, mover).await;
        assert_eq!(
            back,
            Some((DeliveryState::Queued, WESTERN_MORNING)),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn who_takes_the_place_of_one_who_has_the_edition_gets_it_no_second_time() {
    takes_place_after(Outcome::Sent("250 ok".to_owned()), None).await;
}

#[tokio::test]
async fn who_takes_the_place_of_one_whose_mail_was_refused_gets_it() {
    let full = Outcome::Refused("552 5.2.2 full".to_owned(), refusal(ReturnKind::Soft));
    takes_place_after(full, Some(DeliveryState::Queued)).await;
}

/// A reader whose edition ended so moves to a second and a third address, where their hour is ahead: how it stands there.
async fn takes_place_after(outcome: Outcome, expected: Option<DeliveryState>) {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let (brief, edition, reader) = going_out(&mut tx).await;
        let new = new_subscriber(brief, 2, SubscriberState::Pending);
        let SignUp::New(successor) = subscribers::insert(&mut tx, &new).await.unwrap() else {
            panic!("{new:?} is there already")
        };
        tx.commit().await.unwrap();
        let hour = MORNING.plus(2 * HOUR);
        let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, MINUTE, hour);
        assert_eq!(claimed.await.unwrap().len(), 1, "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        let claim = deliveries::Claim {
            id: only(&db.store, edition, reader).await,
            attempts: 1,
        };
        deliveries::record(&mut tx, edition, &[(claim, outcome.clone())], hour)
            .await
            .unwrap();
        confirmations::insert_move(&mut tx, successor, reader, "a-link", hour)
            .await
            .unwrap();
        let line = consent(ConsentKind::Confirmed, hour);
        let confirmed = subscribers::confirm(&mut tx, "a-link", &line).await.unwrap();
        assert_eq!(confirmed.map(|reader| reader.id), Some(successor), "{}", db.name);
        settle_in(&mut tx, successor, WEST, hour).await;
        // And on to a third address.
        let new = new_subscriber(brief, 3, SubscriberState::Pending);
        let SignUp::New(last) = subscribers::insert(&mut tx, &new).await.unwrap() else {
            panic!("{new:?} is there already")
        };
        settle_in(&mut tx, last, WEST, hour).await;
        confirmations::insert_move(&mut tx, last, successor, "another", hour)
            .await
            .unwrap();
        assert!(
            subscribers::confirm(&mut tx, "another", &line)
                .await
                .unwrap()
                .is_some()
        );
        // Whoever an editor enters before their hour is none of these, and gets it.
        let entered = subscriber(&mut tx, brief, 4).await;
        tx.commit().await.unwrap();
        let queued = Some(DeliveryState::Queued);
        for (reader, expected) in [(successor, None), (last, expected), (entered, queued)] {
            let state = planned(&db.store, edition, reader).await.map(|(state, _)| state);
            assert_eq!(state, expected, "{}: {reader}", db.name);
        }
    }
}

/// The delivery of an edition to a reader.
async fn only(store: &Store, edition: EditionId, reader: SubscriberId) -> DeliveryId {
    let listed = deliveries::list(store, edition, Which::To(reader), None, 1).await;
    listed.unwrap()[0].id
}

#[tokio::test]
async fn whoever_moves_while_an_edition_is_being_planned_gets_it_at_the_new_hour() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let reader = subscriber(&mut tx, brief, 1).await;
        let edition = edition(&mut tx, brief, "2026-03-10").await;
        tx.commit().await.unwrap();
        let now = MORNING.plus(MINUTE);
        let mut plan = db.store.begin().await.unwrap();
        editions::hold(&mut plan, edition).await.unwrap();
        let zones = subscribers::count_by_zone(&mut plan, brief, None, None)
            .await
            .unwrap();
        assert_eq!(zones.len(), 1, "{}", db.name);
        let store = db.store.clone();
        let moving = tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            settle_in(&mut tx, reader, WEST, now).await;
            tx.commit().await.unwrap();
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert!(!moving.is_finished(), "{}: it waits for the plan", db.name);
        for (zone, _) in &zones {
            let readers = Readers {
                brief,
                audience: None,
                zone,
                after: None,
            };
            let slot = Slot {
                due_at: MORNING.plus(2 * HOUR),
                late_at: Some(MORNING.plus(20 * HOUR)),
            };
            deliveries::plan_zone(&mut plan, edition, readers, u32::MAX, slot, now)
                .await
                .unwrap();
        }
        plan.commit().await.unwrap();
        moving.await.unwrap();
        let expected = Some((DeliveryState::Queued, WESTERN_MORNING));
        assert_eq!(planned(&db.store, edition, reader).await, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn a_plan_in_parts_passes_nobody_over() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let mut readers = Vec::new();
        for number in 1..=4 {
            let reader = subscriber(&mut tx, brief, number).await;
            settle_in(&mut tx, reader, "Europe/Berlin", MORNING).await;
            readers.push(reader);
        }
        let edition = edition(&mut tx, brief, "2026-03-10").await;
        deliveries::begin_plan(&mut tx, edition).await.unwrap();
        tx.commit().await.unwrap();
        // All hours are past, and the plan has been in UTC.
        let now = MORNING.plus(12 * HOUR);
        let mut tx = db.store.begin().await.unwrap();
        settle_in(&mut tx, readers[3], "UTC", now).await;
        tx.commit().await.unwrap();
        let berlin = zone("Europe/Berlin");
        let (mut after, mut parts) = (None, Vec::new());
        loop {
            let mut tx = db.store.begin().await.unwrap();
            let readers = Readers {
                brief,
                audience: None,
                zone: &berlin,
                after,
            };
            let part = deliveries::plan_zone(&mut tx, edition, readers, 2, now.into(), now)
                .await
                .unwrap();
            assert!(
                !deliveries::is_planned(&mut tx, edition).await.unwrap(),
                "{}",
                db.name
            );
            tx.commit().await.unwrap();
            parts.push(part.planned);
            after = part.last;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(parts, [2, 1], "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        deliveries::end_plan(&mut tx, edition).await.unwrap();
        tx.commit().await.unwrap();
        assert!(
            deliveries::is_planned(&db.store, edition).await.unwrap(),
            "{}",
            db.name
        );
        for reader in readers {
            let planned = planned(&db.store, edition, reader).await;
            assert_eq!(
                planned,
                Some((DeliveryState::Queued, now)),
                "{}: {reader}",
                db.name
            );
        }
        let tally = counted(&db.store, edition).await;
        assert_eq!(tally, [(DeliveryState::Queued, 4)].into(), "{}", db.name);
    }
}

#[tokio::test]
async fn the_first_reader_of_an_edition_that_was_planned_for_nobody_gets_it() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let edition = edition(&mut tx, brief, "2026-03-10").await;
        let new = new_subscriber(brief, 1, SubscriberState::Pending);
        let SignUp::New(reader) = subscribers::insert(&mut tx, &new).await.unwrap() else {
            panic!("{new:?} is there already")
        };
        settle_in(&mut tx, reader, WEST, MORNING).await;
        deliveries::begin_plan(&mut tx, edition).await.unwrap();
        deliveries::end_plan(&mut tx, edition).await.unwrap();
        let line = consent(ConsentKind::Confirmed, MORNING);
        subscribers::confirm_asked(&mut tx, reader, &line).await.unwrap();
        tx.commit().await.unwrap();
        let expected = Some((DeliveryState::Queued, WESTERN_MORNING));
        assert_eq!(planned(&db.store, edition, reader).await, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn what_is_in_hand_while_its_reader_moves_comes_back_to_their_new_hour() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let edition = edition(&mut tx, brief, "2026-03-10").await;
        let berlin = Slot {
            due_at: MORNING,
            late_at: Some(MORNING.plus(19 * HOUR)),
        };
        let (mut readers, mut new) = (Vec::new(), Vec::new());
        for number in 1..=5 {
            let subscriber = subscriber(&mut tx, brief, number).await;
            readers.push(subscriber);
            new.push(NewDelivery {
                subscriber,
                slot: berlin,
            });
        }
        deliveries::plan(&mut tx, edition, &new, MORNING).await.unwrap();
        tx.commit().await.unwrap();
        let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, MINUTE, MORNING).await;
        let claims: Vec<_> = claimed.unwrap().iter().map(|one| one.claim).collect();
        let [deferred, postponed, put_back, lost, sent] = claims[..] else {
            panic!("{claims:?}")
        };
        let now = MORNING.plus(MINUTE / 2);
        let mut tx = db.store.begin().await.unwrap();
        for reader in &readers {
            settle_in(&mut tx, *reader, WEST, now).await;
        }
        let retry = MORNING.plus(HOUR);
        let outcomes = [
            (deferred, Outcome::Deferred(retry, "451 later".to_owned())),
            (sent, Outcome::Sent("250 ok".to_owned())),
        ];
        deliveries::record(&mut tx, edition, &outcomes, now)
            .await
            .unwrap();
        let later = Later {
            claim: postponed,
            due_at: retry,
            obstacle: None,
            said: None,
        };
        deliveries::postpone(&mut tx, edition, &[later], now)
            .await
            .unwrap();
        deliveries::put_back(&mut tx, edition, &[put_back], now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        for (reader, claim) in readers.iter().zip(&claims) {
            let expected = match *claim {
                claim if claim == lost => (DeliveryState::Sending, WESTERN_MORNING),
                claim if claim == sent => (DeliveryState::Sent, WESTERN_MORNING),
                _ => (DeliveryState::Queued, WESTERN_MORNING),
            };
            let planned = planned(&db.store, edition, *reader).await;
            assert_eq!(planned, Some(expected), "{}: {reader}", db.name);
        }
        let claim = |at| deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, MINUTE, at);
        assert_eq!(claim(retry).await.unwrap(), [], "{}", db.name);
        let due = claim(WESTERN_MORNING).await.unwrap();
        let late = due.iter().map(|one| one.late_at).collect::<Vec<_>>();
        assert_eq!(late, [Some(MORNING.plus(27 * HOUR)); 4], "{}", db.name);
    }
}
