//! Mail services that tell `serve` of bounces and complaints, by signed calls.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_mail::catcher;
use reveille_model::hex;
use serde_json::{Value, json};

use crate::{
    ferry::{at, morning},
    program::Folder,
    returns::{sent, state},
    serving::Server,
};

const MAILGUN: &str = "a signing key";
const STANDARD: &str = "whsec_plJ3nmyCDGBKInavdOK15jsl";

/// A morning sent to Ann by a mail server, and the Message-ID of her mail.
fn mailed() -> (Folder, String) {
    let folder = Folder::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let catcher = runtime.block_on(folder.catcher(Default::default()));
    let port = catcher.address().port();
    folder.write(
        "reveille.toml",
        &format!(
            "[mail]\ntransport = \"smtp\"\n[mail.smtp]\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\n\
             [mail.services]\nmailgun_key = \"{MAILGUN}\"\nstandard_secret = \"{STANDARD}\"\n"
        ),
    );
    let _outlet = morning(&folder, "manual");
    at(&folder, "05:00", &["edition", "approve"]);
    at(&folder, "06:10", &["edition", "send"]);
    let mails = catcher::list(&folder.path().join("mailbox")).unwrap();
    let mail = std::fs::read_to_string(&mails[0].path).unwrap();
    let (_, id) = mail.split_once("Message-ID: <").unwrap();
    let id = id.split_once('>').unwrap().0.to_owned();
    (folder, id)
}

pub(crate) fn seconds() -> String {
    seconds_ago(0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program compares with the machine's clock"
)]
fn seconds_ago(seconds: u64) -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    (since.unwrap().as_secs() - seconds).to_string()
}

