//! How events are made, whichever service tells them.

use serde_json::Value;

use super::Event;
use crate::bounce::{Failure, Returned};

/// That a message came back.
pub(super) fn bounce(id: &str, failure: Failure, whole: &Value) -> Event {
    Event {
        id: id.to_owned(),
        recipient: failure.address.clone(),
        returned: Returned::Bounce(vec![failure]),
        names: names(whole),
    }
}

/// That its reader complained. `kind` is a feedback type (RFC 5965, section 3.1): `abuse` where the service says none, and
/// `opt-out` where the reader left by the service's own link.
pub(super) fn complaint(id: &str, kind: &str, recipient: &str, whole: &Value) -> Event {
    Event {
        id: id.to_owned(),
        recipient: recipient.to_owned(),
        returned: Returned::Complaint {
            kind: kind.to_ascii_lowercase(),
            addresses: vec![recipient.to_owned()],
        },
        names: names(whole),
    }
}

/// Every text in a value, one a line.
fn names(value: &Value) -> String {
    let mut names = String::new();
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Value::String(text) => {
                names.push_str(text);
                names.push('\n');
            }
            Value::Array(values) => left.extend(values),
            Value::Object(fields) => left.extend(fields.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    names
}
