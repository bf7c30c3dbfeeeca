use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::RSA_PKCS1_SHA256,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_mail::{
    bounce::Returned,
    webhook::{
        Refusal,
        sns::{Brought, Message, Topic},
    },
};
use serde_json::{Value, json};

use super::call::{call, said};

const ARN: &str = "arn:aws:sns:eu-west-1:123456789012:bounces";
const HOST: &str = "https://sns.eu-west-1.amazonaws.com";
const PATH: &str = "bounce+0123456789abcdef0123456789abcdef@brief.example";

pub(crate) fn topic() -> Topic {
    ARN.parse().unwrap()
}

/// A key as Amazon would have, and its certificate as PEM.
pub(crate) fn signer() -> (KeyPair, String) {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let pkcs8 = AsDer::as_der(&key).unwrap();
    let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(
        &pkcs8.as_ref().to_vec().into(),
        &rcgen::PKCS_RSA_SHA256,
    );
    let parameters = rcgen::CertificateParams::new(["sns.amazonaws.com".to_owned()]).unwrap();
    let certificate = parameters.self_signed(&pair.unwrap()).unwrap();
    (key, certificate.pem())
}

/// A message that holds this text, to be signed.
pub(crate) fn message(kind: &str, text: &str) -> Value {
    json!({
        "Type": kind, "MessageId": "m1", "TopicArn": ARN, "Message": text, "Timestamp": "2026-03-10T06:29:00.000Z",
        "SignatureVersion": "2", "SigningCertURL": format!("{HOST}/SimpleNotificationService-0.pem"),
    })
}

pub(crate) fn sign(key: &KeyPair, mut message: Value) -> String {
    let mut signed = String::new();
    for name in [
        "Message",
        "MessageId",
        "Subject",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ] {
        if let Some(value) = message[name].as_str() {
            signed += &format!("{name}\n{value}\n");
        }
    }
    let mut tag = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        signed.as_bytes(),
        &mut tag,
    )
    .unwrap();
    message["Signature"] = BASE64_STANDARD.encode(tag).into();
    message.to_string()
}

pub(crate) fn brought(certificate: &str, body: &str) -> Result<Brought, Refusal> {
    let call = call(&[], body);
    Message::read(&topic(), &call)?.prove(&topic(), certificate.as_bytes(), &call)
}

fn bounce(recipients: &Value, sub_type: &str) -> String {
    json!({
        "notificationType": "Bounce", "mail": {"source": PATH},
        "bounce": {
            "bounceType": "Permanent", "bounceSubType": sub_type, "feedbackId": "f1",
            "bouncedRecipients": recipients, "reportingMTA": "dns; a1.smtp-out.eu-west-1.amazonses.com",
        },
    })
    .to_string()
}

#[test]
fn events_of_a_proved_message_are_told() {
    let (key, certificate) = signer();
    let one = |status: &str, diagnosis: &str| json!([{"emailAddress": "ann@example.org", "status": status, "diagnosticCode": diagnosis}]);
    let complaint = |complaint: Value| json!({"eventType": "Complaint", "complaint": complaint}).to_string();
    let who = json!([{"emailAddress": "ann@example.org"}]);
    for (text, expected) in [
        (
            bounce(&one("5.1.1", "smtp; 550 5.1.1 user unknown"), "General"),
            "hard unknown user",
        ),
        (
            bounce(&one("5.2.2", "smtp; 552 mailbox full"), "MailboxFull"),
            "soft full",
        ),
        (
            bounce(
                &one("5.7.1", "smtp; 550 message content rejected by policy"),
                "General",
            ),
            "soft refused",
        ),
        (
            bounce(&json!([{"emailAddress": "ann@example.org"}]), "General"),
            "soft unclear",
        ),
        (
            bounce(
                &one("5.1.1", "Amazon SES has suppressed it: an invalid address"),
                "Suppressed",
            ),
            "soft filtered",
        ),
        (
            complaint(
                json!({"feedbackId": "f1", "complainedRecipients": who, "complaintFeedbackType": "abuse"}),
            ),
            "complaint abuse",
        ),
        (
            complaint(json!({"feedbackId": "f1", "complainedRecipients": who})),
            "complaint abuse",
        ),
        (
            complaint(json!({
                "feedbackId": "f1", "complainedRecipients": who, "complaintSubType": "OnAccountSuppressionList",
            })),
            "soft filtered",
        ),
    ] {
        let Ok(Brought::Events(events)) = brought(&certificate, &sign(&key, message("Notification", &text)))
        else {
            panic!("{text}")
        };
        assert_eq!(said(&events[0]), format!("f1 ann@example.org: {expected}"));
    }
    let two = json!([{"emailAddress": "ann@example.org"}, {"emailAddress": "ben@example.org"}]);
    let body = sign(&key, message("Notification", &bounce(&two, "General")));
    let Ok(Brought::Events(events)) = brought(&certificate, &body) else {
        panic!()
    };
    assert!(events[0].names.contains(PATH));
    assert!(matches!(&events[..], [one] if matches!(&one.returned, Returned::Bounce(all) if all.len() == 2)));
    let plain = sign(&key, message("Notification", "Successfully validated SNS topic"));
    assert_eq!(brought(&certificate, &plain), Ok(Brought::Events(Vec::new())));
}

