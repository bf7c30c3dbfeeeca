//! How often the entries of an edition were followed from mails. Of who followed, and when, nothing is kept.

use std::collections::BTreeMap;

use reveille_model::{BriefId, Day, EditionId};

use crate::{
    Store, StoreError, Tx,
    sql::{args, sql},
};

/// Adds to what was counted: of each edition, by the entry's number.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn add(tx: &mut Tx, counted: &BTreeMap<(EditionId, usize), u64>) -> Result<(), StoreError> {
    let text = "insert into clicks (edition_id, number, clicks) {rows}
                on conflict (edition_id, number) do update set clicks = clicks.clicks + excluded.clicks";
    let rows = counted
        .iter()
        .map(|((edition, number), clicks)| args![*edition, *number, clicks.cast_signed()]);
    tx.run_many(sql("count clicks", text), args![], rows.collect())
        .await
        .map(drop)
}

/// How often each entry of an edition was followed, by its number; those that nobody followed are left out.
pub async fn of_edition(store: &Store, edition: EditionId) -> Result<BTreeMap<usize, u64>, StoreError> {
    let text = "select number, clicks from clicks where edition_id = $1 order by number";
    let rows = store
        .rows(sql("read an edition's clicks", text), args![edition])
        .await?;
    rows.iter()
        .map(|row| Ok((row.get::<u64>("number")? as usize, row.get("clicks")?)))
        .collect()
}

/// How often the entries of a brief's latest editions were followed, newest first, `limit` editions at most.
pub async fn of_brief(store: &Store, brief: BriefId, limit: u32) -> Result<Vec<(Day, u64)>, StoreError> {
    let text = "select e.day, cast(coalesce((select sum(c.clicks) from clicks c where c.edition_id = e.id), 0) as bigint) as clicks
                from editions e where e.brief_id = $1 and e.state not in ('draft', 'checked')
                order by e.day desc limit $2";
    let rows = store
        .rows(sql("read a brief's clicks", text), args![brief, limit])
        .await?;
    rows.iter()
        .map(|row| Ok((row.get("day")?, row.get("clicks")?)))
        .collect()
}
