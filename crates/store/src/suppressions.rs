//! Readers who had everything about them erased. An address stands here as a keyed hash only: no list of addresses can
//! be read out of it, and whoever has not the key cannot test a guess. The key stays in the store; who has the whole
//! store can test guesses one by one, which nothing that still recognises an address can prevent.

use std::collections::{HashMap, HashSet};

use aws_lc_rs::hmac;
use reveille_model::{EmailAddress, UnixMillis, hex};

use crate::{
    StoreError, Tx, secrets,
    sql::{args, sql},
};

/// Under which name the key stands in `secrets`.
const KEY: &str = "suppressions";

/// HMAC-SHA256 (RFC 2104) of what makes two addresses one reader.
fn hash(key: &hmac::Key, email_key: &str) -> String {
    hex(hmac::sign(key, email_key.as_bytes()).as_ref())
}

/// The key; `None` where nobody was erased yet.
async fn key(tx: &mut Tx) -> Result<Option<hmac::Key>, StoreError> {
    let text = "select secret from secrets where name = $1";
    let Some(row) = tx.row(sql("read a key", text), args![KEY]).await? else {
        return Ok(None);
    };
    let secret: String = row.get("secret")?;
    Ok(Some(hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())))
}

/// Remembers that this address is not to be brought back. `secret` becomes the key where there is none yet.
pub(crate) async fn insert(
    tx: &mut Tx,
    email: &EmailAddress,
    secret: &str,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let doing = "remember an erasure";
    let secret = secrets::find_or_insert(tx, KEY, secret).await?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let text = "insert into suppressions (hash, erased_at) values ($1, $2)
                on conflict (hash) do update set erased_at = excluded.erased_at";
    tx.run(sql(doing, text), args![hash(&key, &email.key()), now])
        .await
        .map(drop)
}

/// When this address was erased; `None` where it was not.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn find(tx: &mut Tx, email: &EmailAddress) -> Result<Option<UnixMillis>, StoreError> {
    let Some(key) = key(tx).await? else {
        return Ok(None);
    };
    let text = "select erased_at from suppressions where hash = $1";
    let row = tx
        .row(
            sql("find an erased address", text),
            args![hash(&key, &email.key())],
        )
        .await?;
    row.map(|row| row.get("erased_at")).transpose()
}

/// Those of these addresses that were erased, each as its [`EmailAddress::key`].
pub async fn find_batch(tx: &mut Tx, keys: &[String]) -> Result<HashSet<String>, StoreError> {
    let Some(key) = key(tx).await? else {
        return Ok(HashSet::new());
    };
    let hashes: HashMap<String, &String> = keys.iter().map(|email| (hash(&key, email), email)).collect();
    let text = "select hash from suppressions where hash in ({rows})";
    let statement = sql("find erased addresses", text).unkept();
    let rows = hashes.keys().map(|hash| args![hash]);
    let erased = tx.rows_many(statement, args![], rows.collect()).await?;
    erased
        .iter()
        .map(|row| Ok(hashes[&row.get::<String>("hash")?].clone()))
        .collect()
}
