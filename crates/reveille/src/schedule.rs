//! What is due: sources to be asked, articles to be folded, editions to be compiled. It only ever adds job rows,
//! and a row that is there already is not added twice; so it may run as often as one likes, on any node.

use std::collections::BTreeSet;

use reveille_desk::outlook;
use reveille_model::{AlertKind, Brief, BriefId, CanonicalUrl, Day, EditionState, Slot, UnixMillis, Zone};
use reveille_store::{
    alerts::{self, Occasion},
    articles::Recheck,
    audience,
    briefs::StoredBrief,
    editions::{self, StoredEdition},
    hubs::Hub,
    jobs::NewJob,
    sources::Source,
    webhooks::Call,
};
use url::Host;

use crate::{app::App, jobs::Kind, worker};

/// Sources asked for in one turn.
const SOURCES: u32 = 1000;
/// Calls of webhooks asked for in one turn.
const CALLS: u32 = 1000;
/// Mails to editors asked for in one turn.
const ALERTS: u32 = 100;

/// Adds a job for every source whose time has come.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn sources(app: &App) -> anyhow::Result<usize> {
    let now = app.now();
    let due = reveille_store::sources::due(&app.store, now, SOURCES).await?;
    let jobs: Vec<_> = due.iter().map(|source| fetch(source, now)).collect();
    add(app, &jobs, now).await
}

/// Adds a job for every hub that is to be asked for word of news, where hubs can reach us.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn hubs(app: &App) -> anyhow::Result<usize> {
    if !is_reachable(&app.config.web.public_url) {
        return Ok(0);
    }
    let now = app.now();
    let due = reveille_store::hubs::due(&app.store, now, SOURCES).await?;
    let job = |hub: &Hub| Kind::SubscribeSource.job_at(hub.url.host(), hub.source, now);
    let jobs: Vec<_> = due.iter().map(job).collect();
    add(app, &jobs, now).await
}

/// Whether the web pages have an address that means the same machine elsewhere.
fn is_reachable(public_url: &str) -> bool {
    let url = public_url.parse::<CanonicalUrl>().ok();
    url.is_some_and(|url| match url.url().host() {
        Some(Host::Domain(name)) => name != "localhost" && !name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => !address.is_loopback(),
        Some(Host::Ipv6(address)) => !address.is_loopback(),
        None => false,
    })
}

/// The job that asks a source.
pub(crate) fn fetch(source: &Source, now: UnixMillis) -> NewJob<'static> {
    let lane = match source.polling.failures() {
        0 => source.url.host(),
        _ => worker::FAILING,
    };
    Kind::FetchSource.job_at(lane, source.id, now)
}

/// Adds a folding, `pause` milliseconds from now, where articles have come that no story holds.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn folding(app: &App, briefs: &[StoredBrief], pause: i64) -> anyhow::Result<usize> {
    let now = app.now();
    if !reveille_store::articles::has_unfolded(&app.store, crate::jobs::night(app, briefs)).await? {
        return Ok(0);
    }
    add(app, &[Kind::FoldStories.job("window", now.plus(pause))], now).await
}

/// A page that a coming edition prints is asked again so long after it was read, in milliseconds: some three times
/// between the compiling and the first morning.
const RECHECK_MILLIS: i64 = 20 * 60_000;
/// And so long after, once its edition is sent.
const RECHECK_SENT_MILLIS: i64 = 2 * 3_600_000;
/// An edition compiled longer ago is not looked after in this way any more: a day and a half.
const RECHECKED_MILLIS: i64 = 36 * 3_600_000;

/// Adds the reading again of each printed page whose time has come.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn rereading(app: &App) -> anyhow::Result<usize> {
    let now = app.now();
    let when = Recheck {
        compiled_since: now.plus(-RECHECKED_MILLIS),
        open_before: now.plus(-RECHECK_MILLIS),
        sent_before: now.plus(-RECHECK_SENT_MILLIS),
    };
    let due = reveille_store::articles::to_recheck(&app.store, when).await?;
    let jobs: Vec<_> = due
        .iter()
        .map(|(article, url)| Kind::RereadArticle.job_at(url.host(), article, now))
        .collect();
    add(app, &jobs, now).await
}

