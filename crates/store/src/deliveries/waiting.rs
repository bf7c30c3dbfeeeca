//! Messages such as the mail server takes from nobody: they wait without costing their readers a try, and say why.

use reveille_model::UnixMillis;

use super::{Claim, Mailing};
use crate::{StoreError, Tx, sql::args};

/// What the error begins with of what waits so.
pub(super) const WAITS: &str = "waits, since ";

/// A claimed delivery that is to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The right to hand it over.
    pub claim: Claim,
    /// Until then.
    pub until: UnixMillis,
    /// What is in the way of its message.
    pub why: String,
}

/// Queues claims again of which the caller knows that nothing was sent, and why they wait. Says how many were still held.
///
/// # Errors
/// Where the database fails.
pub async fn keep_waiting(
    tx: &mut Tx,
    mailing: impl Into<Mailing>,
    waiting: &[Waiting],
    now: UnixMillis,
) -> Result<u64, StoreError> {
    let text = format!(
        "update deliveries set state = 'queued', lease_until = null, due_at = v.column3, updated_at = t.at,
           error = '{WAITS}' || v.column4
         from (select $1 as at) as t, ({{rows}}) as v
         where deliveries.id = v.column1 and deliveries.attempts = v.column2
           and deliveries.state in ('sending', 'wire')"
    );
    let rows = waiting.iter().map(|waiting| {
        args![
            waiting.claim.id,
            waiting.claim.attempts,
            waiting.until,
            &waiting.why
        ]
    });
    let sql = mailing.into().on("have deliveries wait", &text);
    tx.run_filled(sql, args![now], rows.collect()).await
}
