//! Who is to get an edition, and when: rows of deliveries, made zone by zone.
//!
//! A million of them take longer than whoever settles something should wait, so they are planned in parts, each in a
//! transaction of its own that holds the edition. Between two of them a reader may come, move or go on, whom `follow.rs`
//! plans then, wherever the plan stands.

use std::collections::HashSet;

use reveille_model::{BriefId, EditionId, Segment, Slot, SubscriberId, UnixMillis, Zone};

use super::{
    NewDelivery, UNNAMED,
    follow::reached_elsewhere,
    state_of,
    tally::{came, count_planned},
};
use crate::{
    StoreError, Tx, View,
    reader_filter::Filter,
    sql::{Arg, args, built, sql},
};

/// How far an edition's deliveries are planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// For some of its readers.
    Partly,
    /// For all of them, of whom there may be none.
    Wholly,
}

/// How far an edition's deliveries are planned, where that has begun, and they were not taken back since.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn planned(view: impl Into<View<'_>>, edition: EditionId) -> Result<Option<Planned>, StoreError> {
    let mut view = view.into();
    view.count_in().await?;
    let text = "select is_whole from tallies where edition_id = $1";
    let sql = sql("look whether deliveries are planned", text);
    let Some(row) = view.row(sql, args![edition]).await? else {
        return Ok(None);
    };
    Ok(Some(match row.get::<i64>("is_whole")? {
        0 => Planned::Partly,
        _ => Planned::Wholly,
    }))
}

/// Whether all of an edition's deliveries are planned.
pub async fn is_planned(view: impl Into<View<'_>>, edition: EditionId) -> Result<bool, StoreError> {
    Ok(planned(view, edition).await? == Some(Planned::Wholly))
}

/// Begins to plan an edition, or begins anew.
pub async fn begin_plan(tx: &mut Tx, edition: EditionId) -> Result<(), StoreError> {
    let text = "insert into tallies (edition_id, planned, sent, is_whole) values ($1, 0, 0, 0)
                on conflict (edition_id) do update set is_whole = 0";
    tx.run(sql("begin to plan deliveries", text), args![edition])
        .await
        .map(drop)
}

/// Takes note that an edition is planned for all its readers.
pub async fn end_plan(tx: &mut Tx, edition: EditionId) -> Result<(), StoreError> {
    let text = "update tallies set is_whole = 1 where edition_id = $1";
    tx.run(sql("end to plan deliveries", text), args![edition])
        .await
        .map(drop)
}

/// Plans deliveries; one that is planned already stays as it is. Says how many are new.
pub async fn plan(
    tx: &mut Tx,
    edition: EditionId,
    deliveries: &[NewDelivery],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = "insert into deliveries (edition_id, subscriber_id, state, due_at, late_at, message_id, updated_at) {rows}
                on conflict (edition_id, subscriber_id) do nothing returning state";
    let rows = deliveries.iter().map(|new| {
        args![
            edition,
            new.subscriber,
            state_of(new.slot),
            new.slot.due_at,
            new.slot.late_at,
            UNNAMED,
            now
        ]
    });
    let planned = tx
        .rows_many(sql("plan deliveries", text), args![], rows.collect())
        .await?;
    count_planned(tx, edition, planned.len() as i64, came(&planned)?);
    Ok(planned.len() as u64)
}

/// Whom an edition goes to.
#[derive(Debug, Clone, Copy)]
pub struct Readers<'a> {
    /// Active readers of this brief, …
    pub brief: BriefId,
    /// … of this segment, where there is one, …
    pub audience: Option<&'a Segment>,
    /// … in this zone, …
    pub zone: &'a Zone,
    /// … in the order of their rows, behind this one.
    pub after: Option<SubscriberId>,
}

/// What was planned at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// How many deliveries are new.
    pub planned: u64,
    /// The last reader, where there may be more behind them.
    pub last: Option<SubscriberId>,
}

/// Plans the deliveries to the first `limit` of these readers; those planned already stay as they are. Whoever was sent the
/// edition at an address that they had, by an earlier part, is passed over.
pub async fn plan_zone(
    tx: &mut Tx,
    edition: EditionId,
    readers: Readers<'_>,
    limit: u32,
    slot: Slot,
    now: UnixMillis,
) -> Result<Part, StoreError> {
    let among = readers.filter(args![limit.saturating_sub(1)]);
    let text = format!(
        "select id from subscribers where {} order by id limit 1 offset $1",
        among.text
    );
    let row = tx
        .row(built("find the last of so many readers", text), among.args)
        .await?;
    let last = row.map(|row| row.get("id")).transpose()?;
    let elsewhere = planned_elsewhere(tx, edition, readers, last).await?;
    let mut among = readers.filter(args![
        edition,
        state_of(slot),
        slot.due_at,
        slot.late_at,
        UNNAMED,
        now
    ]);
    if let Some(last) = last {
        among.that("id <= ", args![last]);
    }
    among.except("id", elsewhere.into_iter().flat_map(|id| args![id]).collect());
    // Whose pause a later edition has ended misses none of before. What waits is looked at once more when it is claimed.
    if slot.is_missed() {
        among.and("(paused_until is null or paused_until <= (select day from editions where id = $1))");
    }
    let text = format!(
        "insert into deliveries (edition_id, state, due_at, late_at, message_id, updated_at, subscriber_id)
         select $1, $2, $3, $4, $5, $6, id from subscribers where {} order by id
         on conflict (edition_id, subscriber_id) do nothing",
        among.text
    );
    let planned = tx.run(built("plan deliveries", text), among.args).await?;
    let many = planned.cast_signed();
    count_planned(tx, edition, many, [(state_of(slot), many)]);
    Ok(Part { planned, last })
}

/// Those of these readers, up to the last one, who have the edition from an address that they had. By statements of their own:
/// few have moved, and PostgreSQL would compile one that asks this of every reader, which takes longer than to plan them.
async fn planned_elsewhere(
    tx: &mut Tx,
    edition: EditionId,
    readers: Readers<'_>,
    last: Option<SubscriberId>,
) -> Result<HashSet<SubscriberId>, StoreError> {
    let mut among = readers.filter(args![]);
    if let Some(last) = last {
        among.that("id <= ", args![last]);
    }
    let text = format!(
        "select id from subscribers where {} and exists (select 1 from subscribers s where s.moved_to = subscribers.id)",
        among.text
    );
    let rows = tx.rows(built("find readers who moved", text), among.args).await?;
    let moved: Vec<_> = rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
    reached_elsewhere(tx, edition, &moved).await
}

impl Readers<'_> {
    /// Them, behind the values of what stands before.
    fn filter<'b>(self, before: Vec<Arg<'b>>) -> Filter<'b> {
        let mut filter = Filter {
            text: "state = 'active'".to_owned(),
            args: before,
        };
        filter.that("brief_id = ", args![self.brief]);
        filter.that("zone = ", args![self.zone.name().to_owned()]);
        filter.that("id > ", args![self.after.unwrap_or(SubscriberId(0))]);
        filter.audience(self.audience);
        filter
    }
}
