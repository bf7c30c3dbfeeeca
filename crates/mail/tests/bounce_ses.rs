//! What Amazon SES tells by mail, as JSON in a mail of Amazon SNS.

use reveille_mail::bounce::{Reason, Returned, read};
use serde_json::{Value, json};

/// The mail that tells this.
fn mail(told: &Value) -> String {
    format!(
        "Return-Path: <0101-000000@eu-west-1.amazonses.com>\nFrom: Bounces <no-reply@sns.amazonaws.com>\n\
         To: returns@brief.example\nSubject: AWS Notification Message\nContent-Type: text/plain; charset=UTF-8\n\n\
         {told}\n\n--\nIf you wish to stop receiving notifications from this topic, please visit the link below.\n"
    )
}

fn bounce(kind: &str, sub_type: &str, diagnosis: &str) -> Value {
    json!({
        "notificationType": "Bounce",
        "bounce": {
            "bounceType": kind, "bounceSubType": sub_type, "feedbackId": "f1",
            "bouncedRecipients": [{"emailAddress": "ann@reader.example", "action": "failed", "diagnosticCode": diagnosis}],
        },
        "mail": {"source": "brief@brief.example", "destination": ["ann@reader.example"]},
    })
}

/// Why Ann was not reached, as a mail has it.
fn reason(mail: &str) -> Reason {
    match read(mail.as_bytes()) {
        Returned::Bounce(failures) if failures.len() == 1 && failures[0].address == "ann@reader.example" => {
            failures[0].reason
        }
        other => panic!("{mail}: {other:?}"),
    }
}

#[test]
fn a_notification_is_judged_by_the_other_sides_words_and_never_harder_than_ses_does() {
    let unknown = "smtp; 550 5.1.1 <ann@reader.example>: user unknown";
    for (kind, sub_type, diagnosis, expected) in [
        ("Permanent", "General", unknown, Reason::UnknownUser),
        ("Permanent", "NoEmail", unknown, Reason::UnknownUser),
        (
            "Permanent",
            "General",
            "smtp; 550 5.7.1 blocked by policy",
            Reason::Refused,
        ),
        ("Permanent", "General", "", Reason::Unclear),
        ("Permanent", "Suppressed", unknown, Reason::Filtered),
        ("Permanent", "OnAccountSuppressionList", unknown, Reason::Filtered),
        ("Transient", "General", unknown, Reason::Trouble),
        ("Transient", "General", "", Reason::Unclear),
        (
            "Transient",
            "MailboxFull",
            "smtp; 552 5.2.2 mailbox full",
            Reason::Full,
        ),
        ("Undetermined", "Undetermined", unknown, Reason::Trouble),
    ] {
        let told = bounce(kind, sub_type, diagnosis);
        assert_eq!(reason(&mail(&told)), expected, "{told}");
    }
}

#[test]
fn a_notification_is_read_however_it_is_packed() {
    let told = bounce("Permanent", "General", "smtp; 550 5.1.1 user unknown");
    let packed = json!({"Type": "Notification", "Message": told.to_string()});
    let mut event = told.clone();
    event["eventType"] = event["notificationType"].take();
    let broken = mail(&told).replace("user unknown", "user!\n  unknown");
    for mail in [mail(&packed), mail(&event), broken] {
        assert_eq!(reason(&mail), Reason::UnknownUser);
    }
}

#[test]
fn a_complaint_is_one_and_all_else_is_none() {
    let who = json!([{"emailAddress": "ann@reader.example"}]);
    let complaint =
        |complaint: Value| mail(&json!({"notificationType": "Complaint", "complaint": complaint}));
    for told in [
        json!({"complainedRecipients": who, "complaintFeedbackType": "abuse"}),
        json!({"complainedRecipients": who, "complaintFeedbackType": null}),
    ] {
        let expected = Returned::Complaint {
            kind: "abuse".to_owned(),
            addresses: vec!["ann@reader.example".to_owned()],
        };
        assert_eq!(read(complaint(told).as_bytes()), expected);
    }
    let kept = json!({"complainedRecipients": who, "complaintSubType": "OnAccountSuppressionList"});
    assert_eq!(reason(&complaint(kept)), Reason::Filtered);
    let delivery =
        json!({"notificationType": "Delivery", "delivery": {"recipients": ["ann@reader.example"]}});
    let nobody = json!({"notificationType": "Bounce", "bounce": {"bouncedRecipients": []}});
    let quoted = mail(&bounce("Permanent", "General", "smtp; 550 5.1.1 user unknown"))
        .replace("\n\n{", "\n\nWhat does this say?\n{");
    for letter in [mail(&delivery), mail(&nobody), mail(&json!({})), quoted] {
        assert_eq!(read(letter.as_bytes()), Returned::Other, "{letter}");
    }
}
