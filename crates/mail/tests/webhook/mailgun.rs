use aws_lc_rs::hmac;
use reveille_mail::webhook::{Event, Refusal, mailgun::read};
use reveille_model::hex;
use serde_json::{Value, json};

use super::call::{ID, NOW, call, said};

const KEY: &str = "a signing key";

fn post(event: &Value, time: i64) -> String {
    let (time, token) = (time.to_string(), "5e1f");
    let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes());
    let tag = hex(hmac::sign(&key, format!("{time}{token}").as_bytes()).as_ref());
    json!({"signature": {"timestamp": time, "token": token, "signature": tag}, "event-data": event})
        .to_string()
}

fn failed(reason: &str, status: &Value) -> Value {
    json!({
        "event": "failed", "severity": "permanent", "reason": reason, "id": "e1", "recipient": "ann@example.org",
        "message": {"headers": {"message-id": ID, "to": "ann@example.org"}}, "delivery-status": status,
    })
}

fn told(event: &Value) -> Vec<Event> {
    read(KEY, &call(&[], &post(event, NOW))).unwrap().1
}

#[test]
fn what_the_other_side_said_decides_and_not_what_the_service_concludes() {
    let unknown = json!({"code": 550, "enhanced-code": "5.1.1", "message": "5.1.1 User unknown", "bounce-type": "hard"});
    let events = told(&failed("bounce", &unknown));
    assert_eq!(said(&events[0]), "e1 ann@example.org: hard unknown user");
    assert!(events[0].names.lines().any(|line| line == ID));
    for (reason, status, expected) in [
        (
            "bounce",
            json!({"code": 550, "message": "requested action not taken: mailbox unavailable"}),
            "hard unknown user",
        ),
        (
            "bounce",
            json!({"code": 552, "message": "5.2.2 Mailbox full", "bounce-type": "hard"}),
            "soft full",
        ),
        (
            "espblock",
            json!({"code": 550, "message": "5.7.1 Blocked by our spam policy", "bounce-type": "hard"}),
            "soft refused",
        ),
        (
            "generic",
            json!({"code": 498, "message": "No MX for example.org", "bounce-type": "hard"}),
            "soft unclear",
        ),
        (
            "suppress-bounce",
            json!({"code": 605, "message": "550 5.1.1 Not delivering to a user unknown before"}),
            "soft filtered",
        ),
        ("old", Value::Null, "soft unclear"),
    ] {
        let events = told(&failed(reason, &status));
        assert_eq!(
            said(&events[0]),
            format!("e1 ann@example.org: {expected}"),
            "{status}"
        );
    }
}

#[test]
fn complaints_and_exits_are_told_and_all_else_is_passed_over() {
    let event = |kind: &str| json!({"event": kind, "id": "e2", "recipient": "ann@example.org"});
    assert_eq!(
        said(&told(&event("complained"))[0]),
        "e2 ann@example.org: complaint abuse"
    );
    assert_eq!(
        said(&told(&event("unsubscribed"))[0]),
        "e2 ann@example.org: complaint opt-out"
    );
    let mut trying = failed("generic", &json!({"code": 450}));
    trying["severity"] = "temporary".into();
    for nothing in [event("delivered"), trying, json!(7), Value::Null] {
        assert_eq!(told(&nothing), [], "{nothing}");
    }
}

#[test]
fn what_is_bound_to_a_token_is_the_whole_event() {
    let bound = |event: &Value, time| read(KEY, &call(&[], &post(event, time))).unwrap().0;
    let event = failed("bounce", &json!({"code": 550}));
    assert_eq!(bound(&event, NOW), bound(&event, NOW - 60));
    let mut other = event.clone();
    other["recipient"] = "ben@example.org".into();
    assert_eq!(bound(&event, NOW).token, bound(&other, NOW).token);
    assert_ne!(bound(&event, NOW).event, bound(&other, NOW).event);
}

#[test]
fn only_a_fresh_signature_by_our_key_is_believed() {
    let event = failed("bounce", &Value::Null);
    let body = post(&event, NOW);
    assert_eq!(
        read("another key", &call(&[], &body)),
        Err(Refusal::Unproved("Mailgun"))
    );
    let later = body.replace(&NOW.to_string(), &(NOW + 1).to_string());
    assert_eq!(read(KEY, &call(&[], &later)), Err(Refusal::Unproved("Mailgun")));
    // The service goes on for eight hours, under the first time.
    let (late, ahead) = (9 * 3_600, 300);
    for time in [NOW - late - 1, NOW + ahead + 1, i64::MIN / 1_000] {
        assert_eq!(read(KEY, &call(&[], &post(&event, time))), Err(Refusal::Stale));
    }
    for time in [NOW - late, NOW + ahead] {
        assert!(read(KEY, &call(&[], &post(&event, time))).is_ok());
    }
    assert_eq!(read(KEY, &call(&[], "{}")), Err(Refusal::Unproved("Mailgun")));
    for garbage in ["", "{\"signature\":", "[1,2"] {
        assert!(
            matches!(read(KEY, &call(&[], garbage)), Err(Refusal::Garbled(_))),
            "{garbage}"
        );
    }
}
