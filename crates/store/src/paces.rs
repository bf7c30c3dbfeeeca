//! How fast messages go to receiving domains that have a limit. All nodes take their places in one line, some at a time: who
//! takes them decides how many, and how fast the line moves.

use reveille_model::UnixMillis;

use crate::{
    Store, StoreError, Tx,
    sql::{args, built, sql},
};

/// A domain's line as it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Messages a second.
    pub rate: f64,
    /// Milliseconds for which it was so.
    pub calm: i64,
    /// Milliseconds until the first place that nobody has; none below 1.
    pub wait: i64,
}

/// Holds a domain's line until the transaction ends; one of this rate begins where there is none. Of several they are to be
/// held in the order of their names, lest two nodes wait for each other.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn hold(tx: &mut Tx, domain: &str, rate: f64, now: UnixMillis) -> Result<Pace, StoreError> {
    let doing = "hold a domain's line";
    // An update that changes nothing takes the row, which is more than to read it. It may have to wait for that, and the
    // time by which the line is read must be that after it.
    let text = format!(
        "insert into paces (domain, rate, changed_at, free_at)
         select $1, $2, {clock}, {clock} from (select $3 as at) as t where true
         on conflict (domain) do update set domain = excluded.domain",
        clock = tx.lease_clock("t.at")
    );
    tx.run(built(doing, text).kept(), args![domain, rate, now])
        .await?;
    let text = format!(
        "select rate, {clock} - changed_at as calm, free_at - {clock} as wait
         from paces, (select $2 as at) as t where domain = $1",
        clock = tx.lease_clock("t.at")
    );
    let row = tx.row(built(doing, text).kept(), args![domain, now]).await?;
    let row = row.ok_or(StoreError::Vanished { doing })?;
    Ok(Pace {
        rate: row.get("rate")?,
        calm: row.get("calm")?,
        wait: row.get("wait")?,
    })
}

/// Changes a line that is held.
pub async fn update(tx: &mut Tx, domain: &str, pace: Pace, now: UnixMillis) -> Result<(), StoreError> {
    let text = format!(
        "update paces set rate = $2, changed_at = {clock} - $3, free_at = {clock} + $4
         from (select $5 as at) as t where domain = $1",
        clock = tx.lease_clock("t.at")
    );
    let args = args![domain, pace.rate, pace.calm, pace.wait, now];
    tx.run(built("change a domain's line", text).kept(), args)
        .await
        .map(drop)
}

/// Ends a line: the domain has no limit any more.
pub async fn delete(tx: &mut Tx, domain: &str) -> Result<(), StoreError> {
    let text = "delete from paces where domain = $1";
    tx.run(sql("end a domain's line", text), args![domain])
        .await
        .map(drop)
}

/// The domains that have a line.
pub async fn list(store: &Store) -> Result<Vec<String>, StoreError> {
    let text = "select domain from paces order by domain";
    let rows = store.rows(sql("list domains with a line", text), args![]).await?;
    rows.iter().map(|row| row.get("domain")).collect()
}
