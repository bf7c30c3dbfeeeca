//! What every job and command works with.

use std::{
    collections::BTreeSet,
    convert::Infallible,
    fs::File,
    path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use anyhow::Context;
use reveille_brief::render::Templates;
use reveille_gather::{Gatherer, Limits, Options, Pace};
use reveille_model::{Bounds, Clock, JobId, UnixMillis, without_password};
use reveille_store::{Schema, Store, StoreError, jobs::Job};
use tokio::sync::watch;

use crate::{clock, config::Config, model::Model, outage, post::Post, templates};

/// So often the clock is set by the store's; in between a machine gains or loses a few milliseconds.
const CLOCK_PAUSE: Duration = Duration::from_secs(60);
/// So often is looked whether it stood still.
const CLOCK_LOOK: Duration = Duration::from_secs(1);
/// An answer that took longer says too little of the time.
const LATE_ANSWER: Duration = Duration::from_secs(1);
/// How long a process that is told to stop waits for the mail server's answers.
const LAST_MESSAGE: Duration = Duration::from_secs(30);
/// And how long for the store to take back its jobs.
const LAST_COMMIT: Duration = Duration::from_secs(5);

/// One running Reveille: its settings, its store, its clock and its ways out.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) gatherer: Gatherer,
    pub(crate) post: Post,
    /// What editions are written with.
    pub(crate) templates: Arc<Templates>,
    /// Who may be asked for words, where the settings name somebody.
    pub(crate) model: Option<Model>,
    /// What `clock` goes by where the store has a clock that all nodes share.
    shared: clock::Shared,
    /// Whether mailings are to stop; who mails holds a receiver.
    stop: watch::Sender<bool>,
    /// The jobs that this process runs, each with the number of its claim.
    in_hand: Arc<Mutex<BTreeSet<(JobId, i64)>>>,
    /// Held while one is claimed.
    claiming: Arc<tokio::sync::Mutex<()>>,
    /// The lock beside an SQLite file, held for as long as this process may have something of the store in hand.
    _lock: Option<Arc<File>>,
}

impl App {
    /// Takes up the work on a store, and readies the HTTP client and the mail transport.
    ///
    /// # Errors
    /// Where the store fails, or a setting is right in form but cannot be used.
    pub(crate) async fn open(mut store: Store, config: Config, clock: Clock) -> anyhow::Result<Self> {
        if clock.is_rehearsed() {
            store = store.leased_by_own_clock();
        }
        let shared = clock::Shared::default();
        set_clock(&shared, &store).await?;
        let clock = shared.clock(clock);
        let gatherer = gatherer(&config, clock.clone())?;
        let post = Post::new(&config.mail, clock.clone())?;
        let templates = templates::load(config.look.templates.as_deref())?;
        let model = Model::new(&config, &clock)?;
        let lock = join(&store, &config.store.url, clock.now()).await?;
        Ok(Self {
            config: Arc::new(config),
            store,
            clock,
            gatherer,
            post,
            templates: Arc::new(templates),
            model,
            shared,
            stop: watch::Sender::new(false),
            in_hand: Arc::default(),
            claiming: Arc::default(),
            _lock: lock,
        })
    }

    /// The present instant.
    pub(crate) fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    /// Keeps the clock from drifting away from the store's, for ever. It stands still while the machine is suspended, and is set at
    /// once when that is over.
    pub(crate) async fn keep_time(&self) -> Infallible {
        loop {
            let (asked, watch) = (Instant::now(), clock::Watch::new());
            while asked.elapsed() < CLOCK_PAUSE && !watch.is_apart() {
                tokio::time::sleep(CLOCK_LOOK).await;
            }
            if let Err(error) = set_clock(&self.shared, &self.store).await {
                outage::warn(error);
            }
        }
    }

