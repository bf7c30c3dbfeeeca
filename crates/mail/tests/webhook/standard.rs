use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_mail::webhook::{
    Event, Refusal,
    standard::{Secret, read},
};
use reveille_model::UnixMillis;
use serde_json::{Value, json};

use super::call::{ID, NOW, call, headers, said};

const SECRET: &str = "whsec_plJ3nmyCDGBKInavdOK15jsl";

pub(crate) fn secret() -> Secret {
    SECRET.parse().unwrap()
}

pub(crate) fn signed(prefix: &str, time: i64, body: &str) -> Vec<(String, String)> {
    let key = BASE64_STANDARD.decode(&SECRET[6..]).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let tag = BASE64_STANDARD.encode(hmac::sign(&key, format!("m1.{time}.{body}").as_bytes()).as_ref());
    headers(&[
        (&format!("{prefix}-id"), "m1"),
        (&format!("{prefix}-timestamp"), &time.to_string()),
        (
            &format!("{prefix}-signature"),
            &format!("v1a,xx v1,AAAA v1,{tag}"),
        ),
    ])
}

fn told(prefix: &str, event: &Value) -> Vec<Event> {
    let body = event.to_string();
    read(&secret(), &call(&signed(prefix, NOW, &body), &body)).unwrap()
}

#[test]
fn the_example_of_the_specification_is_believed() {
    let proof = headers(&[
        ("webhook-id", "msg_loFOjxBNrRLzqYUf"),
        ("webhook-timestamp", "1731705121"),
        (
            "webhook-signature",
            "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
        ),
    ]);
    let body = r#"{"event_type":"ping","data":{"success":true}}"#;
    let mut ping = call(&proof, body);
    assert_eq!(read(&secret(), &ping), Err(Refusal::Stale));
    ping.now = UnixMillis(1_731_705_121_000);
    assert_eq!(read(&secret(), &ping), Ok(Vec::new()));
}

#[test]
fn bounces_and_complaints_are_told() {
    let bounce = |kind: &str, bounce: Value| {
        let headers = json!([{"name": "Message-ID", "value": format!("<{ID}>")}]);
        json!({"type": kind, "data": {"to": ["ann@example.org"], "headers": headers, "bounce": bounce}})
    };
    for (event, expected) in [
        (
            bounce(
                "email.bounced",
                json!({"diagnosticCode": ["smtp; 550 5.1.1 User unknown"], "message": "spam"}),
            ),
            "hard unknown user",
        ),
        (
            bounce(
                "email.bounced",
                json!({"type": "Permanent", "message": "hard bounce"}),
            ),
            "soft unclear",
        ),
        (
            bounce(
                "email.bounced",
                json!({"subType": "Suppressed", "message": "an invalid address: 5.1.1"}),
            ),
            "soft filtered",
        ),
        (bounce("email.complained", Value::Null), "complaint abuse"),
    ] {
        for prefix in ["webhook", "svix"] {
            let events = told(prefix, &event);
            assert_eq!(said(&events[0]), format!("m1 ann@example.org: {expected}"));
            assert!(events[0].names.contains(ID));
        }
    }
    assert_eq!(
        told("webhook", &bounce("email.delivery_delayed", Value::Null)),
        []
    );
}

#[test]
fn an_altered_body_another_key_and_garbage_are_refused() {
    let proof = signed("webhook", NOW, "{}");
    let unproved = Err(Refusal::Unproved("Standard Webhooks"));
    assert_eq!(read(&secret(), &call(&proof, "{ }")), unproved);
    assert_eq!(
        read(&"whsec_AAAA".parse().unwrap(), &call(&proof, "{}")),
        unproved
    );
    assert_eq!(read(&secret(), &call(&[], "{}")), unproved);
    let garbage = "{";
    let read = read(&secret(), &call(&signed("webhook", NOW, garbage), garbage));
    assert!(matches!(read, Err(Refusal::Garbled(_))));
    assert!("whsec_".parse::<Secret>().is_err());
}
