use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_mail::webhook::{
    Event, Refusal,
    postmark::{Login, read},
};
use serde_json::{Value, json};

use super::call::{ID, call, headers, said};

fn login() -> Login {
    "hook:tide-7".parse().unwrap()
}

fn told(body: &Value) -> Vec<Event> {
    let proof = headers(&[(
        "authorization",
        &format!("Basic {}", BASE64_STANDARD.encode("hook:tide-7")),
    )]);
    read(&login(), &call(&proof, &body.to_string())).unwrap()
}

fn bounce(kind: &str, details: &str) -> Value {
    json!({
        "RecordType": "Bounce", "ID": 4_323_372_036_854_775_807_u64, "Type": kind, "Email": "ann@example.org",
        "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
        "Details": details, "Content": format!("Message-ID: <{ID}>\r\n"),
    })
}

#[test]
fn details_decide_and_not_what_the_kind_of_bounce_is_called() {
    for (kind, details, expected) in [
        ("HardBounce", "smtp;550 5.1.1 User unknown", "hard unknown user"),
        ("HardBounce", "smtp;552 5.2.2 Mailbox full", "soft full"),
        ("HardBounce", "", "soft unclear"),
        ("Blocked", "smtp;550 5.7.1 blocked by a blacklist", "soft refused"),
        ("SpamComplaint", "", "complaint abuse"),
    ] {
        let events = told(&bounce(kind, details));
        assert_eq!(
            said(&events[0]),
            format!("4323372036854775807 ann@example.org: {expected}"),
            "{kind} {details}"
        );
        assert!(events[0].names.contains(ID));
    }
    assert_eq!(told(&bounce("AutoResponder", "user unknown")), []);
    assert_eq!(told(&json!({"RecordType": "Delivery"})), []);
    let complaint = json!({"RecordType": "SpamComplaint", "ID": 3, "Email": "ann@example.org"});
    assert_eq!(said(&told(&complaint)[0]), "3 ann@example.org: complaint abuse");
}

#[test]
fn only_a_call_with_our_password_is_believed() {
    let unproved = Err(Refusal::Unproved("Postmark"));
    for proof in ["Basic", "Basic !", "Bearer aG9vazp0aWRlLTc=", "Basic aG9vazo="] {
        assert_eq!(
            read(&login(), &call(&headers(&[("authorization", proof)]), "{}")),
            unproved,
            "{proof}"
        );
    }
    assert_eq!(read(&login(), &call(&[], "{}")), unproved);
    for wrong in ["", "hook", "hook:", ":tide-7"] {
        assert!(wrong.parse::<Login>().is_err());
    }
}
