//! What the operator decides of deliveries that nothing more happens to by itself.

use reveille_model::{DeliveryState, SubscriberId, UnixMillis};

use super::{
    Mailing,
    queue::release,
    tally::{count, moved},
};
use crate::{StoreError, Tx, sql::Param};

/// A state out of which only the operator brings a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stuck {
    /// Nobody knows whether the mail server has it.
    Unknown,
    /// It was given up, or refused to a reader who is one still: not since nobody has the address.
    Failed,
    /// It came too late.
    Missed,
}

/// What a delivery turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The mail server had taken it.
    Sent,
    /// It had not, and it is not to be sent any more.
    Failed,
}

/// Queues a mailing's stuck deliveries, to be sent at once, however late it is: all, or one reader's. Says how many.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn resend(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    from: Stuck,
    reader: Option<SubscriberId>,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text =
        "update deliveries set state = 'queued', due_at = $4, late_at = null, tries = 0, updated_at = $4
                where edition_id = $1 and state = $2 and state not in ('sending', 'wire')
                  and (subscriber_id = $3 or $3 is null)
                  and (state <> 'refused'
                       or exists (select 1 from subscribers s where s.id = subscriber_id and s.state = 'active'))";
    let from: &[DeliveryState] = match from {
        Stuck::Unknown => &[DeliveryState::Unknown],
        Stuck::Failed => &[DeliveryState::Failed, DeliveryState::Refused],
        Stuck::Missed => &[DeliveryState::Missed],
    };
    let mailing = mailing.into();
    let mut all = 0;
    for from in from {
        let args = vec![mailing.arg(), from.arg(), reader.arg(), now.arg()];
        let queued = tx.run(mailing.on("queue deliveries again", text), args).await?;
        count(tx, mailing, moved(*from, DeliveryState::Queued, queued));
        all += queued;
    }
    Ok(all)
}

/// Ends a mailing's unknown deliveries: all, or one reader's. Says how many.
pub async fn settle(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    ending: Ending,
    reader: Option<SubscriberId>,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    end(tx, mailing.into(), (DeliveryState::Unknown, ending), reader, now).await
}

/// The same of those that wait for their time, or were in the hand of a sender that is gone: a store that was put back to what it was does
/// not know that they left.
pub async fn settle_queued(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    ending: Ending,
    reader: Option<SubscriberId>,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let mailing = mailing.into();
    release(tx, mailing, now).await?;
    end(tx, mailing, (DeliveryState::Queued, ending), reader, now).await
}

async fn end(
    tx: &mut Tx,
    mailing: Mailing,
    (from, ending): (DeliveryState, Ending),
    reader: Option<SubscriberId>,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = "update deliveries set state = $2, updated_at = $4, sent_at = case $2 when 'sent' then $4 end,
                  reply = case $2 when 'sent' then 'counted as sent by hand' else reply end,
                  error = case $2 when 'sent' then null else error end
                where edition_id = $1 and state = $5 and state not in ('sending', 'wire')
                  and (subscriber_id = $3 or $3 is null)";
    let to = match ending {
        Ending::Sent => DeliveryState::Sent,
        Ending::Failed => DeliveryState::Failed,
    };
    let args = vec![mailing.arg(), to.arg(), reader.arg(), now.arg(), from.arg()];
    let settled = tx.run(mailing.on("settle deliveries", text), args).await?;
    count(tx, mailing, moved(from, to, settled));
    Ok(settled)
}
