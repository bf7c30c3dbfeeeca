//! Every folder under `cases` is an input (`input.html` or `input.txt`), what must come out of it (`expected.json`: the
//! fields of the article that the case is about) and a note on where it comes from.

use std::{fs, path::Path};

use reveille_extract::{extract, extract_text};
use serde_json::Value;

#[test]
fn every_case_comes_out_as_expected() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut faults = Vec::new();
    let mut cases = 0;
    for entry in fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let expected: Value =
            serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
        let found = match fs::read(folder.join("input.html")) {
            Ok(page) => extract(
                &page,
                &format!("https://{name}.example/article").parse().unwrap(),
                None,
            ),
            Err(_) => extract_text(&fs::read_to_string(folder.join("input.txt")).unwrap()),
        };
        let article = serde_json::to_value(&found.article).unwrap();
        for (field, value) in expected.as_object().unwrap() {
            if article.get(field) != Some(value) {
                faults.push(format!(
                    "{name}: {field}\n  expected {value}\n  found    {}",
                    article[field]
                ));
            }
        }
        assert!(folder.join("NOTE.md").exists(), "{name} has no note");
        cases += 1;
    }
    assert!(cases > 0);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
