//! Dates as pages write them, in machine and human forms of many languages.

use jiff::{civil, tz::Offset};
use reveille_model::{Day, Published, UnixMillis};

/// A date as a page states it: not converted to another zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The day.
    pub date: civil::Date,
    /// The time of day, where it is stated.
    pub time: Option<civil::Time>,
    /// The offset from UTC, where it is stated.
    pub offset: Option<Offset>,
}

impl Stamp {
    /// The instant, where zone and time are known; else the day.
    #[must_use]
    pub fn published(self) -> Published {
        let instant = self
            .time
            .zip(self.offset)
            .and_then(|(time, offset)| offset.to_timestamp(self.date.to_datetime(time)).ok());
        instant.map_or(Published::Day(Day(self.date)), |at| {
            Published::Instant(UnixMillis::from(at))
        })
    }

    fn day(year: i64, month: i64, day: i64) -> Option<Self> {
        let date = civil::Date::new(
            year.try_into().ok()?,
            month.try_into().ok()?,
            day.try_into().ok()?,
        )
        .ok()?;
        Some(Self {
            date,
            time: None,
            offset: None,
        })
    }
}

/// As the page has it: RFC 3339 where time and offset are known, `2026-03-10T06:00:00` without an offset, or a day.
impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.date)?;
        let Some(time) = self.time else { return Ok(()) };
        write!(f, "T{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())?;
        let Some(offset) = self.offset else { return Ok(()) };
        match offset.seconds() {
            0 => f.write_str("Z"),
            seconds => {
                let sign = if seconds < 0 { '-' } else { '+' };
                write!(
                    f,
                    "{sign}{:02}:{:02}",
                    seconds.abs() / 3600,
                    seconds.abs() / 60 % 60
                )
            }
        }
    }
}

/// Years that a news page may state.
const YEARS: std::ops::RangeInclusive<i64> = 1970..=2100;

/// How days and months are ordered where both are numbers of at most 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// 31/12/2026.
    DayFirst,
    /// 12/31/2026.
    MonthFirst,
}

/// The first date in `text`, in whatever form.
pub(crate) fn parse(text: &str, order: Order) -> Option<Stamp> {
    let text = text.trim();
    // Dates stand near the start of what claims to be one.
    let text = crate::text::excerpt(text, 160);
    let tokens = tokens(text);
    if let Some(stamp) = epoch(&tokens) {
        return Some(stamp);
    }
    let (mut stamp, used) = (0..tokens.len()).find_map(|at| date_at(&tokens, at, order))?;
    // Times may stand before the date: "10:15, 3 May 2026".
    let time = time_in(&tokens, used, true).or_else(|| time_in(&tokens, 0, false));
    if let Some((time, offset)) = time {
        stamp.time = Some(time);
        stamp.offset = offset;
    }
    Some(stamp)
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// A number and how many digits it has.
    Number(i64, usize),
    /// A month by its name.
    Month(i64),
    /// Another word, in lower case.
    Word(String),
    /// Any other character.
    Mark(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() {
            rest.bytes().take_while(u8::is_ascii_digit).count()
        } else if first.is_alphabetic()
            && !matches!(first, '年' | '月' | '日' | '년' | '월' | '일' | '時' | '시')
        {
            rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, tail) = rest.split_at(length);
        rest = tail;
        if first.is_ascii_digit() {
            tokens.push(Token::Number(token.parse().unwrap_or(-1), length));
        } else if first.is_alphabetic() && length > first.len_utf8() {
            push_word(token, &mut tokens);
        } else if !first.is_whitespace() {
            tokens.push(Token::Mark(first));
        }
        if tokens.len() > 60 {
            break;
        }
    }
    tokens
}

fn push_word(word: &str, tokens: &mut Vec<Token>) {
    let word = word.to_lowercase();
    tokens.push(month(&word).map_or(Token::Word(word), Token::Month));
}

/// Month names by their first letters; the longest match of a line wins by standing first.
const MONTHS: [&[&str]; 12] = [
    &[
        "jan",
        "jän",
        "janv",
        "ene",
        "gen",
        "ian",
        "oca",
        "янв",
        "led",
        "stycz",
        "tammi",
        "sij",
        "saus",
        "ιαν",
        "січ",
        "يناير",
        "ינואר",
    ],
    &[
        "feb",
        "fev",
        "fév",
        "fevr",
        "févr",
        "lut",
        "şub",
        "фев",
        "úno",
        "helmi",
        "velj",
        "vas",
        "φεβ",
        "лют",
        "فبراير",
        "פברואר",
    ],
    &[
        "mar", "mär", "mrz", "maa", "mrt", "мар", "břez", "marz", "maart", "ožu", "kov", "μαρ", "бер",
        "مارس", "מרץ",
    ],
    &[
        "apr",
        "avr",
        "abr",
        "nis",
        "апр",
        "dub",
        "kwi",
        "huhti",
        "tra",
        "bal",
        "απρ",
        "квіт",
        "abril",
        "أبريل",
        "אפריל",
    ],
    &[
        "may", "mai", "maj", "mag", "mei", "май", "мая", "kvě", "touko", "svi", "geg", "μαΐ", "μαι", "трав",
        "maio", "maj", "مايو", "מאי",
    ],
    &[
        "jun",
        "juin",
        "giu",
        "haz",
        "июн",
        "červn",
        "cze",
        "kesä",
        "lip",
        "birž",
        "ιουν",
        "черв",
        "يونيو",
        "יוני",
    ],
    &[
        "jul",
        "juil",
        "lug",
        "tem",
        "июл",
        "červen",
        "heinä",
        "srp",
        "liep",
        "ιουλ",
        "лип",
        "يوليو",
        "יולי",
    ],
    &[
        "aug",
        "aoû",
        "aou",
        "ago",
        "ağu",
        "авг",
        "srp",
        "sie",
        "elo",
        "kol",
        "rugp",
        "αυγ",
        "серп",
        "أغسطس",
        "אוגוסט",
    ],
    &[
        "sep",
        "set",
        "eyl",
        "сен",
        "zář",
        "wrz",
        "syys",
        "ruj",
        "rugs",
        "σεπ",
        "вер",
        "سبتمبر",
        "ספטמבר",
    ],
    &[
        "oct",
        "okt",
        "out",
        "ott",
        "eki",
        "окт",
        "říj",
        "paź",
        "loka",
        "lis",
        "spal",
        "οκτ",
        "жов",
        "أكتوبر",
        "אוקטובר",
    ],
    &[
        "nov",
        "kas",
        "ноя",
        "listopad",
        "marras",
        "stu",
        "lapkr",
        "νοε",
        "лист",
        "نوفمبر",
        "נובמבר",
    ],
    &[
        "dec",
        "dez",
        "déc",
        "dic",
        "ara",
        "дек",
        "pros",
        "gru",
        "joulu",
        "gruod",
        "δεκ",
        "груд",
        "des",
        "ديسمبر",
        "דצמבר",
    ],
];

