//! What a new version of an article means for the entry that an earlier one gave.

use reveille_model::{Article, Basis, Credit, Entry, Language};

use crate::{compose::credit, told::Told, words::Words};

/// What becomes of an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Revised {
    /// Nothing that it prints was touched.
    Same,
    /// It prints this now.
    Changed(Box<Entry>),
    /// The new version has no headline, or lost its text and so what the entry is told by.
    Unprintable,
}

/// Carries what changed between two versions of an article over to its entry: headline, summary, correction notices,
/// marks and who wrote it. What did not change there stays as it is here, an editor's own wording included.
#[must_use]
pub fn revise(entry: &Entry, old: &Article, new: &Article, version: u32, language: &Language) -> Revised {
    let is_bare = |article: &Article| article.text().trim().is_empty();
    let Some(told) = Told::by_article(new).filter(|_| is_bare(old) || !is_bare(new)) else {
        return Revised::Unprintable;
    };
    let before = Told::by_article(old);
    let wrote = |article: &Article| article.writer().map(|origin| origin.name.clone());
    let (writer, same_writer) = (wrote(new), wrote(old) == wrote(new));
    if before.as_ref() == Some(&told) && same_writer {
        return Revised::Same;
    }
    let mut revised = entry.clone();
    if let Basis::Story { version: printed, .. } = &mut revised.basis {
        *printed = version;
    }
    let touched = |part: fn(&Told) -> &str| before.as_ref().map(part) != Some(part(&told));
    if touched(|told| &told.headline) {
        revised.headline.clone_from(&told.headline);
    }
    if touched(|told| &told.summary) {
        revised.summary.clone_from(&told.summary);
    }
    // A sentence that stayed may stand elsewhere in the new text. What the desk wrote is nobody's extract.
    if revised.summary == told.summary {
        revised.extract = told.extract;
    }
    if before.as_ref().map(|before| &before.marks) != Some(&told.marks) {
        let words = Words::of(language);
        let printed =
            |told: &Told| -> Vec<String> { told.marks.iter().map(|mark| mark.printed(words)).collect() };
        let old = before.as_ref().map(printed).unwrap_or_default();
        let others = entry.marks.iter().filter(|mark| !old.contains(mark)).cloned();
        revised.marks = printed(&told).into_iter().chain(others).collect();
    }
    if !same_writer {
        revised.credit = credit(&Credit {
            original: writer,
            joint: Vec::new(),
            ..entry.credit.clone()
        });
    }
    revised.corrections = told.corrections;
    Revised::Changed(Box::new(revised))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(title: &str, text: &str) -> Article {
        let body: Vec<_> = text
            .lines()
            .map(|line| serde_json::json!({ "kind": "paragraph", "text": line }))
            .collect();
        serde_json::from_value(serde_json::json!({
            "title": title, "body": body, "authors": [], "published": null, "modified": null, "language": "en",
            "carrier": null, "dateline": null, "origins": [], "canonical_url": null, "image": null,
            "kind": "news", "paywalled": false, "corrections": [], "repairs": [],
        }))
        .unwrap()
    }

    fn entry(headline: &str) -> Entry {
        serde_json::from_value(serde_json::json!({
            "number": 3, "headline": headline, "credit": { "carrier": "The Herald", "original": null },
            "summary": "The ferry to Port Kell sank in the harbour on Monday night, the coast guard said.",
            "link": "https://herald.example/a", "story": 1, "article": 1, "published": null,
            "marks": ["Follows Monday's entry 1"],
        }))
        .unwrap()
    }

    const LEDE: &str = "The ferry to Port Kell sank in the harbour on Monday night, the coast guard said.";

    #[test]
    fn what_an_entry_does_not_print_leaves_it_alone() {
        let old = article("Ferry sinks in harbour", &format!("{LEDE}\nTwo were hurt."));
        let new = article("Ferry sinks in harbour", &format!("{LEDE}\nThree were hurt."));
        assert_eq!(
            revise(
                &entry("Ferry sinks in harbour"),
                &old,
                &new,
                2,
                &Language::english()
            ),
            Revised::Same
        );
    }

    #[test]
    fn only_the_parts_that_changed_are_carried_over() {
        let old = article("Ferry sinks in harbour", LEDE);
        let mut new = article(
            "Ferry sinks in harbour",
            "The ferry to Port Kell ran aground in the harbour on Monday night, the coast guard said.",
        );
        new.corrections = vec!["An earlier version said that the ferry sank.".to_owned()];
        let Revised::Changed(revised) =
            revise(&entry("A ferry goes down"), &old, &new, 2, &Language::english())
        else {
            panic!("the summary changed");
        };
        assert_eq!(
            revised.headline, "A ferry goes down",
            "the editor's own words stay"
        );
        assert!(revised.summary.contains("ran aground"), "{}", revised.summary);
        assert_eq!(revised.corrections, new.corrections);
        assert_eq!(revised.number, 3);
        assert_eq!(revised.printed().map(|(_, version)| version), Some(2));
    }

    #[test]
    fn another_writer_is_credited_and_a_new_mark_stands_before_the_others() {
        let old = article("Ferry sinks in harbour", LEDE);
        let mut new = old.clone();
        new.kind = reveille_model::ArticleKind::Correction;
        new.origins = vec![reveille_model::Origin {
            name: "Northern Wire".to_owned(),
            class: reveille_model::OriginClass::Original,
            url: None,
            evidence: Vec::new(),
        }];
        let Revised::Changed(revised) = revise(
            &entry("Ferry sinks in harbour"),
            &old,
            &new,
            2,
            &Language::english(),
        ) else {
            panic!("the writer changed");
        };
        assert_eq!(revised.credit.to_string(), "The Herald · Northern Wire");
        assert_eq!(revised.marks, ["Correction", "Follows Monday's entry 1"]);
    }

    #[test]
    fn a_version_without_a_sentence_leaves_the_headline_and_keeps_what_the_desk_wrote() {
        let old = article("Ferry sinks in harbour", LEDE);
        let new = article("Ferry sinks in harbour", "Subscribe now");
        let english = Language::english();
        let Revised::Changed(revised) = revise(&entry("Ferry sinks in harbour"), &old, &new, 2, &english)
        else {
            panic!("the summary went");
        };
        assert_eq!((&*revised.summary, revised.extract), ("", None));
        let worded = entry("Ferry sinks in harbour");
        assert_eq!(revise(&worded, &new, &new, 2, &english), Revised::Same);
    }

    #[test]
    fn a_version_without_text_cannot_be_printed() {
        let old = article("Ferry sinks in harbour", LEDE);
        let emptied = article("Ferry sinks in harbour", "");
        assert_eq!(
            revise(&entry("Ferry sinks"), &old, &emptied, 2, &Language::english()),
            Revised::Unprintable
        );
    }
}