    /// Tells a mailing when it is to stop. For as long as it is held, the mailing counts as under way.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stop.subscribe()
    }

    /// To be held from before a job is claimed until it is in hand.
    pub(crate) async fn claiming(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.claiming.lock().await
    }

    /// Takes note of a job that this process runs from now on.
    pub(crate) fn take_in_hand(&self, job: &Job) {
        self.in_hand().insert((job.id, job.epoch));
    }

    /// Takes note that a job has ended.
    pub(crate) fn put_down(&self, job: &Job) {
        self.in_hand().remove(&(job.id, job.epoch));
    }

    fn in_hand(&self) -> MutexGuard<'_, BTreeSet<(JobId, i64)>> {
        self.in_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings to its end what goes on after the work was broken off: mailings stop between two messages, and jobs are given
    /// back, so that whoever comes next has not to wait for their leases.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn stop(&self) -> anyhow::Result<()> {
        self.stop_mailings().await;
        match tokio::time::timeout(LAST_COMMIT, self.give_back()).await {
            Ok(given_back) => Ok(given_back?),
            Err(_) => {
                tracing::warn!(
                    "the store does not answer; what was under way waits for its leases to run out"
                );
                Ok(())
            }
        }
    }

    /// Has mailings stop between two messages, until the work is taken up again.
    pub(crate) fn break_off(&self) {
        self.stop.send_replace(true);
    }

    /// Has the work that was broken off begin anew: what was under way is given back, so that it has not to wait for its
    /// leases.
    ///
    /// # Errors
    /// Where the store fails.
    pub(crate) async fn take_up(&self) -> anyhow::Result<()> {
        // A mailing whose mail server does not answer by then ends when it does, beside the next one.
        let _ = tokio::time::timeout(LAST_MESSAGE, self.stop.closed()).await;
        self.give_back().await?;
        self.stop.send_replace(false);
        Ok(())
    }

    /// Gives back the jobs that this process has in hand.
    async fn give_back(&self) -> Result<(), StoreError> {
        let _last_claim = self.claiming().await;
        let jobs: Vec<_> = self.in_hand().iter().copied().collect();
        if jobs.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.begin().await?;
        reveille_store::jobs::release(&mut tx, &jobs, self.now()).await?;
        tx.commit().await?;
        self.in_hand().clear();
        Ok(())
    }

    /// Waits until the last message of each mailing has ended, or its mail server has been given time enough: what it says of
    /// a message that was cut off, nobody would ever know.
    async fn stop_mailings(&self) {
        self.break_off();
        if self.stop.receiver_count() > 0 {
            tracing::warn!(
                "stopping: the mail server has {} s to answer for what is on its way",
                LAST_MESSAGE.as_secs()
            );
        }
        if tokio::time::timeout(LAST_MESSAGE, self.stop.closed())
            .await
            .is_err()
        {
            tracing::warn!("a mail server did not answer in time; its messages count as unknown");
        }
    }

    /// How often sources may be asked.
    pub(crate) fn polling_bounds(&self) -> Bounds {
        let gather = &self.config.gather;
        Bounds {
            shortest: i64::from(gather.shortest_interval_minutes) * 60_000,
            longest: i64::from(gather.longest_interval_minutes) * 60_000,
        }
    }
}

/// Sets a clock by the store's, as it was when half of the time of asking had passed.
async fn set_clock(shared: &clock::Shared, store: &Store) -> Result<(), StoreError> {
    let asked = Instant::now();
    let shown = store.shared_now().await?;
    let took = asked.elapsed();
    if let Some(shown) = shown.filter(|_| took < LATE_ANSWER) {
        shared.set(asked + took / 2, shown);
    }
    Ok(())
}

/// Where the settings say that the store is, there is none.
#[derive(Debug, thiserror::Error)]
#[error(
    "there is no store {place}. {advice}; `reveille sources add`, `brief add` or `serve` begins a new one there"
)]
pub(crate) struct NoStore {
    place: String,
    advice: &'static str,
}

/// Opens the store and brings its schema up to date.
///
/// # Errors
/// As [`find_store`].
pub(crate) async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let store = find_store(config).await?;
    store.migrate().await?;
    Ok(store)
}

