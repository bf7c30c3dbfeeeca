//! What was on its way to a reader's other address.

use reveille_model::{
    ArticleId, BriefId, DeliveryState, EditionId, IfUnknown, Notice, NoticeId, NoticeKind, NoticeState, Slot,
    StoryId, SubscriberId, SubscriberState,
};
use reveille_store::{
    Tx,
    deliveries::{self, Answers, Claim, Leaving, Mailing, NewDelivery, Outcome, Part, Readers, Which},
    jobs, notices,
};
use reveille_testkit::{Database, databases};

use super::{live_in, reader, take_place};
use crate::{
    deliveries::{counted, leaving, taken},
    fixture::{HOUR, MINUTE, MORNING, brief, edition, entry, home},
};

/// An edition that is due to these readers now.
async fn due(tx: &mut Tx, brief: BriefId, day: &str, to: &[SubscriberId]) -> EditionId {
    planned(tx, brief, day, to, MORNING.into()).await
}

async fn planned(tx: &mut Tx, brief: BriefId, day: &str, to: &[SubscriberId], slot: Slot) -> EditionId {
    let edition = edition(tx, brief, day).await;
    let planned: Vec<_> = to
        .iter()
        .map(|reader| NewDelivery {
            subscriber: *reader,
            slot,
        })
        .collect();
    deliveries::plan(tx, edition, &planned, MORNING).await.unwrap();
    edition
}

/// Has this become of everything that is due of a mailing.
async fn hand_over(db: &Database, mailing: Mailing, outcome: Outcome) {
    let claimed = deliveries::claim(&db.store, mailing, IfUnknown::Resend, 9, HOUR, MORNING);
    let outcomes: Vec<_> = claimed
        .await
        .unwrap()
        .iter()
        .map(|delivery| (delivery.claim, outcome.clone()))
        .collect();
    let mut tx = db.store.begin().await.unwrap();
    deliveries::record(&mut tx, mailing, &outcomes, MORNING)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Puts the one message of a mailing that is due on the wire.
async fn wire_one(db: &Database, mailing: Mailing) -> Leaving {
    let claimed = deliveries::claim(&db.store, mailing, IfUnknown::Resend, 9, HOUR, MORNING).await;
    let mut on_the_wire = leaving(&claimed.unwrap());
    let mut tx = db.store.begin().await.unwrap();
    deliveries::wire(&mut tx, mailing, &on_the_wire, MORNING)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    on_the_wire.remove(0)
}

/// Has this become of it.
async fn end(db: &Database, mailing: Mailing, ended: (Claim, Outcome)) {
    let mut tx = db.store.begin().await.unwrap();
    deliveries::record(&mut tx, mailing, &[ended], MORNING)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// A correction of an edition, planned for everybody who has it.
async fn correction(tx: &mut Tx, of: EditionId) -> NoticeId {
    let before = entry(1, StoryId(1), ArticleId(1));
    let notice = Notice {
        kind: NoticeKind::Changed,
        state: NoticeState::Corrected,
        after: Some(before.clone()),
        before,
        note: None,
        at: MORNING,
    };
    let id = notices::insert(tx, of, None, &notice).await.unwrap();
    deliveries::plan_correction(tx, id, of, MORNING, MORNING)
        .await
        .unwrap();
    id
}

#[tokio::test]
async fn what_was_not_sent_yet_goes_to_the_new_address_once() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let old = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let new = reader(&mut tx, morning, 2, SubscriberState::Active).await;
        let waits = due(&mut tx, morning, "2026-03-10", &[old]).await;
        let held = due(&mut tx, morning, "2026-03-11", &[old]).await;
        let both = due(&mut tx, morning, "2026-03-12", &[old, new]).await;
        let sent = due(&mut tx, morning, "2026-03-13", &[old]).await;
        tx.commit().await.unwrap();
        let claim = |edition| deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, HOUR, MORNING);
        let in_hand = leaving(&claim(held).await.unwrap());
        hand_over(&db, sent.into(), taken()).await;
        let mut tx = db.store.begin().await.unwrap();
        take_place(&mut tx, new, old, "link").await.unwrap();
        let wired = deliveries::wire(&mut tx, held, &in_hand, MORNING).await.unwrap();
        assert!(wired.is_empty(), "{}: its sender has lost it", db.name);
        tx.commit().await.unwrap();

        for edition in [waits, held, both] {
            let claimed = claim(edition).await.unwrap();
            let to: Vec<_> = claimed.iter().map(|d| d.email.as_str().to_owned()).collect();
            assert_eq!(to, ["reader2@example.org"], "{}: {edition}", db.name);
        }
        assert!(claim(sent).await.unwrap().is_empty(), "{}", db.name);
        let states = counted(&db.store, both).await;
        let counted: Vec<_> = states.into_iter().collect();
        assert!(
            counted.contains(&(DeliveryState::Withdrawn, 1)),
            "{}: {counted:?}",
            db.name
        );
        let past = deliveries::list(&db.store, sent, Which::To(old), None, 9)
            .await
            .unwrap();
        assert_eq!(past.len(), 1, "{}: what was sent there stays there", db.name);
    }
}

