//! What is learned later of deliveries of which nobody knew whether the mail server had them.

use reveille_model::{DeliveryId, EditionId, IfUnknown, NoticeId, SubscriberId, UnixMillis};

use super::{Mailing, count};
use crate::{
    Store, StoreError, Tx,
    sql::{Param, Row, args},
};

/// A delivery that is unknown, and the Message-ID by which others may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    mailing: Mailing,
    id: DeliveryId,
    /// Without angle brackets.
    pub message_id: String,
    /// When it goes out once more, or its mail server's log is asked.
    pub due_at: UnixMillis,
    /// Whether it may go out once more by itself.
    pub may_repeat: bool,
}

const SELECT: &str = "select id, edition_id as mailing, message_id, due_at, doubts from deliveries
                      where state = 'unknown' and state not in ('sending', 'wire') and ";

/// A mailing's unknown deliveries: all, or one reader's.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn list_unknown(
    store: &Store,
    mailing: Mailing,
    reader: Option<SubscriberId>,
) -> Result<Vec<Unknown>, StoreError> {
    let text = format!("{SELECT} edition_id = $1 and (subscriber_id = $2 or $2 is null) order by id");
    let args = vec![mailing.arg(), reader.arg()];
    let rows = store
        .rows(mailing.on("list unknown deliveries", &text), args)
        .await?;
    rows.iter().map(|row| read(row, mailing)).collect()
}

/// A reader's unknown deliveries, whatever was mailed.
pub async fn list_unknown_to(store: &Store, reader: SubscriberId) -> Result<Vec<Unknown>, StoreError> {
    let text = format!("{SELECT} subscriber_id = $1 order by id");
    let mut unknown = Vec::new();
    for table in [Mailing::Edition(EditionId(0)), Mailing::Correction(NoticeId(0))] {
        let sql = table.on("list a reader's unknown deliveries", &text);
        for row in store.rows(sql, args![reader]).await? {
            let mailing = match table {
                Mailing::Edition(_) => Mailing::Edition(row.get("mailing")?),
                Mailing::Correction(_) => Mailing::Correction(row.get("mailing")?),
            };
            unknown.push(read(&row, mailing)?);
        }
    }
    Ok(unknown)
}

/// Counts as sent what the mail server turned out to have taken. Says how many still were unknown.
pub async fn confirm(tx: &mut Tx, taken: &[&Unknown], now: UnixMillis) -> Result<u64, StoreError> {
    let mut confirmed = 0;
    for &unknown in taken {
        let set = "state = 'sent', updated_at = $2, sent_at = $2";
        let changed = update_unknown(tx, &[unknown], set, now).await?;
        // Only what came of editions is counted.
        if let Mailing::Edition(edition) = unknown.mailing {
            count(tx, edition, 0, changed.cast_signed()).await?;
        }
        confirmed += changed;
    }
    Ok(confirmed)
}

/// Queues what the mail server turned out not to have taken, under the Message-ID that it has. Says how many still were
/// unknown.
pub async fn requeue(tx: &mut Tx, lost: &[&Unknown], now: UnixMillis) -> Result<u64, StoreError> {
    update_unknown(tx, lost, "state = 'queued', due_at = $2, updated_at = $2", now).await
}

/// Leaves open until then what became of these: nobody can be asked now.
pub async fn put_off(tx: &mut Tx, unknown: &[&Unknown], until: UnixMillis) -> Result<(), StoreError> {
    update_unknown(tx, unknown, "due_at = $2", until).await.map(drop)
}

/// Changes those that still are unknown, with an instant as `$2`, and says how many those were.
async fn update_unknown(
    tx: &mut Tx,
    unknown: &[&Unknown],
    set: &str,
    at: UnixMillis,
) -> Result<u64, StoreError> {
    let text = format!("update deliveries set {set} where id = $1 and state = 'unknown'");
    let mut changed = 0;
    for Unknown { mailing, id, .. } in unknown {
        let sql = mailing.on("change an unknown delivery", &text);
        changed += tx.run(sql, args![*id, at]).await?;
    }
    Ok(changed)
}

fn read(row: &Row, mailing: Mailing) -> Result<Unknown, StoreError> {
    Ok(Unknown {
        mailing,
        id: row.get("id")?,
        message_id: row.get("message_id")?,
        due_at: row.get("due_at")?,
        may_repeat: row.get::<u32>("doubts")? <= IfUnknown::Reconcile.resends(),
    })
}
