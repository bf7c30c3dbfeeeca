//! From a claim to the mail server: on the wire, or back.
//!
//! A claim (`claim.rs`) puts a batch in hand under a lease and costs nothing when it is lost: the batch is queued again. Just
//! before a message's first byte leaves, [`wire`] compares and sets, so that whoever lost the claim meanwhile sends
//! nothing. From there on only the sender knows what became of the message; if it dies, the delivery is unknown.

use std::collections::HashSet;

use reveille_model::{DeliveryId, DeliveryState, EmailAddress, MailFormat, SubscriberId, UnixMillis};

use super::{
    TOO_LATE,
    answers::WAITS,
    mailing::Mailing,
    tally::{came, count, moved},
    wants,
};
use crate::{
    StoreError, Tx, jobs,
    sql::{Row, args},
};

/// One node's claim of one delivery; a later claim of the same delivery makes it void.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Claim {
    /// The delivery.
    pub id: DeliveryId,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}

/// A claimed delivery: to be handed to the mail server now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The right to hand it over.
    pub claim: Claim,
    /// To whom.
    pub subscriber: SubscriberId,
    /// Their address.
    pub email: EmailAddress,
    /// In which form they get it.
    pub format: MailFormat,
    /// What their links carry.
    pub token: String,
    /// The Message-ID without angle brackets under which it was on the wire before, and leaves again.
    pub message_id: Option<String>,
    /// How often it was tried and put off before.
    pub tries: u32,
    /// From when on it is too late for the reader's morning.
    pub late_at: Option<UnixMillis>,
}

/// A message that is about to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaving {
    /// The right to hand it over.
    pub claim: Claim,
    /// The Message-ID without angle brackets that it carries.
    pub message_id: String,
    /// An instant by which nothing of it was printed yet: what its edition became by then, it says.
    pub printed_at: UnixMillis,
}

/// A claimed delivery that is to be sent later, of which nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// The right to hand it over.
    pub claim: Claim,
    /// Not before this instant.
    pub due_at: UnixMillis,
    /// Why the mail server can take no such message from anybody, where that is so.
    pub obstacle: Option<String>,
    /// What was said to it that may have another reason, and is to be known should it come to be too late.
    pub said: Option<String>,
}

/// The state in which a delivery `d` to the subscriber `s` ends at this instant instead of being sent: its reader left, or it
/// is too late. Null where nothing is in its way. Whoever pauses wants no correction.
pub(super) fn ending(mailing: Mailing, d: &str, now: &str) -> String {
    let wanted = match mailing {
        Mailing::Edition(_) => wants(&format!(
            "(select e.day from editions e where e.id = {d}.edition_id)"
        )),
        Mailing::Correction(_) => "s.state = 'active'".to_owned(),
    };
    format!(
        "case when {wanted}
              then case when {d}.late_at <= {now} then case when {d}.doubts > 0 then 'unknown' else 'missed' end end
              else 'withdrawn' end"
    )
}

/// Ends those of these that are in this state and must not be sent any more. What may have arrived is in doubt once more, which
/// no rule resends.
pub(super) async fn end(
    tx: &mut Tx,
    mailing: Mailing,
    (from, claims): (DeliveryState, &[Claim]),
    now: UnixMillis,
) -> Result<(), StoreError> {
    let ending = ending(mailing, "deliveries", "t.at");
    let text = format!(
        "update deliveries set state = {ending}, lease_until = null, updated_at = t.at,
           error = case when s.moved_to is not null then 'the reader has another address'
                        when s.state = 'left' then 'the reader has left'
                        when s.state = 'bounced' then 'mail to the reader came back'
                        when s.state = 'pending' then 'the reader has not confirmed'
                        when {ending} = 'withdrawn' then 'the reader pauses'
                        else coalesce(deliveries.error, '{TOO_LATE}') end,
           doubts = deliveries.doubts + case {ending} when 'unknown' then 1 else 0 end
         from (select $1 as at) as t, ({{rows}}) as v, subscribers s
         where deliveries.id = v.column1 and deliveries.attempts = v.column2
           and deliveries.state = '{from}' and s.id = deliveries.subscriber_id and {ending} is not null
         returning deliveries.state as state"
    );
    let rows = claims.iter().map(|claim| args![claim.id, claim.attempts]);
    let sql = mailing.on("end deliveries unsent", &text);
    let ended = tx.rows_filled(sql, args![now], rows.collect()).await?;
    let mut changes = came(&ended)?;
    changes.push((from, -(ended.len() as i64)));
    count(tx, mailing, changes);
    Ok(())
}

