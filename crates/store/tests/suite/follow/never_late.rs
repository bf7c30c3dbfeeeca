//! Editions for which it is never too late, while they wait for a reader's next morning.

use super::*;

/// A brief for which it is never too late.
async fn never_late(tx: &mut Tx) -> BriefId {
    let plan = Brief {
        too_late: TooLate::Never,
        ..new_brief("morning")
    };
    briefs::insert(tx, &plan, MORNING).await.unwrap().id()
}

#[tokio::test]
async fn where_it_is_never_too_late_what_waits_for_its_hour_follows_its_reader_too() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = never_late(&mut tx).await;
        let edition = edition(&mut tx, brief, "2026-03-10").await;
        let mut readers = Vec::new();
        for number in 1..=3 {
            readers.push(subscriber(&mut tx, brief, number).await);
        }
        let [waits, given_up, tried] = readers[..] else {
            unreachable!()
        };
        let hour = MORNING.plus(2 * HOUR);
        let new = |subscriber, slot: UnixMillis| NewDelivery {
            subscriber,
            slot: slot.into(),
        };
        let early = [new(given_up, MORNING), new(tried, MORNING)];
        deliveries::plan(&mut tx, edition, &early, MORNING).await.unwrap();
        tx.commit().await.unwrap();
        let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, MINUTE, MORNING).await;
        let claims: Vec<_> = claimed.unwrap().iter().map(|one| one.claim).collect();
        let outcomes = [
            (claims[0], Outcome::Failed("554 no".to_owned())),
            (claims[1], Outcome::Deferred(hour, "451 later".to_owned())),
        ];
        let mut tx = db.store.begin().await.unwrap();
        deliveries::record(&mut tx, edition, &outcomes, MORNING)
            .await
            .unwrap();
        deliveries::plan(&mut tx, edition, &[new(waits, hour)], MORNING)
            .await
            .unwrap();
        let resent = deliveries::resend(&mut tx, edition, Stuck::Failed, None, MORNING).await;
        assert_eq!(resent.unwrap(), 1, "{}", db.name);
        let now = MORNING.plus(MINUTE);
        for reader in readers.iter().copied() {
            settle_in(&mut tx, reader, WEST, now).await;
        }
        tx.commit().await.unwrap();
        // What the operator has sent again leaves at once, and what was tried goes on as it was.
        for (reader, due) in [(waits, WESTERN_MORNING), (given_up, MORNING), (tried, hour)] {
            let planned = planned(&db.store, edition, reader).await;
            assert_eq!(
                planned,
                Some((DeliveryState::Queued, due)),
                "{}: {reader}",
                db.name
            );
        }
        let next = jobs::next_at(&db.store, &["deliver_edition"], now).await.unwrap();
        assert_eq!(next, Some(WESTERN_MORNING), "{}", db.name);
    }
}

#[tokio::test]
async fn an_edition_that_waits_for_a_morning_days_after_its_own_follows_its_readers() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = never_late(&mut tx).await;
        let reader = subscriber(&mut tx, brief, 1).await;
        let edition = edition(&mut tx, brief, "2026-03-06").await;
        for step in [EditionMove::Pass, EditionMove::Approve] {
            assert!(
                editions::change_state(&mut tx, edition, step, MORNING)
                    .await
                    .unwrap()
            );
        }
        // Approved on the tenth, at four.
        let new = NewDelivery {
            subscriber: reader,
            slot: MORNING.plus(2 * HOUR).into(),
        };
        deliveries::plan(&mut tx, edition, &[new], MORNING).await.unwrap();
        settle_in(&mut tx, reader, WEST, MORNING.plus(MINUTE)).await;
        tx.commit().await.unwrap();
        let planned = planned(&db.store, edition, reader).await;
        // It is still the evening of the ninth there.
        let expected = Some((DeliveryState::Queued, WESTERN_MORNING));
        assert_eq!(planned, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn where_it_is_never_too_late_whoever_comes_before_the_next_morning_gets_what_waits_for_it() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = never_late(&mut tx).await;
        let edition = edition(&mut tx, brief, "2026-03-10").await;
        // Approved at four in London, which is one in the afternoon of Tokyo.
        for step in [EditionMove::Pass, EditionMove::Approve] {
            assert!(
                editions::change_state(&mut tx, edition, step, MORNING)
                    .await
                    .unwrap()
            );
        }
        let mut readers = Vec::new();
        for (number, place) in (1..).zip(["Asia/Tokyo", "Europe/London", "Asia/Tokyo"]) {
            let reader = subscriber(&mut tx, brief, number).await;
            settle_in(&mut tx, reader, place, MORNING).await;
            pause(&mut tx, reader, "2026-04-01", MORNING).await;
            readers.push(reader);
        }
        let [waits, at_once, late] = readers[..] else {
            unreachable!()
        };
        deliveries::begin_plan(&mut tx, edition).await.unwrap();
        deliveries::end_plan(&mut tx, edition).await.unwrap();
        let tomorrow = MORNING.plus(17 * HOUR);
        for (reader, at) in [
            (waits, MORNING.plus(9 * HOUR)),
            (at_once, MORNING.plus(9 * HOUR)),
            (late, tomorrow),
        ] {
            let line = consent(ConsentKind::Changed, at);
            subscribers::resume(&mut tx, reader, &line).await.unwrap();
        }
        tx.commit().await.unwrap();
        for (reader, due) in [
            (waits, Some((DeliveryState::Queued, tomorrow))),
            (at_once, None),
            (late, None),
        ] {
            let planned = planned(&db.store, edition, reader).await;
            assert_eq!(planned, due, "{}: {reader}", db.name);
        }
    }
}
