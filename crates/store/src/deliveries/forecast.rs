//! In which hours what is planned leaves, as an edition's forecast has it before that.

use reveille_model::{Brief, Forecast, UnixMillis, Zone};

use super::wants;
use crate::{
    Store, StoreError,
    editions::StoredEdition,
    sql::{args, built},
};

/// When, and whether, a planned edition leaves for whoever has not got it yet. Nothing does while the mailing rests. Each delivery
/// is read with its reader, whose zone and whether they still want it stand nowhere else: a million take some seconds, for which
/// nobody else waits. An index that had them would be written for each message that leaves.
///
/// # Errors
/// Where the database fails.
pub async fn forecast(
    store: &Store,
    edition: &StoredEdition,
    brief: &Brief,
    now: UnixMillis,
) -> Result<Forecast, StoreError> {
    // As claims have it. By quarters of an hour, by which all clocks differ, so that all of one leave on the same day.
    let text = format!(
        "select what, zone, max(at) as at, count(*) as readers from (
           select s.zone, d.at,
             case when d.state = 'missed' then 'misses'
                  when d.state = 'unknown' and d.doubts > $3 then 'held'
                  when not coalesce({}, false) then 'gone'
                  when d.late_at <= d.at then case when d.doubts > 0 then 'held' else 'misses' end
                  else 'leaves' end as what
           from (select subscriber_id, state, doubts, late_at, case when due_at < $2 then $2 else due_at end as at
                 from deliveries where edition_id = $1 and state in ('queued', 'sending', 'unknown', 'missed')) as d
           join subscribers s on s.id = d.subscriber_id) as waiting
         group by what, zone, at - at % 900000 order by zone, at",
        wants("$4")
    );
    let from = edition.paused_until.map_or(now, |until| until.max(now));
    let day = edition.edition.day;
    let args = args![edition.id, from, brief.if_unknown.resends(), day];
    let rows = store
        .rows(built("count waiting deliveries", text).kept(), args)
        .await?;
    let mut forecast = Forecast::default();
    for row in &rows {
        let readers = row.get("readers")?;
        let there: (Zone, u64) = (row.get("zone")?, readers);
        match row.get::<String>("what")?.as_str() {
            "leaves" => forecast.leaves(day, row.get("at")?, there),
            "misses" => forecast.misses(day, brief, &there),
            "held" => forecast.held += readers,
            _ => forecast.gone += readers,
        }
    }
    Ok(forecast)
}
