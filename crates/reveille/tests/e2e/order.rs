//! An editor puts an edition in order: by the desk, and as a file.

use serde_json::{Value, json};

use crate::{
    desk::{link, sign_in},
    ferry::{at, morning},
    program::Folder,
    serving::Server,
    stories,
};

fn printed(folder: &Folder) -> Value {
    let said = at(folder, "04:40", &["edition", "show", "--format", "json"]);
    serde_json::from_str(&said.out).unwrap()
}

fn headlines(edition: &Value) -> Vec<String> {
    let sections = edition["sections"].as_array().unwrap();
    let entries = sections
        .iter()
        .flat_map(|section| section["entries"].as_array().unwrap());
    entries
        .map(|entry| entry["headline"].as_str().unwrap().to_owned())
        .collect()
}

/// Puts back what was printed, changed.
fn put(folder: &Folder, edition: &Value) -> String {
    folder.write("edited.json", &edition.to_string());
    at(folder, "04:41", &["edition", "update", "edited.json"]).out
}

fn own(number: u32, kind: &str, headline: &str) -> Value {
    json!({
        "number": 9, "own": number, "kind": kind, "headline": headline, "summary": "A line of our own with 98,765 sheep.",
        "credit": { "carrier": "Quay & Sons", "original": null }, "published": null,
    })
}

#[test]
fn an_edition_is_put_in_order_on_the_desk_and_what_was_done_is_undone() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let before = printed(&folder);
    let server = Server::start(&folder);
    let ann = sign_in(&server, &link(&folder, "Ann"));
    let key = |place: usize| {
        before["sections"][0]["entries"][place]["article"]
            .as_i64()
            .unwrap()
    };
    let order = |form: String| server.ask("POST /desk/editions/1/order", &ann, &form);
    let done = |form: String| {
        let answer = order(form);
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        printed(&folder)
    };
    let moved = done(format!("revision=1&act=down&entry={}", key(0)));
    let told = headlines(&before);
    assert_eq!(headlines(&moved), [&*told[1], &*told[0], &*told[2]]);
    let stale = order(format!("revision=1&act=drop&entry={}", key(0)));
    assert!(
        stale.starts_with("HTTP/1.1 409") && stale.contains("changed meanwhile (Ann moved"),
        "{stale}"
    );
    let dropped = done(format!("revision=2&act=drop&entry={}", key(0)));
    assert_eq!(headlines(&dropped), [&*told[1], &*told[2]]);
    assert_eq!(dropped["dropped"][0]["entry"]["headline"], *told[0]);
    assert_eq!(
        (&before["sections"][0]["name"], &dropped["sections"][0]["name"]),
        (&"Top Three".into(), &"Top Two".into()),
        "the heading follows"
    );
    let filed = done(format!("revision=3&act=file&section=Elsewhere&entry={}", key(2)));
    assert_eq!(filed["sections"][0]["name"], "Top Story");
    assert_eq!(filed["sections"][1]["name"], "Elsewhere");
    let back = done(format!("revision=4&act=take_back&entry={}", key(0)));
    assert_eq!(headlines(&back), [&*told[1], &*told[0], &*told[2]]);
    assert!(back["dropped"].is_null(), "{back}");
    let page = server.ask("GET /desk/editions/1", &ann, "");
    assert!(page.contains("Ann took") && page.contains(">Undo<"), "{page}");
    let undone = done("revision=5&act=restore&to=4".to_owned());
    assert_eq!(headlines(&undone), headlines(&filed));
    let first = done("revision=6&act=restore&to=1".to_owned());
    assert_eq!(first["sections"], before["sections"]);
    assert_eq!(first["revision"], 7);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn an_editor_lets_a_number_stand_and_answers_for_it() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let line = ["--summary", "Some 98,765 sheep were aboard the ferry."];
    let said = at(
        &folder,
        "04:41",
        &[&["edition", "reword", "1"], &line[..]].concat(),
    )
    .out;
    assert!(said.contains("“98,765”") && said.contains("draft"), "{said}");
    let server = Server::start(&folder);
    let ann = sign_in(&server, &link(&folder, "Ann"));
    let article = &printed(&folder)["sections"][0]["entries"][0]["article"];
    let path = format!("/desk/editions/1/{article}");
    let page = server.ask(&format!("GET {path}"), &ann, "");
    assert!(page.contains("It is right: let it stand"), "{page}");
    let form = "act=overrule&revision=2&check=numbers&said=98%2C765";
    let answer = server.ask(&format!("POST {path}"), &ann, form);
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let overruled = printed(&folder)["sections"][0]["entries"][0]["overruled"][0].clone();
    assert_eq!(
        (&overruled["by"], &overruled["check"]),
        (&"Ann".into(), &"numbers".into())
    );
    let page = server.ask(&format!("GET {path}"), &ann, "");
    assert!(page.contains("Ann lets “98,765” stand"), "{page}");
    at(&folder, "04:45", &["edition", "approve"]);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_desks_own_entries_are_written_labelled_and_numbered() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let mut edition = printed(&folder);
    let entries = edition["sections"][0]["entries"].as_array_mut().unwrap();
    entries.insert(1, own(1, "sponsored", "Boats for the whole family"));
    let calendar =
        json!({ "name": "Calendar", "entries": [own(2, "appointment", "10:00 The council meets")] });
    edition["sections"].as_array_mut().unwrap().push(calendar);
    let said = put(&folder, &edition);
    assert!(said.contains("5 entries, checked"), "{said}");
    let after = printed(&folder);
    assert_eq!(after["sections"][0]["name"], "Top Four");
    assert_eq!(after["sections"][0]["entries"][1]["number"], 2);
    assert!(after["sections"][0]["entries"][1]["extract"].is_null());
    let text = at(&folder, "04:42", &["edition", "show"]).out;
    assert!(text.contains("Boats for the whole family [Sponsored]"), "{text}");
    assert!(text.contains("[Appointment]"), "{text}");
    for (format, label) in [
        ("html", "<b dir=\"ltr\">Sponsored.</b>"),
        ("markdown", "· Sponsored"),
    ] {
        let shown = at(&folder, "04:42", &["edition", "show", "--format", format]).out;
        assert!(shown.contains(label), "{format}: {shown}");
    }
    let refused = |edition: &Value| {
        folder.write("edited.json", &edition.to_string());
        let update = [
            "--now",
            "2026-03-10T04:43:00Z",
            "edition",
            "update",
            "edited.json",
        ];
        folder.run(&update).err
    };
    let mut twice = after.clone();
    twice["sections"][1]["entries"][0]["own"] = 1.into();
    assert!(refused(&twice).contains("the same number `own`"));
    let mut neither = after.clone();
    neither["sections"][1]["entries"][0]["own"] = Value::Null;
    let said = refused(&neither);
    assert!(said.contains("or is the desk's `own`"), "{said}");
    let said = at(&folder, "04:44", &["edition", "approve"]);
    assert!(said.out.contains("Approved"), "{}", said.out);
}

