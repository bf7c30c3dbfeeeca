//! Lists of sources that go from one program to another.

use std::{fs, process::Stdio};

use crate::program::{Folder, said};

const OPML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:reveille="urn:x-reveille:opml">
  <head>
    <title>Reveille sources</title>
  </head>
  <body>
    <outline type="rss" text="One &amp; Only" xmlUrl="https://one.example/feed" reveille:weight="2.5"/>
    <outline type="rss" text="two.example" xmlUrl="https://two.example/feed"/>
  </body>
</opml>
"#;

fn add(folder: &Folder, place: &str, more: &[&str]) {
    folder.ok(&[&["sources", "add", "--unseen", place], more].concat());
}

#[test]
fn an_exported_list_imports_to_the_same_sources() {
    let folder = Folder::new();
    let heavy = ["--carrier", "One & Only", "--weight", "2.5"];
    add(&folder, "https://one.example/feed", &heavy);
    add(&folder, "https://two.example/feed", &[]);
    let written = folder.ok(&["sources", "export", "all.opml"]);
    assert_eq!(written, "2 sources written to all.opml.\n");
    assert_eq!(fs::read_to_string(folder.path().join("all.opml")).unwrap(), OPML);
    for to_stdout in [&["sources", "export", "-"][..], &["sources", "export"]] {
        assert_eq!(folder.ok(to_stdout), OPML);
    }
    assert!(!folder.path().join("-").exists());

    let other = Folder::new();
    let mut import = other.command(&["sources", "import", "-"]);
    import.stdin(fs::File::open(folder.path().join("all.opml")).unwrap());
    let imported = said(import.stdout(Stdio::piped()).output().unwrap());
    assert!(
        imported.out.contains("2 sources added"),
        "{}{}",
        imported.out,
        imported.err
    );
    assert_eq!(other.ok(&["sources", "export"]), OPML);
}

#[test]
fn what_a_list_cannot_carry_is_told() {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("drop")).unwrap();
    add(&folder, "drop", &["--carrier", "Northern Wire"]);
    add(&folder, "https://one.example/feed", &["--carrier", "One"]);
    add(&folder, "https://two.example/feed", &["--carrier", "Two"]);
    folder.write("key.txt", "tide-7");
    folder.ok(&[
        "sources",
        "sign-in",
        "One",
        "--header",
        "X-Key",
        "--secret-file",
        "key.txt",
    ]);
    folder.ok(&["sources", "pause", "Two"]);
    let exported = folder.run(&["sources", "export"]);
    for told in [
        "left out, since they have no address on the web: Northern Wire (file:///",
        "without what was issued for them: One (https://one.example/feed)",
        "which does not say that they are paused: Two (https://two.example/feed)",
    ] {
        assert!(exported.err.contains(told), "{told}: {}", exported.err);
    }
    assert!(!exported.out.contains("tide-7") && !exported.out.contains("drop"));
}

#[test]
fn a_list_that_others_wrote_is_read_as_far_as_it_goes() {
    let folder = Folder::new();
    folder.write("half.opml", OPML.split("</body>").next().unwrap());
    let said = folder.run(&["sources", "import", "half.opml"]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("2 sources added"), "{}", said.out);
    assert!(said.err.contains("half.opml breaks off in line "), "{}", said.err);

    folder.write(
        "odd.opml",
        "<opml><body><outline xmlUrl='feed://three.example/rss' weight='9'/>\
         <outline xmlUrl='https://four.example/rss' reveille:weight='-1'/><outline xmlUrl='nowhere'/></body></opml>",
    );
    let said = folder.run(&["sources", "import", "odd.opml"]);
    assert_eq!(said.code, Some(1), "one is left out: {}", said.err);
    assert!(
        said.out.contains("2 sources added, 0 there already, 1 left out"),
        "{}",
        said.out
    );
    assert!(
        said.err.contains("the weight `-1` is no number above 0"),
        "{}",
        said.err
    );
    let three = folder.ok(&["sources", "show", "feed://three.example/rss", "--json"]);
    let three: serde_json::Value = serde_json::from_str(&three).unwrap();
    assert_eq!(three["weight"], 1.0, "{three}");
}
