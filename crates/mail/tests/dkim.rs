//! Signatures, checked by an independent verifier and by the vectors of RFC 8463.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "dkim/verifier.rs"]
mod verifier;

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::STANDARD};
use reveille_mail::{
    Body, Message, build, build_signed,
    dkim::{BodyHash, DkimError, Signer, ed25519_pem},
};
use reveille_model::UnixMillis;
use verifier::{names_signed, verify};

const PKCS8: &str = include_str!("dkim/rsa-2048.pkcs8.pem");
const PKCS1: &str = include_str!("dkim/rsa-2048.pkcs1.pem");
const ED25519: &str = include_str!("dkim/ed25519.pkcs8.pem");
const NOW: UnixMillis = UnixMillis(1_528_637_909_000);

/// To a reader whose body has lines of its own between those of all.
fn letter() -> Message {
    let text = "One.  Two.   \n\n\ttab\nLeave:  @@ \n \n\n";
    let body = Body::with_slot(text, "<p>One.  Two.</p>\n<a href='@@'>Leave</a>\n\n", "@@");
    Message {
        from: ("Küche, heute".to_owned(), "brief@example.org".parse().unwrap()),
        return_path: None,
        reply_to: None,
        to: "ann@example.org".parse().unwrap(),
        subject: "A subject that is long enough to be folded, with  two spaces and an é in it".to_owned(),
        body: Arc::new(body),
        word: "0123456789abcdef".to_owned(),
        message_id: "1@example.org".to_owned(),
        date: NOW,
        list_unsubscribe: Some("https://example.org/leave/1".to_owned()),
        list_id: Some("morning.example.org".to_owned()),
        auto_submitted: None,
        headers: Vec::new(),
    }
}

fn message() -> Vec<u8> {
    build(&letter()).into_bytes()
}

fn signed(signer: &Signer, message: &[u8]) -> String {
    let message = std::str::from_utf8(message).unwrap();
    let (head, body) = message.split_once("\r\n\r\n").unwrap();
    let head = format!("{head}\r\n");
    let body = BodyHash::of(body.as_bytes());
    signer.sign(head.as_bytes(), &body, NOW).unwrap() + message
}

#[test]
fn the_verifier_agrees_with_rfc_8463() {
    let message = include_str!("dkim/rfc8463.eml").replace('\n', "\r\n");
    let ed25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let rsa = "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb\
               2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2Ee\
               C3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";
    assert_eq!(verify(&message, 0, ed25519), Ok(()));
    assert_eq!(verify(&message, 1, rsa), Ok(()));
    let changed = message.replace("hungry", "thirsty");
    assert_eq!(verify(&changed, 0, ed25519), Err("the body was changed"));
    let changed = message.replace("dinner", "lunch");
    assert_eq!(verify(&changed, 0, ed25519), Err("the signature does not fit"));
}

