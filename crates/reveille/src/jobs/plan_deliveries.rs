//! edition → deliveries: one row per reader of the brief's audience, due at that reader's own morning.

use std::collections::BTreeSet;

use reveille_model::{Brief, Day, EditionId, EditionMove, EditionState, UnixMillis, Zone};
use reveille_store::{
    deliveries::{Readers, Slot, plan_zone},
    jobs::Job,
};

use super::{Ended, commit, deliver_edition, id_of};
use crate::app::App;

/// So long after its hour a brief still counts as the morning's: six hours, in milliseconds.
const LATE_MILLIS: i64 = 6 * 3_600_000;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = EditionId(id_of(job)?);
    let Some(edition) = reveille_store::editions::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let Some(brief) = reveille_store::briefs::find_by_slug(&app.store, &edition.edition.slug).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let now = app.now();
    let mut tx = app.store.begin().await?;
    reveille_store::subscribers::wake(&mut tx, brief.id, edition.edition.day).await?;
    tx.commit().await?;
    let audience = reveille_store::audience::find(&app.store, &brief.brief).await?;
    let audience = audience.segment()?;
    let zones = reveille_store::subscribers::count_by_zone(&app.store, brief.id, audience).await?;
    let mut tx = app.store.begin().await?;
    // Held until the plan stands: it is recalled before that, and nothing is planned, or after it, and all goes back.
    let held = reveille_store::editions::hold(&mut tx, id).await?;
    if held.is_none_or(|held| held.state != EditionState::Approved) {
        return commit(app, tx, job).await;
    }
    let mut mornings = BTreeSet::new();
    for (zone, _) in zones {
        let slot = slot(edition.edition.day, &brief.brief, &zone, now);
        let readers = Readers {
            brief: brief.id,
            audience,
            zone: &zone,
        };
        if plan_zone(&mut tx, id, readers, slot, now).await? > 0 {
            mornings.insert(slot.due_at);
        }
    }
    if mornings.is_empty() {
        reveille_store::editions::change_state(&mut tx, id, EditionMove::Finish, now).await?;
    }
    for due in mornings {
        reveille_store::jobs::insert(&mut tx, &deliver_edition::job(id, due), now).await?;
    }
    commit(app, tx, job).await
}

/// When the edition of `day`, ready at `ready`, may reach readers in `zone`. Where the brief knows a "too late" hour, from
/// their hour of that day to that one; else see [`morning`].
pub(crate) fn slot(day: Day, brief: &Brief, zone: &Zone, ready: UnixMillis) -> Slot {
    let Some(too_late) = brief.too_late else {
        return Slot {
            due_at: morning(day, brief, zone, ready),
            late_at: None,
        };
    };
    let last_day = if too_late > brief.send_at {
        day
    } else {
        day.tomorrow()
    };
    Slot {
        due_at: day.at(brief.send_at, zone).max(ready),
        late_at: Some(last_day.at(too_late, zone)),
    }
}

