//! Readers by what they have in common.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Brief, Country, Day, Home, Language, Slug, UnixMillis, Zone, time::TimeError};

/// A calendar month in UTC: "2026-03". Ordered by time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(String);

impl Month {
    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first instant.
    #[must_use]
    pub fn start(&self) -> UnixMillis {
        let day: Option<Day> = format!("{}-01", self.0).parse().ok();
        let midnight = crate::MorningTime::MIDNIGHT;
        day.map_or(UnixMillis(0), |day| day.at(midnight, &Zone::UTC))
    }

    /// The month of an instant.
    #[must_use]
    pub fn of(at: UnixMillis) -> Self {
        Self(at.day(&Zone::UTC).to_string().chars().take(7).collect())
    }

    /// The month after.
    #[must_use]
    pub fn next(&self) -> Self {
        // No month is longer than 31 days, and none shorter than 28.
        Self::of(self.start().plus(31 * 86_400_000 + 43_200_000))
    }
}

impl FromStr for Month {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let is_month = text.len() == 7 && format!("{text}-01").parse::<Day>().is_ok();
        is_month
            .then(|| Self(text.to_owned()))
            .ok_or_else(|| TimeError::Month(text.to_owned()))
    }
}

impl TryFrom<String> for Month {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.0
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Readers who get a brief and have this in common; what is empty does not part them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Segment {
    /// Of these briefs.
    pub briefs: Vec<Slug>,
    /// Of briefs in one of these languages.
    pub languages: Vec<Language>,
    /// In one of these countries.
    pub countries: Vec<Country>,
    /// With mornings in one of these zones.
    pub zones: Vec<Zone>,
    /// Who came in this month or later.
    pub from: Option<Month>,
    /// Who came in this month or earlier.
    pub until: Option<Month>,
}

impl Segment {
    /// All readers on the list of a brief.
    #[must_use]
    pub fn of_list(slug: &Slug) -> Self {
        Self {
            briefs: vec![slug.clone()],
            ..Self::default()
        }
    }

    /// Those of its readers who are on the list of this brief; `None` where it is of other briefs or languages, and never
    /// holds any.
    #[must_use]
    pub fn within(&self, brief: &Brief) -> Option<Self> {
        let is_of = (self.briefs.is_empty() || self.briefs.contains(&brief.slug))
            && (self.languages.is_empty() || self.languages.contains(&brief.language));
        is_of.then(|| Self {
            briefs: vec![brief.slug.clone()],
            languages: Vec::new(),
            ..self.clone()
        })
    }

    /// Whether a reader of its briefs, who lives there and came then, is among them.
    #[must_use]
    pub fn holds(&self, home: &Home, joined: UnixMillis) -> bool {
        let lives_there =
            self.countries.is_empty() || home.country.is_some_and(|it| self.countries.contains(&it));
        let is_up_then = self.zones.is_empty() || self.zones.contains(&home.zone);
        let is_after = self.from.as_ref().is_none_or(|from| from.start() <= joined);
        let is_before = self
            .until
            .as_ref()
            .is_none_or(|until| joined < until.next().start());
        lives_there && is_up_then && is_after && is_before
    }
}

impl fmt::Display for Segment {
    /// "brief morning; country Norway or Sweden; from 2026-03".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let any = |what: &str, names: Vec<String>| {
            (!names.is_empty()).then(|| format!("{what} {}", names.join(" or ")))
        };
        let countries = self.countries.iter().map(|country| country.name().to_owned());
        let parts = [
            any("brief", self.briefs.iter().map(Slug::to_string).collect()),
            any(
                "language",
                self.languages.iter().map(Language::to_string).collect(),
            ),
            any("country", countries.collect()),
            any("zone", self.zones.iter().map(Zone::to_string).collect()),
            any("from", self.from.iter().map(Month::to_string).collect()),
            any("until", self.until.iter().map(Month::to_string).collect()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        f.write_str(&match parts.is_empty() {
            true => "everybody".to_owned(),
            false => parts.join("; "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_a_start_and_a_month_after_it() {
        for (month, start, next) in [
            ("2026-03", "2026-03-01T00:00:00Z", "2026-04"),
            ("2026-12", "2026-12-01T00:00:00Z", "2027-01"),
            ("2024-01", "2024-01-01T00:00:00Z", "2024-02"),
            ("2023-02", "2023-02-01T00:00:00Z", "2023-03"),
        ] {
            let month: Month = month.parse().unwrap();
            assert_eq!(month.start().to_string(), start);
            assert_eq!(month.next().as_str(), next);
            assert_eq!(Month::of(month.next().start().plus(-1)), month);
        }
        for wrong in ["2026", "2026-13", "2026-3", "2026-03-01", "März"] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_segment_says_whom_it_holds_and_keeps_within_a_brief() {
        let norway = Segment {
            countries: vec!["NO".parse().unwrap(), "SE".parse().unwrap()],
            from: Some("2026-03".parse().unwrap()),
            ..Segment::default()
        };
        assert_eq!(norway.to_string(), "country Norway or Sweden; from 2026-03");
        assert_eq!(Segment::default().to_string(), "everybody");
        let brief = serde_json::json!({
            "slug": "morning", "name": "", "description": "", "send_at": "06:00", "lead_minutes": 60, "zone": "UTC",
            "approval": "manual", "top": 5, "sections": [], "consent": "",
        });
        let brief: Brief = serde_json::from_value(brief).unwrap();
        let within = norway.within(&brief).unwrap();
        assert_eq!(
            within.to_string(),
            "brief morning; country Norway or Sweden; from 2026-03"
        );
        for other in [
            Segment::of_list(&"evening".parse().unwrap()),
            Segment {
                languages: vec!["de".parse().unwrap()],
                ..Segment::default()
            },
        ] {
            assert_eq!(other.within(&brief), None, "{other}");
        }
    }
}
