//! A reader's mails go to another address.

use reveille_model::{
    ArticleId, BriefId, ConsentKind, DeliveryState, EditionId, Home, IfUnknown, MailFormat, Notice, NoticeId,
    NoticeKind, NoticeState, Slot, StoryId, SubscriberId, SubscriberState,
};
use reveille_store::{
    Tx, confirmations, consents,
    deliveries::{self, Answers, Mailing, NewDelivery, Outcome, Which},
    figures, jobs, notices,
    subscribers::{self, NewSubscriber, SignUp, Subscriber},
};
use reveille_testkit::{Database, databases};

use crate::{
    deliveries::{leaving, taken},
    fixture::{HOUR, MINUTE, MORNING, brief, consent, edition, entry, new_subscriber, record},
};

async fn reader(tx: &mut Tx, brief: BriefId, number: u32, state: SubscriberState) -> SubscriberId {
    match subscribers::insert(tx, &new_subscriber(brief, number, state))
        .await
        .unwrap()
    {
        SignUp::New(id) => id,
        other @ SignUp::Known(..) => panic!("{other:?}"),
    }
}

async fn live_in(tx: &mut Tx, id: SubscriberId, zone: &str) {
    let home = Home::of("", None, &zone.parse().unwrap());
    subscribers::set_home(tx, id, &home, MORNING).await.unwrap();
}

/// One reader confirms by a link of that name that they take the place of the other.
async fn take_place(tx: &mut Tx, id: SubscriberId, of: SubscriberId, link: &str) -> Option<Subscriber> {
    confirmations::insert_move(tx, id, of, link, MORNING)
        .await
        .unwrap();
    let line = consent(ConsentKind::Confirmed, MORNING.plus(MINUTE));
    subscribers::confirm(tx, link, &line).await.unwrap()
}

async fn state(db: &Database, id: SubscriberId) -> (SubscriberState, Option<SubscriberId>) {
    let reader = subscribers::find(&db.store, id).await.unwrap().unwrap();
    (reader.state, reader.moved_to)
}

/// How many readers came in all months, and how many left.
async fn came_and_left(db: &Database, brief: BriefId) -> (u64, u64) {
    let months = figures::by_month(&db.store, brief).await.unwrap();
    let add = |of: fn(&figures::Figures) -> u64| months.values().map(of).sum();
    (add(|month| month.came), add(|month| month.left))
}

async fn leave(db: &Database, number: u32) {
    let mut tx = db.store.begin().await.unwrap();
    let line = consent(ConsentKind::Left, MORNING.plus(HOUR));
    subscribers::leave(&mut tx, &format!("{number:032x}"), &line)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

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
async fn another_address_takes_a_readers_place_with_what_they_chose() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let old = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let new = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        let line = consent(ConsentKind::Changed, MORNING);
        subscribers::set_format(&mut tx, old, MailFormat::Text, &line)
            .await
            .unwrap();
        let until = "2026-04-01".parse().unwrap();
        assert!(subscribers::pause(&mut tx, old, until, &line).await.unwrap());
        let moved = take_place(&mut tx, new, old, "link").await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(
            came_and_left(&db, morning).await,
            (0, 0),
            "{}: a move is neither",
            db.name
        );
        assert_eq!(
            (moved.id, moved.state, moved.paused_until, moved.format),
            (new, SubscriberState::Paused, Some(until), MailFormat::Text),
            "{}",
            db.name
        );
        assert_eq!(
            state(&db, old).await,
            (SubscriberState::Left, Some(new)),
            "{}",
            db.name
        );
        let said = |lines: Vec<reveille_model::Consent>| -> Vec<_> {
            lines
                .into_iter()
                .map(|line| (line.kind, line.sentence))
                .collect::<Vec<_>>()
        };
        let gone = said(record(&db.store, old).await).pop().unwrap();
        let text = format!("goes on at another address, as reader {new}");
        assert_eq!(gone, (ConsentKind::Left, text));
        let here = said(record(&db.store, new).await);
        let text = format!("in place of reader {old}");
        assert_eq!(here[1].0, ConsentKind::Confirmed, "their own proof");
        assert_eq!(here[2], (ConsentKind::Changed, text), "{}", db.name);

        // The link is used up, and whoever left is no more in anybody's way.
        let mut tx = db.store.begin().await.unwrap();
        let again = consent(ConsentKind::Confirmed, MORNING.plus(HOUR));
        assert_eq!(subscribers::confirm(&mut tx, "link", &again).await.unwrap(), None);
        let third = reader(&mut tx, morning, 3, SubscriberState::Pending).await;
        let alone = take_place(&mut tx, third, old, "late").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            alone.state,
            SubscriberState::Active,
            "{}: as if signed up",
            db.name
        );
        assert_eq!(state(&db, old).await.1, Some(new));
        assert_eq!(record(&db.store, third).await.len(), 2);
        assert_eq!(came_and_left(&db, morning).await, (1, 0), "{}", db.name);
    }
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
        let states = deliveries::tally(&db.store, both).await.unwrap();
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
        live_in(&mut tx, new, "Asia/Dhaka").await;
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
        let states = deliveries::tally(&db.store, waits).await.unwrap();
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
            let claimed = deliveries::claim(&db.store, mailing, IfUnknown::Resend, 9, HOUR, MORNING).await;
            let on_the_wire = leaving(&claimed.unwrap());
            let lost = Outcome::Unknown("the line went dead".to_owned());
            let mut tx = db.store.begin().await.unwrap();
            deliveries::wire(&mut tx, mailing, &on_the_wire, MORNING)
                .await
                .unwrap();
            deliveries::record(&mut tx, mailing, &[(on_the_wire[0].claim, lost)], MORNING)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            names.push(on_the_wire[0].message_id.clone());
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
            let on_the_wire = leaving(&claim(MORNING).await.unwrap());
            let mut tx = db.store.begin().await.unwrap();
            deliveries::wire(&mut tx, edition, &on_the_wire, MORNING)
                .await
                .unwrap();
            tx.commit().await.unwrap();
            for (successor, of) in [(between, old), (new, between)] {
                let mut tx = db.store.begin().await.unwrap();
                take_place(&mut tx, successor, of, &format!("link of {of}"))
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            }
            let mut tx = db.store.begin().await.unwrap();
            let ended = [(on_the_wire[0].claim, outcome.clone())];
            deliveries::record(&mut tx, edition, &ended, MORNING)
                .await
                .unwrap();
            tx.commit().await.unwrap();

            let again = claim(later).await.unwrap();
            let told: Vec<_> = again
                .iter()
                .map(|one| (one.subscriber, one.message_id.as_ref()))
                .collect();
            let expected = [(new, Some(&on_the_wire[0].message_id))];
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
        live_in(&mut tx, new, "America/Los_Angeles").await;
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

