//! Case folders: `cases/KIND/NAME/{input.txt, expected.txt, note.md}`, the note opening with the language.

use std::{fs, path::Path};

/// Name, language, input and expectation of every case of a kind.
pub(crate) fn all(kind: &str) -> Vec<(String, String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases").join(kind);
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|case| {
            let case = case.unwrap().path();
            let read = |file: &str| fs::read_to_string(case.join(file)).unwrap();
            let note = read("note.md");
            let language = note
                .lines()
                .next()
                .unwrap()
                .strip_prefix("language: ")
                .unwrap()
                .to_owned();
            let name = case.file_name().unwrap().to_string_lossy().into_owned();
            (name, language, read("input.txt"), read("expected.txt"))
        })
        .collect();
    assert!(!cases.is_empty(), "no cases of {kind}");
    cases.sort();
    cases
}