/// Adds the compiling of each edition whose hour has come and that does not exist, or found nothing to bring; before `patience`
/// ends, only once the night is in. Of a brief one day's at a time, the earliest first: each hangs on what those before it told.
/// `over` are those of days gone by that came to nothing, which need not be looked at again.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn editions(
    app: &App,
    briefs: &[StoredBrief],
    patience: UnixMillis,
    over: &mut BTreeSet<(BriefId, Day)>,
) -> anyhow::Result<usize> {
    let now = app.now();
    let mut jobs = Vec::new();
    for brief in briefs {
        let today = now.day(&brief.brief.zone);
        for day in due_days(&brief.brief, now) {
            let is_over = day < today && over.contains(&(brief.id, day));
            if is_over || !is_wanting(app, brief.id, day).await? {
                continue;
            }
            if day < today && !is_in_time(app, brief, day).await? {
                over.insert((brief.id, day));
                continue;
            }
            jobs.push(Kind::CompileEdition.job(format!("{}@{day}", brief.brief.slug), now));
            // Once its hour has come, today's waits for no other.
            if day >= today || now < today.at(brief.brief.send_at, &brief.brief.zone) {
                break;
            }
        }
    }
    if !jobs.is_empty() && now < patience && is_behind(app).await? {
        return Ok(0);
    }
    add(app, &jobs, now).await
}

/// An edition that found nothing to bring is compiled anew after so long, in milliseconds: its sources may have been out of reach, or
/// have come a moment after it.
const EMPTY_MILLIS: i64 = 5 * 60_000;

/// Whether there is no edition of that day, or one of the brief's own making without an entry.
async fn is_wanting(app: &App, brief: BriefId, day: Day) -> anyhow::Result<bool> {
    let compiled = editions::find_compiled(&app.store, brief, day).await?;
    Ok(match compiled {
        None => true,
        Some((EditionState::Draft, at)) if at <= app.now().plus(-EMPTY_MILLIS) => {
            let draft = editions::find_by_day(&app.store, brief, day).await?;
            draft.is_some_and(|draft| !draft.is_edited_draft() && draft.edition.entries().next().is_none())
        }
        Some(_) => false,
    })
}

/// Whether an edition of a day that is over by the editors' calendar, as after an outage, still reaches anybody on it if it is compiled
/// now: readers to the west may have their morning before them.
async fn is_in_time(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<bool> {
    let (now, plan) = (app.now(), &brief.brief);
    // By the plan of then it may not have come out on that day.
    if plan.compiled_at(day) < brief.changed_at {
        return Ok(false);
    }
    // Where it is never too late, the next edition reaches them all.
    let is_open = |zone: &Zone| {
        let slot = Slot::of(day, plan, zone, now);
        slot.late_at.is_some() && !slot.is_missed()
    };
    let zones = audience::by_zone(&app.store, brief, Some(day)).await?;
    Ok(zones.iter().any(|(zone, _)| is_open(zone)))
}

/// A source that waits to be asked for so long, in milliseconds, was not asked while nobody ran.
const OVERDUE_MILLIS: i64 = 5 * 60_000;
/// A page that is read within so many milliseconds belongs to what was just found.
const SOON_MILLIS: i64 = 60_000;

/// Whether news is still to be gathered that should be in by now: so it is after an outage.
async fn is_behind(app: &App) -> anyhow::Result<bool> {
    let now = app.now();
    let asked = reveille_store::sources::next_due(&app.store).await?;
    let read = reveille_store::jobs::next_at(&app.store, &[Kind::ReadItem.as_str()], now).await?;
    let is_overdue = asked.is_some_and(|at| at <= now.plus(-OVERDUE_MILLIS));
    let is_new = reveille_store::sources::any_untried(&app.store).await?;
    Ok(is_overdue || is_new || read.is_some_and(|at| at <= now.plus(SOON_MILLIS)))
}

/// Says of each edition of today once, in the log, that it still waits for somebody to approve it though its hour has come.
/// `told` are those that need not be looked at again.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn forgotten(
    app: &App,
    briefs: &[StoredBrief],
    told: &mut BTreeSet<(BriefId, Day)>,
) -> anyhow::Result<()> {
    let now = app.now();
    for StoredBrief { id, brief, .. } in briefs {
        let day = now.day(&brief.zone);
        let is_due = brief.comes_out_on(day) && now >= day.at(brief.send_at, &brief.zone);
        if !is_due || told.contains(&(*id, day)) {
            continue;
        }
        // One that is late itself is looked for until it is there.
        let Some(edition) = editions::find_by_day(&app.store, *id, day).await? else {
            continue;
        };
        if edition.state.is_open() {
            tell_overdue(app, brief, &edition).await?;
            let (brief, exactly) = (&brief.slug, outlook::exactly(&brief.slug, day));
            tracing::warn!(%brief, %day, "the edition's hour has come, and nobody has approved it: `reveille edition show {exactly}` shows it");
        }
        told.insert((*id, day));
    }
    Ok(())
}

