//! What mail services tell by HTTP of messages that they took: which came back, and of which readers complained.
//!
//! Each module proves that a call is the service's own, and reads its events. What an event means is decided where returned
//! mails are read, [`crate::bounce`], by the other side's own words and never by what the service concludes from them. And
//! a proof says only who calls: whom of our readers an event is about is for the caller to find, by what only our own
//! message to that reader held ([`Event::names`]).
//!
//! No clock is read here: a call carries the instant at which it came.

mod events;
pub mod mailgun;
pub mod postmark;
pub mod sendgrid;
pub mod sns;
pub mod standard;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use reveille_model::UnixMillis;
use serde_json::Value;

use crate::bounce::Returned;

/// So far from our clock a signed time may be, in milliseconds: five minutes, as Standard Webhooks say. It may lie further
/// back where a service repeats a call for longer without signing it anew: each module says how long, after what its
/// service publishes. What comes so late counts once like the first call.
const TOLERANCE_MILLIS: i64 = 5 * 60_000;

/// A call as it came.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// Its headers, names in lower case.
    pub headers: &'a [(String, String)],
    /// Its body, as sent.
    pub body: &'a [u8],
    /// When it came.
    pub now: UnixMillis,
}

/// One thing that a service tells of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What the service calls the event: the same whenever it is told. Empty where it has no name.
    pub id: String,
    /// Whom the message was for.
    pub recipient: String,
    /// What came back.
    pub returned: Returned,
    /// Every text that the event holds, one a line: somewhere in it stands our own name for the message, or our return path.
    pub names: String,
}

/// Why a call is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It has no proof, or a false one.
    #[error("the call is not signed as `{0}` signs")]
    Unproved(&'static str),
    /// Its proof is of another time.
    #[error("the call is signed for another time than ours")]
    Stale,
    /// Its proof came before, with something else.
    #[error("the call's proof was used before, for something else")]
    Replayed,
    /// It is no call of this service's.
    #[error("the call cannot be read: {0}")]
    Garbled(String),
}

impl<'a> Call<'a> {
    /// The value of a header.
    fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn json(&self) -> Result<Value, Refusal> {
        serde_json::from_slice(self.body).map_err(|error| Refusal::Garbled(error.to_string()))
    }

    /// Refuses what was signed at another time, `seconds` since 1970, or longer ago than `late` milliseconds.
    fn ensure_fresh(&self, seconds: &str, late: i64) -> Result<(), Refusal> {
        let signed = seconds.parse::<i64>().ok().and_then(|at| at.checked_mul(1_000));
        let signed = signed.ok_or_else(|| Refusal::Garbled("its time is no number".to_owned()))?;
        self.ensure_not_old(UnixMillis(signed), late)
    }

    fn ensure_not_old(&self, signed: UnixMillis, late: i64) -> Result<(), Refusal> {
        let age = self.now.0.saturating_sub(signed.0);
        match (-TOLERANCE_MILLIS..=late).contains(&age) {
            true => Ok(()),
            false => Err(Refusal::Stale),
        }
    }
}

/// Whether two secrets are the same, in a time that does not tell how far they agree.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    verify_slices_are_equal(one, other).is_ok()
}

/// The text at this path; empty where there is none.
fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
