//! A case is a folder: `articles.jsonl` in, `expected.json` out, `note.md` for what it shows.
//!
//! `expected.json` lists stories by their lead; a copy is written as `id link of`. An original that was gathered is
//! written `name (id)`.

#![expect(clippy::unwrap_used, reason = "a case that cannot be read must fail")]

use std::collections::BTreeSet;
use std::path::Path;

use reveille_model::{ArticleId, ArticleKind, EvidenceMark, Origin, OriginClass};
use reveille_stories::{Doc, Folding, Options, credits, fold};
use serde_json::{Value, json};

fn doc(line: &str) -> Doc {
    let row: Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let mut origins = credits(&text("text"));
    if let Some(name) = row["reposted_from"].as_str() {
        origins.push(Origin {
            name: name.to_owned(),
            class: OriginClass::Republished,
            url: text("reposted_url").parse().ok(),
            evidence: vec![reveille_model::Evidence {
                mark: EvidenceMark::Republished,
                text: "View original post".to_owned(),
            }],
        });
    }
    let url: reveille_model::CanonicalUrl = text("url").parse().unwrap();
    Doc {
        id: ArticleId(row["id"].as_i64().unwrap()),
        source: url.site().to_owned(),
        carrier: text("carrier"),
        canonical: text("canonical").parse().ok(),
        url: url.into(),
        at: text("at").parse().unwrap(),
        title: text("title"),
        text: text("text"),
        origins,
        kind: text("kind").parse().unwrap_or(ArticleKind::News),
        weight: 1.0,
    }
}

fn told(folding: &Folding) -> Value {
    let copies = folding
        .copies
        .iter()
        .map(|copy| format!("{} {} {}", copy.article, copy.link, copy.of));
    let stories = folding.stories.iter().map(|story| {
        let original = story.original.as_ref().map(|original| match original.article {
            Some(article) => format!("{} ({article})", original.name),
            None => original.name.clone(),
        });
        json!({
            "lead": story.lead,
            "articles": story.articles,
            "independent": story.independent,
            "original": original,
        })
    });
    json!({ "copies": copies.collect::<Vec<_>>(), "stories": stories.collect::<Vec<_>>() })
}

#[test]
fn every_case_comes_out_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for entry in std::fs::read_dir(folder).unwrap() {
        let case = entry.unwrap().path();
        let read = |name: &str| std::fs::read_to_string(case.join(name)).unwrap();
        let docs: Vec<Doc> = read("articles.jsonl").lines().map(doc).collect();
        let expected: Value = serde_json::from_str(&read("expected.json")).unwrap();
        let found = told(&fold(&docs, &Options::default()));
        if found != expected {
            wrong.push(format!("{}:\n{found:#}\nexpected {expected:#}", case.display()));
        }
        assert!(!read("note.md").is_empty());
        seen.insert(case);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(seen.len() >= 3);
}
