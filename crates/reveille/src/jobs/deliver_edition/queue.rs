//! What waits for a connection, and whether sending goes on at all.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex as Cell, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reveille_mail::smtp::Unfit;
use reveille_model::{Clock, ReturnKind, UnixMillis};
use reveille_store::deliveries::{Delivery, Later, Mailing, Outcome, put_back};
use tokio::sync::{Mutex, Notify, mpsc, watch};

use super::{
    BESIDE_MILLIS,
    backlog::{Backlog, soon},
    claims::Ready,
    lines::Lines,
};
use crate::{
    app::App,
    ledger::{Closed, Ledger},
    mask,
    post::{Post, PostError},
};

/// So many failures without a success between them end a mailing for now, or two for each connection.
const RUN: usize = 20;
/// So many deliveries are held back, for all domains, before no other is looked at.
const MOST_HELD: usize = 10_000;
/// How often those are looked at while nothing else is to be sent, and whether a mail server takes one more connection.
pub(super) const LOOK: Duration = Duration::from_millis(50);
/// How long nothing gets through to a mail server that cannot be reached before the mailing rests: as long as it takes one to
/// be started again.
const RESTART: Duration = Duration::from_secs(3);
/// The same for one that answers, and asks us to wait.
const BUSY: Duration = Duration::from_secs(30);

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
    post: Post,
    /// Whether all that was tried before this run was such as the mail server takes from nobody.
    suits_nobody: bool,
    failures: Cell<Failures>,
    /// Whether a way of this run has come to be open.
    opened: watch::Sender<bool>,
    /// Told of the first message that was sent.
    sends: Notify,
    stopping: watch::Receiver<bool>,
}

struct Waiting {
    claimed: mpsc::Receiver<Ready>,
    /// Those whose domain wants less, by domain.
    held: BTreeMap<String, VecDeque<Ready>>,
    /// When those have their turn that wait in the ledger.
    backlog: Backlog,
}

#[derive(Default)]
struct Failures {
    /// What was sent by this run.
    sent: u64,
    in_a_row: usize,
    /// What ended the mailing.
    last: Option<String>,
    /// Whether that was no more than that nothing could be handed over for too long.
    has_waited: bool,
    /// Why the mail server cannot be reached or takes nothing from us, since the last message that was sent.
    closed: Option<String>,
    /// Whether nothing could be handed over when that was last tried.
    is_waiting: bool,
    /// Whether a message found no place at the only mail servers that may take it.
    is_full: bool,
    /// So many messages were such as the mail server takes from nobody.
    unfits: usize,
    /// What the mail server can take from nobody, by the first such message of each kind.
    unfit: BTreeMap<Unfit, String>,
}

/// How a run of a mailing ended.
#[derive(Default)]
pub(in crate::jobs) struct Run {
    /// Why the mailing is to rest, without addresses: too much in a row has failed, or the mail server is closed to us.
    pub(in crate::jobs) failure: Option<String>,
    /// Whether nothing could be handed over in the end, so that a mailing that rested cannot be said to go on.
    pub(in crate::jobs) is_waiting: bool,
    /// Whether only others can hand over messages now, and do, so that the next one need not begin at once.
    pub(in crate::jobs) is_beside: bool,
    /// Why some messages wait while all others go out, without addresses.
    pub(in crate::jobs) unfit: BTreeMap<Unfit, String>,
}

impl Run {
    /// When the next one may begin, where the mailing does not rest.
    pub(in crate::jobs) fn again(&self, now: UnixMillis) -> UnixMillis {
        now.plus(if self.is_beside { BESIDE_MILLIS } else { 0 })
    }
}

