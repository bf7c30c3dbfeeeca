//! The writer of the delivery ledger: many connections, few commits.
//!
//! Each message needs two marks that last: one before its first byte leaves, and one once the mail server has
//! answered. A commit for each would cost more than the mail itself. So the connections hand their lines to one
//! keeper: while it commits some, more come in, and all that wait go into the next commit. Where processors are busy, it
//! waits a little for those of the other connections, since each commit takes a processor a millisecond of its own. The keeper
//! also renews the leases of what the mailing has in hand, so that they can be short.

use std::{collections::HashSet, time::Duration};

use reveille_store::{
    Store, StoreError,
    deliveries::{self, Claim, Later, Leaving, Mailing, Outcome},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, MissedTickBehavior, sleep, timeout, timeout_at},
};

use reveille_model::Clock;

use self::flow::Flow;
use crate::{load::Load, outage::warn};

mod flow;

/// The most lines of one commit.
const MOST: usize = 500;
/// The longest that lines wait for those of the other connections: as long as 64 of them take to sign their next messages on
/// two slow processors. After 20 ms a commit held a dozen messages there, and took a twentieth of all processor time.
const GATHER: Duration = Duration::from_millis(50);
/// Where half of the lines that can come are there as soon as this, as fast as they come of late, they are enough: connections that
/// wait for a commit have too little to do, so the one half is written while the other is sent. Where messages are signed the processors
/// have enough to do, and halves cost a sixth of what leaves in a second (64 connections, 2 processors that sign 4,900 a second each).
const SOON: Duration = Duration::from_millis(6);
/// How long a delivery is ours before another node may take it over, in milliseconds: if this process dies, so long do
/// its readers wait for another one.
pub(crate) const LEASE_MILLIS: i64 = 24_000;
/// How often the keeper says that it still has what it holds. It may miss that twice.
const HEARTBEAT: Duration = Duration::from_secs(8);
/// So often a commit is tried that met another node's.
const TRIES: u32 = 3;
/// So long is a commit tried whose connection was lost, as while PostgreSQL starts anew: what mail servers answered is written by it …
const PATIENCE: Duration = Duration::from_secs(15);
/// … with such pauses, for other connections may be lost as well …
const PAUSE: Duration = Duration::from_millis(500);
/// … and given up as lost where nothing is heard for so long: what was in hand is then still so by its lease, which was renewed a
/// heartbeat ago at most.
const SILENCE: Duration = Duration::from_secs(12);

/// Where connections hand in their lines. The keeper ends once every one of these is gone.
#[derive(Clone)]
pub(crate) struct Ledger(mpsc::Sender<Line>);

/// Writes the lines that come in, in the order in which they came.
pub(crate) struct Keeper {
    lines: mpsc::Receiver<Line>,
    store: Store,
    mailing: Mailing,
    clock: Clock,
    /// So many lines come before every connection waits for a commit: what became of one message, and the mark of the next.
    full: usize,
    load: Load,
    flow: Flow,
    /// What this mailing has in hand.
    held: HashSet<Claim>,
}

enum Line {
    Held(Vec<Claim>),
    Wire(Leaving, oneshot::Sender<bool>),
    Ended(Claim, Outcome, oneshot::Sender<()>),
    Back(Claim),
    Postponed(Vec<Later>),
}

/// The place of one line.
pub(crate) struct Room<'a>(mpsc::Permit<'a, Line>);

impl Room<'_> {
    /// Lets others have claims of which nothing was sent, each from its instant on.
    pub(crate) fn postpone(self, later: Vec<Later>) {
        self.0.send(Line::Postponed(later));
    }
}

/// Comes once what it stands for is on disk.
pub(crate) struct Receipt(oneshot::Receiver<()>);

impl Receipt {
    /// Waits for it.
    ///
    /// # Errors
    /// Where the keeper has stopped before.
    pub(crate) async fn wait(self) -> Result<(), Closed> {
        self.0.await.map_err(|_gone| Closed)
    }
}

/// Comes once it is on disk that a message is on the wire.
pub(crate) struct Grant(oneshot::Receiver<bool>);

