//! The worker and its jobs, on real databases.

use reveille_model::{
    AlertKind, Brief, BriefId, Consent, ConsentKind, Edition, EditionId, Home, Means, SubscriberState,
    UnixMillis, Zone, ZoneOrigin,
};
use reveille_store::{
    Inserted, alerts, briefs,
    editions::{Drafted, insert_draft},
    subscribers::NewSubscriber,
};
use reveille_testkit::Database;

use super::*;
use crate::{clock, config};

/// Seven in the morning in Berlin, on 10 March 2026.
pub(crate) const MORNING: UnixMillis = UnixMillis(1_773_122_400_000);

pub(crate) async fn app(db: &Database, morning: &clock::Settable) -> App {
    app_with(db, morning, &[]).await
}

/// The same with these settings.
pub(crate) async fn app_with(db: &Database, morning: &clock::Settable, settings: &[(&str, &str)]) -> App {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let store = [("store.url", db.url.as_str())];
    let flags = store.iter().chain(settings);
    let config = config::Config::load(&config::Sources {
        flags: flags
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
        ..config::Sources::default()
    });
    App::open(db.store.clone(), config.unwrap(), morning.clock())
        .await
        .unwrap()
}

/// A reader who lives there, entered by hand.
pub(crate) fn reader(brief: BriefId, zone: &str) -> NewSubscriber {
    NewSubscriber {
        brief,
        email: "reader@example.org".parse().unwrap(),
        home: Home::of("", Some((zone.parse().unwrap(), ZoneOrigin::Import)), &Zone::UTC),
        state: SubscriberState::Active,
        token: "0".repeat(32),
        consent: Consent {
            kind: ConsentKind::Entered,
            at: MORNING,
            sentence: "By hand".to_owned(),
            means: Means::Editor,
        },
    }
}

