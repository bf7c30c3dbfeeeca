//! The links that a reader is mailed to act once: to confirm that they asked, to be handed what is kept about them, to
//! have it erased. Each stands here by its digest only: who reads the store can act for nobody.

use reveille_model::{LinkPurpose, SubscriberId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    digest::of_token,
    sql::{args, sql},
};

/// A link that was mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    /// To whom.
    pub subscriber: SubscriberId,
    /// What it does.
    pub purpose: LinkPurpose,
    /// When it was made.
    pub made_at: UnixMillis,
    /// When it was used.
    pub used_at: Option<UnixMillis>,
}

impl Confirmation {
    /// Whether it still does it.
    #[must_use]
    pub fn is_good(&self, now: UnixMillis) -> bool {
        self.used_at.is_none() && now.since(self.made_at) < self.purpose.good_millis()
    }
}

/// Makes a link with this token, which nobody can guess, and clears away the reader's that are too old.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(
    tx: &mut Tx,
    id: SubscriberId,
    purpose: LinkPurpose,
    token: &str,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let doing = "make a link";
    let old = "delete from confirmations where subscriber_id = $1 and purpose = $2 and made_at <= $3";
    let oldest = now.plus(-purpose.good_millis());
    tx.run(sql(doing, old), args![id, purpose, oldest]).await?;
    let text = "insert into confirmations (digest, subscriber_id, purpose, made_at) values ($1, $2, $3, $4)";
    tx.run(sql(doing, text), args![of_token(token), id, purpose, now])
        .await
        .map(drop)
}

/// Whether the reader was made a link for this purpose since then.
pub async fn any_since(
    tx: &mut Tx,
    id: SubscriberId,
    purpose: LinkPurpose,
    since: UnixMillis,
) -> Result<bool, StoreError> {
    let text =
        "select 1 from confirmations where subscriber_id = $1 and purpose = $2 and made_at >= $3 limit 1";
    let row = tx
        .row(sql("look for a link", text), args![id, purpose, since])
        .await?;
    Ok(row.is_some())
}

/// The link with this token.
pub async fn find(store: &Store, token: &str) -> Result<Option<Confirmation>, StoreError> {
    let text = "select subscriber_id, purpose, made_at, used_at from confirmations where digest = $1";
    let row = store
        .row(sql("find a link", text), args![of_token(token)])
        .await?;
    let read = |row: crate::sql::Row| {
        Ok(Confirmation {
            subscriber: row.get("subscriber_id")?,
            purpose: row.get("purpose")?,
            made_at: row.get("made_at")?,
            used_at: row.maybe("used_at")?,
        })
    };
    row.map(read).transpose()
}

/// Uses the link up. Gives back whose it was; `None` where it is not good, or for something else.
pub async fn take(
    tx: &mut Tx,
    token: &str,
    purpose: LinkPurpose,
    now: UnixMillis,
) -> Result<Option<SubscriberId>, StoreError> {
    let text = "update confirmations set used_at = $3
                where digest = $1 and purpose = $2 and used_at is null and made_at > $4 returning subscriber_id";
    let args = args![of_token(token), purpose, now, now.plus(-purpose.good_millis())];
    let row = tx.row(sql("use a link", text), args).await?;
    row.map(|row| row.get("subscriber_id")).transpose()
}

/// Makes a reader's links worthless that would confirm and were not used.
pub(crate) async fn revoke(tx: &mut Tx, id: SubscriberId) -> Result<(), StoreError> {
    let text =
        "delete from confirmations where subscriber_id = $1 and purpose = 'confirm' and used_at is null";
    tx.run(sql("revoke confirmation links", text), args![id])
        .await
        .map(drop)
}
