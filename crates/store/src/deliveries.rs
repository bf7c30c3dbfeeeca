//! One edition to one reader, once.
//!
//! A batch is claimed under a lease, handed to the mail server, and its outcome recorded. The attempt's number is
//! the fence: who lost the lease can no longer refuse, fail or postpone a delivery that another node took over.
//! `sent` alone is not fenced, since a mail server's word that it has the message stays true. A process that dies
//! in between sends that batch again under the same Message-IDs.

use std::collections::BTreeMap;

use reveille_model::{
    BriefId, DeliveryId, DeliveryState, EditionId, EmailAddress, MailFormat, SubscriberId, UnixMillis, Zone,
};

use crate::{
    Store, StoreError, Tx,
    sql::{BATCH, Row, args, built, places, rows_of, sql},
};

/// A delivery to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// To whom.
    pub subscriber: SubscriberId,
    /// Not before this instant.
    pub due_at: UnixMillis,
    /// Its Message-ID without angle brackets; the same however often it is tried.
    pub message_id: String,
}

/// Which Message-ID each reader's copy of an edition has: `{left}.{subscriber}@{domain}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageIds<'a> {
    /// What names the edition among all that this domain ever sends.
    pub left: &'a str,
    /// The domain that vouches for it.
    pub domain: &'a str,
}

/// A claimed delivery: to be handed to the mail server now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its row.
    pub id: DeliveryId,
    /// To whom.
    pub subscriber: SubscriberId,
    /// Their address.
    pub email: EmailAddress,
    /// In which form they get it.
    pub format: MailFormat,
    /// What their links carry.
    pub token: String,
    /// The Message-ID without angle brackets.
    pub message_id: String,
    /// How often it was claimed, this time included; the fence against an earlier claim.
    pub attempts: u32,
}

/// A row of `deliveries`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// Its row.
    pub id: DeliveryId,
    /// To whom.
    pub subscriber: SubscriberId,
    /// Where it stands.
    pub state: DeliveryState,
    /// Not before this instant.
    pub due_at: UnixMillis,
    /// How often it was claimed.
    pub attempts: u32,
    /// The Message-ID without angle brackets.
    pub message_id: String,
    /// What the mail server answered.
    pub reply: Option<String>,
    /// What went wrong the last time.
    pub error: Option<String>,
    /// When it last changed.
    pub updated_at: UnixMillis,
    /// When the mail server took it.
    pub sent_at: Option<UnixMillis>,
}

/// Plans deliveries; one that is planned already stays as it is. Says how many are new.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn plan(
    tx: &mut Tx,
    edition: EditionId,
    deliveries: &[NewDelivery],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let mut planned = 0;
    for batch in deliveries.chunks(BATCH) {
        let text = format!(
            "insert into deliveries (edition_id, subscriber_id, state, due_at, message_id, updated_at) values {}
             on conflict (edition_id, subscriber_id) do nothing",
            rows_of(batch.len(), 6)
        );
        let mut args = Vec::with_capacity(batch.len() * 6);
        for new in batch {
            args.extend(args![
                edition,
                new.subscriber,
                "queued",
                new.due_at,
                &new.message_id,
                now
            ]);
        }
        planned += tx.run(built("plan deliveries", text), args).await?;
    }
    Ok(planned)
}

/// Plans the deliveries to all active readers of a zone at once; those planned already stay as they are. Says how
/// many are new.
pub async fn plan_zone(
    tx: &mut Tx,
    edition: EditionId,
    brief: BriefId,
    zone: &Zone,
    due_at: UnixMillis,
    ids: MessageIds<'_>,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = "insert into deliveries (edition_id, subscriber_id, state, due_at, message_id, updated_at)
                select $1, id, 'queued', $4, $5 || cast(id as text) || $6, $7 from subscribers
                where brief_id = $2 and zone = $3 and state = 'active' order by id
                on conflict (edition_id, subscriber_id) do nothing";
    let (left, right) = (format!("{}.", ids.left), format!("@{}", ids.domain));
    let args = args![edition, brief, zone, due_at, left, right, now];
    tx.run(sql("plan deliveries", text), args).await
}

