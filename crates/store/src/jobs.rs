//! The queue that carries each step of the morning.
//!
//! A job is claimed under a lease. Whoever dies with a job leaves a lease that runs out, and the next claim takes
//! it over with a higher epoch; an epoch that is no longer the row's can neither finish nor extend it, so a worker
//! that was only slow cannot overwrite its successor. Work and `finish` belong in one transaction.

use std::collections::BTreeMap;

use reveille_model::{JobId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    sql::{Arg, Param, Row, args, built, places, sql},
};

/// A step to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob<'a> {
    /// What is to be done: `fetch_source`.
    pub kind: &'a str,
    /// To what. Of one kind and key, one job at most is ready or running.
    pub key: String,
    /// The lane that it runs in, such as the host that it will call upon; empty for none. See [`claim`].
    pub lane: String,
    /// Not before this instant.
    pub run_at: UnixMillis,
}

/// A claimed job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its row.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// To what.
    pub key: String,
    /// The lane that it runs in, such as the host that it will call upon; empty for none. See [`claim`].
    pub lane: String,
    /// How often it was tried, this time included. A try that its worker did not live to end does not count.
    pub attempts: u32,
    /// Which claim this is; the fence against an earlier one.
    pub epoch: i64,
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedJob {
    /// Its row.
    pub id: JobId,
    /// What was to be done.
    pub kind: String,
    /// To what.
    pub key: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it was given up.
    pub error: String,
    /// When.
    pub at: UnixMillis,
}

/// Adds a job, unless one of its kind and key is ready or running: then `false`.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(tx: &mut Tx, job: &NewJob<'_>, now: UnixMillis) -> Result<bool, StoreError> {
    Ok(insert_batch(tx, std::slice::from_ref(job), now).await? == 1)
}

