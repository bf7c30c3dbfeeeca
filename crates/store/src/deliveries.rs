//! One edition to one reader, once: what is planned, how it stands, and who got it.
//!
//! Deliveries are planned in `planning.rs`. What waits is in `queue.rs`, and for when in `forecast.rs`, why something was put off
//! or refused, or is taken from nobody, in `answers.rs`, how a delivery is claimed in `claim.rs` and handed over in `handover.rs`,
//! what became of it in `record.rs`, what the operator may decide in `operator.rs`, what others know of unknown ones in
//! `doubt.rs`, how all are taken back in `recall.rs`, how editions follow readers who come or change in `follow.rs`, also to
//! another address in `readdress.rs`, and how all are counted in `tally.rs`.
//! Corrections are delivered as editions are: see [`Mailing`].

mod answers;
mod claim;
mod doubt;
mod follow;
mod forecast;
mod handover;
mod mailing;
mod operator;
mod planning;
mod queue;
mod readdress;
mod recall;
mod record;
mod tally;

use std::collections::HashSet;

use reveille_model::{DeliveryId, DeliveryState, EditionId, EmailAddress, Slot, SubscriberId, UnixMillis};

pub use answers::{Answers, deferred, refused, waiting};
pub use claim::claim;
pub use doubt::{
    Unknown, awaits_word, confirm, hold, list_unknown, list_unknown_to, mailed_as, put_off, requeue,
    sent_beside,
};
pub(crate) use follow::{follow, follow_all, hold_editions, hold_for, welcome};
pub use forecast::forecast;
pub use handover::{Claim, Delivery, Later, Leaving, extend, list_wired, postpone, put_back, wire};
pub use mailing::{Mailing, count_reached, plan_correction};
pub use operator::{Ending, Stuck, resend, settle, settle_queued};
pub use planning::{Part, Planned, Readers, begin_plan, end_plan, is_planned, plan, plan_zone, planned};
pub use queue::{is_more_due, next_due, pass_over, release, release_all};
pub(crate) use readdress::readdress;
pub use recall::{has_left, recall};
pub use record::{Outcome, record};
pub use tally::tally;
pub(crate) use tally::{Tallies, forget, keep_tallies};

use crate::{
    Store, StoreError, View,
    sql::{BATCH, Param, Row, args, built, places},
};

/// The state in which a delivery of this slot is planned.
fn state_of(slot: Slot) -> DeliveryState {
    if slot.is_missed() {
        DeliveryState::Missed
    } else {
        DeliveryState::Queued
    }
}

/// Whether the subscriber `s` gets the edition of a day, as [`Subscriber::wants`](crate::subscribers::Subscriber::wants) says:
/// true, or else false or null.
fn wants(day: &str) -> String {
    format!("(s.state in ('active', 'paused') and (s.paused_until is null or s.paused_until <= {day}))")
}

/// The Message-ID of what was never on the wire: [`wire`] gives it one.
const UNNAMED: &str = "";

/// Why a delivery was missed that no try says more of.
const TOO_LATE: &str = "it is too late for the reader";

/// A delivery to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// To whom.
    pub subscriber: SubscriberId,
    /// When.
    pub slot: Slot,
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
    /// How often it was tried and put off.
    pub tries: u32,
    /// How often nobody could know whether the mail server had the message.
    pub doubts: u32,
    /// The Message-ID without angle brackets, once it was to leave.
    pub message_id: Option<String>,
    /// What the mail server answered, or whence it is known that it has the message.
    pub reply: Option<String>,
    /// What went wrong the last time.
    pub error: Option<String>,
    /// Why it came back after the mail server had taken it.
    pub came_back: Option<String>,
    /// When it last changed.
    pub updated_at: UnixMillis,
    /// When the mail server took it.
    pub sent_at: Option<UnixMillis>,
}

impl StoredDelivery {
    /// Whether it was tried, was put off, and waits for its next try.
    #[must_use]
    pub fn is_deferred(&self) -> bool {
        self.state == DeliveryState::Queued && self.tries > 0
    }
}

/// Who of these readers missed an edition.
pub async fn missed_among(
    store: &Store,
    edition: EditionId,
    readers: &[SubscriberId],
) -> Result<HashSet<SubscriberId>, StoreError> {
    let mut missed = HashSet::new();
    for batch in readers.chunks(BATCH) {
        let text = format!(
            "select subscriber_id from deliveries where edition_id = $1 and state = 'missed' and subscriber_id in ({})",
            places(2, batch.len())
        );
        let mut args = args![edition];
        args.extend(batch.iter().flat_map(|reader| args![*reader]));
        for row in store
            .rows(built("find who missed an edition", text), args)
            .await?
        {
            missed.insert(row.get("subscriber_id")?);
        }
    }
    Ok(missed)
}

