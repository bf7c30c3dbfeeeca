//! Dates as feeds write them.
//!
//! RFC 822 and its successors, ISO 8601, `asctime`, what `toString` of several languages prints, epoch numbers, and
//! month names of European languages. A spelling that could mean two days is no date: a wrong day is worse than none.

mod words;

use jiff::{Timestamp, civil, tz};
use reveille_model::UnixMillis;

use words::{Word, word};

/// Reads a date; `None` for what is none, and for what could be read in two ways. A time without a zone is UTC, a
/// day without a time begins at midnight.
#[must_use]
pub fn parse_date(text: &str) -> Option<UnixMillis> {
    let text = text.trim();
    // Longer than any date; a bound on the work that a hostile field can ask for.
    if text.is_empty() || text.len() > 128 {
        return None;
    }
    fast(text)
        .or_else(|| epoch(text))
        .or_else(|| iso(text))
        .or_else(|| loose(text))
}

/// RFC 3339 as nearly every feed writes it.
fn fast(text: &str) -> Option<UnixMillis> {
    if text.as_bytes().get(4) != Some(&b'-') {
        return None;
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

/// ISO 8601 in all its forms: reduced precision, basic format, week and ordinal dates, a space for the `T`.
fn iso(text: &str) -> Option<UnixMillis> {
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
    let rest = text.get(end..)?;
    let rest = if digits == 14 {
        rest_of_basic(rest)?
    } else {
        rest.to_owned()
    };
    let rest = rest.trim_start_matches(|c: char| matches!(c, 'T' | 't' | ',' | '_') || c.is_whitespace());
    if rest.is_empty() {
        parts.instant()
    } else {
        clock_and_zone(rest, parts)
    }
}

/// `HHMMSS` behind a basic date, with colons put in.
fn rest_of_basic(rest: &str) -> Option<String> {
    let (h, m, s, behind) = (rest.get(..2)?, rest.get(2..4)?, rest.get(4..6)?, rest.get(6..)?);
    Some(format!("{h}:{m}:{s}{behind}"))
}

fn clock_and_zone(text: &str, mut parts: Parts) -> Option<UnixMillis> {
    for token in tokens(text) {
        read_token(token, &mut parts, &mut Vec::new()).then_some(())?;
    }
    parts.instant()
}

/// Everything else: words and numbers in any order.
fn loose(text: &str) -> Option<UnixMillis> {
    let mut parts = Parts::default();
    let mut numbers = Vec::new();
    for token in tokens(text) {
        read_token(token, &mut parts, &mut numbers).then_some(())?;
    }
    assign(&numbers, &mut parts)?;
    parts.instant()
}

/// Cuts at white space, commas and brackets; what stands in round brackets is a remark.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let text = match (text.find('('), text.rfind(')')) {
        (Some(open), Some(close)) if open < close && text[close + 1..].trim().is_empty() => &text[..open],
        _ => text,
    };
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']'))
        .filter(|token| !token.is_empty())
}

/// Reads one token into `parts`, or pushes a day, month or year in figures. False: no date has such a thing.
fn read_token<'a>(token: &'a str, parts: &mut Parts, numbers: &mut Vec<&'a str>) -> bool {
    let first = token.as_bytes()[0];
    if token.contains(':') && token.contains('T') && iso_inside(token, parts) {
        return true;
    }
    if token.contains(':') && first.is_ascii_digit() {
        return read_clock(token, parts);
    }
    if matches!(first, b'+' | b'-') && token.len() > 1 {
        // A second sign as in `+-0200` is a slip of the same hand that wrote the first.
        return offset(
            token.trim_start_matches(['+', '-']),
            first == b'-' || token[1..].starts_with('-'),
            parts,
        );
    }
    if first.is_ascii_digit() {
        return read_figures(token, parts, numbers);
    }
    if matches!(token, "-" | "–" | "|" | "@" | "/" | "·" | ".") {
        return true;
    }
    match word(token) {
        Some(Word::Month(month)) => parts.month.replace(month).is_none_or(|before| before == month),
        Some(Word::Filler) => true,
        Some(Word::Afternoon(pm)) => {
            parts.afternoon = Some(pm);
            true
        }
        Some(Word::Zone(seconds)) => {
            parts.offset.get_or_insert(seconds);
            true
        }
        None => zone_with_offset(token, parts) || hyphenated(token, parts, numbers),
    }
}

