//! What is built is read back as it was meant, by a reader that is not ours.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use proptest::prelude::*;
use reveille_mail::{
    AutoSubmitted, Body, Message,
    catcher::{Mail, read},
    smtp::Text,
};
use reveille_model::UnixMillis;

fn message(subject: &str, text: &str, html: &str) -> Message {
    Message {
        from: (
            "The Morning Brief".to_owned(),
            "brief@example.org".parse().unwrap(),
        ),
        return_path: None,
        reply_to: None,
        to: "ann@example.org".parse().unwrap(),
        subject: subject.to_owned(),
        body: Arc::new(Body::new(text, html)),
        word: String::new(),
        message_id: "7.1@example.org".to_owned(),
        date: UnixMillis(1_773_118_800_000),
        list_unsubscribe: None,
        list_id: None,
        auto_submitted: None,
        headers: Vec::new(),
    }
}

/// What is known of a message since we built it is what anybody finds who looks.
fn build(message: &Message) -> Vec<u8> {
    let text = reveille_mail::build(message);
    let raw = text.bytes().to_vec();
    assert_eq!(text, Text::new(raw.clone()));
    raw
}

fn header(raw: &[u8]) -> String {
    let raw = String::from_utf8(raw.to_vec()).unwrap();
    raw.split_once("\r\n\r\n").unwrap().0.to_owned()
}

/// The names of the header's fields.
fn names(raw: &[u8]) -> Vec<String> {
    let header = header(raw);
    let fields = header.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    fields
        .map(|line| line.split_once(':').unwrap().0.to_owned())
        .collect()
}

#[test]
fn a_brief_is_built_as_the_rfcs_write_it() {
    let brief = Message {
        list_unsubscribe: Some("https://example.org/leave/0123456789abcdef0123456789abcdef".to_owned()),
        list_id: Some("morning.example.org".to_owned()),
        auto_submitted: Some(AutoSubmitted::Generated),
        headers: vec![("Feedback-ID".to_owned(), "7:morning".to_owned())],
        ..message("Five things", "One\nTwo – three\n", "<p>One</p>\n")
    };
    let expected = include_str!("message/brief.eml").replace('\n', "\r\n");
    assert_eq!(String::from_utf8(build(&brief)).unwrap(), expected);
}

#[test]
fn a_letter_to_the_return_path_is_the_other_way_out() {
    let with = |path: &str| {
        let brief = Message {
            list_unsubscribe: Some("https://example.org/leave/0123".to_owned()),
            return_path: Some(path.parse().unwrap()),
            ..message("Five things", "One\n", "")
        };
        header(&build(&brief)).replace("\r\n ", " ")
    };
    let named = "List-Unsubscribe: <https://example.org/leave/0123>, <mailto:back+0123@example.org?subject=unsubscribe>";
    assert!(with("back+0123@example.org").contains(named));
    assert!(!with("ba%ck+0123@example.org").contains("mailto:"));
}

#[test]
fn what_is_built_is_read_back() {
    let (text, html) = ("Eins\n\n.\nFrom hier\t\n=\n", "<p>Ein „Satz“ </p>\n");
    let brief = message("Fünf Dinge – 朝のニュース", text, html);
    let raw = build(&brief);
    let mail = read(&raw);
    let expected = Mail {
        path: std::path::PathBuf::new(),
        to: "ann@example.org".to_owned(),
        from: "The Morning Brief <brief@example.org>".to_owned(),
        subject: brief.subject.clone(),
        date: Some(brief.date),
        message_id: Some(brief.message_id.clone()),
        html: Some(html.to_owned()),
        // The line that begins with "From" is stuffed.
        text: Some(text.replace("From", " From")),
        raw,
    };
    assert_eq!(mail, expected);
}

#[test]
fn a_message_without_html_is_text_alone() {
    let raw = build(&message("Please confirm", "Follow this link.\n", ""));
    assert!(header(&raw).contains("Content-Type: text/plain; charset=utf-8"));
    let mail = read(&raw);
    assert_eq!(
        (mail.text.as_deref(), mail.html),
        (Some("Follow this link.\n"), None)
    );
}

#[test]
fn further_fields_cannot_replace_our_own() {
    let mut brief = message("Hello", "x", "");
    let long = "x".repeat(71);
    for name in ["subject", "Bad Name", "a:b", "", "X\r\nBcc", "Ünicode", &long] {
        brief.headers.push((name.to_owned(), "x".to_owned()));
    }
    let before = names(&build(&message("Hello", "x", "")));
    assert_eq!(names(&build(&brief)), before);
}

#[test]
fn ordinary_mail_of_others_is_read() {
    let raw = b"From: \"A, B\" <a@example.org>\r\nTo: b@example.org, c@example.org\r\nSubject: =?iso-8859-1?Q?caf=E9?=\r\n\
        Date: Tue, 10 Mar 2026 06:00:00 +0100\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: 8bit\r\n\r\nd\xe9j\xe0 vu\r\n";
    let mail = read(raw);
    assert_eq!(mail.from, "A, B <a@example.org>");
    assert_eq!(mail.to, "b@example.org");
    assert_eq!(mail.subject, "café");
    assert_eq!(mail.date, Some("2026-03-10T05:00:00Z".parse().unwrap()));
    assert_eq!(mail.text.as_deref(), Some("déjà vu\n"));
    assert_eq!(mail.html, None);
}

