//! What waits: taken from senders that are gone, and when the next can be claimed.

use reveille_model::{IfUnknown, UnixMillis};

use super::{
    answers::WAITS,
    doubt::of_row,
    mailing::Mailing,
    tally::{came, count},
};
use crate::{Store, StoreError, Tx, View, sql::args};

/// What deliveries in hand become when their sender is gone, for `$1` now and `$2` the time of another try.
const RELEASED: &str = "update deliveries set lease_until = null, updated_at = $1,
               due_at = case when state = 'wire' and due_at < $2 then $2 else due_at end,
               doubts = doubts + case state when 'wire' then 1 else 0 end,
               error = case state when 'wire' then 'the sender died before it had recorded the mail server''s answer'
                         else error end,
               state = case state when 'wire' then 'unknown' else 'queued' end
             where ";

/// Takes a mailing's deliveries from senders that let their lease run out, and says how many.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn release(tx: &mut Tx, mailing: impl Into<Mailing>, now: UnixMillis) -> Result<u64, StoreError> {
    let mailing = mailing.into();
    let text = format!(
        "{RELEASED} id in (select id from deliveries
           where edition_id = $3 and lease_until <= {}{}) returning state",
        tx.lease_clock("$1"),
        tx.dialect().skip_locked()
    );
    let mut args = args![now, now.plus(IfUnknown::PAUSE_MILLIS)];
    args.push(mailing.arg());
    let released = tx.rows(mailing.on("release deliveries", &text), args).await?;
    count(tx, mailing, came(&released)?);
    Ok(released.len() as u64)
}

/// Takes every delivery from whoever has it in hand, and says how many there were. Only for the start of a process
/// that is known to be alone, as on SQLite: live senders lose theirs.
pub async fn release_all(tx: &mut Tx, now: UnixMillis) -> Result<u64, StoreError> {
    let text = format!("{RELEASED} lease_until is not null returning edition_id as mailing, state");
    let mut released = 0;
    for table in Mailing::BOTH {
        let args = args![now, now.plus(IfUnknown::PAUSE_MILLIS)];
        for row in tx.rows(table.on("release deliveries", &text), args).await? {
            count(tx, of_row(&row, table)?, [(row.get("state")?, 1)]);
            released += 1;
        }
    }
    Ok(released)
}

/// So many are passed over in one transaction, for which others wait.
const PART: u32 = 4_000;

/// Has many wait until then that are due and such as the mail server takes from nobody: see [`waiting`](super::waiting). What another
/// node looks at meanwhile is left to it. `false`: those were the last.
pub async fn pass_over(
    store: &Store,
    mailing: impl Into<Mailing>,
    until: UnixMillis,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let mailing = mailing.into();
    let text = format!(
        "update deliveries set due_at = $2, updated_at = $3
         where id in (select id from deliveries
           where edition_id = $1 and state in ('queued', 'unknown') and state = 'queued' and due_at <= $3
             and substr(error, 1, {}) = '{WAITS}'
           order by due_at, id limit $4{})",
        WAITS.len(),
        store.dialect().skip_locked()
    );
    let mut tx = store.begin_claim().await?;
    let mut args = vec![mailing.arg()];
    args.extend(args![until, now, PART]);
    let passed = tx.run(mailing.on("pass deliveries over", &text), args).await?;
    tx.commit().await?;
    Ok(passed == u64::from(PART))
}

/// When the next delivery of a mailing can be claimed, or released, by the clock that shows `now`; `None` where nothing
/// more happens by itself.
pub async fn next_due(
    view: impl Into<View<'_>>,
    mailing: impl Into<Mailing>,
    rule: IfUnknown,
    now: UnixMillis,
) -> Result<Option<UnixMillis>, StoreError> {
    let mut view = view.into();
    let text = format!(
        "select min(at) as at from (
           select min(due_at) as at from deliveries
           where edition_id = $1 and state in ('queued', 'unknown') and (state = 'queued' or doubts <= $2)
           union all
           select min(lease_until) - {} + $3 as at from deliveries
           where edition_id = $1 and lease_until is not null) as times",
        view.lease_clock("$3")
    );
    let mailing = mailing.into();
    let mut args = vec![mailing.arg()];
    args.extend(args![rule.resends(), now]);
    let row = view
        .row(mailing.on("find the next delivery", &text), args)
        .await?;
    row.map_or(Ok(None), |row| row.maybe("at"))
}

/// Whether more deliveries of a mailing than so many can be claimed now.
pub async fn is_more_due(
    store: &Store,
    mailing: impl Into<Mailing>,
    than: u32,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let text = "select 1 as found from deliveries
                where edition_id = $1 and state in ('queued', 'unknown') and state = 'queued' and due_at <= $2
                order by due_at, id limit 1 offset $3";
    let mailing = mailing.into();
    let mut args = vec![mailing.arg()];
    args.extend(args![now, than]);
    let row = store
        .row(mailing.on("look for more deliveries", text), args)
        .await?;
    Ok(row.is_some())
}
