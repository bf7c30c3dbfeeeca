//! How many deliveries of an edition stand where.
//!
//! To count a million rows takes longer than whoever asks should wait. So how many were planned is kept with the plan, and how
//! many are in each state in which they may stay is counted as they come and go, in the transaction that makes it true. What is
//! in hand is little, and what waits is the rest. What came of corrections is counted when somebody asks.

use std::collections::BTreeMap;

use reveille_model::{DeliveryState, EditionId, NoticeId, SubscriberId};

use super::{Mailing, planning::count_planned};

use crate::{
    StoreError, Tx, View,
    sql::{Row, args, sql},
};

/// Counts deliveries of a mailing that came to be in these states, or that left them.
pub(super) async fn count(
    tx: &mut Tx,
    mailing: Mailing,
    changes: impl IntoIterator<Item = (DeliveryState, i64)>,
) -> Result<(), StoreError> {
    let Mailing::Edition(edition) = mailing else {
        return Ok(());
    };
    let mut counted = BTreeMap::<&str, i64>::new();
    for (state, change) in changes {
        if state.may_stay() {
            *counted.entry(state.as_str()).or_default() += change;
        }
    }
    counted.retain(|_, change| *change != 0);
    let text = "insert into delivery_tally (edition_id, state, deliveries) {rows}
                on conflict (edition_id, state) do update
                set deliveries = delivery_tally.deliveries + excluded.deliveries";
    let rows = counted
        .into_iter()
        .map(|(state, change)| args![edition, state, change]);
    tx.run_many(sql("count deliveries", text), args![], rows.collect())
        .await
        .map(drop)
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
        let edition: EditionId = row.get("edition_id")?;
        count_planned(tx, edition, -1).await?;
        count(tx, edition.into(), [(row.get("state")?, -1)]).await?;
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
    // One statement, so that all counts are of one instant.
    let text = "select 'planned' as state, planned as deliveries from delivery_plans where edition_id = $1
                union all select state, deliveries from delivery_tally where edition_id = $1
                union all select state, count(*) from deliveries
                where edition_id = $1 and lease_until is not null group by state";
    let rows = view.rows(sql("count deliveries", text), args![edition]).await?;
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
