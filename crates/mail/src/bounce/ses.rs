//! What Amazon SES tells of a message, as JSON: a topic of Amazon SNS carries it by mail or by HTTP. What it means is decided
//! by the other side's words; what SES concludes from them makes it milder, and never harder.
//!
//! <https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html>

use serde_json::{Deserializer, Value};

use super::{Failure, Reported, Returned, kept_back, of_report};

/// What a mail's text tells that begins with such JSON.
pub(super) fn in_text(text: &str) -> Option<Returned> {
    let text = text.trim_start();
    text.starts_with('{').then_some(())?;
    // Sendmail breaks a line that is too long by such a mark. No line ends within a text of JSON.
    let whole = text.replace("!\n ", "");
    let told: Value = Deserializer::from_str(&whole).into_iter().next()?.ok()?;
    // A topic's message is bare in a mail for people, and packed in one for machines ("email-json").
    match told["Message"].as_str() {
        Some(packed) => returned(&serde_json::from_str(packed).ok()?),
        None => returned(&told),
    }
}

/// What a notification tells, or an event of a configuration set, where it is of a message that came back or of a complaint.
pub(crate) fn returned(told: &Value) -> Option<Returned> {
    let kind = ["notificationType", "eventType"].map(|name| told[name].as_str());
    match kind.into_iter().flatten().next()? {
        "Bounce" => {
            let bounce = &told["bounce"];
            let recipients = bounce["bouncedRecipients"].as_array()?.iter();
            let failures: Vec<Failure> = recipients.map(|one| failure(bounce, one)).collect();
            (!failures.is_empty()).then_some(Returned::Bounce(failures))
        }
        "Complaint" => complaint(&told["complaint"]),
        _ => None,
    }
}

fn failure(bounce: &Value, recipient: &Value) -> Failure {
    let (address, diagnosis) = (
        text(&recipient["emailAddress"]),
        text(&recipient["diagnosticCode"]),
    );
    // "Suppressed" and "OnAccountSuppressionList": nobody asked the other side.
    if text(&bounce["bounceSubType"]).contains("Suppress") {
        return kept_back(address, diagnosis);
    }
    of_report(Reported {
        address,
        status: text(&recipient["status"]),
        diagnosis,
        reporter: text(&bounce["reportingMTA"]),
        // "Transient": a full box, a message too large, an answering machine; "Undetermined": SES understood nothing.
        is_delayed: text(&bounce["bounceType"]) != "Permanent",
    })
}

fn complaint(complaint: &Value) -> Option<Returned> {
    let recipients = complaint["complainedRecipients"].as_array();
    let addresses = recipients
        .into_iter()
        .flatten()
        .map(|one| text(&one["emailAddress"]));
    if text(&complaint["complaintSubType"]) == "OnAccountSuppressionList" {
        let kept = addresses.map(|address| kept_back(address, "complained before, says the account's list"));
        let kept: Vec<Failure> = kept.collect();
        return (!kept.is_empty()).then_some(Returned::Bounce(kept));
    }
    let kind = match text(&complaint["complaintFeedbackType"]) {
        "" => "abuse".to_owned(),
        kind => kind.to_ascii_lowercase(),
    };
    let addresses = addresses.map(str::to_owned).collect();
    Some(Returned::Complaint { kind, addresses })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
