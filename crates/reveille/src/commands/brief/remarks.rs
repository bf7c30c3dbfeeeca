//! What an editor is told of a plan that is taken as it is.

use reveille_brief::{Dates, is_keyword};
use reveille_desk::outlook;
use reveille_model::{Brief, TooLate, Weekdays};
use reveille_store::{
    audience, briefs,
    sources::{self, Filter},
};

use crate::app::App;

/// What of a plan may not be meant so, in whole sentences.
///
/// # Errors
/// Where the store fails.
pub(super) async fn remarks(app: &App, plan: &Brief) -> anyhow::Result<Vec<String>> {
    let sources = sources::list(&app.store, Filter::default()).await?;
    let known: Vec<String> = sources.into_iter().map(|source| source.carrier).collect();
    let mut remarks: Vec<String> = too_late(plan).into_iter().chain(mornings(plan)).collect();
    remarks.extend(unknown(plan, &known));
    remarks.extend(wordless(plan));
    if let Some(stored) = briefs::find_by_slug(&app.store, &plan.slug).await? {
        let zones = audience::by_zone(&app.store, &stored, None).await?;
        let today = app.now().day(&plan.zone);
        remarks.extend(outlook::of_brief(plan, zones, today));
    }
    Ok(remarks)
}

fn too_late(plan: &Brief) -> Option<String> {
    match plan.too_late {
        TooLate::At(hour) if hour <= plan.send_at && !plan.too_late.is_usual() => Some(format!(
            "`too_late` is {hour}, and `send_at` {}: it means {hour} on the next day, when an edition bears yesterday's date.",
            plan.send_at
        )),
        _ => None,
    }
}

/// Readers agree to a sentence, which the plan holds as it was written.
fn mornings(plan: &Brief) -> Option<String> {
    let dates = Dates::of(&plan.language);
    let (every, these) = (dates.mornings(Weekdays::ALL), dates.mornings(plan.days));
    let is_wrong = !plan.days.is_all() && plan.consent.contains(&every) && !plan.consent.contains(&these);
    is_wrong.then(|| format!("`consent` says “{every}”, and by `days` it comes {these}: reword it."))
}

fn unknown(plan: &Brief, known: &[String]) -> Vec<String> {
    let told = |(name, meant): (&str, Option<&str>)| {
        let meant = meant.map(|meant| format!(": did you mean “{meant}”?"));
        let meant = meant.unwrap_or_else(|| " (`reveille sources list` has their names).".to_owned());
        format!(
            "No source is called “{name}”{meant} A section also takes what an article says “{name}” wrote."
        )
    };
    plan.unknown_sources(known).into_iter().map(told).collect()
}

fn wordless(plan: &Brief) -> impl Iterator<Item = String> {
    plan.sections.iter().flat_map(|section| {
        let words = section.keywords.iter().chain(&section.places);
        words
            .filter(|word| !is_keyword(word))
            .map(|word| format!("{}: “{word}” has no word in it and finds nothing.", section.name))
    })
}