/// When the edition of `day`, ready at `ready`, reaches readers in `zone`: at their `send_at` of that day; at once
/// where it is still morning there; else on the next morning of the brief, so that nobody's brief comes in the middle of
/// their night. That is one of its days by their calendar or by the editors': where Saturday dawns while these still have
/// Friday, Friday's edition comes on Saturday.
fn morning(day: Day, brief: &Brief, zone: &Zone, ready: UnixMillis) -> UnixMillis {
    let at = |day: Day| day.at(brief.send_at, zone);
    let is_morning = |later: &Day| {
        *later == day || brief.comes_out_on(*later) || brief.comes_out_on(at(*later).day(&brief.zone))
    };
    let in_time = |due: &UnixMillis| ready.since(*due) <= LATE_MILLIS;
    let due = day.and_later().filter(is_morning).map(at).find(in_time);
    due.map_or(ready, |due| due.max(ready))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A brief in UTC that is sent at six, with these keys of its plan beside.
    fn brief(more: &serde_json::Value) -> Brief {
        let mut plan = serde_json::json!({
            "slug": "morning", "name": "", "description": "", "send_at": "06:00", "lead_minutes": 60, "zone": "UTC",
            "approval": "manual", "top": 5, "sections": [], "consent": "",
        });
        let more = more.as_object().unwrap().clone();
        plan.as_object_mut().unwrap().extend(more);
        serde_json::from_value(plan).unwrap()
    }

    fn at_six(day: &str, brief: &Brief, zone: &str, ready: &str) -> String {
        let (day, zone, ready) = (
            day.parse().unwrap(),
            zone.parse().unwrap(),
            ready.parse().unwrap(),
        );
        morning(day, brief, &zone, ready).to_string()
    }

    #[test]
    fn every_reader_gets_the_edition_in_a_morning_of_their_own() {
        let brief = brief(&serde_json::json!({}));
        for (zone, due) in [
            ("America/Los_Angeles", "2026-03-10T13:00:00Z"),
            ("Europe/London", "2026-03-10T06:00:00Z"),
            // 10:15 in Delhi: late, and still morning.
            ("Asia/Kolkata", "2026-03-10T04:45:00Z"),
            // 13:45 in Tokyo: tomorrow at six.
            ("Asia/Tokyo", "2026-03-10T21:00:00Z"),
        ] {
            let planned = at_six("2026-03-10", &brief, zone, "2026-03-10T04:45:00Z");
            assert_eq!(planned, due, "{zone}");
        }
    }

    #[test]
    fn a_brief_of_weekdays_wakes_nobody_on_a_weekend() {
        let brief = brief(&serde_json::json!({ "days": ["mon", "tue", "wed", "thu", "fri"] }));
        for (zone, ready, due) in [
            // In time for Friday the 13th.
            ("Europe/London", "2026-03-13T04:45:00Z", "2026-03-13T06:00:00Z"),
            // Saturday dawns in Tokyo while its editors have Friday.
            ("Asia/Tokyo", "2026-03-13T04:45:00Z", "2026-03-13T21:00:00Z"),
            // Friday dawns in Honolulu.
            ("Pacific/Honolulu", "2026-03-13T04:45:00Z", "2026-03-13T16:00:00Z"),
            // Approved in the afternoon: with Monday's.
            ("Europe/London", "2026-03-13T15:00:00Z", "2026-03-16T06:00:00Z"),
        ] {
            assert_eq!(at_six("2026-03-13", &brief, zone, ready), due, "{zone} {ready}");
        }
        // A reader in the west gets Monday's on their Monday; and an edition that somebody made of a Saturday is sent.
        let monday = at_six(
            "2026-03-16",
            &brief,
            "America/Los_Angeles",
            "2026-03-16T04:45:00Z",
        );
        assert_eq!(monday, "2026-03-16T13:00:00Z");
        assert_eq!(
            at_six("2026-03-14", &brief, "UTC", "2026-03-14T04:45:00Z"),
            "2026-03-14T06:00:00Z"
        );
    }

    /// When an edition that was ready then leaves for a zone, and from when on it is too late, by a brief's two hours.
    fn planned(zone: &str, ready: &str, send_at: &str, too_late: &str) -> (String, String) {
        let brief = brief(&serde_json::json!({ "send_at": send_at, "too_late": too_late }));
        let day = "2026-03-29".parse().unwrap();
        let slot = slot(day, &brief, &zone.parse().unwrap(), ready.parse().unwrap());
        (slot.due_at.to_string(), slot.late_at.unwrap().to_string())
    }

    #[test]
    fn a_brief_with_a_last_hour_keeps_to_the_day_of_the_edition() {
        for (zone, ready, due, late) in [
            (
                "UTC",
                "2026-03-29T04:45:00Z",
                "2026-03-29T06:00:00Z",
                "2026-03-29T11:00:00Z",
            ),
            // The night in which the clocks go forward.
            (
                "Europe/Berlin",
                "2026-03-29T01:30:00Z",
                "2026-03-29T04:00:00Z",
                "2026-03-29T09:00:00Z",
            ),
            // Half an hour beside the others, and approved late.
            (
                "Asia/Kolkata",
                "2026-03-29T02:00:00Z",
                "2026-03-29T02:00:00Z",
                "2026-03-29T05:30:00Z",
            ),
            // After the last hour: it misses the day, and does not come on another.
            (
                "Asia/Tokyo",
                "2026-03-29T04:45:00Z",
                "2026-03-29T04:45:00Z",
                "2026-03-29T02:00:00Z",
            ),
        ] {
            let expected = (due.to_owned(), late.to_owned());
            assert_eq!(planned(zone, ready, "06:00", "11:00"), expected, "{zone}");
        }
        // A last hour before the first is the next day's.
        let (_, late) = planned("UTC", "2026-03-29T04:45:00Z", "22:00", "02:00");
        assert_eq!(late, "2026-03-30T02:00:00Z");
    }

    #[test]
    fn an_edition_that_is_approved_days_late_still_waits_for_a_morning() {
        let brief = brief(&serde_json::json!({}));
        assert_eq!(
            at_six("2026-03-10", &brief, "UTC", "2026-03-14T15:00:00Z"),
            "2026-03-15T06:00:00Z"
        );
    }
}
