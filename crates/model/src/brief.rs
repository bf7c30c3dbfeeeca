//! A standing publication.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{
    Day, EmailAddress, EventRules, Front, IfUnknown, Language, MorningTime, Numbering, Section, SectionKind,
    SectionPlan, TooLate, UnixMillis, Weekdays, Zone, nearest, state::words,
};

words! {
    /// Who lets an edition go out.
    Approval as "approval" {
        /// A person approves each edition.
        Manual = "manual",
        /// An edition whose checks find no fault approves itself.
        Automatic = "automatic",
    }
}

words! {
    /// Whose a brief is.
    Access as "access" {
        /// Anybody may read it and sign up.
        Public = "public",
        /// It is for readers whom its editors enter: to others its pages answer as if there were none.
        Named = "named",
    }
}

/// A string that cannot name a brief.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BriefError {
    /// Not lower-case letters, digits and single hyphens.
    #[error(
        "`{0}` cannot stand in a web address (use lower-case letters, digits and single hyphens, 64 at most)"
    )]
    Slug(String),
    /// A name of which no short name can be made.
    #[error("`{0}` makes no short name: it takes letters of the Latin script or digits, 64 at most")]
    Title(String),
    /// The first word of a web address that is no brief's.
    #[error("`{0}` is taken: web addresses of the product's own begin with it (name the brief otherwise)")]
    Reserved(String),
}

/// Words with which the web addresses of the product's own pages begin.
const RESERVED: [&str; 13] = [
    "api", "assets", "confirm", "desk", "healthz", "leave", "mailbox", "metrics", "my-data", "returns",
    "settings", "sign-in", "websub",
];

/// Latin letters that Unicode does not take apart into a letter and its mark.
const UNMARKED: [(char, &str); 8] = [
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ø', "o"),
    ('ł', "l"),
    ('đ', "d"),
    ('ð', "d"),
    ('þ', "th"),
];

/// The short name of a brief in commands and web addresses: lower-case letters, digits, single hyphens; none of the
/// words with which the product's own web addresses begin.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The slug of a title: "The Morning Brief" → `the-morning-brief`, "Café & Krümel" → `cafe-krumel`.
    ///
    /// # Errors
    /// Where the title holds no Latin letter or digit or too many, or makes a name that is reserved.
    pub fn of_title(title: &str) -> Result<Self, BriefError> {
        let bare: String = title.nfd().filter(|c| !is_combining_mark(*c)).collect();
        let words = UNMARKED
            .iter()
            .fold(bare.to_lowercase(), |text, (letter, plain)| {
                text.replace(*letter, plain)
            });
        let words = words
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty());
        words
            .collect::<Vec<_>>()
            .join("-")
            .parse()
            .map_err(|error| match error {
                BriefError::Reserved(word) => BriefError::Reserved(word),
                _ => BriefError::Title(title.to_owned()),
            })
    }
}

impl FromStr for Slug {
    type Err = BriefError;

