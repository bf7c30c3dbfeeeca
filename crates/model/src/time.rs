//! Instants, days and mornings.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp, civil,
    tz::{AmbiguousOffset, TimeZone},
};
use serde::{Deserialize, Serialize};

use crate::cities;

/// A string that is not the time, day or zone it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not an RFC 3339 instant.
    #[error("`{0}` is not a time (expected RFC 3339, for example 2026-03-10T04:00:00Z)")]
    Instant(String),
    /// Not a calendar day.
    #[error("`{0}` is not a day (expected YYYY-MM-DD, for example 2026-03-10)")]
    Day(String),
    /// Not a calendar month.
    #[error("`{0}` is not a month (expected YYYY-MM, for example 2026-03)")]
    Month(String),
    /// Not a time of day.
    #[error("`{0}` is not a time of day (expected HH:MM, for example 06:00)")]
    Morning(String),
    /// Not the hour after which an edition comes too late.
    #[error("`{0}` is no last hour (expected HH:MM, for example 11:00, or never)")]
    TooLate(String),
    /// Not in the IANA time zone database.
    #[error(
        "`{0}` is not a time zone (expected an IANA name such as Europe/Berlin, or the nearest large city that has one, such as Vienna)"
    )]
    Zone(String),
}

/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Every instant in every table is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// For serde's `serialize_with`, where others read it: as text (RFC 3339). Tables keep the number.
    ///
    /// # Errors
    /// What the serializer says.
    pub fn as_text<S: serde::Serializer>(at: &Self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(at)
    }

    /// The same where there may be none.
    ///
    /// # Errors
    /// What the serializer says.
    pub fn maybe_as_text<S: serde::Serializer>(at: &Option<Self>, to: S) -> Result<S::Ok, S::Error> {
        at.map(|at| at.to_string()).serialize(to)
    }

    /// This instant moved by so many milliseconds.
    #[must_use]
    pub const fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; negative where it is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whether it is the zero of Unix time, in whatever zone it was written: what is printed where no date was set.
    #[must_use]
    pub const fn is_unset(self) -> bool {
        const DAY: i64 = 86_400_000;
        -DAY < self.0 && self.0 < DAY
    }

    /// As a jiff instant, clamped to what jiff can hold (years -9999 to 9999).
    #[must_use]
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    /// The beginning of its hour, by the clock of UTC.
    #[must_use]
    pub const fn hour(self) -> Self {
        Self(self.0 - self.0.rem_euclid(3_600_000))
    }

    /// The civil date and time on the wall in `zone`.
    #[must_use]
    pub fn civil(self, zone: &Zone) -> civil::DateTime {
        zone.0.to_datetime(self.timestamp())
    }

    /// The calendar day in `zone`.
    #[must_use]
    pub fn day(self, zone: &Zone) -> Day {
        Day(self.civil(zone).date())
    }
}

impl From<Timestamp> for UnixMillis {
    fn from(at: Timestamp) -> Self {
        Self(at.as_millisecond())
    }
}

impl FromStr for UnixMillis {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        text.parse::<Timestamp>()
            .map(Self::from)
            .map_err(|_| TimeError::Instant(text.to_owned()))
    }
}

impl fmt::Display for UnixMillis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

/// A calendar day, written `YYYY-MM-DD`: what an edition is dated by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(pub civil::Date);

impl Day {
    /// The instant at which the wall clock in `zone` shows `time` on this day. A time skipped by a change to
    /// summer time moves forward by the gap; a repeated one means its first occurrence (RFC 5545, 3.3.5). Where the gap reaches
    /// into the next day, it moves back by the gap instead.
    #[must_use]
    pub fn at(self, time: MorningTime, zone: &Zone) -> UnixMillis {
        let civil = self.0.to_datetime(time.0);
        let shown = zone.0.to_ambiguous_zoned_datetime(civil);
        let end = UnixMillis(if self.0.year() < 0 { i64::MIN } else { i64::MAX });
        let earlier = || {
            shown
                .clone()
                .earlier()
                .ok()
                .filter(|zoned| zoned.date() == self.0)
        };
        match shown.clone().compatible() {
            Err(_) => end,
            Ok(zoned) if zoned.date() == self.0 => zoned.timestamp().into(),
            Ok(zoned) => earlier().unwrap_or(zoned).timestamp().into(),
        }
    }

