//! Days: "10. März 2026", "March 10, 2026", "2026-03-10", "10/03/26".

use super::{
    Order, Stamp,
    tokens::{Token, number},
};

/// Years that a news page may state.
pub(super) const YEARS: std::ops::RangeInclusive<i64> = 1970..=2100;

/// The offset after marks and small words that may stand between the parts of a date ("3. de mayo, de 2026").
fn skip_glue(tokens: &[Token], mut at: usize) -> usize {
    while let Some(token) = tokens.get(at) {
        let glue = match token {
            Token::Mark(c) => matches!(c, '.' | ',' | '-' | '/' | '年' | '月' | '년' | '월' | '’' | '\''),
            Token::Word(word) => matches!(
                word.as_str(),
                "st" | "nd"
                    | "rd"
                    | "th"
                    | "de"
                    | "del"
                    | "of"
                    | "er"
                    | "di"
                    | "d"
                    | "року"
                    | "г"
                    | "tháng"
                    | "année"
            ),
            _ => false,
        };
        if !glue {
            break;
        }
        at += 1;
    }
    at
}

/// A date that starts at this token, and the offset after it.
pub(super) fn date_at(tokens: &[Token], at: usize, order: Order) -> Option<(Stamp, usize)> {
    match tokens.get(at)? {
        Token::Month(month) => {
            let day_at = skip_glue(tokens, at + 1);
            let (day, digits) = number(tokens, day_at)?;
            let year_at = skip_glue(tokens, day_at + 1);
            // "May 3 10:15 2026" and "May 3, 2026".
            let (year, end) = year_near(tokens, year_at)?;
            (digits <= 2)
                .then(|| Stamp::day(year, *month, day))?
                .map(|stamp| (stamp, end))
        }
        Token::Number(value, 8) => {
            let (year, month, day) = (value / 10_000, value / 100 % 100, value % 100);
            YEARS
                .contains(&year)
                .then(|| Stamp::day(year, month, day))?
                .map(|stamp| (stamp, at + 1))
        }
        Token::Number(year, 4) if YEARS.contains(year) => {
            let month_at = skip_glue(tokens, at + 1);
            let month = match tokens.get(month_at)? {
                Token::Number(month, 1..=2) => *month,
                Token::Month(month) => *month,
                _ => return None,
            };
            let day_at = skip_glue(tokens, month_at + 1);
            let (day, digits) = number(tokens, day_at)?;
            (digits <= 2 && day_at > month_at)
                .then(|| Stamp::day(*year, month, day))?
                .map(|stamp| (stamp, day_at + 1))
        }
        Token::Number(first, 1..=2) => {
            let second_at = skip_glue(tokens, at + 1);
            match tokens.get(second_at)? {
                Token::Month(month) => {
                    let (year, end) = year_near(tokens, skip_glue(tokens, second_at + 1))?;
                    Stamp::day(year, *month, *first).map(|stamp| (stamp, end))
                }
                Token::Number(second, 1..=2) if second_at == at + 2 => {
                    let separator = tokens.get(at + 1);
                    let year_at = second_at + 2;
                    if tokens.get(second_at + 1) != separator || separator == Some(&Token::Mark(',')) {
                        return None;
                    }
                    let (year, digits) = number(tokens, year_at)?;
                    let year = if digits == 2 { 2000 + year } else { year };
                    if !YEARS.contains(&year) {
                        return None;
                    }
                    let month_first = order == Order::MonthFirst && separator == Some(&Token::Mark('/'));
                    let (day, month) = match (*first, *second) {
                        (first, second) if first > 12 => (first, second),
                        (first, second) if second > 12 || month_first => (second, first),
                        (first, second) => (first, second),
                    };
                    Stamp::day(year, month, day).map(|stamp| (stamp, year_at + 1))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// The year at or soon after this token, past a time of day.
fn year_near(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    (at..tokens.len().min(at + 8)).find_map(|place| match tokens[place] {
        Token::Number(year, 4) if YEARS.contains(&year) => {
            Some((year, if place == at { place + 1 } else { at }))
        }
        _ => None,
    })
}