/// Adds the jobs whose kind and key are not ready or running yet, and says how many.
pub async fn insert_batch(tx: &mut Tx, jobs: &[NewJob<'_>], now: UnixMillis) -> Result<u64, StoreError> {
    let text = "insert into jobs (kind, key, lane, state, run_at, created_at, updated_at) {rows}
                on conflict (kind, key) where state in ('ready', 'running') do nothing";
    let rows = jobs
        .iter()
        .map(|job| args![job.kind, &job.key, &job.lane, "ready", job.run_at, now, now]);
    tx.run_many(sql("add jobs", text), args![], rows.collect()).await
}

/// Takes the oldest job of these kinds that is due, or whose worker let its lease run out, for `lease` milliseconds.
/// Jobs in one of the `full` lanes are passed over: so a slow host's hundred pages leave the other workers free.
pub async fn claim(
    store: &Store,
    kinds: &[&str],
    full: &[&str],
    lease: i64,
    now: UnixMillis,
) -> Result<Option<Job>, StoreError> {
    let doing = "claim a job";
    let other_lanes = match full.len() {
        0 => String::new(),
        lanes => format!(" and lane not in ({})", places(3 + kinds.len(), lanes)),
    };
    let clock = store.lease_clock("$1");
    // As an expression, the kind does not invite SQLite to gather all jobs of each kind and sort them: the queue's
    // index has them in order, and the first that fits ends the search.
    let text = format!(
        "update jobs set state = 'running', epoch = epoch + 1, lease_until = {clock} + $2, updated_at = $1
         where id = (
           select id from jobs
           where state in ('ready', 'running') and run_at <= $1 and (state = 'ready' or lease_until <= {clock})
             and kind || '' in ({}){}
           order by run_at, id limit 1{})
         returning id, kind, key, lane, attempts + 1 as attempts, epoch",
        places(3, kinds.len()),
        other_lanes,
        store.dialect().skip_locked(),
    );
    let mut tx = store.begin_claim().await?;
    let job = tx
        .row(
            built(doing, text).kept(),
            with(with(args![now, lease], kinds), full),
        )
        .await?;
    tx.commit().await?;
    job.map(|row| read(&row)).transpose()
}

/// Holds the job for `lease` milliseconds more. `false`: somebody else has it; stop.
pub async fn extend(store: &Store, job: &Job, lease: i64, now: UnixMillis) -> Result<bool, StoreError> {
    let text = format!(
        "update jobs set lease_until = {} + $3, updated_at = $4 where id = $1 and epoch = $2 and state = 'running'",
        store.lease_clock("$4")
    );
    let mut tx = store.begin().await?;
    let args = args![job.id, job.epoch, lease, now];
    let held = tx.run(built("extend a job", text).kept(), args).await? == 1;
    tx.commit().await?;
    Ok(held)
}

/// Whether the job is still its worker's.
pub async fn is_held(tx: &mut Tx, job: &Job) -> Result<bool, StoreError> {
    let text = "select 1 as found from jobs where id = $1 and epoch = $2 and state = 'running'";
    let row = tx
        .row(sql("look for a job", text), args![job.id, job.epoch])
        .await?;
    Ok(row.is_some())
}

/// Marks the job done. `false`: the lease was lost, and the caller must drop the transaction with all its work.
pub async fn finish(tx: &mut Tx, job: &Job, now: UnixMillis) -> Result<bool, StoreError> {
    let text = "update jobs set state = 'done', lease_until = null, error = null, updated_at = $3
                where id = $1 and epoch = $2 and state = 'running'";
    Ok(tx
        .run(sql("finish a job", text), args![job.id, job.epoch, now])
        .await?
        == 1)
}

/// Puts the job back to be tried again at `run_at`. `false`: the lease was lost.
pub async fn retry(
    tx: &mut Tx,
    job: &Job,
    run_at: UnixMillis,
    error: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let text = "update jobs set state = 'ready', attempts = attempts + 1, lease_until = null, run_at = $3, error = $4,
                  updated_at = $5
                where id = $1 and epoch = $2 and state = 'running'";
    Ok(tx
        .run(
            sql("put back a job", text),
            args![job.id, job.epoch, run_at, error, now],
        )
        .await?
        == 1)
}

/// Calls off the live jobs of a kind whose key is this one, or begins with it and an `@`. Whoever runs one has lost it.
pub async fn call_off(tx: &mut Tx, kind: &str, key: &str, now: UnixMillis) -> Result<(), StoreError> {
    let text = "update jobs set state = 'done', lease_until = null, updated_at = $3
                where kind = $1 and (key = $2 or key like $2 || '@%') and state in ('ready', 'running')";
    tx.run(sql("call off jobs", text), args![kind, key, now])
        .await
        .map(drop)
}

/// Has the jobs of a kind tried at once that failed and wait for their next try, whose key is this one or begins with it and an
/// `@`.
pub async fn hasten(tx: &mut Tx, kind: &str, key: &str, now: UnixMillis) -> Result<(), StoreError> {
    let text = "update jobs set run_at = $3, updated_at = $3
                where kind = $1 and (key = $2 or key like $2 || '@%') and state = 'ready' and attempts > 0
                  and run_at > $3";
    tx.run(sql("hasten jobs", text), args![kind, key, now])
        .await
        .map(drop)
}

/// Gives the job up. `false`: the lease was lost.
pub async fn fail(tx: &mut Tx, job: &Job, error: &str, now: UnixMillis) -> Result<bool, StoreError> {
    let text = "update jobs set state = 'failed', attempts = attempts + 1, lease_until = null, error = $3, updated_at = $4
                where id = $1 and epoch = $2 and state = 'running'";
    Ok(tx
        .run(sql("give up a job", text), args![job.id, job.epoch, error, now])
        .await?
        == 1)
}

/// When the next job of these kinds can be claimed, by the clock that shows `now`, if nothing else is added; `None` where
/// there is none.
pub async fn next_at(
    store: &Store,
    kinds: &[&str],
    now: UnixMillis,
) -> Result<Option<UnixMillis>, StoreError> {
    let text = format!(
        "select min(case when state = 'ready' then run_at else lease_until - {} + $1 end) as at from jobs
         where state in ('ready', 'running') and kind in ({})",
        store.lease_clock("$1"),
        places(2, kinds.len())
    );
    let row = store
        .row(built("find the next job", text).kept(), with(args![now], kinds))
        .await?;
    row.map_or(Ok(None), |row| row.maybe("at"))
}

/// How many jobs there are, by kind and then by state ("ready", "running", "done", "failed").
pub async fn count(store: &Store) -> Result<BTreeMap<String, BTreeMap<String, u64>>, StoreError> {
    let text = "select kind, state, count(*) as jobs from jobs group by kind, state";
    let mut counts: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for row in store.rows(sql("count jobs", text), args![]).await? {
        counts
            .entry(row.get("kind")?)
            .or_default()
            .insert(row.get("state")?, row.get("jobs")?);
    }
    Ok(counts)
}

/// The jobs last given up, latest first.
pub async fn failed(store: &Store, limit: u32) -> Result<Vec<FailedJob>, StoreError> {
    let text = "select id, kind, key, attempts, coalesce(error, '') as error, updated_at from jobs
                where state = 'failed' order by updated_at desc, id desc limit $1";
    let rows = store.rows(sql("list failed jobs", text), args![limit]).await?;
    let read = |row: &Row| {
        Ok(FailedJob {
            id: row.get("id")?,
            kind: row.get("kind")?,
            key: row.get("key")?,
            attempts: row.get("attempts")?,
            error: row.get("error")?,
            at: row.get("updated_at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// Removes jobs that ended before `older_than`, and says how many.
pub async fn purge(tx: &mut Tx, older_than: UnixMillis) -> Result<u64, StoreError> {
    let text = "delete from jobs where state in ('done', 'failed') and updated_at < $1";
    tx.run(sql("remove old jobs", text), args![older_than]).await
}

/// Makes jobs ready at once whose work their worker has broken off. What somebody else has taken over stays theirs.
pub async fn release(tx: &mut Tx, jobs: &[(JobId, i64)], now: UnixMillis) -> Result<(), StoreError> {
    let text = "update jobs set state = 'ready', lease_until = null, epoch = epoch + 1, updated_at = $3
                where id = $1 and epoch = $2 and state = 'running'";
    for (id, epoch) in jobs {
        tx.run(sql("release a job", text), args![*id, *epoch, now])
            .await?;
    }
    Ok(())
}

/// Makes every running job ready at once, and says how many. Only for the start of a process that is known to be
/// alone, as on SQLite: it takes jobs from live workers.
pub async fn release_all(tx: &mut Tx, now: UnixMillis) -> Result<u64, StoreError> {
    let text = "update jobs set state = 'ready', lease_until = null, epoch = epoch + 1, updated_at = $1
                where state = 'running'";
    tx.run(sql("release jobs", text), args![now]).await
}

/// When a job last changed.
pub async fn last_activity(store: &Store) -> Result<Option<UnixMillis>, StoreError> {
    let row = store
        .row(
            sql("read its last activity", "select max(updated_at) as at from jobs"),
            args![],
        )
        .await?;
    row.map_or(Ok(None), |row| row.maybe("at"))
}

fn with<'a>(mut args: Vec<Arg<'a>>, words: &[&'a str]) -> Vec<Arg<'a>> {
    args.extend(words.iter().map(|word| word.arg()));
    args
}

fn read(row: &Row) -> Result<Job, StoreError> {
    Ok(Job {
        id: row.get("id")?,
        kind: row.get("kind")?,
        key: row.get("key")?,
        lane: row.get("lane")?,
        attempts: row.get("attempts")?,
        epoch: row.get("epoch")?,
    })
}
