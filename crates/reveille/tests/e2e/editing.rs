//! An editor finishes an edition by hand: prints it, edits it, puts it back.

use serde_json::Value;

use crate::{
    ferry::{at, morning},
    program::Folder,
};

fn printed(folder: &Folder) -> Value {
    let said = at(folder, "04:40", &["edition", "show", "--format", "json"]);
    serde_json::from_str(&said.out).unwrap()
}

/// Edits the open edition; what the command said.
fn edit(folder: &Folder, change: impl FnOnce(&mut Vec<Value>)) -> String {
    let mut edition = printed(folder);
    let sections = edition["sections"].as_array_mut().unwrap();
    change(sections[0]["entries"].as_array_mut().unwrap());
    folder.write("edited.json", &edition.to_string());
    at(folder, "04:40", &["edition", "update", "edited.json"]).out
}

#[test]
fn entries_are_moved_removed_and_reworded() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let before = printed(&folder);
    assert!(
        before["sections"][0]["entries"][0]["extract"]["end"].is_u64(),
        "{before}"
    );

    let said = edit(&folder, |entries| {
        entries.truncate(2);
        entries.reverse();
        entries[0]["summary"] = "A budget or a ferry: the article has words of its own.".into();
    });
    assert!(said.contains("2 entries"), "{said}");
    let after = printed(&folder);
    let entries = &after["sections"][0]["entries"];
    assert_eq!(
        entries[0]["headline"],
        before["sections"][0]["entries"][1]["headline"]
    );
    assert_eq!(
        (&entries[0]["number"], &entries[1]["number"]),
        (&1.into(), &2.into())
    );
    assert!(
        entries[0]["extract"].is_null() && entries[1]["extract"].is_object(),
        "{after}"
    );
    at(&folder, "04:45", &["edition", "approve"]);
}

#[test]
fn what_the_articles_do_not_say_cannot_be_approved() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let said = edit(&folder, |entries| {
        entries[0]["summary"] = "The mayor told Zanthia that 98,765 sheep were “never there”.".into();
    });
    for part in ["“Zanthia”", "“98,765”", "“never there”", "must be mended"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let refused = folder.run(&["--now", "2026-03-10T04:45:00Z", "edition", "approve"]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.err.contains("found faults") && refused.err.contains("reveille edition reword"),
        "{}",
        refused.err
    );

    let said = edit(&folder, |entries| {
        entries.remove(0);
    });
    assert!(said.contains("2 entries, checked"), "{said}");
}

#[test]
fn a_file_that_is_no_edition_of_the_day_is_refused() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let update = |text: &str| {
        folder.write("edited.json", text);
        let refused = folder.run(&[
            "--now",
            "2026-03-10T04:40:00Z",
            "edition",
            "update",
            "edited.json",
        ]);
        assert_eq!(refused.code, Some(1));
        refused.err
    };
    assert!(update("no JSON").contains("edited.json is no edition as"));
    let edition = printed(&folder);
    let other = edition
        .to_string()
        .replace("\"day\":\"2026-03-10\"", "\"day\":\"2026-03-11\"");
    assert!(update(&other).contains("there is no edition of 2026-03-11 yet"));
    let changed = |change: fn(&mut Value)| {
        let mut strange = edition.clone();
        change(&mut strange);
        update(&strange.to_string())
    };
    let said = changed(|edition| edition["sections"][0]["entries"][0]["article"] = 4711.into());
    assert!(said.contains("names article 4711"), "{said}");
    let said = changed(|edition| edition["sections"][0]["entries"][0]["story"] = 4711.into());
    assert!(
        said.contains("names story 4711") && said.contains("reveille stories list"),
        "{said}"
    );
    let said = changed(|edition| edition["sections"][0]["entries"][1]["markss"] = "Opinion".into());
    assert!(said.contains("`sections.0.entries.1.markss`"), "{said}");
    let said = changed(|edition| edition["format"] = "reveille-edition/9".into());
    assert!(said.contains("expected `reveille-edition/1`"), "{said}");
    let said = changed(|edition| edition["name"] = "The Evening Brief".into());
    assert!(
        said.contains("`name`") && said.contains("reveille brief update"),
        "{said}"
    );
    assert_eq!(printed(&folder), edition);
}

