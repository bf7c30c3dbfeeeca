//! Datelines with an agency's mark: in brackets, between slashes, behind a comma.

use reveille_model::Dateline;

use super::{
    Found, opens_a_sentence,
    places::{is_city, is_shouted, looks_like_a_place, place_and_date, place_and_words},
};
use crate::origin::{agencies, wires};

/// What parts a mark from the text, and may follow a stop or colon.
const DASHES: &[char] = &['-', '–', '—', '―'];

/// Reads a dateline with a mark at the start of a text.
pub(super) fn read(reach: &str, named: &[String]) -> Option<Found> {
    bracketed(reach, named)
        .or_else(|| slashed(reach))
        .or_else(|| behind_a_comma(reach))
        .or_else(|| behind_a_dash(reach))
}

fn found(place: String, date: Option<String>, mark: &str, after: usize) -> Found {
    let agency = Some(mark.to_owned());
    Found {
        dateline: Dateline { place, agency, date },
        after,
        closed: true,
    }
}

/// Whether a mark is one that agencies of the table set into datelines.
fn is_listed(mark: &str) -> bool {
    agencies::by_mark(mark).is_some_and(|agency| !agency.marks.is_empty())
}

/// The length of what parts a mark from the text: a stop or colon, and dashes.
fn separator(rest: &str) -> usize {
    let text = rest.trim_start_matches(['.', ':', ',']).trim_start();
    let text = text.trim_start_matches(DASHES);
    if text.trim_start().len() == rest.trim_start().len() {
        0
    } else {
        rest.len() - text.trim_start().len()
    }
}

/// `LONDON, March 3 (Reuters) - `, `New Delhi, Mar 3 (PTI) `, `(ANSA) - ROMA, 3 MAR - `.
fn bracketed(reach: &str, named: &[String]) -> Option<Found> {
    let open = reach.find('(')?;
    let close = open + reach[open..].find(')')?;
    let (head, mark, rest) = (&reach[..open], reach[open + 1..close].trim(), &reach[close + 1..]);
    let listed = is_listed(mark);
    let (place, date) = if listed {
        place_and_words(head)
    } else {
        place_and_date(head)
    };
    if !looks_like_a_place(&place) {
        return None;
    }
    let length = separator(rest);
    let known = if length > 0 {
        listed
            || wires::is_mark(mark)
                && (is_shouted(&place) || named.iter().any(|name| wires::is_mark_of(mark, name)))
    } else {
        listed && opens_a_sentence(rest) && stands_by_itself(&place, date.as_deref(), mark)
    };
    if !known {
        return None;
    }
    let after = close + 1 + length;
    if place.is_empty() && date.is_none() {
        // Italians set the place behind the mark.
        if let Some((place, date, length)) = place_behind(&reach[after..]) {
            return Some(found(place, Some(date), mark, after + length));
        }
    }
    Some(found(place, date, mark, after))
}

/// Whether a place before a mark, with nothing between mark and text, is a dateline's and no part of a sentence.
fn stands_by_itself(place: &str, date: Option<&str>, mark: &str) -> bool {
    let name = place.split_whitespace().count() <= 2 && mark.chars().count() > 2;
    date.is_some() || place.is_empty() || is_city(place) || is_shouted(place) || name
}

/// `ROMA, 03 MAR - `: a place in capitals and a date, and how long they are with the dash.
fn place_behind(rest: &str) -> Option<(String, String, usize)> {
    let dash = rest.find(" - ")?;
    let (place, date) = place_and_words(&rest[..dash]);
    is_shouted(&place).then_some((place, date?, dash + " - ".len()))
}

/// `MOSCOW, May 3. /TASS/.`
fn slashed(reach: &str) -> Option<Found> {
    let open = reach.find(" /")?;
    let close = open + 2 + reach[open + 2..].find('/')?;
    let mark = &reach[open + 2..close];
    let (place, date) = place_and_words(reach[..open].trim_end_matches('.'));
    let after = close + 1 + separator(&reach[close + 1..]);
    (is_listed(mark) && looks_like_a_place(&place)).then(|| found(place, date, mark, after))
}

/// `Accra, March 3, GNA - `, `YEREVAN, MARCH 3, ARMENPRESS. `, `Damascus, SANA- `.
fn behind_a_comma(reach: &str) -> Option<Found> {
    let parts = reach.match_indices([',', '.']).map(|(at, _)| at + 1);
    parts.take(4).find_map(|at| {
        let rest = reach[at..].strip_prefix(' ')?;
        let token = rest.split([' ', '–', '—']).next()?;
        let mark = token.trim_end_matches(['.', '-', ':']);
        let end = at + 1 + mark.len();
        let length = separator(&reach[end..]);
        let (place, date) = place_and_words(&reach[..at - 1]);
        let capitals = mark.len() > 2 && mark.chars().all(|c| c.is_uppercase() || c == '.');
        (capitals && length > 0 && is_listed(mark) && looks_like_a_place(&place))
            .then(|| found(place, date, mark, end + length))
    })
}

/// `МОСКВА, 3 мар - РИА Новости. `
fn behind_a_dash(reach: &str) -> Option<Found> {
    let dash = reach.find(" - ")?;
    let rest = &reach[dash + 3..];
    let mark = &rest[..rest.find(". ")?];
    let (place, date) = place_and_words(&reach[..dash]);
    (is_listed(mark) && date.is_some() && looks_like_a_place(&place))
        .then(|| found(place, date, mark, dash + 3 + mark.len() + 1))
}
