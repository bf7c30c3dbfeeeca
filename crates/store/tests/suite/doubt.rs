//! Deliveries of which nobody knew, and of which something is learned later.

use std::collections::BTreeMap;

use reveille_model::{DeliveryState, IfUnknown};
use reveille_store::deliveries::{
    self, Ending, Mailing, NewDelivery, Outcome, Which, confirm, hold, list_unknown, list_unknown_to,
    mailed_as, put_off, requeue, sent_beside,
};
use reveille_testkit::{Database, databases};

use crate::{
    deliveries::{Setting, claim, counted, plan_berlin, record, setting, states, taken, wire},
    fixture::{HOUR, MORNING, subscriber},
};

fn lost() -> Outcome {
    Outcome::Unknown("the line went dead".to_owned())
}

/// An edition to six readers: it was sent to the first and the last, and between them nobody knows.
async fn doubted(db: &Database) -> Setting {
    let setting = setting(db, 6).await;
    plan_berlin(&db.store, &setting).await;
    let claimed = claim(&db.store, &setting, 6, MORNING).await;
    wire(&db.store, &setting, &claimed, MORNING).await;
    for (at, one) in claimed.chunks(1).enumerate() {
        let outcome = if matches!(at, 0 | 5) { taken() } else { lost() };
        record(&db.store, &setting, one, outcome, MORNING).await;
    }
    setting
}

#[tokio::test]
async fn it_was_sent_or_goes_out_again_or_stays_open() {
    for db in databases().await {
        let setting = doubted(&db).await;
        let mailing = Mailing::Edition(setting.edition);
        let due = MORNING.plus(IfUnknown::PAUSE_MILLIS);
        let unknown = list_unknown(&db.store, mailing, None).await.unwrap();
        let [has_it, lost_it, open, late] = &unknown[..] else {
            panic!("{}: {unknown:?}", db.name)
        };
        for (reader, one) in setting.readers[1..5].iter().zip(&unknown) {
            assert_eq!(
                (one.since, one.due_at, one.may_repeat()),
                (MORNING, due, true),
                "{}",
                db.name
            );
            let only = list_unknown(&db.store, mailing, Some(*reader)).await.unwrap();
            assert_eq!(only, std::slice::from_ref(one), "{}", db.name);
            for (id, is_theirs) in [
                (one.message_id.as_str(), true),
                (&has_it.message_id, reader == &setting.readers[1]),
            ] {
                let mailed = mailed_as(&db.store, *reader, id).await.unwrap();
                assert_eq!(mailed, is_theirs.then_some(mailing), "{}", db.name);
            }
            assert_eq!(
                list_unknown_to(&db.store, *reader).await.unwrap(),
                only,
                "{}",
                db.name
            );
        }

        let later = MORNING.plus(HOUR);
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(confirm(&mut tx, &[has_it], "by its log", due).await.unwrap(), 1);
        assert_eq!(requeue(&mut tx, &[lost_it], due).await.unwrap(), 1);
        assert_eq!(put_off(&mut tx, &[open], later).await.unwrap(), 1);
        assert_eq!(hold(&mut tx, &[late], due).await.unwrap(), 1);
        // What is known by now is left alone.
        assert_eq!(requeue(&mut tx, &[has_it], due).await.unwrap(), 0);
        assert_eq!(confirm(&mut tx, &[lost_it], "by its log", due).await.unwrap(), 0);
        tx.commit().await.unwrap();

        let which = Which::To(setting.readers[1]);
        let rows = deliveries::list(&db.store, mailing, which, None, 1)
            .await
            .unwrap();
        let told = (rows[0].reply.as_deref(), rows[0].error.as_deref());
        assert_eq!(told, (Some("by its log"), None), "{}", db.name);
        let expected = [
            (DeliveryState::Queued, 1),
            (DeliveryState::Sent, 3),
            (DeliveryState::Unknown, 2),
        ];
        assert_eq!(
            states(&db.store, &setting).await,
            BTreeMap::from(expected),
            "{}",
            db.name
        );
        let still = list_unknown(&db.store, mailing, None).await.unwrap();
        let still: Vec<_> = still.iter().map(|one| (one.due_at, one.may_repeat())).collect();
        assert_eq!(still, [(later, true), (due, false)], "{}", db.name);
    }
}

#[tokio::test]
async fn what_stands_beside_it_is_known_and_what_was_handed_over_again_is_left_alone() {
    for db in databases().await {
        let setting = doubted(&db).await;
        let mailing = Mailing::Edition(setting.edition);
        let before = list_unknown(&db.store, mailing, None).await.unwrap();
        let name = |at: usize| format!("{}.1@brief.example", setting.readers[at]);
        let beside = sent_beside(&db.store, &before[1], 3).await.unwrap();
        assert_eq!(beside, [name(0), name(5)], "{}", db.name);
        // What the operator says was sent had no name to be known by.
        let mut tx = db.store.begin().await.unwrap();
        let late = NewDelivery {
            subscriber: subscriber(&mut tx, setting.brief, 9).await,
            slot: MORNING.into(),
        };
        deliveries::plan(&mut tx, setting.edition, &[late], MORNING)
            .await
            .unwrap();
        let settled = deliveries::settle_queued(&mut tx, setting.edition, Ending::Sent, None, MORNING).await;
        assert_eq!(settled.unwrap(), 1, "{}", db.name);
        tx.commit().await.unwrap();
        let beside = sent_beside(&db.store, &before[1], 3).await.unwrap();
        assert_eq!(beside, [name(0), name(5)], "{}", db.name);

        let due = MORNING.plus(IfUnknown::PAUSE_MILLIS);
        let again = claim(&db.store, &setting, 1, due).await;
        wire(&db.store, &setting, &again, due).await;
        record(&db.store, &setting, &again, lost(), due).await;
        assert_eq!(
            again[0].message_id.as_deref(),
            Some(before[0].message_id.as_str())
        );
        let mut tx = db.store.begin().await.unwrap();
        let stale = &[&before[0]];
        assert_eq!(requeue(&mut tx, stale, due).await.unwrap(), 0, "{}", db.name);
        assert_eq!(put_off(&mut tx, stale, due).await.unwrap(), 0, "{}", db.name);
        let shown = counted(&db.store, setting.edition).await;
        assert_eq!(shown[&DeliveryState::Unknown], 4, "{}", db.name);
    }
}