/// Takes up to `limit` deliveries that are due, or whose sender let its lease run out, for `lease` milliseconds.
/// Those whose reader left meanwhile are withdrawn and not given back. Empty: nothing is due.
pub async fn claim(
    store: &Store,
    edition: EditionId,
    limit: u32,
    lease: i64,
    now: UnixMillis,
) -> Result<Vec<Delivery>, StoreError> {
    let doing = "claim deliveries";
    let text = format!(
        "update deliveries set attempts = attempts + 1, lease_until = $3, updated_at = $2,
           state = case (select s.state from subscribers s where s.id = deliveries.subscriber_id)
                     when 'active' then 'sending' else 'withdrawn' end
         where id in (
           select id from deliveries
           where edition_id = $1 and state in ('queued', 'sending') and due_at <= $2
             and (state = 'queued' or lease_until <= $2)
           order by due_at, id limit $4{})
         returning id, state",
        store.dialect().skip_locked(),
    );
    loop {
        let mut tx = store.begin_claim().await?;
        let rows = tx
            .rows(
                built(doing, text.clone()).kept(),
                args![edition, now, now.plus(lease), limit],
            )
            .await?;
        let mut taken: Vec<DeliveryId> = Vec::with_capacity(rows.len());
        for row in &rows {
            if row.get::<DeliveryState>("state")? == DeliveryState::Sending {
                taken.push(row.get("id")?);
            }
        }
        let claimed = addressed(&mut tx, &taken).await?;
        tx.commit().await?;
        // A batch of readers who all left says nothing about those after them.
        if !claimed.is_empty() || rows.is_empty() {
            return Ok(claimed);
        }
    }
}

/// What is to be sent, for rows of one claim, longest due first. Put in order here: a claim's transaction keeps
/// PostgreSQL from sorting, and where it must it thinks the plan worth compiling, which takes 100 ms.
async fn addressed(tx: &mut Tx, ids: &[DeliveryId]) -> Result<Vec<Delivery>, StoreError> {
    let mut deliveries = Vec::with_capacity(ids.len());
    for batch in ids.chunks(BATCH) {
        let text = format!(
            "select d.id, d.subscriber_id, d.message_id, d.attempts, d.due_at, s.email, s.format, s.token
             from deliveries d join subscribers s on s.id = d.subscriber_id
             where d.id in ({})",
            places(1, batch.len())
        );
        let text = built("read claimed deliveries", text);
        let text = if batch.len() == BATCH { text.kept() } else { text };
        for row in tx
            .rows(text, batch.iter().flat_map(|id| args![*id]).collect())
            .await?
        {
            let delivery = Delivery {
                id: row.get("id")?,
                subscriber: row.get("subscriber_id")?,
                email: row.get("email")?,
                format: row.get("format")?,
                token: row.get("token")?,
                message_id: row.get("message_id")?,
                attempts: row.get("attempts")?,
            };
            deliveries.push((row.get::<UnixMillis>("due_at")?, delivery));
        }
    }
    deliveries.sort_by_key(|(due_at, delivery)| (*due_at, delivery.id));
    Ok(deliveries.into_iter().map(|(_, delivery)| delivery).collect())
}

/// Puts back what an edition's senders let run out, and says how many. Live senders keep theirs.
pub async fn reset_sending(tx: &mut Tx, edition: EditionId, now: UnixMillis) -> Result<u64, StoreError> {
    let text = "update deliveries set state = 'queued', lease_until = null, updated_at = $2
                where edition_id = $1 and state = 'sending' and lease_until <= $2";
    tx.run(sql("put back deliveries", text), args![edition, now])
        .await
}

/// Puts back everything that is being sent, and says how many. Only for the start of a process that is known to be
/// alone, as on SQLite: it takes deliveries from live senders.
pub async fn release_all(tx: &mut Tx, now: UnixMillis) -> Result<u64, StoreError> {
    let text = "update deliveries set state = 'queued', lease_until = null, updated_at = $1
                where state = 'sending'";
    tx.run(sql("put back deliveries", text), args![now]).await
}

/// Records that the mail server took these, each with its reply, and says how many were not recorded before.
pub async fn sent_batch(
    tx: &mut Tx,
    replies: &[(DeliveryId, String)],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let mut recorded = 0;
    for batch in replies.chunks(BATCH) {
        // Both databases call the columns of a bare VALUES column1, column2.
        let text = format!(
            "update deliveries set state = 'sent', reply = v.column2, error = null, lease_until = null,
               updated_at = v.column3, sent_at = v.column3
             from (values {}) as v
             where deliveries.id = v.column1 and deliveries.state in ('queued', 'sending')",
            rows_of(batch.len(), 3)
        );
        let text = built("record sent mail", text);
        let text = if batch.len() == BATCH { text.kept() } else { text };
        let args = batch
            .iter()
            .flat_map(|(id, reply)| args![*id, reply, now])
            .collect();
        recorded += tx.run(text, args).await?;
    }
    Ok(recorded)
}