impl Queue {
    pub(super) fn new(
        app: &App,
        mailing: Mailing,
        claimed: mpsc::Receiver<Ready>,
        lines: Arc<Lines>,
        suits_nobody: bool,
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
            post: app.post.clone(),
            suits_nobody,
            failures: Cell::default(),
            opened: watch::Sender::new(false),
            sends: Notify::new(),
            stopping: app.stopping(),
        }
    }

    /// The next delivery whose domain takes one now; `None` where nothing is due, or no more is to be sent.
    ///
    /// # Errors
    /// Where the ledger's keeper has stopped.
    pub(super) async fn next(&self, ledger: &Ledger) -> Result<Option<Ready>, Closed> {
        let mut waiting = self.waiting.lock().await;
        loop {
            if self.is_over() {
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

    /// Takes note that a way is open.
    pub(super) fn note_open(&self) {
        self.opened
            .send_if_modified(|opened| !std::mem::replace(opened, true));
    }

    /// Whether a way of this run was ever open.
    pub(super) fn was_open(&self) -> bool {
        *self.opened.borrow()
    }

    /// Waits for the first way.
    pub(super) async fn opens(&self) {
        // It has a sender for as long as this lives.
        let _ = self.opened.subscribe().wait_for(|opened| *opened).await;
    }

    /// Waits for the first message that is sent. For one who waits.
    pub(super) async fn sends(&self) {
        self.sends.notified().await;
    }

    /// Takes note of what became of a message, and whether the mail server `denied` to pass it on. What a reader's address or box
    /// is the reason of speaks neither for nor against the mail server.
    pub(super) fn note(&self, app: &App, outcome: &Outcome, denied: Option<String>) {
        if denied.is_some() {
            self.failures().closed = denied;
        }
        if !matches!(outcome, Outcome::Unknown(_)) {
            // It was heard.
            self.failures().is_waiting = false;
            self.post.end_wait();
        }
        match outcome {
            Outcome::Sent(_) => {
                let mut failures = self.failures();
                failures.sent += 1;
                if failures.sent == 1 {
                    self.sends.notify_one();
                }
                (failures.in_a_row, failures.closed) = (0, None);
            }
            Outcome::Refused(_, what) if what.kind == ReturnKind::Hard => {}
            Outcome::Refused(error, _)
            | Outcome::Failed(error)
            | Outcome::Deferred(_, error)
            | Outcome::Missed(error)
            | Outcome::Unknown(error) => self.note_failure(app, error),
        }
    }

    /// Takes note that nothing can be handed over for now, since the mail server cannot be reached or, where it `answers`, asks us
    /// to wait. It is tried again and again, so only time makes a failure of that.
    pub(super) fn note_wait(&self, error: &str, answers: bool) {
        let is_too_long = self.post.wait(if answers { BUSY } else { RESTART });
        let mut failures = self.failures();
        failures.is_waiting = true;
        if is_too_long && failures.last.is_none() {
            (failures.last, failures.has_waited) = (Some(error.to_owned()), true);
        }
    }

    /// Takes note that the mail servers which may take a message have no place for it.
    pub(super) fn note_full(&self) {
        self.failures().is_full = true;
    }

    /// Takes note that no mail server can take a message such as one, which waits. All others go on, unless there were none when
    /// everybody's was tried, nor are now: then a few show that this is so still, and the mailing need not make all the others.
    pub(super) fn note_unfit(&self, error: &PostError, words: &str) {
        let Some(unfit) = error.unfit() else { return };
        let mut failures = self.failures();
        failures.unfits += 1;
        let is_run = failures.unfits >= RUN.max(2 * self.post.width);
        if self.suits_nobody && failures.sent == 0 && is_run {
            (failures.last, failures.has_waited) = (Some(words.to_owned()), false);
        }
        let masked = || mask::addresses(words);
        failures.unfit.entry(unfit).or_insert_with(masked);
    }

    /// Takes note that nothing from us is taken over a connection.
    pub(super) fn note_closed(&self, app: &App, error: &str) {
        self.failures().closed = Some(error.to_owned());
        self.note_failure(app, error);
    }

    fn note_failure(&self, app: &App, error: &str) {
        let mut failures = self.failures();
        failures.in_a_row += 1;
        if failures.in_a_row >= RUN.max(2 * app.post.width) {
            (failures.last, failures.has_waited) = (Some(error.to_owned()), false);
        }
    }

    /// How many messages the run has sent, where all that ended it was that nothing could be handed over for too long.
    pub(super) fn sent_before_waiting(&self) -> Option<u64> {
        let failures = self.failures();
        failures.has_waited.then_some(failures.sent)
    }

    /// How the run has ended. Where others hand over messages, it is no failure that this node cannot.
    pub(super) fn run(&self, others_send: bool) -> Run {
        let failures = self.failures();
        let last = failures.last.as_ref().filter(|_| !others_send);
        let failure = last.or(failures.closed.as_ref());
        Run {
            failure: failure.map(|words| mask::addresses(words)),
            is_waiting: failures.is_waiting && !others_send,
            is_beside: others_send || failures.is_full && failures.sent == 0,
            unfit: failures.unfit.clone(),
        }
    }

    /// Whether no more is to be sent.
    pub(super) fn is_over(&self) -> bool {
        *self.stopping.borrow() || self.failures().last.is_some()
    }

    fn failures(&self) -> MutexGuard<'_, Failures> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
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
                });
            }
        }
        surplus
    }
}

fn domain_of(delivery: &Delivery) -> String {
    delivery.email.domain().to_lowercase()
}
