//! `reveille edition forecast`: how many leave in each hour, and when the last zone is reached.

use std::collections::BTreeMap;

use reveille_desk::outlook;
use reveille_model::{Day, EditionState, Forecast};
use reveille_store::{
    audience,
    briefs::StoredBrief,
    deliveries::{self, Planned},
};

use crate::{app::App, cli::Which, commands::find_brief, jobs::in_words, print};

pub(super) async fn run(app: &App, which: &Which) -> anyhow::Result<()> {
    let brief = find_brief(app, which.brief.as_ref()).await?;
    let next = || brief.brief.next_day(app.now().day(&brief.brief.zone));
    let day = which.day.unwrap_or_else(next);
    let edition = reveille_store::editions::find_by_day(&app.store, brief.id, day).await?;
    let released = edition.as_ref().filter(|edition| !edition.state.is_open());
    let (tally, planned) = match released {
        Some(edition) => (
            deliveries::tally(&app.store, edition.id).await?,
            deliveries::planned(&app.store, edition.id).await?,
        ),
        None => (BTreeMap::new(), None),
    };
    let forecast = match released.filter(|_| planned.is_some()) {
        Some(edition) => deliveries::forecast(&app.store, edition, &brief.brief, app.now()).await?,
        // Until its deliveries are planned, it leaves as if it were approved now.
        None => by_zones(app, &brief, day).await?,
    };
    let rest = edition.as_ref().and_then(|edition| {
        let until = edition.paused_until.filter(|until| *until > app.now())?;
        let reason = edition.pause_reason.as_deref().unwrap_or("failures");
        Some(format!("The mailing rests until {until}, after: {reason}"))
    });
    let state = edition.map_or("not compiled yet".to_owned(), |edition| match edition.state {
        EditionState::Approved if !tally.is_empty() => format!("approved; {}", in_words(&tally)),
        state => state.to_string(),
    });
    print::line(format!("{}, {day}: {state}", brief.brief.name))?;
    if let Some(rest) = rest {
        print::line(rest)?;
    }
    if planned == Some(Planned::Partly) {
        print::line(
            "It is still being planned: the readers whose turn is to come are not counted here yet.",
        )?;
    }
    print::line(told(&forecast, &brief, day))
}

/// What becomes of an edition that is approved now.
async fn by_zones(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<Forecast> {
    let audience = audience::find(&app.store, &brief.brief).await?;
    Ok(audience::forecast(&app.store, (brief, &audience), day, app.now()).await?)
}

fn told(forecast: &Forecast, brief: &StoredBrief, day: Day) -> String {
    let (mut lines, zone) = (Vec::new(), &brief.brief.zone);
    let all: u64 = forecast.hours.values().sum();
    let mut so_far = 0;
    let table: Vec<_> = forecast
        .hours
        .iter()
        .map(|(hour, readers)| {
            so_far += readers;
            let there = hour.civil(zone).strftime("%a %H:%M").to_string();
            vec![
                hour.to_string(),
                there,
                readers.to_string(),
                format!("{so_far} of {all}"),
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
    lines.extend(outlook::of_edition(
        forecast,
        &outlook::exactly(&brief.brief.slug, day),
    ));
    lines.join("\n")
}

/// What whoever approves an edition now should know of readers whose morning is over; nothing where there are none.
///
/// # Errors
/// Where the store fails.
pub(super) async fn warnings(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<Vec<String>> {
    let forecast = by_zones(app, brief, day).await?;
    Ok(outlook::of_edition(
        &forecast,
        &outlook::exactly(&brief.brief.slug, day),
    ))
}
