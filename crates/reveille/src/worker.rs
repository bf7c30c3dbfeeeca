//! Takes job rows and runs them, as many at a time as the settings allow.
//!
//! A worker holds nothing that matters: kill it anywhere and the next one goes on from the rows. Only a store
//! that is full or lost stops it, since then nothing it does could last: a command ends, `serve` waits (`outage.rs`).

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use reveille_store::{
    StoreError,
    jobs::{self as rows, Job},
};
use tokio::{
    task::{JoinError, JoinSet},
    time::Instant,
};

use crate::{
    app::App,
    jobs::{self, Ended, Kind},
    outage,
    progress::{Progress, Step},
};

/// How long a job is its worker's before another may take it over, in milliseconds: if this node dies, so long its work
/// waits for another one.
const LEASE_MILLIS: i64 = 24_000;
/// How often the queue is looked at while jobs run.
const LOOK: Duration = Duration::from_secs(1);
/// How often a running job's lease is renewed. It may be missed twice.
const RENEWAL: Duration = Duration::from_secs(8);
/// After so many tries a failure is no matter of a moment: most jobs are given up then and kept as `failed`; of what readers wait for
/// somebody is told.
pub(crate) const TRIES: u32 = 8;
/// The pause after a first failure, in milliseconds. Each doubles it, so many times at most.
const FIRST_PAUSE_MILLIS: i64 = 10_000;
const DOUBLINGS: u32 = 7;
/// The longest pause, in milliseconds.
pub(crate) const LONGEST_PAUSE_MILLIS: i64 = FIRST_PAUSE_MILLIS << DOUBLINGS;

/// How many tries there are within so many milliseconds.
pub(crate) const fn tries_within(millis: i64) -> u32 {
    let (mut tries, mut at) = (1, 0);
    while at < millis {
        at += pause(tries);
        tries += 1;
    }
    tries
}

/// The pause after so many tries, in milliseconds.
const fn pause(tries: u32) -> i64 {
    let doublings = tries.saturating_sub(1);
    FIRST_PAUSE_MILLIS
        << if doublings < DOUBLINGS {
            doublings
        } else {
            DOUBLINGS
        }
}

/// Runs jobs of these kinds until none is due, each kind as a step of the progress.
///
/// # Errors
/// Where the store is full or lost; jobs' own failures are kept on their rows.
pub(crate) async fn drain(app: &App, kinds: &[Kind], progress: &Progress) -> anyhow::Result<()> {
    let mut steps = Steps {
        progress,
        open: BTreeMap::new(),
    };
    let mut queue = Queue::of(app, kinds);
    let mut lanes = Lanes::default();
    // Tasks of their own: on SQLite a job that holds the writer must go on while the next one is being claimed.
    let mut running = JoinSet::new();
    let mut jobs = HashMap::new();
    loop {
        loop {
            let full = lanes.full(app.config.gather.workers);
            let job = match queue.next(running.len(), &full).await {
                Ok(Some(job)) => job,
                Ok(None) => break,
                // Those under way go on, and the next look asks again.
                Err(error) if !running.is_empty() && !is_store_down(&error) => {
                    tracing::warn!("{error:#}");
                    break;
                }
                Err(error) => return Err(error),
            };
            steps.begin(&job);
            lanes.enter(&job);
            let task = running.spawn(with_lease(app.clone(), job.clone()));
            jobs.insert(task.id(), job);
        }
        let ended = tokio::select! {
            ended = running.join_next_with_id() => ended,
            // Meanwhile more may have come due.
            () = tokio::time::sleep(LOOK) => continue,
        };
        let Some(ended) = ended else { break };
        let (task, ended) = match ended {
            Ok((task, ended)) => (task, Ok(ended)),
            Err(error) => (error.id(), Err(error)),
        };
        let Some(job) = jobs.remove(&task) else { continue };
        conclude(app, &job, ended).await?;
        lanes.leave(&job);
        app.put_down(&job);
        steps.advance(&job);
        if steps.stale() {
            steps.set_totals(app).await;
        }
    }
    steps.finish();
    Ok(())
}

