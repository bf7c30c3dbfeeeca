//! Services that sign as Standard Webhooks say (standardwebhooks.com, version 1), and tell events as Resend does: `type` is
//! `email.bounced` or `email.complained`, and `data` has the recipients and the bounce.

use std::str::FromStr;

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::{Call, Event, Refusal, TOLERANCE_MILLIS, events, text};
use crate::bounce::{self, Reported};

/// The key of the endpoint, of which people see `whsec_` and base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl FromStr for Secret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let packed = text.trim();
        let key = BASE64_STANDARD.decode(packed.strip_prefix("whsec_").unwrap_or(packed));
        let key = key.ok().filter(|key| !key.is_empty());
        key.map(Self).ok_or("expected `whsec_` and base64")
    }
}

/// Reads a call.
///
/// # Errors
/// Why it is not believed.
pub fn read(secret: &Secret, call: &Call) -> Result<Vec<Event>, Refusal> {
    const UNPROVED: Refusal = Refusal::Unproved("Standard Webhooks");
    // Svix had these headers before the standard did, under its own name.
    let header = |name: &str| {
        let own = || call.header(&format!("svix-{name}"));
        call.header(&format!("webhook-{name}")).or_else(own)
    };
    let (id, time) = header("id").zip(header("timestamp")).ok_or(UNPROVED)?;
    let signed = [format!("{id}.{time}.").as_bytes(), call.body].concat();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret.0);
    // Several, while keys are changed.
    let mut given = header("signature").unwrap_or_default().split_whitespace();
    let is_ours = |signature: &str| {
        let tag = signature
            .strip_prefix("v1,")
            .map(|packed| BASE64_STANDARD.decode(packed));
        matches!(tag, Some(Ok(tag)) if hmac::verify(&key, &signed, &tag).is_ok())
    };
    if !given.any(is_ours) {
        return Err(UNPROVED);
    }
    // Each try is signed for its own time.
    call.ensure_fresh(time, TOLERANCE_MILLIS)?;
    Ok(event(id, &call.json()?).into_iter().collect())
}

fn event(id: &str, event: &Value) -> Option<Event> {
    let recipient = match text(event, "/data/to/0") {
        "" => text(event, "/data/to"),
        first => first,
    };
    match text(event, "/type") {
        "email.bounced" if text(event, "/data/bounce/subType").contains("Suppress") => {
            let failure = bounce::kept_back(recipient, text(event, "/data/bounce/message"));
            Some(events::bounce(id, failure, event))
        }
        "email.bounced" => {
            let diagnosis = match text(event, "/data/bounce/diagnosticCode/0") {
                "" => text(event, "/data/bounce/message"),
                diagnosis => diagnosis,
            };
            let failure = bounce::of_report(Reported {
                address: recipient,
                diagnosis,
                ..Reported::default()
            });
            Some(events::bounce(id, failure, event))
        }
        "email.complained" => Some(events::complaint(id, "abuse", recipient, event)),
        _ => None,
    }
}
