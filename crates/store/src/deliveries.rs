//! One edition to one reader, once: what is planned, how it stands, and who got it.
//!
//! How a delivery is handed over is in `handover.rs`, what the operator may decide in `operator.rs`.

mod handover;
mod operator;

use std::collections::BTreeMap;

use reveille_model::{
    BriefId, DeliveryId, DeliveryState, EditionId, EmailAddress, SubscriberId, UnixMillis, Zone,
};

pub use handover::{Claim, Delivery, Outcome, claim, next_due, put_back, record, release_all, wire};
pub use operator::{Ending, Stuck, resend, settle};

use crate::{
    Store, StoreError, Tx,
    sql::{BATCH, Row, args, built, rows_of, sql},
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

/// A row of `deliveries`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDelivery {
    /// Its row.
    pub id: DeliveryId,
    /// To whom.
    pub subscriber: SubscriberId,
    /// Their address.
    pub email: EmailAddress,
    /// Where it stands.
    pub state: DeliveryState,
    /// Not before this instant.
    pub due_at: UnixMillis,
    /// How often it was claimed.
    pub attempts: u32,
    /// How often nobody could know whether the mail server had the message.
    pub doubts: u32,
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

/// How many deliveries of an edition are in each state; states without any are left out.
pub async fn tally(store: &Store, edition: EditionId) -> Result<BTreeMap<DeliveryState, u64>, StoreError> {
    let text = "select state, count(*) as deliveries from deliveries where edition_id = $1 group by state";
    let rows = store.rows(sql("count deliveries", text), args![edition]).await?;
    rows.iter()
        .map(|row| Ok((row.get("state")?, row.get("deliveries")?)))
        .collect()
}

/// Which deliveries of an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those in this state.
    In(DeliveryState),
    /// The one to this reader.
    To(SubscriberId),
    /// Those of which nobody knew, at least once, whether the mail server had the message: it may have gone out
    /// twice, or, where they were given up since, once.
    Doubted,
}

macro_rules! select {
    ($which:literal) => {
        concat!(
            "select d.id, d.subscriber_id, s.email, d.state, d.due_at, d.attempts, d.doubts, d.message_id, d.reply,
               d.error, d.updated_at, d.sent_at
             from deliveries d join subscribers s on s.id = d.subscriber_id
             where d.edition_id = $1 and ",
            $which,
            " and d.id > $2 order by d.id limit $3"
        )
    };
}

/// A page of an edition's deliveries in the order in which they were planned: those after `after`, `limit` at most.
pub async fn list(
    store: &Store,
    edition: EditionId,
    which: Which,
    after: Option<DeliveryId>,
    limit: u32,
) -> Result<Vec<StoredDelivery>, StoreError> {
    let doing = "list deliveries";
    let after = after.unwrap_or(DeliveryId(0));
    let (text, args) = match which {
        Which::In(state) => (select!("d.state = $4"), args![edition, after, limit, state]),
        Which::To(reader) => (
            select!("d.subscriber_id = $4"),
            args![edition, after, limit, reader],
        ),
        Which::Doubted => (select!("d.doubts > 0"), args![edition, after, limit]),
    };
    let rows = store.rows(sql(doing, text), args).await?;
    rows.iter().map(read).collect()
}

/// How many deliveries of an edition were doubted: see [`Which::Doubted`].
pub async fn doubted(store: &Store, edition: EditionId) -> Result<u64, StoreError> {
    let text = "select count(*) as deliveries from deliveries where edition_id = $1 and doubts > 0";
    let row = store
        .row(sql("count doubted deliveries", text), args![edition])
        .await?;
    row.map_or(Ok(0), |row| row.get("deliveries"))
}

fn read(row: &Row) -> Result<StoredDelivery, StoreError> {
    Ok(StoredDelivery {
        id: row.get("id")?,
        subscriber: row.get("subscriber_id")?,
        email: row.get("email")?,
        state: row.get("state")?,
        due_at: row.get("due_at")?,
        attempts: row.get("attempts")?,
        doubts: row.get("doubts")?,
        message_id: row.get("message_id")?,
        reply: row.maybe("reply")?,
        error: row.maybe("error")?,
        updated_at: row.get("updated_at")?,
        sent_at: row.maybe("sent_at")?,
    })
}
