//! What stands before a dateline's dash: whether it can be a place.

use crate::date::{self, Order};

/// Cities that stand in datelines without their country, one a line in lower case. With these a dateline is certain
/// even where its dash was lost on the way: `BAGHDAD Iraq has sent …`.
const CITIES: &str = include_str!("cities.txt");

/// What labels in capitals stand before a dash without being places, parted by commas.
const LABELS: &str = "advisory, analysis, analyse, background, breaking, breaking news, comment, commentary, correction, \
    developing, editorial, eilmeldung, exclusive, explainer, factbox, feature, final, gallery, \
    interview, kommentar, latest, letter, live, must read, news, note, notice, opinion, photos, poll, \
    preview, recap, report, review, spoiler, sponsored, summary, update, updated, urgent, video, \
    warning, watch";

/// Acronyms have at most so many letters.
const ACRONYM: usize = 5;

/// Whether a city stands in datelines without its country.
pub(super) fn is_city(name: &str) -> bool {
    let lower = name.to_lowercase();
    !lower.is_empty() && CITIES.lines().any(|city| city == lower)
}

/// Whether a place is in capitals up to its first comma.
pub(super) fn is_shouted(place: &str) -> bool {
    let capitals = place.split(',').next().unwrap_or_default();
    let letters = capitals.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3
        && place.len() <= 50
        && capitals.split_whitespace().count() <= 4
        && capitals.chars().all(|c| !c.is_lowercase() && c != ':')
}

/// Whether words in capitals without an agency's mark behind them are a place rather than a label or an acronym.
pub(super) fn is_likely_a_place(place: &str) -> bool {
    let (city, country) = place.split_once(',').unwrap_or((place, ""));
    is_city(city)
        || country.trim().starts_with(char::is_uppercase)
        || (city.chars().count() > ACRONYM
            && city
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’'))
            && !LABELS.split(", ").any(|label| label == city.to_lowercase()))
}

/// Whether words before a dash or a mark can be a place; a mark may also stand alone.
pub(super) fn looks_like_a_place(place: &str) -> bool {
    place.is_empty()
        || (place.len() <= 60
            && place
                .chars()
                .next()
                .is_some_and(|c| c.is_uppercase() || !c.is_ascii())
            && place.split_whitespace().count() <= 7
            && !place.contains(['"', '“', '?', '!', ';']))
}

/// Parts `LONDON, March 3` into place and date; what is no certain date is part of the place.
pub(super) fn place_and_date(head: &str) -> (String, Option<String>) {
    let whole = head.trim().trim_end_matches([',', '.']);
    let Some(digit) = whole.find(|c: char| c.is_ascii_digit()) else {
        return (whole.to_owned(), None);
    };
    if is_date(whole) {
        return (String::new(), Some(whole.to_owned()));
    }
    // The date begins after the comma or stop before its first part, or with its day.
    let parted = whole[..digit].rfind([',', '.']).map(|at| (at, at + 1));
    match parted.unwrap_or((digit, digit)) {
        (end, start) if is_date(whole[start..].trim()) => (
            whole[..end].trim().to_owned(),
            Some(whole[start..].trim().to_owned()),
        ),
        _ => (whole.to_owned(), None),
    }
}

/// As [`place_and_date`], where an agency's mark shows that this is a dateline: whatever holds a number behind the
/// place is the date, in any language.
pub(super) fn place_and_words(head: &str) -> (String, Option<String>) {
    let (place, date) = place_and_date(head);
    let parted = place
        .find(|c: char| c.is_ascii_digit())
        .and_then(|digit| place[..digit].rfind([',', '.']));
    match parted {
        Some(at) if date.is_none() => (
            place[..at].trim().to_owned(),
            Some(place[at + 1..].trim().to_owned()),
        ),
        _ => (place, date),
    }
}

/// Whether a text is a day; datelines leave the year to the reader.
fn is_date(text: &str) -> bool {
    let opens = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit()) || date::month(&word.to_lowercase()).is_some()
    };
    let first = text.split([' ', '.']).next().unwrap_or_default();
    let parse = |text: &str| opens(first) && date::parse(text, Order::DayFirst).is_some();
    parse(&format!("{text}, 2000")) || parse(text)
}
