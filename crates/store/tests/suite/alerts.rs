//! What editors are to be told.

use reveille_model::{AlertKind, EmailAddress};
use reveille_store::alerts::{self, Occasion};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MORNING, brief, edition};

#[tokio::test]
async fn each_editor_is_told_of_an_occasion_once_and_until_it_has_left() {
    let editors: Vec<EmailAddress> = ["ann@desk.example", "ben@desk.example"]
        .map(|email| email.parse().unwrap())
        .into();
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let brief = brief(&mut tx).await;
        let edition = edition(&mut tx, brief, "2026-03-10").await;
        let rests = Occasion {
            edition,
            kind: AlertKind::Rests,
            at: MORNING,
            words: Some("451 not now"),
        };
        for now in [MORNING, MORNING.plus(HOUR)] {
            alerts::insert(&mut tx, rests, &editors, now).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(alerts::due(&db.store, MORNING.plus(-1), 9).await.unwrap(), []);
        let due = alerts::due(&db.store, MORNING, 9).await.unwrap();
        let [first, second] = due[..] else {
            panic!("{}: {due:?}", db.name)
        };
        let alert = alerts::find(&db.store, first).await.unwrap().unwrap();
        assert_eq!(
            (
                alert.edition,
                alert.kind,
                &alert.email,
                alert.words.as_deref(),
                alert.tries
            ),
            (edition, AlertKind::Rests, &editors[0], Some("451 not now"), 0),
            "{}",
            db.name
        );

        for (kind, since, expected) in [
            (AlertKind::Rests, MORNING.plus(-1), true),
            (AlertKind::Rests, MORNING, false),
            (AlertKind::Waits, MORNING.plus(-1), false),
        ] {
            let any = alerts::any_since(&db.store, brief, kind, since).await.unwrap();
            assert_eq!(any, expected, "{}: {kind}", db.name);
        }

        let later = MORNING.plus(HOUR);
        let mut tx = db.store.begin().await.unwrap();
        alerts::put_off(&mut tx, first, later).await.unwrap();
        alerts::finish(&mut tx, second).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            alerts::due(&db.store, MORNING, 9).await.unwrap(),
            [],
            "{}",
            db.name
        );
        assert_eq!(
            alerts::due(&db.store, later, 9).await.unwrap(),
            [first],
            "{}",
            db.name
        );
        assert_eq!(
            alerts::find(&db.store, second).await.unwrap(),
            None,
            "{}",
            db.name
        );
        let alert = alerts::find(&db.store, first).await.unwrap().unwrap();
        assert_eq!(alert.tries, 1, "{}", db.name);

        let mut tx = db.store.begin().await.unwrap();
        let forgotten = alerts::purge(&mut tx, later).await.unwrap();
        assert_eq!(forgotten, 1, "{}: what waits is kept", db.name);
        tx.commit().await.unwrap();
    }
}
