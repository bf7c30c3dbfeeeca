//! Mails that came back for a reader: bounces and complaints. A mail counts once, however often it is read.

use reveille_model::{ReturnKind, SubscriberId, UnixMillis};
use serde::Serialize;

use crate::{
    Store, StoreError, Tx,
    digest::fingerprint,
    figures,
    sql::{args, sql},
};

/// What a mail that came back said of one reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Return {
    /// What it means for the reader.
    pub kind: ReturnKind,
    /// Why, in a word or two: "unknown user", "full", "abuse".
    pub reason: String,
    /// The enhanced status code (RFC 3463).
    pub status: Option<String>,
    /// What the other side said.
    pub said: String,
    /// When it was read.
    #[serde(serialize_with = "UnixMillis::as_text")]
    pub at: UnixMillis,
}

/// Keeps what a mail said of a reader. `false`: it was kept before.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(
    tx: &mut Tx,
    reader: SubscriberId,
    mail: &[u8],
    what: &Return,
) -> Result<bool, StoreError> {
    let text = "insert into returns (subscriber_id, digest, kind, reason, status, said, at)
                values ($1, $2, $3, $4, $5, $6, $7) on conflict (subscriber_id, digest) do nothing";
    let status = what.status.as_deref();
    let args = args![
        reader,
        fingerprint(mail),
        what.kind,
        &what.reason,
        status,
        &what.said,
        what.at
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
    let read = |row: &crate::sql::Row| {
        Ok(Return {
            kind: row.get("kind")?,
            reason: row.get("reason")?,
            status: row.maybe("status")?,
            said: row.get("said")?,
            at: row.get("at")?,
        })
    };
    rows.iter().map(read).collect()
}
