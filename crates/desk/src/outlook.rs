//! What editors are told of readers for whom an edition, or each edition of a brief, comes late: by commands, at the desk and by
//! mail.

use reveille_model::{Brief, Day, Forecast, InTime, Slug, Zone};

/// So many zones are named.
const NAMED: usize = 5;

/// What changes it for those whose day is over before an edition is ready.
pub const WAY_OUT: &str = "`too_late = \"never\"` in the brief's plan has such an edition mailed on their next morning; compiled earlier (a \
                       larger `lead_minutes`), it may reach them on its own day.";

/// How commands name an edition: "the-morning-brief --day 2026-03-10".
#[must_use]
pub fn exactly(slug: &Slug, day: Day) -> String {
    format!("{slug} --day {day}")
}

/// Of one edition, which commands know as `whose` ([`exactly`]): who gets it on another day than it is dated, who does not get it, and
/// whose waits for somebody.
#[must_use]
pub fn of_edition(forecast: &Forecast, whose: &str) -> Vec<String> {
    let mut told = Vec::new();
    if forecast.later > 0 {
        told.push(format!(
            "The morning of {} is over: theirs comes on a later day than it is dated, as the brief's plan has it (`too_late`).",
            readers(forecast.later)
        ));
    }
    if forecast.missed > 0 {
        told.push(format!(
            "It is too late for {}, who miss it: their day, or the hour `too_late` of the brief's plan, is over. `reveille delivery \
             resend {whose} --missed` sends it to them all the same.",
            readers(forecast.missed)
        ));
    }
    if forecast.out_of_reach > 0 {
        told.push(format!(
            "For {} of them it was too late before it was compiled. {WAY_OUT}",
            forecast.out_of_reach
        ));
    }
    if forecast.held > 0 {
        told.push(format!(
            "Of {} nobody knows whether the mail server has theirs: it waits for the operator's word (`reveille delivery show {whose} --state \
             unknown`).",
            readers(forecast.held)
        ));
    }
    if forecast.gone > 0 {
        told.push(format!(
            "{} left or paused since it was planned: theirs is withdrawn.",
            readers(forecast.gone)
        ));
    }
    told
}

/// Of a brief, by how many readers each zone has: for whom its editions of the coming year are too late, always or at times.
#[must_use]
pub fn of_brief(brief: &Brief, zones: Vec<(Zone, u64)>, today: Day) -> Vec<String> {
    let (mut never, mut sometimes) = (Vec::new(), Vec::new());
    for (in_time, zone, readers) in InTime::of_each(brief, zones, today) {
        match in_time {
            InTime::Always | InTime::Later => {}
            InTime::Sometimes => sometimes.push((zone, readers)),
            InTime::Never => never.push((zone, readers)),
        }
    }
    let mut told = Vec::new();
    if !never.is_empty() {
        told.push(format!(
            "Whenever an edition is ready it is too late for {}, so that none reaches them.",
            by_zone(never)
        ));
    }
    if !sometimes.is_empty() {
        told.push(format!(
            "Not every edition is ready in time for {}: it depends on the season, or on when it is approved.",
            by_zone(sometimes)
        ));
    }
    told.extend((!told.is_empty()).then(|| WAY_OUT.to_owned()));
    told
}

/// "4 readers (3 in Pacific/Auckland, 1 in Pacific/Fiji)", the zone with the most first.
#[must_use]
pub fn by_zone(mut zones: Vec<(Zone, u64)>) -> String {
    zones.sort_by_key(|(_, readers)| std::cmp::Reverse(*readers));
    let all = readers(zones.iter().map(|(_, readers)| readers).sum());
    let named = zones.iter().take(NAMED);
    let mut named: Vec<String> = named
        .map(|(zone, readers)| format!("{readers} in {zone}"))
        .collect();
    let more = zones.len().saturating_sub(NAMED);
    named.extend((more > 0).then(|| format!("the others in {more} more zones")));
    format!("{all} ({})", named.join(", "))
}

fn readers(count: u64) -> String {
    match count {
        1 => "1 reader".to_owned(),
        count => format!("{count} readers"),
    }
}
