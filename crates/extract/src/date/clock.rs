//! Times of day and offsets from UTC: "6:05 p.m. EDT", "06.05 Uhr", "06:05:07+01:00".

use jiff::{civil, tz::Offset};

use super::{
    Stamp,
    day::YEARS,
    tokens::{Token, number},
};

/// The first time of day at or after this token, with its offset from UTC. `dotted` allows "06.05", which before
/// a date is the date.
pub(super) fn time_in(tokens: &[Token], from: usize, dotted: bool) -> Option<(civil::Time, Option<Offset>)> {
    for at in from..tokens.len() {
        let Some((hour, 1..=2)) = number(tokens, at) else {
            continue;
        };
        let colon = matches!(tokens.get(at + 1), Some(Token::Mark(':' | '時' | '시')))
            || (dotted && tokens.get(at + 1) == Some(&Token::Mark('.')))
            || matches!(tokens.get(at + 1), Some(Token::Word(word)) if matches!(word.as_str(), "h"));
        let single_h = tokens.get(at + 1) == Some(&Token::Mark('h'));
        let Some((minute, 2)) = number(tokens, at + 2) else {
            continue;
        };
        if !(colon || single_h) || minute > 59 || hour > 24 {
            continue;
        }
        let mut end = at + 3;
        let mut second = 0;
        if tokens.get(end) == Some(&Token::Mark(':'))
            && let Some((value, 2)) = number(tokens, end + 1)
        {
            second = value.min(59);
            end += 2;
        }
        if matches!(tokens.get(end), Some(Token::Mark('.' | ','))) && number(tokens, end + 1).is_some() {
            end += 2;
        }
        let mut hour = hour % 24;
        if let Some(half) = half_of_day(tokens, &mut end) {
            hour = hour % 12 + half;
        }
        let time = civil::Time::new(
            hour.try_into().ok()?,
            minute.try_into().ok()?,
            second.try_into().ok()?,
            0,
        )
        .ok()?;
        return Some((time, offset_at(tokens, end)));
    }
    None
}

/// 0 for am, 12 for pm, stepping over it.
fn half_of_day(tokens: &[Token], end: &mut usize) -> Option<i64> {
    match tokens.get(*end)? {
        Token::Word(word) if matches!(word.as_str(), "am" | "pm") => {
            *end += 1;
            Some(if word == "am" { 0 } else { 12 })
        }
        Token::Mark(half @ ('a' | 'p' | 'A' | 'P')) if tokens.get(*end + 1) == Some(&Token::Mark('.')) => {
            *end += 4;
            Some(if half.eq_ignore_ascii_case(&'a') { 0 } else { 12 })
        }
        _ => None,
    }
}

/// `Z`, `+02:00`, `-0500`, `GMT+2`, or one of the abbreviations that mean one offset only.
fn offset_at(tokens: &[Token], mut at: usize) -> Option<Offset> {
    if let Some(Token::Mark('(' | ',')) = tokens.get(at) {
        at += 1;
    }
    match tokens.get(at)? {
        Token::Mark('Z' | 'z') => Some(Offset::UTC),
        Token::Mark(sign @ ('+' | '-' | '−')) => {
            let (value, digits) = number(tokens, at + 1)?;
            let minutes = match digits {
                1 | 2 => {
                    let minutes = match tokens.get(at + 2) {
                        Some(Token::Mark(':')) => number(tokens, at + 3).map_or(0, |(minutes, _)| minutes),
                        _ => 0,
                    };
                    value * 60 + minutes
                }
                3 | 4 => value / 100 * 60 + value % 100,
                _ => return None,
            };
            let seconds = i32::try_from(minutes * 60).ok()?;
            Offset::from_seconds(if *sign == '+' { seconds } else { -seconds }).ok()
        }
        Token::Word(word) => {
            let hours = match word.as_str() {
                "gmt" | "utc" => return offset_at(tokens, at + 1).or(Some(Offset::UTC)),
                "est" | "cdt" => -5,
                "edt" => -4,
                "cst" | "mdt" => -6,
                "mst" | "pdt" => -7,
                "pst" => -8,
                "bst" | "cet" | "mez" => 1,
                "cest" | "mesz" | "eet" | "sast" => 2,
                "eest" | "msk" => 3,
                "jst" | "kst" => 9,
                "aest" => 10,
                "aedt" => 11,
                _ => return None,
            };
            Offset::from_hours(hours).ok()
        }
        _ => None,
    }
}

/// Seconds or milliseconds since 1970, standing alone.
pub(super) fn epoch(tokens: &[Token]) -> Option<Stamp> {
    let [Token::Number(value, digits)] = tokens else {
        return None;
    };
    let seconds = match digits {
        10 => *value,
        13 => value / 1000,
        _ => return None,
    };
    let at = Offset::UTC.to_datetime(jiff::Timestamp::from_second(seconds).ok()?);
    YEARS.contains(&i64::from(at.year())).then_some(Stamp {
        date: at.date(),
        time: Some(at.time()),
        offset: Some(Offset::UTC),
    })
}
