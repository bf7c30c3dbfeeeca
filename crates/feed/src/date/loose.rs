//! Dates of words and numbers in any order.

use reveille_model::UnixMillis;

use super::{
    Parts,
    words::{Word, word},
};

/// Everything else: words and numbers in any order.
pub(super) fn read(text: &str) -> Option<UnixMillis> {
    let mut parts = Parts::default();
    let mut numbers = Vec::new();
    for token in tokens(text) {
        read_token(token, &mut parts, &mut numbers).then_some(())?;
    }
    assign(&numbers, &mut parts)?;
    parts.instant()
}

/// Cuts at white space, commas and brackets; what stands in round brackets is a remark.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let text = match (text.find('('), text.rfind(')')) {
        (Some(open), Some(close)) if open < close && text[close + 1..].trim().is_empty() => &text[..open],
        _ => text,
    };
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']'))
        .filter(|token| !token.is_empty())
}

/// Reads one token into `parts`, or pushes a day, month or year in figures. False: no date has such a thing.
pub(super) fn read_token<'a>(token: &'a str, parts: &mut Parts, numbers: &mut Vec<&'a str>) -> bool {
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
