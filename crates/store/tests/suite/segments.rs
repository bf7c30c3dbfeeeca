//! Readers by what they have in common.

use reveille_model::{
    BriefId, ConsentKind, DeliveryState, Month, Segment, SubscriberId, SubscriberState, UnixMillis, Zone,
};
use reveille_store::{
    Store, Tx,
    audience::{self, Audience},
    briefs,
    deliveries::{self, Readers, Which},
    figures, reader_tally, segments,
    subscribers::{self, Erasure, NewSubscriber, SignUp},
};
use reveille_testkit::databases;

use crate::fixture::{MINUTE, MORNING, brief, consent, edition, home, new_brief, new_subscriber};

const DAY: i64 = 24 * 60 * MINUTE;

async fn add(tx: &mut Tx, brief: BriefId, number: u32, country: &str, at: UnixMillis) -> SubscriberId {
    let new = new_subscriber(brief, number, SubscriberState::Active);
    let mut consent = new.consent.clone();
    consent.at = at;
    consent.kind = ConsentKind::Entered;
    let new = NewSubscriber {
        home: home(country),
        consent,
        ..new
    };
    match subscribers::insert(tx, &new).await.unwrap() {
        SignUp::New(id) => id,
        SignUp::Known(..) => panic!("it is new"),
    }
}

/// Counted from the tally and from the readers themselves, which must agree.
async fn count(store: &Store, segment: &Segment) -> u64 {
    let counted = segments::count(store, segment).await.unwrap();
    let listed = segments::readers(store, segment, None, 1_000).await.unwrap();
    assert_eq!(counted, listed.len() as u64, "{segment:?}");
    counted
}

