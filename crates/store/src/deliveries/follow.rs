//! What editions that are going out owe readers who live elsewhere now, came to the list, or came back to it.
//!
//! Planning a part of an edition and following readers wait for each other, since both hold the edition: what the plan has
//! come to by then has either seen the readers as they are now, or is seen here. Whoever changes readers holds the editions
//! first, then the readers, then deliveries, so that no two wait for each other. A list of readers is followed as one reader
//! is, by as many statements as a few hundred of them fill.

use std::collections::{BTreeSet, HashMap, HashSet};

use reveille_model::{
    Brief, BriefId, Day, DeliveryId, DeliveryState, EditionId, Home, Slot, SubscriberId, TooLate, UnixMillis,
    Zone,
};

use super::{
    Mailing, NewDelivery, Planned, plan, planned, state_of,
    tally::{count, moved},
};
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
    /// When it was approved.
    ready_at: UnixMillis,
}

/// Brings what editions owe a reader in line with how they are now: see [`follow_all`].
///
/// # Errors
/// Where the database fails; so for every function here.
pub(crate) async fn follow(tx: &mut Tx, reader: SubscriberId, now: UnixMillis) -> Result<(), StoreError> {
    match subscribers::find(&mut *tx, reader).await? {
        Some(reader) => follow_all(tx, reader.brief, &[reader], now).await,
        None => Ok(()),
    }
}

/// Brings what editions owe a brief's readers in line with how they are now. What waits for them leaves at their hour in the
/// zone in which they live, or at once where that is past, and not once it is too late there; so does what they missed before
/// it was ever claimed. What knows no last hour stays as it is, such as what an operator has sent again, but for what waits for its
/// hour where the brief has it so that it is never too late. Whoever is none of an edition's readers yet becomes one where their
/// hour is still ahead.
pub(crate) async fn follow_all(
    tx: &mut Tx,
    brief: BriefId,
    readers: &[Subscriber],
    now: UnixMillis,
) -> Result<(), StoreError> {
    for going in going(tx, brief, now).await? {
        reslot(tx, &going, readers, now).await?;
        let audience = audience::find(&mut *tx, &going.brief).await?;
        let mut joining: Vec<_> = readers
            .iter()
            .filter(|reader| reader.wants(going.day) && audience.holds(&reader.home, reader.created_at))
            .filter(|reader| going.is_in_time(&reader.home.zone, now))
            .map(|reader| (reader.id, &reader.home))
            .collect();
        let ids: Vec<_> = joining.iter().map(|(id, _)| *id).collect();
        let elsewhere = reached_elsewhere(tx, going.id, &ids).await?;
        joining.retain(|(id, _)| !elsewhere.contains(id));
        join(tx, &going, &joining, now).await?;
    }
    Ok(())
}

/// Plans what goes out for active readers of a brief who are new on its list since `now`, where their hour is still ahead.
pub(crate) async fn welcome(
    tx: &mut Tx,
    brief: BriefId,
    readers: &[(SubscriberId, &Home)],
    now: UnixMillis,
) -> Result<(), StoreError> {
    for going in going(tx, brief, now).await? {
        let audience = audience::find(&mut *tx, &going.brief).await?;
        let is_owed = |home: &Home| audience.holds(home, now) && going.is_in_time(&home.zone, now);
        let joining: Vec<_> = readers
            .iter()
            .copied()
            .filter(|(_, home)| is_owed(home))
            .collect();
        join(tx, &going, &joining, now).await?;
    }
    Ok(())
}

/// Holds what may be going out to a reader, before the reader is changed.
pub(crate) async fn hold_for(tx: &mut Tx, reader: SubscriberId, now: UnixMillis) -> Result<(), StoreError> {
    if let Some(reader) = subscribers::find(&mut *tx, reader).await? {
        hold_editions(tx, reader.brief, now).await?;
    }
    Ok(())
}

/// Holds those of a brief's editions that may be going out, before readers come to its list or many of them are changed.
pub(crate) async fn hold_editions(tx: &mut Tx, brief: BriefId, now: UnixMillis) -> Result<(), StoreError> {
    held(tx, brief, now).await.map(drop)
}

