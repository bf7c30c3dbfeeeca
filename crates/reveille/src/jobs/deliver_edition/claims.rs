//! What is claimed for the connections, ahead of them: while they send, the next batch is being taken in hand.

use std::{collections::HashSet, sync::Arc};

use reveille_model::Brief;
use reveille_store::{
    deliveries::{Delivery, claim, missed_among},
    editions::{StoredEdition, find, find_by_day, neighbours},
};
use tokio::sync::mpsc;

use super::queue::Queue;
use crate::{
    app::App,
    ledger::{LEASE_MILLIS, Ledger},
    letters::Printed,
};

/// Deliveries claimed at a time for each connection.
const CLAIMS: usize = 50;
/// And for all of them.
const MOST_CLAIMS: usize = 500;

/// A claimed delivery, and the edition as it is printed for its reader.
pub(super) type Ready = (Arc<Printed>, Delivery);

/// Claims an edition's deliveries, batch after batch.
pub(super) struct Claims {
    app: App,
    ledger: Ledger,
    brief: Brief,
    /// How many at a time.
    most: usize,
    /// The edition before, where its readers are told that they missed it.
    before: Option<StoredEdition>,
    /// The edition as it was at the last claim.
    printed: Arc<Printed>,
    /// And for those who missed the one before, where there are any.
    telling: Option<Arc<Printed>>,
}

impl Claims {
    pub(super) async fn new(
        app: App,
        ledger: Ledger,
        edition: StoredEdition,
        brief: Brief,
    ) -> anyhow::Result<Self> {
        let before = match brief.tell_missed {
            true => edition_before(&app, &edition).await?,
            false => None,
        };
        Ok(Self {
            most: (CLAIMS * app.post.width).min(MOST_CLAIMS),
            before,
            printed: Arc::new(Printed::new(&app, &brief, edition, None)?),
            telling: None,
            brief,
            app,
            ledger,
        })
    }

    /// Where the connections' queue has room for one batch while they send another.
    pub(super) fn room(&self) -> (mpsc::Sender<Ready>, mpsc::Receiver<Ready>) {
        mpsc::channel(2 * self.most)
    }

    /// Claims for as long as something is due, the mailing goes on and somebody takes it.
    pub(super) async fn fill(mut self, queue: Arc<Queue>, room: mpsc::Sender<Ready>) -> anyhow::Result<()> {
        while !queue.is_over() {
            // Nothing is claimed that then waits for room.
            let Ok(places) = room.reserve_many(self.most).await else {
                return Ok(());
            };
            let batch = self.next().await?;
            if batch.is_empty() {
                return Ok(());
            }
            for (place, ready) in places.zip(batch) {
                place.send(ready);
            }
        }
        Ok(())
    }

    async fn next(&mut self) -> anyhow::Result<Vec<Ready>> {
        let (app, id) = (&self.app, self.printed.stored.id);
        let limit = u32::try_from(self.most)?;
        let claimed = claim(
            &app.store,
            id,
            self.brief.if_unknown,
            limit,
            LEASE_MILLIS,
            app.now(),
        )
        .await?;
        self.ledger
            .hold(claimed.iter().map(|delivery| delivery.claim).collect())
            .await?;
        // It may have been amended since the last claim.
        let current = find(&app.store, id).await?;
        if let Some(current) = current.filter(|current| *current != self.printed.stored) {
            self.printed = Arc::new(Printed::new(app, &self.brief, current, None)?);
            self.telling = None;
        }
        let mut missed = HashSet::new();
        if let Some(before) = &self.before {
            let readers: Vec<_> = claimed.iter().map(|delivery| delivery.subscriber).collect();
            missed = missed_among(&app.store, before.id, &readers).await?;
            if self.telling.is_none() && !missed.is_empty() {
                let telling = Printed::new(app, &self.brief, self.printed.stored.clone(), Some(before))?;
                self.telling = Some(Arc::new(telling));
            }
        }
        let ready = |delivery: Delivery| {
            let telling = self.telling.as_ref();
            let telling = telling.filter(|_| missed.contains(&delivery.subscriber));
            (Arc::clone(telling.unwrap_or(&self.printed)), delivery)
        };
        Ok(claimed.into_iter().map(ready).collect())
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