async fn tell_overdue(app: &App, brief: &Brief, edition: &StoredEdition) -> anyhow::Result<()> {
    let occasion = Occasion {
        edition: edition.id,
        kind: AlertKind::Overdue,
        at: edition.edition.day.at(brief.send_at, &brief.zone),
        words: None,
    };
    let mut tx = app.store.begin().await?;
    alerts::insert(&mut tx, occasion, &brief.editors, app.now()).await?;
    Ok(tx.commit().await?)
}

/// Adds each mail to an editor whose time has come.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn alerts(app: &App) -> anyhow::Result<usize> {
    let now = app.now();
    let due = alerts::due(&app.store, now, ALERTS).await?;
    let jobs: Vec<_> = due.iter().map(|id| Kind::AlertEditor.job(id, now)).collect();
    add(app, &jobs, now).await
}

/// Adds each call of a webhook whose time has come.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn webhooks(app: &App) -> anyhow::Result<usize> {
    let now = app.now();
    let due = reveille_store::webhooks::due(&app.store, now, CALLS).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let all = reveille_store::webhooks::list(&app.store).await?;
    let host = |call: &Call| {
        let webhook = all.iter().find(|webhook| webhook.id == call.webhook);
        webhook.map_or("", |webhook| webhook.url.host())
    };
    let jobs: Vec<_> = due
        .iter()
        .map(|call| Kind::CallWebhook.job_at(host(call), call.id, now))
        .collect();
    add(app, &jobs, now).await
}

/// Adds the reading of the mails that came back, where there are any, or their mailbox is to be asked.
///
/// # Errors
/// Where the store fails, or the Maildir cannot be read.
pub(crate) async fn returns(app: &App) -> anyhow::Result<usize> {
    match crate::jobs::are_returns_due(app).await? {
        false => Ok(0),
        true => add(app, &[Kind::TakeReturns.job("returns", app.now())], app.now()).await,
    }
}

