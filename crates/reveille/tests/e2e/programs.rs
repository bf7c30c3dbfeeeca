//! Programs at the door: tokens for the API, and webhooks.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{program::Folder, serving::Server};

const LOOPBACK: [&str; 2] = ["--set", "gather.allow_networks=127.0.0.0/8"];

/// A call as it came: its headers by lower-case name, and its body.
struct Call {
    headers: Vec<(String, String)>,
    body: String,
}

impl Call {
    fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or_else(|| panic!("no header {name}"), |(_, value)| value)
    }

    /// That it was signed with this secret.
    fn verify(&self, secret: &str) {
        let key = BASE64_STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap())
            .unwrap();
        let key = hmac::Key::new(hmac::HMAC_SHA256, &key);
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let signature = self.header("webhook-signature").strip_prefix("v1,").unwrap();
        let signature = BASE64_STANDARD.decode(signature).unwrap();
        let signed = format!("{id}.{at}.{}", self.body);
        hmac::verify(&key, signed.as_bytes(), &signature).unwrap();
    }
}

/// An address that takes every call but the first of those with these words in them.
fn receiver(refused: &'static str) -> (String, Receiver<Call>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (calls, received) = mpsc::channel();
    thread::spawn(move || {
        let mut refuses = true;
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut lines = Vec::new();
            loop {
                let mut line = String::new();
                reader.read_line(&mut line).unwrap();
                let Some((name, value)) = line.trim().split_once(": ") else {
                    if line.trim().is_empty() {
                        break;
                    }
                    continue;
                };
                lines.push((name.to_lowercase(), value.to_owned()));
            }
            let mut call = Call {
                headers: lines,
                body: String::new(),
            };
            let length = call.header("content-length").parse().unwrap();
            reader.take(length).read_to_string(&mut call.body).unwrap();
            let status = match call.body.contains(refused) && std::mem::take(&mut refuses) {
                true => "503 Service Unavailable",
                false => "204 No Content",
            };
            write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            .unwrap();
            if calls.send(call).is_err() {
                return;
            }
        }
    });
    (url, received)
}

#[test]
fn a_webhook_is_called_with_a_signature_until_it_takes_the_call() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let (url, calls) = receiver("\"subscribed\"");
    let said = folder.ok(&[
        "webhooks",
        "add",
        &url,
        "--event",
        "subscribed",
        "--event",
        "bounced",
    ]);
    let secret = said.lines().last().unwrap();
    assert!(secret.starts_with("whsec_"), "{said}");

    let guarded = folder.run(&["webhooks", "test", &url]);
    assert_eq!(guarded.code, Some(1), "{}", guarded.out);
    assert!(
        guarded.err.contains("is not allowed"),
        "private networks are not called: {}",
        guarded.err
    );
    let tried = folder.ok(&[&["webhooks", "test", &url], &LOOPBACK[..]].concat());
    assert!(tried.contains("took the call"), "{tried}");
    let call = calls.recv_timeout(Duration::from_secs(120)).unwrap();
    call.verify(secret);
    assert!(call.body.contains("\"type\":\"test\""), "{}", call.body);

    folder.ok(&["subscribers", "add", "ann@example.org", "--consent", "by letter"]);
    let server = Server::with(&folder, &["gather.allow_networks=127.0.0.0/8"]);
    let refused = calls.recv_timeout(Duration::from_secs(120)).unwrap();
    let again = calls.recv_timeout(Duration::from_secs(120)).unwrap();
    for call in [&refused, &again] {
        call.verify(secret);
        let body: serde_json::Value = serde_json::from_str(&call.body).unwrap();
        assert_eq!(body["type"], "subscribed");
        assert_eq!(body["data"]["email"], "ann@example.org");
    }
    assert_eq!(refused.header("webhook-id"), again.header("webhook-id"));
    // It is answered before that is recorded.
    let taken = || {
        folder
            .ok(&["webhooks", "list"])
            .contains("subscribed bounced  1 ")
    };
    assert!((0..1_200).any(|_| taken() || {
        thread::sleep(Duration::from_millis(100));
        false
    }));
    assert_eq!(server.stop(), Some(0));
    let list = folder.ok(&["webhooks", "list"]);
    assert!(list.contains("subscribed bounced  1      0        0"), "{list}");
    folder.ok(&["webhooks", "remove", &url]);
    assert!(folder.ok(&["webhooks", "list"]).starts_with("No webhook"));
}

#[test]
fn a_token_is_shown_once_and_opens_the_api_until_it_is_revoked() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let token = folder.ok(&["tokens", "add", "Shop", "--scope", "briefs:read"]);
    let token = token.trim();
    assert_eq!(
        folder
            .run(&["tokens", "add", "Other", "--scope", "everything"])
            .code,
        Some(2)
    );
    let list = folder.ok(&["tokens", "list"]);
    assert!(
        list.contains("Shop") && list.contains("never seen") && !list.contains(token),
        "{list}"
    );
    let server = Server::start(&folder);
    let ask = || {
        server.ask(
            "GET /api/briefs",
            &format!("Authorization: Bearer {token}\r\n"),
            "",
        )
    };
    assert!(ask().contains("\"slug\":\"the-morning-brief\""), "{}", ask());
    folder.ok(&["tokens", "revoke", "Shop"]);
    assert!(ask().starts_with("HTTP/1.1 401"), "{}", ask());
    assert_eq!(server.stop(), Some(0));
}
