//! Bylines: names out of "By Ann Example and Bo Sample, The Example Press | Special to the Herald".

mod lead;
mod organizations;
mod parts;
mod shape;

pub(crate) use lead::{after_label, is_label, without_by};
pub(crate) use organizations::{is_organization, mark_agencies};
pub(crate) use parts::is_role;
pub(crate) use shape::{is_bare_name, looks_like_a_name, opens_with_a_name};

use serde::Serialize;

use crate::text;
use lead::strip_before;
use parts::{split, strip_after};

/// Somebody who signed an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// The name, as written.
    pub name: String,
    /// Whether it is an agency, an outlet or a desk.
    pub organization: bool,
}

/// Adds the names in `text` that are not in `names` yet. `organization` is what structured data says of them all.
pub(crate) fn read(text: &str, organization: bool, names: &mut Vec<Signatory>) {
    let line = text::folded(text);
    let line = strip_before(&line);
    if line.is_empty() || line.len() > 300 {
        return;
    }
    if organization {
        return add(line, true, names);
    }
    for part in split(line) {
        let part = strip_after(strip_before(part));
        if !part.is_empty() {
            let organization = is_organization(part);
            add(part, organization, names);
        }
    }
}

/// So many people sign nothing.
const MOST: usize = 100;

/// Adds a name that is not in `names` yet, if it can be one.
pub(crate) fn add(name: &str, organization: bool, names: &mut Vec<Signatory>) {
    if names.len() >= MOST {
        return;
    }
    let key = text::key(name);
    let known = names.iter().any(|known| text::key(&known.name) == key);
    let junk = name.len() > 80
        || key.is_empty()
        || name.contains("://")
        || name.starts_with('(')
        // "06.05 Uhr", "3/10/26"
        || (name.starts_with(|c: char| c.is_ascii_digit()) && name.contains(['.', ':', '/']))
        || name.contains('@') && !name.contains(' ')
        || key.chars().all(|c| c.is_ascii_digit() || c == ' ');
    if !known && !junk {
        names.push(Signatory {
            name: name.to_owned(),
            organization,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let mut names = Vec::new();
        read(text, false, &mut names);
        names.into_iter().map(|name| name.name).collect()
    }

    #[test]
    fn names_come_without_what_stands_around_them() {
        for (text, expected) in [
            ("By Ann Example", vec!["Ann Example"]),
            (
                "By: Ann Example and Bo Sample, staff writers",
                vec!["Ann Example", "Bo Sample"],
            ),
            ("Von Ann Example und Bo Muster", vec!["Ann Example", "Bo Muster"]),
            ("Ann Example | Staff writer", vec!["Ann Example"]),
            (
                "Ann Example, Bo Sample & Cy Specimen",
                vec!["Ann Example", "Bo Sample", "Cy Specimen"],
            ),
            ("Written by Ann Example (Berlin)", vec!["Ann Example"]),
            ("Ann (Nan) Example", vec!["Ann (Nan) Example"]),
            ("홍길동 기자", vec!["홍길동"]),
            ("見本花子記者", vec!["見本花子"]),
            ("Von Ann Example am 10. März 2026, 06.05 Uhr", vec!["Ann Example"]),
            (
                "Ann Example, head of sports, Example Harbour",
                vec!["Ann Example"],
            ),
            (
                "Ann Example, Home and Digital Security Expert",
                vec!["Ann Example"],
            ),
            (
                "Ann Example, reporter and Bo Sample, editor",
                vec!["Ann Example", "Bo Sample"],
            ),
            ("Alles von Ann Example", vec!["Ann Example"]),
            (
                "Ann Example and Bo Sample, The Example Press",
                vec!["Ann Example", "Bo Sample", "The Example Press"],
            ),
        ] {
            assert_eq!(names(text), expected, "{text}");
        }
    }

    #[test]
    fn desks_and_agencies_are_no_people() {
        for name in [
            "Reuters",
            "Example Times staff",
            "The Associated Press",
            "Redaktion",
            "example.org",
        ] {
            assert!(is_organization(name), "{name}");
        }
        assert!(!is_organization("Ann Example"));
    }

    #[test]
    fn labels_announce_an_author_in_many_languages() {
        for label in [
            "Written by",
            "Interview by",
            "Verfasst von",
            "Écrit par",
            "Autor:",
        ] {
            assert!(is_label(label), "{label}");
        }
        assert!(!is_label("Est. reading time"));
        for (line, rest) in [
            ("责编：王小明、李大", Some("王小明、李大")),
            ("Auteur : Ann Example", Some("Ann Example")),
            ("Wetter: Ann Example", None),
        ] {
            assert_eq!(after_label(line), rest, "{line}");
        }
    }

    #[test]
    fn what_stands_about_an_author_is_no_name() {
        for text in [
            "Full Bio",
            "Publiziert am",
            "Posted on 3",
            "About the author",
            "No Author",
        ] {
            assert!(!looks_like_a_name(text), "{text}");
        }
        assert!(looks_like_a_name("example201"));
    }
}
