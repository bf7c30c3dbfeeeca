//! An edition that is taken back before anybody has it.

use reveille_model::{DeliveryState, EditionId};

use super::{doubted, tally};
use crate::{
    Store, StoreError, Tx,
    sql::{args, sql},
};

/// Takes back what was planned of an edition, and says of how many deliveries a mail server has the message, or may have
/// it: where there are any, the transaction must be dropped. Of the others whoever has one in hand has lost it, since
/// [`wire`](super::wire) does not find it any more. The mails of its corrections go with them: nobody has it wrong.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn recall(tx: &mut Tx, edition: EditionId) -> Result<u64, StoreError> {
    let doing = "take back deliveries";
    // Looked at before anything is locked: claims pass over what is, and a mailing under way must not find nothing to do.
    if let reached @ 1.. = count_reached(tx, edition).await? {
        return Ok(reached);
    }
    // PostgreSQL waits here for a node that is putting some on the wire, and then passes those over.
    let unsent = "delete from deliveries
                  where edition_id = $1 and doubts = 0 and state not in ('wire', 'sent', 'unknown')";
    tx.run(sql(doing, unsent), args![edition]).await?;
    let reached = count_reached(tx, edition).await?;
    if reached == 0 {
        let corrections = "delete from correction_deliveries
                           where notice_id in (select id from notices where edition_id = $1)";
        tx.run(sql(doing, corrections), args![edition]).await?;
        let counts = "delete from tallies where edition_id = $1";
        tx.run(sql(doing, counts), args![edition]).await?;
    }
    Ok(reached)
}

/// Whether a mail server has the message of any delivery, or may have it, so that the edition cannot be taken back.
pub async fn has_left(store: &Store, edition: EditionId) -> Result<bool, StoreError> {
    use DeliveryState::{Sent, Unknown, Wire};
    // Both are counted without looking at each of a million readers who missed it.
    let tally = tally(store, edition).await?;
    let has_any = [Wire, Sent, Unknown]
        .iter()
        .any(|state| tally.contains_key(state));
    Ok(has_any || doubted(store, edition).await? > 0)
}

async fn count_reached(tx: &mut Tx, edition: EditionId) -> Result<u64, StoreError> {
    let doing = "count what may have arrived";
    let text = "select count(*) as reached from deliveries
                where edition_id = $1 and (doubts > 0 or state in ('wire', 'sent', 'unknown'))";
    let row = tx.row(sql(doing, text), args![edition]).await?;
    row.ok_or(StoreError::Vanished { doing })?.get("reached")
}
