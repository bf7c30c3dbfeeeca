//! Pages into WARC files, and out of them.

use std::fs;

use crate::{outlet::Outlet, program::Folder};

const FERRY: [&str; 3] = [
    "The ferry Aurora sank off Northport late on Monday with 214 people aboard, the coastguard said.",
    "All passengers were taken off by lifeboats within four hours, and eleven were treated at the Northport clinic.",
    "Captain Lena Ost told the harbour master that the Aurora had lost steering in the Kestrel channel.",
];

#[test]
fn what_is_gathered_can_be_archived_and_read_from_the_archive() {
    let now = ["--now", "2026-03-10T04:00:00Z"];
    let outlet = Outlet::named("post");
    let headline = "Ferry Aurora sinks off Northport";
    outlet.report("/ferry", headline, &FERRY);
    let feed = outlet.feed(&[("/ferry", headline, "Tue, 10 Mar 2026 01:10:00 GMT")]);
    let folder = Folder::new();
    let local = [
        "--set",
        "gather.allow_networks=127.0.0.0/8",
        "--set",
        "gather.warc=archive",
    ];
    let run = |arguments: &[&str]| folder.ok(&[&now[..], &local, arguments].concat());
    run(&["sources", "add", &feed, "--carrier", "The Harbour Post"]);
    assert!(run(&["gather", "--all"]).contains("1 new article"));
    let archive = folder.path().join("archive/reveille-20260310-04.warc.gz");
    assert!(archive.exists());

    let other = Folder::new();
    let archive = archive.to_str().unwrap();
    let read = || other.ok(&[&now[..], &["gather", "--warc", archive]].concat());
    let said = read();
    assert!(
        said.contains("1 document, 1 article, 1 of them new or changed"),
        "{said}"
    );
    assert!(read().contains("1 article, 0 of them new"), "twice is once");
    let shown = other.ok(&["articles", "show", &format!("{}/ferry", outlet.site)]);
    assert!(
        shown.contains(headline) && shown.contains("lost steering"),
        "{shown}"
    );
    assert!(other.ok(&["sources", "list"]).contains("paused"));

    let bytes = fs::read(archive).unwrap();
    let cut = other.write("cut.warc.gz", &bytes[..bytes.len() - 20]);
    let refused = other.run(&["gather", "--warc", cut.to_str().unwrap()]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("cut.warc.gz is damaged"), "{}", refused.err);
}
