//! What a store that was put back from a copy does not know, and what then goes out again.

use std::fs;

use crate::{
    ferry::{at, morning},
    program::Folder,
};

/// A morning of which a copy was made between the first reader's mail and the second's, and whose store was then lost.
fn put_back() -> (Folder, Vec<String>) {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let earlier = ["--zone", "Europe/Helsinki", "--consent", "asked by letter"];
    at(
        &folder,
        "04:30",
        &[&["subscribers", "add", "bo@example.org"][..], &earlier].concat(),
    );
    at(&folder, "05:00", &["edition", "approve"]);
    let said = at(&folder, "05:10", &["edition", "send"]);
    assert!(said.out.contains(": 1 queued, 1 sent"), "{}", said.out);
    at(&folder, "05:20", &["backup", "copy.db"]);
    fs::remove_dir_all(folder.path().join("outbox")).unwrap();
    at(&folder, "06:00", &["edition", "send"]);
    let sent = mails(&folder);
    for name in ["reveille.db", "reveille.db-wal", "reveille.db-shm"] {
        let _ = fs::remove_file(folder.path().join(name));
    }
    fs::rename(folder.path().join("copy.db"), folder.path().join("reveille.db")).unwrap();
    fs::remove_dir_all(folder.path().join("outbox")).unwrap();
    (folder, sent)
}

/// The names of the mails that were handed over: their Message-IDs.
fn mails(folder: &Folder) -> Vec<String> {
    let Ok(files) = fs::read_dir(folder.path().join("outbox")) else {
        return Vec::new();
    };
    files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn what_left_after_the_copy_was_made_leaves_again_under_the_same_name() {
    let (folder, sent) = put_back();
    let said = at(&folder, "14:00", &["edition", "send"]);
    assert!(said.out.contains(": 2 sent"), "{}", said.out);
    assert_eq!(mails(&folder), sent, "so that mail hosts can tell the repeat");
}

#[test]
fn unless_the_operator_says_that_it_had_left() {
    let (folder, _) = put_back();
    let said = at(
        &folder,
        "14:00",
        &["delivery", "settle", "--queued", "--as", "sent"],
    );
    assert!(said.out.contains("1 counts as sent now"), "{}", said.out);
    let said = at(&folder, "14:01", &["edition", "send"]);
    assert!(said.out.contains(": 2 sent"), "{}", said.out);
    assert!(mails(&folder).is_empty());
    assert!(folder.ok(&["edition", "list"]).contains(" sent "));
}
