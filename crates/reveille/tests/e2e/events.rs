//! An event has a section of its own while it goes on.

use serde_json::Value;

use crate::{
    outlet::Outlet,
    program::Folder,
    stories::{morning, outlet},
};

fn at(folder: &Folder, day: &str, arguments: &[&str]) -> String {
    let now = format!("{day}T04:00:00Z");
    folder.ok(&[&["--now", &now][..], arguments].concat())
}

/// Kind, name and first headline of the edition's sections.
fn sections(folder: &Folder, day: &str) -> Vec<(String, String, String)> {
    let printed = at(folder, day, &["edition", "show", "--format", "json"]);
    let edition: Value = serde_json::from_str(&printed).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let section = |section: &Value| {
        let headline = text(&section["entries"][0]["headline"]);
        (text(&section["kind"]), text(&section["name"]), headline)
    };
    edition["sections"]
        .as_array()
        .unwrap()
        .iter()
        .map(section)
        .collect()
}

/// A folder with a brief whose events open with the first newsroom, and take the first story too.
fn with_a_brief(approval: &str) -> Folder {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief", "--approval", approval]);
    let plan = folder.ok(&["brief", "show"]);
    let plan = plan
        .replace("newsrooms = 10", "newsrooms = 1")
        .replace("top = 5", "top = 0");
    folder.write("plan.toml", &plan);
    folder.ok(&["brief", "update", "the-morning-brief", "plan.toml"]);
    folder
}

#[test]
fn a_section_opens_takes_what_follows_and_obeys_the_editor() {
    let folder = with_a_brief("automatic");
    let first = outlet(
        "post",
        "Ferry Aurora: 214 saved off Northport",
        "Mon, 09 Mar 2026 01:10:00 GMT",
        &[
            "The ferry Aurora ran aground on a sandbank off Northport late on Sunday with 214 people aboard, the \
             coastguard said.",
            "Captain Lena Ost told the harbour master that the Aurora had lost steering shortly after leaving the \
             Kestrel channel.",
        ],
    );
    morning(&folder, "2026-03-09", "The Harbour Post", &first);
    let event = |name: &str, headline: &str| ("event".to_owned(), name.to_owned(), headline.to_owned());
    let ferry = event("Ferry Aurora", "Ferry Aurora: 214 saved off Northport");
    assert_eq!(sections(&folder, "2026-03-09"), [ferry]);
    let listed = at(&folder, "2026-03-09", &["brief", "event", "list"]);
    assert!(
        listed.contains("opened 2026-03-09: 1 newsroom in one night"),
        "{listed}"
    );

    let named = [
        "brief",
        "event",
        "set",
        "1",
        "--name",
        "The Aurora",
        "--keyword",
        "sandbank",
    ];
    assert!(at(&folder, "2026-03-09", &named).contains("“The Aurora”, is open"));
    let headline = "Steering pump broke before grounding off Northport, inquiry finds";
    let second = outlet(
        "courier",
        headline,
        "Tue, 10 Mar 2026 02:40:00 GMT",
        &[
            "Investigators blamed a broken steering pump for the grounding of the ferry Aurora off Northport on \
             Sunday.",
            "The coastguard's first report says the pump of the Aurora failed in the Kestrel channel, minutes before \
             the ship with 214 people aboard met the sandbank.",
            "Captain Lena Ost will be heard by the Northport inquiry next week.",
        ],
    );
    let text = morning(&folder, "2026-03-10", "The Northport Mail", &second);
    assert_eq!(sections(&folder, "2026-03-10"), [event("The Aurora", headline)]);
    assert!(
        text.contains("THE AURORA") || text.contains("The Aurora"),
        "{text}"
    );

    at(&folder, "2026-03-10", &["brief", "event", "close", "1"]);
    at(&folder, "2026-03-10", &["edition", "compile"]);
    let listed = at(&folder, "2026-03-10", &["brief", "event", "list"]);
    assert!(
        listed.contains("closed 2026-03-10 by the command line"),
        "{listed}"
    );
    let opened = at(&folder, "2026-03-10", &["brief", "event", "open", "1"]);
    assert!(
        opened.contains("“The Aurora”, is open"),
        "the event's own section again: {opened}"
    );
    let unknown = folder.run(&["brief", "event", "close", "9"]);
    assert!(unknown.err.contains("there is no section 9"), "{}", unknown.err);
}

#[test]
fn what_tells_of_the_event_in_the_same_night_is_in_its_section_until_an_editor_removes_it() {
    let folder = with_a_brief("manual");
    let outlet = Outlet::named("post");
    outlet.report(
        "/saved",
        "Ferry Aurora: 214 saved off Northport",
        &[
            "The ferry Aurora ran aground on a sandbank off Northport late on Sunday with 214 people aboard, the \
             coastguard said.",
            "Captain Lena Ost told the harbour master that the Aurora had lost steering in the Kestrel channel.",
        ],
    );
    outlet.report(
        "/owner",
        "Owner of ferry Aurora sacks its captain at Northport",
        &[
            "The owner of the ferry Aurora sacked Captain Lena Ost at Northport on Monday.",
            "The Aurora had left the Kestrel channel against his orders, he said, and the coastguard of Northport had \
             warned her twice.",
        ],
    );
    let feed = outlet.feed(&[
        (
            "/saved",
            "Ferry Aurora: 214 saved off Northport",
            "Mon, 09 Mar 2026 01:10:00 GMT",
        ),
        (
            "/owner",
            "Owner of ferry Aurora sacks its captain at Northport",
            "Mon, 09 Mar 2026 03:10:00 GMT",
        ),
    ]);
    morning(&folder, "2026-03-09", "The Harbour Post", &feed);
    let at = |arguments: &[&str]| at(&folder, "2026-03-09", arguments);
    // So few texts are one story; in a night of many they are two.
    at(&["stories", "part", "1", "2"]);
    let names = || {
        at(&["edition", "compile"]);
        let sections = sections(&folder, "2026-03-09");
        sections.into_iter().map(|(_, name, _)| name).collect::<Vec<_>>()
    };
    let both = names();
    assert_eq!(both.len(), 1, "{both:?}");
    let json = at(&["edition", "show", "--format", "json"]);
    assert!(json.contains("beside “"), "{json}");

    let listed = at(&["stories", "list", "--since", "3d", "--json"]);
    let listed: Value = serde_json::from_str(&listed).unwrap();
    let of_owner = |story: &&Value| story["headline"].to_string().contains("sacks");
    let owner = listed.as_array().unwrap().iter().find(of_owner).unwrap();
    assert!(owner["beside"][0]["likeness"].as_f64().unwrap() > 0.3, "{owner}");
    let owner = owner["story"].to_string();
    assert!(at(&["stories", "show", &owner]).contains("Beside story "));
    at(&["brief", "event", "remove", "1", &owner]);
    assert_eq!(names().len(), 2, "it is an event of its own");
    at(&["brief", "event", "add", "1", &owner]);
    assert_eq!(names(), both);
    let listed = at(&["brief", "event", "list"]);
    assert!(
        listed.contains(&format!("story {owner} removed 2026-03-09 by the command line")),
        "{listed}"
    );
    let unknown = folder.run(&["brief", "event", "remove", "1", "99"]);
    assert!(
        unknown.err.contains("story 99 is not in section 1"),
        "{}",
        unknown.err
    );
}