pub(crate) fn month(word: &str) -> Option<i64> {
    // "červenec" is July and "červen" June; "lipiec" is July in Polish and "lipanj" June in Croatian.
    match word {
        "červenec" | "července" => return Some(7),
        "červen" | "června" => return Some(6),
        "lipca" | "lipiec" => return Some(7),
        "listopada" | "listopad" => return Some(11),
        "srpna" | "srpen" => return Some(8),
        _ => {}
    }
    let length = word.chars().count();
    if !(3..=12).contains(&length) {
        return None;
    }
    // A name is its stem and an ending; stems of three letters are cut short by a full stop.
    let at = MONTHS
        .iter()
        .position(|stems| stems.iter().any(|stem| word.starts_with(stem)))?;
    let known_false = [
        "market",
        "marked",
        "marca",
        "mario",
        "maria",
        "martin",
        "mark",
        "mais",
        "out",
        "set",
        "settings",
        "outside",
        "major",
        "maybe",
        "marketing",
        "magazine",
        "made",
        "mail",
        "mag",
        "description",
        "novel",
        "agency",
        "des",
        "desde",
        "design",
        "decision",
        "general",
        "genre",
    ];
    (!known_false.contains(&word)).then_some(at as i64 + 1)
}

fn number(tokens: &[Token], at: usize) -> Option<(i64, usize)> {
    match tokens.get(at)? {
        Token::Number(value, digits) => Some((*value, *digits)),
        _ => None,
    }
}

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
fn date_at(tokens: &[Token], at: usize, order: Order) -> Option<(Stamp, usize)> {
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

/// The first time of day at or after this token, with its offset from UTC. `dotted` allows "06.05", which before
/// a date is the date.
fn time_in(tokens: &[Token], from: usize, dotted: bool) -> Option<(civil::Time, Option<Offset>)> {
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
fn epoch(tokens: &[Token]) -> Option<Stamp> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_forms_are_read() {
        for (text, expected) in [
            ("2026-03-10", "2026-03-10"),
            ("2026-03-10T06:05:07+02:00", "2026-03-10T06:05:07+02:00"),
            ("2026-03-10T06:05:07.123Z", "2026-03-10T06:05:07Z"),
            ("2026-03-10 06:05:07 -0500", "2026-03-10T06:05:07-05:00"),
            ("20260310", "2026-03-10"),
            ("Tue, 10 Mar 2026 06:05:07 GMT", "2026-03-10T06:05:07Z"),
            (
                "Tue Mar 10 2026 06:05:07 GMT+0100 (CET)",
                "2026-03-10T06:05:07+01:00",
            ),
            ("March 10, 2026 at 6:05 p.m. EDT", "2026-03-10T18:05:00-04:00"),
            ("Published 6:05 PM, Mar 10th 2026", "2026-03-10T18:05:00"),
            ("10. März 2026, 06.05 Uhr", "2026-03-10T06:05:00"),
            ("10 de marzo de 2026", "2026-03-10"),
            ("10.03.2026", "2026-03-10"),
            ("1er mars 2026 à 06h05", "2026-03-01T06:05:00"),
            ("2026年3月10日 6時05分", "2026-03-10T06:05:00"),
            ("2026년 3월 10일", "2026-03-10"),
            ("10 марта 2026", "2026-03-10"),
            ("10. března 2026", "2026-03-10"),
            ("1773122707", "2026-03-10T06:05:07Z"),
        ] {
            assert_eq!(
                parse(text, Order::DayFirst).map(|s| s.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn the_order_of_numbers_is_the_readers_unless_it_cannot_be() {
        let day = |text, order| parse(text, order).map(|stamp| stamp.date.to_string());
        assert_eq!(
            day("03/10/2026", Order::MonthFirst).as_deref(),
            Some("2026-03-10")
        );
        assert_eq!(day("10/03/2026", Order::DayFirst).as_deref(), Some("2026-03-10"));
        assert_eq!(
            day("13/03/2026", Order::MonthFirst).as_deref(),
            Some("2026-03-13")
        );
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for text in [
            "",
            "2026",
            "Mark 10, 2026",
            "99.99.2026",
            "1.2.3",
            "call 555-1234",
        ] {
            assert_eq!(parse(text, Order::DayFirst), None, "{text}");
        }
    }
}
