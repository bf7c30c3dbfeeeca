//! Why deliveries were put off or refused.

use super::Mailing;
use crate::{Store, StoreError, sql::Param};

/// What the error begins with of a delivery that waits since the mail server takes such messages from nobody: it costs its reader no
/// try.
pub(super) const WAITS: &str = "waits, since ";

/// How many deliveries of a mailing were turned away, and by what answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// So many, or [`Answers::COUNTED`].
    pub readers: u64,
    /// Whether there are more of them than were counted.
    pub is_more: bool,
    /// Each answer to those that were counted, and to how many of them.
    pub given: Vec<(String, u64)>,
}

impl Answers {
    /// So many are counted and no more, in the order in which they were planned: a mail server that is down puts off a million,
    /// and whoever asks should not wait for them to be read.
    pub const COUNTED: u32 = 10_000;
}

/// Of what was tried, was put off, and waits for its next try.
///
/// # Errors
/// Where the database fails; so for every function here.
pub async fn deferred(store: &Store, mailing: impl Into<Mailing>) -> Result<Answers, StoreError> {
    let those = "state = 'queued' and tries > 0";
    answers(store, mailing.into(), those).await
}

/// Of what was refused for good.
pub async fn refused(store: &Store, mailing: impl Into<Mailing>) -> Result<Answers, StoreError> {
    let those = "state = 'refused' and state not in ('sending', 'wire')";
    answers(store, mailing.into(), those).await
}

/// Of what waits since the mail server takes such messages from nobody.
pub async fn waiting(store: &Store, mailing: impl Into<Mailing>) -> Result<Answers, StoreError> {
    // As its index says it.
    let those = format!(
        "state = 'queued' and substr(error, 1, {}) = '{WAITS}'",
        WAITS.len()
    );
    answers(store, mailing.into(), &those).await
}

/// Of the deliveries of which this is true, which an index holds.
async fn answers(store: &Store, mailing: Mailing, those: &str) -> Result<Answers, StoreError> {
    let args = vec![mailing.arg(), Answers::COUNTED.arg()];
    let text = format!(
        "select coalesce(error, reply, '') as answer, count(*) as readers from (
           select error, reply from deliveries where edition_id = $1 and {those} order by id limit $2
         ) as counted group by coalesce(error, reply, '')"
    );
    let mut answers = Answers::default();
    for row in store
        .rows(mailing.on("count answers", &text), args.clone())
        .await?
    {
        let readers: u64 = row.get("readers")?;
        answers.readers += readers;
        answers.given.push((row.get("answer")?, readers));
    }
    if answers.readers == u64::from(Answers::COUNTED) {
        let text = format!(
            "select 1 as found from deliveries where edition_id = $1 and {those} order by id limit 1 offset $2"
        );
        let next = store
            .row(mailing.on("look for more answers", &text), args)
            .await?;
        answers.is_more = next.is_some();
    }
    Ok(answers)
}
