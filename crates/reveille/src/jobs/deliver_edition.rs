//! deliveries → inboxes: hands the edition to every reader whose morning has come.
//!
//! A delivery is marked `sending` before its first byte leaves and `sent` once the mail server has taken it. A
//! crash between the two leaves it `sending`; it then goes out again under the same Message-ID, which is what a
//! mail host tells repeats by. RFC 5321, section 6.1 prefers the repeat to the loss.

use std::collections::BTreeMap;

use reveille_model::{DeliveryState, EditionId, EditionState};
use reveille_store::{
    deliveries::{Delivery, claim, failed, refused, retry, sent},
    editions::StoredEdition,
    jobs::Job,
};

use super::{Ended, Kind, commit, id_of};
use crate::{
    app::App,
    letters::{self, Reader},
    post::{PostError, Way},
};

/// Deliveries marked as `sending` at a time by one connection.
const BATCH: u32 = 20;
/// After so many tries a delivery is given up.
const TRIES: u32 = 6;
/// How long a batch is ours before another node may send it, in milliseconds: longer than a batch ever takes.
const LEASE_MILLIS: i64 = 600_000;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = EditionId(id_of(job)?);
    let Some(edition) = reveille_store::editions::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let ways = (0..app.post.width).map(|_| deliver(app, &edition));
    for outcome in futures_util::future::join_all(ways).await {
        outcome?;
    }
    finish(app, &edition, job).await
}

/// Sends batch after batch over one way out until nothing is due.
async fn deliver(app: &App, edition: &StoredEdition) -> anyhow::Result<()> {
    let mut way: Option<Way> = None;
    loop {
        let batch = claim(&app.store, edition.id, BATCH, LEASE_MILLIS, app.now()).await?;
        if batch.is_empty() {
            break;
        }
        // It may have been amended since the last batch.
        let current = reveille_store::editions::find(&app.store, edition.id).await?;
        let current = current.as_ref().unwrap_or(edition);
        for delivery in &batch {
            let result = hand_over(app, current, delivery, &mut way).await;
            record(app, delivery, result).await?;
        }
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
    way: &mut Option<Way>,
) -> Result<String, PostError> {
    let reader = Reader {
        email: delivery.email.clone(),
        format: delivery.format,
        token: delivery.token.clone(),
        message_id: delivery.message_id.clone(),
    };
    let letter = letters::edition(app, edition, &reader);
    let mut open = match way.take() {
        Some(open) => open,
        None => app.post.open().await?,
    };
    let result = open.send(&letter).await;
    if open.is_ready() {
        *way = Some(open);
    }
    result
}

async fn record(app: &App, delivery: &Delivery, result: Result<String, PostError>) -> anyhow::Result<()> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    match result {
        Ok(reply) => sent(&mut tx, delivery.id, &reply, now).await?,
        Err(error) if error.is_refusal() => refused(&mut tx, delivery, &told(&error), now).await?,
        Err(error) if error.is_permanent() || delivery.attempts >= TRIES => {
            failed(&mut tx, delivery, &told(&error), now).await?
        }
        Err(error) => {
            // One minute, then two, four, … : within the same morning.
            let due = now.plus(60_000 << (delivery.attempts.clamp(1, 10) - 1));
            retry(&mut tx, delivery, due, &told(&error), now).await?
        }
    };
    Ok(tx.commit().await?)
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

/// Ends the job; later tries get a job of their own, and the last delivery ends the edition.
async fn finish(app: &App, edition: &StoredEdition, job: &Job) -> anyhow::Result<Ended> {
    let tally = reveille_store::deliveries::tally(&app.store, edition.id).await?;
    let open = tally.keys().any(|state| !state.is_final());
    let now = app.now();
    let next = reveille_store::deliveries::next_due(&app.store, edition.id).await?;
    let mut tx = app.store.begin().await?;
    match next {
        Some(due) => {
            let key = format!("{}@{due}", edition.id);
            reveille_store::jobs::insert(&mut tx, &Kind::DeliverEdition.job(key, due), now).await?;
        }
        None if !open => {
            let (from, to) = (EditionState::Approved, EditionState::Sent);
            reveille_store::editions::set_state(&mut tx, edition.id, from, to, now).await?;
        }
        None => {}
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
