//! Standing publications and the sources that they draw on.

use reveille_model::{Brief, BriefId, Slug, SourceId, UnixMillis};

use crate::{
    Inserted, Store, StoreError, Tx, View,
    digest::fingerprint,
    sql::{Row, args, json, sql},
};

/// A row of `briefs`.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredBrief {
    /// Its row.
    pub id: BriefId,
    /// The brief.
    pub brief: Brief,
    /// When it was added, or the days and hours last changed on which it comes out.
    pub changed_at: UnixMillis,
}

impl StoredBrief {
    /// What tells this state of it from others: twelve hex digits, so that whoever changes it can say what they started from.
    ///
    /// # Errors
    /// Never, in practice: a brief can be written as JSON.
    pub fn mark(&self) -> Result<String, StoreError> {
        let mut mark = fingerprint(json(&self.brief)?);
        mark.truncate(12);
        Ok(mark)
    }
}

/// Adds a brief. Where its slug is taken, nothing changes.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn insert(tx: &mut Tx, brief: &Brief, now: UnixMillis) -> Result<Inserted<BriefId>, StoreError> {
    let doing = "add a brief";
    let text = "insert into briefs (slug, brief, created_at, changed_at) values ($1, $2, $3, $3)
                on conflict (slug) do nothing returning id";
    if let Some(row) = tx
        .row(sql(doing, text), args![&brief.slug, json(brief)?, now])
        .await?
    {
        return Ok(Inserted::New(row.get("id")?));
    }
    let known = tx
        .row(
            sql(doing, "select id from briefs where slug = $1"),
            args![&brief.slug],
        )
        .await?;
    let known = known.ok_or(StoreError::Vanished { doing })?;
    Ok(Inserted::Known(known.get("id")?))
}

/// The brief with this id.
pub async fn find(store: &Store, id: BriefId) -> Result<Option<StoredBrief>, StoreError> {
    let text = "select id, brief, changed_at from briefs where id = $1";
    let row = store.row(sql("find a brief", text), args![id]).await?;
    row.as_ref().map(read).transpose()
}

/// The brief with this short name.
pub async fn find_by_slug(view: impl Into<View<'_>>, slug: &Slug) -> Result<Option<StoredBrief>, StoreError> {
    let text = "select id, brief, changed_at from briefs where slug = $1";
    let row = view.into().row(sql("find a brief", text), args![slug]).await?;
    row.as_ref().map(read).transpose()
}

/// All briefs, in the order in which they were added.
pub async fn list(view: impl Into<View<'_>>) -> Result<Vec<StoredBrief>, StoreError> {
    let text = "select id, brief, changed_at from briefs order by id";
    let rows = view.into().rows(sql("list briefs", text), args![]).await?;
    rows.iter().map(read).collect()
}

/// Puts a brief in the place of `old`, which it was made from. `false`: what the brief says of itself is something else by
/// now, or there is no such brief. A slug that another brief has is an error.
pub async fn update(
    tx: &mut Tx,
    id: BriefId,
    old: &Brief,
    brief: &Brief,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let doing = "change a brief";
    // The row is held from here on, so that of two changes the second sees the first.
    let hold = "update briefs set slug = slug where id = $1 returning brief";
    let held = tx.row(sql(doing, hold), args![id]).await?;
    let held: Option<Brief> = held.map(|row| row.json("brief")).transpose()?;
    if held.as_ref() != Some(old) {
        return Ok(false);
    }
    let comes_out = |brief: &Brief| {
        let Brief {
            days,
            skip,
            send_at,
            lead_minutes,
            zone,
            ..
        } = brief.clone();
        (days, skip, send_at, lead_minutes, zone)
    };
    let changed_at = (comes_out(old) != comes_out(brief)).then_some(now);
    let text = "update briefs set slug = $2, brief = $3, changed_at = coalesce($4, changed_at) where id = $1";
    tx.run(sql(doing, text), args![id, &brief.slug, json(brief)?, changed_at])
        .await?;
    Ok(true)
}

/// Removes a brief, with its open editions and all else that hangs on it. `false`: there is no such brief, or it is kept,
/// since it has readers or an edition that was approved.
pub async fn delete(tx: &mut Tx, id: BriefId) -> Result<bool, StoreError> {
    let doing = "remove a brief";
    let free = "select id from briefs where id = $1
                  and not exists (select 1 from subscribers where brief_id = $1)
                  and not exists (select 1 from editions where brief_id = $1 and state not in ('draft', 'checked'))";
    if tx.row(sql(doing, free), args![id]).await?.is_none() {
        return Ok(false);
    }
    // A reader who signs up meanwhile, or an edition that is approved, refers to the brief: the last statement then fails.
    for text in [
        "delete from editions where brief_id = $1 and state in ('draft', 'checked')",
        "delete from event_sections where brief_id = $1",
        "delete from reader_tally where brief_id = $1",
        "delete from reader_figures where brief_id = $1",
        "delete from briefs where id = $1",
    ] {
        tx.run(sql(doing, text), args![id]).await?;
    }
    Ok(true)
}

/// Lets a brief draw on these sources only; on every source where there are none.
pub async fn set_sources(tx: &mut Tx, id: BriefId, sources: &[SourceId]) -> Result<(), StoreError> {
    let doing = "choose a brief's sources";
    tx.run(
        sql(doing, "delete from brief_sources where brief_id = $1"),
        args![id],
    )
    .await?;
    let insert = "insert into brief_sources (brief_id, source_id) values ($1, $2) on conflict do nothing";
    for source in sources {
        tx.run(sql(doing, insert), args![id, *source]).await?;
    }
    Ok(())
}

/// The sources that a brief draws on, in the order in which they were added; none means every source.
pub async fn sources(store: &Store, id: BriefId) -> Result<Vec<SourceId>, StoreError> {
    let text = "select source_id from brief_sources where brief_id = $1 order by source_id";
    let rows = store.rows(sql("list a brief's sources", text), args![id]).await?;
    rows.iter().map(|row| row.get("source_id")).collect()
}

fn read(row: &Row) -> Result<StoredBrief, StoreError> {
    Ok(StoredBrief {
        id: row.get("id")?,
        brief: row.json("brief")?,
        changed_at: row.get("changed_at")?,
    })
}
