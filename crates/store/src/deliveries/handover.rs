//! From the queue to the mail server: claimed, on the wire, ended.
//!
//! A claim puts a batch in hand under a lease and costs nothing when it is lost: the batch is queued again. Just
//! before a message's first byte leaves, [`wire`] compares and sets, so that whoever lost the claim meanwhile sends
//! nothing. From there on only the sender knows what became of the message; if it dies, the delivery is unknown.

use std::collections::HashSet;

use reveille_model::{
    DeliveryId, DeliveryState, EmailAddress, IfUnknown, MailFormat, ReturnKind, SubscriberId, UnixMillis,
};

use super::{count, mailing::Mailing, queue::release};
use crate::{
    Store, StoreError, Tx,
    many::rounded,
    returns::{self, Return},
    sql::{Arg, BATCH, Param, Row, args, places},
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

/// Takes up to `limit` deliveries that are due for `lease` milliseconds, after those whose sender let its lease run
/// out were released. Those whose reader left meanwhile are withdrawn, those that come too late are missed, or stay unknown and
/// wait for the operator's word where they may have arrived; none of these is given back. Empty: nothing is due.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn claim(
    store: &Store,
    mailing: impl Into<Mailing>,
    rule: IfUnknown,
    limit: u32,
    lease: i64,
    now: UnixMillis,
) -> Result<Vec<Delivery>, StoreError> {
    let mailing = mailing.into();
    let text = format!(
        "update deliveries set attempts = attempts + 1, lease_until = {} + $3, updated_at = $2,
           {}
         where id in (
           select id from deliveries
           where edition_id = $1 and state in ('queued', 'unknown') and due_at <= $2
             and (state = 'queued' or doubts <= $5)
           order by due_at, id limit $4{})
         returning id, state",
        store.lease_clock("$2"),
        taken("sending", "$2"),
        store.dialect().skip_locked(),
    );
    loop {
        let mut tx = store.begin_claim().await?;
        release(&mut tx, mailing, now).await?;
        let mut args = vec![mailing.arg()];
        args.extend(args![now, lease, limit, rule.resends()]);
        let rows = tx.rows(mailing.on("claim deliveries", &text), args).await?;
        let mut taken: Vec<DeliveryId> = Vec::with_capacity(rows.len());
        for row in &rows {
            if row.get::<DeliveryState>("state")? == DeliveryState::Sending {
                taken.push(row.get("id")?);
            }
        }
        let claimed = addressed(&mut tx, mailing, &taken).await?;
        tx.commit().await?;
        // A batch of readers who all left says nothing about those after them.
        if !claimed.is_empty() || rows.is_empty() {
            return Ok(claimed);
        }
    }
}

/// What is set of a delivery that goes on to this state at this instant, unless its reader left or it is too late: what may have
/// arrived is then in doubt once more, which no rule resends.
fn taken(state: &str, now: &str) -> String {
    format!(
        "doubts = doubts + case when doubts > 0 and late_at <= {now} then 1 else 0 end,
         state = case (select s.state from subscribers s where s.id = deliveries.subscriber_id)
                   when 'active' then case when late_at <= {now} then case when doubts > 0 then 'unknown' else 'missed' end
                                           else '{state}' end
                   else 'withdrawn' end"
    )
}