async fn add(app: &App, jobs: &[NewJob<'_>], now: UnixMillis) -> anyhow::Result<usize> {
    if jobs.is_empty() {
        return Ok(0);
    }
    let mut tx = app.store.begin().await?;
    let added = reveille_store::jobs::insert_batch(&mut tx, jobs, now).await?;
    tx.commit().await?;
    Ok(usize::try_from(added).unwrap_or(usize::MAX))
}

/// The edition of today by the editors' own calendar, or of the next day on which there is one, and when it is compiled.
pub(crate) fn next_edition(brief: &StoredBrief, now: UnixMillis) -> (Day, UnixMillis) {
    let plan = &brief.brief;
    let day = plan.next_day(now.day(&plan.zone));
    (day, plan.compiled_at(day))
}

/// The days from yesterday on, by the editors' own calendar, of which the edition is to be compiled by now: where that is before their
/// midnight, for readers far to the east, tomorrow too.
fn due_days(plan: &Brief, now: UnixMillis) -> impl Iterator<Item = Day> {
    let days = now.day(&plan.zone).yesterday().and_later();
    let due = days.take_while(move |day| plan.compiled_at(*day) <= now);
    due.filter(|day| plan.comes_out_on(*day))
}

#[cfg(test)]
mod tests {
    use reveille_model::BriefId;

    use reveille_model::{Approval, Consent, ConsentKind, SourceKind};
    use reveille_store::{
        briefs,
        sources::NewSource,
        subscribers::{self, SignUp},
    };

    use super::*;
    use crate::{
        clock::Settable,
        progress::Progress,
        worker::tests::{MORNING, app, reader},
    };

    #[tokio::test]
    async fn what_found_nothing_is_compiled_anew_and_waits_for_sources_that_are_new() {
        let db = reveille_testkit::sqlite_database().await;
        let clock = Settable::starting_at(MORNING);
        let app = app(&db, &clock).await;
        let plan = Brief {
            approval: Approval::Automatic,
            ..Brief::named("morning".parse().unwrap(), "The Morning Brief")
        };
        let mut tx = app.store.begin().await.unwrap();
        let brief = briefs::insert(&mut tx, &plan, MORNING).await.unwrap().id();
        tx.commit().await.unwrap();
        let due = async |minute: i64, patience: i64| {
            clock.forward(MORNING.plus(minute * 60_000));
            let briefs = briefs::list(&app.store).await.unwrap();
            let patience = MORNING.plus(patience * 60_000);
            let added = editions(&app, &briefs, patience, &mut BTreeSet::new())
                .await
                .unwrap();
            worker::drain(&app, &[Kind::CompileEdition], &Progress::silent())
                .await
                .unwrap();
            added
        };
        let mut added = Vec::new();
        for minute in [0, 1, 4, 6, 10, 12] {
            added.push(due(minute, 0).await);
        }
        assert_eq!(added, [1, 0, 0, 1, 0, 1]);
        let found = editions::find_by_day(&app.store, brief, app.now().day(&plan.zone)).await;
        let draft = found.unwrap().unwrap();
        assert_eq!(draft.revision, 1, "whoever edits it meanwhile is not refused");

        let new = NewSource {
            url: "https://herald.example/feed".parse().unwrap(),
            kind: SourceKind::Feed,
            carrier: "The Herald".to_owned(),
            site_url: None,
            language: None,
            weight: 1.0,
            icon_url: None,
        };
        let mut tx = app.store.begin().await.unwrap();
        reveille_store::sources::insert(&mut tx, &new, app.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(due(20, 30).await, 0, "its news may come in a moment");
        assert_eq!(due(30, 30).await, 1, "but is not waited for for ever");
    }

    #[tokio::test]
    async fn an_edition_of_yesterday_is_compiled_for_those_whose_day_it_still_is() {
        // Down over midnight of the editors: so many hours of today are over when it starts anew.
        let added = async |zone: &str, pause: &str, too_late: &str, hour: i64| {
            let db = reveille_testkit::sqlite_database().await;
            let clock = Settable::starting_at("2026-03-10T12:00:00Z".parse().unwrap());
            let app = app(&db, &clock).await;
            let plan = Brief {
                too_late: too_late.parse().unwrap(),
                lead_minutes: 0,
                ..Brief::named("morning".parse().unwrap(), "The Morning Brief")
            };
            let mut tx = app.store.begin().await.unwrap();
            let brief = briefs::insert(&mut tx, &plan, app.now()).await.unwrap().id();
            let reader = reader(brief, zone);
            let signed_up = subscribers::insert(&mut tx, &reader).await.unwrap();
            if let (SignUp::New(id), Ok(until)) = (signed_up, pause.parse()) {
                let paused = Consent {
                    kind: ConsentKind::Changed,
                    ..reader.consent
                };
                subscribers::pause(&mut tx, id, until, &paused).await.unwrap();
            }
            tx.commit().await.unwrap();
            clock.forward(
                "2026-03-12T00:00:00Z"
                    .parse::<UnixMillis>()
                    .unwrap()
                    .plus(hour * 3_600_000),
            );
            let briefs = briefs::list(&app.store).await.unwrap();
            let mut over = BTreeSet::new();
            let added = editions(&app, &briefs, app.now(), &mut over).await.unwrap();
            (added, over.len())
        };
        let west = "America/Los_Angeles";
        for (zone, pause, too_late, hour, expected) in [
            (west, "", "00:00", 1, (1, 0)),
            (west, "", "00:00", 5, (1, 0)),
            // Midnight of Los Angeles; and today's own hour has come.
            (west, "", "00:00", 7, (1, 1)),
            // Both have.
            (west, "", "00:00", 6, (2, 0)),
            (west, "", "12:00", 1, (0, 1)),
            ("UTC", "", "00:00", 1, (0, 1)),
            ("UTC", "", "02:00", 1, (1, 0)),
            // They get today's.
            (west, "", "never", 1, (0, 1)),
            // They want yesterday's, or today's.
            (west, "2026-03-11", "00:00", 1, (1, 0)),
            (west, "2026-03-12", "00:00", 1, (0, 1)),
        ] {
            assert_eq!(
                added(zone, pause, too_late, hour).await,
                expected,
                "{zone} {pause} {too_late} {hour}"
            );
        }
    }

    #[test]
    fn nothing_is_compiled_on_a_day_on_which_the_brief_rests() {
        let brief = serde_json::json!({
            "slug": "morning", "name": "", "description": "", "send_at": "06:00", "lead_minutes": 75, "zone": "Europe/Berlin",
            "approval": "manual", "top": 5, "sections": [], "consent": "", "days": ["mon", "tue", "wed", "thu", "fri"],
        });
        let brief = StoredBrief {
            id: BriefId(1),
            brief: serde_json::from_value(brief).unwrap(),
            changed_at: UnixMillis(0),
        };
        for (now, day, at) in [
            ("2026-03-13T22:00:00Z", "2026-03-13", "2026-03-13T03:45:00Z"),
            // Saturday in Berlin.
            ("2026-03-13T23:30:00Z", "2026-03-16", "2026-03-16T03:45:00Z"),
            ("2026-03-15T22:00:00Z", "2026-03-16", "2026-03-16T03:45:00Z"),
        ] {
            let (next, compiled) = next_edition(&brief, now.parse().unwrap());
            assert_eq!(
                (next.to_string().as_str(), compiled.to_string().as_str()),
                (day, at),
                "{now}"
            );
        }
    }

    #[test]
    fn what_is_compiled_before_midnight_is_of_the_next_day() {
        let plan = serde_json::json!({
            "slug": "morning", "name": "", "description": "", "send_at": "06:00", "lead_minutes": 780, "zone": "Europe/London",
            "approval": "manual", "top": 5, "sections": [], "consent": "", "days": ["mon", "tue", "wed", "thu", "fri"],
        });
        let plan: Brief = serde_json::from_value(plan).unwrap();
        for (now, expected) in [
            ("2026-03-11T16:59:00Z", &["2026-03-10", "2026-03-11"][..]),
            (
                "2026-03-11T17:00:00Z",
                &["2026-03-10", "2026-03-11", "2026-03-12"],
            ),
            ("2026-03-12T00:00:00Z", &["2026-03-11", "2026-03-12"]),
            // On the eve of a Saturday.
            ("2026-03-13T17:00:00Z", &["2026-03-12", "2026-03-13"]),
            ("2026-03-15T16:59:00Z", &[]),
            ("2026-03-15T17:00:00Z", &["2026-03-16"]),
        ] {
            let days = due_days(&plan, now.parse().unwrap());
            let days: Vec<_> = days.map(|day| day.to_string()).collect();
            assert_eq!(days, expected, "{now}");
        }
    }
}
