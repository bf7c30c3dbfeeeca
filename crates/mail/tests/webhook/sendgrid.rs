use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_mail::webhook::{
    Refusal,
    sendgrid::{PublicKey, read},
};
use serde_json::json;

use super::call::{ID, NOW, call, headers, said};

fn keys() -> (EcdsaKeyPair, PublicKey) {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let shown = pair.public_key().as_der().unwrap();
    let shown = BASE64_STANDARD.encode(shown.as_ref());
    (pair, shown.parse().unwrap())
}

fn signed(pair: &EcdsaKeyPair, time: i64, body: &str) -> Vec<(String, String)> {
    let time = time.to_string();
    let signature = pair
        .sign(&SystemRandom::new(), format!("{time}{body}").as_bytes())
        .unwrap();
    let signature = BASE64_STANDARD.encode(signature.as_ref());
    headers(&[
        ("x-twilio-email-event-webhook-timestamp", &time),
        ("x-twilio-email-event-webhook-signature", &signature),
    ])
}

#[test]
fn all_events_of_a_call_are_told() {
    let (pair, key) = keys();
    let one = |event: &str, reason: &str| {
        let smtp_id = format!("<{ID}>");
        json!({"event": event, "sg_event_id": "s1", "email": "ann@example.org", "smtp-id": smtp_id, "reason": reason})
    };
    let body = json!([
        one(
            "bounce",
            "550 5.1.1 <ann@example.org>: Recipient address rejected: User unknown in virtual mailbox table"
        ),
        one(
            "bounce",
            "452 4.2.2 The email account that you tried to reach is over quota"
        ),
        one("bounce", "550 5.7.1 Message rejected due to DMARC policy"),
        one("bounce", ""),
        one("deferred", "451 later"),
        one("dropped", "Bounced Address: user unknown"),
        one("spamreport", ""),
        one("group_unsubscribe", ""),
        7,
    ])
    .to_string();
    let events = read(&key, &call(&signed(&pair, NOW, &body), &body)).unwrap();
    let said: Vec<String> = events.iter().map(said).collect();
    let expected = [
        "hard unknown user",
        "soft full",
        "soft refused",
        "soft unclear",
        "soft filtered",
        "complaint abuse",
        "complaint opt-out",
    ];
    assert_eq!(said, expected.map(|what| format!("s1 ann@example.org: {what}")));
    assert!(events.iter().all(|event| event.names.contains(ID)));
}

#[test]
fn only_a_fresh_signature_of_this_body_is_believed() {
    let (pair, key) = keys();
    let body = "[]";
    let proof = signed(&pair, NOW, body);
    assert_eq!(read(&key, &call(&proof, body)), Ok(Vec::new()));
    let unproved = Err(Refusal::Unproved("SendGrid"));
    assert_eq!(read(&key, &call(&proof, "[ ]")), unproved);
    assert_eq!(read(&key, &call(&[], body)), unproved);
    assert_eq!(read(&keys().1, &call(&proof, body)), unproved);
    let at = |time: i64| read(&key, &call(&signed(&pair, time, body), body));
    assert_eq!(at(NOW - 24 * 3_600), at(NOW), "the service repeats for a day");
    for time in [NOW - 26 * 3_600, NOW + 400] {
        assert_eq!(at(time), Err(Refusal::Stale));
    }
    for garbage in ["{}", "[", ""] {
        let read = read(&key, &call(&signed(&pair, NOW, garbage), garbage));
        assert!(matches!(read, Err(Refusal::Garbled(_))), "{garbage}");
    }
    assert!("no key!".parse::<PublicKey>().is_err());
}
