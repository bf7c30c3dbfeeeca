//! Mail that goes into a folder.

use std::fs;

use crate::{
    ferry::{at, mails, morning},
    program::{Folder, Said},
};

fn send(folder: &Folder, hour: &str) -> Said {
    let now = format!("2026-03-10T{hour}:00Z");
    folder.run(&["--now", &now, "edition", "send"])
}

#[test]
fn a_folder_that_takes_nothing_has_the_mailing_rest_and_costs_no_reader_a_try() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "automatic");
    folder.write("outbox", "no folder");
    for hour in ["06:10", "06:12"] {
        let said = send(&folder, hour);
        assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
        assert!(
            said.out.contains("The mailing rests until 2026-03-10T06:2")
                && said.out.contains("could not write into outbox: ")
                && said.out.contains("1 queued"),
            "{}",
            said.out
        );
    }
    let put_off = at(&folder, "06:13", &["delivery", "show", "--state", "deferred"]).out;
    assert!(!put_off.contains("ann@example.org"), "{put_off}");

    fs::remove_file(folder.path().join("outbox")).unwrap();
    let said = send(&folder, "06:14");
    assert!(said.out.contains("1 sent."), "{}{}", said.out, said.err);
    assert_eq!(mails(&folder).len(), 1);
}