#[tokio::test]
async fn what_was_put_off_at_the_old_address_begins_afresh_at_the_new_one() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let old = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let new = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        // Where the hour of the tenth came four hours ago, and that of the eleventh comes in twenty.
        live_in(&mut tx, old, "Asia/Dhaka").await;
        let sent = due(&mut tx, morning, "2026-03-09", &[old]).await;
        let slot = |due, late| Slot {
            due_at: MORNING.plus(due * HOUR),
            late_at: Some(MORNING.plus(late * HOUR)),
        };
        let put_off = planned(&mut tx, morning, "2026-03-10", &[old], slot(0, 14)).await;
        let waits = planned(&mut tx, morning, "2026-03-11", &[old], slot(20, 38)).await;
        tx.commit().await.unwrap();
        hand_over(&db, sent.into(), taken()).await;
        let mut tx = db.store.begin().await.unwrap();
        let correction = correction(&mut tx, sent).await;
        tx.commit().await.unwrap();
        let mailings = [Mailing::from(put_off), Mailing::from(correction)];
        for mailing in mailings {
            let full = "451 4.2.2 <reader1@example.org> is full".to_owned();
            hand_over(&db, mailing, Outcome::Deferred(MORNING.plus(HOUR), full)).await;
        }
        let mut tx = db.store.begin().await.unwrap();
        take_place(&mut tx, new, old, "link").await.unwrap();
        tx.commit().await.unwrap();

        let moved_at = MORNING.plus(MINUTE);
        for mailing in mailings {
            let rows = deliveries::list(&db.store, mailing, Which::To(new), None, 9).await;
            let row = rows.unwrap().remove(0);
            assert_eq!(
                (row.due_at, row.tries, row.error),
                (moved_at, 0, None),
                "{}: {mailing:?}",
                db.name
            );
            let deferred = deliveries::deferred(&db.store, mailing).await.unwrap();
            assert_eq!(deferred, Answers::default(), "{}: {mailing:?}", db.name);
            let kinds = [Mailing::DELIVER_EDITION, Mailing::DELIVER_CORRECTION];
            let job = jobs::claim(&db.store, &kinds, &[], HOUR, moved_at).await.unwrap();
            let job = job.expect("the mailing is woken");
            assert_eq!(job.key, mailing.job(moved_at).key, "{}", db.name);
        }
        let rule = IfUnknown::Resend;
        let claimed = deliveries::claim(&db.store, put_off, rule, 9, HOUR, moved_at).await;
        let late: Vec<_> = claimed.unwrap().iter().map(|one| one.late_at).collect();
        assert_eq!(late, [slot(0, 14).late_at], "{}", db.name);
        let next = deliveries::next_due(&db.store, waits, rule, moved_at).await;
        assert_eq!(
            next.unwrap(),
            Some(slot(20, 38).due_at),
            "{}: no sooner than its hour",
            db.name
        );
        let states = counted(&db.store, waits).await;
        assert_eq!(states, [(DeliveryState::Queued, 1)].into(), "{}", db.name);
    }
}

