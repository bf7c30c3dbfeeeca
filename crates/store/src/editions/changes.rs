//! What was made of an edition after it was compiled, and what it held before.

use reveille_model::{Edition, EditionId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    sql::{Row, args, sql},
};

/// Who changes an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act<'a> {
    /// Whoever does it.
    pub by: &'a str,
    /// What they do, as a sentence without its subject: "moved “Ferry sinks” up".
    pub what: &'a str,
    /// When.
    pub at: UnixMillis,
}

impl Act<'_> {
    /// Nobody's act, but the program's own.
    #[must_use]
    pub const fn own(what: &str, at: UnixMillis) -> Act<'_> {
        Act {
            by: "Reveille",
            what,
            at,
        }
    }
}

/// A change of an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The revision that it was made from.
    pub from: u32,
    /// Who made it.
    pub by: String,
    /// What they did.
    pub what: String,
    /// When.
    pub at: UnixMillis,
}

/// So many changes of an edition are kept.
const KEPT: u32 = 50;

/// Keeps what an edition holds, where that is not `content`, with who puts that in its place.
pub(super) async fn keep(tx: &mut Tx, id: EditionId, content: &str, act: &Act<'_>) -> Result<(), StoreError> {
    let doing = "keep a change of an edition";
    let text = "insert into edition_changes (edition_id, revision, before, made_by, what, at)
                select id, revision, edition, $3, $4, $5 from editions where id = $1 and edition <> $2";
    tx.run(sql(doing, text), args![id, content, act.by, act.what, act.at])
        .await?;
    let clear = "delete from edition_changes where edition_id = $1
                   and revision <= (select revision from editions where id = $1) - $2";
    tx.run(sql(doing, clear), args![id, KEPT]).await.map(drop)
}

/// The changes of an edition that are kept, the latest first.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn list(store: &Store, id: EditionId) -> Result<Vec<Change>, StoreError> {
    let text = "select revision, made_by, what, at from edition_changes where edition_id = $1 order by revision desc";
    let rows = store
        .rows(sql("list an edition's changes", text), args![id])
        .await?;
    let read = |row: &Row| {
        Ok(Change {
            from: row.get("revision")?,
            by: row.get("made_by")?,
            what: row.get("what")?,
            at: row.get("at")?,
        })
    };
    rows.iter().map(read).collect()
}

/// What an edition held before the change that was made from this revision.
pub async fn before(store: &Store, id: EditionId, revision: u32) -> Result<Option<Edition>, StoreError> {
    let text = "select before from edition_changes where edition_id = $1 and revision = $2";
    let row = store
        .row(
            sql("find an earlier state of an edition", text),
            args![id, revision],
        )
        .await?;
    row.map(|row| row.json("before")).transpose()
}
