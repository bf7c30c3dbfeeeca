//! What waits for a reader follows them to another address.

use reveille_model::{SubscriberId, UnixMillis};

use super::{Mailing, doubt::of_row, follow};
use crate::{StoreError, Tx, jobs, sql::args};

/// Sends what has not left yet, of editions and corrections, to the reader who took another one's place, at their own
/// address, as if it had not been tried: the other address's mail server asked for the pauses, and its words may name that
/// address. Whoever has it in hand has lost it. What is unknown stays so, and what its brief's rule does about it is done at
/// this address: who moves does not read the other one any more. Of what both were to get, the other's copy stays, to be
/// withdrawn.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn readdress(
    tx: &mut Tx,
    from: SubscriberId,
    to: SubscriberId,
    now: UnixMillis,
) -> Result<(), StoreError> {
    // What was ever claimed has had an hour, and is due later only to be tried again. How often it was claimed stays, by
    // which a claim of the other's is known to be lost. What is unknown rests for its time all the same, and since when it is
    // so counts for how long its log is asked.
    let text = "update deliveries set subscriber_id = $2, lease_until = null, tries = 0,
                  state = case state when 'unknown' then state else 'queued' end,
                  updated_at = case state when 'unknown' then updated_at else $3 end,
                  due_at = case when state <> 'unknown' and attempts > 0 and due_at > $3 then $3 else due_at end,
                  error = case state when 'unknown' then error end
                where subscriber_id = $1 and state in ('queued', 'sending', 'unknown')
                  and not exists (select 1 from deliveries d
                                  where d.edition_id = deliveries.edition_id and d.subscriber_id = $2)
                returning edition_id as mailing, due_at";
    for table in Mailing::BOTH {
        let sql = table.on("send deliveries elsewhere", text);
        for row in tx.rows(sql, args![from, to, now]).await? {
            // The mailing may be asleep until the next try that was.
            let job = of_row(&row, table)?.job(row.get("due_at")?);
            jobs::insert(tx, &job, now).await?;
        }
    }
    // What the other had in hand at their hour may have to wait for this one's.
    follow(tx, to, now).await
}
