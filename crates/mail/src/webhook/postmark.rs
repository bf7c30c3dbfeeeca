//! Postmark: an event a call. Nothing is signed; the call brings a user and a password (RFC 7617), which prove the service
//! only where the way is encrypted.
//!
//! The service gives messages names of its own. So that an event names ours, the webhook must be set to include the bounced
//! message ("Include bounce content").

use std::str::FromStr;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{Call, Event, Refusal, events, is_same, text};
use crate::bounce::{self, Reported};

/// What a call must bring, as it stands before the @ of the webhook's address: `user:password`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login(String);

impl FromStr for Login {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some((user, password)) if !user.is_empty() && !password.is_empty() => Ok(Self(text.to_owned())),
            _ => Err("expected `user:password`"),
        }
    }
}

/// Kinds of bounces that say that a message did not arrive; others are answering machines, readers who moved, and what
/// the service itself did.
const FAILURES: [&str; 10] = [
    "HardBounce",
    "SoftBounce",
    "Transient",
    "DnsError",
    "BadEmailAddress",
    "Blocked",
    "SpamNotification",
    "VirusNotification",
    "DMARCPolicy",
    "Unknown",
];

/// Reads a call.
///
/// # Errors
/// Why it is not believed.
pub fn read(login: &Login, call: &Call) -> Result<Vec<Event>, Refusal> {
    let given = call
        .header("authorization")
        .and_then(|value| value.split_once(' '));
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let given = given.and_then(|(_, packed)| BASE64_STANDARD.decode(packed.trim()).ok());
    if !given.is_some_and(|given| is_same(&given, login.0.as_bytes())) {
        return Err(Refusal::Unproved("Postmark"));
    }
    Ok(event(&call.json()?).into_iter().collect())
}

fn event(event: &Value) -> Option<Event> {
    let recipient = text(event, "/Email");
    let id = event["ID"].as_u64().map(|id| id.to_string()).unwrap_or_default();
    match (text(event, "/RecordType"), text(event, "/Type")) {
        ("SpamComplaint", _) | ("Bounce", "SpamComplaint") => {
            Some(events::complaint(&id, "abuse", recipient, event))
        }
        // "Description" explains the kind, in words that would decide; "Details" is what the other side said.
        ("Bounce", kind) if FAILURES.contains(&kind) => {
            let failure = bounce::of_report(Reported {
                address: recipient,
                diagnosis: text(event, "/Details"),
                ..Reported::default()
            });
            Some(events::bounce(&id, failure, event))
        }
        _ => None,
    }
}
