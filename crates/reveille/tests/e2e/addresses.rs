//! Addresses of sources as people type and paste them.

use reveille_testkit::web::{Web, answer};

use crate::program::Folder;

const FEED: &str = "<rss version=\"2.0\"><channel><title>The Harbour Post</title></channel></rss>";
const LOCAL: [&str; 4] = [
    "--set",
    "gather.allow_networks=127.0.0.0/8",
    "--set",
    "gather.host_delay_millis=0",
];

/// The address of a feed that is to be had without TLS only, as a person would name it, without its scheme.
fn plain_feed() -> String {
    let feed = Web::start().site("post", "/feed.xml", |request, stream| {
        match request.path.as_str() {
            "/feed.xml" => answer(stream, "200 OK", "", FEED.as_bytes()),
            _ => answer(stream, "404 Not Found", "", b""),
        }
    });
    feed.strip_prefix("http://").unwrap().to_owned()
}

#[test]
fn a_site_without_tls_is_added_by_host_and_port_or_as_browsers_named_feeds() {
    let feed = plain_feed();
    let whole = format!("http://{feed}");
    for typed in [
        feed.clone(),
        format!("feed://{feed}"),
        format!("feed:{whole}"),
        whole.clone(),
    ] {
        let folder = Folder::new();
        let said = folder.ok(&[&LOCAL[..], &["sources", "add", &typed]].concat());
        assert_eq!(said, format!("Added The Harbour Post ({whole}).\n"), "{typed}");
        // And is known by that name.
        let paused = folder.ok(&["sources", "pause", &typed]);
        assert!(paused.contains("is paused now"), "{typed}: {paused}");
    }
}

#[test]
fn what_cannot_be_read_in_either_way_is_told_of_both() {
    let folder = Folder::new();
    let said = folder.run(&[&LOCAL[..], &["sources", "add", "127.0.0.1:1/feed"]].concat());
    assert_eq!(said.code, Some(1));
    for told in [
        "https://127.0.0.1:1/feed",
        "; http://127.0.0.1:1/feed",
        "--unseen",
    ] {
        assert!(said.err.contains(told), "{told}: {}", said.err);
    }
    let ftp = folder.run(&["sources", "add", "ftp://example.org/feed"]);
    assert!(ftp.err.contains("is not an http or https address"), "{}", ftp.err);
}