/// Records that the mail server took it. `false`: it had ended before.
pub async fn sent(tx: &mut Tx, id: DeliveryId, reply: &str, now: UnixMillis) -> Result<bool, StoreError> {
    Ok(sent_batch(tx, &[(id, reply.to_owned())], now).await? == 1)
}

/// Records that the mail server refused this reader for good. `false`: the lease was lost.
pub async fn refused(
    tx: &mut Tx,
    delivery: &Delivery,
    reply: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let text = "update deliveries set state = 'refused', reply = $3, error = null, lease_until = null,
                  updated_at = $4
                where id = $1 and attempts = $2 and state = 'sending'";
    let args = args![delivery.id, delivery.attempts, reply, now];
    Ok(tx.run(sql("record a refusal", text), args).await? == 1)
}

/// Gives it up. `false`: the lease was lost.
pub async fn failed(
    tx: &mut Tx,
    delivery: &Delivery,
    error: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let text = "update deliveries set state = 'failed', error = $3, lease_until = null, updated_at = $4
                where id = $1 and attempts = $2 and state = 'sending'";
    let args = args![delivery.id, delivery.attempts, error, now];
    Ok(tx.run(sql("record a failed delivery", text), args).await? == 1)
}

/// Puts it back to be tried again at `due_at`. `false`: the lease was lost.
pub async fn retry(
    tx: &mut Tx,
    delivery: &Delivery,
    due_at: UnixMillis,
    error: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let text = "update deliveries set state = 'queued', due_at = $3, error = $4, lease_until = null,
                  updated_at = $5
                where id = $1 and attempts = $2 and state = 'sending'";
    let args = args![delivery.id, delivery.attempts, due_at, error, now];
    Ok(tx.run(sql("postpone a delivery", text), args).await? == 1)
}

/// How many deliveries of an edition are in each state; states without any are left out.
pub async fn tally(store: &Store, edition: EditionId) -> Result<BTreeMap<DeliveryState, u64>, StoreError> {
    let text = "select state, count(*) as deliveries from deliveries where edition_id = $1 group by state";
    let rows = store.rows(sql("count deliveries", text), args![edition]).await?;
    rows.iter()
        .map(|row| Ok((row.get("state")?, row.get("deliveries")?)))
        .collect()
}

/// A page of an edition's deliveries in the order in which they were planned: those after `after`, `limit` at most.
pub async fn list(
    store: &Store,
    edition: EditionId,
    state: Option<DeliveryState>,
    after: Option<DeliveryId>,
    limit: u32,
) -> Result<Vec<StoredDelivery>, StoreError> {
    let text =
        "select id, subscriber_id, state, due_at, attempts, message_id, reply, error, updated_at, sent_at
                from deliveries where edition_id = $1 and (state = $2 or $2 is null) and id > $3
                order by id limit $4";
    let args = args![edition, state, after.unwrap_or(DeliveryId(0)), limit];
    let rows = store.rows(sql("list deliveries", text), args).await?;
    rows.iter().map(read).collect()
}

/// When the next delivery of an edition can be claimed; `None` where every one has ended.
pub async fn next_due(store: &Store, edition: EditionId) -> Result<Option<UnixMillis>, StoreError> {
    let text = "select min(case when state = 'queued' then due_at else lease_until end) as at from deliveries
                where edition_id = $1 and state in ('queued', 'sending')";
    let row = store
        .row(sql("find the next delivery", text), args![edition])
        .await?;
    row.map_or(Ok(None), |row| row.maybe("at"))
}

fn read(row: &Row) -> Result<StoredDelivery, StoreError> {
    Ok(StoredDelivery {
        id: row.get("id")?,
        subscriber: row.get("subscriber_id")?,
        state: row.get("state")?,
        due_at: row.get("due_at")?,
        attempts: row.get("attempts")?,
        message_id: row.get("message_id")?,
        reply: row.maybe("reply")?,
        error: row.maybe("error")?,
        updated_at: row.get("updated_at")?,
        sent_at: row.maybe("sent_at")?,
    })
}