    fn from_str(text: &str) -> Result<Self, BriefError> {
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if RESERVED.contains(&text) {
            Err(BriefError::Reserved(text.to_owned()))
        } else if text.len() <= 64 && text.split('-').all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BriefError::Slug(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = BriefError;

    fn try_from(text: String) -> Result<Self, BriefError> {
        text.parse()
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The longest rest of a brief after which an edition still makes up for all of it, in days.
const LONGEST_REST: u32 = 6;

/// What makes a brief the brief it is. Editorial matter: it lives in a table, not in the configuration file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brief {
    /// Its short name.
    pub slug: Slug,
    /// Its masthead: "The Morning Brief".
    pub name: String,
    /// One sentence about it, for the sign-up page.
    pub description: String,
    /// In which language it speaks to its readers.
    #[serde(default = "Language::english")]
    pub language: Language,
    /// Whose it is.
    #[serde(default = "Brief::usual_access")]
    pub access: Access,
    /// The name of the segment to which its editions go, of the readers on its list; to all of them where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// When it reaches readers, on their own wall clock.
    pub send_at: MorningTime,
    /// The days of the week on which it comes out, by the calendar of `zone`.
    #[serde(default, skip_serializing_if = "Weekdays::is_all")]
    pub days: Weekdays,
    /// Days on which it does not come out all the same, such as holidays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<Day>,
    /// How long before `send_at`, on the wall clock of `zone`, an edition is compiled, in minutes.
    pub lead_minutes: u32,
    /// The editors' own zone; it decides what day it is.
    pub zone: Zone,
    /// Who lets an edition go out.
    pub approval: Approval,
    /// What becomes of a message that was handed over without an answer.
    #[serde(default)]
    pub if_unknown: IfUnknown,
    /// When an edition comes too late for a reader.
    #[serde(default, skip_serializing_if = "TooLate::is_usual")]
    pub too_late: TooLate,
    /// Whether the next edition tells those readers what they missed.
    #[serde(default)]
    pub tell_missed: bool,
    /// The carriers whose articles it draws on, compared without case; all where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    /// The languages of the articles that it draws on; all where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// How many stories stand first, before the sections.
    pub top: usize,
    /// What is printed before these; without it what `numbering` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_numbering: Option<Numbering>,
    /// What is printed before entries, where their section says nothing else.
    #[serde(default, skip_serializing_if = "Numbering::is_usual")]
    pub numbering: Numbering,
    /// Its sections, in order.
    pub sections: Vec<SectionPlan>,
    /// When an event gets a section of its own.
    #[serde(default)]
    pub events: EventRules,
    /// Whether entries name who stands above the article, too: "(Harbour Courier · Ann Example, Northern Wire)".
    #[serde(default)]
    pub bylines: bool,
    /// What stands around the entries of each edition.
    #[serde(default, skip_serializing_if = "Front::is_empty")]
    pub front: Front,
    /// Where readers' answers go, and what the foot of the mail gives as the editors' address; none: to the sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tips: Option<EmailAddress>,
    /// Who is told by mail when an edition waits for them, or its mailing rests; none: the log and the desk tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editors: Vec<EmailAddress>,
    /// Whether it is counted how often the links of its mails are followed: per entry, and never per reader.
    #[serde(default)]
    pub clicks: bool,
    /// The sentence a reader agrees to when signing up.
    pub consent: String,
}

impl Brief {
    /// A brief of which nothing is said yet but its name: public, in English, every day at six in UTC, compiled an hour before,
    /// of every source, with five stories first and no section, and let out by a person.
    #[must_use]
    pub fn named(slug: Slug, name: &str) -> Self {
        Self {
            slug,
            name: name.to_owned(),
            description: String::new(),
            language: Language::english(),
            access: Access::Public,
            audience: None,
            send_at: MorningTime::SIX,
            days: Weekdays::ALL,
            skip: Vec::new(),
            lead_minutes: 60,
            zone: Zone::UTC,
            approval: Approval::Manual,
            if_unknown: IfUnknown::default(),
            too_late: TooLate::default(),
            tell_missed: false,
            sources: Vec::new(),
            languages: Vec::new(),
            top: 5,
            top_numbering: None,
            numbering: Numbering::default(),
            sections: Vec::new(),
            events: EventRules::default(),
            bylines: false,
            front: Front::default(),
            tips: None,
            editors: Vec::new(),
            clicks: false,
            consent: String::new(),
        }
    }

    /// The longest `lead_minutes` of a plan: two days.
    pub const LONGEST_LEAD_MINUTES: u32 = 2 * 24 * 60;

    const fn usual_access() -> Access {
        Access::Public
    }

    /// The section of this name in an edition, empty as yet: as the plan has it, or else a standing one.
    #[must_use]
    pub fn section(&self, name: &str) -> Section {
        let plan = self.sections.iter().find(|plan| plan.name == name);
        let kind = plan.map_or(SectionKind::Standing, |plan| plan.kind);
        let usual = match kind {
            SectionKind::Calendar => Numbering::None,
            _ => self.numbering,
        };
        Section {
            name: name.to_owned(),
            kind,
            numbering: plan.and_then(|plan| plan.numbering).unwrap_or(usual),
            above: 0,
            reasons: Vec::new(),
            entries: Vec::new(),
        }
    }

    /// Whether it comes out on this day of its editors' calendar.
    #[must_use]
    pub fn comes_out_on(&self, day: Day) -> bool {
        self.days.contains(day) && !self.skip.contains(&day)
    }

    /// When the edition of a day is compiled.
    #[must_use]
    pub fn compiled_at(&self, day: Day) -> UnixMillis {
        day.at(self.send_at, &self.zone)
            .plus(-i64::from(self.lead_minutes) * 60_000)
    }

    /// The first day from this one on on which it comes out.
    #[must_use]
    pub fn next_day(&self, from: Day) -> Day {
        let mut days = from.and_later();
        days.find(|day| self.comes_out_on(*day)).unwrap_or(from)
    }

    /// How many days before this one it did not come out; of a longer rest a week's worth, since what is older is no news.
    #[must_use]
    pub fn rest_before(&self, day: Day) -> u32 {
        let rests = |days: &u32| !self.comes_out_on(day.minus(*days));
        (1..=LONGEST_REST).take_while(rests).last().unwrap_or(0)
    }

    /// The sources that it or one of its sections names and that have none of the names that are known, each once, and
    /// which name may be meant.
    #[must_use]
    pub fn unknown_sources<'a>(&'a self, known: &'a [String]) -> Vec<(&'a str, Option<&'a str>)> {
        let of_sections = self.sections.iter().flat_map(|section| &section.sources);
        let mut unknown: Vec<&str> = Vec::new();
        for name in self.sources.iter().chain(of_sections) {
            let is = |known: &str| known.to_lowercase() == name.trim().to_lowercase();
            if !known.iter().any(|known| is(known)) && !unknown.iter().any(|known| is(known)) {
                unknown.push(name);
            }
        }
        let meant = |name| (name, nearest(name, known.iter().map(String::as_str)));
        unknown.into_iter().map(meant).collect()
    }

    /// Whether the links of its mails lead past the counter. Those of a brief for named readers do not: its pages answer
    /// nobody, nor could they tell where an entry leads.
    #[must_use]
    pub fn counts_clicks(&self) -> bool {
        self.clicks && self.is_public()
    }

    /// Whether anybody may read it and sign up.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.access == Access::Public
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_short_name() {
        assert_eq!(
            Slug::of_title("The Morning Brief!").unwrap().as_str(),
            "the-morning-brief"
        );
        for bad in ["", "Morning", "a--b", "-a", "a/b", "früh"] {
            assert_eq!(bad.parse::<Slug>(), Err(BriefError::Slug(bad.to_owned())));
        }
        for (title, slug) in [
            ("Café & Krümel", "cafe-krumel"),
            ("Øst: Łódź, Straße 7", "ost-lodz-strasse-7"),
        ] {
            assert_eq!(Slug::of_title(title).unwrap().as_str(), slug);
        }
        assert_eq!(Slug::of_title("朝刊"), Err(BriefError::Title("朝刊".to_owned())));
    }

    #[test]
    fn a_brief_rests_on_weekends_and_holidays() {
        let brief = serde_json::json!({
            "slug": "morning", "name": "", "description": "", "send_at": "06:00", "lead_minutes": 60, "zone": "UTC",
            "approval": "manual", "top": 5, "sections": [], "consent": "",
            "days": ["mon", "Tuesday", "wed", "thu", "fri"], "skip": ["2026-12-24", "2026-12-25"],
        });
        let brief: Brief = serde_json::from_value(brief).unwrap();
        let day = |text: &str| text.parse::<Day>().unwrap();
        for (from, next, rest) in [
            ("2026-03-09", "2026-03-09", 2),
            ("2026-03-10", "2026-03-10", 0),
            ("2026-03-13", "2026-03-13", 0),
            ("2026-03-14", "2026-03-16", 0),
            ("2026-03-15", "2026-03-16", 1),
            ("2026-12-24", "2026-12-28", 0),
            ("2026-12-28", "2026-12-28", 4),
        ] {
            assert_eq!(brief.next_day(day(from)), day(next), "{from}");
            assert_eq!(brief.rest_before(day(from)), rest, "{from}");
        }
        let closed = (1..=31).map(|date| day(&format!("2026-08-{date:02}"))).collect();
        let summer = Brief {
            skip: closed,
            ..brief
        };
        assert_eq!(summer.next_day(day("2026-08-01")), day("2026-09-01"));
        assert_eq!(summer.rest_before(day("2026-09-01")), LONGEST_REST);
        assert_eq!(summer.next_day(day("9999-12-31")), day("9999-12-31"));
    }

    #[test]
    fn names_that_no_source_has_are_told_with_what_may_be_meant() {
        let plan = serde_json::json!({
            "slug": "morning", "name": "", "description": "", "send_at": "06:00", "lead_minutes": 60, "zone": "UTC",
            "approval": "manual", "top": 5, "consent": "", "sources": ["the harbour post", "Habour Mail"],
            "sections": [{ "name": "Wires", "sources": ["AP", "habour mail"] }],
        });
        let plan: Brief = serde_json::from_value(plan).unwrap();
        let known = ["The Harbour Post".to_owned(), "Harbour Mail".to_owned()];
        assert_eq!(
            plan.unknown_sources(&known),
            [("Habour Mail", Some("Harbour Mail")), ("AP", None)]
        );
    }

    #[test]
    fn a_word_that_is_none_is_told_by_its_noun() {
        let told = |error: Option<crate::UnknownState>| error.unwrap().to_string();
        assert!(told("x".parse::<Approval>().err()).starts_with("`x` is not an approval ("));
        assert!(told("x".parse::<IfUnknown>().err()).starts_with("`x` is not a"));
    }

    #[test]
    fn no_brief_stands_where_the_products_own_pages_do() {
        assert_eq!(
            Slug::of_title("Mailbox"),
            Err(BriefError::Reserved("mailbox".to_owned()))
        );
        assert!("confirm".parse::<Slug>().is_err());
        assert!("confirmed-news".parse::<Slug>().is_ok());
    }
}
