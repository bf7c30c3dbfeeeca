//! Mailgun: an event a call, with a signature beside it in the same JSON.
//!
//! HMAC-SHA256, by the account's "HTTP webhook signing key", of a time and a token; the event itself is not signed. So that a
//! call which somebody overheard cannot be told again with another event, the caller must keep each token with what
//! came with it first, for as long as it would be believed ([`Bound`]).

use aws_lc_rs::hmac;
use reveille_model::hex;
use serde_json::Value;

use super::{Call, Event, Refusal, events, is_same, text};
use crate::bounce::{self, Reported};

/// A call that was not taken is made again for eight hours and five minutes (after 10, 10, 15, 30, 60, 120 and 240 minutes);
/// in milliseconds, with most of an hour for the answers between.
const LATE_MILLIS: i64 = 9 * 3_600_000;

/// What must go together from now on: a token that comes with another event is a replay, with the same one it is
/// the service's own repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The token.
    pub token: String,
    /// The event, whole.
    pub event: String,
}

/// Reads a call. Its events are to be believed once its token is kept with its event.
///
/// # Errors
/// Why it is not believed.
pub fn read(key: &str, call: &Call) -> Result<(Bound, Vec<Event>), Refusal> {
    let told = call.json()?;
    let (time, token) = (
        text(&told, "/signature/timestamp"),
        text(&told, "/signature/token"),
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let tag = hex(hmac::sign(&key, format!("{time}{token}").as_bytes()).as_ref());
    if !is_same(tag.as_bytes(), text(&told, "/signature/signature").as_bytes()) {
        return Err(Refusal::Unproved("Mailgun"));
    }
    call.ensure_fresh(time, LATE_MILLIS)?;
    let bound = Bound {
        token: token.to_owned(),
        event: told["event-data"].to_string(),
    };
    Ok((bound, event(&told["event-data"]).into_iter().collect()))
}

fn event(event: &Value) -> Option<Event> {
    let (id, recipient) = (text(event, "/id"), text(event, "/recipient"));
    match text(event, "/event") {
        "failed" if is_kept_back(event) => {
            let failure = bounce::kept_back(recipient, said(event));
            Some(events::bounce(id, failure, event))
        }
        // Else the service goes on trying, and says later how that ended.
        "failed" if text(event, "/severity") == "permanent" => {
            let failure = bounce::of_report(Reported {
                address: recipient,
                status: text(event, "/delivery-status/enhanced-code"),
                diagnosis: &answer(event),
                ..Reported::default()
            });
            Some(events::bounce(id, failure, event))
        }
        "complained" => Some(events::complaint(id, "abuse", recipient, event)),
        "unsubscribed" => Some(events::complaint(id, "opt-out", recipient, event)),
        _ => None,
    }
}

/// Whether it stands on a list of the account's.
fn is_kept_back(event: &Value) -> bool {
    text(event, "/reason").starts_with("suppress-")
}

fn said(event: &Value) -> &str {
    match text(event, "/delivery-status/message") {
        "" => text(event, "/delivery-status/description"),
        message => message,
    }
}

/// The other side's answer as a server gives it, its code first (RFC 5321, section 4.2).
fn answer(event: &Value) -> String {
    let said = said(event);
    let code = event.pointer("/delivery-status/code").and_then(Value::as_u64);
    match code.filter(|code| (400..600).contains(code)) {
        Some(code) if !said.starts_with(&code.to_string()) => format!("{code} {said}"),
        _ => said.to_owned(),
    }
}
