//! What became of articles after editions took them.

use reveille_model::{ArticleId, EditionId, Notice, NoticeState};

use crate::{
    Store, StoreError, Tx,
    sql::{Row, args, json, sql},
};

/// Adds a notice.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(
    tx: &mut Tx,
    edition: EditionId,
    article: ArticleId,
    notice: &Notice,
) -> Result<(), StoreError> {
    let text = "insert into notices (edition_id, article_id, kind, state, before, after, note, at)
                values ($1, $2, $3, $4, $5, $6, $7, $8)";
    let after = notice.after.as_ref().map(json).transpose()?;
    let args = args![
        edition,
        article,
        notice.kind,
        notice.state,
        json(&notice.before)?,
        after,
        notice.note.as_deref(),
        notice.at,
    ];
    tx.run(sql("keep a notice", text), args).await.map(drop)
}

/// Removes the notices of one article in this state: what it says now takes their place.
pub async fn delete(
    tx: &mut Tx,
    edition: EditionId,
    article: ArticleId,
    state: NoticeState,
) -> Result<(), StoreError> {
    let text = "delete from notices where edition_id = $1 and article_id = $2 and state = $3";
    tx.run(sql("remove a notice", text), args![edition, article, state])
        .await
        .map(drop)
}

/// The notices of an edition, in the order in which they came.
pub async fn list(store: &Store, edition: EditionId) -> Result<Vec<Notice>, StoreError> {
    let text = "select kind, state, before, after, note, at from notices where edition_id = $1 order by id";
    let rows = store.rows(sql("list notices", text), args![edition]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Notice, StoreError> {
    let after: Option<String> = row.maybe("after")?;
    Ok(Notice {
        kind: row.get("kind")?,
        state: row.get("state")?,
        before: row.json("before")?,
        after: after.map(|_| row.json("after")).transpose()?,
        note: row.maybe("note")?,
        at: row.get("at")?,
    })
}
