//! edition → edition: takes an approved edition back while nothing of it has left, or where it has ended without reaching
//! anybody; it is open again.

use std::collections::BTreeMap;

use anyhow::{Context, bail, ensure};
use reveille_model::{DeliveryState, EditionMove};
use reveille_store::{
    StoreError, deliveries,
    editions::{self, StoredEdition, changes::Act},
    jobs,
};

use super::{
    Kind,
    update_edition::{judge, looked_over},
};
use crate::{app::App, print};

/// So often it is tried, where on PostgreSQL it and a node that puts mails on the wire wait for each other.
const TRIES: u32 = 3;

/// Takes back an edition that was approved with all deliveries that were planned of it, and looks it over anew. Whoever is about to
/// send some of it sends nothing.
///
/// # Errors
/// Where it is not approved, or a mail server has some of it or may have; then nothing changes.
pub(crate) async fn recall(app: &App, edition: &StoredEdition) -> anyhow::Result<StoredEdition> {
    let met = |error: &anyhow::Error| error.downcast_ref().is_some_and(StoreError::is_transient);
    let mut tries = 1..TRIES;
    loop {
        match try_once(app, edition).await {
            Err(error) if met(&error) && tries.next().is_some() => tracing::warn!("{error:#}"),
            done => return done,
        }
    }
}

async fn try_once(app: &App, edition: &StoredEdition) -> anyhow::Result<StoredEdition> {
    let (id, day, now) = (edition.id, edition.edition.day, app.now());
    let mut tx = app.store.begin().await?;
    let held = editions::hold(&mut tx, id)
        .await?
        .context("the edition is gone")?;
    ensure!(
        !held.state.is_open(),
        "the edition of {day} is not approved, so there is nothing to take back"
    );
    let key = id.to_string();
    for kind in [Kind::PlanDeliveries, Kind::DeliverEdition] {
        jobs::call_off(&mut tx, kind.as_str(), &key, now).await?;
    }
    let reached = deliveries::recall(&mut tx, id).await?;
    if reached > 0 || held.state.after(EditionMove::Recall).is_none() {
        drop(tx);
        bail!(too_late(edition, &deliveries::tally(&app.store, id).await?));
    }
    let findings = looked_over(app, &mut tx, &held.edition).await?;
    let act = Act {
        by: "an editor",
        what: "took it back",
        at: now,
    };
    editions::update(
        &mut tx,
        id,
        &held.edition,
        &serde_json::to_string(&findings)?,
        &act,
    )
    .await?;
    editions::resume(&mut tx, id).await?;
    for step in [EditionMove::Recall, judge(&findings)] {
        editions::change_state(&mut tx, id, step, now).await?;
    }
    tx.commit().await?;
    let open = editions::find(&app.store, id).await?;
    open.context("the edition was stored and is not there")
}

/// Why an edition is not taken back, and what can be done instead.
fn too_late(edition: &StoredEdition, tally: &BTreeMap<DeliveryState, u64>) -> String {
    let count =
        |states: &[DeliveryState]| -> u64 { states.iter().filter_map(|state| tally.get(state)).sum() };
    let have = print::count(count(&[DeliveryState::Sent]), "reader");
    let may = count(&[DeliveryState::Wire, DeliveryState::Unknown]);
    let (slug, day) = (&edition.edition.slug, edition.edition.day);
    format!(
        "it is too late to take back the edition of {day}: {have} got it, and {may} may have it. `reveille edition correct \
         ENTRY \"…\" {slug} --day {day} --send` tells them what an entry has wrong; `reveille articles withdraw URL` takes an \
         entry from those who have not got it yet"
    )
}