#[tokio::test]
async fn a_segment_is_counted_as_it_is_listed_whatever_became_of_its_readers() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let mut german = new_brief("abend");
        german.language = "de".parse().unwrap();
        let evening = briefs::insert(&mut tx, &german, MORNING).await.unwrap().id();
        let mut ids = Vec::new();
        for (number, country, days) in [(1, "DE", 0), (2, "NO", 0), (3, "NO", 20), (4, "NO", 40)] {
            ids.push(add(&mut tx, morning, number, country, MORNING.plus(days * DAY)).await);
        }
        add(&mut tx, evening, 5, "DE", MORNING).await;
        tx.commit().await.unwrap();
        let all = Segment::default();
        let norway = Segment {
            countries: vec!["NO".parse().unwrap()],
            ..all.clone()
        };
        let oslo = Segment {
            zones: vec!["Europe/Oslo".parse().unwrap()],
            ..all.clone()
        };
        let april = Segment {
            from: Some("2026-04".parse().unwrap()),
            ..all.clone()
        };
        let march = Segment {
            until: Some("2026-03".parse().unwrap()),
            ..all.clone()
        };
        let german = Segment {
            languages: vec!["de".parse().unwrap()],
            ..all.clone()
        };
        let of = Segment {
            briefs: vec!["morning".parse().unwrap()],
            ..norway.clone()
        };
        let none = Segment {
            briefs: vec!["noon".parse().unwrap()],
            ..all.clone()
        };
        let store = &db.store;
        for (segment, expected) in [
            (&all, 5),
            (&norway, 3),
            (&oslo, 3),
            (&april, 1),
            (&march, 4),
            (&german, 1),
            (&of, 3),
            (&none, 0),
        ] {
            assert_eq!(count(store, segment).await, expected, "{}: {segment:?}", db.name);
        }
        // What is judged of one reader is what is counted of all.
        let readers = segments::readers(store, &all, None, 10).await.unwrap();
        for segment in [&all, &norway, &oslo, &april, &march] {
            let held = readers
                .iter()
                .filter(|reader| segment.holds(&reader.home, reader.created_at));
            assert_eq!(
                held.count() as u64,
                count(store, segment).await,
                "{}: {segment:?}",
                db.name
            );
        }
        let page = segments::readers(store, &norway, Some(ids[1]), 1).await.unwrap();
        assert_eq!(
            page.iter().map(|reader| reader.id).collect::<Vec<_>>(),
            [ids[2]],
            "{}",
            db.name
        );

        let mut tx = store.begin().await.unwrap();
        subscribers::set_home(&mut tx, ids[1], &home("JP"), MORNING)
            .await
            .unwrap();
        let token = new_subscriber(morning, 3, SubscriberState::Active).token;
        subscribers::leave(&mut tx, &token, &consent(ConsentKind::Left, MORNING))
            .await
            .unwrap();
        reader_tally::fold(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            (count(store, &norway).await, count(store, &all).await),
            (1, 4),
            "{}",
            db.name
        );
        let mut tx = store.begin().await.unwrap();
        let erasure = subscribers::Erasure {
            email: &new_subscriber(morning, 4, SubscriberState::Active).email,
            secret: "s",
            now: MORNING,
        };
        subscribers::erase(&mut tx, &erasure).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            (count(store, &norway).await, count(store, &all).await),
            (0, 3),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn segments_are_kept_under_their_names() {
    for db in databases().await {
        let segment = Segment {
            from: Some("2026-01".parse().unwrap()),
            ..Segment::default()
        };
        let mut tx = db.store.begin().await.unwrap();
        segments::insert(&mut tx, "new", &Segment::default(), MORNING)
            .await
            .unwrap();
        segments::insert(&mut tx, "new", &segment, MORNING).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            segments::find(&db.store, "new").await.unwrap().unwrap().segment,
            segment,
            "{}",
            db.name
        );
        assert_eq!(segments::list(&db.store).await.unwrap().len(), 1);
        let mut tx = db.store.begin().await.unwrap();
        assert!(segments::delete(&mut tx, "new").await.unwrap());
        assert!(!segments::delete(&mut tx, "new").await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(
            segments::find(&db.store, "new").await.unwrap(),
            None,
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn figures_tell_by_month_who_came_and_why_they_went() {
    use reveille_model::{Means, ReturnKind};
    use reveille_store::returns::{self, Return};
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let later = MORNING.plus(30 * DAY);
        for number in 1..=3 {
            let id = add(&mut tx, morning, number, "NO", MORNING).await;
            let mut left = consent(ConsentKind::Left, later);
            if number == 2 {
                left.means = Means::Complaint;
            }
            let token = new_subscriber(morning, number, SubscriberState::Active).token;
            match number {
                3 => {
                    let what = Return {
                        kind: ReturnKind::Hard,
                        reason: "unknown user".to_owned(),
                        status: None,
                        said: String::new(),
                        at: MORNING,
                    };
                    returns::insert(&mut tx, id, None, b"mail", &what).await.unwrap();
                }
                _ => _ = subscribers::leave(&mut tx, &token, &left).await.unwrap(),
            }
        }
        tx.commit().await.unwrap();
        let figures = || async { figures::by_month(&db.store, morning).await.unwrap() };
        let months = figures().await;
        let month = |name: &str| months[&name.parse::<Month>().unwrap()];
        let (march, april) = (month("2026-03"), month("2026-04"));
        assert_eq!((march.came, march.hard, march.left), (3, 1, 0), "{}", db.name);
        assert_eq!(
            (april.came, april.left, april.complained),
            (0, 1, 1),
            "{}",
            db.name
        );

        // Who is erased is counted, once, and takes no number along; added up, they are the same.
        let mut tx = db.store.begin().await.unwrap();
        for number in [1, 3] {
            let erasure = Erasure {
                email: &format!("reader{number}@example.org").parse().unwrap(),
                secret: "secret",
                now: later,
            };
            assert_eq!(subscribers::erase(&mut tx, &erasure).await.unwrap(), 1);
        }
        tx.commit().await.unwrap();
        let before = figures().await;
        let april = before[&"2026-04".parse().unwrap()];
        assert_eq!(
            (april.left, april.erased),
            (1, 1),
            "{}: the first had left before",
            db.name
        );
        let mut tx = db.store.begin().await.unwrap();
        figures::fold(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(figures().await, before, "{}", db.name);
        let states = reader_tally::count_states(&db.store, morning).await.unwrap();
        assert_eq!(
            states.into_iter().collect::<Vec<_>>(),
            [(SubscriberState::Left, 1)],
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn an_audience_narrows_who_an_edition_goes_to() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let mut ids = Vec::new();
        for (number, country, days) in [(1, "DE", 0), (2, "NO", 0), (3, "NO", 40), (4, "NO", 0)] {
            ids.push(add(&mut tx, morning, number, country, MORNING.plus(days * DAY)).await);
        }
        let until = "2026-04-01".parse().unwrap();
        let line = consent(ConsentKind::Changed, MORNING);
        subscribers::pause(&mut tx, ids[3], until, &line).await.unwrap();
        let segment = Segment {
            countries: vec!["NO".parse().unwrap()],
            until: Some(Month::of(MORNING)),
            ..Segment::default()
        };
        segments::insert(&mut tx, "early north", &segment, MORNING)
            .await
            .unwrap();
        let edition = edition(&mut tx, morning, "2026-03-10").await;
        tx.commit().await.unwrap();

        let mut plan = new_brief("morning");
        assert_eq!(audience::find(&db.store, &plan).await.unwrap(), Audience::List);
        let reach = audience::reach(&db.store, &plan).await.unwrap();
        assert_eq!((reach.audience, reach.list), (4, 4), "{}", db.name);
        plan.audience = Some("early north".to_owned());
        let reach = audience::reach(&db.store, &plan).await.unwrap();
        assert_eq!(
            (reach.audience, reach.list),
            (2, 4),
            "{}: who pauses, too",
            db.name
        );
        let audience = audience::find(&db.store, &plan).await.unwrap();
        let audience = audience.segment().unwrap();
        let oslo: Zone = "Europe/Oslo".parse().unwrap();
        for (day, many) in [(None, 1), (Some("2026-03-31"), 1), (Some("2026-04-01"), 2)] {
            let day = day.map(|day| day.parse().unwrap());
            let zones = subscribers::count_by_zone(&db.store, morning, audience, day).await;
            assert_eq!(zones.unwrap(), [(oslo.clone(), many)], "{}: {day:?}", db.name);
        }

        let mut tx = db.store.begin().await.unwrap();
        for zone in ["Europe/Berlin", "Europe/Oslo"] {
            let readers = Readers {
                brief: morning,
                audience,
                zone: &zone.parse().unwrap(),
                after: None,
            };
            deliveries::plan_zone(&mut tx, edition, readers, u32::MAX, MORNING.into(), MORNING)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let planned = deliveries::list(&db.store, edition, Which::In(DeliveryState::Queued), None, 9)
            .await
            .unwrap();
        let to: Vec<_> = planned.iter().map(|delivery| delivery.subscriber).collect();
        assert_eq!(to, [ids[1]], "{}", db.name);

        plan.audience = Some("nobody's".to_owned());
        let gone = audience::find(&db.store, &plan).await.unwrap();
        assert_eq!(gone, Audience::Gone, "{}", db.name);
        assert!(gone.segment().is_err(), "{}: better none than all", db.name);
    }
}