impl Grant {
    /// Waits for it. `false`: the message must not leave.
    ///
    /// # Errors
    /// Where the keeper has stopped before; the message must not leave.
    pub(crate) async fn wait(&mut self) -> Result<bool, Closed> {
        (&mut self.0).await.map_err(|_gone| Closed)
    }
}

/// What goes into one commit.
#[derive(Default)]
struct Batch {
    outcomes: Vec<(Claim, Outcome)>,
    backs: Vec<Claim>,
    postponed: Vec<Later>,
    /// What is to be put on the wire.
    leaving: Vec<Leaving>,
}

impl Batch {
    fn is_empty(&self) -> bool {
        let Self {
            outcomes,
            backs,
            postponed,
            leaving,
        } = self;
        outcomes.is_empty() && backs.is_empty() && postponed.is_empty() && leaving.is_empty()
    }
}

/// The keeper has stopped, since the store takes no more.
#[derive(Debug, thiserror::Error)]
#[error("the delivery ledger is closed")]
pub(crate) struct Closed;

/// The ledger of a mailing over so many connections, and its keeper, who must be kept running for as long as the ledger is
/// used.
pub(crate) fn open(store: Store, mailing: Mailing, clock: Clock, connections: usize) -> (Ledger, Keeper) {
    let (sender, lines) = mpsc::channel(2 * MOST);
    let keeper = Keeper {
        lines,
        store,
        mailing,
        clock,
        full: (2 * connections).min(MOST),
        load: Load::new(),
        flow: Flow::new(),
        held: HashSet::new(),
    };
    (Ledger(sender), keeper)
}

impl Ledger {
    /// Keeps these claims from running out until they are given back or what became of them is handed in.
    ///
    /// # Errors
    /// Where the keeper has stopped.
    pub(crate) async fn hold(&self, claims: Vec<Claim>) -> Result<(), Closed> {
        self.hand_in(Line::Held(claims)).await
    }

    /// Asks to put a message on the wire.
    ///
    /// # Errors
    /// Where the keeper has stopped; the message must not leave.
    pub(crate) async fn wire(&self, leaving: Leaving) -> Result<Grant, Closed> {
        let (answer, granted) = oneshot::channel();
        self.hand_in(Line::Wire(leaving, answer)).await?;
        Ok(Grant(granted))
    }

    /// Hands in what became of a message. The receipt comes once it is on disk.
    ///
    /// # Errors
    /// Where the keeper has stopped; the delivery then ends as if this process had died.
    pub(crate) async fn end(&self, claim: Claim, outcome: Outcome) -> Result<Receipt, Closed> {
        let (written, receipt) = oneshot::channel();
        self.hand_in(Line::Ended(claim, outcome, written)).await?;
        Ok(Receipt(receipt))
    }

    /// Lets others have a claim of which nothing was sent.
    ///
    /// # Errors
    /// Where the keeper has stopped; the delivery then ends as if this process had died.
    pub(crate) async fn put_back(&self, claim: Claim) -> Result<(), Closed> {
        self.hand_in(Line::Back(claim)).await
    }

    /// Waits until a line can be handed in at once.
    ///
    /// # Errors
    /// Where the keeper has stopped.
    pub(crate) async fn room(&self) -> Result<Room<'_>, Closed> {
        self.0.reserve().await.map(Room).map_err(|_closed| Closed)
    }

    async fn hand_in(&self, line: Line) -> Result<(), Closed> {
        self.0.send(line).await.map_err(|_closed| Closed)
    }
}