/// `UTC+02:00`, `GMT-5`.
fn zone_with_offset(token: &str, parts: &mut Parts) -> bool {
    let Some(at) = token.find(['+', '-']) else {
        return false;
    };
    let (name, rest) = token.split_at(at);
    matches!(name, "UTC" | "GMT" | "UT" | "Z") && {
        parts.offset = None;
        offset(&rest[1..], rest.starts_with('-'), parts)
    }
}

/// `Jan-01-2004`.
fn hyphenated<'a>(token: &'a str, parts: &mut Parts, numbers: &mut Vec<&'a str>) -> bool {
    token.contains(['-', '/', '.'])
        && token
            .split(['-', '/', '.'])
            .filter(|part| !part.is_empty())
            .all(|part| {
                !part.contains(['+', ':']) && part.len() < token.len() && read_token(part, parts, numbers)
            })
}

fn read_figures<'a>(token: &'a str, parts: &mut Parts, numbers: &mut Vec<&'a str>) -> bool {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    let (figures, rest) = token.split_at(digits);
    match rest.to_lowercase().as_str() {
        "" | "." | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "°" | "-го" => {
            numbers.push(figures);
            true
        }
        "年" | "년" => figures
            .parse()
            .is_ok_and(|year| parts.year.replace(year).is_none()),
        "月" | "월" => figures
            .parse()
            .is_ok_and(|month| parts.month.replace(month).is_none()),
        "日" | "일" => figures.parse().is_ok_and(|day| parts.day.replace(day).is_none()),
        "am" | "pm" | "a.m." | "p.m." => {
            parts.afternoon = Some(rest.starts_with(['p', 'P']));
            figures
                .parse()
                .is_ok_and(|hour| parts.time.replace((hour, 0, 0, 0)).is_none())
        }
        _ => cjk(token, parts, numbers) || hyphenated(token, parts, numbers),
    }
}

/// `2004年05月28日` without spaces.
fn cjk<'a>(token: &'a str, parts: &mut Parts, numbers: &mut Vec<&'a str>) -> bool {
    let marks = ['年', '月', '日', '년', '월', '일'];
    let Some(at) = token.find(marks) else { return false };
    let width = token[at..].chars().next().map_or(0, char::len_utf8);
    let (head, tail) = token.split_at(at + width);
    !tail.is_empty()
        && head[..at].bytes().all(|b| b.is_ascii_digit())
        && read_token(head, parts, numbers)
        && read_token(tail, parts, numbers)
}

/// An ISO date and time after a weekday: `Fri, 2006-09-15T08:19:53`.
fn iso_inside(token: &str, parts: &mut Parts) -> bool {
    let Some((date, clock)) = token.split_once('T') else {
        return false;
    };
    let mut fields = date.split('-').map(str::parse::<i16>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day)), None) =
        (fields.next(), fields.next(), fields.next(), fields.next())
    else {
        return false;
    };
    (parts.year, parts.month, parts.day) = (Some(year), i8::try_from(month).ok(), i8::try_from(day).ok());
    !clock.is_empty() && read_token(clock, parts, &mut Vec::new())
}

