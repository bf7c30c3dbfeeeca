//! Returned mails as JSON lines, for pipes and for comparison with other readers of bounces.
//!
//! A line in is `{"name", "eml_base64"}`; a line out `{"name", "kind", "recipients"}` with the kind `bounce`,
//! `complaint`, `auto` or `none` and, for each recipient, its address and, of a bounce, class (`hard` or `soft`),
//! reason, status and what was said; or `{"name", "error"}`.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::{Returned, read};

/// The line out for a line in, whatever is wrong with it.
#[must_use]
pub fn answer_line(line: &str) -> Value {
    let line: Value = match serde_json::from_str(line) {
        Ok(line) => line,
        Err(error) => return json!({"name": null, "error": format!("the line is no JSON: {error}")}),
    };
    let name = &line["name"];
    let packed = line["eml_base64"]
        .as_str()
        .map(|packed| STANDARD.decode(packed.trim()));
    match packed {
        Some(Ok(bytes)) => {
            let mut answer = json!({"name": name});
            if let (Value::Object(answer), Value::Object(told)) = (&mut answer, describe(&read(&bytes))) {
                answer.extend(told);
            }
            answer
        }
        Some(Err(error)) => json!({"name": name, "error": format!("\"eml_base64\" is no base64: {error}")}),
        None => json!({"name": name, "error": "the line has no \"eml_base64\""}),
    }
}

/// What a returned mail says, as one JSON value.
#[must_use]
pub fn describe(returned: &Returned) -> Value {
    match returned {
        Returned::Bounce(failures) => {
            let recipients = failures.iter().map(|failure| {
                json!({
                    "address": failure.address,
                    "class": if failure.reason.is_hard() { "hard" } else { "soft" },
                    "reason": failure.reason.name(),
                    "status": failure.status,
                    "said": failure.said,
                })
            });
            json!({"kind": "bounce", "recipients": recipients.collect::<Vec<_>>()})
        }
        Returned::Complaint { kind, addresses } => {
            let recipients = addresses.iter().map(|address| json!({"address": address}));
            json!({"kind": "complaint", "feedback": kind, "recipients": recipients.collect::<Vec<_>>()})
        }
        Returned::AutoReply => json!({"kind": "auto", "recipients": []}),
        Returned::Other => json!({"kind": "none", "recipients": []}),
    }
}
