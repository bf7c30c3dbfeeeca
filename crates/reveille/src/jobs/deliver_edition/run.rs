//! Whether a run of a mailing goes on, and how it has ended.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use reveille_mail::smtp::Unfit;
use reveille_model::{AlertKind, DeliveryId, ReturnKind, UnixMillis};
use reveille_store::deliveries::{Mailing, Outcome};
use tokio::sync::{Notify, watch};

use super::BESIDE_MILLIS;
use crate::{
    app::App,
    mask,
    post::{Doubt, Post, PostError, Said, told},
};

/// So many failures without a success between them end a run, or two for each connection.
const ROW: usize = 20;
/// So many readers whom no mail server knows do, one after the other.
const MANY: usize = 1_000;
/// How long no connection can be had to a mail server that does not answer before the mailing rests, in milliseconds: as long as it
/// takes one to be started again.
const RESTART_MILLIS: i64 = 3_000;
/// The same for one that answers, and asks us to wait.
const BUSY_MILLIS: i64 = 30_000;

/// A run under way.
pub(super) struct Run {
    mailing: Mailing,
    post: Post,
    so_far: Mutex<SoFar>,
    /// Whether a way has come to be open.
    opened: watch::Sender<bool>,
    /// Told of the first message that was sent.
    sends: Notify,
    stopping: watch::Receiver<bool>,
}

#[derive(Default)]
struct SoFar {
    sent: u64,
    /// Failures since the last message that was sent.
    failures: usize,
    /// What ended the run.
    last: Option<String>,
    /// Whether that was no more than that nothing could be handed over for too long.
    has_waited: bool,
    /// Why the mail server takes nothing from us, since the last message that was sent.
    closed: Option<String>,
    /// Whether nothing could be handed over when that was last tried.
    is_waiting: bool,
    /// Whether a message found no place at the only mail servers that may take it.
    is_full: bool,
    /// Messages such as the mail server takes from nobody, since the last one that was sent.
    unfits: usize,
    /// Readers whom no mail server knows, which may know nobody, since then.
    unknown: usize,
    /// Why some messages wait, or failed in the end, by the first one of each kind.
    wait: BTreeMap<AlertKind, String>,
}

/// How a run has ended.
#[derive(Default)]
pub(in crate::jobs) struct End {
    /// Why the mailing is to rest, without addresses: too much in a row has failed, or the mail server is closed to us.
    pub(in crate::jobs) failure: Option<String>,
    /// Whether nothing could be handed over in the end, so that a mailing that rested cannot be said to go on.
    pub(in crate::jobs) is_waiting: bool,
    /// Whether only others can hand over messages now, and do, so that the next one need not begin at once.
    pub(in crate::jobs) is_beside: bool,
    /// Why some messages wait, or failed in the end, while all others go out, without addresses.
    pub(in crate::jobs) wait: BTreeMap<AlertKind, String>,
}

impl End {
    /// When the next one may begin, where the mailing does not rest.
    pub(in crate::jobs) fn again(&self, now: UnixMillis) -> UnixMillis {
        now.plus(if self.is_beside { BESIDE_MILLIS } else { 0 })
    }
}

impl Run {
    pub(super) fn new(app: &App, mailing: Mailing) -> Self {
        Self {
            mailing,
            post: app.post.clone(),
            so_far: Mutex::default(),
            opened: watch::Sender::new(false),
            sends: Notify::new(),
            stopping: app.stopping(),
        }
    }

    /// Takes note that a way is open.
    pub(super) fn note_open(&self) {
        self.opened
            .send_if_modified(|opened| !std::mem::replace(opened, true));
    }

    /// Whether a way was ever open.
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

    /// Takes note that a mail server took a message, or said what it has against its reader.
    pub(super) fn note_heard(&self) {
        self.so_far().is_waiting = false;
        self.post.heard(self.mailing);
    }

    /// Takes note of what became of a message. What a reader's address or box is the reason of speaks neither for nor against the
    /// mail server.
    pub(super) fn note(&self, outcome: &Outcome) {
        match outcome {
            Outcome::Sent(_) => {
                self.post.taken(self.mailing);
                let mut so_far = self.so_far();
                so_far.sent += 1;
                if so_far.sent == 1 {
                    self.sends.notify_one();
                }
                (so_far.failures, so_far.unfits, so_far.unknown) = (0, 0, 0);
                so_far.closed = None;
            }
            Outcome::Refused(_, what) if what.kind == ReturnKind::Hard => {}
            Outcome::Refused(error, _)
            | Outcome::Failed(error)
            | Outcome::Deferred(_, error)
            | Outcome::Missed(error)
            | Outcome::Unknown(error) => self.note_failure(error),
        }
    }

