//! deliveries → inboxes: hands the edition to every reader whose morning has come.
//!
//! Each connection takes one delivery after the other from a shared queue of claims, readies its message, has it put
//! on the wire in the ledger, and only then sends it. A crash before that costs nothing; a crash after it leaves the
//! delivery `unknown`, and the brief's rule says what becomes of it.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use reveille_model::{DeliveryState, EditionId, EditionState, IfUnknown};
use reveille_store::{
    deliveries::{Delivery, Outcome, claim, next_due, put_back},
    editions::StoredEdition,
    jobs::Job,
};
use tokio::{
    sync::{Mutex, watch},
    task::JoinSet,
};

use super::{Ended, Kind, commit, id_of};
use crate::{
    app::App,
    ledger::{self, Closed, Ledger},
    letters::{self, Reader},
    post::{PostError, Sealed, Way},
};

/// Deliveries claimed at a time for each connection.
const CLAIMS: usize = 50;
/// And for all of them.
const MOST_CLAIMS: usize = 500;
/// After so many tries a delivery is given up.
const TRIES: u32 = 6;
/// How long a claim is ours before another node may take it, in milliseconds: longer than [`CLAIMS`] messages take.
const LEASE_MILLIS: i64 = 600_000;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = EditionId(id_of(job)?);
    let Some(edition) = reveille_store::editions::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let rule = rule_of(app, &edition).await?;
    // A task of its own, which ends in good order where the job is cut off.
    tokio::spawn(deliver(app.clone(), edition.clone(), rule)).await??;
    finish(app, &edition, rule, job).await
}

/// What the brief says of deliveries that become unknown.
async fn rule_of(app: &App, edition: &StoredEdition) -> anyhow::Result<IfUnknown> {
    let brief = reveille_store::briefs::find_by_slug(&app.store, &edition.edition.slug).await?;
    Ok(brief.map(|brief| brief.brief.if_unknown).unwrap_or_default())
}

/// Sends all that is due over as many connections as the settings allow, until it is told to stop. On return what
/// became of each message is on disk.
async fn deliver(app: App, edition: StoredEdition, rule: IfUnknown) -> anyhow::Result<()> {
    let (ledger, keeper) = ledger::open(app.store.clone(), app.clock.clone());
    let queue = Arc::new(Queue {
        rule,
        waiting: Mutex::new((Arc::new(edition), VecDeque::new())),
        stopping: app.stopping(),
    });
    // Tasks of their own, since to write and sign a message takes more of a processor than to send it.
    let mut connections = JoinSet::new();
    for _ in 0..app.post.width {
        connections.spawn(connection(app.clone(), Arc::clone(&queue), ledger.clone()));
    }
    drop(ledger);
    // A connection whose keeper has stopped only says so, hence the keeper's reason first.
    let (kept, ended) = tokio::join!(keeper.keep(), connections.join_all());
    kept?;
    ended.into_iter().collect::<anyhow::Result<()>>()?;
    queue.put_back(&app).await
}

/// Claimed deliveries that wait for a connection, and the edition as it stood when they were claimed.
struct Queue {
    rule: IfUnknown,
    waiting: Mutex<(Arc<StoredEdition>, VecDeque<Delivery>)>,
    stopping: watch::Receiver<bool>,
}

impl Queue {
    /// The next delivery; `None` where nothing is due, or no more is to be sent.
    async fn next(&self, app: &App) -> anyhow::Result<Option<(Arc<StoredEdition>, Delivery)>> {
        let mut waiting = self.waiting.lock().await;
        if *self.stopping.borrow() {
            return Ok(None);
        }
        let (edition, deliveries) = &mut *waiting;
        if deliveries.is_empty() {
            let limit = u32::try_from((CLAIMS * app.post.width).min(MOST_CLAIMS))?;
            let claimed = claim(&app.store, edition.id, self.rule, limit, LEASE_MILLIS, app.now()).await?;
            deliveries.extend(claimed);
            // It may have been amended since the last claim.
            if let Some(current) = reveille_store::editions::find(&app.store, edition.id).await? {
                *edition = Arc::new(current);
            }
        }
        let next = deliveries.pop_front();
        Ok(next.map(|delivery| (Arc::clone(edition), delivery)))
    }

