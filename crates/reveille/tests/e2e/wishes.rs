//! What an operator does for one reader who asks by telephone.

use crate::program::Folder;

const ANN: &str = "ann@example.org";
const CALLED: [&str; 2] = ["--reason", "by telephone, 10 March 2026"];

fn with_ann() -> Folder {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let consent = ["--consent", "paper form, March 2026"];
    folder.ok(&[&["subscribers", "add", ANN][..], &consent].concat());
    folder
}

fn listed(folder: &Folder, state: &str) {
    let list = folder.ok(&["subscribers", "list"]);
    assert!(list.contains(&format!(" {state} ")), "{state}: {list}");
}

fn subscribers(folder: &Folder, what: &[&str]) -> crate::program::Said {
    let now = ["--now", "2026-03-10T08:00:00Z", "subscribers"];
    folder.run(&[&now[..], what, &CALLED].concat())
}

#[test]
fn a_reader_is_paused_goes_on_and_leaves_with_the_reason_in_the_record() {
    let folder = with_ann();
    let said = subscribers(&folder, &["pause", ANN, "--until", "2026-03-10"]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("tomorrow at the earliest"), "{}", said.err);
    let said = subscribers(&folder, &["pause", ANN, "--until", "2026-05-02"]);
    assert!(
        said.out.contains("again with the edition of 2026-05-02"),
        "{}",
        said.out
    );
    listed(&folder, "paused");
    let said = subscribers(&folder, &["resume", ANN]);
    assert!(said.out.contains("from the next edition on"), "{}", said.out);
    listed(&folder, "active");
    let said = subscribers(&folder, &["leave", "Ann@example.org"]);
    assert!(said.out.contains("has left The Morning Brief"), "{}", said.out);
    listed(&folder, "left");
    assert_eq!(subscribers(&folder, &["resume", ANN]).code, Some(1));
    assert!(subscribers(&folder, &["leave", ANN]).out.contains("had left"));

    let proof = folder.ok(&["subscribers", "proof", ANN]);
    for line in [
        "no edition before 2026-05-02; by telephone, 10 March 2026",
        "every edition again; by telephone",
        "left; by telephone",
    ] {
        assert!(proof.contains(line), "{line}: {proof}");
    }
    folder.ok(&["subscribers", "verify"]);
}

#[test]
fn nobody_is_taken_off_without_a_reason_or_by_another_name() {
    let folder = with_ann();
    assert_eq!(folder.run(&["subscribers", "leave", ANN]).code, Some(2));
    let said = subscribers(&folder, &["leave", "bob@example.org"]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.err.contains("is no reader of The Morning Brief"),
        "{}",
        said.err
    );
    listed(&folder, "active");
}
