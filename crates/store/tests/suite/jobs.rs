//! The queue: order, leases, fences, and workers that meet.

use std::collections::HashSet;

use reveille_model::UnixMillis;
use reveille_store::{
    Store,
    jobs::{self, Job, NewJob},
};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MINUTE, MORNING, second_node};

const KINDS: &[&str] = &["fetch", "send"];

fn job(kind: &'static str, key: &str, run_at: UnixMillis) -> NewJob<'static> {
    NewJob {
        kind,
        key: key.to_owned(),
        lane: format!("{key}.example"),
        run_at,
    }
}

async fn add(store: &Store, jobs: &[NewJob<'_>]) -> u64 {
    let mut tx = store.begin().await.unwrap();
    let added = jobs::insert_batch(&mut tx, jobs, MORNING).await.unwrap();
    tx.commit().await.unwrap();
    added
}

async fn claim(store: &Store, now: UnixMillis) -> Option<Job> {
    jobs::claim(store, KINDS, &[], MINUTE, now).await.unwrap()
}

async fn finish(store: &Store, job: &Job, now: UnixMillis) -> bool {
    let mut tx = store.begin().await.unwrap();
    let done = jobs::finish(&mut tx, job, now).await.unwrap();
    tx.commit().await.unwrap();
    done
}

#[tokio::test]
async fn a_full_lane_is_passed_over_until_there_is_room() {
    for db in databases().await {
        let new = [
            job("fetch", "slow", MORNING),
            job("fetch", "quick", MORNING.plus(1)),
        ];
        assert_eq!(add(&db.store, &new).await, 2);
        let later = MORNING.plus(HOUR);
        let claim = async |full: &[&str]| jobs::claim(&db.store, KINDS, full, MINUTE, later).await.unwrap();
        let past = claim(&["other.example", "slow.example"]).await.unwrap();
        assert_eq!(past.key, "quick", "{}", db.name);
        assert_eq!(claim(&["slow.example"]).await, None, "{}", db.name);
        assert_eq!(claim(&[]).await.unwrap().key, "slow", "{}", db.name);
    }
}

#[tokio::test]
async fn the_oldest_due_job_of_the_kinds_asked_for_comes_first() {
    for db in databases().await {
        let new = [
            job("send", "late", MORNING.plus(HOUR)),
            job("fetch", "b", MORNING),
            job("send", "a", MORNING),
            job("fetch", "oldest", MORNING.plus(-1)),
            job("other", "not ours", MORNING.plus(-9)),
        ];
        assert_eq!(add(&db.store, &new).await, 5);
        let mut keys = Vec::new();
        while let Some(job) = claim(&db.store, MORNING).await {
            assert_eq!(job.lane, format!("{}.example", job.key));
            assert_eq!((job.attempts, job.epoch), (1, 1));
            keys.push(job.key);
        }
        assert_eq!(keys, ["oldest", "b", "a"], "{}", db.name);
    }
}

#[tokio::test]
async fn of_a_kind_and_key_one_job_lives_at_a_time() {
    for db in databases().await {
        assert_eq!(
            add(
                &db.store,
                &[job("fetch", "a", MORNING), job("fetch", "a", MORNING)]
            )
            .await,
            1
        );
        assert_eq!(
            add(
                &db.store,
                &[job("fetch", "a", MORNING), job("send", "a", MORNING)]
            )
            .await,
            1
        );
        let running = claim(&db.store, MORNING).await.unwrap();
        assert_eq!(running.kind, "fetch");
        assert_eq!(
            add(&db.store, &[job("fetch", "a", MORNING)]).await,
            0,
            "{}: it runs",
            db.name
        );
        assert!(finish(&db.store, &running, MORNING).await);
        let mut tx = db.store.begin().await.unwrap();
        assert!(
            jobs::insert(&mut tx, &job("fetch", "a", MORNING), MORNING)
                .await
                .unwrap()
        );
        assert!(
            !jobs::insert(&mut tx, &job("fetch", "a", MORNING), MORNING)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn more_jobs_than_one_statement_holds_are_all_added() {
    for db in databases().await {
        let new: Vec<_> = (0..1_203)
            .map(|n| job("fetch", &n.to_string(), MORNING))
            .collect();
        assert_eq!(add(&db.store, &new).await, 1_203);
        assert_eq!(
            jobs::count(&db.store).await.unwrap()["fetch"]["ready"],
            1_203,
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn a_dead_workers_job_is_taken_over_and_its_ghost_is_fenced_off() {
    for db in databases().await {
        add(&db.store, &[job("fetch", "a", MORNING)]).await;
        let ghost = claim(&db.store, MORNING).await.unwrap();
        let before = MORNING.plus(MINUTE - 1);
        assert_eq!(
            claim(&db.store, before).await,
            None,
            "{}: the lease holds",
            db.name
        );
        assert_eq!(
            jobs::next_at(&db.store, KINDS, MORNING).await.unwrap(),
            Some(MORNING.plus(MINUTE))
        );

        let after = MORNING.plus(MINUTE);
        let heir = claim(&db.store, after).await.unwrap();
        assert_eq!(
            (heir.id, heir.attempts, heir.epoch),
            (ghost.id, 1, 2),
            "{}: what was cut off is no try",
            db.name
        );
        assert!(!jobs::extend(&db.store, &ghost, MINUTE, after).await.unwrap());
        let mut tx = db.store.begin().await.unwrap();
        assert!(!jobs::finish(&mut tx, &ghost, after).await.unwrap());
        assert!(!jobs::retry(&mut tx, &ghost, after, "slow", after).await.unwrap());
        assert!(!jobs::fail(&mut tx, &ghost, "slow", after).await.unwrap());
        tx.commit().await.unwrap();

        assert!(jobs::extend(&db.store, &heir, HOUR, after).await.unwrap());
        assert_eq!(
            claim(&db.store, after.plus(2 * MINUTE)).await,
            None,
            "{}: it was extended",
            db.name
        );
        assert!(finish(&db.store, &heir, after).await);
        assert!(!finish(&db.store, &heir, after).await, "{}: once", db.name);
    }
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_and_then_given_up() {
    for db in databases().await {
        add(&db.store, &[job("fetch", "a", MORNING)]).await;
        let first = claim(&db.store, MORNING).await.unwrap();
        let mut tx = db.store.begin().await.unwrap();
        assert!(
            jobs::retry(&mut tx, &first, MORNING.plus(HOUR), "no answer", MORNING)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        assert_eq!(claim(&db.store, MORNING.plus(MINUTE)).await, None);
        assert_eq!(
            jobs::next_at(&db.store, KINDS, MORNING).await.unwrap(),
            Some(MORNING.plus(HOUR))
        );

        let later = MORNING.plus(HOUR);
        let second = claim(&db.store, later).await.unwrap();
        assert_eq!(second.attempts, 2);
        let mut tx = db.store.begin().await.unwrap();
        assert!(
            jobs::fail(&mut tx, &second, "still no answer", later)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        let failed = jobs::failed(&db.store, 10).await.unwrap();
        assert_eq!(failed.len(), 1);
        assert_eq!(
            (failed[0].error.as_str(), failed[0].attempts, failed[0].at),
            ("still no answer", 2, later)
        );
        assert_eq!(
            jobs::next_at(&db.store, KINDS, MORNING).await.unwrap(),
            None,
            "{}",
            db.name
        );
        assert_eq!(jobs::last_activity(&db.store).await.unwrap(), Some(later));
    }
}

#[tokio::test]
async fn work_and_its_end_stand_or_fall_together() {
    for db in databases().await {
        add(&db.store, &[job("fetch", "a", MORNING)]).await;
        let claimed = claim(&db.store, MORNING).await.unwrap();
        let mut tx = db.store.begin().await.unwrap();
        jobs::insert(&mut tx, &job("send", "next", MORNING), MORNING)
            .await
            .unwrap();
        jobs::finish(&mut tx, &claimed, MORNING).await.unwrap();
        drop(tx);
        let counts = jobs::count(&db.store).await.unwrap();
        assert_eq!(counts["fetch"]["running"], 1, "{}", db.name);
        assert!(!counts.contains_key("send"), "{}", db.name);
    }
}

#[tokio::test]
async fn a_lone_process_starts_with_what_it_left_behind() {
    for db in databases().await {
        add(
            &db.store,
            &[job("fetch", "a", MORNING), job("fetch", "b", MORNING)],
        )
        .await;
        let ghost = claim(&db.store, MORNING).await.unwrap();
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(jobs::release_all(&mut tx, MORNING).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert!(!finish(&db.store, &ghost, MORNING).await, "{}", db.name);
        let again = claim(&db.store, MORNING).await.unwrap();
        assert_eq!((again.key.as_str(), again.epoch), ("a", 3), "{}", db.name);
    }
}

#[tokio::test]
async fn work_that_is_broken_off_is_given_back_unless_somebody_has_it() {
    for db in databases().await {
        let jobs = ["a", "b", "c"].map(|key| job("fetch", key, MORNING));
        add(&db.store, &jobs).await;
        let broken_off = claim(&db.store, MORNING).await.unwrap();
        let taken_over = claim(&db.store, MORNING).await.unwrap();
        let done = claim(&db.store, MORNING).await.unwrap();
        finish(&db.store, &done, MORNING).await;
        // Its lease has run out, the first one's was lengthened.
        let later = MORNING.plus(MINUTE);
        assert!(jobs::extend(&db.store, &broken_off, HOUR, MORNING).await.unwrap());
        let heir = claim(&db.store, later).await.unwrap();
        assert_eq!(heir.key, taken_over.key, "{}", db.name);
        let given = [&broken_off, &taken_over, &done].map(|job| (job.id, job.epoch));
        let mut tx = db.store.begin().await.unwrap();
        jobs::release(&mut tx, &given, later).await.unwrap();
        tx.commit().await.unwrap();
        let again = claim(&db.store, later).await.unwrap();
        assert_eq!(again.key, broken_off.key, "{}", db.name);
        assert!(claim(&db.store, later).await.is_none(), "{}", db.name);
        assert!(finish(&db.store, &heir, later).await, "{}", db.name);
    }
}

#[tokio::test]
async fn old_jobs_are_removed_and_live_ones_never() {
    for db in databases().await {
        add(
            &db.store,
            &[job("fetch", "a", MORNING), job("fetch", "b", MORNING)],
        )
        .await;
        let done = claim(&db.store, MORNING).await.unwrap();
        finish(&db.store, &done, MORNING.plus(MINUTE)).await;
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(jobs::purge(&mut tx, MORNING.plus(MINUTE)).await.unwrap(), 0);
        assert_eq!(jobs::purge(&mut tx, MORNING.plus(HOUR)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(claim(&db.store, MORNING).await.unwrap().key, "b", "{}", db.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_nodes_share_the_queue_and_take_each_job_once() {
    for db in databases().await {
        let new: Vec<_> = (0..200).map(|n| job("fetch", &n.to_string(), MORNING)).collect();
        add(&db.store, &new).await;
        let mut nodes = Vec::new();
        for _ in 0..4 {
            let store = second_node(&db.url).await;
            nodes.push(tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(job) = claim(&store, MORNING).await {
                    assert!(finish(&store, &job, MORNING).await);
                    taken.push(job.id);
                }
                taken
            }));
        }
        let mut all = Vec::new();
        for node in nodes {
            all.extend(node.await.unwrap());
        }
        assert_eq!(all.len(), 200, "{}", db.name);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 200, "{}", db.name);
        assert_eq!(jobs::count(&db.store).await.unwrap()["fetch"]["done"], 200);
    }
}

#[tokio::test]
async fn an_open_claim_keeps_no_other_node_waiting() {
    let db = reveille_testkit::postgres_database().await;
    add(
        &db.store,
        &[job("fetch", "a", MORNING), job("fetch", "b", MORNING)],
    )
    .await;
    // Somebody holds the first job's row; whoever claims now passes over it.
    let other = sqlx::PgPool::connect(&db.url).await.unwrap();
    let mut tx = other.begin().await.unwrap();
    sqlx::query("select id from jobs where key = 'a' for update")
        .execute(&mut *tx)
        .await
        .unwrap();
    assert_eq!(claim(&db.store, MORNING).await.unwrap().key, "b");
    assert_eq!(claim(&db.store, MORNING).await, None);
    tx.rollback().await.unwrap();
    assert_eq!(claim(&db.store, MORNING).await.unwrap().key, "a");
}

#[tokio::test]
async fn what_has_failed_can_be_tried_at_once_and_nothing_is_early() {
    for db in databases().await {
        let (now, hour) = (MORNING.plus(MINUTE), MORNING.plus(HOUR));
        add(
            &db.store,
            &[job("send", "7@1", MORNING), job("send", "8@1", MORNING)],
        )
        .await;
        for _ in 0..2 {
            let failed = claim(&db.store, MORNING).await.unwrap();
            let mut tx = db.store.begin().await.unwrap();
            jobs::retry(&mut tx, &failed, hour, "not now", MORNING)
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
        add(&db.store, &[job("send", "7@2", hour)]).await;
        let mut tx = db.store.begin().await.unwrap();
        jobs::hasten(&mut tx, "send", "7", now).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(claim(&db.store, now).await.unwrap().key, "7@1", "{}", db.name);
        assert_eq!(claim(&db.store, now).await, None, "{}", db.name);
    }
}
