//! Lines that are nothing but a date or a time: "Monday 9 March 2026, 19:00 UTC".

use crate::date::{self, Order};

/// A longer line is no stamp, in bytes.
const LONGEST: usize = 80;

/// Words beside the names of days and months that a stamp may hold, in lower case.
const WORDS: &[&str] = &[
    "am",
    "at",
    "bis",
    "cest",
    "cet",
    "date",
    "dated",
    "edt",
    "est",
    "gmt",
    "last",
    "modified",
    "on",
    "pdt",
    "pm",
    "posted",
    "pst",
    "published",
    "stand",
    "uhr",
    "um",
    "updated",
    "utc",
    "veröffentlicht",
    "aktualisiert",
];

/// Weekdays by the letters with which no month begins, in lower case.
const DAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "tues",
    "wed",
    "thu",
    "thurs",
    "fri",
    "sat",
    "sun",
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
];

/// Whether a line is a date or a time and nothing else.
pub(crate) fn is_stamp(line: &str) -> bool {
    line.len() <= LONGEST
        && line.contains(|c: char| c.is_ascii_digit())
        && line
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| word.chars().count() > 1)
            .all(|word| {
                let lower = word.to_lowercase();
                WORDS.contains(&lower.as_str())
                    || DAYS.contains(&lower.as_str())
                    || date::month(&lower).is_some()
            })
        && (date::parse(line, Order::DayFirst).is_some() || is_time(line))
}

/// Whether a line holds a time of day, as the entries of live blogs do: "18:42 Uhr".
fn is_time(line: &str) -> bool {
    let number =
        |part: &str, most: u32| part.len() <= 2 && part.parse::<u32>().is_ok_and(|value| value <= most);
    line.split(' ')
        .filter_map(|word| word.split_once(':'))
        .any(|(hour, minute)| number(hour, 24) && minute.len() == 2 && number(minute, 59))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_alone_are_stamps_and_sentences_are_not() {
        for line in [
            "Monday 9 March 2026, 19:00 UTC",
            "Updated on March 9, 2026 at 7:30 p.m.",
            "Veröffentlicht am 9. März 2026 um 19:30 Uhr",
            "2026-03-09",
            "18:42 Uhr",
            "7:05 pm",
        ] {
            assert!(is_stamp(line), "{line}");
        }
        for line in [
            "It began on 9 March 2026.",
            "9 March: the harbour closes",
            "2026",
            "1984",
            "3.50",
            "18:421",
        ] {
            assert!(!is_stamp(line), "{line}");
        }
    }
}
