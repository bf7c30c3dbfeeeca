//! What editions that are going out owe a reader who lives elsewhere now, came to the list by themselves or came back to it.
//!
//! Planning a part of an edition and following a reader wait for each other, since both hold the edition: what the plan has
//! come to by then has either seen the reader as they are now, or is seen here. Whoever changes a reader holds the editions
//! first, then the reader, then deliveries, so that no two wait for each other.

use reveille_model::{
    Brief, BriefId, Day, DeliveryId, DeliveryState, EditionId, Slot, SubscriberId, UnixMillis, Zone,
};

use super::{Mailing, NewDelivery, Planned, plan, planned, state_of};
use crate::{
    StoreError, Tx, audience, jobs,
    sql::{Row, args, built, sql},
    subscribers::{self, Subscriber},
};

/// No zone's morning of a day is so long over, in milliseconds: two days.
const OVER_MILLIS: i64 = 2 * 86_400_000;

/// An edition that is planned, or is being planned, and may have mornings ahead.
struct Going {
    id: EditionId,
    planned: Planned,
    day: Day,
    brief: Brief,
}

/// Brings what editions owe a reader in line with how they are now. What waits for them leaves at their hour in the zone in
/// which they live, or at once where that is past, and not once it is too late there; so does what they missed before it was
/// ever claimed. What knows no last hour stays as it is. Whoever is none of an edition's readers yet becomes one where their
/// hour is still ahead.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn follow(tx: &mut Tx, reader: SubscriberId, now: UnixMillis) -> Result<(), StoreError> {
    let Some(reader) = subscribers::find(&mut *tx, reader).await? else {
        return Ok(());
    };
    for going in going(tx, &reader, now).await? {
        reslot(tx, &going, &reader, now).await?;
        join(tx, &going, &reader, now).await?;
    }
    Ok(())
}

/// Holds what may be going out to a reader, before the reader is changed.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn hold_for(tx: &mut Tx, reader: SubscriberId, now: UnixMillis) -> Result<(), StoreError> {
    if let Some(reader) = subscribers::find(&mut *tx, reader).await? {
        hold_editions(tx, reader.brief, now).await?;
    }
    Ok(())
}

/// Holds those of a brief's editions that may be going out, before many of its readers are changed.
///
/// # Errors
/// Where the database fails.
pub async fn hold_editions(tx: &mut Tx, brief: BriefId, now: UnixMillis) -> Result<(), StoreError> {
    held(tx, brief, now).await.map(drop)
}

/// A brief's editions that may be going out, held until the transaction ends.
async fn held(tx: &mut Tx, brief: BriefId, now: UnixMillis) -> Result<Vec<Row>, StoreError> {
    let text = format!(
        "select e.id, e.day, b.brief from editions e join briefs b on b.id = e.brief_id
         where e.brief_id = $1 and e.day >= $2 order by e.id{}",
        tx.dialect().held("e")
    );
    let since = now.plus(-OVER_MILLIS).day(&Zone::UTC);
    let sql = built("find editions that are going out", text).kept();
    tx.rows(sql, args![brief, since]).await
}

/// The editions of a reader's brief that are planned, or are being planned.
async fn going(tx: &mut Tx, reader: &Subscriber, now: UnixMillis) -> Result<Vec<Going>, StoreError> {
    let mut going = Vec::new();
    for row in held(tx, reader.brief, now).await? {
        let id = row.get("id")?;
        // By a statement of its own, which sees what a plan that held the edition has brought.
        if let Some(planned) = planned(&mut *tx, id).await? {
            going.push(Going {
                id,
                planned,
                day: row.get("day")?,
                brief: row.json("brief")?,
            });
        }
    }
    Ok(going)
}

/// Has what waits leave by the clock of the reader's zone.
async fn reslot(tx: &mut Tx, going: &Going, reader: &Subscriber, now: UnixMillis) -> Result<(), StoreError> {
    let doing = "plan a reader's delivery anew";
    let text = "select id, due_at, tries from deliveries
                where edition_id = $1 and subscriber_id = $2 and late_at is not null
                  and (state = 'queued' or state = 'missed' and attempts = 0)";
    for row in tx.rows(sql(doing, text), args![going.id, reader.id]).await? {
        // What was put off is not tried before its time.
        let ready = match row.get::<u32>("tries")? {
            0 => now,
            _ => now.max(row.get("due_at")?),
        };
        let slot = Slot::of(going.day, &going.brief, &reader.home.zone, ready);
        // It may be in somebody's hand by now.
        let text = "update deliveries set due_at = $2, late_at = $3, state = $4, updated_at = $5
                    where id = $1 and (state = 'queued' or state = 'missed' and attempts = 0)";
        let id: DeliveryId = row.get("id")?;
        let args = args![id, slot.due_at, slot.late_at, state_of(slot), now];
        if tx.run(sql(doing, text), args).await? > 0 {
            wake(tx, going, slot, now).await?;
        }
    }
    Ok(())
}

/// Plans the edition for a reader whose hour is ahead, or may be passed over by a plan under way, unless it is planned for them
/// or went out, or may have, to an address that they had before.
async fn join(tx: &mut Tx, going: &Going, reader: &Subscriber, now: UnixMillis) -> Result<(), StoreError> {
    let is_ahead = going.day.at(going.brief.send_at, &reader.home.zone) > now;
    // A plan under way may have passed the place that they have now, and not have come to the one that they had.
    let is_in_time = is_ahead || going.planned == Planned::Partly;
    if !is_in_time || !reader.wants(going.day) {
        return Ok(());
    }
    let audience = audience::find(&mut *tx, &going.brief).await?;
    if !audience.holds(&reader.home, reader.created_at) {
        return Ok(());
    }
    let text = "with recursive places (id) as (
                  select id from subscribers where moved_to = $2
                  union select s.id from places p join subscribers s on s.moved_to = p.id)
                select 1 as found from deliveries
                where edition_id = $1 and subscriber_id in (select id from places)
                  and (doubts > 0 or state in ('queued', 'sending', 'wire', 'sent', 'unknown')) limit 1";
    let sql = sql("look for a reader's other address", text);
    if tx.row(sql, args![going.id, reader.id]).await?.is_some() {
        return Ok(());
    }
    let slot = Slot::of(going.day, &going.brief, &reader.home.zone, now);
    let new = NewDelivery {
        subscriber: reader.id,
        slot,
    };
    if plan(tx, going.id, &[new], now).await? > 0 {
        wake(tx, going, slot, now).await?;
    }
    Ok(())
}

/// Has the mailing look at what is due at that time: it may be asleep until another one, or over.
async fn wake(tx: &mut Tx, going: &Going, slot: Slot, now: UnixMillis) -> Result<(), StoreError> {
    if state_of(slot) == DeliveryState::Queued {
        jobs::insert(tx, &Mailing::from(going.id).job(slot.due_at), now).await?;
    }
    Ok(())
}
