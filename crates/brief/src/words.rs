//! What an edition says itself, in the language of its brief.
//!
//! One file a language in the folder `words`, all with the same keys. An edition in a language without a file speaks
//! English.

use std::{collections::BTreeMap, sync::LazyLock};

use reveille_model::{Day, Language, MorningTime, SectionPlan, Weekdays};
use serde::{Deserialize, Serialize};

/// The files by language.
const FILES: [(&str, &str); 4] = [
    ("de", include_str!("../words/de.toml")),
    ("en", include_str!("../words/en.toml")),
    ("es", include_str!("../words/es.toml")),
    ("fr", include_str!("../words/fr.toml")),
];

static CATALOGUE: LazyLock<BTreeMap<&str, Words>> = LazyLock::new(|| {
    let read = |(language, text): (&'static str, &str)| Some((language, toml::from_str(text).ok()?));
    FILES.into_iter().filter_map(read).collect()
});

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident { $($key:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name { $(pub(crate) $key: String,)+ }
    )+};
}

/// One language of the catalogue.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// The `dir` of what is said: `ltr` or `rtl`.
    pub(crate) direction: String,
    pub(crate) dates: Dates,
    pub(crate) edition: Around,
    pub(crate) changes: Changes,
    pub(crate) marks: Marks,
    pub(crate) mail: Mail,
    #[serde(skip_serializing)]
    brief: NewBrief,
}

/// What a new brief is given.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBrief {
    description: String,
    consent: String,
    sections: Vec<SectionPlan>,
}

/// What a new brief is given in its language, until its editors say otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Usual {
    /// One sentence about it.
    pub description: String,
    /// The sentence a reader agrees to.
    pub consent: String,
    /// Its sections.
    pub sections: Vec<SectionPlan>,
}

/// What a new brief of this name is given.
#[must_use]
pub fn usual(language: &Language, name: &str, send_at: MorningTime, days: Weekdays) -> Usual {
    let words = Words::of(language);
    let (brief, mornings) = (&words.brief, words.dates.mornings(days));
    Usual {
        description: fill(&brief.description, &[("time", &send_at.to_string())]),
        consent: fill(&brief.consent, &[("brief", name), ("mornings", &mornings)]),
        sections: brief.sections.clone(),
    }
}

/// What stands around the entries of every form.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Around {
    pub(crate) issue: String,
    pub(crate) top_one: String,
    pub(crate) top: String,
    pub(crate) numbers: Vec<String>,
    pub(crate) story: String,
    pub(crate) stories: String,
    pub(crate) minute: String,
    pub(crate) minutes: String,
    pub(crate) sections: String,
    pub(crate) link_to: String,
    pub(crate) link_to_headline: String,
    pub(crate) also_in: String,
    pub(crate) also_in_more: String,
    pub(crate) also_by: String,
    pub(crate) also_by_more: String,
    pub(crate) corrections: String,
    pub(crate) correction: String,
    pub(crate) corrected: String,
    pub(crate) corrected_headline: String,
    pub(crate) index: String,
    pub(crate) to_entry: String,
    pub(crate) page: String,
    pub(crate) times: String,
}

texts! {
    /// What became of entries since the edition went out.
    Changes { heading, entry, headline, withdrawn, withheld, changed, corrected }
    /// What a reader should know of a piece before the click.
    Marks {
        opinion, analysis, sponsored, appointment, note, live, video, gallery, correction, subscribers_only, proposed,
        follows_weekday, follows_day, follows_weekday_headline, follows_day_headline
    }
    /// The head and the foot of a mail.
    Mail {
        view, missed, read_missed, consent, leave, settings, read, passed_on, sign_up, tips, before_link,
        correction_subject, correction_opening, withdrawal_opening, correction_opening_headline,
        withdrawal_opening_headline, proof_subject
    }
}

/// How a language writes days.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    months: [String; 12],
    weekdays: [String; 7],
    first: String,
    long: String,
    short: String,
    month: String,
    every_morning: String,
    working_mornings: String,
    some_mornings: String,
    and: String,
}

impl Words {
    /// Those of a language; English where it has none.
    pub(crate) fn of(language: &Language) -> &'static Self {
        let english = || &CATALOGUE["en"];
        CATALOGUE.get(language.as_str()).unwrap_or_else(english)
    }

    /// A text in every language.
    pub(crate) fn in_all(text: fn(&Self) -> &str) -> impl Iterator<Item = &'static str> {
        CATALOGUE.values().map(text)
    }
}

