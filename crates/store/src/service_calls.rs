//! Calls of mail services that are proved by a token which does not cover what they bring: each token belongs to the event that
//! it came with first. Only digests are kept, for as long as the token would be believed.

use reveille_model::UnixMillis;

use crate::{
    Store, StoreError, Tx, digest,
    sql::{args, sql},
};

/// Keeps a token with its event. `false`: it came with another one before.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn bind(store: &Store, token: &str, event: &str, at: UnixMillis) -> Result<bool, StoreError> {
    let (token, event) = (digest::of_text(token), digest::of_text(event));
    let mut tx = store.begin().await?;
    let text =
        "insert into service_calls (token, event, at) values ($1, $2, $3) on conflict (token) do nothing";
    tx.run(sql("keep a call's token", text), args![&token, &event, at])
        .await?;
    let text = "select event from service_calls where token = $1";
    let row = tx.row(sql("find a call's token", text), args![&token]).await?;
    let bound: Option<String> = row.map(|row| row.get("event")).transpose()?;
    tx.commit().await?;
    Ok(bound == Some(event))
}

/// Forgets those from before.
pub async fn purge(tx: &mut Tx, before: UnixMillis) -> Result<u64, StoreError> {
    let text = "delete from service_calls where at < $1";
    tx.run(sql("forget calls' tokens", text), args![before]).await
}