/// The status of the answer to a call.
fn status(server: &Server, service: &str, headers: &str, body: &str) -> u16 {
    let answer = server.ask(&format!("POST /returns/{service}"), headers, body);
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// A call with a token of the event's own.
fn by_mailgun(server: &Server, key: &str, time: &str, event: &Value) -> u16 {
    with_token(server, key, (time, &event.to_string()), event)
}

fn with_token(server: &Server, key: &str, (time, token): (&str, &str), event: &Value) -> u16 {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    let tag = hex(hmac::sign(&key, format!("{time}{token}").as_bytes()).as_ref());
    let signature = json!({"timestamp": time, "token": token, "signature": tag});
    let body = json!({"signature": signature, "event-data": event});
    status(server, "mailgun", "", &body.to_string())
}

fn failed(id: &str, recipient: &str, message_id: &str, said: &str) -> Value {
    json!({
        "event": "failed", "severity": "permanent", "reason": "bounce", "id": id, "recipient": recipient,
        "message": {"headers": {"message-id": message_id}}, "delivery-status": {"code": 550, "message": said},
    })
}

#[test]
fn a_signed_word_of_our_own_message_counts_for_its_reader_once() {
    let (folder, id) = mailed();
    let server = Server::start(&folder);
    let tell = |event: &Value| by_mailgun(&server, MAILGUN, &seconds(), event);
    let (ann, unknown) = ("ann@example.org", "5.1.1 User unknown");
    let gone = failed("e1", ann, &id, unknown);

    assert_eq!(by_mailgun(&server, "another key", &seconds(), &gone), 403);
    assert_eq!(by_mailgun(&server, MAILGUN, "1773124200", &gone), 403);
    assert_eq!(status(&server, "mailgun", "", "no JSON"), 406);
    assert_eq!(status(&server, "mailgun", "", &"x".repeat((1 << 20) + 1)), 413);
    assert_eq!(
        status(&server, "sendgrid", "", "[]"),
        404,
        "no key of theirs is set"
    );
    assert_eq!(status(&server, "nobody", "", "[]"), 404);
    assert!(server.get("/returns/mailgun").starts_with("HTTP/1.1 405"));
    // The address alone is nothing, nor is another's message, nor a message with another's address.
    let foreign = format!("{}@{}", "0".repeat(32), id.split_once('@').unwrap().1);
    for event in [
        failed("e2", ann, "", unknown),
        failed("e3", ann, &foreign, unknown),
        failed("e4", "ben@example.org", &id, unknown),
        failed("e5", ann, &id, "5.2.2 Mailbox full"),
        failed("e5", ann, &id, "5.2.2 Mailbox full"),
        failed("e6", ann, &id, "5.7.1 Refused by a block list"),
        json!({"event": "delivered"}),
    ] {
        assert_eq!(tell(&event), 200, "{event}");
        assert!(state(&folder).contains("active"), "{event}");
    }
    assert_eq!(tell(&gone), 200);
    assert!(state(&folder).contains("bounced"));
    assert_eq!(tell(&gone), 200);
    let data = folder.ok(&["subscribers", "data", ann]);
    for (said, times) in [("Mailbox full", 1), ("block list", 1), ("User unknown", 1)] {
        assert_eq!(data.matches(said).count(), times, "{said}: {data}");
    }
    let shown = at(&folder, "09:00", &["delivery", "show"]).out;
    assert!(shown.contains("1  of these came back"), "{shown}");
    assert!(shown.contains("came back: unknown user: 5"), "{shown}");
    let shown = folder.ok(&["config", "show"]);
    assert!(!shown.contains(MAILGUN) && !shown.contains(STANDARD), "{shown}");
    server.stop();
}

#[test]
fn a_token_is_good_for_one_event_however_late_its_service_repeats_it() {
    let (folder, id) = mailed();
    let server = Server::start(&folder);
    let ann = "ann@example.org";
    let full = failed("e1", ann, &id, "5.2.2 Mailbox full");
    let gone = failed("e2", ann, &id, "5.1.1 User unknown");
    let now = seconds();
    let tell = |time: &str, token: &str, event: &Value| with_token(&server, MAILGUN, (time, token), event);
    assert_eq!(tell(&now, "one", &full), 200);
    assert_eq!(tell(&now, "one", &full), 200, "the service may repeat itself");
    assert_eq!(
        tell(&now, "one", &gone),
        403,
        "nobody else may say something else"
    );
    assert_eq!(tell(&now, "two", &json!({"event": "delivered"})), 200);
    assert_eq!(
        tell(&now, "two", &gone),
        403,
        "nor by a token of what is nothing to us"
    );
    assert!(state(&folder).contains("active"));
    assert_eq!(tell(&seconds_ago(10 * 3_600), "three", &gone), 403);
    assert!(state(&folder).contains("active"));
    assert_eq!(tell(&seconds_ago(8 * 3_600), "three", &gone), 200);
    assert!(state(&folder).contains("bounced"));
    server.stop();
    let data = folder.ok(&["subscribers", "data", ann]);
    assert_eq!(data.matches("Mailbox full").count(), 1, "{data}");
}

#[test]
fn the_return_path_that_an_event_names_is_its_reader_and_two_are_nobody() {
    let (folder, key) = sent();
    let settings = std::fs::read_to_string(folder.path().join("reveille.toml")).unwrap();
    let settings = format!("{settings}[mail.services]\nmailgun_key = \"{MAILGUN}\"\n");
    folder.write("reveille.toml", &settings);
    let server = Server::start(&folder);
    let from = |path: &str, said: &str| {
        let mut event = failed("e1", "ann@example.org", "", said);
        event["envelope"] = json!({"sender": path});
        by_mailgun(&server, MAILGUN, &seconds(), &event)
    };
    let (path, other) = (
        format!("bounce+{key}@brief.example"),
        format!("bounce+{}@brief.example", "0".repeat(32)),
    );
    assert_eq!(from(&other, "5.1.1 User unknown"), 200);
    assert_eq!(from(&path, &format!("5.1.1 User unknown {other}")), 200);
    assert!(state(&folder).contains("active"));
    assert_eq!(from(&path, "5.1.1 User unknown"), 200);
    assert!(state(&folder).contains("bounced"));
    server.stop();
}

#[test]
fn a_complaint_that_a_service_passes_on_is_an_exit() {
    let (folder, id) = mailed();
    let server = Server::start(&folder);
    let body = json!({
        "type": "email.complained",
        "data": {"to": ["Ann@example.org"], "headers": [{"name": "Message-ID", "value": format!("<{id}>")}]},
    })
    .to_string();
    let time = seconds();
    let key = BASE64_STANDARD.decode(&STANDARD[6..]).unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
    let tag = hmac::sign(&key, format!("m1.{time}.{body}").as_bytes());
    let tag = BASE64_STANDARD.encode(tag.as_ref());
    let proof = |id: &str| {
        format!("webhook-id: {id}\r\nwebhook-timestamp: {time}\r\nwebhook-signature: v1,{tag}\r\n")
    };
    assert_eq!(status(&server, "standard", &proof("m2"), &body), 403);
    assert_eq!(status(&server, "standard", &proof("m1"), &body), 200);
    server.stop();
    assert!(state(&folder).contains("left"));
    let proof = folder.ok(&["subscribers", "proof", "ann@example.org"]);
    assert!(proof.contains("Complained of a mail"), "{proof}");
    folder.ok(&["subscribers", "verify"]);
}
