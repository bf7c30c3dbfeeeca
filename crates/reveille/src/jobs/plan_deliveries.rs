//! edition → deliveries: one row per reader of the brief's audience, due at that reader's own morning.

use std::collections::BTreeSet;

use reveille_desk::outlook;
use reveille_model::{AlertKind, Approval, EditionId, EditionMove, EditionState, Slot, UnixMillis, Zone};
use reveille_store::{
    Tx,
    alerts::{self, Occasion},
    briefs::StoredBrief,
    deliveries::{Mailing, Readers, plan_zone},
    jobs::Job,
    subscribers,
};

use super::{Ended, commit, id_of};
use crate::app::App;

/// How often editors are told by mail that editions are too late for some readers before they are compiled, in milliseconds:
/// once a week, as long as it stays so.
const REMINDER_MILLIS: i64 = 7 * 86_400_000;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = EditionId(id_of(job)?);
    let Some(edition) = reveille_store::editions::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let Some(brief) = reveille_store::briefs::find_by_slug(&app.store, &edition.edition.slug).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let now = app.now();
    let audience = reveille_store::audience::find(&app.store, &brief.brief).await?;
    let audience = audience.segment()?;
    let mut tx = app.store.begin().await?;
    // Held until the plan stands: it is recalled before that, and nothing is planned, or after it, and all goes back. So are
    // readers who move, confirm or go on: they are counted as they are by now, or look at this plan themselves.
    let held = reveille_store::editions::hold(&mut tx, id).await?;
    if held.is_none_or(|held| held.state != EditionState::Approved) {
        return commit(app, tx, job).await;
    }
    let day = edition.edition.day;
    subscribers::wake(&mut tx, brief.id, day).await?;
    let zones = subscribers::count_by_zone(&mut tx, brief.id, audience, None).await?;
    let mut mornings = BTreeSet::new();
    let (mut missed, mut out_of_reach) = (0, Vec::new());
    for (zone, _) in zones {
        let slot = Slot::of(day, &brief.brief, &zone, now);
        let readers = Readers {
            brief: brief.id,
            audience,
            zone: &zone,
        };
        let planned = plan_zone(&mut tx, id, readers, slot, now).await?;
        if planned > 0 {
            mornings.insert(slot.due_at);
        }
        if slot.is_missed() {
            missed += planned;
        }
        if planned > 0 && Slot::earliest(day, &brief.brief, &zone).is_missed() {
            out_of_reach.push((zone, planned));
        }
    }
    if !out_of_reach.is_empty() {
        tell_editors(&mut tx, &brief, id, out_of_reach, now).await?;
    }
    if missed > 0 {
        tracing::warn!(
            brief = %brief.brief.slug, %day, readers = missed,
            "it is too late for some readers, who miss this edition (`too_late` in the brief's plan)"
        );
    }
    if mornings.is_empty() {
        reveille_store::editions::change_state(&mut tx, id, EditionMove::Finish, now).await?;
    }
    for due in mornings {
        reveille_store::jobs::insert(&mut tx, &Mailing::from(id).job(due), now).await?;
    }
    commit(app, tx, job).await
}

/// Has the editors of a brief that approves itself told by mail for whom its editions are too late in any case. Whoever approves
/// one by hand is told there.
async fn tell_editors(
    tx: &mut Tx,
    StoredBrief { id, brief, .. }: &StoredBrief,
    edition: EditionId,
    zones: Vec<(Zone, u64)>,
    now: UnixMillis,
) -> anyhow::Result<()> {
    let kind = AlertKind::OutOfReach;
    let is_told = alerts::any_since(&mut *tx, *id, kind, now.plus(-REMINDER_MILLIS)).await?;
    if is_told || brief.approval == Approval::Manual {
        return Ok(());
    }
    let words = outlook::by_zone(zones);
    let occasion = Occasion {
        edition,
        kind,
        at: now,
        words: Some(&words),
    };
    Ok(alerts::insert(tx, occasion, &brief.editors, now).await?)
}