#[tokio::test]
async fn what_nobody_knows_of_at_the_old_address_is_resent_or_held_at_the_new_one() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let old = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let new = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        let sent = due(&mut tx, morning, "2026-03-09", &[old]).await;
        let edition = due(&mut tx, morning, "2026-03-10", &[old]).await;
        tx.commit().await.unwrap();
        hand_over(&db, sent.into(), taken()).await;
        let mut tx = db.store.begin().await.unwrap();
        let mailings = [edition.into(), correction(&mut tx, sent).await.into()];
        tx.commit().await.unwrap();
        let mut names = Vec::new();
        for mailing in mailings {
            let Leaving {
                claim, message_id, ..
            } = wire_one(&db, mailing).await;
            let lost = Outcome::Unknown("the line went dead".to_owned());
            end(&db, mailing, (claim, lost)).await;
            names.push(message_id);
        }
        let mut tx = db.store.begin().await.unwrap();
        take_place(&mut tx, new, old, "link").await.unwrap();
        tx.commit().await.unwrap();

        let rested = MORNING.plus(IfUnknown::PAUSE_MILLIS);
        for (mailing, name) in mailings.into_iter().zip(names) {
            let unknown = deliveries::list_unknown(&db.store, mailing, Some(new))
                .await
                .unwrap();
            let told: Vec<_> = unknown.iter().map(|one| (one.since, &one.message_id)).collect();
            assert_eq!(told, [(MORNING, &name)], "{}: {mailing:?}", db.name);
            let claim = |rule, now| deliveries::claim(&db.store, mailing, rule, 9, HOUR, now);
            let held = claim(IfUnknown::Hold, rested).await.unwrap();
            assert_eq!(held, [], "{}: it waits for the operator's word", db.name);
            let early = claim(IfUnknown::Resend, rested.plus(-1)).await.unwrap();
            assert_eq!(early, [], "{}: it rests for its time", db.name);
            let resent = claim(IfUnknown::Resend, rested).await.unwrap();
            let told: Vec<_> = resent
                .iter()
                .map(|one| (one.email.as_str(), one.message_id.as_ref()))
                .collect();
            assert_eq!(told, [("reader2@example.org", Some(&name))], "{}", db.name);
            let doubted = deliveries::doubted(&db.store, mailing).await.unwrap();
            assert_eq!(doubted, 1, "{}: it stays listed", db.name);
        }
    }
}

#[tokio::test]
async fn what_was_on_the_wire_to_the_old_address_is_sent_again_to_the_new_one() {
    let later = MORNING.plus(HOUR);
    let outcomes = [
        Outcome::Deferred(later, "451 4.2.2 later".to_owned()),
        Outcome::Unknown("the line went dead".to_owned()),
    ];
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        tx.commit().await.unwrap();
        for (outcome, day, number) in [(&outcomes[0], "2026-03-10", 1), (&outcomes[1], "2026-03-11", 4)] {
            let mut tx = db.store.begin().await.unwrap();
            let old = reader(&mut tx, morning, number, SubscriberState::Active).await;
            let between = reader(&mut tx, morning, number + 1, SubscriberState::Active).await;
            let new = reader(&mut tx, morning, number + 2, SubscriberState::Active).await;
            let edition = due(&mut tx, morning, day, &[old]).await;
            tx.commit().await.unwrap();
            let claim = |now| deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, HOUR, now);
            let Leaving {
                claim: held,
                message_id,
                ..
            } = wire_one(&db, edition.into()).await;
            for (successor, of) in [(between, old), (new, between)] {
                let mut tx = db.store.begin().await.unwrap();
                take_place(&mut tx, successor, of, &format!("link of {of}"))
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            }
            end(&db, edition.into(), (held, outcome.clone())).await;

            let again = claim(later).await.unwrap();
            let told: Vec<_> = again
                .iter()
                .map(|one| (one.subscriber, one.message_id.as_ref()))
                .collect();
            let expected = [(new, Some(&message_id))];
            assert_eq!(told, expected, "{}: {outcome:?}", db.name);
            assert_eq!(claim(later).await.unwrap(), [], "{}: once", db.name);
        }
    }
}

