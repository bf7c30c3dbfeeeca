//! `reveille edition forecast`: how many leave in each hour, and when the last zone is reached.

use std::collections::BTreeMap;

use reveille_model::{Day, EditionState, UnixMillis, Zone};
use reveille_store::{audience, briefs::StoredBrief, deliveries, subscribers};

use crate::{
    app::App,
    cli::Which,
    commands::find_brief,
    jobs::{in_words, slot},
    print,
};

const HOUR: i64 = 3_600_000;

/// What is still to leave, by the hour's beginning; and how many will miss it.
#[derive(Default)]
struct Forecast {
    hours: BTreeMap<UnixMillis, u64>,
    /// Readers whose morning is over, so that it comes on a later day than it is dated.
    later: u64,
    missed: u64,
    last: Option<(UnixMillis, Zone)>,
}

pub(super) async fn run(app: &App, which: &Which) -> anyhow::Result<()> {
    let brief = find_brief(app, which.brief.as_ref()).await?;
    let next = || brief.brief.next_day(app.now().day(&brief.brief.zone));
    let day = which.day.unwrap_or_else(next);
    let edition = reveille_store::editions::find_by_day(&app.store, brief.id, day).await?;
    let released = edition.as_ref().filter(|edition| !edition.state.is_open());
    let tally = match released {
        Some(edition) => deliveries::tally(&app.store, edition.id).await?,
        None => BTreeMap::new(),
    };
    // Before its deliveries are planned, an edition leaves as if it were approved now.
    let ready = released
        .and_then(|edition| edition.approved_at)
        .unwrap_or(app.now());
    let mut forecast = by_zones(app, &brief, day, ready).await?;
    if let Some(edition) = released.filter(|_| !tally.is_empty()) {
        forecast.hours = deliveries::waiting_by_hour(&app.store, edition.id, app.now()).await?;
        (forecast.later, forecast.missed) = (0, 0);
    }
    let state = edition.map_or("not compiled yet".to_owned(), |edition| match edition.state {
        EditionState::Approved if !tally.is_empty() => format!("approved; {}", in_words(&tally)),
        state => state.to_string(),
    });
    print::line(format!("{}, {day}: {state}", brief.brief.name))?;
    print::line(told(&forecast, &brief))
}

async fn by_zones(app: &App, brief: &StoredBrief, day: Day, ready: UnixMillis) -> anyhow::Result<Forecast> {
    let mut forecast = Forecast::default();
    let audience = audience::find(&app.store, &brief.brief).await?;
    for (zone, readers) in subscribers::count_by_zone(&app.store, brief.id, audience.segment()?).await? {
        let slot = slot(day, &brief.brief, &zone, ready);
        if slot.late_at.is_some_and(|late| late <= slot.due_at) {
            forecast.missed += readers;
            continue;
        }
        if slot.due_at.day(&zone) > day {
            forecast.later += readers;
        }
        let hour = UnixMillis(slot.due_at.0 - slot.due_at.0.rem_euclid(HOUR));
        *forecast.hours.entry(hour).or_default() += readers;
        if forecast.last.as_ref().is_none_or(|(last, _)| *last < slot.due_at) {
            forecast.last = Some((slot.due_at, zone));
        }
    }
    Ok(forecast)
}

fn told(forecast: &Forecast, brief: &StoredBrief) -> String {
    let (mut lines, zone) = (Vec::new(), &brief.brief.zone);
    let all: u64 = forecast.hours.values().sum();
    let mut gone = 0;
    let table: Vec<_> = forecast
        .hours
        .iter()
        .map(|(hour, readers)| {
            gone += readers;
            let there = hour.civil(zone).strftime("%a %H:%M").to_string();
            vec![
                hour.to_string(),
                there,
                readers.to_string(),
                format!("{gone} of {all}"),
            ]
        })
        .collect();
    match table.as_slice() {
        [] => lines.push("Nobody waits for it.".to_owned()),
        rows => lines.push(print::table(
            &[
                "HOUR FROM (UTC)",
                &format!("EDITORS' CLOCK ({zone})"),
                "LEAVE",
                "BY ITS END",
            ],
            rows,
        )),
    }
    if let Some((at, zone)) = &forecast.last {
        lines.push(format!("The last zone, {zone}, is reached at {at}."));
    }
    lines.extend(late(forecast));
    lines.join("\n")
}

/// What is to be said of readers whose morning is over: those who get it on another day, and those who do not.
fn late(forecast: &Forecast) -> impl Iterator<Item = String> {
    let readers = |count| (count > 0).then(|| print::count(count, "reader"));
    let later = readers(forecast.later).map(|readers| {
        format!(
            "The morning of {readers} is over: theirs comes on a later day than it is dated. `too_late` in the brief's plan has \
             them miss it instead, and `reveille edition recall` takes it back."
        )
    });
    let missed = readers(forecast.missed)
        .map(|readers| format!("It is too late for the morning of {readers}, who miss it."));
    later.into_iter().chain(missed)
}

/// What whoever approves an edition now should know of readers whose morning is over; nothing where there are none.
///
/// # Errors
/// Where the store fails.
pub(super) async fn warnings(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<Vec<String>> {
    let forecast = by_zones(app, brief, day, app.now()).await?;
    Ok(late(&forecast).collect())
}
