//! ISO 8601.

use std::{borrow::Cow, ops::Range, str::FromStr};

use jiff::{Span, civil};
use reveille_model::UnixMillis;

use super::{
    Parts,
    loose::{read_token, tokens},
};

/// Year, month and day, as far as they are given.
type Day = (Option<i16>, Option<i8>, Option<i8>);

/// ISO 8601 in all its forms: reduced precision, basic format, week and ordinal dates, a space for the `T`.
pub(super) fn read(text: &str) -> Option<UnixMillis> {
    let figures = digits(text, 0);
    let (day, end) = match figures {
        8 | 14 => ((number(text, 0..4), number(text, 4..6), number(text, 6..8)), 8),
        4 => extended(text)?,
        _ => return None,
    };
    let clock = text
        .get(end..)?
        .trim_start_matches(|c: char| matches!(c, 'T' | 't' | ',' | '_') || c.is_whitespace());
    let clock = if figures == 4 {
        clock.into()
    } else {
        with_colons(clock)
    };
    let mut parts = Parts::default();
    (parts.year, parts.month, parts.day) = day;
    for token in tokens(&clock) {
        read_token(token, &mut parts, &mut Vec::new()).then_some(())?;
    }
    parts.instant()
}

/// A date whose year stands apart from what follows, and where it ends.
fn extended(text: &str) -> Option<(Day, usize)> {
    match &text.as_bytes()[4..] {
        [] => Some(((number(text, 0..4), None, None), 4)),
        [b'-' | b'/' | b'.', b'W', ..] => week(text),
        [b'-', ..] if digits(text, 5) == 3 => ordinal(text),
        [b'-' | b'/' | b'.', b'0'..=b'9', ..] => Some(calendar(text)),
        _ => None,
    }
}

/// `2004-W22-5`, or `2004-W22` for its Monday.
fn week(text: &str) -> Option<(Day, usize)> {
    let has_day = text.as_bytes().get(8) == Some(&b'-');
    let weekday = if has_day { number(text, 9..10)? } else { 1 };
    let weekday = civil::Weekday::from_monday_one_offset(weekday).ok()?;
    let date = civil::ISOWeekDate::new(number(text, 0..4)?, number(text, 6..8)?, weekday).ok()?;
    Some((whole(date.date()), if has_day { 10 } else { 8 }))
}

/// `2004-149`.
fn ordinal(text: &str) -> Option<(Day, usize)> {
    let new_year = civil::Date::new(number(text, 0..4)?, 1, 1).ok()?;
    let day = number::<i64>(text, 5..8).filter(|day| (1..=366).contains(day))?;
    let days = Span::new().days(day - 1);
    Some((whole(new_year.checked_add(days).ok()?), 8))
}

/// `2004-05-28`, `2004/5/28`, `2004.05`.
fn calendar(text: &str) -> (Day, usize) {
    let month_end = 5 + digits(text, 5).min(2);
    let (year, month) = (number(text, 0..4), number(text, 5..month_end));
    let start = month_end + 1;
    let end = start + digits(text, start).min(2);
    let same_separator = text.as_bytes().get(month_end) == text.as_bytes().get(4);
    if same_separator && start < end {
        ((year, month, number(text, start..end)), end)
    } else {
        ((year, month, None), month_end)
    }
}

fn whole(date: civil::Date) -> Day {
    (Some(date.year()), Some(date.month()), Some(date.day()))
}

/// How many figures stand there in a row.
fn digits(text: &str, from: usize) -> usize {
    let there = text.bytes().skip(from);
    there.take_while(u8::is_ascii_digit).count()
}

fn number<T: FromStr>(text: &str, range: Range<usize>) -> Option<T> {
    text.get(range)?.parse().ok()
}

/// `HHMMSS` or `HHMM` behind a basic date, with colons put in.
fn with_colons(clock: &str) -> Cow<'_, str> {
    match digits(clock, 0) {
        4 => format!("{}:{}", &clock[..2], &clock[2..]).into(),
        6 => format!("{}:{}:{}", &clock[..2], &clock[2..4], &clock[4..]).into(),
        _ => clock.into(),
    }
}
