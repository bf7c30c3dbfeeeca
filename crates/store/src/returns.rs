//! Mails that came back for a reader: bounces, complaints and answers. A mail counts once, however often it is read.

use reveille_model::{BriefId, EmailAddress, ReturnKind, SubscriberId, UnixMillis};
use serde::Serialize;

use crate::{
    Store, StoreError, Tx,
    deliveries::Mailing,
    digest::fingerprint,
    figures,
    sql::{Row, args, sql},
};

/// What a mail that came back said of one reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Return {
    /// What it means for the reader.
    pub kind: ReturnKind,
    /// Why, in a word or two: "unknown user", "full", "abuse"; of what the reader wrote the subject.
    pub reason: String,
    /// The enhanced status code (RFC 3463).
    pub status: Option<String>,
    /// What the other side said; of what the reader wrote the beginning.
    pub said: String,
    /// When it was read.
    #[serde(serialize_with = "UnixMillis::as_text")]
    pub at: UnixMillis,
}

/// Keeps what a mail said of a reader, and of which mailing where it names the message. `false`: it was kept before.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(
    tx: &mut Tx,
    reader: SubscriberId,
    mailing: Option<Mailing>,
    mail: &[u8],
    what: &Return,
) -> Result<bool, StoreError> {
    let text =
        "insert into returns (subscriber_id, digest, kind, reason, status, said, at, edition_id, notice_id)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (subscriber_id, digest) do nothing";
    let status = what.status.as_deref();
    let (edition, notice) = match mailing {
        Some(Mailing::Edition(edition)) => (Some(edition), None),
        Some(Mailing::Correction(notice)) => (None, Some(notice)),
        None => (None, None),
    };
    let args = args![
        reader,
        fingerprint(mail),
        what.kind,
        &what.reason,
        status,
        &what.said,
        what.at,
        edition,
        notice
    ];
    let is_new = tx.run(sql("keep a returned mail", text), args).await? == 1;
    if is_new {
        figures::returned(tx, reader, what.kind, what.at).await?;
    }
    Ok(is_new)
}

/// What came back for a reader, oldest first.
pub async fn list(store: &Store, reader: SubscriberId) -> Result<Vec<Return>, StoreError> {
    let text = "select kind, reason, status, said, at from returns where subscriber_id = $1 order by at, id";
    let rows = store
        .rows(sql("list returned mails", text), args![reader])
        .await?;
    rows.iter().map(read).collect()
}

/// What of a reader's mails was refused, or came back, from then on, and of which nobody knows what mailing it was of; oldest
/// first.
pub async fn list_unnamed(
    store: &Store,
    reader: SubscriberId,
    from: UnixMillis,
) -> Result<Vec<Return>, StoreError> {
    let text = "select kind, reason, status, said, at from returns
                where subscriber_id = $1 and at >= $2 and kind in ('hard', 'soft')
                  and edition_id is null and notice_id is null order by at, id";
    let rows = store
        .rows(sql("list unnamed returned mails", text), args![reader, from])
        .await?;
    rows.iter().map(read).collect()
}

/// What a brief's readers wrote, with their addresses, the latest first.
pub async fn answers(
    store: &Store,
    brief: BriefId,
    limit: u32,
) -> Result<Vec<(EmailAddress, Return)>, StoreError> {
    let text = "select s.email, r.kind, r.reason, r.status, r.said, r.at
                from returns r join subscribers s on s.id = r.subscriber_id
                where s.brief_id = $1 and r.kind in ($2, $3) order by r.at desc, r.id desc limit $4";
    let args = args![brief, ReturnKind::Answer, ReturnKind::Exit, limit];
    let rows = store.rows(sql("list answers", text), args).await?;
    rows.iter()
        .map(|row| Ok((row.get("email")?, read(row)?)))
        .collect()
}

fn read(row: &Row) -> Result<Return, StoreError> {
    Ok(Return {
        kind: row.get("kind")?,
        reason: row.get("reason")?,
        status: row.maybe("status")?,
        said: row.get("said")?,
        at: row.get("at")?,
    })
}
