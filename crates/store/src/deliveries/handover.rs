//! From a claim to the mail server: on the wire, ended.
//!
//! A claim (`claim.rs`) puts a batch in hand under a lease and costs nothing when it is lost: the batch is queued again. Just
//! before a message's first byte leaves, [`wire`] compares and sets, so that whoever lost the claim meanwhile sends
//! nothing. From there on only the sender knows what became of the message; if it dies, the delivery is unknown.

use std::collections::{HashMap, HashSet};

use reveille_model::{
    DeliveryId, DeliveryState, EmailAddress, IfUnknown, MailFormat, ReturnKind, SubscriberId, UnixMillis,
};

use super::{
    answers::WAITS,
    mailing::Mailing,
    tally::{came, count},
    wants,
};
use crate::{
    StoreError, Tx,
    returns::{self, Return},
    sql::args,
    subscribers,
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
}

/// What became of a claimed delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it, with these words. This stays true for whoever lost the claim.
    Sent(String),
    /// The mail server refused this reader for good, with these words, and what that means for the reader.
    Refused(String, Return),
    /// Given up, and why.
    Failed(String),
    /// To be tried again at that instant, and why.
    Deferred(UnixMillis, String),
    /// Any other try would come too late; why this one failed.
    Missed(String),
    /// The conversation ended before the mail server's answer, and how.
    Unknown(String),
}

impl Outcome {
    /// The state, the new due time, the server's words and the error that it leaves.
    fn columns(&self, now: UnixMillis) -> (DeliveryState, Option<UnixMillis>, Option<&str>, Option<&str>) {
        match self {
            Self::Sent(reply) => (DeliveryState::Sent, None, Some(reply), None),
            Self::Refused(reply, _) => (DeliveryState::Refused, None, Some(reply), None),
            Self::Failed(error) => (DeliveryState::Failed, None, None, Some(error)),
            Self::Missed(error) => (DeliveryState::Missed, None, None, Some(error)),
            Self::Deferred(due, error) => (DeliveryState::Queued, Some(*due), None, Some(error)),
            Self::Unknown(error) => {
                let due = now.plus(IfUnknown::PAUSE_MILLIS);
                (DeliveryState::Unknown, Some(due), None, Some(error))
            }
        }
    }
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
                        else coalesce(deliveries.error, 'it is too late for the reader') end,
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
        "update deliveries set state = 'wire', message_id = v.column3, updated_at = t.at
         from (select $1 as at) as t, ({{rows}}) as v, subscribers s
         where deliveries.id = v.column1 and deliveries.attempts = v.column2 and deliveries.state = 'sending'
           and s.id = deliveries.subscriber_id and {} is null
         returning deliveries.id as id, deliveries.attempts as attempts",
        ending(mailing, "deliveries", "t.at"),
    );
    let sql = mailing.on("put deliveries on the wire", &text);
    let rows = leaving
        .iter()
        .map(|Leaving { claim, message_id }| args![claim.id, claim.attempts, message_id]);
    let mut wired = HashSet::with_capacity(leaving.len());
    for row in tx.rows_filled(sql, args![now], rows.collect()).await? {
        wired.insert(Claim {
            id: row.get("id")?,
            attempts: row.get("attempts")?,
        });
    }
    let claims = leaving.iter().map(|leaving| leaving.claim);
    let others: Vec<_> = claims.filter(|claim| !wired.contains(claim)).collect();
    end(tx, mailing, (DeliveryState::Sending, &others), now).await?;
    Ok(wired)
}

/// Records what became of claimed deliveries, and says of how many it was news. Whoever lost the claim is
/// heard only where the mail server took the message.
pub async fn record(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    outcomes: &[(Claim, Outcome)],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let mailing = mailing.into();
    let (mut taken, mut others) = (Vec::new(), Vec::new());
    for (claim, outcome) in outcomes {
        match outcome {
            Outcome::Sent(reply) => taken.push((*claim, reply.as_str())),
            _ => others.push((*claim, outcome)),
        }
    }
    let sent = record_sent(tx, mailing, &taken, now).await?;
    let ended = record_others(tx, mailing, &others, now).await?;
    for (claim, outcome) in others {
        if let Outcome::Refused(_, what) = outcome {
            keep_refusal(tx, mailing, claim, what).await?;
        }
    }
    Ok(sent + ended)
}

/// Keeps what a refusal means for the reader, as of a mail that came back: an address that is none gets no more mail.
async fn keep_refusal(tx: &mut Tx, mailing: Mailing, claim: Claim, what: &Return) -> Result<(), StoreError> {
    let text = "select subscriber_id, message_id from deliveries
                where id = $1 and attempts = $2 and state = 'refused'";
    let rows = tx
        .rows(
            mailing.on("find who was refused", text),
            args![claim.id, claim.attempts],
        )
        .await?;
    for row in rows {
        let (reader, message_id) = (row.get("subscriber_id")?, row.get::<String>("message_id")?);
        // It counts once, however often it is recorded: its message's name stands in for the mail. Nothing came back: the
        // delivery says itself that it was refused.
        let is_new = returns::insert(tx, reader, None, message_id.as_bytes(), what).await?;
        if is_new && what.kind == ReturnKind::Hard {
            subscribers::bounced(tx, reader, what.at).await?;
        }
    }
    Ok(())
}

