//! How a brief's readers came and went, month by month.

use std::collections::BTreeMap;

use reveille_model::{BriefId, Month, UnixMillis};

use crate::{
    Store, StoreError,
    sql::{args, sql},
};

/// What happened in one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Readers who confirmed, or were entered by an editor or a list.
    pub came: u64,
    /// Readers who left by their own act.
    pub left: u64,
    /// Readers who complained, and left by that.
    pub complained: u64,
    /// Mails that came back since their address is none.
    pub hard: u64,
    /// Mails that came back for now.
    pub soft: u64,
}

const DAY_MILLIS: i64 = 86_400_000;

/// What happened to a brief's readers by month in UTC. Of readers who were erased nothing is known any more.
///
/// # Errors
/// Where the database fails.
pub async fn by_month(store: &Store, brief: BriefId) -> Result<BTreeMap<Month, Figures>, StoreError> {
    let doing = "count how readers came and went";
    let mut months = BTreeMap::<Month, Figures>::new();
    // Days are the largest unit that both databases cut alike.
    let text = "select c.kind as what, c.at / 86400000 as day, count(*) as many,
                  sum(case when c.line like '%\"means\":\"complaint\"%' then 1 else 0 end) as complaints
                from subscribers s join consents c on c.subscriber_id = s.id
                where s.brief_id = $1 and c.kind in ('confirmed', 'entered', 'left')
                group by c.kind, c.at / 86400000";
    for row in store.rows(sql(doing, text), args![brief]).await? {
        let month = months.entry(month(row.get("day")?)).or_default();
        let (many, complaints): (u64, u64) = (row.get("many")?, row.get("complaints")?);
        match row.get::<String>("what")?.as_str() {
            "left" => {
                month.left += many - complaints;
                month.complained += complaints;
            }
            _ => month.came += many,
        }
    }
    let text = "select r.kind as what, r.at / 86400000 as day, count(*) as many
                from subscribers s join returns r on r.subscriber_id = s.id
                where s.brief_id = $1 and r.kind in ('hard', 'soft') group by r.kind, r.at / 86400000";
    for row in store.rows(sql(doing, text), args![brief]).await? {
        let month = months.entry(month(row.get("day")?)).or_default();
        let many: u64 = row.get("many")?;
        match row.get::<String>("what")?.as_str() {
            "hard" => month.hard += many,
            _ => month.soft += many,
        }
    }
    Ok(months)
}

fn month(day: i64) -> Month {
    Month::of(UnixMillis(day.saturating_mul(DAY_MILLIS)))
}
