//! `reveille extract`, page by page and line by line.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    process::{Output, Stdio},
};

use serde_json::Value;

use crate::{commands::serve, program::Folder};

const PAGE: &str = "<title>Harbour reopens - Example Times</title><meta property=\"og:site_name\" content=\"Example Times\">\
    <meta name=\"author\" content=\"Ann Example\"><meta property=\"article:published_time\" content=\"2026-03-10T06:00:00+01:00\">\
    <link rel=\"canonical\" href=\"/harbour\"><article><h1>Harbour reopens</h1>\
    <p>NORTHPORT (AP) &mdash; The harbour reopened on Tuesday after a storm had closed it for two weeks.</p>\
    <p>Pilots said that the first ship &lt;a tanker&gt; came in at dawn.</p></article><footer><p>Imprint</p></footer>";

/// Runs `reveille extract` with this on its standard input.
fn extract(arguments: &[&str], input: &[u8]) -> Output {
    let folder = Folder::new();
    let input = folder.write("input", input);
    folder
        .command(&[&["extract"], arguments].concat())
        .stdin(File::open(input).unwrap())
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_page_comes_out_in_every_form() {
    let folder = Folder::new();
    folder.write("page.html", PAGE);
    let url = ["--url", "https://times.example/2026/harbour?utm_source=x"];
    let run = |more: &[&str]| folder.ok(&[&["extract", "page.html"], url.as_slice(), more].concat());

    let known: Value = serde_json::from_str(&run(&["--trace"])).unwrap();
    assert_eq!(known["title"], "Harbour reopens");
    assert_eq!(known["url"], "https://times.example/2026/harbour");
    assert_eq!(known["canonical_url"], "https://times.example/harbour");
    assert_eq!(known["published"], "2026-03-10T06:00:00+01:00");
    assert_eq!(known["authors"][0], "Ann Example");
    assert_eq!(known["agency"], "Associated Press");
    assert_eq!(known["origins"][0]["evidence"][0]["mark"], "dateline");
    assert_eq!(known["dateline"]["place"], "NORTHPORT");
    let trace = known["trace"].as_array().unwrap();
    assert!(
        trace
            .iter()
            .any(|verdict| verdict["kept"] == true && verdict["reason"] == "body"),
        "{trace:?}"
    );
    assert!(trace.iter().any(|verdict| verdict["kept"] == false), "{trace:?}");

    let markdown = run(&["--format", "markdown"]);
    assert!(
        markdown.starts_with("# Harbour reopens\n\nBy Ann Example\n\n"),
        "{markdown}"
    );
    assert!(markdown.contains("the first ship \\<a tanker>"), "{markdown}");
    let text = run(&["--format", "text"]);
    assert!(
        text.contains("\n\nPilots said that the first ship <a tanker> came in at dawn.\n"),
        "{text}"
    );
    let html = run(&["--format", "html"]);
    assert!(
        html.contains("<h1>Harbour reopens</h1>") && html.contains("&lt;a tanker&gt;"),
        "{html}"
    );

    let said = folder.run(&["extract", "page.html", "--format", "text", "--trace"]);
    assert!(said.err.contains("dropped"), "{}", said.err);
    assert!(!said.out.contains("dropped"));
}

#[test]
fn a_clip_and_a_page_in_another_character_set_are_read() {
    let clip = "Harbour reopens\n\nNORTHPORT (AP) - The harbour reopened on Tuesday after a storm.\n\nReply to <ann@times.example>.\n";
    let known: Value = serde_json::from_slice(&extract(&[], clip.as_bytes()).stdout).unwrap();
    assert_eq!(
        (&known["agency"], &known["url"]),
        (&"Associated Press".into(), &Value::Null)
    );

    let page = PAGE
        .replace("Ann Example", "Ann\u{e9}lie Example")
        .replace("&mdash;", "-");
    let page: Vec<u8> = page
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let known: Value = serde_json::from_slice(&extract(&["-"], &page).stdout).unwrap();
    assert_eq!(known["authors"][0], "Ann\u{e9}lie Example");
    assert_eq!(
        known["canonical_url"],
        Value::Null,
        "of an unknown host nothing is made up"
    );
}

#[test]
fn an_address_is_fetched_within_the_guard() {
    let folder = Folder::new();
    let url = serve("text/html", PAGE);
    let refused = folder.run(&["extract", &url]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("not on the open web"), "{}", refused.err);
    let local = ["--set", "gather.allow_networks=127.0.0.0/8", "extract", &url];
    let known: Value = serde_json::from_str(&folder.ok(&local)).unwrap();
    assert_eq!(known["title"], "Harbour reopens");
    assert_eq!(known["url"], url.as_str());
    assert!(!folder.path().join("reveille.db").exists(), "nothing is stored");
}

#[test]
fn what_is_no_page_is_said_to_be_none() {
    let folder = Folder::new();
    folder.write("empty.html", " \n");
    folder.write("menu.html", "<nav><a href=/>Home</a></nav>");
    folder.write("picture.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    for (file, words) in [
        ("missing.html", "cannot read missing.html"),
        ("empty.html", "empty.html: there is nothing in it"),
        ("picture.html", "binary data"),
        ("menu.html", "no article text"),
        (".", "cannot read"),
    ] {
        let said = folder.run(&["extract", file]);
        assert_eq!(said.code, Some(1), "{file}");
        assert!(said.err.contains(words), "{file}: {}", said.err);
    }
    for wrong in [
        ["menu.html", "--url=times.example"].as_slice(),
        &["https://times.example/", "--url=https://times.example/"],
        &["https://times.example/", "--jsonl"],
        &["--jsonl", "--threads=0"],
        &["--threads=2"],
        &["--format=pdf"],
    ] {
        assert_eq!(
            folder.run(&[&["extract"], wrong].concat()).code,
            Some(2),
            "{wrong:?}"
        );
    }
}

#[test]
fn lines_are_answered_in_their_order_whatever_is_wrong_with_them() {
    let page = |id: usize| {
        let text = "The harbour reopened after a storm had closed it. ".repeat(1 + 97 * id % 400);
        serde_json::json!({"id": id, "url": "https://times.example/a", "html": format!("<h1>Piece {id}</h1><p>{text}")})
    };
    let mut input = Vec::new();
    for id in 0..300 {
        writeln!(input, "{}", page(id)).unwrap();
    }
    input.extend(b"\n{\"id\":\"broken\n\xff\xfe\n{\"id\":\"none\"}\n{\"id\":\"odd\",\"html\":7}\n17\n");
    input.extend(b"{\"id\":\"picture\",\"html_base64\":\"iVBORw0KGgoAAAANSUhEUg==\"}\n{\"id\":\"b64\",\"html_base64\":\"%\"}\n");
    input.extend(b"{\"id\":\"latin\",\"html_base64\":\"PGgxPkNhZuk8L2gxPjxwPlRoZSBjYWbpIG9wZW5lZCBvbiBUdWVzZGF5Lg==\",\"charset\":\"latin1\"}");
    for threads in ["1", "3"] {
        let output = extract(&["--jsonl", "--threads", threads], &input);
        assert_eq!(output.status.code(), Some(0));
        let answers = lines(&output);
        assert_eq!(answers.len(), 308);
        for (id, answer) in answers[..300].iter().enumerate() {
            assert_eq!(
                (&answer["id"], &answer["title"]),
                (&id.into(), &format!("Piece {id}").into())
            );
        }
        let expected = [
            (Value::Null, "line 302: "),
            (Value::Null, "line 303: "),
            ("none".into(), "line 304: neither html nor html_base64"),
            ("odd".into(), "line 305: invalid type"),
            (Value::Null, "line 306: invalid"),
            ("picture".into(), "binary data"),
            ("b64".into(), "html_base64: "),
        ];
        for ((id, words), answer) in expected.iter().zip(&answers[300..]) {
            assert_eq!(&answer["id"], id, "{answer}");
            assert!(answer["error"].as_str().unwrap().contains(words), "{answer}");
            assert_eq!(answer.as_object().unwrap().len(), 2);
        }
        assert_eq!(answers[307]["title"], "Caf\u{e9}");
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.contains("308 pages, 7 of them errors"), "{err}");
    }
}

