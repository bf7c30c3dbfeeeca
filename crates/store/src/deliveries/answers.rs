//! Why deliveries were put off or refused.

use reveille_model::UnixMillis;

use super::{Mailing, waiting::WAITS};
use crate::{
    Store, StoreError,
    sql::{Arg, Param},
};

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
    let those = "state = 'queued' and tries > 0 order by id";
    answers(store, mailing.into(), those, vec![]).await
}

/// Of what was refused for good.
pub async fn refused(store: &Store, mailing: impl Into<Mailing>) -> Result<Answers, StoreError> {
    let those = "state = 'refused' and state not in ('sending', 'wire') order by id";
    answers(store, mailing.into(), those, vec![]).await
}

/// Of what waits since the mail server takes such messages from nobody, and is due until then: nothing of that has a later
/// turn, and what has is not to be read.
pub async fn waiting(
    store: &Store,
    mailing: impl Into<Mailing>,
    until: UnixMillis,
) -> Result<Answers, StoreError> {
    let those = format!(
        "state in ('queued', 'unknown') and state = 'queued' and due_at <= $3 and error like '{WAITS}%' order by due_at, id"
    );
    answers(store, mailing.into(), &those, vec![until.arg()]).await
}

/// Of the deliveries of which this is true, in an order that an index holds, with what else is asked from `$3` on.
async fn answers(
    store: &Store,
    mailing: Mailing,
    those: &str,
    more: Vec<Arg<'static>>,
) -> Result<Answers, StoreError> {
    let mut args = vec![mailing.arg(), Answers::COUNTED.arg()];
    args.extend(more);
    let text = format!(
        "select coalesce(error, reply, '') as answer, count(*) as readers from (
           select error, reply from deliveries where edition_id = $1 and {those} limit $2
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
        let text =
            format!("select 1 as found from deliveries where edition_id = $1 and {those} limit 1 offset $2");
        let next = store
            .row(mailing.on("look for more answers", &text), args)
            .await?;
        answers.is_more = next.is_some();
    }
    Ok(answers)
}
