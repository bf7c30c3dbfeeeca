//! What became of articles after editions took them.

use reveille_model::{ArticleId, BriefId, Change, EditionId, Notice, NoticeId, NoticeState};

use crate::{
    Store, StoreError, Tx, View,
    sql::{Row, args, json, sql},
};

/// Adds a notice of the entry that an article gave, or of one that the desk wrote itself.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(
    tx: &mut Tx,
    edition: EditionId,
    article: Option<ArticleId>,
    notice: &Notice,
) -> Result<NoticeId, StoreError> {
    let doing = "keep a notice";
    let text = "insert into notices (edition_id, article_id, kind, state, before, after, note, at)
                values ($1, $2, $3, $4, $5, $6, $7, $8) returning id";
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
    let row = tx.row(sql(doing, text), args).await?;
    row.ok_or(StoreError::Vanished { doing })?.get("id")
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

/// The notice with this id, and its edition.
pub async fn find(store: &Store, id: NoticeId) -> Result<Option<(EditionId, Notice)>, StoreError> {
    let text = "select edition_id, kind, state, before, after, note, at from notices where id = $1";
    let row = store.row(sql("find a notice", text), args![id]).await?;
    row.map(|row| Ok((row.get("edition_id")?, read(&row)?)))
        .transpose()
}

/// The notices of an edition that state a correction, in the order in which they came.
pub async fn corrections(
    view: impl Into<View<'_>>,
    edition: EditionId,
) -> Result<Vec<(NoticeId, Notice)>, StoreError> {
    in_state(view.into(), edition, NoticeState::Corrected).await
}

/// The notices of an edition of what readers have wrong and nobody has decided on, in the order in which they came.
pub async fn pending(
    view: impl Into<View<'_>>,
    edition: EditionId,
) -> Result<Vec<(NoticeId, Notice)>, StoreError> {
    in_state(view.into(), edition, NoticeState::NeedsCorrection).await
}

async fn in_state(
    mut view: View<'_>,
    edition: EditionId,
    state: NoticeState,
) -> Result<Vec<(NoticeId, Notice)>, StoreError> {
    let text = "select id, kind, state, before, after, note, at from notices
                where edition_id = $1 and state = $2 order by id";
    let rows = view
        .rows(sql("list notices in a state", text), args![edition, state])
        .await?;
    rows.iter().map(|row| Ok((row.get("id")?, read(row)?))).collect()
}

/// The notices of an edition, in the order in which they came.
pub async fn list(view: impl Into<View<'_>>, edition: EditionId) -> Result<Vec<Notice>, StoreError> {
    let text = "select kind, state, before, after, note, at from notices where edition_id = $1 order by id";
    let rows = view
        .into()
        .rows(sql("list notices", text), args![edition])
        .await?;
    rows.iter().map(read).collect()
}

/// The editions of a brief of which readers have something wrong that an editor has not decided on.
pub async fn needing_correction(store: &Store, brief: BriefId) -> Result<Vec<EditionId>, StoreError> {
    let text = "select distinct n.edition_id from notices n join editions d on d.id = n.edition_id
                where d.brief_id = $1 and n.state = $2 order by n.edition_id";
    let args = args![brief, NoticeState::NeedsCorrection];
    let rows = store
        .rows(sql("list editions that need a correction", text), args)
        .await?;
    rows.iter().map(|row| row.get("edition_id")).collect()
}

/// What readers are told of an edition's entries since it went out, in the order in which it came.
pub async fn changes(store: &Store, edition: EditionId) -> Result<Vec<Change>, StoreError> {
    let notices = list(store, edition).await?;
    Ok(notices.iter().filter_map(Notice::change).collect())
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
