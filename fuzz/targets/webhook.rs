//! A call of a mail service: headers, an empty line, and a body. Nothing of it is believed as it is, and whatever the body
//! holds, it is read where it is proved. What Amazon SNS brings is proved by an RSA key, which is too slow here: the crate's
//! own tests do that.
#![no_main]

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::AsDer,
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use libfuzzer_sys::fuzz_target;
use reveille_mail::{
    bounce::Returned,
    webhook::{Call, Event, mailgun, postmark, sendgrid, sns, standard},
};
use reveille_model::{UnixMillis, hex};

const SECONDS: &str = "1773124200";
const NOW: UnixMillis = UnixMillis(1_773_124_200_000);
const SECRET: &str = "whsec_plJ3nmyCDGBKInavdOK15jsl";
const LOGIN: &str = "hook:tide-7";
const TOPIC: &str = "arn:aws:sns:eu-west-1:123456789012:bounces";

static SENDGRID: LazyLock<(EcdsaKeyPair, sendgrid::PublicKey)> = LazyLock::new(|| {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
    let shown = pair.public_key().as_der().expect("its public half");
    let shown = BASE64_STANDARD.encode(shown.as_ref());
    (pair, shown.parse().expect("as SendGrid shows it"))
});

fuzz_target!(|bytes: &[u8]| {
    let (headers, body) = parted(bytes);
    refuse(&headers, body);
    for events in [
        by_mailgun(body),
        by_standard(body),
        by_sendgrid(body),
        by_postmark(body),
    ] {
        for event in events.into_iter().flatten() {
            check(&event);
        }
    }
});

/// The headers in front of an input, and what is left.
fn parted(bytes: &[u8]) -> (Vec<(String, String)>, &[u8]) {
    let Some(end) = bytes.windows(2).position(|two| two == b"\n\n") else {
        return (Vec::new(), bytes);
    };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let headers = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    (headers, &bytes[end + 2..])
}

/// Panics where a service's reader believes what it cannot have signed.
fn refuse(headers: &[(String, String)], body: &[u8]) {
    let call = call(headers, body);
    assert!(mailgun::read("key", &call).is_err());
    assert!(sendgrid::read(&SENDGRID.1, &call).is_err());
    assert!(standard::read(&SECRET.parse().expect("a secret"), &call).is_err());
    // Two words could be guessed, which a fuzzer might do.
    if !headers.iter().any(|(name, _)| name == "authorization") {
        assert!(postmark::read(&LOGIN.parse().expect("a login"), &call).is_err());
    }
    let topic: sns::Topic = TOPIC.parse().expect("a topic");
    if let Ok(message) = sns::Message::read(&topic, &call) {
        assert!(
            message
                .certificate()
                .starts_with("https://sns.eu-west-1.amazonaws.com/")
        );
        assert!(message.prove(&topic, body, &call).is_err());
    }
}

fn call<'a>(headers: &'a [(String, String)], body: &'a [u8]) -> Call<'a> {
    Call {
        headers,
        body,
        now: NOW,
    }
}

fn check(event: &Event) {
    match &event.returned {
        Returned::Bounce(failures) => assert!(!failures.is_empty()),
        Returned::Complaint { .. } => {}
        other => panic!("{other:?}"),
    }
}

fn tag(key: &[u8], signed: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed)
}

fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn by_mailgun(event: &[u8]) -> Option<Vec<Event>> {
    let signature = hex(tag(b"key", format!("{SECONDS}token").as_bytes()).as_ref());
    let head = format!(
        r#"{{"signature":{{"timestamp":"{SECONDS}","token":"token","signature":"{signature}"}},"event-data":"#
    );
    let body = [head.as_bytes(), event, b"}"].concat();
    let (_, events) = mailgun::read("key", &call(&[], &body)).ok()?;
    Some(events)
}

fn by_standard(body: &[u8]) -> Option<Vec<Event>> {
    let key = BASE64_STANDARD.decode(&SECRET["whsec_".len()..]).expect("base64");
    let signed = [format!("m1.{SECONDS}.").as_bytes(), body].concat();
    let signature = format!("v1,{}", BASE64_STANDARD.encode(tag(&key, &signed).as_ref()));
    let headers = headers(&[
        ("webhook-id", "m1"),
        ("webhook-timestamp", SECONDS),
        ("webhook-signature", &signature),
    ]);
    standard::read(&SECRET.parse().expect("a secret"), &call(&headers, body)).ok()
}

fn by_sendgrid(body: &[u8]) -> Option<Vec<Event>> {
    let signed = [SECONDS.as_bytes(), body].concat();
    let signature = SENDGRID
        .0
        .sign(&SystemRandom::new(), &signed)
        .expect("a signature");
    let signature = BASE64_STANDARD.encode(signature.as_ref());
    let headers = headers(&[
        ("x-twilio-email-event-webhook-timestamp", SECONDS),
        ("x-twilio-email-event-webhook-signature", &signature),
    ]);
    sendgrid::read(&SENDGRID.1, &call(&headers, body)).ok()
}

fn by_postmark(body: &[u8]) -> Option<Vec<Event>> {
    let login = format!("Basic {}", BASE64_STANDARD.encode(LOGIN));
    let headers = headers(&[("authorization", &login)]);
    postmark::read(&LOGIN.parse().expect("a login"), &call(&headers, body)).ok()
}
