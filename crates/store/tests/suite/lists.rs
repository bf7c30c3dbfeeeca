//! Lists of readers that are brought in, or change readers who are there, while an edition goes out.

use std::{collections::BTreeMap, time::Duration};

use reveille_model::{
    Brief, BriefId, Consent, ConsentKind, DeliveryState, EditionId, Home, IfUnknown, MailFormat, Segment,
    Slot, SubscriberId, SubscriberState, UnixMillis,
};
use reveille_store::{
    Store, Tx, briefs, consents,
    deliveries::{self, Readers, Which},
    jobs, segments,
    subscribers::{self, Listed},
};
use reveille_testkit::databases;

use crate::deliveries::counted;
use crate::fixture::{
    HOUR, MINUTE, MORNING, brief, consent, edition, new_brief, new_subscriber, record, subscriber, zone,
};

const WEST: &str = "America/Los_Angeles";
/// Six o'clock there, on the tenth.
const WESTERN_MORNING: UnixMillis = MORNING.plus(9 * HOUR);
/// Six o'clock in UTC.
const UTC_MORNING: UnixMillis = MORNING.plus(2 * HOUR);

fn listed(number: u32, place: &str) -> Listed {
    Listed {
        email: format!("listed{number}@example.org").parse().unwrap(),
        home: Home::of("", None, &zone(place)),
        format: MailFormat::Html,
        token: format!("{:032x}", 0xf000 + number),
    }
}

fn entered(at: UnixMillis) -> Consent {
    consent(ConsentKind::Entered, at)
}

/// The edition of the tenth, planned for nobody yet; the plan is over, or goes on.
async fn going_out(tx: &mut Tx, brief: BriefId, is_whole: bool) -> EditionId {
    let edition = edition(tx, brief, "2026-03-10").await;
    deliveries::begin_plan(tx, edition).await.unwrap();
    if is_whole {
        deliveries::end_plan(tx, edition).await.unwrap();
    }
    edition
}

/// When the edition is due for whom it waits, by their addresses.
async fn waiting(store: &Store, edition: EditionId) -> BTreeMap<String, UnixMillis> {
    let queued = Which::In(DeliveryState::Queued);
    let rows = deliveries::list(store, edition, queued, None, 9_999)
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| (row.email.to_string(), row.due_at))
        .collect()
}

#[tokio::test]
async fn who_is_on_a_list_gets_what_goes_out_where_their_hour_is_ahead() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let there = subscriber(&mut tx, brief, 1).await;
        let edition = going_out(&mut tx, brief, true).await;
        tx.commit().await.unwrap();
        // Past six in UTC. One stands on the list twice, and the first place counts.
        let now = MORNING.plus(3 * HOUR);
        let mut list = vec![
            listed(1, WEST),
            listed(2, "UTC"),
            listed(3, WEST),
            listed(1, "UTC"),
        ];
        list.push(Listed {
            email: new_subscriber(brief, 1, SubscriberState::Active).email,
            ..listed(4, WEST)
        });
        let mut tx = db.store.begin().await.unwrap();
        let new = subscribers::insert_batch(&mut tx, brief, &list, &entered(now)).await;
        tx.commit().await.unwrap();
        assert_eq!(new.unwrap().len(), 3, "{}: {there} is there already", db.name);
        let expected = [1, 3].map(|number| (format!("listed{number}@example.org"), WESTERN_MORNING));
        assert_eq!(waiting(&db.store, edition).await, expected.into(), "{}", db.name);
        let tally = counted(&db.store, edition).await;
        assert_eq!(tally, [(DeliveryState::Queued, 2)].into(), "{}", db.name);
        let next = jobs::next_at(&db.store, &["deliver_edition"], now).await.unwrap();
        assert_eq!(next, Some(WESTERN_MORNING), "{}", db.name);
    }
}