/// Nearly all that is ever recorded, hence by a statement of its own, with no more of each than differs.
async fn record_sent(
    tx: &mut Tx,
    mailing: Mailing,
    taken: &[(Claim, &str)],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let sent = update_sent(tx, mailing, taken, "('queued', 'sending', 'wire')", now).await?;
    count(tx, mailing, [(DeliveryState::Sent, sent.cast_signed())]);
    if sent == taken.len() as u64 {
        return Ok(sent);
    }
    Ok(sent + record_sent_late(tx, mailing, taken, now).await?)
}

/// The same of what another node thought unknown meanwhile, or was in doubt when its reader left: it may have arrived, too. Held
/// before it is changed, so that it is counted out of the state that it is in.
async fn record_sent_late(
    tx: &mut Tx,
    mailing: Mailing,
    taken: &[(Claim, &str)],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = format!(
        "select d.id, d.state from deliveries d where d.id in ({{rows}})
           and (d.state in ('queued', 'sending', 'wire', 'unknown') or d.state = 'withdrawn' and d.doubts > 0)
         order by d.id{}",
        tx.dialect().held("d")
    );
    let ids = taken.iter().map(|(claim, _)| args![claim.id]);
    let sql = mailing.on("find what was sent after all", &text);
    let mut states = HashMap::<DeliveryId, DeliveryState>::new();
    for row in tx.rows_filled(sql, args![], ids.collect()).await? {
        states.insert(row.get("id")?, row.get("state")?);
    }
    let late: Vec<_> = taken
        .iter()
        .copied()
        .filter(|(claim, _)| states.contains_key(&claim.id))
        .collect();
    let any = "('queued', 'sending', 'wire', 'unknown', 'withdrawn')";
    let sent = update_sent(tx, mailing, &late, any, now).await?;
    let left = states.into_values().map(|state| (state, -1));
    count(
        tx,
        mailing,
        left.chain([(DeliveryState::Sent, sent.cast_signed())]),
    );
    Ok(sent)
}

/// Has those of these that are in one of the states be sent.
async fn update_sent(
    tx: &mut Tx,
    mailing: Mailing,
    taken: &[(Claim, &str)],
    states: &str,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = format!(
        "update deliveries set state = 'sent', reply = v.column2, error = null, lease_until = null,
           updated_at = t.at, sent_at = t.at
         from (select $1 as at) as t, ({{rows}}) as v
         where deliveries.id = v.column1 and deliveries.state in {states}"
    );
    let rows = taken.iter().map(|(claim, reply)| args![claim.id, *reply]);
    let sql = mailing.on("record sent deliveries", &text);
    tx.run_filled(sql, args![now], rows.collect()).await
}

async fn record_others(
    tx: &mut Tx,
    mailing: Mailing,
    others: &[(Claim, &Outcome)],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = "update deliveries set state = v.column3, due_at = coalesce(v.column4, deliveries.due_at),
                  reply = coalesce(v.column5, deliveries.reply), error = v.column6, lease_until = null, updated_at = t.at,
                  doubts = deliveries.doubts + case v.column3 when 'unknown' then 1 else 0 end,
                  tries = deliveries.tries + case v.column3 when 'queued' then 1 else 0 end
                from (select $1 as at) as t, ({rows}) as v
                where deliveries.id = v.column1 and deliveries.attempts = v.column2
                  and deliveries.state in ('sending', 'wire')
                returning deliveries.state as state";
    let rows = others.iter().map(|(claim, outcome)| {
        let (state, due_at, reply, error) = outcome.columns(now);
        args![claim.id, claim.attempts, state, due_at, reply, error]
    });
    let sql = mailing.on("record what became of deliveries", text);
    let ended = tx.rows_filled(sql, args![now], rows.collect()).await?;
    count(tx, mailing, came(&ended)?);
    Ok(ended.len() as u64)
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

/// Queues claims again of which the caller knows that nothing was sent, and says how many were still held.
pub async fn put_back(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    claims: &[Claim],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let set = "state = 'queued', lease_until = null, updated_at = t.at";
    let doing = "put back deliveries";
    update_held(tx, mailing.into(), (doing, set), claims, (now, 0)).await
}

/// Queues claims again of which the caller knows that nothing was sent, each to be claimed from its instant on, and says how many
/// were still held. Those with an obstacle are such as the mail server takes from nobody: see [`waiting`](super::waiting).
pub async fn postpone(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    later: &[Later],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = format!(
        "update deliveries set state = 'queued', lease_until = null, due_at = v.column3, updated_at = t.at,
           error = coalesce('{WAITS}' || v.column4, deliveries.error)
         from (select $1 as at) as t, ({{rows}}) as v
         where deliveries.id = v.column1 and deliveries.attempts = v.column2
           and deliveries.state in ('sending', 'wire')"
    );
    let rows = later.iter().map(|later| {
        let Later {
            claim,
            due_at,
            obstacle,
        } = later;
        args![claim.id, claim.attempts, *due_at, obstacle.as_deref()]
    });
    let sql = mailing.into().on("postpone deliveries", &text);
    tx.run_filled(sql, args![now], rows.collect()).await
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
