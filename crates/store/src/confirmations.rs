//! The links that a reader is mailed to act once: to confirm that they asked, to be handed what is kept about them, to
//! have it erased, to name another address. Each stands here by its digest only: who reads the store can act for nobody.

use reveille_model::{LinkPurpose, SubscriberId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    digest::of_token,
    sql::{Row, args, sql},
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
    /// Whose place is taken by confirming: mails go to another address of theirs.
    pub in_place_of: Option<SubscriberId>,
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
    add(tx, id, purpose, None, token, now).await
}

/// Makes a link by which a reader confirms, and takes the place of another one.
pub async fn insert_move(
    tx: &mut Tx,
    id: SubscriberId,
    in_place_of: SubscriberId,
    token: &str,
    now: UnixMillis,
) -> Result<(), StoreError> {
    add(tx, id, LinkPurpose::Confirm, Some(in_place_of), token, now).await
}

async fn add(
    tx: &mut Tx,
    id: SubscriberId,
    purpose: LinkPurpose,
    in_place_of: Option<SubscriberId>,
    token: &str,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let doing = "make a link";
    let old = "delete from confirmations where subscriber_id = $1 and purpose = $2 and made_at <= $3";
    let oldest = now.plus(-purpose.good_millis());
    tx.run(sql(doing, old), args![id, purpose, oldest]).await?;
    let text = "insert into confirmations (digest, subscriber_id, purpose, made_at, in_place_of)
                values ($1, $2, $3, $4, $5)";
    let args = args![of_token(token), id, purpose, now, in_place_of];
    tx.run(sql(doing, text), args).await.map(drop)
}

/// Takes back a link that was made for a mail which did not leave: it counts towards no limit.
pub async fn take_back(tx: &mut Tx, token: &str) -> Result<(), StoreError> {
    let text = "delete from confirmations where digest = $1 and used_at is null";
    tx.run(sql("take a link back", text), args![of_token(token)])
        .await
        .map(drop)
}

/// How many links were made since then to take a reader's place.
pub async fn count_moves(tx: &mut Tx, of: SubscriberId, since: UnixMillis) -> Result<u64, StoreError> {
    let text = "select count(*) as links from confirmations where in_place_of = $1 and made_at >= $2";
    let row = tx
        .row(sql("count links to another address", text), args![of, since])
        .await?;
    row.map_or(Ok(0), |row| row.get("links"))
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

/// How many links but those that confirm were made since then for the reader's address, as a reader of whatever brief.
pub async fn count_to_address(tx: &mut Tx, id: SubscriberId, since: UnixMillis) -> Result<u64, StoreError> {
    // The index of addresses begins with the brief.
    let text = "select count(*) as links from confirmations c join subscribers s on s.id = c.subscriber_id
                where s.brief_id in (select id from briefs)
                  and s.email_key = (select email_key from subscribers where id = $1)
                  and c.purpose <> 'confirm' and c.made_at >= $2";
    let row = tx
        .row(sql("count links to an address", text), args![id, since])
        .await?;
    row.map_or(Ok(0), |row| row.get("links"))
}

macro_rules! columns {
    () => {
        "subscriber_id, purpose, made_at, used_at, in_place_of"
    };
}

/// The link with this token.
pub async fn find(store: &Store, token: &str) -> Result<Option<Confirmation>, StoreError> {
    let text = concat!("select ", columns!(), " from confirmations where digest = $1");
    let row = store
        .row(sql("find a link", text), args![of_token(token)])
        .await?;
    row.as_ref().map(read).transpose()
}

/// Uses the link up, and gives it back; `None` where it is not good, or for something else.
pub async fn take(
    tx: &mut Tx,
    token: &str,
    purpose: LinkPurpose,
    now: UnixMillis,
) -> Result<Option<Confirmation>, StoreError> {
    let text = concat!(
        "update confirmations set used_at = $3
         where digest = $1 and purpose = $2 and used_at is null and made_at > $4 returning ",
        columns!()
    );
    let args = args![of_token(token), purpose, now, now.plus(-purpose.good_millis())];
    let row = tx.row(sql("use a link", text), args).await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Confirmation, StoreError> {
    Ok(Confirmation {
        subscriber: row.get("subscriber_id")?,
        purpose: row.get("purpose")?,
        made_at: row.get("made_at")?,
        used_at: row.maybe("used_at")?,
        in_place_of: row.maybe("in_place_of")?,
    })
}

/// Makes a reader's links worthless that would confirm, or put another in their place, and were not used.
pub(crate) async fn revoke(tx: &mut Tx, id: SubscriberId) -> Result<(), StoreError> {
    let text = "delete from confirmations
                where (subscriber_id = $1 or in_place_of = $1) and purpose = 'confirm' and used_at is null";
    tx.run(sql("revoke confirmation links", text), args![id])
        .await
        .map(drop)
}
