//! How many deliveries of an edition stand where.
//!
//! To count a million rows takes longer than whoever asks should wait. So how many were planned, and how many are in each state in
//! which they may stay, is counted as they come and go, in the transaction that makes it true. What is in hand is little, and
//! what waits is the rest. What came of corrections is counted when somebody asks.

use std::collections::BTreeMap;

use reveille_model::{DeliveryState, EditionId, NoticeId, SubscriberId};

use super::Mailing;

use crate::{
    StoreError, Tx, View,
    sql::{Param, Row, args, built, sql},
};

/// The states in which a delivery may stay, each with a column of its name.
const COUNTED: [DeliveryState; 6] = [
    DeliveryState::Sent,
    DeliveryState::Refused,
    DeliveryState::Failed,
    DeliveryState::Unknown,
    DeliveryState::Withdrawn,
    DeliveryState::Missed,
];

/// What a transaction has to count. It is written last, just before the commit: whoever has an edition's counts waits for nobody.
#[derive(Debug, Default)]
pub(crate) struct Tallies(BTreeMap<EditionId, Changes>);

/// How many more deliveries there are, and how many more are in each of the counted states.
#[derive(Debug, Default)]
struct Changes {
    planned: i64,
    states: [i64; COUNTED.len()],
}

/// Counts deliveries of a mailing that came to be in these states, or that left them.
pub(super) fn count(tx: &mut Tx, mailing: Mailing, changes: impl IntoIterator<Item = (DeliveryState, i64)>) {
    if let Mailing::Edition(edition) = mailing {
        count_planned(tx, edition, 0, changes);
    }
}

/// The same of an edition that has so many deliveries more, or fewer.
pub(super) fn count_planned(
    tx: &mut Tx,
    edition: EditionId,
    planned: i64,
    changes: impl IntoIterator<Item = (DeliveryState, i64)>,
) {
    let counted = tx.tallies.0.entry(edition).or_default();
    counted.planned += planned;
    for (state, change) in changes {
        if let Some(place) = COUNTED.iter().position(|counted| *counted == state) {
            counted.states[place] += change;
        }
    }
}

/// Writes what a transaction has counted so far, by edition, so that no two wait for each other.
pub(crate) async fn keep_tallies(tx: &mut Tx) -> Result<(), StoreError> {
    for (edition, Changes { planned, states }) in std::mem::take(&mut tx.tallies.0) {
        if planned == 0 && states.iter().all(|change| *change == 0) {
            continue;
        }
        let text = "insert into tallies (edition_id, planned, sent, refused, failed, unknown, withdrawn, missed)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                on conflict (edition_id) do update set planned = tallies.planned + excluded.planned,
                  sent = tallies.sent + excluded.sent, refused = tallies.refused + excluded.refused,
                  failed = tallies.failed + excluded.failed, unknown = tallies.unknown + excluded.unknown,
                  withdrawn = tallies.withdrawn + excluded.withdrawn, missed = tallies.missed + excluded.missed";
        let mut args = args![edition, planned];
        args.extend(states.iter().map(|change| change.arg()));
        tx.run(sql("count deliveries", text), args).await?;
    }
    Ok(())
}

/// So many left one state for another.
pub(super) fn moved(from: DeliveryState, to: DeliveryState, many: u64) -> [(DeliveryState, i64); 2] {
    let many = many.cast_signed();
    [(from, -many), (to, many)]
}

/// What the statement that gives these rows back brought: one more in each one's state.
pub(super) fn came(rows: &[Row]) -> Result<Vec<(DeliveryState, i64)>, StoreError> {
    rows.iter().map(|row| Ok((row.get("state")?, 1))).collect()
}

/// Removes every delivery to a reader, those of corrections too.
pub(crate) async fn forget(tx: &mut Tx, reader: SubscriberId) -> Result<(), StoreError> {
    let text = "delete from deliveries where subscriber_id = $1 returning edition_id, state";
    for row in tx.rows(sql("remove deliveries", text), args![reader]).await? {
        let change = (row.get("state")?, -1);
        count_planned(tx, row.get("edition_id")?, -1, [change]);
    }
    let text = "delete from correction_deliveries where subscriber_id = $1";
    tx.run(sql("remove deliveries", text), args![reader])
        .await
        .map(drop)
}

/// How many deliveries of a mailing are in each state; states without any are left out.
///
/// # Errors
/// Where the database fails.
pub async fn tally(
    view: impl Into<View<'_>>,
    mailing: impl Into<Mailing>,
) -> Result<BTreeMap<DeliveryState, u64>, StoreError> {
    match mailing.into() {
        Mailing::Edition(id) => of_edition(view.into(), id).await,
        Mailing::Correction(id) => of_correction(view.into(), id).await,
    }
}

async fn of_edition(
    mut view: View<'_>,
    edition: EditionId,
) -> Result<BTreeMap<DeliveryState, u64>, StoreError> {
    view.count_in().await?;
    // One statement, so that all counts are of one instant.
    let kept = COUNTED
        .map(|state| format!("union all select '{state}', {state} from tallies where edition_id = $1"));
    let text = format!(
        "select 'planned' as state, planned as deliveries from tallies where edition_id = $1
         {}
         union all select state, count(*) from deliveries
         where edition_id = $1 and lease_until is not null group by state",
        kept.join(" ")
    );
    let sql = built("count deliveries", text).kept();
    let rows = view.rows(sql, args![edition]).await?;
    let mut tally = BTreeMap::new();
    let mut queued = 0_u64;
    for row in &rows {
        let deliveries: u64 = row.get("deliveries")?;
        if row.get::<String>("state")? == "planned" {
            queued = deliveries;
        } else {
            tally.insert(row.get("state")?, deliveries);
        }
    }
    queued = queued.saturating_sub(tally.values().sum());
    tally.insert(DeliveryState::Queued, queued);
    tally.retain(|_, deliveries| *deliveries > 0);
    Ok(tally)
}

async fn of_correction(
    mut view: View<'_>,
    notice: NoticeId,
) -> Result<BTreeMap<DeliveryState, u64>, StoreError> {
    let text =
        "select state, count(*) as deliveries from correction_deliveries where notice_id = $1 group by state";
    let rows = view
        .rows(sql("count the mails of a correction", text), args![notice])
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("state")?, row.get("deliveries")?)))
        .collect()
}
