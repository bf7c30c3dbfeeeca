//! The days of the week on which a brief comes out.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Day;

/// From Monday on, as plans write them; their first three letters are enough.
const NAMES: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// So many letters tell the days apart.
const SHORT: usize = 3;

/// Words that name no days.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeekdayError {
    /// A word that is no day of the week.
    #[error(
        "`{0}` is not a day of the week (expected mon, tue, wed, thu, fri, sat or sun, or its whole name)"
    )]
    Unknown(String),
    /// A brief that comes out on none would never come out.
    #[error("no day is named (name those on which it comes out, or leave it out for every day)")]
    Nothing,
}

/// Some days of the week, one at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<&'static str>")]
pub struct Weekdays([bool; 7]);

impl Weekdays {
    /// All of them.
    pub const ALL: Self = Self([true; 7]);
    /// Monday to Friday.
    pub const WORKING: Self = Self([true, true, true, true, true, false, false]);

    /// Whether a day is one of them.
    #[must_use]
    pub fn contains(&self, day: Day) -> bool {
        self.0[day.weekday()]
    }

    /// Whether all are.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::ALL
    }

    /// How many days each of them comes after Monday, in order.
    pub fn after_monday(&self) -> impl Iterator<Item = usize> {
        let days = self.0;
        (0..days.len()).filter(move |&day| days[day])
    }

    fn named<'a>(words: impl Iterator<Item = &'a str>) -> Result<Self, WeekdayError> {
        let mut days = [false; 7];
        for word in words {
            let lower = word.to_lowercase();
            let named = |name: &&str| lower.len() >= SHORT && name.starts_with(&lower);
            let day = NAMES.iter().position(named);
            days[day.ok_or_else(|| WeekdayError::Unknown(word.to_owned()))?] = true;
        }
        match days.contains(&true) {
            true => Ok(Self(days)),
            false => Err(WeekdayError::Nothing),
        }
    }
}

impl Default for Weekdays {
    fn default() -> Self {
        Self::ALL
    }
}

impl TryFrom<Vec<String>> for Weekdays {
    type Error = WeekdayError;

    fn try_from(words: Vec<String>) -> Result<Self, WeekdayError> {
        Self::named(words.iter().map(|word| word.trim()))
    }
}

impl From<Weekdays> for Vec<&'static str> {
    fn from(days: Weekdays) -> Self {
        days.after_monday().map(|day| &NAMES[day][..SHORT]).collect()
    }
}

/// Reads "mon, wed"; commas are enough, and so are spaces.
impl FromStr for Weekdays {
    type Err = WeekdayError;

    fn from_str(text: &str) -> Result<Self, WeekdayError> {
        Self::named(
            text.split([',', ' '])
                .map(str::trim)
                .filter(|word| !word.is_empty()),
        )
    }
}

/// The inverse: "mon, wed".
impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&Vec::from(*self).join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named_by_three_letters_or_in_full() {
        let days: Weekdays = "Mon, wednesday FRI".parse().unwrap();
        assert_eq!(days.to_string(), "mon, wed, fri");
        assert_eq!(days.to_string().parse(), Ok(days));
        assert!(days.contains("2026-03-09".parse().unwrap()));
        assert!(!days.contains("2026-03-10".parse().unwrap()));
        let json = serde_json::to_string(&days).unwrap();
        assert_eq!(json, r#"["mon","wed","fri"]"#);
        assert_eq!(serde_json::from_str::<Weekdays>(&json).unwrap(), days);
    }

    #[test]
    fn what_names_no_day_is_refused() {
        for bad in ["mo", "mondays", "Montag", "8"] {
            assert_eq!(
                bad.parse::<Weekdays>(),
                Err(WeekdayError::Unknown(bad.to_owned()))
            );
        }
        assert_eq!(" , ".parse::<Weekdays>(), Err(WeekdayError::Nothing));
        assert!(serde_json::from_str::<Weekdays>("[]").is_err());
    }
}
