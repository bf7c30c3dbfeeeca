//! What is mailed: an edition to its readers, or a correction to those who have the wrong entry.

use reveille_model::{EditionId, NoticeId, UnixMillis};

use super::UNNAMED;
use crate::{
    Store, StoreError, Tx,
    jobs::NewJob,
    sql::{Arg, Param, Sql, args, built},
};

/// Something that goes to many readers, each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mailing {
    /// An edition.
    Edition(EditionId),
    /// What a notice says that an edition had wrong.
    Correction(NoticeId),
}

impl From<EditionId> for Mailing {
    fn from(id: EditionId) -> Self {
        Self::Edition(id)
    }
}

impl From<NoticeId> for Mailing {
    fn from(id: NoticeId) -> Self {
        Self::Correction(id)
    }
}

impl Mailing {
    /// The kind of the jobs that deliver an edition.
    pub const DELIVER_EDITION: &str = "deliver_edition";
    /// The kind of the jobs that deliver a correction.
    pub const DELIVER_CORRECTION: &str = "deliver_correction";

    /// The job that hands out what is due at this instant: one for each instant, so that what comes in between is not lost.
    /// Its lane keeps a process from running two of one mailing: it would have twice the connections.
    #[must_use]
    pub fn job(self, due: UnixMillis) -> NewJob<'static> {
        let (kind, lane, id) = match self {
            Self::Edition(id) => (Self::DELIVER_EDITION, "edition", id.0),
            Self::Correction(id) => (Self::DELIVER_CORRECTION, "correction", id.0),
        };
        NewJob {
            kind,
            key: format!("{id}@{due}"),
            lane: format!("{lane} {id}"),
            run_at: due,
        }
    }

    /// One of each kind, for statements that ask for none in particular.
    pub(super) const BOTH: [Self; 2] = [Self::Edition(EditionId(0)), Self::Correction(NoticeId(0))];

    /// A statement on `deliveries`, as it is on this mailing's table: both have the same columns but for what is mailed.
    pub(super) fn on(self, doing: &'static str, text: &str) -> Sql {
        let text = match self {
            Self::Edition(_) => text.to_owned(),
            Self::Correction(_) => text
                .replace("deliveries", "correction_deliveries")
                .replace("edition_id", "notice_id"),
        };
        built(doing, text).kept()
    }

    pub(super) fn arg(self) -> Arg<'static> {
        match self {
            Self::Edition(id) => id.arg(),
            Self::Correction(id) => id.arg(),
        }
    }
}

/// What was printed so shortly after something changed may not bear it yet, in milliseconds: the change was not committed, or two
/// nodes' clocks differ. Of what was last on the wire before that was kept, it is taken from when it was handed over.
const PRINTED_BEFORE: i64 = 60_000;

/// Everybody who got the edition `$1` as it was at the instant `$2` or before, or may have got it: whatever became of a message since of which
/// nobody knew whether it had arrived, it may have, at an instant that nobody knows. Who has the brief sent to another address
/// since is reached there, and where they moved on from there, at the last one. Each address is passed once at most.
const REACHED: &str = "with recursive got (reader, next) as (
      select s.id, s.moved_to from deliveries d join subscribers s on s.id = d.subscriber_id
      where d.edition_id = $1
        and (d.doubts > 0
             or d.state in ('sending', 'wire', 'sent', 'unknown') and coalesce(d.printed_at, d.sent_at, d.updated_at) <= $2)),
    moved (reader, next) as (
      select reader, next from got where next is not null
      union select s.id, s.moved_to from moved m join subscribers s on s.id = m.next)
    select reader from got where next is null union select reader from moved where next is null";

/// How many readers got an edition before a correction of it was stated, or may have got it.
///
/// # Errors
/// Where the database fails.
pub async fn count_reached(
    store: &Store,
    edition: EditionId,
    stated_at: UnixMillis,
) -> Result<u64, StoreError> {
    let doing = "count the readers of what was wrong";
    let text = format!("select count(*) as readers from ({REACHED}) as reached");
    let args = args![edition, stated_at.plus(PRINTED_BEFORE)];
    let row = store.row(built(doing, text).kept(), args).await?;
    row.ok_or(StoreError::Vanished { doing })?.get("readers")
}

/// Plans the mails of a correction to everybody who got the edition before it was stated, or may have got it, due at once. Those
/// planned already stay as they are. Says how many are new.
///
/// # Errors
/// Where the database fails.
pub async fn plan_correction(
    tx: &mut Tx,
    notice: NoticeId,
    edition: EditionId,
    stated_at: UnixMillis,
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = format!(
        "insert into correction_deliveries (notice_id, subscriber_id, state, due_at, message_id, updated_at)
         select $3, reader, 'queued', $4, $5, $4 from ({REACHED}) as reached order by reader
         on conflict (notice_id, subscriber_id) do nothing"
    );
    let args = args![edition, stated_at.plus(PRINTED_BEFORE), notice, now, UNNAMED];
    tx.run(built("plan a correction", text).kept(), args).await
}
