//! What an editor is told of the folding, and what an editor decides.

use serde_json::Value;

use crate::{outlet::Outlet, program::Folder};

/// The demo's morning, after its edition went out.
const MORNING: &str = "2026-03-10T06:00:00Z";

fn stories(folder: &Folder, arguments: &[&str]) -> String {
    let store = [
        "--set",
        "store.url=sqlite:reveille.db",
        "--now",
        MORNING,
        "stories",
    ];
    folder.ok(&[&store, arguments].concat())
}

fn json(folder: &Folder, arguments: &[&str]) -> Value {
    serde_json::from_str(&stories(folder, &[arguments, &["--json"]].concat())).unwrap()
}

fn all(folder: &Folder) -> Vec<Value> {
    let listed = json(folder, &["list", "--since", "3d", "--limit", "999"]);
    listed.as_array().unwrap().clone()
}

/// The story of the talks, which six outlets carry in the words of one agency.
fn talks(folder: &Folder) -> Value {
    let found = all(folder).into_iter().find(|story| {
        let headline = story["headline"].as_str().unwrap().to_lowercase();
        headline.contains("talks") && headline.contains("strait")
    });
    json(folder, &["show", &found.unwrap()["story"].to_string()])
}

#[test]
fn the_evidence_for_each_article_can_be_asked() {
    let folder = Folder::new();
    folder.demo(&[]);
    let talks = talks(&folder);
    assert_eq!(talks["original"]["name"], "Northern Wire");
    let articles = talks["articles"].as_array().unwrap();
    let copy = articles
        .iter()
        .find(|article| !article["copy_of"].is_null())
        .unwrap();
    let told = stories(&folder, &["explain", &copy["article"].to_string()]);
    assert!(told.contains("Carries the text of "), "{told}");
    assert!(told.contains("Written by Northern Wire"), "{told}");
    assert!(told.contains("log-odds"), "{told}");
    let explained = json(&folder, &["explain", &copy["article"].to_string()]);
    assert_eq!(explained["assignment"]["copy"]["of"], copy["copy_of"]);
    let shown = folder.ok(&[
        "--set",
        "store.url=sqlite:reveille.db",
        "articles",
        "show",
        &copy["article"].to_string(),
        "--json",
    ]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let version = &shown["versions"][0]["article"];
    for at in [
        &talks["first"],
        &talks["last"],
        &copy["published"],
        &version["published"],
    ] {
        assert!(
            at.as_str().is_some_and(|at| at.starts_with("2026-03-")),
            "instants are text: {at}"
        );
    }

    let shown = stories(&folder, &["show", &talks["story"].to_string()]);
    assert!(
        shown.contains("Northern Wire") && shown.contains("newsroom"),
        "{shown}"
    );
    let refused = folder.run(&[
        "--set",
        "store.url=sqlite:reveille.db",
        "stories",
        "explain",
        "99999",
    ]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.err.contains("there is no article 99999"),
        "{}",
        refused.err
    );
}

#[test]
fn what_an_editor_decides_holds_through_later_foldings_until_it_is_taken_back() {
    let folder = Folder::new();
    folder.demo(&[]);
    let talks = talks(&folder);
    let article = |at: usize| talks["articles"][at]["article"].to_string();

    let story_of = |article: &str| json(&folder, &["explain", article])["assignment"]["story"].clone();
    let together = || story_of(&article(0)) == story_of(&article(1));
    assert!(together());
    let said = stories(&folder, &["part", &article(0), &article(1)]);
    assert!(said.contains("tell of different events"), "{said}");
    assert!(!together());
    stories(&folder, &["credit", &article(0), "The Strait Courier"]);
    let shown = json(&folder, &["explain", &article(0)]);
    assert_eq!(shown["original"]["name"], "The Strait Courier");
    assert!(stories(&folder, &["rulings"]).contains("The Strait Courier wrote"));

    stories(&folder, &["undo", "1"]);
    assert!(together());
    // An address does as well as a number.
    let url = |at: usize| talks["articles"][at]["url"].as_str().unwrap().to_owned();
    stories(&folder, &["part", &url(0), &article(1)]);
    assert!(!together());
    stories(&folder, &["join", &article(0), &url(1)]);
    stories(
        &folder,
        &["credit", &url(0), "The Strait Courier", "--own", &url(1)],
    );
    assert_eq!(story_of(&url(0)), story_of(&article(0)));
    let twice = folder.run(&["--set", "store.url=sqlite:reveille.db", "stories", "undo", "1"]);
    assert!(twice.err.contains("there is no ruling 1"), "{}", twice.err);
    let itself = folder.run(&[
        "--set",
        "store.url=sqlite:reveille.db",
        "stories",
        "join",
        "1",
        "1",
    ]);
    assert!(itself.err.contains("named twice"), "{}", itself.err);
}

/// An outlet with a feed of one report and the report's page.
pub(crate) fn outlet(name: &str, headline: &str, published: &str, paragraphs: &[&str]) -> String {
    let outlet = Outlet::named(name);
    outlet.report("/report", headline, paragraphs);
    outlet.feed(&[("/report", headline, published)])
}

/// Gathers one more outlet at four in the morning; the edition of that day, as one line.
pub(crate) fn morning(folder: &Folder, day: &str, carrier: &str, feed: &str) -> String {
    let now = format!("{day}T04:00:00Z");
    let at = |arguments: &[&str]| {
        let here = ["--now", &now, "--set", "gather.allow_networks=127.0.0.0/8"];
        let hurry = ["--set", "gather.host_delay_millis=0"];
        folder.ok(&[&here[..], &hurry, arguments].concat())
    };
    at(&["sources", "add", feed, "--carrier", carrier]);
    // Each command's clock starts anew at four, when the source that was just added is not quite due.
    at(&["gather", "--all"]);
    at(&["edition", "compile"]);
    let text = at(&["edition", "show"]);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_story_that_goes_on_says_which_entry_it_follows_and_is_not_told_twice() {
    goes_on("", "Follows Monday's entry 1");
    // No reader of an edition without numbers could look that up.
    let headline = "Follows Monday's “Ferry Aurora runs aground off Northport with 214 aboard”";
    goes_on("numbering = \"none\"\n", headline);
}

/// A story that carries on one of the day before, in a brief with this beside its plan.
fn goes_on(numbering: &str, follows: &str) {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief", "--approval", "automatic"]);
    let plan = folder.ok(&["brief", "show"]);
    folder.write("plan.toml", &format!("{numbering}{plan}"));
    folder.ok(&["brief", "update", "the-morning-brief", "plan.toml"]);
    let aground = |name| {
        outlet(
            name,
            "Ferry Aurora runs aground off Northport with 214 aboard",
            "Mon, 09 Mar 2026 01:10:00 GMT",
            &[
                "The ferry Aurora ran aground on a sandbank off Northport late on Sunday with 214 people aboard, the \
                 coastguard said.",
                "All passengers were taken off by lifeboats within four hours, and eleven were treated for bruises at \
                 the Northport clinic.",
                "Captain Lena Ost told the harbour master that the Aurora had lost steering shortly after leaving the \
                 Kestrel channel.",
            ],
        )
    };
    folder.ok(&[
        "--set",
        "gather.allow_networks=127.0.0.0/8",
        "sources",
        "add",
        &aground("tide"),
        "--carrier",
        "The Tide",
    ]);
    let monday = morning(&folder, "2026-03-09", "The Harbour Post", &aground("post"));
    assert!(monday.contains("Ferry Aurora runs aground"), "{monday}");
    assert!(monday.contains("Also in The "), "{monday}");
    assert!(!monday.contains("ollows"), "{monday}");

    let second = outlet(
        "courier",
        "Ferry Aurora lost steering before grounding off Northport, inquiry finds",
        "Tue, 10 Mar 2026 02:40:00 GMT",
        &[
            "Investigators blamed a broken steering pump for the grounding of the ferry Aurora off Northport on \
             Sunday.",
            "The coastguard's first report says the pump of the Aurora failed in the Kestrel channel, minutes before \
             the ship with 214 people aboard met the sandbank.",
            "Captain Lena Ost will be heard by the Northport inquiry next week; the ferry is to be towed off at \
             high water.",
        ],
    );
    let tuesday = morning(&folder, "2026-03-10", "The Northport Mail", &second);
    assert!(tuesday.contains("inquiry finds"), "{tuesday}");
    assert!(tuesday.contains(follows), "{tuesday}");
    assert!(
        !tuesday.replace(follows, "").contains("runs aground off"),
        "{tuesday}"
    );
    // Who copied Monday's report has nothing of Tuesday's.
    assert!(!tuesday.contains("Also"), "{tuesday}");
}

#[test]
fn a_stream_of_articles_is_folded_without_a_store() {
    let folder = Folder::new();
    let text = "The Northport coastguard took 214 people off the ferry Aurora on Sunday after it ran aground on a \
                sandbank in the Kestrel channel, its captain Lena Ost said, and nobody was badly hurt in the four \
                hours that this took, while a second ferry stood by and lifeboats came from three harbours.";
    let article = |id: &str, source: &str| {
        let (title, date) = ("Ferry runs aground", "2026-03-09T01:00:00Z");
        serde_json::json!({"id": id, "source": source, "title": title, "text": text, "date": date})
    };
    let lines = format!("{}\nno article\n{}\n", article("a", "one"), article("b", "two"));
    let file = folder.write("night.jsonl", &lines);
    let answers = folder.ok(&["stories", "--jsonl", file.to_str().unwrap()]);
    let answers: Vec<Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 3, "{answers:?}");
    assert_eq!(
        (&answers[0]["story"], &answers[0]["copy_of"]),
        (&"a".into(), &Value::Null)
    );
    assert!(
        answers[1]["error"].to_string().contains("no JSON"),
        "{}",
        answers[1]
    );
    assert_eq!(
        (&answers[2]["story"], &answers[2]["copy_of"]),
        (&"a".into(), &"a".into())
    );
    assert_eq!(answers[2]["link"], "same");
    assert!(
        folder.run(&["stories"]).err.contains("--jsonl"),
        "says how it is used"
    );
    assert_eq!(folder.run(&["stories", "--jsonl", "missing"]).code, Some(1));
    assert!(
        folder
            .run(&["stories", "--jsonl", "missing"])
            .err
            .contains("cannot read missing")
    );
}
