//! What is learned later of deliveries of which nobody knew whether the mail server had them.

use reveille_model::{DeliveryId, DeliveryState, IfUnknown, SubscriberId, UnixMillis};

use super::{
    Mailing,
    tally::{count, moved},
};
use crate::{
    Store, StoreError, Tx, View,
    sql::{Arg, Param, Row, args},
};

/// A delivery that is unknown, and the Message-ID by which others may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    mailing: Mailing,
    id: DeliveryId,
    doubts: u32,
    /// Without angle brackets.
    pub message_id: String,
    /// Since when it is unknown.
    pub since: UnixMillis,
    /// When it goes out once more, or its mail server's log is asked.
    pub due_at: UnixMillis,
}

impl Unknown {
    /// Whether it may go out once more by itself.
    #[must_use]
    pub const fn may_repeat(&self) -> bool {
        self.doubts <= IfUnknown::Reconcile.resends()
    }
}

const SELECT: &str =
    "select id, edition_id as mailing, doubts, message_id, updated_at, due_at from deliveries
                      where state = 'unknown' and doubts > 0 and ";

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

/// Whether deliveries of a mailing are unknown, and stay so until somebody says what became of them.
pub async fn awaits_word(
    view: impl Into<View<'_>>,
    mailing: impl Into<Mailing>,
    rule: IfUnknown,
) -> Result<bool, StoreError> {
    let text = "select 1 as found from deliveries
                where edition_id = $1 and doubts > 0 and state = 'unknown' and doubts > $2 limit 1";
    let mailing = mailing.into();
    let mut args = vec![mailing.arg()];
    args.extend(args![rule.resends()]);
    let mut view = view.into();
    let row = view.row(mailing.on("look for doubts", text), args).await?;
    Ok(row.is_some())
}

/// A reader's unknown deliveries, whatever was mailed.
pub async fn list_unknown_to(store: &Store, reader: SubscriberId) -> Result<Vec<Unknown>, StoreError> {
    let text = format!("{SELECT} subscriber_id = $1 order by id");
    let mut unknown = Vec::new();
    for table in Mailing::BOTH {
        let sql = table.on("list a reader's unknown deliveries", &text);
        for row in store.rows(sql, args![reader]).await? {
            unknown.push(read(&row, of_row(&row, table)?)?);
        }
    }
    Ok(unknown)
}

/// What a reader was mailed under this Message-ID, without angle brackets.
pub async fn mailed_as(
    store: &Store,
    reader: SubscriberId,
    message_id: &str,
) -> Result<Option<Mailing>, StoreError> {
    let text =
        "select edition_id as mailing from deliveries where subscriber_id = $1 and message_id = $2 limit 1";
    for table in Mailing::BOTH {
        let sql = table.on("find a delivery by its name", text);
        if let Some(row) = store.row(sql, args![reader, message_id]).await? {
            return Ok(Some(of_row(&row, table)?));
        }
    }
    Ok(None)
}

/// Which mailing a row of one of the two tables is of.
pub(super) fn of_row(row: &Row, table: Mailing) -> Result<Mailing, StoreError> {
    Ok(match table {
        Mailing::Edition(_) => Mailing::Edition(row.get("mailing")?),
        Mailing::Correction(_) => Mailing::Correction(row.get("mailing")?),
    })
}

/// The Message-IDs of what was sent of the same mailing just before and after it: so many of each at most. What an operator
/// settled without its ever being on the wire has none.
pub async fn sent_beside(store: &Store, unknown: &Unknown, each: u32) -> Result<Vec<String>, StoreError> {
    let Unknown { mailing, id, .. } = unknown;
    let mut beside = Vec::new();
    for (is_beside, order) in [("id < $2", "desc"), ("id > $2", "asc")] {
        let text = format!(
            "select message_id from deliveries
             where edition_id = $1 and state = 'sent' and state not in ('sending', 'wire') and message_id <> ''
               and {is_beside}
             order by id {order} limit $3"
        );
        let mut args = vec![mailing.arg()];
        args.extend(args![*id, each]);
        let rows = store
            .rows(mailing.on("list deliveries beside one", &text), args)
            .await?;
        for row in &rows {
            beside.push(row.get("message_id")?);
        }
    }
    Ok(beside)
}

/// Counts as sent what the mail server turned out to have taken; whence that is known stands for its answer. Says how many
/// still were as they are given here; so for the functions below, which leave alone what was handed over again meanwhile.
pub async fn confirm(
    tx: &mut Tx,
    taken: &[&Unknown],
    whence: &str,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let set = "state = 'sent', reply = $4, error = null, updated_at = $3, sent_at = $3";
    update_unknown(tx, taken, (DeliveryState::Sent, set), args![now, whence]).await
}

/// Queues what the mail server turned out not to have taken, under the Message-ID that it has.
pub async fn requeue(tx: &mut Tx, lost: &[&Unknown], now: UnixMillis) -> Result<u64, StoreError> {
    let set = "state = 'queued', due_at = $3, updated_at = $3";
    update_unknown(tx, lost, (DeliveryState::Queued, set), args![now]).await
}

/// Leaves open until then what became of these: nobody can be asked now.
pub async fn put_off(tx: &mut Tx, open: &[&Unknown], until: UnixMillis) -> Result<u64, StoreError> {
    update_unknown(tx, open, (DeliveryState::Unknown, "due_at = $3"), args![until]).await
}

/// Has these wait for the operator's word.
pub async fn hold(tx: &mut Tx, open: &[&Unknown], now: UnixMillis) -> Result<u64, StoreError> {
    let set = "doubts = doubts + 1, updated_at = $3";
    update_unknown(tx, open, (DeliveryState::Unknown, set), args![now]).await
}

/// Changes those that still are as they were read, with these values from `$3` on, and counts them as in this state.
async fn update_unknown(
    tx: &mut Tx,
    unknown: &[&Unknown],
    (to, set): (DeliveryState, &str),
    values: Vec<Arg<'_>>,
) -> Result<u64, StoreError> {
    let text = format!("update deliveries set {set} where id = $1 and doubts = $2 and state = 'unknown'");
    let mut changed = 0;
    for Unknown {
        mailing, id, doubts, ..
    } in unknown
    {
        let sql = mailing.on("change an unknown delivery", &text);
        let mut args = args![*id, *doubts];
        args.extend(values.iter().cloned());
        let many = tx.run(sql, args).await?;
        count(tx, *mailing, moved(DeliveryState::Unknown, to, many));
        changed += many;
    }
    Ok(changed)
}

fn read(row: &Row, mailing: Mailing) -> Result<Unknown, StoreError> {
    Ok(Unknown {
        mailing,
        id: row.get("id")?,
        doubts: row.get("doubts")?,
        message_id: row.get("message_id")?,
        since: row.get("updated_at")?,
        due_at: row.get("due_at")?,
    })
}
