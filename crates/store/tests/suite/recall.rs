//! An approved edition is taken back: nothing of it leaves, or it stays as it is.

use reveille_model::{EditionMove, EditionState, ReturnKind};
use reveille_store::{
    Store,
    deliveries::{self, Outcome, Stuck},
    editions,
    jobs::{self, NewJob},
};
use reveille_testkit::databases;

use crate::{
    deliveries::{Setting, claim, leaving, next_due, plan_berlin, record, setting, states, taken, wire},
    fixture::{MINUTE, MORNING, refusal, second_node},
};

/// Of how many deliveries a mail server may have the message; where that is none, they are taken back.
async fn recall(store: &Store, setting: &Setting) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let reached = deliveries::recall(&mut tx, setting.edition).await.unwrap();
    if reached == 0 {
        tx.commit().await.unwrap();
    }
    reached
}

#[tokio::test]
async fn what_was_claimed_before_it_is_taken_back_does_not_leave() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let stale = claim(&db.store, &setting, 2, MORNING).await;
        assert_eq!(recall(&db.store, &setting).await, 0, "{}", db.name);
        assert!(states(&db.store, &setting).await.is_empty(), "{}", db.name);
        assert!(!deliveries::is_planned(&db.store, setting.edition).await.unwrap());
        assert_eq!(next_due(&db.store, &setting).await, None, "{}", db.name);
        assert_eq!(wire(&db.store, &setting, &stale, MORNING).await, 0, "{}", db.name);

        assert_eq!(plan_berlin(&db.store, &setting).await, 3, "{}: anew", db.name);
        assert_eq!(wire(&db.store, &setting, &stale, MORNING).await, 0, "{}", db.name);
        let failed = Outcome::Failed("late".to_owned());
        let recorded = record(&db.store, &setting, &stale, failed, MORNING).await;
        assert_eq!(recorded, 0, "{}", db.name);
        let fresh = claim(&db.store, &setting, 9, MORNING).await;
        assert_eq!(wire(&db.store, &setting, &fresh, MORNING).await, 3, "{}", db.name);
    }
}

#[tokio::test]
async fn what_a_mail_server_may_have_is_not_taken_back() {
    for db in databases().await {
        let setting = setting(&db, 2).await;
        plan_berlin(&db.store, &setting).await;
        // What was refused or put off nobody has.
        for outcome in [
            Outcome::Refused("550 full".to_owned(), refusal(ReturnKind::Soft)),
            Outcome::Deferred(MORNING, "451 later".to_owned()),
        ] {
            let claimed = claim(&db.store, &setting, 1, MORNING).await;
            wire(&db.store, &setting, &claimed, MORNING).await;
            assert_eq!(recall(&db.store, &setting).await, 1, "{}: on the wire", db.name);
            record(&db.store, &setting, &claimed, outcome, MORNING).await;
        }
        assert_eq!(recall(&db.store, &setting).await, 0, "{}", db.name);

        plan_berlin(&db.store, &setting).await;
        let silence = Outcome::Unknown("silence".to_owned());
        assert!(!deliveries::has_left(&db.store, setting.edition).await.unwrap());
        for (outcome, reached) in [(taken(), 1), (silence, 2)] {
            let claimed = claim(&db.store, &setting, 1, MORNING).await;
            wire(&db.store, &setting, &claimed, MORNING).await;
            record(&db.store, &setting, &claimed, outcome, MORNING).await;
            let before = states(&db.store, &setting).await;
            assert_eq!(recall(&db.store, &setting).await, reached, "{}", db.name);
            assert_eq!(states(&db.store, &setting).await, before, "{}", db.name);
            assert!(deliveries::has_left(&db.store, setting.edition).await.unwrap());
        }
        // What was in doubt once may be there, whatever is decided of it.
        let mut tx = db.store.begin().await.unwrap();
        deliveries::resend(&mut tx, setting.edition, Stuck::Unknown, None, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(recall(&db.store, &setting).await, 2, "{}", db.name);
    }
}

#[tokio::test]
async fn who_puts_a_mail_on_the_wire_meanwhile_is_waited_for() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 1, MORNING).await;
        let mut wiring = db.store.begin().await.unwrap();
        let leaving = leaving(&claimed);
        deliveries::wire(&mut wiring, setting.edition, &leaving, MORNING)
            .await
            .unwrap();
        let other = second_node(&db.url).await;
        let wired = async {
            // So long the recall waits; on a slow machine it only begins later, and finds the same.
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            wiring.commit().await.unwrap();
        };
        let (reached, ()) = tokio::join!(recall(&other, &setting), wired);
        assert_eq!(reached, 1, "{}", db.name);
    }
}

#[tokio::test]
async fn an_open_edition_has_no_hour_of_approval() {
    for db in databases().await {
        let setting = setting(&db, 1).await;
        let mut tx = db.store.begin().await.unwrap();
        use EditionMove::{Approve, Finish, Pass, Recall};
        for step in [Pass, Approve, Recall, Pass, Approve, Finish, Recall] {
            let moved = editions::change_state(&mut tx, setting.edition, step, MORNING).await;
            assert!(moved.unwrap(), "{}", db.name);
            let now = editions::hold(&mut tx, setting.edition).await.unwrap().unwrap();
            let is_out = matches!(now.state, EditionState::Approved | EditionState::Sent);
            assert_eq!(now.approved_at.is_some(), is_out, "{}", db.name);
            assert_eq!(
                now.sent_at.is_some(),
                now.state == EditionState::Sent,
                "{}",
                db.name
            );
        }
    }
}

#[tokio::test]
async fn a_job_that_is_called_off_is_nobodys() {
    for db in databases().await {
        let new = |key: &str| NewJob {
            kind: "deliver_edition",
            key: key.to_owned(),
            lane: String::new(),
            run_at: MORNING,
        };
        let mut tx = db.store.begin().await.unwrap();
        for key in ["7@1", "7", "77@1"] {
            assert!(jobs::insert(&mut tx, &new(key), MORNING).await.unwrap());
        }
        tx.commit().await.unwrap();
        let claimed = async || {
            let claimed = jobs::claim(&db.store, &["deliver_edition"], &[], MINUTE, MORNING);
            claimed.await.unwrap()
        };
        let running = claimed().await.unwrap();
        let mut tx = db.store.begin().await.unwrap();
        jobs::call_off(&mut tx, "deliver_edition", "7", MORNING)
            .await
            .unwrap();
        assert!(
            !jobs::finish(&mut tx, &running, MORNING).await.unwrap(),
            "{}",
            db.name
        );
        let again = jobs::insert(&mut tx, &new("7@1"), MORNING).await.unwrap();
        assert!(again, "{}: a new one takes its place", db.name);
        tx.commit().await.unwrap();
        let left = [claimed().await.unwrap().key, claimed().await.unwrap().key];
        assert_eq!(left, ["77@1", "7@1"], "{}", db.name);
        assert_eq!(claimed().await, None, "{}", db.name);
    }
}
