//! What editors are told by mail of an edition: a row for each occasion and address, kept until its mail has left or
//! nobody needs it any more.

use reveille_model::{AlertId, AlertKind, BriefId, EditionId, EmailAddress, UnixMillis};

use crate::{
    Store, StoreError, Tx, View,
    sql::{Row, args, sql},
};

/// A mail that is to be sent to one editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its row.
    pub id: AlertId,
    /// Of which edition.
    pub edition: EditionId,
    /// Of what.
    pub kind: AlertKind,
    /// To whom.
    pub email: EmailAddress,
    /// When it came about.
    pub at: UnixMillis,
    /// What went wrong, where something did.
    pub words: Option<String>,
    /// How often it was tried before.
    pub tries: u32,
}

/// What has come about, and is the same however often it is told.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// Of which edition.
    pub edition: EditionId,
    /// What.
    pub kind: AlertKind,
    /// When: the same edition may have the same trouble twice.
    pub at: UnixMillis,
    /// What went wrong, where something did.
    pub words: Option<&'a str>,
}

/// Has each of these told of an occasion, once.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(
    tx: &mut Tx,
    occasion: Occasion<'_>,
    editors: &[EmailAddress],
    now: UnixMillis,
) -> Result<(), StoreError> {
    let Occasion {
        edition,
        kind,
        at,
        words,
    } = occasion;
    let text =
        "insert into alerts (edition_id, kind, at, email, words, due_at) values ($1, $2, $3, $4, $5, $6)
                on conflict (edition_id, kind, at, email) do nothing";
    for email in editors {
        let args = args![edition, kind, at, email, words, now];
        tx.run(sql("add an alert", text), args).await?;
    }
    Ok(())
}

/// Whether a brief's editors were told of this kind of thing, of any edition, since then.
pub async fn any_since(
    view: impl Into<View<'_>>,
    brief: BriefId,
    kind: AlertKind,
    since: UnixMillis,
) -> Result<bool, StoreError> {
    let text = "select 1 as found from alerts join editions on editions.id = alerts.edition_id
                where editions.brief_id = $1 and alerts.kind = $2 and alerts.at > $3 limit 1";
    let row = view
        .into()
        .row(sql("look for an alert", text), args![brief, kind, since])
        .await?;
    Ok(row.is_some())
}

/// The first whose time has come.
pub async fn due(store: &Store, now: UnixMillis, limit: u32) -> Result<Vec<AlertId>, StoreError> {
    let text = "select id from alerts where due_at <= $1 order by due_at, id limit $2";
    let rows = store.rows(sql("list alerts", text), args![now, limit]).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// The alert with this id, while it is still to be sent.
pub async fn find(store: &Store, id: AlertId) -> Result<Option<Alert>, StoreError> {
    let text = "select id, edition_id, kind, email, at, words, tries from alerts
                where id = $1 and due_at is not null";
    let row = store.row(sql("find an alert", text), args![id]).await?;
    row.as_ref().map(read).transpose()
}

/// It has left, or there is nothing to tell any more. What went wrong may repeat a reader's address, and is forgotten.
pub async fn finish(tx: &mut Tx, id: AlertId) -> Result<(), StoreError> {
    let text = "update alerts set due_at = null, words = null where id = $1";
    tx.run(sql("end an alert", text), args![id]).await.map(drop)
}

/// Nothing is left of an occasion, which may come about again: whoever was told of it is then told anew.
pub async fn forget(
    tx: &mut Tx,
    edition: EditionId,
    kind: AlertKind,
    at: UnixMillis,
) -> Result<(), StoreError> {
    let text = "delete from alerts where edition_id = $1 and kind = $2 and at = $3";
    tx.run(sql("forget an alert", text), args![edition, kind, at])
        .await
        .map(drop)
}

/// It did not leave, and is tried again then.
pub async fn put_off(tx: &mut Tx, id: AlertId, again: UnixMillis) -> Result<(), StoreError> {
    let text = "update alerts set due_at = $2, tries = tries + 1 where id = $1";
    tx.run(sql("put an alert off", text), args![id, again])
        .await
        .map(drop)
}

/// Forgets alerts from before that wait no longer.
pub async fn purge(tx: &mut Tx, before: UnixMillis) -> Result<u64, StoreError> {
    let text = "delete from alerts where due_at is null and at < $1";
    tx.run(sql("forget alerts", text), args![before]).await
}

fn read(row: &Row) -> Result<Alert, StoreError> {
    Ok(Alert {
        id: row.get("id")?,
        edition: row.get("edition_id")?,
        kind: row.get("kind")?,
        email: row.get("email")?,
        at: row.get("at")?,
        words: row.maybe("words")?,
        tries: row.get("tries")?,
    })
}