#[tokio::test]
async fn what_was_in_hand_at_the_hour_of_one_zone_waits_for_that_of_the_next() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let old = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let new = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        let slot = Slot {
            due_at: MORNING,
            late_at: Some(MORNING.plus(20 * HOUR)),
        };
        let edition = planned(&mut tx, morning, "2026-03-10", &[old], slot).await;
        tx.commit().await.unwrap();
        let claim = |now| deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, HOUR, now);
        assert_eq!(claim(MORNING).await.unwrap().len(), 1, "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        live_in(&mut tx, old, "America/Los_Angeles").await;
        take_place(&mut tx, new, old, "link").await.unwrap();
        tx.commit().await.unwrap();
        // Six there, nine hours later.
        let next = deliveries::next_due(&db.store, edition, IfUnknown::Resend, MORNING).await;
        assert_eq!(next.unwrap(), Some(MORNING.plus(9 * HOUR)), "{}", db.name);
        assert!(
            claim(MORNING.plus(8 * HOUR)).await.unwrap().is_empty(),
            "{}",
            db.name
        );
        let claimed = claim(MORNING.plus(9 * HOUR)).await.unwrap();
        assert_eq!(claimed[0].email.as_str(), "reader2@example.org", "{}", db.name);
    }
}

/// Plans an edition for the readers behind one of them, so many at most, to leave at once.
async fn plan_some(
    db: &Database,
    (brief, edition): (BriefId, EditionId),
    after: Option<SubscriberId>,
    limit: u32,
) -> Part {
    let zone = home("Germany").zone;
    let readers = Readers {
        brief,
        audience: None,
        zone: &zone,
        after,
    };
    let mut tx = db.store.begin().await.unwrap();
    let part = deliveries::plan_zone(&mut tx, edition, readers, limit, MORNING.into(), MORNING).await;
    tx.commit().await.unwrap();
    part.unwrap()
}

#[tokio::test]
async fn a_plan_that_goes_on_passes_over_whoever_was_sent_it_at_an_address_that_they_had() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let sent = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let wired = reader(&mut tx, morning, 2, SubscriberState::Active).await;
        let waits = reader(&mut tx, morning, 3, SubscriberState::Active).await;
        // Who moved before it was planned gets it like anybody.
        let before = reader(&mut tx, morning, 4, SubscriberState::Active).await;
        let moved_before = reader(&mut tx, morning, 5, SubscriberState::Pending).await;
        take_place(&mut tx, moved_before, before, "before").await.unwrap();
        let edition = edition(&mut tx, morning, "2026-03-10").await;
        deliveries::begin_plan(&mut tx, edition).await.unwrap();
        tx.commit().await.unwrap();
        let first = plan_some(&db, (morning, edition), None, 2).await;
        assert_eq!((first.planned, first.last), (2, Some(wired)), "{}", db.name);

        let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, HOUR, MORNING).await;
        let on_the_wire = leaving(&claimed.unwrap());
        let mut tx = db.store.begin().await.unwrap();
        deliveries::wire(&mut tx, edition, &on_the_wire, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        end(&db, edition.into(), (on_the_wire[0].claim, taken())).await;
        let mut tx = db.store.begin().await.unwrap();
        let between = reader(&mut tx, morning, 6, SubscriberState::Pending).await;
        let moved = reader(&mut tx, morning, 7, SubscriberState::Pending).await;
        let moved_too = reader(&mut tx, morning, 8, SubscriberState::Pending).await;
        for (successor, of) in [(between, sent), (moved, between), (moved_too, wired)] {
            take_place(&mut tx, successor, of, &format!("link of {of}"))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();

        let second = plan_some(&db, (morning, edition), first.last, 9).await;
        let expected = Part {
            planned: 2,
            last: None,
        };
        assert_eq!(second, expected, "{}", db.name);
        // As after a crash, when all is planned anew.
        let mut tx = db.store.begin().await.unwrap();
        deliveries::begin_plan(&mut tx, edition).await.unwrap();
        tx.commit().await.unwrap();
        let again = plan_some(&db, (morning, edition), None, 9).await;
        assert_eq!(again.planned, 0, "{}", db.name);
        let listed = async |state| {
            let rows = deliveries::list(&db.store, edition, Which::In(state), None, 9).await;
            let rows = rows.unwrap().into_iter().map(|row| row.subscriber);
            rows.collect::<Vec<_>>()
        };
        assert_eq!(
            listed(DeliveryState::Queued).await,
            [waits, moved_before],
            "{}",
            db.name
        );
        assert_eq!(listed(DeliveryState::Sent).await, [sent], "{}", db.name);
        assert_eq!(
            counted(&db.store, edition).await.values().sum::<u64>(),
            4,
            "{}",
            db.name
        );
    }
}
