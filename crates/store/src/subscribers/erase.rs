//! Everything about a reader goes.

use reveille_model::{EmailAddress, SubscriberId, SubscriberState, UnixMillis};

use super::stayed;
use crate::{
    StoreError, Tx, deliveries, figures, reader_mail,
    sql::{args, built, sql},
    suppressions,
};

/// What an erasure needs.
#[derive(Debug, Clone, Copy)]
pub struct Erasure<'a> {
    /// Whose address, whatever its case.
    pub email: &'a EmailAddress,
    /// 32 hex digits of randomness: the key under which erased addresses are recognised from now on, where none was yet.
    pub secret: &'a str,
    /// When.
    pub now: UnixMillis,
}

/// Erases what is kept about an address, whatever the brief: the readers' rows, their consent records, links, deliveries
/// and jobs. What stays is a keyed hash, by which imports pass the address over. Gives back of how many briefs it was a
/// reader; where of none, nothing is changed.
///
/// # Errors
/// Where the database fails.
pub async fn erase(tx: &mut Tx, erasure: &Erasure<'_>) -> Result<usize, StoreError> {
    let doing = "erase a reader";
    // Once the row is gone nothing may be planned for it that a plan under way has not brought yet.
    for reader in super::list_by_email(&mut *tx, erasure.email).await? {
        deliveries::hold_editions(tx, reader.brief, erasure.now).await?;
    }
    // The update changes nothing: it holds the rows.
    let text = "update subscribers set state = state
                where brief_id in (select id from briefs) and email_key = $1 returning id, state";
    let rows = tx.rows(sql(doing, text), args![erasure.email.key()]).await?;
    for row in &rows {
        let id = row.get("id")?;
        // Who had left was counted then.
        if row.get::<SubscriberState>("state")?.is_listed() {
            figures::erased(tx, id, erasure.now).await?;
        }
        reader_mail::delete(tx, id).await?;
        erase_one(tx, id).await?;
    }
    if !rows.is_empty() {
        suppressions::insert(tx, erasure.email, erasure.secret, erasure.now).await?;
    }
    Ok(rows.len())
}

/// Readers `s` who asked before `$1`, and not since, and have not confirmed that.
const UNCONFIRMED: &str = "brief_id in (select id from briefs) and state = 'pending' and created_at < $1
  and not exists (select 1 from consents c where c.subscriber_id = s.id and c.at >= $1)";

/// Whether readers `s` were on the list once, by their own word or another's.
const CAME_ONCE: &str = "exists (select 1 from consents c
  where c.subscriber_id = s.id and c.kind in ('confirmed', 'entered'))";

/// Erases readers who asked before then, and not since, and never confirmed: `limit` of them at most. Nothing stays. Who
/// had been on the list before, and now did not confirm to come back, has left, with the record of it all; whose mail came back, and
/// who never left, is where they were then. Gives back how many there were of all.
///
/// # Errors
/// Where the database fails.
pub async fn forget_unconfirmed(tx: &mut Tx, before: UnixMillis, limit: u32) -> Result<usize, StoreError> {
    let text = format!(
        "update subscribers set state = case when {} then 'bounced' else 'left' end where state = 'pending' and id in (
           select id from subscribers s where {UNCONFIRMED} and {CAME_ONCE} order by id limit $2)",
        stayed("subscribers"),
    );
    let doing = "let readers be away who did not confirm again";
    let away = tx.run(built(doing, text), args![before, limit]).await?;
    // Held, so that whoever confirms meanwhile has done so before this, or finds nothing to confirm.
    let text = format!(
        "select id from subscribers s where {UNCONFIRMED} and not {CAME_ONCE} order by id limit $2{}",
        tx.dialect().held("s")
    );
    let rows = tx
        .rows(
            built("find readers who never confirmed", text),
            args![before, limit],
        )
        .await?;
    for row in &rows {
        erase_one(tx, row.get("id")?).await?;
    }
    Ok(rows.len() + usize::try_from(away).unwrap_or(usize::MAX))
}

async fn erase_one(tx: &mut Tx, id: SubscriberId) -> Result<(), StoreError> {
    let doing = "erase a reader";
    deliveries::forget(tx, id).await?;
    for text in [
        "delete from webhook_calls where subscriber_id = $1",
        "delete from returns where subscriber_id = $1",
        "delete from confirmations where subscriber_id = $1",
        "delete from consents where subscriber_id = $1",
        "delete from subscribers where id = $1",
    ] {
        tx.run(sql(doing, text), args![id]).await?;
    }
    Ok(())
}
