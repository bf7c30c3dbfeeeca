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

/// So many readers are planned in one transaction, more or less, for which others wait: a fifth of a second on PostgreSQL, as
/// measured with two processors.
const PART: u32 = 4_000;

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
    tx.commit().await?;
    // Nobody waits for a million to be counted: from now on whoever moves or comes looks at this plan themselves.
    let zones = subscribers::count_by_zone(&app.store, brief.id, audience, None).await?;
    let mut plan = Plan {
        edition: id,
        day,
        brief: &brief,
        audience,
        now,
        zones: zones.iter().map(|(zone, _)| zone.clone()).rev().collect(),
        after: None,
    };
    loop {
        let mut tx = app.store.begin().await?;
        if !is_to_plan(&mut tx, id, job).await? {
            return commit(app, tx, job).await;
        }
        if plan.some(&mut tx, PART).await? {
            tx.commit().await?;
            continue;
        }
        end_plan(&mut tx, id).await?;
        tell(&mut tx, &plan, zones).await?;
        // Nothing may wait by now.
        if next_due(&mut tx, id, brief.brief.if_unknown, now)
            .await?
            .is_none()
        {
            deliver_edition::end(&mut tx, id, (&brief.brief, day), now).await?;
        }
        return commit(app, tx, job).await;
    }
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
}

impl Plan<'_> {
    /// Plans about so many. `false`: those were the last.
    async fn some(&mut self, tx: &mut Tx, part: u32) -> anyhow::Result<bool> {
        let (mut some, mut mornings) = (0, BTreeSet::new());
        while some < u64::from(part)
            && let Some(zone) = self.zones.pop()
        {
            let slot = self.slot(&zone);
            let readers = Readers {
                brief: self.brief.id,
                audience: self.audience,
                zone: &zone,
                after: self.after,
            };
            let Part { planned, last } = plan_zone(tx, self.edition, readers, part, slot, self.now).await?;
            some += planned;
            if planned > 0 {
                mornings.insert(slot.due_at);
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

    fn slot(&self, zone: &Zone) -> Slot {
        Slot::of(self.day, &self.brief.brief, zone, self.now)
    }
}

/// Says for how many of an edition's readers it is too late.
async fn tell(tx: &mut Tx, plan: &Plan<'_>, zones: Vec<(Zone, u64)>) -> anyhow::Result<()> {
    let (brief, day) = (&plan.brief.brief, plan.day);
    let missed = zones.iter().filter(|(zone, _)| plan.slot(zone).is_missed());
    let missed: u64 = missed.map(|(_, readers)| readers).sum();
    if missed > 0 {
        tracing::warn!(
            brief = %brief.slug, %day, readers = missed,
            "it is too late for some readers, who miss this edition (`too_late` in the brief's plan)"
        );
    }
    let always = |(zone, _): &(Zone, u64)| Slot::earliest(day, brief, zone).is_missed();
    let out_of_reach: Vec<_> = zones.into_iter().filter(always).collect();
    match out_of_reach.is_empty() {
        true => Ok(()),
        false => tell_editors(tx, plan.brief, plan.edition, out_of_reach, plan.now).await,
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

#[cfg(test)]
mod tests {
    use reveille_model::{Brief, Consent, ConsentKind, DeliveryState, Home, MailFormat, Means, TooLate};
    use reveille_store::{
        briefs, deliveries,
        editions::{self, Drafted},
        subscribers::Listed,
    };
    use reveille_testkit::databases;

    use super::*;

    const MORNING: UnixMillis = UnixMillis(1_773_122_400_000);

    fn listed(number: u32, zone: &str) -> Listed {
        Listed {
            email: format!("reader{number}@example.org").parse().unwrap(),
            home: Home::of("", None, &zone.parse().unwrap()),
            format: MailFormat::Html,
            token: format!("{number:032x}"),
        }
    }

    #[tokio::test]
    async fn parts_are_planned_until_nobody_is_left_and_none_twice() {
        for db in databases().await {
            let brief = Brief {
                too_late: TooLate::Never,
                ..Brief::named("morning".parse().unwrap(), "The Morning Brief")
            };
            let mut tx = db.store.begin().await.unwrap();
            let id = briefs::insert(&mut tx, &brief, MORNING).await.unwrap().id();
            let day: Day = "2026-03-10".parse().unwrap();
            let edition = serde_json::from_value(serde_json::json!({
                "slug": "morning", "name": "", "day": day, "compiled": MORNING, "sections": [],
            }));
            let edition = editions::insert_draft(&mut tx, id, &edition.unwrap(), "[]").await;
            let Ok(Drafted::New(edition)) = edition else {
                panic!("the store is not empty")
            };
            let consent = Consent {
                kind: ConsentKind::Entered,
                at: MORNING,
                sentence: "Yes.".to_owned(),
                means: Means::Editor,
            };
            let zones = ["Asia/Tokyo", "Europe/Berlin", "Europe/Berlin", "Europe/Oslo"];
            let readers: Vec<_> = (0..12).map(|n| listed(n, zones[n as usize % 4])).collect();
            let added = subscribers::insert_batch(&mut tx, id, &readers, &consent).await;
            assert_eq!(added.unwrap().len(), 12, "{}", db.name);
            begin_plan(&mut tx, edition).await.unwrap();
            tx.commit().await.unwrap();
            let stored = briefs::find(&db.store, id).await.unwrap().unwrap();
            // The second time after a crash.
            for _ in 0..2 {
                let mut plan = Plan {
                    edition,
                    day,
                    brief: &stored,
                    audience: None,
                    now: MORNING,
                    zones: ["Asia/Tokyo", "Europe/Berlin", "Europe/Oslo"]
                        .map(|zone| zone.parse().unwrap())
                        .into(),
                    after: None,
                };
                let mut parts = 1;
                loop {
                    let mut tx = db.store.begin().await.unwrap();
                    let is_more = plan.some(&mut tx, 4).await.unwrap();
                    tx.commit().await.unwrap();
                    if !is_more {
                        break;
                    }
                    parts += 1;
                }
                assert!(parts >= 2, "{}: {parts}", db.name);
                let tally = deliveries::tally(&db.store, edition).await.unwrap();
                assert_eq!(tally, [(DeliveryState::Queued, 12)].into(), "{}", db.name);
            }
        }
    }
}