/// Opens the store as it is, be it of an earlier release, which may be at work on it.
///
/// # Errors
/// [`NoStore`]: a command that was run in a wrong folder would go on with an empty one there, and one with a wrong database
/// would fill that of another program with tables.
pub(crate) async fn find_store(config: &Config) -> anyhow::Result<Store> {
    let file = Store::file(&config.store.url);
    let missing = || NoStore {
        place: store_place(config),
        advice: match file {
            Some(_) => {
                "Run this in the folder of yours, or say where it is by `--set store.url=sqlite:PATH` or in the settings"
            }
            None => "Say where it is by `--set store.url=postgres://USER@HOST/DATABASE` or in the settings",
        },
    };
    if is_to_come(config) {
        return Err(missing().into());
    }
    let store = Store::open(&config.store.url).await?;
    if store.schema().await? == Schema::Empty {
        return Err(missing().into());
    }
    Ok(store)
}

/// Opens the store, made if it is missing, and brings its schema up to date. Whether it was made.
pub(crate) async fn open_or_make_store(config: &Config) -> anyhow::Result<(Store, bool)> {
    let store = Store::open(&config.store.url).await?;
    let is_new = store.schema().await? == Schema::Empty;
    store.migrate().await?;
    Ok((store, is_new))
}

/// Whether the store is a file that is not there.
pub(crate) fn is_to_come(config: &Config) -> bool {
    Store::file(&config.store.url).is_some_and(|file| !file.exists())
}

/// Where the store is: "at /srv/reveille.db", "in the database `postgres://db.example/news`".
pub(crate) fn store_place(config: &Config) -> String {
    let url = &config.store.url;
    match Store::file(url) {
        Some(file) => {
            let file = path::absolute(file).unwrap_or_else(|_| file.to_owned());
            format!("at {}", file.display())
        }
        None => format!("in the database {}", without_password(url)),
    }
}

/// Joins the processes at work on a store. On SQLite all of them share the lock beside its file. Who gets it for itself first
/// is alone: whoever left jobs behind is gone.
async fn join(store: &Store, url: &str, now: UnixMillis) -> anyhow::Result<Option<Arc<File>>> {
    let Some(file) = Store::file(url) else {
        return Ok(None);
    };
    let place = format!("{}.lock", file.display());
    let shared = async {
        let lock = Arc::new(File::create(&place)?);
        if lock.try_lock().is_ok() {
            take_over(store, now).await?;
            // Before this one shares it, another may get it for itself, and takes over nothing of what this one has in hand,
            // which is nothing yet.
            lock.unlock()?;
        }
        let waiting = Arc::clone(&lock);
        tokio::task::spawn_blocking(move || waiting.lock_shared()).await??;
        anyhow::Ok(Some(lock))
    };
    shared.await.with_context(|| format!("sharing the lock {place}"))
}

/// What an earlier process had in hand when it ended is taken up at once, without waiting for its leases.
async fn take_over(store: &Store, now: UnixMillis) -> anyhow::Result<()> {
    let mut tx = store.begin().await?;
    reveille_store::jobs::release_all(&mut tx, now).await?;
    reveille_store::deliveries::release_all(&mut tx, now).await?;
    Ok(tx.commit().await?)
}

/// The HTTP client.
pub(crate) fn gatherer(config: &Config, clock: Clock) -> anyhow::Result<Gatherer> {
    Gatherer::new(&gather_options(config)?, clock).context("readying the HTTP client")
}

pub(crate) fn gather_options(config: &Config) -> anyhow::Result<reveille_gather::Options> {
    let gather = &config.gather;
    let proxy = gather
        .proxy
        .as_deref()
        .map(str::parse)
        .transpose()
        .context("gather.proxy")?;
    let (limits, pace) = (Limits::default(), Pace::default());
    let total = Duration::from_secs(gather.timeout_seconds);
    Ok(Options {
        contact: Some(gather.contact.clone()).filter(|contact| !contact.is_empty()),
        allow: gather.allow_networks.clone(),
        proxy,
        limits: Limits {
            total,
            connect: limits.connect.min(total / 3),
            header: limits.header.min(total * 2 / 3),
            trickle: limits.trickle.min(total / 3),
            body: gather.max_page_mib << 20,
            ..limits
        },
        pace: Pace {
            delay: Duration::from_millis(gather.host_delay_millis),
            ..pace
        },
        ..reveille_gather::Options::default()
    })
}