#[test]
fn other_words_are_in_the_briefs_language_unless_somebody_says_otherwise() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let language = |edition: &Value| edition["sections"][0]["entries"][0]["language"].clone();
    let reword = |more: &[&str]| {
        let words = ["edition", "reword", "1", "--headline"];
        at(&folder, "04:41", &[&words[..], more].concat());
        printed(&folder)
    };
    let edition = reword(&["Un navire échoue", "--language", "fr"]);
    assert_eq!(language(&edition), "fr");
    let mut edition = edition;
    edition["sections"][0]["entries"][0]["headline"] = "A ferry runs aground".into();
    put(&folder, &edition);
    assert_eq!(language(&printed(&folder)), "en");
    reword(&["Un navire échoue", "--language", "fr"]);
    assert_eq!(language(&reword(&["A ferry sinks"])), "en");
}

#[test]
fn what_an_editor_dropped_does_not_come_back_the_next_morning() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let report = |name: &str, headline: &str, lines: &[&str]| {
        stories::outlet(name, headline, "Mon, 09 Mar 2026 01:10:00 GMT", lines)
    };
    let ferry = report(
        "post",
        "Ferry Aurora runs aground off Northport with 214 aboard",
        &["The ferry Aurora ran aground on a sandbank off Northport late on Sunday with 214 people aboard."],
    );
    let orchard = report(
        "vale",
        "Frost destroys half of cherry blossom in Lower Vale",
        &[
            "Frost destroyed half of the cherry blossom in the Lower Vale on Sunday night, growers there said.",
        ],
    );
    stories::morning(&folder, "2026-03-09", "The Harbour Post", &ferry);
    let now = ["--now", "2026-03-09T04:40:00Z", "edition"];
    let told = stories::morning(&folder, "2026-03-09", "The Vale News", &orchard);
    assert!(
        told.contains("Ferry Aurora") && told.contains("cherry blossom"),
        "{told}"
    );
    let show = folder.ok(&[&now[..], &["show", "--format", "json"]].concat());
    let mut edition: Value = serde_json::from_str(&show).unwrap();
    let entries = edition["sections"][0]["entries"].as_array_mut().unwrap();
    entries.retain(|entry| !entry["headline"].as_str().unwrap().contains("Ferry"));
    folder.write("edited.json", &edition.to_string());
    folder.ok(&[&now[..], &["update", "edited.json"]].concat());
    let bridge = stories::outlet(
        "span",
        "Bridge at Kestrel opens after nine years",
        "Tue, 10 Mar 2026 01:10:00 GMT",
        &["The bridge at Kestrel opened on Monday after nine years of work, the county said."],
    );
    let next = stories::morning(&folder, "2026-03-10", "The Span", &bridge);
    assert!(next.contains("Bridge at Kestrel"), "{next}");
    assert!(next.contains("cherry blossom"), "nobody has got it yet: {next}");
    assert!(!next.contains("Ferry Aurora"), "it was dropped: {next}");
}