/// What is to be sent, for rows of one claim, longest due first. Put in order here: a claim's transaction keeps
/// PostgreSQL from sorting, and where it must it thinks the plan worth compiling, which takes 100 ms.
async fn addressed(tx: &mut Tx, mailing: Mailing, ids: &[DeliveryId]) -> Result<Vec<Delivery>, StoreError> {
    let mut deliveries = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let text = format!(
            "select d.id, d.subscriber_id, nullif(d.message_id, '') as message_id, d.attempts, d.tries, d.due_at, d.late_at,
               s.email, s.format, s.token
             from deliveries d join subscribers s on s.id = d.subscriber_id
             where d.id in ({})",
            places(1, rounded(batch.len()))
        );
        let mut ids: Vec<Arg<'_>> = batch.iter().map(|id| id.arg()).collect();
        ids.resize(rounded(batch.len()), DeliveryId::NULL);
        for row in tx.rows(mailing.on("read claimed deliveries", &text), ids).await? {
            let delivery = Delivery {
                claim: claim_of(&row)?,
                subscriber: row.get("subscriber_id")?,
                email: row.get("email")?,
                format: row.get("format")?,
                token: row.get("token")?,
                message_id: row.maybe("message_id")?,
                tries: row.get("tries")?,
                late_at: row.maybe("late_at")?,
            };
            deliveries.push((row.get::<UnixMillis>("due_at")?, delivery));
        }
    }
    deliveries.sort_by_key(|(due_at, delivery)| (*due_at, delivery.claim.id));
    Ok(deliveries.into_iter().map(|(_, delivery)| delivery).collect())
}

fn claim_of(row: &Row) -> Result<Claim, StoreError> {
    Ok(Claim {
        id: row.get("id")?,
        attempts: row.get("attempts")?,
    })
}

/// Puts claimed deliveries on the wire for `lease` milliseconds, under the Message-IDs that they keep from then on, and gives
/// those claims back: only their messages may be sent, and not before the transaction is committed. The others were
/// claimed again meanwhile, or their reader left and they are withdrawn, or it is too late and they are missed or stay unknown.
pub async fn wire(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    leaving: &[Leaving],
    lease: i64,
    now: UnixMillis,
) -> Result<HashSet<Claim>, StoreError> {
    let text = format!(
        "update deliveries set lease_until = {} + t.lease, updated_at = t.at, message_id = v.column3,
           {}
         from (select $1 as at, $2 as lease) as t, ({{rows}}) as v
         where deliveries.id = v.column1 and deliveries.attempts = v.column2 and deliveries.state = 'sending'
         returning id, state, attempts",
        tx.lease_clock("t.at"),
        taken("wire", "t.at"),
    );
    let sql = mailing.into().on("put deliveries on the wire", &text);
    let rows = leaving
        .iter()
        .map(|Leaving { claim, message_id }| args![claim.id, claim.attempts, message_id]);
    let mut wired = HashSet::with_capacity(leaving.len());
    for row in tx.rows_filled(sql, args![now, lease], rows.collect()).await? {
        if row.get::<DeliveryState>("state")? == DeliveryState::Wire {
            wired.insert(claim_of(&row)?);
        }
    }
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
    if let Mailing::Edition(edition) = mailing {
        count(tx, edition, 0, sent.cast_signed()).await?;
    }
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
    let text = "update deliveries set state = 'sent', reply = v.column2, error = null, lease_until = null,
                  updated_at = t.at, sent_at = t.at
                from (select $1 as at) as t, ({rows}) as v
                where deliveries.id = v.column1 and deliveries.state in ('queued', 'sending', 'wire', 'unknown')";
    let rows = taken.iter().map(|(claim, reply)| args![claim.id, *reply]);
    let sql = mailing.on("record sent deliveries", text);
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
                  and deliveries.state in ('sending', 'wire')";
    let rows = others.iter().map(|(claim, outcome)| {
        let (state, due_at, reply, error) = outcome.columns(now);
        args![claim.id, claim.attempts, state, due_at, reply, error]
    });
    let sql = mailing.on("record what became of deliveries", text);
    tx.run_filled(sql, args![now], rows.collect()).await
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

/// Queues claims again of which nothing was sent, each to be claimed from its instant on, and says how many were still held.
pub async fn postpone(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    claims: &[(Claim, UnixMillis)],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = "update deliveries set state = 'queued', lease_until = null, due_at = v.column3, updated_at = t.at
                from (select $1 as at) as t, ({rows}) as v
                where deliveries.id = v.column1 and deliveries.attempts = v.column2 and deliveries.state = 'sending'";
    let rows = claims
        .iter()
        .map(|(claim, due_at)| args![claim.id, claim.attempts, *due_at]);
    let sql = mailing.into().on("postpone deliveries", text);
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
