//! What waits for a reader follows them to another time zone.

use reveille_model::{Brief, DeliveryId, Slot, SubscriberId};

use super::state_of;
use crate::{
    StoreError, Tx,
    sql::{args, sql},
};

/// Has what waits for a reader leave by the clock of the zone in which they live: no sooner than it would have, and not once
/// it is too late there. What knows no last hour stays as it is.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn reslot(tx: &mut Tx, reader: SubscriberId) -> Result<(), StoreError> {
    let doing = "plan a reader's deliveries anew";
    let waiting = "select d.id, d.due_at, e.day, b.brief, s.zone from deliveries d
                   join subscribers s on s.id = d.subscriber_id
                   join editions e on e.id = d.edition_id join briefs b on b.id = e.brief_id
                   where d.subscriber_id = $1 and d.state = 'queued' and d.late_at is not null order by d.id";
    for row in tx.rows(sql(doing, waiting), args![reader]).await? {
        let brief: Brief = row.json("brief")?;
        let slot = Slot::of(row.get("day")?, &brief, &row.get("zone")?, row.get("due_at")?);
        let id: DeliveryId = row.get("id")?;
        let text =
            "update deliveries set due_at = $2, late_at = $3, state = $4 where id = $1 and state = 'queued'";
        let args = args![id, slot.due_at, slot.late_at, state_of(slot)];
        tx.run(sql(doing, text), args).await?;
    }
    Ok(())
}