/// A brief's editions that may be going out, held until the transaction ends: where it is never too late, what is approved may
/// wait for a morning many days after its own.
async fn held(tx: &mut Tx, brief: BriefId, now: UnixMillis) -> Result<Vec<Row>, StoreError> {
    let text = format!(
        "select e.id, e.day, coalesce(e.approved_at, e.compiled_at) as ready_at, b.brief
         from editions e join briefs b on b.id = e.brief_id
         where e.id in (select id from editions where brief_id = $1 and day >= $2
                        union all select id from editions where state = 'approved' and brief_id = $1)
         order by e.id{}",
        tx.dialect().held("e")
    );
    let sql = built("find editions that are going out", text).kept();
    tx.rows(sql, args![brief, since(now)]).await
}

/// The first day of which it may be morning somewhere.
fn since(now: UnixMillis) -> Day {
    now.plus(-OVER_MILLIS).day(&Zone::UTC)
}

/// A brief's editions that are planned, or are being planned.
async fn going(tx: &mut Tx, brief: BriefId, now: UnixMillis) -> Result<Vec<Going>, StoreError> {
    let mut going = Vec::new();
    for row in held(tx, brief, now).await? {
        let (id, day, brief): (_, _, Brief) = (row.get("id")?, row.get("day")?, row.json("brief")?);
        if day < since(now) && brief.too_late != TooLate::Never {
            continue;
        }
        // By a statement of its own, which sees what a plan that held the edition has brought.
        if let Some(planned) = planned(&mut *tx, id).await? {
            going.push(Going {
                id,
                planned,
                day,
                brief,
                ready_at: row.get("ready_at")?,
            });
        }
    }
    Ok(going)
}

impl Going {
    /// Whether whoever is none of its readers yet may become one: those who live there still wait for it.
    fn is_in_time(&self, zone: &Zone, now: UnixMillis) -> bool {
        // A plan under way may have passed the place that they have now, and not have come to the one that they had.
        self.planned == Planned::Partly || self.slot(zone, self.ready_at).due_at > now
    }

    fn slot(&self, zone: &Zone, ready: UnixMillis) -> Slot {
        Slot::of(self.day, &self.brief, zone, ready)
    }
}

/// Has what waits leave by the clocks of the readers' zones, and what is in hand where it comes back unsent. All of it is held before
/// any of it is changed.
async fn reslot(
    tx: &mut Tx,
    going: &Going,
    readers: &[Subscriber],
    now: UnixMillis,
) -> Result<(), StoreError> {
    let doing = "plan readers' deliveries anew";
    // What an operator has sent again is due already.
    let waits = match going.brief.too_late {
        TooLate::Never => "d.state = 'queued' and d.attempts = 0 and d.doubts = 0 and d.due_at > asked.at",
        TooLate::At(_) => "1 = 0",
    };
    let text = format!(
        "select d.id, d.state, d.subscriber_id, d.due_at, d.tries from (select $1 as edition, $2 as at) as asked, deliveries d
         where d.edition_id = asked.edition
           and (d.late_at is not null and (d.state = 'queued' or d.state = 'missed' and d.attempts = 0)
                or d.late_at is null and {waits})
           and d.subscriber_id in ({{rows}}) order by d.id{}",
        tx.dialect().held("d")
    );
    let ids = readers.iter().map(|reader| args![reader.id]).collect();
    let mut rows = tx
        .rows_many(built(doing, text), args![going.id, now], ids)
        .await?;
    rows.extend(in_hand(tx, going, readers).await?);
    let zones: HashMap<_, _> = readers
        .iter()
        .map(|reader| (reader.id, &reader.home.zone))
        .collect();
    let (mut changes, mut counted, mut mornings) = (Vec::new(), Vec::new(), BTreeSet::new());
    for row in rows {
        let Some(zone) = zones.get(&row.get::<SubscriberId>("subscriber_id")?) else {
            continue;
        };
        // What was put off is not tried before its time.
        let ready = match row.get::<u32>("tries")? {
            0 => now,
            _ => now.max(row.get("due_at")?),
        };
        let slot = going.slot(zone, ready);
        let state = row.get("state")?;
        let is_in_hand = matches!(state, DeliveryState::Sending | DeliveryState::Wire);
        let becomes = if is_in_hand { state } else { state_of(slot) };
        changes.push(args![
            row.get::<DeliveryId>("id")?,
            slot.due_at,
            slot.late_at,
            becomes
        ]);
        if !is_in_hand {
            counted.extend(moved(state, becomes, 1));
            mornings.extend(morning(slot));
        }
    }
    let text =
        "update deliveries set due_at = v.column2, late_at = v.column3, state = v.column4, updated_at = t.at
                from (select $1 as at) as t, ({rows}) as v where deliveries.id = v.column1";
    tx.run_many(sql(doing, text).unkept(), args![now], changes)
        .await?;
    count(tx, going.id.into(), counted);
    wake(tx, going, mornings, now).await
}

