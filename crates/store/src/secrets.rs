//! Keys that the store keeps for all nodes.

use crate::{
    StoreError, Tx,
    sql::{args, sql},
};

/// The secret of this name; `fresh` becomes it where there is none yet.
///
/// # Errors
/// Where the database fails.
pub async fn find_or_insert(tx: &mut Tx, name: &str, fresh: &str) -> Result<String, StoreError> {
    let doing = "make a key";
    let text = "insert into secrets (name, secret) values ($1, $2) on conflict (name) do nothing";
    tx.run(sql(doing, text), args![name, fresh]).await?;
    let text = "select secret from secrets where name = $1";
    let row = tx.row(sql(doing, text), args![name]).await?;
    row.ok_or(StoreError::Vanished { doing })?.get("secret")
}
