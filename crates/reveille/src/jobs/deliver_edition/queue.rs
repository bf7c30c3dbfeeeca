//! What waits for a connection, and whether sending goes on at all.

use std::sync::{Mutex as Cell, PoisonError};

use reveille_store::deliveries::{Outcome, put_back};
use tokio::sync::{Mutex, mpsc, watch};

use super::claims::Ready;
use crate::app::App;

/// So many failures without a success between them end a mailing for now, or two for each connection.
const RUN: usize = 20;

/// Claimed deliveries that wait for a connection.
pub(super) struct Queue {
    waiting: Mutex<mpsc::Receiver<Ready>>,
    failures: Cell<Failures>,
    stopping: watch::Receiver<bool>,
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
    pub(super) fn new(app: &App, waiting: mpsc::Receiver<Ready>) -> Self {
        Self {
            waiting: Mutex::new(waiting),
            failures: Cell::default(),
            stopping: app.stopping(),
        }
    }

    /// The next delivery; `None` where nothing is due, or no more is to be sent.
    pub(super) async fn next(&self) -> Option<Ready> {
        match self.is_over() {
            true => None,
            false => self.waiting.lock().await.recv().await,
        }
    }

    /// Has no more claimed; what was is put back.
    pub(super) async fn close(&self) {
        self.waiting.lock().await.close();
    }

    /// Lets others have what was claimed and not sent.
    pub(super) async fn put_back(&self, app: &App) -> anyhow::Result<()> {
        let mut waiting = self.waiting.lock().await;
        let mut claims = Vec::new();
        while let Some((_, delivery)) = waiting.recv().await {
            claims.push(delivery.claim);
        }
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

    /// Whether no more is to be sent.
    pub(super) fn is_over(&self) -> bool {
        *self.stopping.borrow() || self.failures().last.is_some()
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, Failures> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
