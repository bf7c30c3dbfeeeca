//! ISO 8601.

use jiff::civil;
use reveille_model::UnixMillis;

use super::{
    Parts,
    loose::{read_token, tokens},
};

/// ISO 8601 in all its forms: reduced precision, basic format, week and ordinal dates, a space for the `T`.
pub(super) fn read(text: &str) -> Option<UnixMillis> {
    let bytes = text.as_bytes();
    let digits = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |from: usize, to: usize| text.get(from..to)?.parse::<i8>().ok();
    let separator = |at: usize| bytes.get(at).copied();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut parts = Parts::default();
    let end = match digits {
        8 | 14 => {
            (parts.year, parts.month, parts.day) = (number(0, 4), small(4, 6), small(6, 8));
            8
        }
        4 => match separator(4) {
            None => {
                parts.year = number(0, 4);
                4
            }
            Some(b'-' | b'/' | b'.') if separator(5) == Some(b'W') => {
                let week = small(6, 8)?;
                let day = if separator(8) == Some(b'-') {
                    small(9, 10)?
                } else {
                    1
                };
                let weekday = civil::Weekday::from_monday_one_offset(day).ok()?;
                let date = civil::ISOWeekDate::new(number(0, 4)?, week, weekday).ok()?.date();
                (parts.year, parts.month, parts.day) =
                    (Some(date.year()), Some(date.month()), Some(date.day()));
                if separator(8) == Some(b'-') { 10 } else { 8 }
            }
            Some(b'-') if is_digit(5) && is_digit(6) && is_digit(7) && !is_digit(8) => {
                let date = civil::Date::new(number(0, 4)?, 1, 1).ok()?;
                let date = date
                    .checked_add(jiff::Span::new().days(i64::from(number(5, 8)?) - 1))
                    .ok()?;
                (parts.year, parts.month, parts.day) =
                    (Some(date.year()), Some(date.month()), Some(date.day()));
                8
            }
            Some(sep @ (b'-' | b'/' | b'.')) if is_digit(5) => {
                parts.year = number(0, 4);
                let month_end = if is_digit(6) { 7 } else { 6 };
                parts.month = small(5, month_end);
                if separator(month_end) == Some(sep) && is_digit(month_end + 1) {
                    let day_end = month_end + if is_digit(month_end + 2) { 3 } else { 2 };
                    parts.day = small(month_end + 1, day_end);
                    day_end
                } else {
                    month_end
                }
            }
            _ => return None,
        },
        _ => return None,
    };
    let rest = text
        .get(end..)?
        .trim_start_matches(|c: char| matches!(c, 'T' | 't' | ',' | '_') || c.is_whitespace());
    let basic;
    let rest = if end == 8 && matches!(digits, 8 | 14) {
        basic = with_colons(rest);
        &basic
    } else {
        rest
    };
    if rest.is_empty() {
        parts.instant()
    } else {
        clock_and_zone(rest, parts)
    }
}

/// `HHMMSS` or `HHMM` behind a basic date, with colons put in.
fn with_colons(clock: &str) -> String {
    let digits = clock.bytes().take_while(u8::is_ascii_digit).count();
    match digits {
        4 => format!("{}:{}", &clock[..2], &clock[2..]),
        6 => format!("{}:{}:{}", &clock[..2], &clock[2..4], &clock[4..]),
        _ => clock.to_owned(),
    }
}

fn clock_and_zone(text: &str, mut parts: Parts) -> Option<UnixMillis> {
    for token in tokens(text) {
        read_token(token, &mut parts, &mut Vec::new()).then_some(())?;
    }
    parts.instant()
}