    /// By how much the clocks in `zone` are put forward past `time` on this day, in milliseconds; 0 where they show it.
    #[must_use]
    pub fn skips(self, time: MorningTime, zone: &Zone) -> i64 {
        let shown = zone.0.to_ambiguous_zoned_datetime(self.0.to_datetime(time.0));
        match shown.offset() {
            AmbiguousOffset::Gap { before, after } => i64::from(after.seconds() - before.seconds()) * 1000,
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => 0,
        }
    }

    /// The day before.
    #[must_use]
    pub fn yesterday(self) -> Self {
        Self(self.0.yesterday().unwrap_or(self.0))
    }

    /// The day after.
    #[must_use]
    pub fn tomorrow(self) -> Self {
        Self(self.0.tomorrow().unwrap_or(self.0))
    }

    /// This day and those after it, to the end of the calendar.
    pub fn and_later(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |day| Some(day.tomorrow()).filter(|next| next > day))
    }

    /// The day so many days before.
    #[must_use]
    pub fn minus(self, days: u32) -> Self {
        let span = jiff::Span::new().days(days);
        Self(self.0.saturating_sub(span))
    }

    /// How many days lie between this one and a later one; negative for an earlier one.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        (later.0 - self.0).get_days()
    }

    /// How many days it comes after the Monday of its week.
    #[must_use]
    pub fn weekday(self) -> usize {
        usize::from(self.0.weekday().to_monday_zero_offset().unsigned_abs())
    }

    /// "Tuesday, 10 March 2026": how a masthead writes the day in English.
    #[must_use]
    pub fn long(self) -> String {
        self.0.strftime("%A, %-d %B %Y").to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        // jiff would take the day out of a longer text, and a time without its zone is not a day.
        let day = Some(text)
            .filter(|text| text.len() == 10)
            .and_then(|text| text.parse().ok());
        day.map(Self).ok_or_else(|| TimeError::Day(text.to_owned()))
    }
}

/// A time of day on the wall, written `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MorningTime(civil::Time);

impl MorningTime {
    /// The start of a day.
    pub const MIDNIGHT: Self = Self(civil::Time::midnight());
    /// 06:00.
    pub const SIX: Self = Self(civil::Time::constant(6, 0, 0, 0));
}

impl fmt::Display for MorningTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl FromStr for MorningTime {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::Morning(text.to_owned());
        let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
        let number = |part: &str| match part.len() {
            1 | 2 => part.parse::<i8>().ok(),
            _ => None,
        };
        let (hour, minute) = number(hour).zip(number(minute)).ok_or_else(wrong)?;
        civil::Time::new(hour, minute, 0, 0)
            .map(Self)
            .map_err(|_| wrong())
    }
}

/// A time zone of the IANA database that is bundled with the binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The names of all zones by which people look theirs up: those of a place, in the order of the alphabet.
    #[must_use]
    pub fn names() -> Vec<String> {
        let names = jiff::tz::db().available().map(|name| name.as_str().to_owned());
        let mut names: Vec<String> = names
            .filter(|name| name.contains('/') && !name.starts_with("Etc/"))
            .collect();
        names.sort_unstable();
        names
    }

    /// What its clocks show between two instants: how many seconds they are ahead of UTC at the first one, and from each instant
    /// on at which they are changed. Zones that have this in common show the same time all along.
    #[must_use]
    pub fn clocks(&self, from: UnixMillis, until: UnixMillis) -> Vec<(UnixMillis, i32)> {
        let begin = (from, self.0.to_offset(from.timestamp()).seconds());
        let changes = self.0.following(from.timestamp());
        let changes = changes.map(|change| (change.timestamp().into(), change.offset().seconds()));
        std::iter::once(begin)
            .chain(changes.take_while(|(at, _)| *at <= until))
            .collect()
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// An IANA name, in whatever case, or the city of one: "Vienna".
impl FromStr for Zone {
    type Err = TimeError;

    fn from_str(name: &str) -> Result<Self, TimeError> {
        // Browsers say so where they know none (CLDR).
        let named = TimeZone::get(name).ok();
        named
            .filter(|zone| zone.iana_name() != Some("Etc/Unknown"))
            .or_else(|| TimeZone::get(cities::zone_of(name)?).ok())
            .map(Self)
            .ok_or_else(|| TimeError::Zone(name.to_owned()))
    }
}

/// When something was published, with the precision at which that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Published {
    /// An instant.
    Instant(UnixMillis),
    /// Only a day is known.
    Day(Day),
}