/// A text whose last line has its end.
fn ended(text: &str) -> String {
    let missing = !text.is_empty() && !text.ends_with('\n');
    format!("{text}{}", if missing { "\n" } else { "" })
}

/// Text as a header holds it: one space for each run of white space and control characters.
fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, ' ' | '\u{2028}' | '\u{2029}');
    text.split(breaks)
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// RFC 3676, section 4.4, as a reader does it.
fn unstuffed(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_field_breaks_out_of_its_line(
        strings in proptest::collection::vec("(\\PC|[\r\n\t\0 ]|: |=\\?|\r\nBcc: x){0,60}", 7),
        long in "[ -~\r\n]{0,2000}",
    ) {
        let mut brief = message(&strings[0], "text", "<p>html</p>");
        let plain = names(&build(&brief)).len();
        brief.from.0 = strings[1].clone();
        brief.message_id = strings[2].clone() + &long;
        brief.list_unsubscribe = Some(strings[3].clone() + &long);
        brief.list_id = Some(strings[4].clone() + &long);
        brief.headers = vec![
            ("X-One".to_owned(), strings[5].clone()),
            ("X-Two".to_owned(), long.clone()),
            (strings[6].clone(), long.clone()),
        ];
        let raw = build(&brief);
        prop_assert!(raw.is_ascii());
        prop_assert!(raw.split(|&b| b == b'\n').all(|line| line.len() <= 998));
        let text = String::from_utf8(raw.clone()).unwrap();
        prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
        let names = names(&raw);
        prop_assert!((plain + 5..=plain + 6).contains(&names.len()), "{:?}", names);
        prop_assert!(!names.iter().any(|name| name == "Bcc"));
    }

    #[test]
    fn subjects_and_names_decode_to_what_was_given(
        subject in "(\\PC|[ \r\n]|=\\?){0,120}",
        name in "(\\PC|[ \r\n\"\\\\<>,;]|=\\?){1,80}",
    ) {
        let mut brief = message(&subject, "text", "");
        brief.from.0 = name.clone();
        let raw = build(&brief);
        let header = header(&raw);
        prop_assert!(header.split("\r\n").all(|line| line.len() <= 78), "{}", header);
        let mail = read(&raw);
        prop_assert_eq!(mail.subject, one_line(&subject));
        let from = match one_line(&name).as_str() {
            "" => "brief@example.org".to_owned(),
            name => format!("{name} <brief@example.org>"),
        };
        prop_assert_eq!(mail.from, from);
    }

    #[test]
    fn text_and_html_decode_to_what_was_given(text in "(\\PC|[ \t\n=.]|From |--){0,300}", html in "(\\PC|[ \t\n=.<>]){1,300}") {
        let mail = read(&build(&message("Subject", &text, &html)));
        prop_assert_eq!(unstuffed(&mail.text.unwrap_or_default()), ended(&text));
        prop_assert_eq!(mail.html.unwrap_or_default(), ended(&html));
    }

    #[test]
    fn a_slot_is_filled_as_if_the_word_had_stood_there(
        text in "([a-z=é .]{0,90}\n|[a-z ]{0,80}@@[a-z]{0,60}@@\n){0,9}",
        html in "(<p>[a-z=é .]{0,90}</p>\n|<a href='@@'>\n){0,9}",
        word in "[0-9a-f]{1,32}",
    ) {
        let mut shared = message("Subject", "", "");
        shared.body = Arc::new(Body::with_slot(&text, &html, "@@"));
        shared.word = word.clone();
        let own = message("Subject", &text.replace("@@", &word), &html.replace("@@", &word));
        let (shared, own) = (read(&build(&shared)), read(&build(&own)));
        prop_assert_eq!((shared.text, shared.html), (own.text, own.html));
    }

    #[test]
    fn body_lines_stay_within_76_columns(text in "\\PC{0,400}") {
        let raw = build(&message("Subject", &text, "<p>"));
        let raw = String::from_utf8(raw).unwrap();
        prop_assert!(raw.lines().all(|line| line.len() <= 76), "{}", raw);
    }
}

#[test]
fn text_flows_and_what_begins_like_a_quotation_is_stuffed() {
    let text = "One that goes \non.\n> not quoted\nFrom here\n  indented\n";
    let raw = build(&message("S", text, ""));
    assert!(header(&raw).contains("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=no"));
    let body = String::from_utf8(raw)
        .unwrap()
        .split_once("\r\n\r\n")
        .unwrap()
        .1
        .to_owned();
    assert_eq!(
        body,
        "One that goes=20\r\non.\r\n > not quoted\r\n From here\r\n   indented\r\n"
    );
}

#[test]
fn answers_go_where_the_message_says() {
    let brief = Message {
        reply_to: Some("tips@example.org".parse().unwrap()),
        ..message("S", "T", "")
    };
    assert!(header(&build(&brief)).contains("\r\nReply-To: tips@example.org\r\n"));
    assert!(!names(&build(&message("S", "T", ""))).contains(&"Reply-To".to_owned()));
}