#[tokio::test]
async fn a_list_of_more_than_a_statement_carries_is_planned_whole_and_once_between_two_parts_of_a_plan() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let edition = going_out(&mut tx, brief, false).await;
        tx.commit().await.unwrap();
        // All hours are past, and the plan has been in UTC.
        let now = MORNING.plus(12 * HOUR);
        let list: Vec<_> = (0..1_001)
            .map(|number| listed(number, if number % 2 == 0 { "UTC" } else { WEST }))
            .collect();
        let mut tx = db.store.begin().await.unwrap();
        subscribers::insert_batch(&mut tx, brief, &list, &entered(now))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.store.begin().await.unwrap();
        let west = zone(WEST);
        let readers = Readers {
            brief,
            audience: None,
            zone: &west,
            after: None,
        };
        let slot: Slot = now.into();
        let part = deliveries::plan_zone(&mut tx, edition, readers, u32::MAX, slot, now).await;
        assert_eq!(part.unwrap().planned, 0, "{}", db.name);
        deliveries::end_plan(&mut tx, edition).await.unwrap();
        tx.commit().await.unwrap();
        let tally = counted(&db.store, edition).await;
        assert_eq!(tally, [(DeliveryState::Queued, 1_001)].into(), "{}", db.name);
        let waiting = waiting(&db.store, edition).await;
        assert_eq!(waiting.len(), 1_001, "{}", db.name);
        assert!(waiting.values().all(|due| *due == now), "{}", db.name);
    }
}

#[tokio::test]
async fn who_is_on_a_list_and_not_in_the_audience_gets_nothing() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let west = Segment {
            zones: vec![zone(WEST)],
            ..Segment::default()
        };
        segments::insert(&mut tx, "west", &west, MORNING).await.unwrap();
        let plan = Brief {
            audience: Some("west".to_owned()),
            ..new_brief("morning")
        };
        let brief = briefs::insert(&mut tx, &plan, MORNING).await.unwrap().id();
        let edition = going_out(&mut tx, brief, true).await;
        let list = [listed(1, WEST), listed(2, "UTC")];
        subscribers::insert_batch(&mut tx, brief, &list, &entered(MORNING))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let expected = ("listed1@example.org".to_owned(), WESTERN_MORNING);
        assert_eq!(
            waiting(&db.store, edition).await,
            [expected].into(),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn what_waits_follows_everybody_whom_a_list_has_elsewhere() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let edition = going_out(&mut tx, brief, true).await;
        // More than a statement carries.
        let list: Vec<_> = (0..601).map(|number| listed(number, "UTC")).collect();
        subscribers::insert_batch(&mut tx, brief, &list, &entered(MORNING))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 1, MINUTE, UTC_MORNING);
        let in_hand = claimed.await.unwrap()[0].subscriber;
        let now = UTC_MORNING.plus(MINUTE);
        let mut tx = db.store.begin().await.unwrap();
        let keys: Vec<_> = list.iter().map(|listed| listed.email.key()).collect();
        let readers = subscribers::hold_batch(&mut tx, brief, &keys, MORNING)
            .await
            .unwrap();
        // Two live in Auckland, where it is too late by noon.
        let place = |reader: SubscriberId| match reader.0 % 300 {
            7 => zone("Pacific/Auckland"),
            _ => zone(WEST),
        };
        let moves: Vec<_> = readers
            .iter()
            .map(|reader| (reader.id, Home::of("", None, &place(reader.id))))
            .collect();
        let far: Vec<_> = moves.iter().filter(|(_, home)| home.zone != zone(WEST)).collect();
        let noon = MORNING.plus(8 * HOUR);
        subscribers::set_homes(&mut tx, brief, &moves, now).await.unwrap();
        subscribers::set_homes(&mut tx, brief, &moves, noon)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(
            !far.is_empty() && far.iter().all(|(id, _)| *id != in_hand),
            "{}",
            db.name
        );
        for (id, home) in &moves {
            let row = deliveries::list(&db.store, edition, Which::To(*id), None, 1).await;
            let row = &row.unwrap()[0];
            let expected = match home.zone == zone(WEST) {
                _ if *id == in_hand => (DeliveryState::Sending, WESTERN_MORNING),
                true => (DeliveryState::Queued, WESTERN_MORNING),
                false => (DeliveryState::Missed, noon),
            };
            assert_eq!((row.state, row.due_at), expected, "{}: {id}", db.name);
        }
    }
}

