//! `reveille feed`, document by document and line by line.

use std::{
    io::Write,
    process::{Output, Stdio},
};

use serde_json::Value;

use crate::{commands::serve, program::Folder};

const FEED: &str = "<rss version=\"2.0\"><channel><title>Harbour Post</title><link>https://harbour.example/</link>\
    <item><title>Ferries & fog</title><link>/ferries</link><pubDate>Mon, 16 Mar 2026 07:30:00 +0100</pubDate></item>\
    <item><title>Mill</title><guid>https://harbour.example/mill</guid></item></channel></rss>";

const KILL: &str = r#"<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:ferry" version="4">
    <itemMeta><pubStatus qcode="stat:canceled"/></itemMeta><contentMeta><headline>Ferries</headline></contentMeta></newsItem>"#;

fn feed(arguments: &[&str], input: &str) -> Output {
    let arguments = [&["feed"], arguments].concat();
    let mut child = Folder::new()
        .command(&arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_feed_is_told_in_lines_and_in_json() {
    let folder = Folder::new();
    folder.write("feed.xml", FEED);
    assert_eq!(
        folder.ok(&["feed", "feed.xml"]),
        "RSS: Harbour Post\nforgiven: \"&\" that should be \"&amp;\": 1\nentries: 2\n2026-03-16T06:30:00Z  Ferries & fog  /ferries\nMill  https://harbour.example/mill\n"
    );
    let told: Value = serde_json::from_str(&folder.ok(&["feed", "feed.xml", "--format", "json"])).unwrap();
    assert_eq!(told["format"], "RSS");
    assert_eq!(told["entries"][0]["title"], "Ferries & fog");
    assert_eq!(told["entries"][1]["link"], "https://harbour.example/mill");

    let killed = feed(&[], KILL);
    assert!(killed.status.success());
    assert!(text(&killed.stdout).contains("[kill, version 4]  Ferries  urn:ferry"));

    let url = serve("application/rss+xml", FEED);
    let local = ["--set", "gather.allow_networks=127.0.0.0/8", "--format", "json"];
    let told: Value =
        serde_json::from_str(&folder.ok(&[&["feed", url.as_str()], local.as_slice()].concat())).unwrap();
    let link = told["entries"][0]["link"].as_str().unwrap();
    assert!(
        link.starts_with("http://outlet.localhost:") && link.ends_with("/ferries"),
        "{link}"
    );
}

#[test]
fn lines_are_answered_one_by_one() {
    // `<rss><channel><item><title>x</title></item></channel></rss>` and `no feed`.
    let input = "{\"name\":\"a\",\"xml_base64\":\"PHJzcz48Y2hhbm5lbD48aXRlbT48dGl0bGU+eDwvdGl0bGU+PC9pdGVtPjwvY2hhbm5lbD48L3Jzcz4=\"}\n\n\
        {\"name\":\"b\",\"xml_base64\":\"bm8gZmVlZA==\"}\nno json\n{\"name\":\"c\"}\n";
    let output = feed(&["--jsonl"], input);
    assert!(output.status.success());
    let answers: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 4);
    assert_eq!(
        (&answers[0]["name"], &answers[0]["entries"][0]["title"]),
        (&"a".into(), &"x".into())
    );
    let errors: Vec<&str> = answers[1..]
        .iter()
        .map(|answer| answer["error"].as_str().unwrap())
        .collect();
    assert!(errors[0].contains("plain text"), "{errors:?}");
    assert!(
        errors[1].contains("no JSON") && errors[2].contains("xml_base64"),
        "{errors:?}"
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    for (arguments, input, code, says) in [
        (vec!["-"], "<html><title>Home</title></html>", 1, "web page"),
        (vec!["-"], "", 1, "empty"),
        (vec!["missing.xml"], "", 1, "cannot read missing.xml"),
        (
            vec!["--jsonl", "https://harbour.example/"],
            "",
            1,
            "not from an address",
        ),
        (vec!["--jsonl", "--format", "json"], "", 2, "cannot be used with"),
    ] {
        let output = feed(&arguments, input);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(
            text(&output.stderr).contains(says),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
    }
}
