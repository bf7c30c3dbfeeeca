//! RFC 822's date in the one form that RSS asks for.

use reveille_model::UnixMillis;

use super::Parts;

const DAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];
const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// `Thu, 01 Jan 2004 19:48:21 GMT`: two figures for the day, four for the year, and GMT or an offset behind.
pub(super) fn read(text: &str) -> Option<UnixMillis> {
    let (fixed, zone) = text.as_bytes().split_first_chunk::<26>()?;
    let [
        weekday @ ..,
        b',',
        b' ',
        _,
        _,
        b' ',
        _,
        _,
        _,
        b' ',
        _,
        _,
        _,
        _,
        b' ',
        _,
        _,
        b':',
        _,
        _,
        b':',
        _,
        _,
        b' ',
    ] = fixed
    else {
        return None;
    };
    DAYS.contains(&weekday).then_some(())?;
    let month = MONTHS.iter().position(|name| *name == &fixed[8..11])?;
    let number = |at: usize| two_figures(&fixed[at..at + 2]);
    Parts {
        year: Some(i16::from(number(12)?) * 100 + i16::from(number(14)?)),
        month: i8::try_from(month + 1).ok(),
        day: Some(number(5)?),
        time: Some((number(17)?, number(20)?, number(23)?, 0)),
        afternoon: None,
        offset: Some(offset(zone)?),
    }
    .instant()
}

fn two_figures(text: &[u8]) -> Option<i8> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => i8::try_from((tens - b'0') * 10 + (ones - b'0')).ok(),
        _ => None,
    }
}

/// Seconds east of Greenwich.
fn offset(zone: &[u8]) -> Option<i32> {
    let (sign, figures) = match zone {
        b"GMT" => return Some(0),
        [b'+', figures @ ..] => (1, figures),
        [b'-', figures @ ..] => (-1, figures),
        _ => return None,
    };
    let (hours, minutes) = figures.split_first_chunk::<2>()?;
    let (hours, minutes) = (two_figures(hours)?, two_figures(minutes)?);
    (hours < 24 && minutes < 60).then(|| sign * (i32::from(hours) * 60 + i32::from(minutes)) * 60)
}