#[test]
fn of_two_edits_of_the_same_print_the_second_is_refused() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let print = printed(&folder);
    assert_eq!(print["revision"], 1);
    edit(&folder, |entries| entries.reverse());
    let after = printed(&folder);
    assert_eq!(after["revision"], 2);
    folder.write("stale.json", &print.to_string());
    let refuse = |args: &[&str]| {
        let refused = folder.run(&[&["--now", "2026-03-10T04:41:00Z", "edition"], args].concat());
        assert_eq!(refused.code, Some(1));
        refused.err
    };
    let said = refuse(&["update", "stale.json"]);
    for part in [
        "changed meanwhile (the command line edited it as a file at 04:40)",
        "is at revision 2 now, and this was made from revision 1",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(refuse(&["approve", "--revision", "1"]).contains("changed meanwhile"));
    assert_eq!(printed(&folder), after);
    at(&folder, "04:45", &["edition", "approve", "--revision", "2"]);
}

#[test]
fn what_was_edited_is_not_compiled_away() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let compile = |more: &[&str]| {
        let now = ["--now", "2026-03-10T04:45:00Z", "edition", "compile"];
        folder.run(&[&now[..], more].concat())
    };
    // What was only put back as it was is nobody's work.
    edit(&folder, |_| ());
    assert_eq!(compile(&[]).code, Some(0));
    edit(&folder, |entries| entries.reverse());
    let edited = printed(&folder);
    assert!(edited["edited"].is_i64(), "{edited}");
    let refused = compile(&[]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.err.contains("was edited by hand") && refused.err.contains("`--again`"),
        "{}",
        refused.err
    );
    assert_eq!(printed(&folder), edited);
    assert_eq!(compile(&["--again"]).code, Some(0));
    assert!(printed(&folder)["edited"].is_null());

    let words = ["--headline", "Frost in the Lower Vale"];
    at(
        &folder,
        "04:46",
        &[&["edition", "reword", "3"][..], &words].concat(),
    );
    assert_eq!(compile(&[]).code, Some(1));
}

#[test]
fn a_file_is_taken_back_from_an_editor_that_marks_its_byte_order() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    folder.write("edited.json", &format!("\u{feff}{}", printed(&folder)));
    let said = at(&folder, "04:40", &["edition", "update", "edited.json"]);
    assert!(said.out.contains("3 entries, checked"), "{}", said.out);
}

#[test]
fn links_credits_and_headlines_are_compared_with_the_story() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let said = edit(&folder, |entries| {
        entries[0]["link"] = "javascript:alert(1)".into();
        entries[1]["headline"] = "The 98,765 sheep of Zanthia".into();
        entries[2]["link"] = "https://elsewhere.example/".into();
        entries[2]["credit"]["carrier"] = "The Quay Herald".into();
    });
    for part in [
        "fault in entry 1: Nobody can follow “javascript:alert(1)”",
        "fault in entry 2: The headline says “98,765”",
        "warning in entry 2: The article does not have the word “Zanthia”",
        "warning in entry 3: Leads to elsewhere.example",
        "warning in entry 3: Names “The Quay Herald”",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn an_edition_is_printed_as_a_file() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let shown = |format: &str| {
        let now = ["--now", "2026-03-10T05:00:00Z"];
        let show = [&now[..], &["edition", "show", "--format", format]].concat();
        let output = folder.command(&show).output().unwrap();
        assert!(output.status.success());
        output.stdout
    };
    let print = shown("pdf");
    assert!(print.starts_with(b"%PDF-1.7"), "{} bytes", print.len());
    assert!(print.trim_ascii_end().ends_with(b"%%EOF"));
    let book = shown("epub");
    assert!(
        book.starts_with(b"PK\x03\x04") && book[30..].starts_with(b"mimetypeapplication/epub+zip"),
        "{} bytes",
        book.len()
    );
    let mail = String::from_utf8(shown("eml")).unwrap();
    let bare = mail.replace("\r\n", "");
    assert!(
        mail.ends_with("\r\n") && !bare.contains(['\r', '\n']),
        "every line ends in CRLF"
    );
}
