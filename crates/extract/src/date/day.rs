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
            Token::Mark(c) => matches!(
                c,
                '.' | ',' | '-' | '/' | '|' | '年' | '月' | '년' | '월' | '’' | '\''
            ),
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
        Token::Month(month) => after_month(tokens, at, *month),
        Token::Number(value, 8) => {
            let (year, month, day) = (value / 10_000, value / 100 % 100, value % 100);
            dated(year, month, day, at + 1)
        }
        Token::Number(year, 4) if YEARS.contains(year) => after_year(tokens, at, *year),
        Token::Number(first, 1..=2) => {
            let second_at = skip_glue(tokens, at + 1);
            match tokens.get(second_at)? {
                Token::Month(month) => {
                    let (year, end) = year_near(tokens, skip_glue(tokens, second_at + 1))?;
                    dated(year, *month, *first, end)
                }
                Token::Number(..) => in_numbers(tokens, at, order),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The zero of Unix time stands where no date was set, and is none.
fn dated(year: i64, month: i64, day: i64, end: usize) -> Option<(Stamp, usize)> {
    (YEARS.contains(&year) && (year, month, day) != (1970, 1, 1))
        .then(|| Stamp::day(year, month, day))?
        .map(|stamp| (stamp, end))
}

/// "May 3, 2026" and "May 3 10:15 2026".
fn after_month(tokens: &[Token], at: usize, month: i64) -> Option<(Stamp, usize)> {
    let day_at = skip_glue(tokens, at + 1);
    let (day, 1..=2) = number(tokens, day_at)? else {
        return None;
    };
    let next = skip_glue(tokens, day_at + 1);
    // "mar. 3 juin 2026" is a Tuesday in June.
    if matches!(tokens.get(next), Some(Token::Month(_))) {
        return None;
    }
    let (year, end) = year_near(tokens, next)?;
    dated(year, month, day, end)
}

/// "2026-03-10" and "2026 March 10".
fn after_year(tokens: &[Token], at: usize, year: i64) -> Option<(Stamp, usize)> {
    let month_at = skip_glue(tokens, at + 1);
    let month = match tokens.get(month_at)? {
        Token::Number(month, 1..=2) => *month,
        Token::Month(month) => *month,
        _ => return None,
    };
    let day_at = skip_glue(tokens, month_at + 1);
    let (day, 1..=2) = number(tokens, day_at)? else {
        return None;
    };
    dated(year, month, day, day_at + 1)
}

/// "10.03.2026", "3/10/26", "10 | 03 | 2026": numbers between two marks of one kind.
fn in_numbers(tokens: &[Token], at: usize, order: Order) -> Option<(Stamp, usize)> {
    let (first, _) = number(tokens, at)?;
    let (second, 1..=2) = number(tokens, at + 2)? else {
        return None;
    };
    let separator = tokens.get(at + 1)?;
    if tokens.get(at + 3) != Some(separator) || *separator == Token::Mark(',') {
        return None;
    }
    let (year, digits) = number(tokens, at + 4)?;
    let year = if digits == 2 { 2000 + year } else { year };
    // Nobody writes the month first with full stops.
    let month_first = order == Order::MonthFirst && *separator != Token::Mark('.');
    let (day, month) = match (first, second) {
        (first, second) if first <= 12 && (second > 12 || month_first) => (second, first),
        both => both,
    };
    dated(year, month, day, at + 5)
}

/// The year at this token, or past a time of day.
fn year_near(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    for (place, token) in tokens.iter().enumerate().skip(at).take(8) {
        match token {
            Token::Number(year, 4) if YEARS.contains(year) => {
                return Some((*year, if place == at { place + 1 } else { at }));
            }
            Token::Number(_, 1..=2) | Token::Mark(':' | '.' | ',') => {}
            Token::Word(word)
                if matches!(
                    word.as_str(),
                    "at" | "am"
                        | "pm"
                        | "um"
                        | "uhr"
                        | "kl"
                        | "gmt"
                        | "utc"
                        | "est"
                        | "edt"
                        | "cet"
                        | "cest"
                        | "pst"
                        | "pdt"
                ) => {}
            _ => return None,
        }
    }
    None
}