    /// Lets others have what was claimed and not sent.
    async fn put_back(&self, app: &App) -> anyhow::Result<()> {
        let (_, deliveries) = &mut *self.waiting.lock().await;
        let claims: Vec<_> = deliveries.drain(..).map(|delivery| delivery.claim).collect();
        let mut tx = app.store.begin().await?;
        put_back(&mut tx, &claims, app.now()).await?;
        Ok(tx.commit().await?)
    }
}

/// Sends message after message over one way out until nothing is due.
async fn connection(app: App, queue: Arc<Queue>, ledger: Ledger) -> anyhow::Result<()> {
    let mut way: Option<Way> = None;
    while let Some((edition, delivery)) = queue.next(&app).await? {
        hand_over(&app, &edition, &delivery, &ledger, &mut way).await?;
    }
    if let Some(way) = way {
        way.close().await;
    }
    Ok(())
}

async fn hand_over(
    app: &App,
    edition: &StoredEdition,
    delivery: &Delivery,
    ledger: &Ledger,
    way: &mut Option<Way>,
) -> Result<(), Closed> {
    let sent = match ready(app, edition, delivery, way).await {
        Ok((mut open, message)) => {
            let sent = match ledger.wire(delivery.claim).await? {
                true => Some(open.send(&message).await),
                false => None,
            };
            *way = Some(open).filter(Way::is_ready);
            sent
        }
        Err(error) => Some(Err(error)),
    };
    match sent {
        Some(sent) => ledger.end(delivery.claim, outcome(app, delivery, sent)).await,
        // Another node took it over, or the reader left.
        None => Ok(()),
    }
}

/// A way out and the message, so that nothing is left to do between the mark in the ledger and the first byte.
async fn ready(
    app: &App,
    edition: &StoredEdition,
    delivery: &Delivery,
    way: &mut Option<Way>,
) -> Result<(Way, Sealed), PostError> {
    let reader = Reader {
        email: delivery.email.clone(),
        format: delivery.format,
        token: delivery.token.clone(),
        message_id: delivery.message_id.clone(),
    };
    let message = app.post.seal(&letters::edition(app, edition, &reader))?;
    let open = match way.take() {
        Some(open) => open,
        None => app.post.open().await?,
    };
    Ok((open, message))
}

fn outcome(app: &App, delivery: &Delivery, sent: Result<String, PostError>) -> Outcome {
    match sent {
        Ok(reply) => Outcome::Sent(reply),
        Err(error) if error.is_unknown() => Outcome::Unknown(told(&error)),
        Err(error) if error.is_refusal() => Outcome::Refused(told(&error)),
        Err(error) if error.is_permanent() || delivery.tries + 1 >= TRIES => Outcome::Failed(told(&error)),
        // One minute, then two, four, … : within the same morning.
        Err(error) => Outcome::Deferred(app.now().plus(60_000 << delivery.tries), told(&error)),
    }
}

/// The whole chain of causes on one line.
fn told(error: &PostError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// Ends the job; later tries get a job of their own, and once nothing more happens by itself the edition is sent.
async fn finish(app: &App, edition: &StoredEdition, rule: IfUnknown, job: &Job) -> anyhow::Result<Ended> {
    let now = app.now();
    let next = next_due(&app.store, edition.id, rule).await?;
    let mut tx = app.store.begin().await?;
    match next {
        Some(due) => {
            let key = format!("{}@{due}", edition.id);
            reveille_store::jobs::insert(&mut tx, &Kind::DeliverEdition.job(key, due), now).await?;
        }
        None => {
            let (from, to) = (EditionState::Approved, EditionState::Sent);
            reveille_store::editions::set_state(&mut tx, edition.id, from, to, now).await?;
        }
    }
    commit(app, tx, job).await
}

/// How the deliveries of an edition stand, in words: "9 sent, 1 refused".
pub(crate) fn in_words(tally: &BTreeMap<DeliveryState, u64>) -> String {
    let parts: Vec<String> = tally
        .iter()
        .map(|(state, count)| format!("{count} {state}"))
        .collect();
    if parts.is_empty() {
        "no readers".to_owned()
    } else {
        parts.join(", ")
    }
}