/// Puts claimed deliveries on the wire under the Message-IDs that they keep from then on, and gives those claims back: only
/// their messages may be sent, and not before the transaction is committed. The others were claimed again meanwhile, or their
/// reader left and they are withdrawn, or it is too late and they are missed or stay unknown. Their leases stay as they are,
/// so that no index changes for a message that leaves.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn wire(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    leaving: &[Leaving],
    now: UnixMillis,
) -> Result<HashSet<Claim>, StoreError> {
    let mailing = mailing.into();
    let text = format!(
        "update deliveries set state = 'wire', message_id = v.column3, printed_at = v.column4, updated_at = t.at
         from (select $1 as at) as t, ({{rows}}) as v, subscribers s
         where deliveries.id = v.column1 and deliveries.attempts = v.column2 and deliveries.state = 'sending'
           and s.id = deliveries.subscriber_id and {} is null
         returning deliveries.id as id, deliveries.attempts as attempts",
        ending(mailing, "deliveries", "t.at"),
    );
    let sql = mailing.on("put deliveries on the wire", &text);
    let rows = leaving.iter().map(|one| {
        let Leaving {
            claim,
            message_id,
            printed_at,
        } = one;
        args![claim.id, claim.attempts, message_id, *printed_at]
    });
    let rows = rows.collect();
    let rows = tx.rows_filled(sql, args![now], rows).await?;
    let wired: HashSet<_> = rows.iter().map(claim).collect::<Result<_, _>>()?;
    let claims = leaving.iter().map(|leaving| leaving.claim);
    let others: Vec<_> = claims.filter(|claim| !wired.contains(claim)).collect();
    end(tx, mailing, (DeliveryState::Sending, &others), now).await?;
    Ok(wired)
}

/// Which of these are on the wire already, under these very claims and Message-IDs: what a transaction did that lasted although its
/// caller, who has the claims, was never told. Their messages may be sent.
pub async fn list_wired(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    leaving: &[Leaving],
) -> Result<HashSet<Claim>, StoreError> {
    let text = "select d.id as id, d.attempts as attempts from deliveries d, ({rows}) as v
         where d.id = v.column1 and d.attempts = v.column2 and d.state = 'wire' and d.message_id = v.column3";
    let sql = mailing.into().on("list deliveries on the wire", text);
    let rows = leaving
        .iter()
        .map(|one| args![one.claim.id, one.claim.attempts, &one.message_id]);
    tx.rows_filled(sql, args![], rows.collect())
        .await?
        .iter()
        .map(claim)
        .collect()
}

/// Holds claims for `lease` milliseconds more, where they still are the caller's.
pub async fn extend(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    claims: &[Claim],
    lease: i64,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let set = format!("lease_until = {} + t.lease", tx.lease_clock("t.at"));
    let doing = "extend deliveries";
    update_held(tx, mailing.into(), (doing, &set), claims, (now, lease))
        .await
        .map(drop)
}

/// Queues claims again of which the caller knows that nothing was sent, and says how many nobody had claimed since.
pub async fn put_back(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    claims: &[Claim],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let mailing = mailing.into();
    let set = "state = 'queued', lease_until = null, updated_at = t.at";
    let doing = "put back deliveries";
    let held = update_held(tx, mailing, (doing, set), claims, (now, 0)).await?;
    if held == claims.len() as u64 {
        return Ok(held);
    }
    let late = claims.iter().map(|claim| (*claim, now));
    Ok(held + put_back_late(tx, mailing, late, now).await?)
}