impl Dates {
    /// Those of a language; English ones where it has none.
    #[must_use]
    pub fn of(language: &Language) -> &'static Self {
        &Words::of(language).dates
    }

    /// The languages that have their own, by subtag.
    pub fn languages() -> impl Iterator<Item = &'static str> {
        CATALOGUE.keys().copied()
    }

    /// Whether a word is the name of a day or a month in any language of the catalogue.
    pub(crate) fn name(word: &str) -> bool {
        let word = word.trim_end_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        let names = |words: &'static Words| words.dates.weekdays.iter().chain(&words.dates.months);
        CATALOGUE
            .values()
            .flat_map(names)
            .any(|name| name.to_lowercase() == word)
    }

    /// "Tuesday, 10 March 2026".
    #[must_use]
    pub fn long(&self, day: &Day) -> String {
        self.written(&self.long, day)
    }

    /// "10 March".
    #[must_use]
    pub fn short(&self, day: &Day) -> String {
        self.written(&self.short, day)
    }

    /// "March 2026".
    #[must_use]
    pub fn month(&self, day: &Day) -> String {
        self.written(&self.month, day)
    }

    /// "Tuesday".
    #[must_use]
    pub fn weekday(&self, day: &Day) -> &str {
        &self.weekdays[day.weekday()]
    }

    /// "every morning", "every weekday morning", "every Monday, Wednesday and Friday morning".
    #[must_use]
    pub fn mornings(&self, days: Weekdays) -> String {
        match days {
            Weekdays::ALL => self.every_morning.clone(),
            Weekdays::WORKING => self.working_mornings.clone(),
            some => fill(&self.some_mornings, &[("days", &self.listed(some))]),
        }
    }

    /// "Monday, Wednesday and Friday".
    fn listed(&self, days: Weekdays) -> String {
        let mut names: Vec<&str> = days
            .after_monday()
            .map(|day| self.weekdays[day].as_str())
            .collect();
        match names.pop() {
            Some(last) if !names.is_empty() => {
                fill(&self.and, &[("days", &names.join(", ")), ("last", last)])
            }
            only => only.unwrap_or_default().to_owned(),
        }
    }

    fn written(&self, text: &str, day: &Day) -> String {
        let date = day.0;
        let number = match date.day() {
            1 => self.first.clone(),
            other => other.to_string(),
        };
        fill(
            text,
            &[
                ("weekday", self.weekday(day)),
                ("day", &number),
                (
                    "month",
                    &self.months[usize::from(date.month().unsigned_abs()) - 1],
                ),
                ("year", &date.year().to_string()),
            ],
        )
    }
}

/// A text with its values put in at `{name}`.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let value = |name: &str| {
        let known = values.iter().find(|(known, _)| *known == name);
        known.map(|(_, value)| *value)
    };
    fill_with(text, value)
}

/// A text with its values put in at `{name}`; a name without a value stays as it stands. What a value holds is not read
/// again, so that `{…}` in a headline stays.
#[must_use]
pub fn fill_with<'a>(text: &str, value: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled += before;
        let known = after.split_once('}');
        let known = known.and_then(|(name, after)| Some((value(name)?, after)));
        let (put, after) = known.unwrap_or(("{", after));
        filled += put;
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0))
            .collect()
    }

    /// Every text by its key, those of lists one by one.
    fn texts(file: &str) -> BTreeMap<String, String> {
        let table: toml::Table = toml::from_str(file).unwrap();
        let mut texts = BTreeMap::new();
        for (part, keys) in table
            .iter()
            .filter_map(|(part, keys)| Some((part, keys.as_table()?)))
        {
            // Each language may have other sections.
            for (key, text) in keys.iter().filter(|(key, _)| *key != "sections") {
                let list = text.as_array().cloned().unwrap_or_else(|| vec![text.clone()]);
                for (at, text) in list.iter().enumerate() {
                    texts.insert(format!("{part}.{key}.{at}"), text.as_str().unwrap().to_owned());
                }
            }
        }
        texts
    }

    #[test]
    fn every_language_has_every_text_with_the_same_values() {
        let english = texts(include_str!("../words/en.toml"));
        for (language, file) in FILES {
            // Reading it tells a key that is missing, and one that nothing asks for.
            let read: Result<Words, _> = toml::from_str(file);
            read.unwrap_or_else(|error| panic!("{language}: {error}"));
            let texts = texts(file);
            assert_eq!(
                texts.keys().collect::<Vec<_>>(),
                english.keys().collect::<Vec<_>>(),
                "{language}"
            );
            for (key, text) in texts {
                assert!(!text.trim().is_empty(), "{language}: {key}");
                assert_eq!(places(&text), places(&english[&key]), "{language}: {key}");
            }
        }
    }

    #[test]
    fn days_are_those_of_the_language() {
        let day: Day = "2026-03-01".parse().unwrap();
        for (language, long, short, month) in [
            ("en", "Sunday, 1 March 2026", "1 March", "March 2026"),
            ("de", "Sonntag, 1. März 2026", "1. März", "März 2026"),
            ("fr", "dimanche 1er mars 2026", "1er mars", "mars 2026"),
            ("es", "domingo, 1 de marzo de 2026", "1 de marzo", "marzo de 2026"),
            ("tlh", "Sunday, 1 March 2026", "1 March", "March 2026"),
        ] {
            let dates = Dates::of(&language.parse().unwrap());
            assert_eq!(dates.long(&day), long);
            assert_eq!(dates.short(&day), short);
            assert_eq!(dates.month(&day), month);
        }
    }

    #[test]
    fn mornings_are_those_on_which_a_brief_comes() {
        for (language, days, mornings) in [
            ("en", "mon,tue,wed,thu,fri,sat,sun", "every morning"),
            ("en", "mon,tue,wed,thu,fri", "every weekday morning"),
            ("en", "mon,wed,fri", "every Monday, Wednesday and Friday morning"),
            ("en", "sun", "every Sunday morning"),
            ("de", "mon,tue,wed,thu,fri", "jeden Morgen von Montag bis Freitag"),
            ("de", "sat,sun", "jeden Samstag und Sonntag"),
            ("fr", "tue,thu", "chaque mardi et jeudi matin"),
            (
                "es",
                "mon,wed,fri",
                "cada lunes, miércoles y viernes por la mañana",
            ),
        ] {
            let dates = Dates::of(&language.parse().unwrap());
            assert_eq!(dates.mornings(days.parse().unwrap()), mornings);
        }
        let usual = usual(
            &Language::english(),
            "B",
            "06:00".parse().unwrap(),
            Weekdays::WORKING,
        );
        assert!(usual.consent.contains("B every weekday morning."));
    }

    #[test]
    fn values_are_not_read_again() {
        let values = [("headline", "{text} {"), ("text", "It was the pond.")];
        assert_eq!(
            fill("{headline}: {text} {unknown} {", &values),
            "{text} {: It was the pond. {unknown} {"
        );
    }
}