/// `19:48:21.123+01:00`, `7:48pm`.
fn read_clock(token: &str, parts: &mut Parts) -> bool {
    let end = token
        .bytes()
        .take_while(|b| b.is_ascii_digit() || *b == b':')
        .count();
    let (clock, mut rest) = token.split_at(end);
    let mut nanos = 0;
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let padded: String = fraction[..digits]
            .chars()
            .chain("000000000".chars())
            .take(9)
            .collect();
        nanos = padded.parse().unwrap_or(0);
        rest = &fraction[digits..];
    }
    let mut fields = clock.split(':').map(str::parse::<i8>);
    let (Some(Ok(hour)), Some(Ok(minute))) = (fields.next(), fields.next()) else {
        return false;
    };
    let second = match fields.next() {
        None => 0,
        Some(Ok(second)) => second,
        // `19:48:` with the seconds forgotten.
        Some(Err(_)) if clock.ends_with(':') => 0,
        Some(Err(_)) => return false,
    };
    if parts.time.replace((hour, minute, second, nanos)).is_some() {
        return false;
    }
    rest.is_empty() || read_token(rest, parts, &mut Vec::new())
}

/// `0200`, `02:00`, `2`.
fn offset(text: &str, west: bool, parts: &mut Parts) -> bool {
    let digits: String = text.chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.as_str(), "0"),
        3 => digits.split_at(1),
        4 => digits.split_at(2),
        6 => (&digits[..2], &digits[2..4]),
        _ => return false,
    };
    let (Ok(hours), Ok(minutes)) = (hours.parse::<i32>(), minutes.parse::<i32>()) else {
        return false;
    };
    let seconds = (hours * 60 + minutes) * 60;
    parts.offset = Some(if west { -seconds } else { seconds });
    hours < 24 && minutes < 60
}

/// Gives the bare numbers their meaning. The year is the one that can be nothing else; between day and month only
/// what is certain counts.
fn assign(numbers: &[&str], parts: &mut Parts) -> Option<()> {
    let mut left: Vec<&str> = numbers.to_vec();
    let year_first = numbers.first().is_some_and(|figures| figures.len() == 4);
    if parts.year.is_none() {
        let at = left
            .iter()
            .position(|n| n.len() == 4 || n.parse::<u16>().is_ok_and(|n| n > 31));
        // Without a figure that must be a year it stands last: `01 Jan 04`.
        let at = at.or_else(|| left.len().checked_sub(1))?;
        parts.year = Some(year(left.remove(at))?);
    }
    match (parts.month, parts.day, left.as_slice()) {
        (Some(_), None, [day]) => parts.day = Some(day.parse().ok()?),
        (Some(_), _, []) => {}
        (None, None, [first, second]) => {
            let (first, second): (i8, i8) = (first.parse().ok()?, second.parse().ok()?);
            let (month, day) = match (first > 12, second > 12) {
                // Nobody writes year, day, month.
                _ if year_first => (first, second),
                (true, false) => (second, first),
                (false, true) => (first, second),
                // 03/03/2004 is the same day either way.
                (false, false) if first == second => (first, second),
                // An American clock goes with an American calendar.
                (false, false) if parts.afternoon.is_some() => (first, second),
                _ => return None,
            };
            (parts.month, parts.day) = (Some(month), Some(day));
        }
        _ => return None,
    }
    Some(())
}

/// Two figures are of this century up to 69; three are counted from 1900 (RFC 5322, section 4.3).
fn year(figures: &str) -> Option<i16> {
    let number: i16 = figures.parse().ok()?;
    match figures.len() {
        1 | 2 if number < 70 => Some(number + 2000),
        2 | 3 => Some(number + 1900),
        4 => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
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
            "Thu, 01 Jan 0001 00:00:00",
        ] {
            assert_eq!(read(text), "none", "{text}");
        }
    }

    #[test]
    fn clocks_may_run_to_the_end() {
        assert_eq!(read("2003-12-31T24:00:00Z"), "2004-01-01T00:00:00Z");
        assert_eq!(read("Sat, 31 Dec 2016 23:59:60 GMT"), "2016-12-31T23:59:59Z");
    }
}
