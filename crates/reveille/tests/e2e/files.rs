//! Files that commands write beside the store.

use std::fs;

use crate::program::Folder;

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    const LIST: &str = "email,country\nann@example.org,Norway\nnobody,Norway\n";
    const PAPER: [&str; 2] = ["--consent", "paper form, March 2026"];
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    folder.ok(&["sources", "add", "--unseen", "https://one.example/feed"]);
    folder.write("readers.csv", LIST);
    let import = ["subscribers", "import", "readers.csv", "--report", "readers.csv"];
    for command in [
        &[&import[..], &PAPER].concat()[..],
        &["subscribers", "export", "readers.csv"],
        &["sources", "export", "readers.csv"],
    ] {
        let said = folder.run(command);
        assert!(
            said.code == Some(1) && said.err.contains("readers.csv is there already"),
            "{command:?}: {}",
            said.err
        );
        assert_eq!(
            fs::read_to_string(folder.path().join("readers.csv")).unwrap(),
            LIST
        );
    }
    assert!(folder.ok(&["subscribers", "list"]).contains("No readers yet"));
    // A device keeps nothing that could be lost.
    folder.ok(&["subscribers", "export", "/dev/null"]);
}
