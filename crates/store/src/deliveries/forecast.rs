//! When what waits of an edition leaves.

use reveille_model::{EditionId, Forecast, IfUnknown, UnixMillis};

use crate::{
    Store, StoreError,
    sql::{args, sql},
};

/// What of an edition has not left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// In which hours it leaves by itself; what is overdue, at `now`. Only the hours and the last zone are told.
    pub forecast: Forecast,
    /// So many may have arrived, and wait for the operator's word.
    pub held: u64,
}

/// What waits of an edition whose mailing goes on at `now`, by what its brief has done with what may have arrived.
///
/// # Errors
/// Where the database fails.
pub async fn waiting(
    store: &Store,
    edition: EditionId,
    rule: IfUnknown,
    now: UnixMillis,
) -> Result<Waiting, StoreError> {
    let text = "select at - at % 3600000 as hour, count(*) as deliveries from (
                  select case when due_at < $2 then $2 else due_at end as at from deliveries
                  where edition_id = $1 and state in ('queued', 'unknown') and (state = 'queued' or doubts <= $3)
                ) as waiting group by at - at % 3600000";
    let mut waiting = Waiting::default();
    let args = || args![edition, now, rule.resends()];
    for row in store.rows(sql("count waiting deliveries", text), args()).await? {
        let hour = row.get("hour")?;
        waiting.forecast.hours.insert(hour, row.get("deliveries")?);
    }
    let last = "select case when d.due_at < $2 then $2 else d.due_at end as at, s.zone
                from deliveries d join subscribers s on s.id = d.subscriber_id
                where d.edition_id = $1 and d.state in ('queued', 'unknown') and (d.state = 'queued' or d.doubts <= $3)
                order by d.due_at desc, d.id desc limit 1";
    if let Some(row) = store.row(sql("find the last zone", last), args()).await? {
        waiting.forecast.last = Some((row.get("at")?, row.get("zone")?));
    }
    let held = "select count(*) as held from deliveries
                where edition_id = $1 and state = 'unknown' and state not in ('sending', 'wire') and doubts > $2";
    let doing = "count held deliveries";
    let row = store
        .row(sql(doing, held), args![edition, rule.resends()])
        .await?;
    waiting.held = row.ok_or(StoreError::Vanished { doing })?.get("held")?;
    Ok(waiting)
}
