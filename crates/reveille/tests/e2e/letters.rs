//! Newsletters out of a Maildir and an mbox file.

use std::fs;

use crate::program::{Folder, Said};

/// Runs a command at an hour of 10 March 2026.
fn at(folder: &Folder, hour: &str, arguments: &[&str]) -> Said {
    let now = format!("2026-03-10T{hour}:00Z");
    let said = folder.run(&[&["--now", &now][..], arguments].concat());
    assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.err);
    said
}

fn letter(id: &str, list: &str, from: &str, subject: &str, text: &str) -> String {
    format!(
        "From: {from}\r\nMessage-ID: <{id}@letters.example>\r\n{list}Subject: {subject}\r\n\
         Date: Tue, 10 Mar 2026 02:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <html><body><p><a href=\"https://t.example/click?url=https%3A%2F%2Fletters.example%2F{id}\">View in your \
         browser</a></p><h1>{subject}</h1><p>{text}</p><p>Read on tomorrow, when the harbour master of Northport \
         speaks to this letter about the winter.</p></body></html>\r\n"
    )
}

const HARBOUR: &str = "List-Id: The Harbour List <harbour.letters.example>\r\n";
const REOPENS: &str = "The harbour of Northport reopened on Monday after a storm had closed it for two weeks, its master \
    said in a letter to the shipping lines.";
const FROST: &str = "Frost destroyed half of the cherry blossom in the Lower Vale on Sunday night, growers there said in a \
    statement to their union.";

#[test]
fn each_newsletter_of_a_maildir_is_a_source_of_its_own() {
    let folder = Folder::new();
    for part in ["Maildir/new", "Maildir/cur", "Maildir/tmp"] {
        fs::create_dir_all(folder.path().join(part)).unwrap();
    }
    let sender = "Ann Example <ann@letters.example>";
    folder.write(
        "Maildir/new/1.host",
        &letter("1", HARBOUR, sender, "Harbour reopens", REOPENS),
    );
    folder.write(
        "Maildir/cur/2.host:2,S",
        &letter("2", "", "Bo <bo@vale.example>", "Frost in the vale", FROST),
    );
    folder.write(
        "Maildir/tmp/3.host",
        &letter("3", "", sender, "Unfinished", FROST),
    );
    folder.write("Maildir/new/4.host", "no letter at all");
    at(
        &folder,
        "04:00",
        &["sources", "add", "Maildir", "--carrier", "Letters"],
    );
    let said = at(&folder, "04:00", &["gather", "--all"]);
    assert!(said.out.contains("2 new articles"), "{}", said.out);
    let listed = folder.ok(&["sources", "list"]);
    assert!(
        listed.contains("The Harbour List  urn:x-list:harbour.letters.example"),
        "{listed}"
    );
    assert!(listed.contains("mailto:bo@vale.example"), "{listed}");
    assert!(
        listed.contains("a file cannot be read: 4.host: it is no letter"),
        "{listed}"
    );
    let shown = folder.ok(&["articles", "show", "mid:1@letters.example"]);
    assert!(
        shown.starts_with("Harbour reopens\nThe Harbour List · "),
        "{shown}"
    );
    assert!(
        shown.contains("https://letters.example/1\n"),
        "the link without its tracker: {shown}"
    );
    assert!(shown.contains("reopened on Monday"), "{shown}");

    // Read by a person meanwhile, and one newsletter paused.
    let (new, cur) = ("Maildir/new/1.host", "Maildir/cur/1.host:2,S");
    fs::rename(folder.path().join(new), folder.path().join(cur)).unwrap();
    folder.ok(&["sources", "pause", "mailto:bo@vale.example"]);
    folder.write(
        "Maildir/new/5.host",
        &letter("5", "", "Bo <bo@vale.example>", "More frost", FROST),
    );
    folder.write(
        "Maildir/new/6.host",
        &letter("6", HARBOUR, sender, "Harbour busy", REOPENS),
    );
    let said = at(&folder, "04:10", &["gather", "--all"]);
    assert!(said.out.contains("1 new article"), "{}", said.out);
}

#[test]
fn a_removed_newsletter_is_passed_over_until_it_is_resumed() {
    let folder = Folder::new();
    for part in ["Maildir/new", "Maildir/cur", "Maildir/tmp"] {
        fs::create_dir_all(folder.path().join(part)).unwrap();
    }
    let sender = "Ann Example <ann@letters.example>";
    let comes = |hour: &str, id: &str, title: &str| {
        folder.write(
            &format!("Maildir/new/{id}.host"),
            &letter(id, HARBOUR, sender, title, REOPENS),
        );
        at(&folder, hour, &["gather", "--all"]).out
    };
    at(&folder, "04:00", &["sources", "add", "Maildir"]);
    assert!(comes("04:00", "1", "Harbour reopens").contains("1 new article"));
    let list = "urn:x-list:harbour.letters.example";
    let said = at(&folder, "04:10", &["sources", "remove", "The Harbour List"]);
    let way_back = format!("`reveille sources resume {list}`");
    assert!(said.out.contains(&way_back), "{}", said.out);
    assert!(comes("04:20", "2", "Harbour busy").contains("0 new articles"));
    let said = at(&folder, "04:30", &["sources", "resume", list]);
    assert!(
        said.out.contains("The Harbour List is active now"),
        "{}",
        said.out
    );
    assert!(comes("04:40", "3", "Harbour full").contains("1 new article"));
}

#[test]
fn an_mbox_file_is_read_on_where_it_grows() {
    let folder = Folder::new();
    let sender = "Ann Example <ann@letters.example>";
    let first = letter("1", HARBOUR, sender, "Harbour reopens", REOPENS).replace('\r', "");
    let second = letter("2", HARBOUR, sender, "Frost in the vale", FROST).replace('\r', "");
    folder.write("letters.mbox", &format!("From ann Tue Mar 10\n{first}\n"));
    at(&folder, "04:00", &["sources", "add", "letters.mbox"]);
    assert!(
        at(&folder, "04:00", &["gather", "--all"])
            .out
            .contains("1 new article")
    );
    folder.write(
        "letters.mbox",
        &format!("From ann Tue Mar 10\n{first}\nFrom ann Tue Mar 10\n{second}\n"),
    );
    assert!(
        at(&folder, "04:10", &["gather", "--all"])
            .out
            .contains("1 new article")
    );
    let listed = folder.ok(&["sources", "list", "--failing"]);
    assert!(listed.contains("No source failed"), "{listed}");
}
