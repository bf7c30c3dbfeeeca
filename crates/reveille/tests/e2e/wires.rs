//! Wire messages that land in a watched folder: versions in any order, kills, embargoes, bad and unfinished files.

use std::fs;

use crate::program::{Folder, Said};

/// Runs a command at an hour of 10 March 2026.
fn at(folder: &Folder, hour: &str, arguments: &[&str]) -> Said {
    let now = format!("2026-03-10T{hour}:00Z");
    let said = folder.run(&[&["--now", &now][..], arguments].concat());
    assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.err);
    said
}

/// A message in NewsML-G2 by its version.
fn newsml(id: &str, version: u32, status: &str, headline: &str, more: &str, text: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:wire.example:20260310:{id}"
        version="{version}" standard="NewsML-G2"><itemMeta><itemClass qcode="ninat:text"/>
        <provider literal="northern-wire"><name>Northern Wire</name></provider>
        <versionCreated>2026-03-10T0{version}:00:00Z</versionCreated><firstCreated>2026-03-10T00:30:00Z</firstCreated>
        {more}<pubStatus qcode="stat:{status}"/></itemMeta>
        <contentMeta><by>By Ann Example</by><dateline>NORTHPORT</dateline><language tag="en"/><headline>{headline}</headline></contentMeta>
        <contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>{text}</body></html>
        </inlineXML></contentSet></newsItem>"#
    )
}

const SANK: &str = "<p>The ferry Aurora sank off Northport late on Monday with 214 people aboard, the coastguard said.</p>\
    <p>All passengers were taken off by lifeboats within four hours, the harbour master said.</p>";
const AGROUND: &str = "<p>The ferry Aurora ran aground off Northport late on Monday with 214 people aboard, the \
    coastguard said.</p><p>All passengers were taken off by lifeboats within four hours, the harbour master said.</p>";

fn watched() -> Folder {
    let folder = Folder::new();
    fs::create_dir_all(folder.path().join("drop/today")).unwrap();
    folder
}

fn gather(folder: &Folder, hour: &str) -> Said {
    at(folder, hour, &["gather", "--all"])
}

fn article(folder: &Folder, name: &str) -> String {
    folder.ok(&["articles", "show", name, "--versions"])
}

const FERRY: &str = "urn:newsml:wire.example:20260310:ferry";

#[test]
fn versions_of_a_message_come_to_one_article_whatever_their_order() {
    for order in [["1", "2", "3"], ["3", "1", "2"], ["2", "3", "1"]] {
        let folder = watched();
        at(&folder, "04:00", &["sources", "add", "drop"]);
        for number in order {
            let version = number.parse().unwrap();
            let message = newsml(
                "ferry",
                version,
                "usable",
                &format!("Ferry, take {number}"),
                "",
                SANK,
            );
            folder.write(&format!("drop/today/{number}.xml"), &message);
            gather(&folder, "04:10");
        }
        let told = article(&folder, FERRY);
        assert!(told.contains("Version 3, standing."), "{order:?} {told}");
        assert!(
            told.lines().nth(3).unwrap().contains("Ferry, take 3"),
            "{order:?} {told}"
        );
        assert!(
            told.contains("Ferry, take 1") && told.contains("Ferry, take 2"),
            "{order:?} {told}"
        );
        assert!(
            folder.path().join("drop/today/1.xml").exists(),
            "nothing is moved"
        );
    }
}

#[test]
fn a_kill_holds_before_its_message_too() {
    let folder = watched();
    at(&folder, "04:00", &["sources", "add", "drop"]);
    let note = "<edNote>Kill: the ship is another one.</edNote>";
    folder.write(
        "drop/kill.xml",
        &newsml("ferry", 2, "canceled", "Ferry sinks", note, ""),
    );
    gather(&folder, "04:10");
    folder.write(
        "drop/first.xml",
        &newsml("ferry", 1, "usable", "Ferry sinks", "", SANK),
    );
    let said = gather(&folder, "04:20");
    assert!(said.out.contains("0 stories"), "{}", said.out);
    let told = article(&folder, FERRY);
    assert!(
        told.contains("withdrawn (Kill: the ship is another one.)"),
        "{told}"
    );
}

#[test]
fn a_correction_before_sending_changes_the_entry_and_a_kill_strikes_it() {
    let folder = watched();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    at(
        &folder,
        "04:00",
        &["sources", "add", "drop", "--carrier", "The Desk's Wires"],
    );
    folder.write(
        "drop/1.xml",
        &newsml("ferry", 1, "usable", "Ferry Aurora sinks off Northport", "", SANK),
    );
    gather(&folder, "04:10");
    at(&folder, "04:30", &["edition", "compile"]);
    let edition = |hour| at(&folder, hour, &["edition", "show"]);
    let first = edition("04:31").out;
    assert!(first.contains("(The Desk's Wires · Northern Wire)"), "{first}");
    assert!(
        !first.contains("urn:"),
        "a message is no place on the web: {first}"
    );

    let correction = newsml(
        "ferry",
        2,
        "usable",
        "Ferry Aurora runs aground off Northport",
        "<signal qcode=\"sig:correction\"/>",
        AGROUND,
    );
    folder.write("drop/2.xml", &correction);
    gather(&folder, "05:00");
    let second = edition("05:01");
    assert!(second.out.contains("Ferry Aurora runs aground"), "{}", second.out);
    assert!(second.err.contains("amended, entry 1"), "{}", second.err);

    let killed = newsml(
        "ferry",
        3,
        "canceled",
        "Ferry Aurora runs aground off Northport",
        "",
        AGROUND,
    );
    folder.write("drop/3.xml", &killed);
    gather(&folder, "05:10");
    let third = edition("05:11");
    assert!(!third.out.contains("Aurora"), "{}", third.out);
    assert!(third.err.contains("struck, entry 1"), "{}", third.err);
    let stories = at(&folder, "05:12", &["stories", "list"]).out;
    assert!(stories.contains("withdrawn · "), "{stories}");
    // A folder has a pace of its own.
    let shown = at(&folder, "05:12", &["sources", "show", "wires"]).out;
    assert!(!shown.contains("Asked every"), "{shown}");
}

