//! What messages of news agencies say beyond what feeds do.

use reveille_model::UnixMillis;

use crate::document::{Person, Tag};

/// The rest of a wire message. Its id is the record's, and stays the same through updates, corrections and kills.
///
/// Codes are given without their scheme: `usable` for NewsML-G2's `stat:usable` and for
/// `http://cv.iptc.org/newscodes/pubstatusg2/usable`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wire {
    /// Of two messages with one id the higher stands.
    pub version: Option<u32>,
    /// Whether it may be used: `usable`, `withheld`, `canceled`, `embargoed`.
    pub status: Option<String>,
    /// What is to be done with it: `update`, `correction`, and agencies' own.
    pub signals: Vec<String>,
    /// The id of another message that this one is about, where it changes or withdraws that (NITF).
    pub replaces: Option<String>,
    /// 1 (flash) to 8; 5 is normal.
    pub urgency: Option<u8>,
    /// Not to be published before.
    pub embargo: Option<UnixMillis>,
    /// What it is: `text`, `picture`, `composite`.
    pub class: Option<String>,
    /// Who wrote it, in the words of the byline; the creators' names where there is none.
    pub byline: Option<String>,
    /// Where and when it was written, in the words of the dateline; the place where there is none.
    pub dateline: Option<String>,
    /// Who is to be credited.
    pub credit: Option<String>,
    /// The few words that desks know the event by.
    pub slugline: Option<String>,
    /// A note to editors.
    pub note: Option<String>,
    /// What it is about, by code.
    pub subjects: Vec<Tag>,
    /// A package names the message and does not hold it.
    pub is_reference: bool,
}

/// What a message does to the earlier one with its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// There is none yet, or nothing is said.
    New,
    /// More is known.
    Update,
    /// Something was wrong.
    Correction,
    /// Not to be used for now.
    Withhold,
    /// Never to be used again.
    Kill,
}

impl Action {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Update => "update",
            Self::Correction => "correction",
            Self::Withhold => "withhold",
            Self::Kill => "kill",
        }
    }
}

impl Wire {
    /// Lets the byline speak for authors that are not named otherwise, and the authors for a missing byline.
    pub(crate) fn settle_byline(&mut self, authors: &mut Vec<Person>) {
        let Some(byline) = &self.byline else {
            let names: Vec<&str> = authors
                .iter()
                .filter_map(|person| person.name.as_deref())
                .collect();
            self.byline = (!names.is_empty()).then(|| names.join(", "));
            return;
        };
        if authors.is_empty() {
            let by = byline
                .get(..3)
                .is_some_and(|start| start.eq_ignore_ascii_case("by "));
            let name = if by { &byline[3..] } else { byline };
            authors.push(Person {
                name: Some(name.trim().to_owned()),
                ..Person::default()
            });
        }
    }

    /// What the status and the signals come to; the gravest counts.
    #[must_use]
    pub fn action(&self) -> Action {
        let said = |words: &[&str]| {
            let codes = self.status.iter().chain(&self.signals);
            codes.into_iter().any(|code| {
                let code = code.to_ascii_lowercase();
                words.iter().any(|word| code.starts_with(word))
            })
        };
        if said(&["cancel", "kill", "delete", "withdraw"]) {
            Action::Kill
        } else if said(&["withheld", "withhold"]) {
            Action::Withhold
        } else if said(&["correct"]) {
            Action::Correction
        } else if said(&["update", "writethru"]) || self.version.is_some_and(|version| version > 1) {
            Action::Update
        } else {
            Action::New
        }
    }
}

/// A code without its scheme, and the scheme: `medtop:04000000`, `http://cv.iptc.org/newscodes/medtop/04000000`.
pub(crate) fn split_code(code: &str) -> (Option<&str>, &str) {
    let code = code.trim().trim_end_matches('/');
    let parted = if code.contains("://") {
        code.rsplit_once(['/', '#'])
    } else {
        code.split_once(':')
    };
    match parted {
        Some((scheme, code)) if !code.is_empty() => (Some(scheme), code),
        _ => (None, code),
    }
}

/// The code alone.
pub(crate) fn bare_code(code: &str) -> String {
    split_code(code).1.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_word_counts() {
        let action = |status: &str, signals: &[&str], version| {
            Wire {
                status: Some(status.to_owned()),
                signals: signals.iter().map(ToString::to_string).collect(),
                version,
                ..Wire::default()
            }
            .action()
        };
        assert_eq!(action("usable", &[], Some(1)), Action::New);
        assert_eq!(action("usable", &[], Some(2)), Action::Update);
        assert_eq!(action("usable", &["update"], None), Action::Update);
        assert_eq!(
            action("usable", &["update", "correction"], Some(3)),
            Action::Correction
        );
        assert_eq!(action("withheld", &["update"], Some(3)), Action::Withhold);
        assert_eq!(action("canceled", &["correction"], Some(4)), Action::Kill);
        assert_eq!(action("usable", &["kill"], Some(4)), Action::Kill);
    }

    #[test]
    fn codes_are_parted_from_their_schemes() {
        assert_eq!(split_code("stat:usable"), (Some("stat"), "usable"));
        assert_eq!(
            split_code("http://cv.iptc.org/newscodes/medtop/04000000"),
            (Some("http://cv.iptc.org/newscodes/medtop"), "04000000")
        );
        assert_eq!(split_code("usable"), (None, "usable"));
        assert_eq!(split_code("stat:"), (None, "stat:"));
    }
}