/// What is to be run: jobs of some kinds, of which readers or editors wait for some.
struct Queue {
    app: App,
    kinds: Vec<&'static str>,
    awaited: Vec<&'static str>,
    /// When there was last none for which somebody waits.
    looked: Option<Instant>,
}

impl Queue {
    fn of(app: &App, kinds: &[Kind]) -> Self {
        let named = |kinds: &[Kind]| kinds.iter().map(|kind| kind.as_str()).collect();
        let awaited: Vec<_> = (kinds.iter().copied()).filter(|kind| kind.is_awaited()).collect();
        Self {
            app: app.clone(),
            kinds: named(kinds),
            awaited: named(&awaited),
            looked: None,
        }
    }

    /// The next job to run beside so many, in none of the `full` lanes. Those for which somebody waits come before all others, however
    /// long these have been due, and find workers where these take all: after an outage thousands of pages are.
    async fn next(&mut self, running: usize, full: &[String]) -> anyhow::Result<Option<Job>> {
        let workers = self.app.config.gather.workers;
        let is_time = self.looked.is_none_or(|looked| looked.elapsed() >= LOOK);
        if is_time && !self.awaited.is_empty() && running < 2 * workers {
            match self.claim(&self.awaited, full).await? {
                None => self.looked = Some(Instant::now()),
                claimed => return Ok(claimed),
            }
        }
        if running >= workers {
            return Ok(None);
        }
        self.claim(&self.kinds, full).await
    }