#[test]
fn an_embargoed_message_is_not_printed_before_its_hour() {
    let folder = watched();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    at(&folder, "04:00", &["sources", "add", "drop"]);
    let embargo = "<embargoed>2026-03-10T05:00:00Z</embargoed>";
    folder.write(
        "drop/1.xml",
        &newsml(
            "ferry",
            1,
            "usable",
            "Ferry Aurora sinks off Northport",
            embargo,
            SANK,
        ),
    );
    gather(&folder, "04:10");
    let compile = |hour| at(&folder, hour, &["edition", "compile"]).out;
    assert!(compile("04:59").contains("0 entries"));
    assert!(compile("05:00").contains("1 entry,"));
}

#[test]
fn bad_and_unfinished_files_are_told_by_name_and_read_when_they_change() {
    let folder = watched();
    at(&folder, "04:00", &["sources", "add", "drop"]);
    let whole = newsml("ferry", 1, "usable", "Ferry Aurora sinks off Northport", "", SANK);
    folder.write("drop/cut.xml", &whole[..whole.len() / 2]);
    folder.write("drop/page.xml", "<html><p>No message at all.</p></html>");
    folder.write("drop/later.xml.part", &whole);
    let said = folder.run(&["--now", "2026-03-10T04:10:00Z", "gather", "--all"]);
    assert_eq!(said.code, Some(1), "there is no other source");
    assert!(said.out.contains("in all 0 articles"), "{}", said.out);
    let failing = folder.ok(&["sources", "list", "--failing"]);
    assert!(failing.contains("2 files cannot be read"), "{failing}");
    assert!(
        failing.contains("cut.xml: ") && failing.contains("page.xml: "),
        "{failing}"
    );
    assert!(!failing.contains("later.xml"), "{failing}");

    fs::rename(
        folder.path().join("drop/later.xml.part"),
        folder.path().join("drop/later.xml"),
    )
    .unwrap();
    fs::remove_file(folder.path().join("drop/page.xml")).unwrap();
    folder.write(
        "drop/cut.xml",
        &newsml("budget", 1, "usable", "Budget passes", "", SANK),
    );
    let said = gather(&folder, "04:20");
    assert!(said.out.contains("in all 2 articles"), "{}", said.out);
    let failing = folder.ok(&["sources", "list", "--failing"]);
    assert!(!failing.contains("cut.xml"), "{failing}");
}

#[test]
fn nitf_and_ninjs_messages_are_taken_too() {
    let folder = watched();
    at(
        &folder,
        "04:00",
        &["sources", "add", "drop", "--carrier", "Southern Wire"],
    );
    let nitf = r#"<?xml version="1.0"?><nitf><head><docdata management-status="usable"><doc-id id-string="A0042"/>
        <date.issue norm="20260310T020000Z"/></docdata></head><body><body.head><hedline><hl1>Frost hits cherry blossom</hl1>
        </hedline><byline>By Bo Example</byline><dateline>LOWER VALE</dateline></body.head><body.content><p>Frost destroyed half
        of the cherry blossom in the Lower Vale on Sunday night, growers there said.</p></body.content></body></nitf>"#;
    folder.write("drop/frost.xml", nitf);
    let kill = r#"<?xml version="1.0"?><nitf><head><docdata management-status="usable" management-doc-idref="A0042"
        management-idref-status="canceled"><doc-id id-string="A0043"/><date.issue norm="20260310T030000Z"/></docdata></head>
        <body><body.head><hedline><hl1>Kill: frost</hl1></hedline></body.head><body.content><p>Kill A0042.</p></body.content>
        </body></nitf>"#;
    let ninjs = r#"{"uri": "https://wire.example/items/7", "type": "text", "version": "1", "versioncreated":
        "2026-03-10T02:00:00Z", "pubstatus": "usable", "language": "en", "headline": "Budget passes in Tresse", "byline":
        "Cy Example", "body_text": "Parliament in Tresse passed a budget of 4.1 billion crowns on Monday.\n\nIt took two nights."}"#;
    folder.write("drop/budget.json", ninjs);
    let said = gather(&folder, "04:10");
    assert!(said.out.contains("in all 2 articles"), "{}", said.out);
    let shown = folder.ok(&[
        "articles",
        "show",
        "urn:x-wire:southern%20wire:https%3A%2F%2Fwire.example%2Fitems%2F7",
    ]);
    assert!(
        shown.contains("passed a budget of 4.1 billion crowns") && shown.contains("Cy Example"),
        "{shown}"
    );
    assert!(article(&folder, "urn:x-wire:southern%20wire:A0042").contains("standing"));
    folder.write("drop/kill.xml", kill);
    let said = gather(&folder, "04:20");
    assert!(said.out.contains("in all 2 articles"), "{}", said.out);
    assert!(article(&folder, "urn:x-wire:southern%20wire:A0042").contains("withdrawn"));
}