/// Which deliveries of an edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those in this state.
    In(DeliveryState),
    /// Those that were tried, were put off, and wait for their next try.
    Deferred,
    /// The one to this reader.
    To(SubscriberId),
    /// Those of which nobody knew, at least once, whether the mail server had the message: it may have gone out
    /// twice, or, where they were given up since, once.
    Doubted,
    /// Those that came back from beyond the mail server, which had taken them.
    CameBack,
}

macro_rules! select {
    ($which:literal) => {
        concat!(
            "select d.id, d.subscriber_id, s.email, d.state, d.due_at, d.attempts, d.tries, d.doubts,
               nullif(d.message_id, '') as message_id, d.reply, d.error, d.updated_at, d.sent_at,
               (select r.reason || case r.said when '' then '' else ': ' || r.said end from returns r
                where r.subscriber_id = d.subscriber_id and r.edition_id = d.edition_id and r.kind in ('hard', 'soft')
                order by r.at desc, r.id desc limit 1) as came_back
             from deliveries d join subscribers s on s.id = d.subscriber_id
             where d.edition_id = $1 and ",
            $which,
            " and d.id > $2 order by d.id limit $3"
        )
    };
}

/// A page of a mailing's deliveries in the order in which they were planned: those after `after`, `limit` at most.
pub async fn list(
    store: &Store,
    mailing: impl Into<Mailing>,
    which: Which,
    after: Option<DeliveryId>,
    limit: u32,
) -> Result<Vec<StoredDelivery>, StoreError> {
    let mailing = mailing.into();
    let (text, what) = match which {
        // Each index holds what its condition says, which the statement must repeat for it to be used.
        Which::In(state @ (DeliveryState::Sending | DeliveryState::Wire)) => (
            select!("d.state = $4 and d.lease_until is not null"),
            Some(state.arg()),
        ),
        Which::In(state) => (
            select!("d.state = $4 and d.state not in ('sending', 'wire')"),
            Some(state.arg()),
        ),
        Which::To(reader) => (select!("d.subscriber_id = $4"), Some(reader.arg())),
        Which::Deferred => (select!("d.state = 'queued' and d.tries > 0"), None),
        Which::Doubted => (select!("d.doubts > 0"), None),
        Which::CameBack => (
            select!(
                "d.subscriber_id in (select subscriber_id from returns
                   where edition_id = $1 and edition_id is not null and kind in ('hard', 'soft'))"
            ),
            None,
        ),
    };
    let mut args = vec![mailing.arg()];
    args.extend(args![after.unwrap_or(DeliveryId(0)), limit]);
    args.extend(what);
    let rows = store.rows(mailing.on("list deliveries", text), args).await?;
    rows.iter().map(read).collect()
}

/// How many deliveries of a mailing were doubted: see [`Which::Doubted`].
pub async fn doubted(view: impl Into<View<'_>>, mailing: impl Into<Mailing>) -> Result<u64, StoreError> {
    let (mut view, mailing) = (view.into(), mailing.into());
    let text = "select count(*) as doubted from deliveries where edition_id = $1 and doubts > 0";
    let sql = mailing.on("count doubted deliveries", text);
    let row = view.row(sql, vec![mailing.arg()]).await?;
    row.map_or(Ok(0), |row| row.get("doubted"))
}

/// To how many readers a mailing's message came back: see [`Which::CameBack`]. Read from an index alone, whose condition the
/// statement repeats for that.
pub async fn came_back(store: &Store, mailing: impl Into<Mailing>) -> Result<u64, StoreError> {
    let mailing = mailing.into();
    let text = "select count(distinct subscriber_id) as readers from returns
                where edition_id = $1 and edition_id is not null and kind in ('hard', 'soft')";
    let sql = mailing.on("count what came back", text);
    let row = store.row(sql, vec![mailing.arg()]).await?;
    row.map_or(Ok(0), |row| row.get("readers"))
}

/// What went wrong the last time, of a row with its state. What was too late when it was planned was never tried, and has no error
/// of its own: a million such rows need not repeat the same words.
pub(crate) fn read_error(row: &Row) -> Result<Option<String>, StoreError> {
    let error: Option<String> = row.maybe("error")?;
    Ok(match row.get::<DeliveryState>("state")? {
        DeliveryState::Missed => error.or_else(|| Some(TOO_LATE.to_owned())),
        _ => error,
    })
}

fn read(row: &Row) -> Result<StoredDelivery, StoreError> {
    Ok(StoredDelivery {
        id: row.get("id")?,
        subscriber: row.get("subscriber_id")?,
        email: row.get("email")?,
        state: row.get("state")?,
        due_at: row.get("due_at")?,
        attempts: row.get("attempts")?,
        tries: row.get("tries")?,
        doubts: row.get("doubts")?,
        message_id: row.maybe("message_id")?,
        reply: row.maybe("reply")?,
        error: read_error(row)?,
        came_back: row.maybe("came_back")?,
        updated_at: row.get("updated_at")?,
        sent_at: row.maybe("sent_at")?,
    })
}
