//! From the queue into a node's hands.

use std::collections::BTreeMap;

use reveille_model::{DeliveryId, DeliveryState, IfUnknown, SubscriberId, UnixMillis};

use super::{
    answers::WAITS,
    follow::hold_for,
    handover::{Claim, Delivery, end, ending},
    mailing::Mailing,
    queue::release,
    readdress::readdress,
    tally::count,
};
use crate::{
    Store, StoreError, Tx,
    many::rounded,
    sql::{BATCH, Param, args, places},
};

/// So many deliveries are looked at in one transaction where those before were all over: after an outage a million may be.
const MOST_LOOKED_AT: u32 = 4_000;

/// Takes up to `limit` deliveries that are due for `lease` milliseconds, longest due first, after those whose sender let its
/// lease run out were released. Those whose reader left meanwhile are withdrawn, those that come too late are missed, or stay
/// unknown and wait for the operator's word where they may have arrived; none of these is given back. What was on the wire
/// while its reader moved to another address, and is to be sent again, goes there. Empty: nothing is due.
///
/// # Errors
/// Where the database fails.
pub async fn claim(
    store: &Store,
    mailing: impl Into<Mailing>,
    rule: IfUnknown,
    limit: u32,
    lease: i64,
    now: UnixMillis,
) -> Result<Vec<Delivery>, StoreError> {
    let mailing = mailing.into();
    let mut look = limit;
    loop {
        let mut tx = store.begin_claim().await?;
        release(&mut tx, mailing, now).await?;
        let Due {
            to_send,
            unknown,
            over,
            moved,
        } = due(&mut tx, mailing, rule, (look, limit), now).await?;
        take(&mut tx, mailing, &to_send, lease, now).await?;
        count(&mut tx, mailing, [(DeliveryState::Unknown, -unknown)]);
        for (from, claims) in &over {
            end(&mut tx, mailing, (*from, claims), now).await?;
        }
        tx.commit().await?;
        for (from, to) in &moved {
            // By itself, since the editions must be held before any delivery is.
            let mut tx = store.begin().await?;
            hold_for(&mut tx, *to, now).await?;
            readdress(&mut tx, *from, *to, now).await?;
            tx.commit().await?;
        }
        // A batch of readers who all left says nothing about those after them.
        if !to_send.is_empty() || over.is_empty() && moved.is_empty() {
            return Ok(to_send);
        }
        look = look.saturating_mul(4).min(MOST_LOOKED_AT.max(limit));
    }
}

/// What is due, and nobody else's until the transaction ends.
struct Due {
    /// As it is once it is claimed.
    to_send: Vec<Delivery>,
    /// How many of these are unknown until then.
    unknown: i64,
    /// What must not be sent any more, by its state.
    over: BTreeMap<DeliveryState, Vec<Claim>>,
    /// Who has an edition coming at an address that they gave up, and the one that took its place.
    moved: Vec<(SubscriberId, SubscriberId)>,
}

/// Of the first `look` that are due those that are over, and up to `limit` others, as they are now. Put in order here: locking keeps
/// PostgreSQL from knowing the order that it took the rows in, and where it must sort in a claim's transaction it thinks the plan worth
/// compiling, which takes 100 ms.
async fn due(
    tx: &mut Tx,
    mailing: Mailing,
    rule: IfUnknown,
    (look, limit): (u32, u32),
    now: UnixMillis,
) -> Result<Due, StoreError> {
    let text = format!(
        "select d.id, d.state, d.subscriber_id, nullif(d.message_id, '') as message_id, d.attempts, d.tries, d.due_at, d.late_at,
           s.email, s.format, s.token, {} as ending,
           case when s.moved_to is not null and not exists (select 1 from deliveries other
                  where other.edition_id = d.edition_id and other.subscriber_id = s.moved_to) then s.moved_to end as goes_to
         from (select id, state, edition_id, subscriber_id, message_id, attempts, tries, doubts, due_at, late_at from deliveries
               where edition_id = $1 and state in ('queued', 'unknown') and due_at <= $2
                 and (state = 'queued' or doubts <= $3)
               order by due_at, id limit $4{}) as d
         join subscribers s on s.id = d.subscriber_id",
        ending(mailing, "d", "$2"),
        tx.dialect().skip_locked(),
    );
    let mut args = vec![mailing.arg()];
    args.extend(args![now, rule.resends(), look]);
    let (mut to_send, mut over, mut moved) = (Vec::new(), BTreeMap::new(), Vec::new());
    for row in tx.rows(mailing.on("find due deliveries", &text), args).await? {
        let (id, attempts, state) = (row.get("id")?, row.get("attempts")?, row.get("state")?);
        if let Some(to) = row.maybe("goes_to")? {
            moved.push((row.get("subscriber_id")?, to));
            continue;
        }
        if row.maybe::<DeliveryState>("ending")?.is_some() {
            over.entry(state)
                .or_insert_with(Vec::new)
                .push(Claim { id, attempts });
            continue;
        }
        let delivery = Delivery {
            claim: Claim {
                id,
                attempts: attempts + 1,
            },
            subscriber: row.get("subscriber_id")?,
            email: row.get("email")?,
            format: row.get("format")?,
            token: row.get("token")?,
            message_id: row.maybe("message_id")?,
            tries: row.get("tries")?,
            late_at: row.maybe("late_at")?,
        };
        to_send.push((row.get::<UnixMillis>("due_at")?, state, delivery));
    }
    to_send.sort_by_key(|(due_at, _, delivery)| (*due_at, delivery.claim.id));
    to_send.truncate(limit as usize);
    let unknown = to_send
        .iter()
        .filter(|(_, state, _)| *state == DeliveryState::Unknown);
    Ok(Due {
        unknown: unknown.count() as i64,
        to_send: to_send.into_iter().map(|(_, _, delivery)| delivery).collect(),
        over,
        moved,
    })
}

/// Puts deliveries in hand for `lease` milliseconds. Whether a message is still such as the mail server takes from nobody is seen
/// when it is tried, and until then it waits for nothing but its turn.
async fn take(
    tx: &mut Tx,
    mailing: Mailing,
    deliveries: &[Delivery],
    lease: i64,
    now: UnixMillis,
) -> Result<(), StoreError> {
    for batch in deliveries.chunks(BATCH) {
        // Each parameter stands once and in order, without which SQLite's driver looks every one up among all.
        let text = format!(
            "update deliveries set state = 'sending', attempts = attempts + 1, lease_until = {} + t.lease, updated_at = t.at,
               error = case when substr(error, 1, {}) = '{WAITS}' then null else error end
             from (select $1 as at, $2 as lease) as t where id in ({})",
            tx.lease_clock("t.at"),
            WAITS.len(),
            places(3, rounded(batch.len()))
        );
        let mut args = args![now, lease];
        args.extend(batch.iter().map(|delivery| delivery.claim.id.arg()));
        args.resize(2 + rounded(batch.len()), DeliveryId::NULL);
        tx.run(mailing.on("claim deliveries", &text), args).await?;
    }
    Ok(())
}