#[tokio::test]
async fn the_links_of_every_earlier_address_end_the_mails() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let first = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let second = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        let third = reader(&mut tx, morning, 3, SubscriberState::Pending).await;
        take_place(&mut tx, second, first, "one").await.unwrap();
        take_place(&mut tx, third, second, "two").await.unwrap();
        tx.commit().await.unwrap();
        let now_at = |id| {
            let store = db.store.clone();
            async move {
                let reader = subscribers::find(&store, id).await.unwrap().unwrap();
                subscribers::successor(&store, reader).await.unwrap().id
            }
        };
        assert_eq!(now_at(first).await, third, "{}", db.name);

        // Back to where it began.
        let mut tx = db.store.begin().await.unwrap();
        let back = NewSubscriber {
            state: SubscriberState::Pending,
            ..new_subscriber(morning, 1, SubscriberState::Pending)
        };
        assert!(subscribers::sign_up_again(&mut tx, first, &back).await.unwrap());
        take_place(&mut tx, first, third, "three").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            state(&db, first).await,
            (SubscriberState::Active, None),
            "{}",
            db.name
        );
        for id in [first, second, third] {
            assert_eq!(now_at(id).await, first, "{}", db.name);
        }
        leave(&db, 2).await;
        for id in [first, second, third] {
            assert_eq!(state(&db, id).await.0, SubscriberState::Left, "{}", db.name);
            consents::find(&db.store, id)
                .await
                .unwrap()
                .unwrap()
                .verify()
                .unwrap();
        }
    }
}

#[tokio::test]
async fn who_only_asked_to_move_has_no_say_at_the_other_address() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let old = reader(&mut tx, morning, 1, SubscriberState::Active).await;
        let new = reader(&mut tx, morning, 2, SubscriberState::Pending).await;
        confirmations::insert_move(&mut tx, new, old, "link", MORNING)
            .await
            .unwrap();
        for (since, links) in [(MORNING, 1), (MORNING.plus(1), 0)] {
            assert_eq!(
                confirmations::count_moves(&mut tx, old, since).await.unwrap(),
                links
            );
        }
        confirmations::insert(&mut tx, new, reveille_model::LinkPurpose::Confirm, "own", MORNING)
            .await
            .unwrap();
        let line = consent(ConsentKind::Confirmed, MORNING);
        subscribers::confirm(&mut tx, "own", &line).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            state(&db, old).await,
            (SubscriberState::Active, None),
            "{}",
            db.name
        );
        leave(&db, 1).await;
        assert_eq!(state(&db, new).await.0, SubscriberState::Active, "{}", db.name);
    }
}