/// The same of what was on the wire when another node found its lease to be over, so that it is unknown to all but its holder: as if it
/// had never been in doubt, it is claimed from its instant on by whoever sends.
async fn put_back_late(
    tx: &mut Tx,
    mailing: Mailing,
    claims: impl Iterator<Item = (Claim, UnixMillis)>,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = "update deliveries set state = 'queued', doubts = deliveries.doubts - 1, error = null, due_at = v.column3, updated_at = t.at
         from (select $1 as at) as t, ({rows}) as v
         where deliveries.id = v.column1 and deliveries.attempts = v.column2 and deliveries.state = 'unknown'";
    let mut next = None;
    let rows = claims.map(|(claim, due)| {
        next = Some(next.map_or(due, |next: UnixMillis| next.min(due)));
        args![claim.id, claim.attempts, due]
    });
    let rows = rows.collect();
    let sql = mailing.on("put back deliveries that are unknown", text);
    let back = tx.run_filled(sql, args![now], rows).await?;
    if let Some(due) = next.filter(|_| back > 0) {
        count(
            tx,
            mailing,
            moved(DeliveryState::Unknown, DeliveryState::Queued, back),
        );
        jobs::insert(tx, &mailing.job(due), now).await?;
    }
    Ok(back)
}

/// Queues claims again of which the caller knows that nothing was sent, each to be claimed from its instant on, and says how many
/// nobody had claimed since. Where the reader moved meanwhile, that may be a later one. Those with an obstacle are such as the mail server takes
/// from nobody: see [`waiting`](super::waiting).
pub async fn postpone(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    later: &[Later],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let mailing = mailing.into();
    let text = format!(
        "update deliveries set state = 'queued', lease_until = null, updated_at = t.at,
           due_at = case when v.column3 > deliveries.due_at then v.column3 else deliveries.due_at end,
           error = coalesce('{WAITS}' || v.column4, v.column5, deliveries.error)
         from (select $1 as at) as t, ({{rows}}) as v
         where deliveries.id = v.column1 and deliveries.attempts = v.column2
           and deliveries.state in ('sending', 'wire')"
    );
    let rows = later.iter().map(|later| {
        let Later {
            claim,
            due_at,
            obstacle,
            said,
        } = later;
        args![
            claim.id,
            claim.attempts,
            *due_at,
            obstacle.as_deref(),
            said.as_deref()
        ]
    });
    let sql = mailing.on("postpone deliveries", &text);
    let held = tx.run_filled(sql, args![now], rows.collect()).await?;
    if held == later.len() as u64 {
        return Ok(held);
    }
    let late = later.iter().map(|later| (later.claim, later.due_at));
    Ok(held + put_back_late(tx, mailing, late, now).await?)
}

/// Changes the deliveries of claims that still are held, with the present as `t.at` and milliseconds as `t.lease`, and says
/// how many those were.
async fn update_held(
    tx: &mut Tx,
    mailing: Mailing,
    (doing, set): (&'static str, &str),
    claims: &[Claim],
    (now, lease): (UnixMillis, i64),
) -> Result<u64, StoreError> {
    let text = format!(
        "update deliveries set {set}
         from (select $1 as at, $2 as lease) as t, ({{rows}}) as v
         where deliveries.id = v.column1 and deliveries.attempts = v.column2
           and deliveries.state in ('sending', 'wire')"
    );
    let rows = claims.iter().map(|claim| args![claim.id, claim.attempts]);
    let sql = mailing.on(doing, &text);
    tx.run_filled(sql, args![now, lease], rows.collect()).await
}

fn claim(row: &Row) -> Result<Claim, StoreError> {
    Ok(Claim {
        id: row.get("id")?,
        attempts: row.get("attempts")?,
    })
}
