//! What waits for a connection, and whether sending goes on at all.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex as Cell, PoisonError},
};

use reveille_model::{Brief, IfUnknown, SubscriberId};
use reveille_store::{
    deliveries::{Delivery, Outcome, claim, missed_among, put_back},
    editions::{StoredEdition, find, find_by_day, neighbours},
};
use tokio::sync::{Mutex, watch};

use crate::{
    app::App,
    ledger::{LEASE_MILLIS, Ledger},
    letters::Printed,
};

/// Deliveries claimed at a time for each connection.
const CLAIMS: usize = 50;
/// And for all of them.
const MOST_CLAIMS: usize = 500;
/// So many failures without a success between them end a mailing for now, or two for each connection.
const RUN: usize = 20;

/// Claimed deliveries that wait for a connection.
pub(super) struct Queue {
    rule: IfUnknown,
    /// The edition before, where its readers are told that they missed it.
    before: Option<StoredEdition>,
    waiting: Mutex<Waiting>,
    failures: Cell<Failures>,
    stopping: watch::Receiver<bool>,
}

struct Waiting {
    deliveries: VecDeque<Delivery>,
    /// Who of them missed the edition before.
    missed: HashSet<SubscriberId>,
    /// The edition as it was when they were claimed.
    printed: Arc<Printed>,
    /// And for those who missed the one before, where there are any.
    telling: Option<Arc<Printed>>,
}

#[derive(Default)]
struct Failures {
    in_a_row: usize,
    /// What ended the mailing.
    last: Option<String>,
    /// Why no connection can be had, since the last message that was sent.
    unreachable: Option<String>,
}

impl Queue {
    pub(super) async fn new(app: &App, edition: StoredEdition, brief: &Brief) -> anyhow::Result<Self> {
        let before = match brief.tell_missed {
            true => edition_before(app, &edition).await?,
            false => None,
        };
        Ok(Self {
            rule: brief.if_unknown,
            before,
            waiting: Mutex::new(Waiting {
                deliveries: VecDeque::new(),
                missed: HashSet::new(),
                printed: Arc::new(Printed::new(app, edition, None)?),
                telling: None,
            }),
            failures: Cell::default(),
            stopping: app.stopping(),
        })
    }

    /// The next delivery, and the edition as it is printed for its reader; `None` where nothing is due, or no more is to
    /// be sent.
    pub(super) async fn next(
        &self,
        app: &App,
        ledger: &Ledger,
    ) -> anyhow::Result<Option<(Arc<Printed>, Delivery)>> {
        let mut waiting = self.waiting.lock().await;
        if *self.stopping.borrow() || self.is_broken() {
            return Ok(None);
        }
        if waiting.deliveries.is_empty() {
            self.claim(app, ledger, &mut waiting).await?;
        }
        let Some(delivery) = waiting.deliveries.pop_front() else {
            return Ok(None);
        };
        let tells = waiting.missed.contains(&delivery.subscriber);
        let printed = waiting.telling.as_ref().filter(|_| tells);
        Ok(Some((Arc::clone(printed.unwrap_or(&waiting.printed)), delivery)))
    }

    async fn claim(&self, app: &App, ledger: &Ledger, waiting: &mut Waiting) -> anyhow::Result<()> {
        let (id, now) = (waiting.printed.stored.id, app.now());
        let limit = u32::try_from((CLAIMS * app.post.width).min(MOST_CLAIMS))?;
        let claimed = claim(&app.store, id, self.rule, limit, LEASE_MILLIS, now).await?;
        ledger
            .hold(claimed.iter().map(|delivery| delivery.claim).collect())
            .await?;
        // It may have been amended since the last claim.
        let current = find(&app.store, id).await?;
        if let Some(current) = current.filter(|current| *current != waiting.printed.stored) {
            waiting.printed = Arc::new(Printed::new(app, current, None)?);
            waiting.telling = None;
        }
        if let Some(before) = &self.before {
            let readers: Vec<_> = claimed.iter().map(|delivery| delivery.subscriber).collect();
            waiting.missed = missed_among(&app.store, before.id, &readers).await?;
            if waiting.telling.is_none() && !waiting.missed.is_empty() {
                let telling = Printed::new(app, waiting.printed.stored.clone(), Some(before))?;
                waiting.telling = Some(Arc::new(telling));
            }
        }
        waiting.deliveries.extend(claimed);
        Ok(())
    }

    /// Lets others have what was claimed and not sent.
    pub(super) async fn put_back(&self, app: &App) -> anyhow::Result<()> {
        let mut waiting = self.waiting.lock().await;
        let claims: Vec<_> = waiting
            .deliveries
            .drain(..)
            .map(|delivery| delivery.claim)
            .collect();
        let mut tx = app.store.begin().await?;
        put_back(&mut tx, &claims, app.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Takes note of what became of a message. What a reader's address is the reason of speaks neither for nor against
    /// the mail server.
    pub(super) fn note(&self, app: &App, outcome: &Outcome) {
        match outcome {
            Outcome::Sent(_) => {
                let mut failures = self.failures();
                (failures.in_a_row, failures.unreachable) = (0, None);
            }
            Outcome::Refused(_) => {}
            Outcome::Failed(error)
            | Outcome::Deferred(_, error)
            | Outcome::Missed(error)
            | Outcome::Unknown(error) => self.note_failure(app, error),
        }
    }

    /// Takes note that no connection can be had.
    pub(super) fn note_unreachable(&self, app: &App, error: &str) {
        self.failures().unreachable = Some(error.to_owned());
        self.note_failure(app, error);
    }

    fn note_failure(&self, app: &App, error: &str) {
        let mut failures = self.failures();
        failures.in_a_row += 1;
        if failures.in_a_row >= RUN.max(2 * app.post.width) {
            failures.last = Some(error.to_owned());
        }
    }

    /// Why the mailing is to rest, once it has ended: too much in a row has failed, or no connection can be had.
    pub(super) fn failure(&self) -> Option<String> {
        let failures = self.failures();
        failures.last.clone().or_else(|| failures.unreachable.clone())
    }

    fn is_broken(&self) -> bool {
        self.failures().last.is_some()
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, Failures> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The brief's edition before this one.
async fn edition_before(app: &App, edition: &StoredEdition) -> anyhow::Result<Option<StoredEdition>> {
    let around = neighbours(&app.store, edition.brief, edition.edition.day).await?;
    Ok(match around.previous {
        Some(day) => find_by_day(&app.store, edition.brief, day).await?,
        None => None,
    })
}
