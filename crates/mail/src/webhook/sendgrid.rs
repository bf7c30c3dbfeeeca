//! The Event Webhook of Twilio `SendGrid`: many events a call, signed by ECDSA (P-256, SHA-256) over a time and the body.

use std::str::FromStr;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{Call, Event, Refusal, events, text};
use crate::bounce::{self, Reported};

/// Events that were not taken are told again for 24 hours; in milliseconds, with an hour for the last try.
const LATE_MILLIS: i64 = 25 * 3_600_000;

/// The verification key that the service shows beside the setting: a `SubjectPublicKeyInfo` (RFC 5480)
/// in base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey(Vec<u8>);

impl FromStr for PublicKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "expected the verification key that SendGrid shows, in base64 on one line";
        BASE64_STANDARD
            .decode(text.trim())
            .map(Self)
            .map_err(|_| expected.to_owned())
    }
}

/// Reads a call.
///
/// # Errors
/// Why it is not believed.
pub fn read(key: &PublicKey, call: &Call) -> Result<Vec<Event>, Refusal> {
    const UNPROVED: Refusal = Refusal::Unproved("SendGrid");
    let header = |name: &str| call.header(&format!("x-twilio-email-event-webhook-{name}"));
    let (time, signature) = header("timestamp").zip(header("signature")).ok_or(UNPROVED)?;
    let signature = BASE64_STANDARD.decode(signature).map_err(|_| UNPROVED)?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &key.0)
        .verify(&[time.as_bytes(), call.body].concat(), &signature)
        .map_err(|_| UNPROVED)?;
    call.ensure_fresh(time, LATE_MILLIS)?;
    let told = call.json()?;
    let told = told
        .as_array()
        .ok_or_else(|| Refusal::Garbled("it is no list of events".to_owned()))?;
    Ok(told.iter().filter_map(event).collect())
}

fn event(event: &Value) -> Option<Event> {
    let (id, recipient) = (text(event, "/sg_event_id"), text(event, "/email"));
    match text(event, "/event") {
        "bounce" => {
            let failure = bounce::of_report(Reported {
                address: recipient,
                status: text(event, "/status"),
                diagnosis: text(event, "/reason"),
                ..Reported::default()
            });
            Some(events::bounce(id, failure, event))
        }
        // Never sent: the account has the address on a list.
        "dropped" => {
            let failure = bounce::kept_back(recipient, text(event, "/reason"));
            Some(events::bounce(id, failure, event))
        }
        "spamreport" => Some(events::complaint(id, "abuse", recipient, event)),
        "unsubscribe" | "group_unsubscribe" => Some(events::complaint(id, "opt-out", recipient, event)),
        _ => None,
    }
}