#[tokio::test]
async fn lines_that_a_list_adds_to_records_are_sealed_one_over_the_other() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let list: Vec<_> = (0..601).map(|number| listed(number, "UTC")).collect();
        let vouched = entered(MORNING);
        subscribers::insert_batch(&mut tx, brief, &list, &vouched)
            .await
            .unwrap();
        let keys: Vec<_> = list.iter().map(|listed| listed.email.key()).collect();
        let readers = subscribers::hold_batch(&mut tx, brief, &keys, MORNING)
            .await
            .unwrap();
        let changed = |sentence: String| Consent {
            sentence,
            ..consent(ConsentKind::Changed, MORNING.plus(1))
        };
        let mut lines = Vec::new();
        for reader in readers.iter().rev() {
            for what in ["lives", "reads"] {
                lines.push((reader.id, changed(format!("{what} {}", reader.id))));
            }
        }
        consents::insert_batch(&mut tx, &lines).await.unwrap();
        tx.commit().await.unwrap();
        for record in consents::list(&db.store, SubscriberId(0), 9_999).await.unwrap() {
            assert_eq!(record.verify(), Ok(()), "{}: {record:?}", db.name);
        }
        let id = readers[600].id;
        let expected = [
            vouched,
            changed(format!("lives {id}")),
            changed(format!("reads {id}")),
        ];
        assert_eq!(record(&db.store, id).await, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn an_editor_who_enters_whom_a_list_has_too_waits_for_it() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let edition = going_out(&mut tx, brief, true).await;
        tx.commit().await.unwrap();
        let new = new_subscriber(brief, 1, SubscriberState::Active);
        let list = [Listed {
            email: new.email.clone(),
            ..listed(1, "UTC")
        }];
        // A list that is being entered holds the edition, as a change of many readers does.
        let mut tx = db.store.begin().await.unwrap();
        subscribers::set_homes(&mut tx, brief, &[], MORNING)
            .await
            .unwrap();
        let store = db.store.clone();
        let entering = tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let entered = subscribers::insert(&mut tx, &new).await.unwrap();
            tx.commit().await.unwrap();
            entered
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        subscribers::insert_batch(&mut tx, brief, &list, &entered(MORNING))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let entered = entering.await.unwrap();
        assert!(
            matches!(entered, subscribers::SignUp::Known(..)),
            "{}: {entered:?}",
            db.name
        );
        assert_eq!(waiting(&db.store, edition).await.len(), 1, "{}", db.name);
    }
}

#[tokio::test]
async fn what_a_reader_says_while_a_list_is_entered_comes_after_it() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let list = [listed(1, "UTC")];
        subscribers::insert_batch(&mut tx, brief, &list, &entered(MORNING))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut tx = db.store.begin().await.unwrap();
        let keys = [list[0].email.key()];
        let readers = subscribers::hold_batch(&mut tx, brief, &keys, MORNING).await;
        let id = readers.unwrap()[0].id;
        let home = |place: &str| Home::of("", None, &zone(place));
        let (store, said) = (db.store.clone(), home(WEST));
        let saying = tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            subscribers::set_home(&mut tx, id, &said, MORNING).await.unwrap();
            tx.commit().await.unwrap();
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        subscribers::set_homes(&mut tx, brief, &[(id, home("Pacific/Auckland"))], MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        saying.await.unwrap();
        let reader = subscribers::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(reader.home, home(WEST), "{}", db.name);
    }
}