#[test]
fn a_line_has_the_fields_that_are_promised_and_no_others() {
    let input = serde_json::json!({"id": 1, "url": "https://times.example/a", "html": PAGE}).to_string();
    let output = extract(&["--jsonl"], input.as_bytes());
    let text = std::str::from_utf8(&output.stdout).unwrap();
    let places: Vec<usize> = [
        "id",
        "title",
        "body",
        "authors",
        "published",
        "language",
        "carrier",
        "agency",
        "dateline",
        "canonical_url",
        "original_url",
        "kind",
        "topics",
        "paywalled",
    ]
    .iter()
    .map(|field| {
        text.find(&format!("\"{field}\":"))
            .unwrap_or_else(|| panic!("no {field} in {text}"))
    })
    .collect();
    assert!(places.is_sorted(), "{text}");
    assert_eq!(lines(&output)[0].as_object().unwrap().len(), places.len());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let folder = Folder::new();
    let line = serde_json::json!({"id": 1, "html": PAGE}).to_string() + "\n";
    folder.write("pages.jsonl", &line.repeat(2000));
    let mut child = folder
        .command(&["extract", "--jsonl", "pages.jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with("{\"id\":1,"));
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn an_answer_comes_before_the_next_question() {
    let folder = Folder::new();
    let mut child = folder
        .command(&["extract", "--jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut questions = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for id in 0..3 {
        writeln!(questions, "{}", serde_json::json!({"id": id, "html": PAGE})).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(&format!("{{\"id\":{id},")), "{answer}");
    }
    drop(questions);
    assert!(child.wait().unwrap().success());
}

#[test]
fn markup_alone_is_no_title() {
    let said = extract(&[], b"<html>\n");
    assert_eq!(said.status.code(), Some(1));
    let known: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert!(known["title"].as_str().unwrap_or_default().is_empty(), "{known}");
}
