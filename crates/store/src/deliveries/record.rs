//! What became of what was handed to the mail server.

use std::collections::HashMap;

use reveille_model::{DeliveryId, DeliveryState, IfUnknown, ReturnKind, UnixMillis};

use super::{
    Claim, Mailing,
    tally::{came, count},
};
use crate::{
    StoreError, Tx,
    returns::{self, Return},
    sql::args,
    subscribers,
};

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

/// Records what became of claimed deliveries, and says of how many it was news. Whoever lost the claim is
/// heard only where the mail server took the message.
///
/// # Errors
/// Where the database fails.
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
    // Whoever moved meanwhile has an hour of their own: see `follow.rs`. Nobody misses what they may have: that waits for the
    // operator's word, as in `handover.rs`.
    let text = "update deliveries set
                  state = case when v.column3 = 'missed' and deliveries.doubts > 0 then 'unknown' else v.column3 end,
                  due_at = case when v.column4 > deliveries.due_at then v.column4 else deliveries.due_at end,
                  reply = coalesce(v.column5, deliveries.reply), error = v.column6, lease_until = null, updated_at = t.at,
                  doubts = deliveries.doubts +
                    case when v.column3 = 'unknown' or v.column3 = 'missed' and deliveries.doubts > 0 then 1 else 0 end,
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
