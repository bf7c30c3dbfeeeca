//! Whatever stands in a field is text in every form.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod morning;

use std::collections::BTreeMap;

use morning::{correction, files, fill, html_mail, links, one, web};
use proptest::prelude::*;
use reveille_brief::render::{Links, epub, json, json_ld, markdown, pdf, subject, text, text_mail};
use reveille_model::{Edition, Front, Sponsor};

/// An edition with these words in every place that can hold some.
fn filled(words: &str) -> (Edition, Links) {
    let mut edition = one(|entry| fill(entry, words));
    edition.name = words.to_owned();
    edition.sections[0].name = words.to_owned();
    edition.sections.push(edition.sections[0].clone());
    edition.corrections = vec![correction(words)];
    edition.corrections[0].headline = words.to_owned();
    edition.front = Front {
        greeting: Some(words.to_owned()),
        editor: Some(words.to_owned()),
        notes: vec![words.to_owned()],
        sponsor: Some(Sponsor {
            name: words.to_owned(),
            text: words.to_owned(),
            link: "https://bank.example/".parse().ok(),
        }),
    };
    edition.number();
    let links = Links {
        identity: words.to_owned(),
        ..links()
    };
    (edition, links)
}

/// How often each of the signs that mean something to the form stands in it.
fn marks(form: &str, marks: &str) -> BTreeMap<char, usize> {
    marks
        .chars()
        .map(|mark| (mark, form.matches(mark).count()))
        .collect()
}

/// How often something that makes a reader act stands in a PDF.
fn acts(edition: &Edition) -> Vec<usize> {
    let bytes = pdf(edition, |_| Vec::new()).unwrap().bytes;
    let count = |what: &str| {
        bytes
            .windows(what.len())
            .filter(|window| *window == what.as_bytes())
            .count()
    };
    [
        "/S/URI",
        "/Annot/",
        "/JavaScript",
        "/Launch",
        "/OpenAction",
        "/AA<<",
    ]
    .map(count)
    .to_vec()
}

const HOSTILE: &str =
    "[<>&\"'`*_\\[\\]()#!|~\\\\a-zé\r\n{}%=/:-]{1,40}|</script><script>|<!--|\u{1b}\\[2J|]]>|\\) /URI \\(";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn words_stay_words_in_every_form(words in HOSTILE) {
        let (plain, plain_links) = filled("plain");
        let (hostile, hostile_links) = filled(&words);
        // Not the checksums between them, which may look like anything.
        let book = |edition: &Edition| {
            let files = files(&epub(edition, "https://a.example/").unwrap());
            files.into_iter().map(|(_, text)| text).collect::<String>()
        };
        let elements = |form: &str| form.matches("</").count() + form.matches("/>").count() + form.matches("<!").count();
        prop_assert_eq!(elements(&book(&hostile)), elements(&book(&plain)));
        for (reference, form) in [
            (html_mail(&plain, &plain_links), html_mail(&hostile, &hostile_links)),
            (web(&plain), web(&hostile)),
            (json_ld(&plain, "https://a.example/"), json_ld(&hostile, "https://a.example/")),
        ] {
            prop_assert_eq!(marks(&form, "<>"), marks(&reference, "<>"));
        }
        let (reference, form) = (html_mail(&plain, &plain_links), html_mail(&hostile, &hostile_links));
        prop_assert_eq!(marks(&form, "\""), marks(&reference, "\""));
        prop_assert_eq!(marks(&web(&hostile), "\""), marks(&web(&plain), "\""));
        for form in [text(&hostile), text_mail(&hostile, &hostile_links), markdown(&hostile), subject(&hostile)] {
            prop_assert!(form.chars().all(|c| c == '\n' || !c.is_control()), "{:?}", form);
        }
        let headings = |form: &str| form.lines().filter(|line| line.starts_with('#')).count();
        prop_assert_eq!(headings(&markdown(&hostile)), headings(&markdown(&plain)));
        prop_assert_eq!(serde_json::from_str::<Edition>(&json(&hostile)).unwrap(), hostile.clone());
        prop_assert_eq!(acts(&hostile), acts(&plain));
    }
}

/// Markup that must not survive, between letters that must.
const MARKUP: &str = r#"[<>&"'`*_\[\]()#!|~\\a-zé\r\n{}%=/:-]{1,40}"#;

proptest! {
    #[test]
    fn any_text_renders_in_every_form(words in "\\PC{0,60}|(\\s|.){0,60}") {
        let edition = one(|entry| fill(entry, &words));
        prop_assert!(!subject(&edition).contains(['\r', '\n']));
        for form in [html_mail(&edition, &links()), web(&edition), text(&edition), markdown(&edition)] {
            prop_assert!(form.contains("harbour-courier.example"));
        }
        prop_assert_eq!(serde_json::from_str::<Edition>(&json(&edition)).unwrap(), edition);
    }

    #[test]
    fn gathered_text_never_becomes_html(words in MARKUP) {
        let plain = one(|entry| fill(entry, "plain"));
        let hostile = one(|entry| fill(entry, &words));
        for (reference, form) in [
            (html_mail(&plain, &links()), html_mail(&hostile, &links())),
            (web(&plain), web(&hostile)),
        ] {
            for mark in ['<', '>', '"'] {
                prop_assert_eq!(form.matches(mark).count(), reference.matches(mark).count());
            }
        }
    }

    #[test]
    fn gathered_text_never_becomes_markdown(words in MARKUP) {
        let form = markdown(&one(|entry| entry.summary = format!("x{words}")));
        let line = form.lines().find(|line| line.contains("Northern Wire")).unwrap();
        let summary = line.split_once(") x").unwrap().1;
        let mut escaped = false;
        for c in summary.chars() {
            prop_assert!(escaped || !"`*_[]<>#|~&!".contains(c), "{}", summary);
            escaped = c == '\\' && !escaped;
        }
        prop_assert!(!escaped);
    }
}