/// Adds a job that panics as often as a job is tried.
async fn fail(app: &App, morning: &clock::Settable, kind: Kind, id: i64) {
    let mut tx = app.store.begin().await.unwrap();
    rows::insert(&mut tx, &kind.job(id, app.now()), app.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    for _ in 0..TRIES {
        let claimed = rows::claim(&app.store, &[kind.as_str()], &[], LEASE_MILLIS, app.now()).await;
        let panic = tokio::spawn(async { panic!("this is too much, ann@example.org") }).await;
        conclude(app, &claimed.unwrap().unwrap(), panic).await.unwrap();
        morning.forward(app.now().plus(3_600_000));
    }
}

#[tokio::test]
async fn a_job_that_panics_has_failed_and_is_given_up_after_its_tries() {
    let db = reveille_testkit::sqlite_database().await;
    let morning = clock::Settable::starting_at(MORNING);
    let app = app(&db, &morning).await;
    fail(&app, &morning, Kind::ReadItem, 1).await;
    let failed = rows::failed(&db.store, 2).await.unwrap();
    assert_eq!((failed.len(), failed[0].attempts), (1, TRIES));
    assert!(failed[0].error.contains("this is too much"), "{failed:?}");
}

#[tokio::test]
async fn a_mail_that_was_asked_for_is_tried_for_two_days() {
    let db = reveille_testkit::sqlite_database().await;
    let morning = clock::Settable::starting_at(MORNING);
    let app = app(&db, &morning).await;
    let kind = Kind::SendConfirmation;
    fail(&app, &morning, kind, 1).await;
    assert_eq!(rows::failed(&db.store, 2).await.unwrap(), []);
    let mut last = app.now();
    loop {
        let claimed = rows::claim(&app.store, &[kind.as_str()], &[], LEASE_MILLIS, app.now()).await;
        let Some(job) = claimed.unwrap() else { break };
        let panic = tokio::spawn(async { panic!("no mail server") }).await;
        conclude(&app, &job, panic).await.unwrap();
        last = app.now();
        morning.forward(last.plus(LONGEST_PAUSE_MILLIS));
    }
    // The first tries were an hour apart.
    assert_eq!(last.since(MORNING) / 3_600_000, 8 + 47);
    assert_eq!(rows::failed(&db.store, 2).await.unwrap().len(), 1);
}

#[tokio::test]
async fn readers_do_not_wait_behind_a_backlog_of_pages() {
    let db = reveille_testkit::sqlite_database().await;
    let morning = clock::Settable::starting_at(MORNING);
    let app = app(&db, &morning).await;
    let (workers, now) = (app.config.gather.workers, app.now());
    let mut tx = app.store.begin().await.unwrap();
    for id in 1..=3 {
        let page = Kind::ReadItem.job(id, now.plus(-3_600_000));
        rows::insert(&mut tx, &page, now).await.unwrap();
    }
    for kind in [Kind::CompileEdition, Kind::DeliverEdition] {
        rows::insert(&mut tx, &kind.job(1, now), now).await.unwrap();
    }
    tx.commit().await.unwrap();
    morning.forward(now.plus(1));
    let mut queue = Queue::of(&app, &Kind::ALL);
    let mut claimed = Vec::new();
    for running in [0, workers, workers, workers, 0] {
        let next = queue.next(running, &[]).await.unwrap();
        claimed.push(next.map(|job| job.kind));
    }
    let claimed: Vec<_> = claimed.iter().map(Option::as_deref).collect();
    let [compile, deliver, page] =
        [Kind::CompileEdition, Kind::DeliverEdition, Kind::ReadItem].map(Kind::as_str);
    assert_eq!(claimed, [Some(compile), Some(deliver), None, None, Some(page)]);
}

/// An edition of a brief with one editor.
async fn edition(db: &Database) -> EditionId {
    let brief = Brief {
        editors: vec!["ed@desk.example".parse().unwrap()],
        ..Brief::named("morning".parse().unwrap(), "The Morning Brief")
    };
    let edition: Edition = serde_json::from_value(serde_json::json!({
        "slug": "morning", "name": "The Morning Brief", "day": "2026-03-10", "compiled": MORNING, "sections": [],
    }))
    .unwrap();
    let mut tx = db.store.begin().await.unwrap();
    let Inserted::New(brief) = briefs::insert(&mut tx, &brief, MORNING).await.unwrap() else {
        panic!("there is a brief already")
    };
    let drafted = insert_draft(&mut tx, brief, &edition, "[]").await.unwrap();
    tx.commit().await.unwrap();
    let Drafted::New(id) = drafted else {
        panic!("{drafted:?}")
    };
    id
}

#[tokio::test]
async fn what_is_owed_to_readers_is_tried_on_and_its_editors_are_told_once() {
    let db = reveille_testkit::sqlite_database().await;
    let morning = clock::Settable::starting_at(MORNING);
    let (app, edition) = (app(&db, &morning).await, edition(&db).await);
    for kind in [Kind::PlanDeliveries, Kind::DeliverEdition] {
        fail(&app, &morning, kind, edition.0).await;
        let next = rows::claim(&app.store, &[kind.as_str()], &[], LEASE_MILLIS, app.now()).await;
        let next = next.unwrap().unwrap();
        assert_eq!(next.attempts, TRIES + 1, "{kind:?}");
        let panic = tokio::spawn(async { panic!("and again") }).await;
        conclude(&app, &next, panic).await.unwrap();
    }
    assert_eq!(rows::failed(&db.store, 2).await.unwrap(), []);
    let told = alerts::due(&db.store, app.now(), 9).await.unwrap();
    assert_eq!(told.len(), 2, "once for each step");
    let alert = alerts::find(&db.store, told[0]).await.unwrap().unwrap();
    assert_eq!((alert.edition, alert.kind), (edition, AlertKind::Stuck));
    let words = alert.words.unwrap();
    assert!(words.contains("this is too much, …"), "{words}");
}
