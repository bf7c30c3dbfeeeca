//! What an editor is told of a plan that is taken as it is.

use reveille_brief::Dates;
use reveille_model::{Brief, Weekdays};

/// What of a plan may not be meant so, in whole sentences.
pub(super) fn remarks(plan: &Brief) -> Vec<String> {
    too_late(plan).into_iter().chain(mornings(plan)).collect()
}

fn too_late(plan: &Brief) -> Option<String> {
    let hour = plan.too_late.filter(|hour| *hour <= plan.send_at)?;
    Some(format!(
        "`too_late` is {hour}, and `send_at` {}: it means {hour} on the next day.",
        plan.send_at
    ))
}

/// Readers agree to a sentence, which the plan holds as it was written.
fn mornings(plan: &Brief) -> Option<String> {
    let dates = Dates::of(&plan.language);
    let (every, these) = (dates.mornings(Weekdays::ALL), dates.mornings(plan.days));
    let is_wrong = !plan.days.is_all() && plan.consent.contains(&every) && !plan.consent.contains(&these);
    is_wrong.then(|| format!("`consent` says “{every}”, and by `days` it comes {these}: reword it."))
}
