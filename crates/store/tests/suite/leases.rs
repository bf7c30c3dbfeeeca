//! Nodes whose clocks do not agree. On PostgreSQL the database's own clock decides over leases, so that these tests wait
//! for real time to pass; never longer than it takes.

use std::{collections::BTreeMap, time::Duration};

use reveille_model::{DeliveryState, IfUnknown, UnixMillis};
use reveille_store::{
    Store,
    deliveries::{self, Claim, Delivery},
    editions,
    jobs::{self, Job, NewJob},
};
use reveille_testkit::{Database, postgres_database};

use crate::{
    deliveries::{plan_berlin, record, setting, states, taken, wire},
    fixture::{HOUR, MINUTE, MORNING},
};

/// A lease that a test can wait for, in milliseconds.
const SHORT: i64 = 200;
const BEHIND: UnixMillis = MORNING;
const AHEAD: UnixMillis = MORNING.plus(HOUR);

/// Two nodes as they run in earnest.
async fn nodes(db: &Database) -> (Store, Store) {
    let open = async || Store::open(&db.url).await.unwrap();
    (open().await, open().await)
}

/// Asks until there is an answer.
async fn wait_for<T>(ask: impl AsyncFn() -> Option<T>) -> T {
    let asked = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asked)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_clock_that_nodes_share_can_be_read() {
    let db = postgres_database().await;
    let (node, _) = nodes(&db).await;
    let first = node.shared_now().await.unwrap().unwrap();
    let second = node.shared_now().await.unwrap().unwrap();
    assert!(first > AHEAD && first <= second, "{first}, {second}");
    assert_eq!(node.leased_by_own_clock().shared_now().await.unwrap(), None);
}

#[tokio::test]
async fn a_jobs_lease_runs_out_by_the_databases_clock() {
    let db = postgres_database().await;
    let (behind, ahead) = nodes(&db).await;
    let job = NewJob {
        kind: "fetch",
        key: "a".to_owned(),
        lane: String::new(),
        run_at: MORNING,
    };
    let mut tx = db.store.begin().await.unwrap();
    assert!(jobs::insert(&mut tx, &job, MORNING).await.unwrap());
    tx.commit().await.unwrap();
    let claim = async |store: &Store, lease, now| -> Option<Job> {
        jobs::claim(store, &["fetch"], &[], lease, now).await.unwrap()
    };
    let held = claim(&behind, MINUTE, BEHIND).await.unwrap();
    assert_eq!(claim(&ahead, MINUTE, AHEAD).await, None, "it is alive");
    let next = jobs::next_at(&ahead, &["fetch"], AHEAD).await.unwrap().unwrap();
    assert!((1..=MINUTE).contains(&next.since(AHEAD)), "told by its own clock");
    assert!(jobs::extend(&behind, &held, SHORT, BEHIND).await.unwrap());
    let heir = wait_for(async || claim(&ahead, SHORT, AHEAD).await).await;
    assert_eq!(heir.epoch, held.epoch + 1);
    assert!(!jobs::extend(&behind, &held, MINUTE, BEHIND).await.unwrap());
    let back = wait_for(async || claim(&behind, MINUTE, BEHIND).await).await;
    assert_eq!(back.epoch, heir.epoch + 1);
}

#[tokio::test]
async fn a_deliverys_lease_runs_out_by_the_databases_clock() {
    let db = postgres_database().await;
    let (behind, ahead) = nodes(&db).await;
    let setting = setting(&db, 4).await;
    plan_berlin(&db.store, &setting).await;
    let claim = async |store: &Store, limit, lease, now| -> Vec<Delivery> {
        let edition = setting.edition;
        deliveries::claim(store, edition, IfUnknown::Resend, limit, lease, now)
            .await
            .unwrap()
    };
    let held = claim(&behind, 4, MINUTE, BEHIND).await;
    assert_eq!(wire(&behind, &setting, &held[..2], BEHIND).await, 2);
    assert!(claim(&ahead, 9, MINUTE, AHEAD).await.is_empty(), "they are alive");
    let rule = IfUnknown::Resend;
    let next = deliveries::next_due(&ahead, setting.edition, rule, AHEAD).await;
    let rest = next.unwrap().unwrap().since(AHEAD);
    assert!((1..=MINUTE).contains(&rest), "told by its own clock");

    let claims: Vec<Claim> = held.iter().map(|delivery| delivery.claim).collect();
    let mut tx = behind.begin().await.unwrap();
    deliveries::extend(&mut tx, setting.edition, &claims, SHORT, BEHIND)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let heirs =
        wait_for(async || Some(claim(&ahead, 9, SHORT, AHEAD).await).filter(|some| !some.is_empty())).await;
    assert_eq!(heirs.len(), 2, "what was not on the wire");
    assert_eq!(
        wire(&behind, &setting, &held[2..], BEHIND).await,
        0,
        "it lost them"
    );
    assert_eq!(record(&behind, &setting, &held[..1], taken(), BEHIND).await, 1);
    let back =
        wait_for(async || Some(claim(&behind, 9, MINUTE, BEHIND).await).filter(|some| !some.is_empty()))
            .await;
    assert_eq!(back.len(), 2, "the node ahead died with them");
    let expected = [
        (DeliveryState::Sending, 2),
        (DeliveryState::Sent, 1),
        (DeliveryState::Unknown, 1),
    ];
    assert_eq!(states(&db.store, &setting).await, BTreeMap::from(expected));
}

#[tokio::test]
async fn a_node_that_stops_in_the_middle_of_a_transaction_keeps_nobody_waiting_for_ever() {
    let db = postgres_database().await;
    let (paused, other) = nodes(&db).await;
    let setting = setting(&db, 2).await;
    plan_berlin(&db.store, &setting).await;
    let claimed = deliveries::claim(&paused, setting.edition, IfUnknown::Resend, 1, MINUTE, BEHIND);
    let claimed = claimed.await.unwrap();
    let mut tx = paused.begin().await.unwrap();
    let outcome = [(claimed[0].claim, taken())];
    editions::hold(&mut tx, setting.edition).await.unwrap();
    let recorded = deliveries::record(&mut tx, setting.edition, &outcome, BEHIND).await;
    assert_eq!(recorded.unwrap(), 1);
    // Both count what was sent, the first one at its end.
    let theirs = deliveries::claim(&other, setting.edition, IfUnknown::Resend, 1, MINUTE, BEHIND);
    let theirs = theirs.await.unwrap();
    assert_eq!(record(&other, &setting, &theirs, taken(), BEHIND).await, 1);
    // Both hold the edition.
    let mut theirs = other.begin().await.unwrap();
    editions::hold(&mut theirs, setting.edition).await.unwrap();
    theirs.commit().await.unwrap();
    let error = tx.commit().await.unwrap_err();
    assert!(error.is_transient(), "{error:?}");
    assert_eq!(
        record(&paused, &setting, &claimed, taken(), BEHIND).await,
        1,
        "once more"
    );
}
