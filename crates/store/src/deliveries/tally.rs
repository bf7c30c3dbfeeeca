//! How many deliveries of an edition stand where.
//!
//! To count a million rows takes longer than whoever asks should wait. So what can be a million is kept as a running
//! count: what was planned, and what was sent. Each change of them is made in the transaction that makes it true.

use std::collections::BTreeMap;

use reveille_model::{DeliveryState, EditionId, NoticeId, SubscriberId};

use super::Mailing;

use crate::{
    StoreError, Tx, View,
    sql::{args, sql},
};

/// Adds to an edition's running counts.
pub(crate) async fn count(
    tx: &mut Tx,
    edition: EditionId,
    planned: i64,
    sent: i64,
) -> Result<(), StoreError> {
    if (planned, sent) == (0, 0) {
        return Ok(());
    }
    let text = "insert into tallies (edition_id, planned, sent) values ($1, $2, $3)
                on conflict (edition_id) do update
                set planned = tallies.planned + excluded.planned, sent = tallies.sent + excluded.sent";
    tx.run(sql("count deliveries", text), args![edition, planned, sent])
        .await
        .map(drop)
}

/// Removes every delivery to a reader, those of corrections too.
pub(crate) async fn forget(tx: &mut Tx, reader: SubscriberId) -> Result<(), StoreError> {
    let text = "delete from deliveries where subscriber_id = $1 returning edition_id, state";
    for row in tx.rows(sql("remove deliveries", text), args![reader]).await? {
        let was_sent = row.get::<DeliveryState>("state")? == DeliveryState::Sent;
        count(tx, row.get("edition_id")?, -1, -i64::from(was_sent)).await?;
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
    let text = "select 'planned' as state, planned as deliveries from tallies where edition_id = $1
                union all select 'sent', sent from tallies where edition_id = $1
                union all select state, count(*) from deliveries
                where edition_id = $1 and lease_until is not null group by state
                union all select state, count(*) from deliveries
                where edition_id = $1 and state not in ('sending', 'wire')
                  and state in ('refused', 'failed', 'unknown', 'withdrawn', 'missed')
                group by state";
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
