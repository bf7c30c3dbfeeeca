//! What waits for a connection.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex as Cell, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reveille_model::{Clock, UnixMillis};
use reveille_store::deliveries::{Delivery, Later, Mailing, put_back};
use tokio::sync::{Mutex, mpsc};

use super::{
    backlog::{Backlog, soon},
    claims::Ready,
    lines::Lines,
    run::Run,
};
use crate::{
    app::App,
    ledger::{Closed, Ledger},
};

/// So many deliveries are held back, for all domains, before no other is looked at.
const MOST_HELD: usize = 10_000;
/// How often those are looked at while nothing else is to be sent, and whether a mail server takes one more connection.
pub(super) const LOOK: Duration = Duration::from_millis(50);

/// Claimed deliveries that wait for a connection.
pub(super) struct Queue {
    /// Of what they are.
    pub(super) mailing: Mailing,
    waiting: Mutex<Waiting>,
    /// What a connection took and could not be sent over it.
    returned: Cell<VecDeque<Ready>>,
    /// Whether anything is held back.
    holding: AtomicBool,
    lines: Arc<Lines>,
    clock: Clock,
    /// Whether it is to be sent at all.
    pub(super) run: Run,
}

struct Waiting {
    claimed: mpsc::Receiver<Ready>,
    /// Those whose domain wants less, by domain.
    held: BTreeMap<String, VecDeque<Ready>>,
    /// When those have their turn that wait in the ledger.
    backlog: Backlog,
}

impl Queue {
    pub(super) fn new(
        app: &App,
        mailing: Mailing,
        claimed: mpsc::Receiver<Ready>,
        lines: Arc<Lines>,
    ) -> Self {
        Self {
            mailing,
            waiting: Mutex::new(Waiting {
                claimed,
                held: BTreeMap::new(),
                backlog: Backlog::default(),
            }),
            returned: Cell::default(),
            holding: AtomicBool::new(false),
            lines,
            clock: app.clock.clone(),
            run: Run::new(app, mailing),
        }
    }

    /// The next delivery whose domain takes one now; `None` where nothing is due, or no more is to be sent.
    ///
    /// # Errors
    /// Where the ledger's keeper has stopped.
    pub(super) async fn next(&self, ledger: &Ledger) -> Result<Option<Ready>, Closed> {
        let mut waiting = self.waiting.lock().await;
        loop {
            if self.run.is_over() {
                return Ok(None);
            }
            if let Some(returned) = self.returned().pop_front() {
                return Ok(Some(returned));
            }
            let released = waiting.release(&self.lines);
            self.holding.store(!waiting.held.is_empty(), Ordering::Relaxed);
            if released.is_some() {
                return Ok(released);
            }
            if waiting.has_surplus(&self.lines) {
                // Whoever waits here may be given up, and nothing is in nobody's hand.
                let room = ledger.room().await?;
                room.postpone(waiting.surplus(&self.lines, self.clock.now()));
            }
            let held: usize = waiting.held.values().map(VecDeque::len).sum();
            let claimed = match held {
                0 => match waiting.claimed.recv().await {
                    Some(ready) => Some(ready),
                    // What comes back later is sent by whoever gave it back.
                    None => return Ok(self.returned().pop_front()),
                },
                1..MOST_HELD => waiting.claimed.try_recv().ok(),
                _ => None,
            };
            match claimed {
                Some(ready) => waiting.hold(ready),
                None => tokio::time::sleep(LOOK).await,
            }
        }
    }

    /// Lets other connections have what was taken and could not be sent.
    pub(super) fn give_back(&self, ready: Ready) {
        self.returned().push_back(ready);
    }

    /// Whether something waits for a domain that wants less.
    pub(super) fn is_holding(&self) -> bool {
        self.holding.load(Ordering::Relaxed)
    }

    /// Sends less to a reader's domain, which asks us to wait.
    pub(super) async fn slow(&self, delivery: &Delivery) {
        self.lines.slow(&domain_of(delivery)).await;
    }

    /// Has no more claimed; what was is put back.
    pub(super) async fn close(&self) {
        self.waiting.lock().await.claimed.close();
    }

    /// Lets others have what was claimed and not sent.
    pub(super) async fn put_back(&self, app: &App) -> anyhow::Result<()> {
        let mut waiting = self.waiting.lock().await;
        let held = std::mem::take(&mut waiting.held).into_values().flatten();
        let held = held.chain(std::mem::take(&mut *self.returned()));
        let mut claims: Vec<_> = held.map(|ready| ready.delivery.claim).collect();
        while let Some(ready) = waiting.claimed.recv().await {
            claims.push(ready.delivery.claim);
        }
        let mut tx = app.store.begin().await?;
        put_back(&mut tx, self.mailing, &claims, app.now()).await?;
        Ok(tx.commit().await?)
    }

    fn returned(&self) -> MutexGuard<'_, VecDeque<Ready>> {
        self.returned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn hold(&mut self, ready: Ready) {
        let domain = domain_of(&ready.delivery);
        self.held.entry(domain).or_default().push_back(ready);
    }

    /// The first of those held whose domain takes one now.
    fn release(&mut self, lines: &Lines) -> Option<Ready> {
        let domain = self.held.keys().find(|domain| lines.take(domain))?.clone();
        let held = self.held.get_mut(&domain)?;
        let ready = held.pop_front();
        if held.is_empty() {
            self.held.remove(&domain);
        }
        ready
    }

    /// Whether more is held for a domain than has its turn soon.
    fn has_surplus(&self, lines: &Lines) -> bool {
        self.held.iter().any(|(domain, held)| {
            let gap = lines.gap(domain);
            gap.is_some_and(|gap| held.len() > soon(gap))
        })
    }

    /// Takes that out, each with when its turn is.
    fn surplus(&mut self, lines: &Lines, now: UnixMillis) -> Vec<Later> {
        let mut surplus = Vec::new();
        for (domain, held) in &mut self.held {
            let Some(gap) = lines.gap(domain) else { continue };
            let pace = (gap, lines.limit(domain));
            for Ready { delivery, .. } in held.drain(soon(gap).min(held.len())..) {
                surplus.push(Later {
                    claim: delivery.claim,
                    due_at: self.backlog.next(domain, pace, delivery.late_at, now),
                    obstacle: None,
                    said: None,
                });
            }
        }
        surplus
    }
}

fn domain_of(delivery: &Delivery) -> String {
    delivery.email.domain().to_lowercase()
}
