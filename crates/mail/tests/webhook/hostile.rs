//! Calls that are proved, and hold anything.

use std::sync::LazyLock;

use aws_lc_rs::rsa::KeyPair;
use proptest::prelude::*;
use reveille_mail::{
    bounce::Returned,
    webhook::{Refusal, mailgun, postmark, sns, sns::Brought, standard},
};
use serde_json::{Value, json};

use super::{
    call::{NOW, call},
    sns as sns_tests,
    standard::{secret, signed},
};

/// One key for all: to make one takes longer than all else here.
static SIGNER: LazyLock<(KeyPair, String)> = LazyLock::new(sns_tests::signer);

/// Values of whatever kind, under the names that are looked for.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        "(smtp;|5\\.1\\.1|email\\.bounced|user unknown|Suppressed|é| ){0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let name = prop_oneof![
            "type",
            "data",
            "to",
            "bounce",
            "message",
            "subType",
            "diagnosticCode",
            "bouncedRecipients",
            "emailAddress",
            "complainedRecipients"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(name, inner, 0..6).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_a_proved_call_holds_is_read(held in value(), kind in "email.(bounced|complained)") {
        for body in [held.to_string(), json!({"type": kind, "data": held}).to_string()] {
            let events = standard::read(&secret(), &call(&signed("webhook", NOW, &body), &body)).unwrap();
            for event in events {
                let is_told = matches!(event.returned, Returned::Bounce(_) | Returned::Complaint { .. });
                prop_assert!(is_told);
            }
        }
    }

    #[test]
    fn whatever_a_proved_message_of_a_topic_holds_is_read(held in value(), kind in "Bounce|Complaint") {
        let (key, certificate) = &*SIGNER;
        for text in [
            json!({"notificationType": kind, "bounce": held, "complaint": held}),
            json!({"eventType": kind, "bounce": {"bouncedRecipients": [held, held]}}),
        ] {
            let body = sns_tests::sign(key, sns_tests::message("Notification", &text.to_string()));
            let read = sns_tests::brought(certificate, &body);
            let Ok(Brought::Events(events)) = read else {
                panic!("{read:?}")
            };
            for event in events {
                let is_told = match event.returned {
                    Returned::Bounce(failures) => !failures.is_empty(),
                    Returned::Complaint { .. } => true,
                    _ => false,
                };
                prop_assert!(is_told);
            }
        }
    }

    #[test]
    fn whatever_comes_without_a_proof_is_refused(body in ".{0,200}", header in "[ -~]{0,60}") {
        let given = ["authorization", "webhook-id", "webhook-timestamp", "webhook-signature"];
        let given: Vec<_> = given.map(|name| (name.to_owned(), header.clone())).into();
        let call = call(&given, &body);
        let topic: sns::Topic = "arn:aws:sns:eu-west-1:123456789012:bounces".parse().unwrap();
        let is_refused = |refusal| matches!(refusal, Refusal::Unproved(_) | Refusal::Garbled(_));
        prop_assert!(is_refused(standard::read(&secret(), &call).unwrap_err()));
        prop_assert!(is_refused(mailgun::read("key", &call).unwrap_err()));
        prop_assert!(is_refused(postmark::read(&"hook:tide-7".parse().unwrap(), &call).unwrap_err()));
        prop_assert!(is_refused(sns::Message::read(&topic, &call).unwrap_err()));
    }
}
