//! Where the store is: made by what can be the first command of all, and looked for by every other.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use reveille_testkit::postgres;

use crate::{program::Folder, serving::Server};

#[test]
fn a_command_in_a_wrong_folder_makes_no_store_there_and_says_where_it_looked() {
    let folder = Folder::new();
    let looked = folder
        .path()
        .canonicalize()
        .unwrap()
        .join("reveille.db")
        .display()
        .to_string();
    for command in [
        &["sources", "list"][..],
        &["gather"],
        &["stories", "list"],
        &["brief", "list"],
        &["edition", "compile"],
        &["delivery", "show"],
        &["subscribers", "list"],
        &["segments", "list"],
        &["desk", "link"],
        &["tokens", "list"],
        &["webhooks", "list"],
        &["backup", "copy.db"],
    ] {
        let said = folder.run(command);
        assert_eq!(said.code, Some(1), "{command:?}");
        assert!(
            said.err.contains(&format!("there is no store at {looked}")) && said.err.contains("sources add"),
            "{command:?}: {}",
            said.err
        );
    }
    let diagnosis = folder.run(&["doctor", "--set", "web.listen=127.0.0.1:0"]);
    assert!(
        diagnosis.out.contains("store      FAULT: there is no store"),
        "{}",
        diagnosis.out
    );
    // What could be the first command, were there anything to put into a store.
    for command in [
        &["sources", "add", "ftp://one.example/feed"][..],
        &["sources", "import", "feeds.opml"],
        &["brief", "add", "The Morning Brief", "--plan", "plan.toml"],
    ] {
        assert_eq!(folder.run(command).code, Some(1), "{command:?}");
    }
    for needs_none in [&["brief", "template", "check"][..], &["config", "check"]] {
        folder.ok(needs_none);
    }
    let left = folder
        .path()
        .read_dir()
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap());
    let of_a_store: Vec<_> = left.filter(|name| name.contains(".db")).collect();
    assert!(of_a_store.is_empty(), "{of_a_store:?}");
}

#[test]
fn what_can_be_the_first_command_makes_the_store_and_says_where() {
    let opml = "<opml><body><outline xmlUrl='https://one.example/feed'/></body></opml>";
    for command in [
        &["sources", "add", "--unseen", "https://one.example/feed"][..],
        &["sources", "import", "feeds.opml"],
        &["brief", "add", "The Morning Brief"],
    ] {
        let folder = Folder::new();
        folder.write("feeds.opml", opml);
        let made = |said: &str| said.contains("Made a new store at ") && said.contains("reveille.db");
        let first = folder.run(command);
        assert!(
            first.code == Some(0) && made(&first.err),
            "{command:?}: {}",
            first.err
        );
        assert!(!made(&folder.run(command).err), "{command:?}");
        assert!(folder.path().join("reveille.db").is_file());
    }
}

#[test]
fn templates_are_checked_without_a_store_and_ours_are_not_taken_for_ones_own() {
    let folder = Folder::new();
    let of_ours = folder.ok(&["brief", "template", "check"]);
    assert!(
        of_ours.contains("Nothing of your own was checked: `look.templates` names no folder"),
        "{of_ours}"
    );
    std::fs::create_dir(folder.path().join("look")).unwrap();
    let check = ["--set", "look.templates=look", "brief", "template", "check"];
    folder.write("look/Mail.html", "");
    let misnamed = folder.ok(&check);
    assert!(
        misnamed.contains("neither look nor") && misnamed.contains("mail.html, web.html"),
        "{misnamed}"
    );
    std::fs::remove_file(folder.path().join("look/Mail.html")).unwrap();
    folder.ok(&["brief", "template", "init", "look"]);
    assert!(!folder.ok(&check).contains("Nothing of your own"));
}

#[test]
fn no_tables_are_made_in_a_database_that_holds_something_else() {
    let server = postgres::url().unwrap();
    let url = postgres::create_database(server, &format!("foreign_{}", std::process::id())).unwrap();
    postgres::execute(&url, "create table anothers (name text)").unwrap();
    let folder = Folder::new();
    let store = format!("store.url={url}");
    let on =
        |words: &[&str]| folder.run(&[words, &["--set", &store, "--set", "web.listen=127.0.0.1:0"]].concat());
    for command in [&["sources", "list"][..], &["gather"], &["edition", "compile"]] {
        let said = on(command);
        assert_eq!(said.code, Some(1), "{command:?}");
        assert!(
            said.err.contains("there is no store in the database") && said.err.contains("sources add"),
            "{command:?}: {}",
            said.err
        );
    }
    let diagnosis = on(&["doctor"]);
    assert!(
        diagnosis
            .out
            .contains("store      FAULT: there is no store in the database"),
        "{}",
        diagnosis.out
    );
    let tables = "select table_name from information_schema.tables where table_schema = 'public'";
    assert_eq!(postgres::execute(&url, tables).unwrap().trim(), "anothers");

    let made = on(&["brief", "add", "The Morning Brief"]);
    assert!(
        made.err.contains("Made a new store in the database"),
        "{}",
        made.err
    );
    assert_eq!(on(&["sources", "list"]).code, Some(0));
    postgres::drop_database(&url);
}

#[test]
fn an_empty_file_is_not_taken_for_a_store_either() {
    let folder = Folder::new();
    folder.write("reveille.db", "");
    let said = folder.run(&["sources", "list"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("there is no store at"), "{}", said.err);
    folder.ok(&["brief", "add", "The Morning Brief"]);
    folder.ok(&["sources", "list"]);
}

#[test]
fn a_store_that_cannot_be_made_says_why() {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("data")).unwrap();
    for (file, why) in [
        ("data", "is a folder: name a file in it"),
        ("nowhere/reveille.db", "there is no folder nowhere: make it"),
        // Nobody may make a file there, root neither.
        ("/sys/reveille.db", "no file can be made in /sys"),
    ] {
        let store = format!("store.url=sqlite:{file}");
        let said = folder.run(&["brief", "add", "The Morning Brief", "--set", &store]);
        assert_eq!(said.code, Some(1));
        assert!(said.err.contains(why), "{file}: {}", said.err);
    }
}

#[test]
fn what_holds_readers_addresses_is_its_owners_alone_to_read() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    folder.write("readers.csv", "email,country\nann@example.org,Norway\n");
    let import = ["subscribers", "import", "readers.csv", "--consent", "by letter"];
    folder.ok(&[&import[..], &["--report", "report.csv"]].concat());
    folder.ok(&["subscribers", "export", "readers-out.csv"]);
    folder.ok(&["backup", "copy.db"]);
    folder.ok(&["subscribers", "list"]);
    let is_private = |file: &Path| {
        let mode = fs::metadata(file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    };
    for file in ["reveille.db", "report.csv", "readers-out.csv", "copy.db"] {
        is_private(&folder.path().join(file));
    }
    // Its log has the mode of the store.
    let server = Server::start(&folder);
    assert!(server.get("/healthz").ends_with("ok\n"));
    is_private(&folder.path().join("reveille.db-wal"));
    assert_eq!(server.stop(), Some(0));
}
