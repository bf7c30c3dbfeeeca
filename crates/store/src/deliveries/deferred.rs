//! What was tried, was put off, and waits for its next try.

use super::Mailing;
use crate::{Store, StoreError, sql::args};

/// How many deliveries of a mailing were put off, and by what answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deferred {
    /// So many, or [`Deferred::COUNTED`].
    pub readers: u64,
    /// Whether there are more of them than were counted.
    pub is_more: bool,
    /// Each answer to those that were counted, and to how many of them.
    pub answers: Vec<(String, u64)>,
}

impl Deferred {
    /// So many are counted and no more: a mail server that is down puts off a million, and whoever asks should not wait for
    /// them to be read.
    pub const COUNTED: u32 = 10_000;
}

/// How many deliveries of a mailing were put off, and why.
///
/// # Errors
/// Where the database fails.
pub async fn deferred(store: &Store, mailing: impl Into<Mailing>) -> Result<Deferred, StoreError> {
    let mailing = mailing.into();
    // The inner condition is the index's.
    let text = "select coalesce(error, '') as answer, count(*) as readers from (
                  select error from deliveries where edition_id = $1 and state = 'queued' and tries > 0
                  order by id limit $2
                ) as waiting group by coalesce(error, '')";
    let mut args = vec![mailing.arg()];
    args.extend(args![Deferred::COUNTED + 1]);
    let mut deferred = Deferred::default();
    for row in store
        .rows(mailing.on("count deferred deliveries", text), args)
        .await?
    {
        let readers: u64 = row.get("readers")?;
        deferred.readers += readers;
        deferred.answers.push((row.get("answer")?, readers));
    }
    let counted = u64::from(Deferred::COUNTED);
    deferred.is_more = deferred.readers > counted;
    deferred.readers = deferred.readers.min(counted);
    Ok(deferred)
}
