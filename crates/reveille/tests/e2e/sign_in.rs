//! Sources that are read with what their publisher issued.

use std::{io::Write, process::Stdio};

use reveille_testkit::web::{Web, answer};

use crate::{
    program::{Folder, said},
    sources::{FEED, PAGE, run},
};

/// A command with the secret piped in.
fn signed_in(folder: &Folder, arguments: &[&str], secret: &str) -> String {
    let mut command = folder.command(arguments);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(secret.as_bytes()).unwrap();
    let said = said(child.wait_with_output().unwrap());
    assert_eq!(said.code, Some(0), "{}", said.err);
    said.out
}

#[test]
fn a_source_behind_a_password_is_read_and_the_password_is_never_shown() {
    let (folder, web) = (Folder::new(), Web::start());
    let wire = web.site("wire", "/feed.xml", |request, stream| {
        let files = [("/feed.xml", FEED), ("/tide", PAGE)];
        let file = files.into_iter().find(|(path, _)| *path == request.path);
        // ann:tide-7
        match (request.header("authorization"), file) {
            (Some("Basic YW5uOnRpZGUtNw=="), Some((_, body))) => {
                answer(stream, "200 OK", "", body.as_bytes())
            }
            (_, Some(_)) => answer(stream, "401 Unauthorized", "", b""),
            (_, None) => answer(stream, "404 Not Found", "", b""),
        }
    });
    run(
        &folder,
        "04:00",
        &["sources", "add", "--carrier", "Wire", "--unseen", &wire],
    );
    let here = [
        "--now",
        "2026-03-10T04:01:00Z",
        "--set",
        "gather.allow_networks=127.0.0.0/8",
    ];
    let said = folder.run(&[&here[..], &["gather"]].concat());
    assert_eq!(said.code, Some(1), "there is no other source");
    let shown = run(&folder, "04:02", &["sources", "show", "wire"]);
    assert!(
        shown.contains("the server wants a user name and password"),
        "{shown}"
    );
    assert!(!shown.contains("Signed in with"), "{shown}");

    let told = signed_in(
        &folder,
        &["sources", "sign-in", "wire", "--user", "ann"],
        "tide-7\n",
    );
    let loud = [
        "--set",
        "log.filter=trace",
        "--set",
        "gather.allow_networks=127.0.0.0/8",
    ];
    let now = ["--now", "2026-03-10T20:00:00Z"];
    let gathered = folder.run(&[&loud[..], &now, &["gather"]].concat());
    assert!(gathered.out.contains("1 new article"), "{}", gathered.out);
    assert!(
        gathered.err.contains("/tide"),
        "the log tells of each fetch: {}",
        gathered.err
    );
    let shown = run(&folder, "20:01", &["sources", "show", "wire"]);
    assert!(
        shown.contains("Signed in with   a user name and password, for http://wire.localhost"),
        "{shown}"
    );
    let json = run(&folder, "20:01", &["sources", "show", "wire", "--json"]);
    for text in [&told, &gathered.out, &gathered.err, &shown, &json] {
        assert!(
            !text.contains("tide-7") && !text.contains("YW5uOnRpZGUtNw"),
            "{text}"
        );
    }

    run(&folder, "20:02", &["sources", "sign-out", "wire"]);
    let shown = run(&folder, "20:03", &["sources", "show", "wire"]);
    assert!(!shown.contains("Signed in with"), "{shown}");
}

#[test]
fn a_secret_comes_from_a_file_or_the_environment_and_not_from_the_command_line() {
    let folder = Folder::new();
    let feed = "https://wire.example/feed.xml";
    run(
        &folder,
        "04:00",
        &["sources", "add", "--carrier", "Wire", "--unseen", feed],
    );
    let key = folder.write("key.txt", "tide-7\n");
    let from_file = ["--header", "X-Key", "--secret-file", key.to_str().unwrap()];
    let told = run(
        &folder,
        "04:00",
        &[&["sources", "sign-in", "wire"], &from_file[..]].concat(),
    );
    assert_eq!(
        told,
        "Wire is asked with a key in the header X-Key, for https://wire.example alone.\n"
    );
    let from_variable = [
        "sources",
        "sign-in",
        "wire",
        "--cookie",
        "--secret-env",
        "WIRE_COOKIE",
    ];
    let told = folder
        .command(&from_variable)
        .env("WIRE_COOKIE", "s=7")
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(told.stdout).unwrap(),
        "Wire is asked with a cookie, for https://wire.example alone.\n"
    );
    for wrong in [
        &from_variable[..],
        &["sources", "sign-in", "wire", "--user", "ann"],
    ] {
        assert_eq!(folder.run(wrong).code, Some(1), "{wrong:?}");
    }
    assert_eq!(folder.run(&["sources", "sign-in", "wire"]).code, Some(2));
}
