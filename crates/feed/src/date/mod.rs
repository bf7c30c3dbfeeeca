//! Dates as feeds write them.
//!
//! RFC 822 and its successors, ISO 8601, `asctime`, what `toString` of several languages prints, epoch numbers, and
//! month names of European languages. A spelling that could mean two days is no date: a wrong day is worse than none.

mod iso;
mod loose;
mod mail;
mod words;

use jiff::{Timestamp, civil, tz};
use reveille_model::UnixMillis;

/// Reads a date; `None` for what is none, and for what could be read in two ways. A time without a zone is UTC, a
/// day without a time begins at midnight. The zero of Unix time stands where no date was set, and is none.
#[must_use]
pub fn parse_date(text: &str) -> Option<UnixMillis> {
    let text = text.trim();
    // Longer than any date; a bound on the work that a hostile field can ask for.
    if text.is_empty() || text.len() > 128 {
        return None;
    }
    usual(text)
        .or_else(|| epoch(text))
        .or_else(|| iso::read(text))
        .or_else(|| loose::read(text))
        .filter(|at| !at.is_unset())
}

/// RFC 3339 and RFC 822 as nearly every feed writes them; the readers of all spellings take ten times as long.
fn usual(text: &str) -> Option<UnixMillis> {
    if text.as_bytes().get(4) != Some(&b'-') {
        return mail::read(text);
    }
    text.parse::<Timestamp>()
        .ok()
        .map(UnixMillis::from)
        .filter(|at| plausible(*at))
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<UnixMillis> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        9 | 10 => Some(UnixMillis(number.checked_mul(1000)?)),
        13 => Some(UnixMillis(number)),
        _ => None,
    }
    .filter(|at| plausible(*at))
}

/// The year is one in which news was printed.
fn plausible(at: UnixMillis) -> bool {
    const YEAR_1800: i64 = -5_364_662_400_000;
    const YEAR_2200: i64 = 7_258_118_400_000;
    (YEAR_1800..YEAR_2200).contains(&at.0)
}

/// What has been read of a date so far.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    time: Option<(i8, i8, i8, i32)>,
    afternoon: Option<bool>,
    /// Seconds east of Greenwich.
    offset: Option<i32>,
}

impl Parts {
    fn instant(self) -> Option<UnixMillis> {
        let date = civil::Date::new(self.year?, self.month.unwrap_or(1), self.day.unwrap_or(1)).ok()?;
        let (mut hour, minute, second, nanos) = self.time.unwrap_or_default();
        match self.afternoon {
            Some(true) if hour < 12 => hour += 12,
            Some(false) if hour == 12 => hour = 0,
            _ => {}
        }
        // 24:00 is the end of the day (ISO 8601, 4.2.3); a leap second is its minute's last.
        let (date, hour) = match (hour, minute, second) {
            (24, 0, 0) => (date.tomorrow().ok()?, 0),
            _ => (date, hour),
        };
        let time = civil::Time::new(hour, minute, second.min(59), nanos).ok()?;
        let offset = tz::Offset::from_seconds(self.offset.unwrap_or(0)).ok()?;
        let at = offset.to_timestamp(date.to_datetime(time)).ok()?;
        Some(UnixMillis::from(at)).filter(|at| plausible(*at))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse_date;

    fn read(text: &str) -> String {
        parse_date(text).map_or_else(|| "none".to_owned(), |at| at.to_string())
    }

    #[test]
    fn spellings_of_one_instant() {
        for text in [
            "Thu, 01 Jan 2004 19:48:21 GMT",
            "Thu,01 Jan 2004 19:48:21 +0000",
            "thursday, 1 january 2004 19:48:21 z",
            "01 Jan 04 19:48:21 UT",
            "Thu, 01 Jan 104 19:48:21 GMT",
            "Thu Jan  1 19:48:21 2004",
            "Thu Jan 01 19:48:21 UTC 2004",
            "Thu Jan 01 2004 20:48:21 GMT+0100 (CET)",
            "Thu, 01 Jan 2004 14:48:21 EST",
            "Thu, 1 Jan 2004 14:48:21 -05:00",
            "Jan 1, 2004 7:48:21 PM",
            "January 1st, 2004 07:48:21pm",
            "2004-01-01T19:48:21Z",
            "2004-01-01 19:48:21",
            "2004-01-01T20:48:21+0100",
            "2004-01-01T14:48:21.00-05",
            "20040101T19:48:21Z",
            "20040101T194821Z",
            "20040101T204821+0100",
            "20040101T194821",
            "20040101194821",
            "2004/01/01 19:48:21",
            "Thu, 2004-01-01T19:48:21Z",
            "2004-W01-4T19:48:21Z",
            "2004-001T19:48:21Z",
            "1072986501",
            "1072986501000",
            "2004年01月01日 19:48:21",
            "Do, 01 Jan 2004 20:48:21 MEZ",
            "1. Januar 2004, 19:48:21 Uhr",
            "jeudi 1er janvier 2004 19:48:21",
            "1 de enero de 2004 19:48:21",
            "Чт, 01 янв 2004 22:48:21 MSK",
            "1 stycznia 2004 19:48:21",
        ] {
            assert_eq!(read(text), "2004-01-01T19:48:21Z", "{text}");
        }
    }

    #[test]
    fn days_without_a_time_begin_at_midnight() {
        for (text, day) in [
            ("2003", "2003-01-01"),
            ("2003-12", "2003-12-01"),
            ("15.09.2006", "2006-09-15"),
            ("9/15/2006", "2006-09-15"),
            ("15 Sept. 2006", "2006-09-15"),
            ("3/3/2006", "2006-03-03"),
        ] {
            assert_eq!(read(text), format!("{day}T00:00:00Z"), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_days_is_none() {
        for text in [
            "",
            "yesterday",
            "01/02/2006",
            "31 Feb 2006",
            "12",
            "2006-13-01",
            "2004-000",
            "2004-367",
            "Thu, 01 Jan 0001 00:00:00",
            "1970-01-01T00:00:00Z",
            "Wed, 31 Dec 1969 19:00:00 EST",
        ] {
            assert_eq!(read(text), "none", "{text}");
        }
    }

    #[test]
    fn clocks_may_run_to_the_end() {
        assert_eq!(read("2003-12-31T24:00:00Z"), "2004-01-01T00:00:00Z");
        assert_eq!(read("Sat, 31 Dec 2016 23:59:60 GMT"), "2016-12-31T23:59:59Z");
    }

    proptest! {
        #[test]
        fn the_usual_form_is_read_as_all_others_are(
            weekday in "Mon|Thu|Mit|Xyz", day in "[0-4][0-9&]", month in "Jan|Sep|Okt", year in "19[0-9]{2}|20[0-9]{2}",
            hour in "[0-2][0-9]", minute in "[0-6][0-9]", second in "[0-6][0-9]", zone in "GMT|EST|[+-][0-2][0-9][0-6][0-9]",
        ) {
            let text = format!("{weekday}, {day} {month} {year} {hour}:{minute}:{second} {zone}");
            let expected = super::loose::read(&text).filter(|at| !at.is_unset());
            prop_assert_eq!(parse_date(&text), expected, "{}", text);
        }
    }
}