impl Published {
    /// For ordering: the instant, or the last millisecond of the day in UTC, since a date without an hour
    /// proves no earlier time.
    #[must_use]
    pub fn latest(self) -> UnixMillis {
        match self {
            Self::Instant(at) => at,
            Self::Day(day) => day.tomorrow().at(MorningTime::MIDNIGHT, &Zone::UTC).plus(-1),
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant(at) => at.fmt(f),
            Self::Day(day) => day.fmt(f),
        }
    }
}

/// The inverse of `Display`: an RFC 3339 instant or a `YYYY-MM-DD` day.
impl FromStr for Published {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        text.parse()
            .map(Self::Day)
            .or_else(|_| text.parse().map(Self::Instant))
    }
}

macro_rules! serde_as_text {
    ($($name:ty),+) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                std::borrow::Cow::<str>::deserialize(from)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
serde_as_text!(Day, MorningTime, Zone);

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    #[test]
    fn a_morning_falls_on_each_readers_own_wall_clock() {
        let day: Day = "2026-03-10".parse().unwrap();
        let six: MorningTime = "06:00".parse().unwrap();
        assert_eq!(
            day.at(six, &zone("Asia/Tokyo")).to_string(),
            "2026-03-09T21:00:00Z"
        );
        assert_eq!(
            day.at(six, &zone("America/New_York")).to_string(),
            "2026-03-10T10:00:00Z"
        );
    }

    #[test]
    fn a_morning_that_summer_time_skips_moves_forward() {
        let day: Day = "2026-03-29".parse().unwrap();
        let skipped = day.at("02:30".parse().unwrap(), &zone("Europe/Berlin"));
        assert_eq!(skipped.to_string(), "2026-03-29T01:30:00Z");
        assert_eq!(
            skipped.civil(&zone("Europe/Berlin")).to_string(),
            "2026-03-29T03:30:00"
        );
    }

    /// In Nuuk the clocks of that Saturday go from 23:00 to midnight.
    #[test]
    fn a_morning_stays_on_its_day_where_summer_time_skips_the_end_of_it() {
        let day: Day = "2026-03-28".parse().unwrap();
        let skipped = day.at("23:30".parse().unwrap(), &zone("America/Nuuk"));
        assert_eq!(
            skipped.civil(&zone("America/Nuuk")).to_string(),
            "2026-03-28T22:30:00"
        );
    }

    #[test]
    fn a_day_without_an_hour_counts_as_its_end() {
        let day = Published::Day("2026-03-10".parse().unwrap());
        assert_eq!(day.latest().to_string(), "2026-03-10T23:59:59.999Z");
        assert_eq!("2026-03-10".parse::<Published>().unwrap(), day);
        assert!("2026-03-10T04:00:00".parse::<Published>().is_err(), "no zone");
    }

    #[test]
    fn faulty_times_say_what_was_expected() {
        for bad in ["6", "24:00", "06:60", "006:00", "ab:cd", "-1:00"] {
            assert!(
                bad.parse::<MorningTime>()
                    .unwrap_err()
                    .to_string()
                    .contains("HH:MM"),
                "{bad}"
            );
        }
        assert!(
            "Mars/Olympus"
                .parse::<Zone>()
                .unwrap_err()
                .to_string()
                .contains("IANA")
        );
    }
}
