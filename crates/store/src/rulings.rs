//! What editors decided on articles.

use reveille_model::{Ruling, RulingId, UnixMillis};

use crate::{
    Store, StoreError, Tx,
    sql::{Row, args, json, sql},
};

/// A row of `rulings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRuling {
    /// Its row.
    pub id: RulingId,
    /// What was decided.
    pub ruling: Ruling,
    /// When.
    pub made_at: UnixMillis,
}

/// Every ruling, the earliest first: of two that contradict each other the later holds.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn list(store: &Store) -> Result<Vec<StoredRuling>, StoreError> {
    let text = "select id, ruling, made_at from rulings order by id";
    let rows = store.rows(sql("list rulings", text), args![]).await?;
    rows.iter().map(read).collect()
}

/// Keeps a ruling. It holds from the next folding on.
pub async fn insert(tx: &mut Tx, ruling: &Ruling, now: UnixMillis) -> Result<RulingId, StoreError> {
    let doing = "keep a ruling";
    let mut articles = ruling.articles();
    let (article, with) = (articles.next(), articles.next());
    let text = "insert into rulings (ruling, article_id, with_article_id, made_at)
                values ($1, $2, $3, $4) returning id";
    let row = tx
        .row(sql(doing, text), args![json(ruling)?, article, with, now])
        .await?
        .ok_or(StoreError::Vanished { doing })?;
    row.get("id")
}

/// Takes a ruling back. `None`: there is none with this id.
pub async fn delete(tx: &mut Tx, id: RulingId) -> Result<Option<Ruling>, StoreError> {
    let text = "delete from rulings where id = $1 returning ruling";
    let row = tx.row(sql("take a ruling back", text), args![id]).await?;
    row.map(|row| row.json("ruling")).transpose()
}

fn read(row: &Row) -> Result<StoredRuling, StoreError> {
    Ok(StoredRuling {
        id: row.get("id")?,
        ruling: row.json("ruling")?,
        made_at: row.get("made_at")?,
    })
}
