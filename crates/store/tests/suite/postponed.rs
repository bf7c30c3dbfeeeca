//! Deliveries that wait through no fault of their reader's.

use reveille_model::UnixMillis;
use reveille_store::{
    Store,
    deliveries::{self, Answers, Delivery, Later, Outcome},
};
use reveille_testkit::databases;

use crate::{
    deliveries::{Setting, claim, plan_berlin, record, setting, wire},
    fixture::{MINUTE, MORNING},
};

/// Has claims sent later; how many were still held.
async fn postpone(
    store: &Store,
    setting: &Setting,
    claimed: &[Delivery],
    due_at: UnixMillis,
    obstacle: Option<&str>,
) -> u64 {
    let later: Vec<_> = claimed
        .iter()
        .map(|delivery| Later {
            claim: delivery.claim,
            due_at,
            obstacle: obstacle.map(str::to_owned),
            said: None,
        })
        .collect();
    let mut tx = store.begin().await.unwrap();
    let put = deliveries::postpone(&mut tx, setting.edition, &later, MORNING).await;
    tx.commit().await.unwrap();
    put.unwrap()
}

#[tokio::test]
async fn what_is_postponed_is_claimed_from_its_instant_on_and_only_by_its_holder() {
    for db in databases().await {
        let setting = setting(&db, 3).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 9, MORNING).await;
        let put = async |due: UnixMillis| postpone(&db.store, &setting, &claimed, due, None).await;
        assert_eq!(wire(&db.store, &setting, &claimed[..1], MORNING).await, 1);
        let due = MORNING.plus(MINUTE / 2);
        assert_eq!(put(due).await, 3, "{}: one was announced", db.name);
        assert_eq!(put(MORNING).await, 0, "{}: they are in nobody's hand", db.name);
        let early = claim(&db.store, &setting, 9, due.plus(-1)).await;
        assert!(early.is_empty(), "{}", db.name);
        let later = claim(&db.store, &setting, 9, due).await;
        assert_eq!((later.len(), later[0].tries), (3, 0), "{}", db.name);
    }
}

#[tokio::test]
async fn what_the_mail_server_takes_from_nobody_waits_and_says_why() {
    for db in databases().await {
        let setting = setting(&db, 2).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 9, MORNING).await;
        let due = MORNING.plus(MINUTE);
        let keep = async || {
            let obstacle = Some("it is too large");
            postpone(&db.store, &setting, &claimed, due, obstacle).await
        };
        assert_eq!(wire(&db.store, &setting, &claimed[..1], MORNING).await, 1);
        assert_eq!(keep().await, 2, "{}: one was announced", db.name);
        assert_eq!(keep().await, 0, "{}: they are in nobody's hand", db.name);
        let why = async || {
            let found = deliveries::waiting(&db.store, setting.edition).await;
            found.unwrap().given
        };
        let expected = [("waits, since it is too large".to_owned(), 2)];
        assert_eq!(why().await, expected, "{}", db.name);
        let put_off = deliveries::deferred(&db.store, setting.edition).await.unwrap();
        assert_eq!(put_off, Answers::default(), "{}: it cost no try", db.name);
        let early = claim(&db.store, &setting, 9, due.plus(-1)).await;
        assert!(early.is_empty(), "{}", db.name);
        let again = claim(&db.store, &setting, 9, due).await;
        assert_eq!((again.len(), again[0].tries), (2, 0), "{}", db.name);
        let sent = Outcome::Sent("250 ok".to_owned());
        record(&db.store, &setting, &again[..1], sent, due).await;
        assert_eq!(why().await, [], "{}: in hand, or sent", db.name);
        let claims = [again[1].claim];
        let mut tx = db.store.begin().await.unwrap();
        let back = deliveries::put_back(&mut tx, setting.edition, &claims, due).await;
        tx.commit().await.unwrap();
        assert_eq!(back.unwrap(), 1, "{}", db.name);
        assert_eq!(why().await, [], "{}: it waits for its turn", db.name);
    }
}

#[tokio::test]
async fn what_the_mail_server_takes_from_nobody_is_passed_over_and_nothing_else() {
    for db in databases().await {
        let setting = setting(&db, 5).await;
        plan_berlin(&db.store, &setting).await;
        let claimed = claim(&db.store, &setting, 4, MORNING).await;
        // All within the leases of what is claimed on the way.
        let [due, late, until] = [2, 3, 4].map(|third| MORNING.plus(third * MINUTE / 3));
        let obstacle = Some("it is too large");
        postpone(&db.store, &setting, &claimed[..2], due, obstacle).await;
        postpone(&db.store, &setting, &claimed[2..3], late, obstacle).await;
        postpone(&db.store, &setting, &claimed[3..], due, None).await;
        deliveries::pass_over(&db.store, setting.edition, until, due)
            .await
            .unwrap();
        let at = async |instant| claim(&db.store, &setting, 9, instant).await.len();
        assert_eq!(
            at(due).await,
            2,
            "{}: who was never tried, and who was put off",
            db.name
        );
        assert_eq!(at(late).await, 1, "{}: who was not due", db.name);
        let waiting = deliveries::waiting(&db.store, setting.edition).await.unwrap();
        assert_eq!(waiting.readers, 2, "{}: it still is said why", db.name);
        assert_eq!((at(until.plus(-1)).await, at(until).await), (0, 2), "{}", db.name);
    }
}
