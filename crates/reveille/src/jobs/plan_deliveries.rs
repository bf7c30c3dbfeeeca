//! edition → deliveries: one row per reader of the brief's audience, due at that reader's own morning.

use std::collections::BTreeSet;

use reveille_desk::outlook;
use reveille_model::{
    AlertKind, Approval, Day, EditionId, EditionState, Segment, Slot, SubscriberId, UnixMillis, Zone,
};
use reveille_store::{
    Tx,
    alerts::{self, Occasion},
    briefs::StoredBrief,
    deliveries::{Mailing, Part, Readers, begin_plan, end_plan, next_due, plan_zone},
    jobs::{self, Job},
    subscribers,
};

use super::{Ended, commit, deliver_edition, id_of};
use crate::app::App;

/// So many readers are planned in one transaction, more or less: in a fraction of a second, for which others wait.
const PART: u32 = 10_000;

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
    let (now, day) = (app.now(), edition.edition.day);
    let audience = reveille_store::audience::find(&app.store, &brief.brief).await?;
    let audience = audience.segment()?;
    let mut tx = app.store.begin().await?;
    if !is_to_plan(&mut tx, id, job).await? {
        return commit(app, tx, job).await;
    }
    begin_plan(&mut tx, id).await?;
    subscribers::wake(&mut tx, brief.id, day).await?;
    let zones = subscribers::count_by_zone(&mut tx, brief.id, audience, None).await?;
    let mut plan = Plan {
        edition: id,
        day,
        brief: &brief,
        audience,
        now,
        zones: zones.into_iter().map(|(zone, _)| zone).rev().collect(),
        after: None,
        missed: 0,
        out_of_reach: Vec::new(),
    };
    while plan.some(&mut tx).await? {
        tx.commit().await?;
        tx = app.store.begin().await?;
        if !is_to_plan(&mut tx, id, job).await? {
            return commit(app, tx, job).await;
        }
    }
    plan.end(&mut tx).await?;
    commit(app, tx, job).await
}

/// Whether the edition is to be planned, by this worker. It is held until the transaction ends: it is recalled before that, and
/// nothing is planned, or after it, and all goes back. So are readers who move, confirm or go on: they are planned as they are by
/// now, or look at this plan themselves.
async fn is_to_plan(tx: &mut Tx, edition: EditionId, job: &Job) -> anyhow::Result<bool> {
    let held = reveille_store::editions::hold(tx, edition).await?;
    let is_approved = held.is_some_and(|held| held.state == EditionState::Approved);
    Ok(is_approved && jobs::is_held(tx, job).await?)
}

/// What is planned, and how far.
struct Plan<'a> {
    edition: EditionId,
    day: Day,
    brief: &'a StoredBrief,
    audience: Option<&'a Segment>,
    now: UnixMillis,
    /// Where readers are that are still to be planned, the last one first, …
    zones: Vec<Zone>,
    /// … and who was the last one there.
    after: Option<SubscriberId>,
    /// For how many it is too late this time, …
    missed: u64,
    /// … and where it always is, with how many.
    out_of_reach: Vec<(Zone, u64)>,
}

impl Plan<'_> {
    /// Plans as many as one transaction should hold. `false`: those were the last.
    async fn some(&mut self, tx: &mut Tx) -> anyhow::Result<bool> {
        let (mut some, mut mornings) = (0, BTreeSet::new());
        while some < u64::from(PART)
            && let Some(zone) = self.zones.pop()
        {
            let slot = Slot::of(self.day, &self.brief.brief, &zone, self.now);
            let readers = Readers {
                brief: self.brief.id,
                audience: self.audience,
                zone: &zone,
                after: self.after,
            };
            let Part { planned, last } = plan_zone(tx, self.edition, readers, PART, slot, self.now).await?;
            some += planned;
            if planned > 0 {
                mornings.insert(slot.due_at);
                self.look_at(&zone, slot, planned);
            }
            self.after = last;
            if last.is_some() {
                self.zones.push(zone);
                break;
            }
        }
        for due in mornings {
            jobs::insert(tx, &Mailing::from(self.edition).job(due), self.now).await?;
        }
        Ok(!self.zones.is_empty())
    }

    fn look_at(&mut self, zone: &Zone, slot: Slot, planned: u64) {
        if slot.is_missed() {
            self.missed += planned;
        }
        if Slot::earliest(self.day, &self.brief.brief, zone).is_missed() {
            match self.out_of_reach.last_mut().filter(|(last, _)| last == zone) {
                Some((_, readers)) => *readers += planned,
                None => self.out_of_reach.push((zone.clone(), planned)),
            }
        }
    }

    /// Says what came of it. Where nothing waits by now, the edition is out.
    async fn end(self, tx: &mut Tx) -> anyhow::Result<()> {
        let (StoredBrief { brief, .. }, day) = (self.brief, self.day);
        end_plan(tx, self.edition).await?;
        if !self.out_of_reach.is_empty() {
            tell_editors(tx, self.brief, self.edition, self.out_of_reach, self.now).await?;
        }
        if self.missed > 0 {
            tracing::warn!(
                brief = %brief.slug, %day, readers = self.missed,
                "it is too late for some readers, who miss this edition (`too_late` in the brief's plan)"
            );
        }
        if next_due(&mut *tx, self.edition, brief.if_unknown, self.now)
            .await?
            .is_none()
        {
            deliver_edition::end(tx, self.edition, (brief, day), self.now).await?;
        }
        Ok(())
    }
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
