//! A disk that takes no more: what it costs, and that it passes.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::{
    program::{Folder, said},
    serving::Server,
};

/// Long enough for whatever is waited for, on a machine with other things to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// Room for nothing that matters.
const LITTLE: u64 = 65_536;

/// A command for which the disk is full once a file has so many bytes.
fn limited(folder: &Folder, most: u64, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let script = format!("trap '' XFSZ; exec prlimit --fsize={most}: \"$@\" 2>log");
    command
        .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_reveille")])
        .args(arguments)
        .current_dir(folder.path());
    command
}

fn log(folder: &Folder) -> String {
    fs::read_to_string(folder.path().join("log")).unwrap()
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(200));
    }
}

/// Enters so many sources that the store's log grows past what a limited command may write.
fn enter_sources(folder: &Folder) {
    let outline = |number| format!("<outline xmlUrl='http://127.0.0.1:1/{number}'/>");
    let outlines: String = (0..1_000).map(outline).collect();
    folder.write("feeds.opml", &format!("<opml><body>{outlines}</body></opml>"));
    folder.ok(&["sources", "import", "feeds.opml"]);
}

#[test]
fn serve_sits_out_a_full_disk_and_goes_on_once_there_is_room() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    // The log of its store may grow by little. There is none where the command before was the last to close it.
    let wal = fs::metadata(folder.path().join("reveille.db-wal")).map_or(0, |log| log.len());
    let serve = ["serve", "--set", "web.listen=127.0.0.1:0"];
    let mut server = Server::by(limited(&folder, wal + LITTLE, &serve));
    enter_sources(&folder);
    let is_told = |log: &str| log.matches("the store cannot be used").count();
    wait_for("the full disk is told", || is_told(&log(&folder)) > 0);
    // It is tried again meanwhile, and the pages stay.
    thread::sleep(Duration::from_secs(4));
    assert_eq!(is_told(&log(&folder)), 1, "{}", log(&folder));
    assert!(server.get("/the-morning-brief").starts_with("HTTP/1.1 200"));

    let pid = server.pid().to_string();
    let freed = Command::new("prlimit")
        .args(["--fsize=unlimited:", "--pid", &pid])
        .status();
    assert!(freed.unwrap().success());
    wait_for("it is used again", || {
        log(&folder).contains("the store can be used again")
    });
    wait_for("sources are asked", || {
        !folder.ok(&["sources", "list", "--failing"]).is_empty()
    });
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn doctor_finds_that_the_disk_takes_no_more() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let diagnosis = said(
        limited(&folder, LITTLE, &["doctor", "--set", "web.listen=127.0.0.1:0"])
            .output()
            .unwrap(),
    );
    assert_eq!(diagnosis.code, Some(1));
    assert!(
        diagnosis
            .out
            .contains("store      FAULT: the store cannot be written"),
        "{}",
        diagnosis.out
    );
    let well = folder.run(&["doctor", "--set", "web.listen=127.0.0.1:0"]).out;
    assert!(well.contains("store      well"), "{well}");
}

#[test]
fn a_backup_that_failed_is_not_in_the_way_of_the_next() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let copy: PathBuf = folder.path().join("copy.db");
    let failed = said(limited(&folder, LITTLE, &["backup", "copy.db"]).output().unwrap());
    assert_eq!(failed.code, Some(1), "{}", log(&folder));
    assert!(!copy.exists());
    folder.ok(&["backup", "copy.db"]);
    assert!(copy.exists());
}