#[test]
fn a_rule_of_the_readers_costs_nobody() {
    let (key, certificate) = signer();
    let recipients = json!([{"emailAddress": "ann@example.org", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 Mailbox does not exist"}]);
    let text = bounce(&recipients, "General").replace(
        "a1.smtp-out.eu-west-1.amazonses.com",
        "inbound-smtp.eu-west-1.amazonaws.com",
    );
    let Ok(Brought::Events(events)) = brought(&certificate, &sign(&key, message("Notification", &text)))
    else {
        panic!()
    };
    assert_eq!(said(&events[0]), "f1 ann@example.org: soft filtered");
}

#[test]
fn a_topic_that_asks_is_answered_at_its_own_host_only() {
    let (key, certificate) = signer();
    let question = |page: &str| {
        let mut asked = message("SubscriptionConfirmation", "You have chosen to subscribe");
        asked["Token"] = "t1".into();
        asked["SubscribeURL"] = page.into();
        brought(&certificate, &sign(&key, asked))
    };
    let page = format!("{HOST}/?Action=ConfirmSubscription&Token=t1");
    assert_eq!(question(&page), Ok(Brought::Question(page)));
    assert_eq!(
        question("https://other.example/"),
        Err(Refusal::Unproved("Amazon SNS"))
    );
}

#[test]
fn only_our_topic_with_a_certificate_of_amazons_is_believed() {
    let (key, certificate) = signer();
    let unproved = Err(Refusal::Unproved("Amazon SNS"));
    let with = |name: &str, value: &str| {
        let mut message = message("Notification", "{}");
        message[name] = value.into();
        message
    };
    assert!(brought(&certificate, &sign(&key, message("Notification", "{}"))).is_ok());
    for (name, value) in [
        ("TopicArn", "arn:aws:sns:eu-west-1:999999999999:bounces"),
        ("SignatureVersion", "1"),
        (
            "SigningCertURL",
            "https://sns.s3.amazonaws.com/SimpleNotificationService-0.pem",
        ),
        (
            "SigningCertURL",
            "https://sns.eu-west-1.amazonaws.com.example/SimpleNotificationService-0.pem",
        ),
        (
            "SigningCertURL",
            "https://sns.eu-west-1.amazonaws.com@example.org/SimpleNotificationService-0.pem",
        ),
        (
            "SigningCertURL",
            "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
        ),
        ("SigningCertURL", "https://sns.eu-west-1.amazonaws.com/other.pem"),
        // Where the host would repeat what an asker wrote.
        (
            "SigningCertURL",
            "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-/../?Action=x.pem",
        ),
        (
            "SigningCertURL",
            "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0?Action=x.pem",
        ),
        (
            "SigningCertURL",
            "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0#.pem",
        ),
    ] {
        assert_eq!(
            brought(&certificate, &sign(&key, with(name, value))),
            unproved,
            "{value}"
        );
    }
    let altered = sign(&key, message("Notification", "{}")).replace("\"m1\"", "\"m2\"");
    assert_eq!(brought(&certificate, &altered), unproved);
    let (_, other) = signer();
    assert_eq!(
        brought(&other, &sign(&key, message("Notification", "{}"))),
        unproved
    );
    assert_eq!(
        brought("no certificate", &sign(&key, message("Notification", "{}"))),
        unproved
    );
    let old = sign(&key, with("Timestamp", "2026-03-10T05:20:00.000Z"));
    assert_eq!(brought(&certificate, &old), Err(Refusal::Stale));
    for garbage in ["", "[", "\u{0}"] {
        assert!(matches!(brought(&certificate, garbage), Err(Refusal::Garbled(_))));
    }
    for wrong in [
        "",
        "bounces",
        "arn:aws:sqs:eu-west-1:1:b",
        "arn:aws:sns:s3:1:b",
        "arn:aws:sns:a.b-c:1:b",
    ] {
        assert!(wrong.parse::<Topic>().is_err(), "{wrong}");
    }
}