impl Keeper {
    /// Writes until nobody can hand in any more.
    ///
    /// # Errors
    /// Where the store takes no more.
    pub(crate) async fn keep(mut self) -> Result<(), StoreError> {
        let mut lines = Vec::new();
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                // After a pause leases are renewed, or found to be lost, before anything leaves by them.
                biased;
                _ = heartbeat.tick() => match self.extend().await {
                    Err(error) if error.is_transient() => warn(error),
                    extended => extended?,
                },
                count = self.lines.recv_many(&mut lines, MOST) => match count {
                    0 => return Ok(()),
                    _ => {
                        self.gather(&mut lines).await;
                        self.flow.count(lines.len());
                        self.commit(&mut lines).await?;
                    }
                },
            }
        }
    }

    /// Waits for more lines, where the processors have enough to do meanwhile.
    async fn gather(&mut self, lines: &mut Vec<Line>) {
        if !self.load.is_high() {
            return;
        }
        let half = self.full / 2;
        let enough = if self.flow.brings(half, SOON) {
            half
        } else {
            self.full
        };
        let end = Instant::now() + GATHER;
        while lines.len() < enough {
            let room = MOST - lines.len();
            let more = self.lines.recv_many(lines, room);
            match timeout_at(end, more).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
    }

    /// Renews the leases of what the mailing has in hand, and takes what others let run out, which somebody may wait for.
    async fn extend(&self) -> Result<(), StoreError> {
        let (now, claims) = (self.clock.now(), self.held.iter().copied());
        let claims: Vec<_> = claims.collect();
        self.unless_silent(async {
            let mut tx = self.store.begin().await?;
            deliveries::extend(&mut tx, self.mailing, &claims, LEASE_MILLIS, now).await?;
            deliveries::release(&mut tx, self.mailing, now).await?;
            tx.commit().await
        })
        .await
    }

    /// What the store says, or that it was waited for in vain. One on this machine waits for other writers, and says so itself.
    async fn unless_silent<T>(
        &self,
        said: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        if !self.store.is_remote() {
            return said.await;
        }
        let heard = timeout(SILENCE, said).await;
        heard.unwrap_or_else(|_elapsed| Err(StoreError::silent("keep the ledger")))
    }

    async fn commit(&mut self, lines: &mut Vec<Line>) -> Result<(), StoreError> {
        let (mut batch, mut answers, mut receipts) = (Batch::default(), Vec::new(), Vec::new());
        for line in lines.drain(..) {
            match line {
                Line::Held(claims) => self.held.extend(claims),
                Line::Ended(claim, outcome, written) => {
                    self.held.remove(&claim);
                    batch.outcomes.push((claim, outcome));
                    receipts.push(written);
                }
                Line::Back(claim) => {
                    self.held.remove(&claim);
                    batch.backs.push(claim);
                }
                Line::Postponed(later) => {
                    for one in &later {
                        self.held.remove(&one.claim);
                    }
                    batch.postponed.extend(later);
                }
                Line::Wire(leaving, answer) => {
                    batch.leaving.push(leaving);
                    answers.push(answer);
                }
            }
        }
        let wired = self.persist(&batch).await?;
        for written in receipts {
            // A connection that was given up meanwhile waits for nothing …
            let _ = written.send(());
        }
        for (Leaving { claim, .. }, answer) in batch.leaving.iter().zip(answers) {
            let granted = wired.contains(claim);
            if !granted {
                self.held.remove(claim);
            }
            // … and sends nothing.
            let _ = answer.send(granted);
        }
        Ok(())
    }

    /// Writes a batch, and says what may leave. Where the transaction met another node's, or lost its connection as that of a
    /// paused node does, it is tried again. Should it have lasted all the same, the second one changes nothing, and what
    /// it put on the wire may leave.
    async fn persist(&self, batch: &Batch) -> Result<HashSet<Claim>, StoreError> {
        let (mut tries, begun) = (0, Instant::now());
        loop {
            tries += 1;
            match self.unless_silent(self.write(batch, tries > 1)).await {
                Err(error) if error.is_lost() && (tries == 1 || begun.elapsed() < PATIENCE) => {
                    warn(error);
                    sleep(PAUSE).await;
                }
                Err(error) if error.is_transient() && tries < TRIES => warn(error),
                written => return written,
            }
        }
    }

    async fn write(&self, batch: &Batch, again: bool) -> Result<HashSet<Claim>, StoreError> {
        if batch.is_empty() {
            return Ok(HashSet::new());
        }
        let (mailing, now) = (self.mailing, self.clock.now());
        let mut tx = self.store.begin().await?;
        deliveries::record(&mut tx, mailing, &batch.outcomes, now).await?;
        deliveries::put_back(&mut tx, mailing, &batch.backs, now).await?;
        deliveries::postpone(&mut tx, mailing, &batch.postponed, now).await?;
        let mut wired = deliveries::wire(&mut tx, mailing, &batch.leaving, now).await?;
        if again {
            wired.extend(deliveries::list_wired(&mut tx, mailing, &batch.leaving).await?);
        }
        tx.commit().await?;
        Ok(wired)
    }
}
