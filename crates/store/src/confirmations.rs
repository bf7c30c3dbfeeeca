//! The links by which readers confirm that they asked. Each is good once, for two weeks, and stands here by its
//! digest only: who reads the store can confirm for nobody.

use reveille_model::{SubscriberId, UnixMillis, hex};
use ring::digest;

use crate::{
    Store, StoreError, Tx,
    sql::{args, sql},
};

/// How long a link is good: 14 days, in milliseconds.
pub const GOOD_MILLIS: i64 = 14 * 86_400_000;

/// A link that was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    /// To whom.
    pub subscriber: SubscriberId,
    /// When it was made.
    pub made_at: UnixMillis,
    /// When it was used.
    pub used_at: Option<UnixMillis>,
}

impl Confirmation {
    /// Whether it still confirms.
    #[must_use]
    pub fn is_good(&self, now: UnixMillis) -> bool {
        self.used_at.is_none() && now.since(self.made_at) < GOOD_MILLIS
    }
}

fn digest_of(token: &str) -> String {
    hex(digest::digest(&digest::SHA256, token.as_bytes()).as_ref())
}

/// Makes a link with this token, which nobody can guess, and clears away the reader's that are too old.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(tx: &mut Tx, id: SubscriberId, token: &str, now: UnixMillis) -> Result<(), StoreError> {
    let doing = "make a confirmation link";
    let old = "delete from confirmations where subscriber_id = $1 and made_at <= $2";
    tx.run(sql(doing, old), args![id, now.plus(-GOOD_MILLIS)]).await?;
    let text = "insert into confirmations (digest, subscriber_id, made_at) values ($1, $2, $3)";
    tx.run(sql(doing, text), args![digest_of(token), id, now])
        .await
        .map(drop)
}

/// The link with this token.
pub async fn find(store: &Store, token: &str) -> Result<Option<Confirmation>, StoreError> {
    let text = "select subscriber_id, made_at, used_at from confirmations where digest = $1";
    let row = store
        .row(sql("find a confirmation link", text), args![digest_of(token)])
        .await?;
    let read = |row: crate::sql::Row| {
        Ok(Confirmation {
            subscriber: row.get("subscriber_id")?,
            made_at: row.get("made_at")?,
            used_at: row.maybe("used_at")?,
        })
    };
    row.map(read).transpose()
}

/// Uses the link up. Gives back whose it was; `None` where it is not good.
pub(crate) async fn take(
    tx: &mut Tx,
    token: &str,
    now: UnixMillis,
) -> Result<Option<SubscriberId>, StoreError> {
    let text = "update confirmations set used_at = $2
                where digest = $1 and used_at is null and made_at > $3 returning subscriber_id";
    let args = args![digest_of(token), now, now.plus(-GOOD_MILLIS)];
    let row = tx.row(sql("use a confirmation link", text), args).await?;
    row.map(|row| row.get("subscriber_id")).transpose()
}

/// Makes a reader's links worthless that were not used.
pub(crate) async fn revoke(tx: &mut Tx, id: SubscriberId) -> Result<(), StoreError> {
    let text = "delete from confirmations where subscriber_id = $1 and used_at is null";
    tx.run(sql("revoke confirmation links", text), args![id])
        .await
        .map(drop)
}
