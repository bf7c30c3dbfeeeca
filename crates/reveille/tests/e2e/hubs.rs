//! Hubs that tell of a source's news (W3C WebSub), on a web on loopback.

use std::{
    collections::BTreeMap,
    io::Read,
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use aws_lc_rs::hmac;
use reveille_model::hex;
use reveille_testkit::web::{Web, answer};
use url::form_urlencoded;

use crate::{program::Folder, serving::Server};

/// A hub that accepts whatever it is asked: its address, and the forms that come.
fn hub(web: &Web) -> (String, Receiver<BTreeMap<String, String>>) {
    let (asked, forms) = mpsc::channel();
    let address = web.site("hub", "/", move |request, stream| {
        let length = request.header("content-length").unwrap().parse().unwrap();
        let mut form = vec![0; length];
        stream.read_exact(&mut form)?;
        let form = form_urlencoded::parse(&form).into_owned().collect();
        asked.send(form).unwrap();
        answer(stream, "202 Accepted", "", b"")
    });
    (address, forms)
}

/// The address of a feed that holds these links, and comes under these headers.
fn feed(web: &Web, links: &str, headers: String) -> String {
    let feed = format!(
        "<rss version=\"2.0\" xmlns:a=\"http://www.w3.org/2005/Atom\"><channel><title>Post</title>{links}</channel></rss>"
    );
    web.site("post", "/feed.xml", move |request, stream| {
        match request.path.as_str() {
            "/feed.xml" => answer(stream, "200 OK", &headers, feed.as_bytes()),
            _ => answer(stream, "404 Not Found", "", b""),
        }
    })
}

/// A desk that watches this feed, and that hubs can reach.
fn watch(folder: &Folder, feed: &str) -> Server {
    folder.ok(&["sources", "add", "--unseen", "--carrier", "Post", feed]);
    Server::with(
        folder,
        &[
            "web.public_url=https://desk.example",
            "gather.allow_networks=127.0.0.0/8",
        ],
    )
}

#[test]
fn a_hub_is_asked_agrees_and_brings_the_next_visit_forward() {
    let (folder, web) = (Folder::new(), Web::start());
    let (hub, forms) = hub(&web);
    let links = format!(
        "<a:link rel=\"hub\" href=\"{hub}\"/><a:link rel=\"self\" href=\"https://post.example/feed\"/>"
    );
    let server = watch(&folder, &feed(&web, &links, String::new()));
    let shown = || folder.ok(&["sources", "show", "Post"]);
    let form = forms.recv_timeout(Duration::from_secs(120)).unwrap();
    assert_eq!(form["hub.topic"], "https://post.example/feed");
    let path = form["hub.callback"].strip_prefix("https://desk.example").unwrap();
    assert!(
        shown().contains("has not agreed to tell us of news"),
        "{}",
        shown()
    );

    let intent = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fpost.example%2Ffeed&hub.lease_seconds=600&hub.challenge=tide";
    let agreed = server.get(&format!("{path}?{intent}"));
    assert!(agreed.ends_with("\r\n\r\ntide"), "{agreed}");
    assert!(shown().contains("tells us of news until"), "{}", shown());

    assert!(shown().contains("Next try         in 1"), "{}", shown());
    let key = hmac::Key::new(hmac::HMAC_SHA256, form["hub.secret"].as_bytes());
    let signature = hex(hmac::sign(&key, b"any").as_ref());
    let told = server.ask(
        &format!("POST {path}"),
        &format!("X-Hub-Signature: sha256={signature}\r\n"),
        "any",
    );
    assert!(told.starts_with("HTTP/1.1 202"), "{told}");
    assert!(
        shown().contains("Next try         in less than 1 min"),
        "{}",
        shown()
    );
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn what_the_header_names_is_asked_and_not_what_the_feed_names() {
    let (folder, web) = (Folder::new(), Web::start());
    let (hub, forms) = hub(&web);
    let links = "<a:link rel=\"hub\" href=\"https://old-hub.example/\"/><a:link rel=\"self\" href=\"https://old.example/\"/>";
    let headers = format!("Link: <{hub}>; rel=\"hub\"\r\nLink: </feed.xml?all>; rel=self\r\n");
    let address = feed(&web, links, headers);
    let server = watch(&folder, &address);
    let form = forms.recv_timeout(Duration::from_secs(120)).unwrap();
    assert_eq!(form["hub.topic"], format!("{address}?all"));
    assert_eq!(server.stop(), Some(0));
}