    /// Claims a job of these kinds and takes it in hand. In a task of its own, so that what is claimed in the instant of stopping is
    /// noted, and given back.
    async fn claim(&self, kinds: &[&'static str], full: &[String]) -> anyhow::Result<Option<Job>> {
        let (app, kinds, full) = (self.app.clone(), kinds.to_vec(), full.to_vec());
        let claimed = tokio::spawn(async move {
            let _claiming = app.claiming().await;
            let full: Vec<&str> = full.iter().map(String::as_str).collect();
            let job = rows::claim(&app.store, &kinds, &full, LEASE_MILLIS, app.now()).await?;
            if let Some(job) = &job {
                app.take_in_hand(job);
            }
            Ok::<_, StoreError>(job)
        });
        Ok(claimed.await??)
    }
}

/// Settles what became of a job. One that panicked has failed like any other: it ends none of those beside it.
///
/// # Errors
/// Where the store is full or lost.
async fn conclude(
    app: &App,
    job: &Job,
    ended: Result<anyhow::Result<Ended>, JoinError>,
) -> anyhow::Result<()> {
    let error = match ended {
        Ok(Ok(Ended::Done)) => return Ok(()),
        Ok(Ok(Ended::LeaseLost)) => {
            tracing::warn!(job = %job.id, kind = job.kind, "another worker has taken over this job, or it was called off");
            return Ok(());
        }
        Ok(Err(error)) => error,
        Err(panic) => panic.into(),
    };
    if is_store_down(&error) {
        return Err(error.context("the store cannot take any more; what was reported done is safe"));
    }
    match settle(app, job, &error).await {
        Err(error) if is_down(&error) => Err(error.into()),
        Err(error) => {
            let error = anyhow::Error::from(error);
            tracing::warn!(job = %job.id, kind = job.kind, "{error:#}; the job comes up again when its lease runs out");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// Runs one job and renews its lease for as long as that takes.
async fn with_lease(app: App, job: Job) -> anyhow::Result<Ended> {
    let renewal = async {
        loop {
            tokio::time::sleep(RENEWAL).await;
            match rows::extend(&app.store, &job, LEASE_MILLIS, app.now()).await {
                Ok(true) => {}
                Ok(false) => return Ok(Ended::LeaseLost),
                // The next one may succeed before the lease runs out.
                Err(error) if error.is_transient() => {
                    let error = anyhow::Error::from(error);
                    tracing::warn!(job = %job.id, kind = job.kind, "{error:#}");
                }
                Err(error) => return Err(error.into()),
            }
        }
    };
    tokio::select! {
        result = jobs::run(&app, &job) => result,
        result = renewal => result,
    }
}

/// Another try later, or the end.
async fn settle(app: &App, job: &Job, error: &anyhow::Error) -> Result<(), StoreError> {
    tracing::warn!(job = %job.id, kind = job.kind, key = job.key, attempts = job.attempts, "{error:#}");
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let text = format!("{error:#}");
    let kind = Kind::of(job);
    let tries = kind.map_or(Some(TRIES), Kind::tries);
    if tries.is_none_or(|tries| job.attempts < tries) {
        rows::retry(&mut tx, job, now.plus(pause(job.attempts)), &text, now).await?;
    } else {
        rows::fail(&mut tx, job, &text, now).await?;
    }
    tx.commit().await?;
    // Once, and not before the failures of a moment are over.
    if job.attempts == TRIES {
        if tries.is_none()
            && let Err(error) = jobs::tell_editors(app, job, &text, now).await
        {
            tracing::warn!(job = %job.id, kind = job.kind, "its editors could not be told: {error:#}");
        }
        if kind.is_some_and(Kind::is_asked_for) {
            tracing::error!(job = %job.id, kind = job.kind, "readers wait for mails that they asked for: `reveille doctor` tries the mail server");
        }
    }
    Ok(())
}

/// Whether the failure is the store's, so that trying on would only lose work.
pub(crate) fn is_store_down(error: &anyhow::Error) -> bool {
    error.downcast_ref::<StoreError>().is_some_and(is_down)
}

fn is_down(error: &StoreError) -> bool {
    error.is_disk_full() || error.is_lost()
}

/// The lane of sources that failed the last time.
pub(crate) const FAILING: &str = "failing sources";

/// How many jobs run in each lane: a host that is slow, or has a hundred pages, must not take all workers, nor must two
/// hundred sources that never answer.
#[derive(Default)]
struct Lanes(BTreeMap<String, usize>);

impl Lanes {
    fn enter(&mut self, job: &Job) {
        if !job.lane.is_empty() {
            *self.0.entry(job.lane.clone()).or_default() += 1;
        }
    }

    fn leave(&mut self, job: &Job) {
        if let Some(running) = self.0.get_mut(&job.lane) {
            *running -= 1;
            if *running == 0 {
                self.0.remove(&job.lane);
            }
        }
    }

    /// The lanes that take no more: a host one at a time, those that failed a quarter of the workers.
    fn full(&self, workers: usize) -> Vec<String> {
        let most = |lane: &str| if lane == FAILING { workers.div_ceil(4) } else { 1 };
        let full = self.0.iter().filter(|(lane, running)| **running >= most(lane));
        full.map(|(lane, _)| lane.clone()).collect()
    }
}

/// The progress of the kinds that have come up.
struct Steps<'a> {
    progress: &'a Progress,
    open: BTreeMap<Kind, Step>,
}

impl Steps<'_> {
    fn begin(&mut self, job: &Job) {
        if let Some(kind) = Kind::of(job) {
            let step = self
                .open
                .entry(kind)
                .or_insert_with(|| self.progress.step(kind.title()));
            step.begin();
        }
    }

    fn advance(&self, job: &Job) {
        if let Some(step) = Kind::of(job).and_then(|kind| self.open.get(&kind)) {
            step.advance();
        }
    }

    /// Totals are asked for now and then only, and where somebody sees them: each costs a query over all jobs.
    fn stale(&self) -> bool {
        self.progress.shows_totals() && self.open.values().map(Step::done).sum::<u64>() % 8 == 1
    }

    async fn set_totals(&self, app: &App) {
        let counts = match rows::count(&app.store).await {
            Ok(counts) => counts,
            Err(error) => return outage::warn(error),
        };
        for (kind, step) in &self.open {
            let states = counts.get(kind.as_str());
            let left = |state: &str| states.and_then(|states| states.get(state)).copied().unwrap_or(0);
            step.set_total(step.done() + left("ready") + left("running"));
        }
    }

    fn finish(self) {
        for (kind, step) in self.open {
            let outcome = kind.count(step.done());
            step.finish(&outcome);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