#[test]
fn the_key_of_rfc_8463_has_its_public_half() {
    let seed = STANDARD
        .decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
        .unwrap();
    let pem = ed25519_pem(seed.as_slice().try_into().unwrap());
    let signer = Signer::from_pem("football.example.com", "brisbane", &pem).unwrap();
    let (name, value) = signer.record();
    assert_eq!(name, "brisbane._domainkey.football.example.com");
    assert_eq!(
        value,
        "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    );
    let message = signed(&signer, &message());
    assert_eq!(verify(&message, 0, &value), Ok(()));
}

#[test]
fn every_form_of_key_signs_what_a_receiver_verifies() {
    for pem in [PKCS8, PKCS1, ED25519] {
        let signer = Signer::from_pem("example.org", "morning", pem).unwrap();
        let message = signed(&signer, &message());
        let record = signer.record().1;
        assert_eq!(verify(&message, 0, &record), Ok(()), "{message}");
        assert!(message.lines().all(|line| line.len() <= 78), "{message}");
        for (from, to) in [
            ("One.", "Two."),
            ("Subject: =", "Subject: x="),
            ("leave/1", "leave/2"),
        ] {
            assert!(
                verify(&message.replacen(from, to, 1), 0, &record).is_err(),
                "{from} became {to}"
            );
        }
    }
}

#[test]
fn two_keys_sign_the_same_message() {
    let sign = |selector, pem| Signer::from_pem("example.org", selector, pem).unwrap();
    let signers = [sign("rsa", PKCS8), sign("ed", ED25519)];
    let message = String::from_utf8(build_signed(&letter(), &signers).unwrap().into_bytes()).unwrap();
    for (index, signer) in signers.iter().enumerate() {
        assert_eq!(verify(&message, index, &signer.record().1), Ok(()), "{message}");
    }
    assert!(message.as_bytes().ends_with(&self::message()));
}

proptest::proptest! {
    #[test]
    fn a_body_with_slots_is_signed_as_it_leaves(
        text in "([a-z=. \t]{0,30}\n|[a-z \t]{0,9}@@[a-z \t]{0,9}\n){0,8}",
        html in "([a-z=. \t]{1,30}\n|@@ \n| @@\n){0,8}",
    ) {
        let signers = [Signer::from_pem("example.org", "morning", ED25519).unwrap()];
        let body = Arc::new(Body::with_slot(&text, &html, "@@"));
        let message = build_signed(&Message { body, ..letter() }, &signers).unwrap();
        let message = String::from_utf8(message.into_bytes()).unwrap();
        proptest::prop_assert_eq!(verify(&message, 0, &signers[0].record().1), Ok(()), "{}", message);
    }
}

#[test]
fn a_field_cannot_be_added_to_a_signed_message() {
    let signer = Signer::from_pem("example.org", "morning", ED25519).unwrap();
    let message = signed(&signer, &message());
    let record = signer.record().1;
    for field in [
        "From: x@example.net",
        "Subject: x",
        "Reply-To: x@example.net",
        "List-Unsubscribe: <x>",
    ] {
        let longer = message.replacen("MIME-Version", &format!("{field}\r\nMIME-Version"), 1);
        assert_eq!(
            verify(&longer, 0, &record),
            Err("the signature does not fit"),
            "{field}"
        );
    }
    let names = names_signed(&message);
    for name in ["from", "list-unsubscribe", "list-unsubscribe-post"] {
        assert_eq!(names.iter().filter(|signed| *signed == name).count(), 2, "{name}");
    }
}

#[test]
fn a_body_of_nothing_is_signed_as_nothing() {
    let signer = Signer::from_pem("example.org", "morning", ED25519).unwrap();
    for body in ["", "\r\n", " \r\n\r\n", "a", "a \r\n\r\n"] {
        let message = signed(&signer, format!("From: a@example.org\r\n\r\n{body}").as_bytes());
        assert_eq!(verify(&message, 0, &signer.record().1), Ok(()), "{body:?}");
    }
}

#[test]
fn what_cannot_sign_is_refused_with_its_reason() {
    let reason = |domain, selector, pem| Signer::from_pem(domain, selector, pem).unwrap_err();
    assert!(matches!(reason("exa mple", "s", ED25519), DkimError::Domain(_)));
    assert!(matches!(
        reason("example.org", "s;", ED25519),
        DkimError::Selector(_)
    ));
    assert!(matches!(
        reason("example.org", "", ED25519),
        DkimError::Selector(_)
    ));
    assert_eq!(reason("example.org", "s", "no key"), DkimError::Pem);
    let curve = rcgen::KeyPair::generate().unwrap().serialize_pem();
    assert!(matches!(reason("example.org", "s", &curve), DkimError::Key(_)));
}

proptest::proptest! {
    #[test]
    fn any_body_that_is_signed_verifies(body in "([a-z=. \t]{0,30}\r\n){0,8}", subject in "[ -~]{0,90}") {
        let signer = Signer::from_pem("example.org", "morning", ED25519).unwrap();
        let message = format!("From: a@example.org\r\nSubject: {subject}\r\n\r\n{body}");
        let message = signed(&signer, message.as_bytes());
        proptest::prop_assert_eq!(verify(&message, 0, &signer.record().1), Ok(()));
    }
}