/// What senders have in hand for these readers, held. What is being written at this moment is left as it is: its sender may be about to
/// change the reader, and neither should wait for the other.
async fn in_hand(tx: &mut Tx, going: &Going, readers: &[Subscriber]) -> Result<Vec<Row>, StoreError> {
    let text = format!(
        "select d.id, d.state, d.subscriber_id, d.due_at, d.tries from deliveries d
         where d.edition_id = $1 and d.late_at is not null and d.state in ('sending', 'wire')
           and d.subscriber_id in ({{rows}}) order by d.id{}",
        tx.dialect().skip_locked()
    );
    let ids = readers.iter().map(|reader| args![reader.id]).collect();
    let sql = built("find what is in hand for readers", text);
    tx.rows_many(sql, args![going.id], ids).await
}

/// To which of these readers an edition went out, or may have, at an address that they had before, or is still to go there. Step
/// by step from each address to the one before: PostgreSQL takes a recursion for so long that it reads all deliveries.
pub(super) async fn reached_elsewhere(
    tx: &mut Tx,
    edition: EditionId,
    readers: &[SubscriberId],
) -> Result<HashSet<SubscriberId>, StoreError> {
    let doing = "look for readers' other addresses";
    let pairs = |places: &[(SubscriberId, SubscriberId)]| -> Vec<_> {
        let pairs = places.iter().map(|(reader, place)| args![*reader, *place]);
        pairs.collect()
    };
    let mut places = Vec::new();
    let (mut seen, mut last) = (
        HashSet::new(),
        readers.iter().map(|id| (*id, *id)).collect::<Vec<_>>(),
    );
    while !last.is_empty() {
        let text = "select v.column1 as reader, s.id from ({rows}) as v join subscribers s on s.moved_to = v.column2";
        let before = tx
            .rows_many(sql(doing, text).unkept(), args![], pairs(&last))
            .await?;
        last.clear();
        for row in before {
            let place = (row.get("reader")?, row.get("id")?);
            if seen.insert(place) {
                last.push(place);
            }
        }
        places.extend_from_slice(&last);
    }
    let text = "select v.column1 as reader from (select $1 as edition) as asked, ({rows}) as v
                join deliveries d on d.subscriber_id = v.column2
                where d.edition_id = asked.edition
                  and (d.doubts > 0 or d.state in ('queued', 'sending', 'wire', 'sent', 'unknown'))";
    let found = tx
        .rows_many(sql(doing, text).unkept(), args![edition], pairs(&places))
        .await?;
    found.iter().map(|row| row.get("reader")).collect()
}

/// Plans the edition for these readers, but for whom it is planned already.
async fn join(
    tx: &mut Tx,
    going: &Going,
    readers: &[(SubscriberId, &Home)],
    now: UnixMillis,
) -> Result<(), StoreError> {
    let new = readers.iter().map(|(subscriber, home)| NewDelivery {
        subscriber: *subscriber,
        slot: going.slot(&home.zone, now),
    });
    let new: Vec<_> = new.collect();
    if plan(tx, going.id, &new, now).await? == 0 {
        return Ok(());
    }
    wake(
        tx,
        going,
        new.iter().filter_map(|new| morning(new.slot)).collect(),
        now,
    )
    .await
}

/// When something is to be sent in that slot, if it is.
fn morning(slot: Slot) -> Option<UnixMillis> {
    (state_of(slot) == DeliveryState::Queued).then_some(slot.due_at)
}

/// Has the mailing look at what is due at these times: it may be asleep until another one, or over.
async fn wake(
    tx: &mut Tx,
    going: &Going,
    mornings: BTreeSet<UnixMillis>,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let jobs: Vec<_> = mornings
        .into_iter()
        .map(|due| Mailing::from(going.id).job(due))
        .collect();
    jobs::insert_batch(tx, &jobs, now).await.map(drop)
}
