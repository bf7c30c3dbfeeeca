//! Readers by what they have in common: counted from a tally that the database keeps, listed from the readers themselves.

use reveille_model::{Segment, SubscriberId, UnixMillis};

use crate::{
    Store, StoreError, Tx, View,
    reader_filter::Filter,
    sql::{Row, args, built, json, sql},
    subscribers::{self, Subscriber},
};

/// A segment under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSegment {
    /// What people call it.
    pub name: String,
    /// Whom it holds.
    pub segment: Segment,
}

/// Keeps a segment, in place of the one that had the name.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(tx: &mut Tx, name: &str, segment: &Segment, now: UnixMillis) -> Result<(), StoreError> {
    let text = "insert into segments (name, segment, created_at) values ($1, $2, $3)
                on conflict (name) do update set segment = excluded.segment";
    let args = args![name, json(segment)?, now];
    tx.run(sql("keep a segment", text), args).await.map(drop)
}

/// The segment of this name.
pub async fn find(view: impl Into<View<'_>>, name: &str) -> Result<Option<StoredSegment>, StoreError> {
    let text = "select name, segment from segments where name = $1";
    let row = view.into().row(sql("find a segment", text), args![name]).await?;
    row.as_ref().map(read).transpose()
}

/// All segments by name.
pub async fn list(store: &Store) -> Result<Vec<StoredSegment>, StoreError> {
    let text = "select name, segment from segments order by name";
    let rows = store.rows(sql("list segments", text), args![]).await?;
    rows.iter().map(read).collect()
}

/// Forgets a segment. `false`: there is none of this name.
pub async fn delete(tx: &mut Tx, name: &str) -> Result<bool, StoreError> {
    let text = "delete from segments where name = $1";
    Ok(tx.run(sql("forget a segment", text), args![name]).await? == 1)
}

/// How many readers a segment holds.
pub async fn count(store: &Store, segment: &Segment) -> Result<u64, StoreError> {
    let mut filter = Filter::of(store, segment).await?;
    // The months of the tally are texts that sort by time.
    if let Some(from) = &segment.from {
        filter.that("month >= ", args![from.as_str().to_owned()]);
    }
    if let Some(until) = &segment.until {
        filter.that("month <= ", args![until.as_str().to_owned()]);
    }
    let text = format!(
        "select cast(coalesce(sum(readers), 0) as bigint) as readers from reader_tally where {}",
        filter.text
    );
    let row = store.row(built("count a segment", text), filter.args).await?;
    row.map_or(Ok(0), |row| row.get("readers"))
}

/// A page of a segment's readers in the order in which they came: those after `after`, `limit` at most.
pub async fn readers(
    store: &Store,
    segment: &Segment,
    after: Option<SubscriberId>,
    limit: u32,
) -> Result<Vec<Subscriber>, StoreError> {
    let mut filter = Filter::of(store, segment).await?;
    filter.joined(segment);
    filter.that("id > ", args![after.unwrap_or(SubscriberId(0))]);
    subscribers::list_where(store, &filter.text, filter.args, limit).await
}

fn read(row: &Row) -> Result<StoredSegment, StoreError> {
    Ok(StoredSegment {
        name: row.get("name")?,
        segment: row.json("segment")?,
    })
}
