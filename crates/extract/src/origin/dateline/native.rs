//! Datelines of Chinese, Japanese and Korean agencies.

use reveille_model::Dateline;

use super::Found;
use crate::origin::agencies;

/// Reads such a dateline at the start of a text.
pub(super) fn read(reach: &str) -> Option<Found> {
    chinese(reach)
        .or_else(|| japanese(reach))
        .or_else(|| korean(reach))
}

fn found(place: &str, agency: &str, date: Option<&str>, after: usize) -> Found {
    Found {
        dateline: Dateline {
            place: place.trim().to_owned(),
            agency: Some(agency.to_owned()),
            date: date.map(str::to_owned),
        },
        after,
        closed: true,
    }
}

/// `新华社北京3月3日电`: agency, place, day and the word for a wire.
fn chinese(reach: &str) -> Option<Found> {
    let agency = ["新华社", "新華社", "中新社", "中央社"]
        .into_iter()
        .find(|name| reach.starts_with(name))?;
    let end = reach.find(['电', '電'])?;
    let inner = &reach[agency.len()..end];
    let day = inner.find(|c: char| c.is_ascii_digit())?;
    let after = end + '电'.len_utf8();
    Some(found(&inner[..day], agency, Some(&inner[day..]), after))
}

/// `【ワシントン共同】`: place and agency.
fn japanese(reach: &str) -> Option<Found> {
    let (inner, _) = reach.strip_prefix('【')?.split_once('】')?;
    let agency = ["共同", "時事"].into_iter().find(|name| inner.ends_with(name))?;
    let place = inner.strip_suffix(agency)?.trim_end_matches(['=', '＝']);
    Some(found(place, agency, None, '【'.len_utf8() * 2 + inner.len()))
}

/// `(서울=연합뉴스) 홍길동 기자 = `: place, agency and the reporter.
fn korean(reach: &str) -> Option<Found> {
    let inner = reach.strip_prefix(['(', '['])?;
    let inner = &inner[..inner.find([')', ']'])?];
    let (place, agency) = inner.split_once('=')?;
    agencies::by_name(agency)?;
    let mut after = inner.len() + 2;
    let reporter = reach[after..]
        .split_once("= ")
        .filter(|(name, _)| name.chars().count() < 24);
    if let Some((name, _)) = reporter.filter(|(name, _)| name.contains("기자") || name.contains("특파원"))
    {
        after += name.len() + "= ".len();
    }
    Some(found(place, agency, None, after))
}
