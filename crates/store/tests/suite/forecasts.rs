//! In which hours an edition leaves, told alike before its deliveries are planned and after.

use reveille_model::{
    ConsentKind, Day, EditionId, Forecast, Home, IfUnknown, Slot, SubscriberId, UnixMillis,
};
use reveille_store::{
    Tx, audience,
    briefs::{self, StoredBrief},
    deliveries::{self, Outcome, Readers},
    editions, subscribers,
};
use reveille_testkit::{Database, databases};

use crate::{
    deliveries::leaving,
    fixture::{HOUR, MINUTE, MORNING, brief, consent, edition, subscriber, zone},
};

const ZONES: [&str; 5] = [
    "America/Los_Angeles",
    "Europe/London",
    "Europe/London",
    "Europe/Lisbon",
    "Pacific/Auckland",
];

/// A brief in UTC with a reader in each of the zones.
async fn readers(tx: &mut Tx) -> Vec<SubscriberId> {
    let brief = brief(tx).await;
    let mut readers = Vec::new();
    for (number, zone) in (0..).zip(ZONES) {
        let reader = subscriber(tx, brief, number).await;
        let home = Home::of("", None, &zone.parse().unwrap());
        subscribers::set_home(tx, reader, &home, MORNING).await.unwrap();
        readers.push(reader);
    }
    readers
}

fn day() -> Day {
    "2026-03-10".parse().unwrap()
}

async fn the_brief(db: &Database) -> StoredBrief {
    briefs::list(&db.store).await.unwrap().remove(0)
}

/// The forecast of an edition that is ready now.
async fn before(db: &Database, now: UnixMillis) -> Forecast {
    let brief = the_brief(db).await;
    let audience = audience::find(&db.store, &brief.brief).await.unwrap();
    audience::forecast(&db.store, (&brief, &audience), day(), now)
        .await
        .unwrap()
}

/// Plans the edition of the day as the job does.
async fn plan(db: &Database, now: UnixMillis) -> EditionId {
    let brief = the_brief(db).await;
    let mut tx = db.store.begin().await.unwrap();
    let edition = edition(&mut tx, brief.id, "2026-03-10").await;
    subscribers::wake(&mut tx, brief.id, day()).await.unwrap();
    for name in ZONES {
        let zone = zone(name);
        let readers = Readers {
            brief: brief.id,
            audience: None,
            zone: &zone,
            after: None,
        };
        let slot = Slot::of(day(), &brief.brief, &zone, now);
        deliveries::plan_zone(&mut tx, edition, readers, u32::MAX, slot, now)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    edition
}

async fn after(db: &Database, edition: EditionId, rule: IfUnknown, now: UnixMillis) -> Forecast {
    let stored = editions::find(&db.store, edition).await.unwrap().unwrap();
    let mut brief = the_brief(db).await.brief;
    brief.if_unknown = rule;
    deliveries::forecast(&db.store, &stored, &brief, now)
        .await
        .unwrap()
}

fn last(forecast: &Forecast) -> (String, &str) {
    let (at, zone) = forecast.last.as_ref().unwrap();
    (at.to_string(), zone.name())
}

#[tokio::test]
async fn it_is_the_same_before_and_after_its_deliveries_are_planned() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let readers = readers(&mut tx).await;
        let line = consent(ConsentKind::Changed, MORNING);
        // One is back by then, and another is not.
        for (reader, until) in [(readers[1], "2026-03-10"), (readers[3], "2026-03-11")] {
            subscribers::pause(&mut tx, reader, until.parse().unwrap(), &line)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        // Half past midnight in Auckland.
        let now = "2026-03-10T11:30:00Z".parse().unwrap();
        let forecast = before(&db, now).await;
        let hour = |hour: &str| format!("2026-03-10T{hour}:00:00Z").parse().unwrap();
        assert_eq!(
            forecast.hours,
            [(hour("11"), 2), (hour("13"), 1)].into(),
            "{}",
            db.name
        );
        assert_eq!(
            (forecast.missed, forecast.held, forecast.gone),
            (1, 0, 0),
            "{}",
            db.name
        );
        let reached = ("2026-03-10T13:00:00Z".to_owned(), "America/Los_Angeles");
        assert_eq!(last(&forecast), reached, "{}", db.name);

        let edition = plan(&db, now).await;
        let planned = after(&db, edition, IfUnknown::Resend, now).await;
        assert_eq!(planned, forecast, "{}", db.name);
    }
}

#[tokio::test]
async fn what_rests_or_is_held_does_not_leave_now() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let readers = readers(&mut tx).await;
        tx.commit().await.unwrap();
        let edition = plan(&db, MORNING).await;
        // Due at once, at five in the afternoon in Auckland, and nobody knows of it.
        let claimed = deliveries::claim(&db.store, edition, IfUnknown::Resend, 9, HOUR, MORNING);
        let on_the_wire = leaving(&claimed.await.unwrap());
        assert_eq!(on_the_wire.len(), 1, "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        deliveries::wire(&mut tx, edition, &on_the_wire, MORNING)
            .await
            .unwrap();
        let lost = Outcome::Unknown("the line went dead".to_owned());
        deliveries::record(&mut tx, edition, &[(on_the_wire[0].claim, lost)], MORNING)
            .await
            .unwrap();
        // Somebody leaves, too.
        let reader = subscribers::find(&db.store, readers[3]).await.unwrap().unwrap();
        let line = consent(ConsentKind::Left, MORNING);
        subscribers::leave(&mut tx, &reader.token, &line).await.unwrap();
        tx.commit().await.unwrap();

        let hour = |hours| MORNING.plus(hours * HOUR);
        let resent = after(&db, edition, IfUnknown::Resend, MORNING).await;
        assert_eq!(
            resent.hours,
            [(hour(0), 1), (hour(2), 2), (hour(9), 1)].into(),
            "{}",
            db.name
        );
        assert_eq!((resent.held, resent.gone), (0, 1), "{}", db.name);
        let held = after(&db, edition, IfUnknown::Hold, MORNING).await;
        assert_eq!(held.hours, [(hour(2), 2), (hour(9), 1)].into(), "{}", db.name);
        assert_eq!((held.held, held.gone), (1, 1), "{}", db.name);

        // It rests until it is too late in Auckland.
        let until = "2026-03-10T11:20:00Z".parse().unwrap();
        let mut tx = db.store.begin().await.unwrap();
        editions::pause(&mut tx, edition, until, "no route")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let rests = after(&db, edition, IfUnknown::Resend, MORNING.plus(MINUTE)).await;
        assert_eq!(rests.hours, [(hour(7), 2), (hour(9), 1)].into(), "{}", db.name);
        assert_eq!((rests.held, rests.missed), (1, 0), "{}", db.name);
        let reached = ("2026-03-10T13:00:00Z".to_owned(), "America/Los_Angeles");
        assert_eq!(last(&rests), reached, "{}", db.name);
    }
}