    /// Takes note that no connection can be had, as a try has shown that began then. It is tried again and again, so only time makes
    /// a failure of that.
    pub(super) fn note_out_of_reach(&self, error: &PostError, began: UnixMillis) {
        let most = if error.is_put_off() {
            BUSY_MILLIS
        } else {
            RESTART_MILLIS
        };
        let is_too_long = self.post.out_of_reach(began) >= most;
        self.note_wait(&told(error), is_too_long);
    }

    /// Takes note that a message is put off, whoever its reader. It is tried again, so only time makes a failure of that, too.
    pub(super) fn note_put_off(&self, error: &str) {
        let is_too_long = self.post.put_off(self.mailing) >= BUSY_MILLIS;
        self.note_wait(error, is_too_long);
    }

    /// Takes note that the mail server was busy with a message, whose reader it has heard of, or refused it in words that may speak of
    /// us, and says whom that speaks of.
    pub(super) fn note_doubt(&self, message: (DeliveryId, Said), error: &str) -> Doubt {
        let doubt = self.post.doubt(self.mailing, message);
        match doubt {
            Doubt::Us(waited) => self.note_wait(error, waited >= BUSY_MILLIS),
            // Nothing speaks against trying others.
            Doubt::Alone(waited) if waited >= BUSY_MILLIS => {
                self.note_wait(error, false);
                self.note_waits(AlertKind::TurnedAway, error);
            }
            Doubt::Alone(_) => self.note_wait(error, false),
            Doubt::Open => self.note_waits(AlertKind::Unknown, error),
            Doubt::Other | Doubt::Perhaps => {}
        }
        doubt
    }

    fn note_wait(&self, error: &str, is_too_long: bool) {
        let mut so_far = self.so_far();
        so_far.is_waiting = true;
        if is_too_long && so_far.last.is_none() {
            (so_far.last, so_far.has_waited) = (Some(error.to_owned()), true);
        }
    }

    /// Takes note that the mail servers which may take a message have no place for it.
    pub(super) fn note_full(&self) {
        self.so_far().is_full = true;
    }

    /// Takes note that no mail server can take a message such as one, which waits. All others go on.
    pub(super) fn note_unfit(&self, unfit: Unfit, words: &str) {
        self.so_far().unfits += 1;
        let kind = match unfit {
            Unfit::Size => AlertKind::TooLarge,
            Unfit::Form => AlertKind::Unfit,
        };
        self.note_waits(kind, words);
    }

    fn note_waits(&self, kind: AlertKind, words: &str) {
        let masked = || mask::addresses(words);
        self.so_far().wait.entry(kind).or_insert_with(masked);
    }

    /// Whether so many messages in a row were such that no others need be tried of those that wait for that reason.
    pub(super) fn finds_none_fit(&self) -> bool {
        self.so_far().unfits >= self.row()
    }

    /// Takes note of a reader whom no mail server knows. That may be true of very many in a row, behind whom others wait, so it takes more
    /// of them to end the run.
    pub(super) fn note_unknown(&self, error: &str) {
        let unknown = {
            let mut so_far = self.so_far();
            so_far.unknown += 1;
            so_far.unknown
        };
        if unknown >= MANY {
            self.note_shut(error);
        }
    }

    /// Takes note that nothing from us is taken over a connection.
    pub(super) fn note_closed(&self, error: &str) {
        self.so_far().closed = Some(error.to_owned());
        self.note_failure(error);
    }

    /// Takes note that nothing can leave, whoever its reader, so that no more need be tried.
    pub(super) fn note_shut(&self, error: &str) {
        let mut so_far = self.so_far();
        (so_far.last, so_far.has_waited) = (Some(error.to_owned()), false);
    }

    /// Takes note of a failure: so many in a row end the run.
    pub(super) fn note_failure(&self, error: &str) {
        let failures = {
            let mut so_far = self.so_far();
            so_far.failures += 1;
            so_far.failures
        };
        if failures >= self.row() {
            self.note_shut(error);
        }
    }

    /// How many in a row say that it is the same with all.
    fn row(&self) -> usize {
        ROW.max(2 * self.post.width)
    }

    /// Whether no more is to be sent.
    pub(super) fn is_over(&self) -> bool {
        *self.stopping.borrow() || self.so_far().last.is_some()
    }

    /// How many messages it has sent, where nothing could be handed over in the end, or that was all that ended it.
    pub(super) fn sent_before_waiting(&self) -> Option<u64> {
        let so_far = self.so_far();
        (so_far.is_waiting || so_far.has_waited).then_some(so_far.sent)
    }

    /// How it has ended. Where others hand over messages, it is no failure that this node cannot.
    pub(super) fn end(&self, others_send: bool) -> End {
        let so_far = self.so_far();
        let last = so_far.last.as_ref().filter(|_| !others_send);
        let failure = last.or(so_far.closed.as_ref());
        End {
            failure: failure.map(|words| mask::addresses(words)),
            is_waiting: so_far.is_waiting && !others_send,
            is_beside: others_send || so_far.is_full && so_far.sent == 0,
            wait: so_far.wait.clone(),
        }
    }

    fn so_far(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
