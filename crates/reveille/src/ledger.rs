//! The writer of the delivery ledger: many connections, few commits.
//!
//! Each message needs two marks that last: one before its first byte leaves, and one once the mail server has
//! answered. A commit for each would cost more than the mail itself. So the connections hand their lines to one
//! keeper: while it commits some, more come in, and all that wait go into the next commit.

use reveille_store::{
    Store, StoreError,
    deliveries::{self, Claim, Outcome},
};
use tokio::sync::{mpsc, oneshot};

use reveille_model::Clock;

/// The most lines of one commit.
const MOST: usize = 500;
/// How long a message may be on the wire before it counts as unknown, in milliseconds. With the pause before it goes
/// out once more, that is longer than the slowest conversation that RFC 5321, section 4.5.3.2 has us bear: 23 min.
const WIRE_MILLIS: i64 = 900_000;

/// Where connections hand in their lines. The keeper ends once every one of these is gone.
#[derive(Clone)]
pub(crate) struct Ledger(mpsc::Sender<Line>);

/// Writes the lines that come in, in the order in which they came.
pub(crate) struct Keeper {
    lines: mpsc::Receiver<Line>,
    store: Store,
    clock: Clock,
}

enum Line {
    Wire(Claim, oneshot::Sender<bool>),
    Ended(Claim, Outcome),
}

/// The keeper has stopped, since the store takes no more.
#[derive(Debug, thiserror::Error)]
#[error("the delivery ledger is closed")]
pub(crate) struct Closed;

/// A ledger and its keeper, who must be kept running for as long as the ledger is used.
pub(crate) fn open(store: Store, clock: Clock) -> (Ledger, Keeper) {
    let (sender, lines) = mpsc::channel(2 * MOST);
    (Ledger(sender), Keeper { lines, store, clock })
}

impl Ledger {
    /// Whether the message may leave now. If so, that it is on the wire is on disk.
    ///
    /// # Errors
    /// Where the keeper has stopped; the message must not leave.
    pub(crate) async fn wire(&self, claim: Claim) -> Result<bool, Closed> {
        let (answer, granted) = oneshot::channel();
        self.hand_in(Line::Wire(claim, answer)).await?;
        granted.await.map_err(|_gone| Closed)
    }

    /// Hands in what became of a message. It is on disk once the keeper has ended.
    ///
    /// # Errors
    /// Where the keeper has stopped; the delivery then ends as if this process had died.
    pub(crate) async fn end(&self, claim: Claim, outcome: Outcome) -> Result<(), Closed> {
        self.hand_in(Line::Ended(claim, outcome)).await
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
        while self.lines.recv_many(&mut lines, MOST).await > 0 {
            self.commit(&mut lines).await?;
        }
        Ok(())
    }

    async fn commit(&self, lines: &mut Vec<Line>) -> Result<(), StoreError> {
        let (mut claims, mut answers, mut outcomes) = (Vec::new(), Vec::new(), Vec::new());
        for line in lines.drain(..) {
            match line {
                Line::Ended(claim, outcome) => outcomes.push((claim, outcome)),
                Line::Wire(claim, answer) => {
                    claims.push(claim);
                    answers.push(answer);
                }
            }
        }
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        deliveries::record(&mut tx, &outcomes, now).await?;
        let wired = deliveries::wire(&mut tx, &claims, WIRE_MILLIS, now).await?;
        tx.commit().await?;
        for (claim, answer) in claims.iter().zip(answers) {
            // A connection that was given up meanwhile sends nothing either.
            let _ = answer.send(wired.contains(claim));
        }
        Ok(())
    }
}
