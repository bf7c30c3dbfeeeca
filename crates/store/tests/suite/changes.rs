//! What was made of an edition, and what it held before.

use reveille_model::Dropped;
use reveille_store::{
    editions::{
        self, Drafted,
        changes::{self, Act},
    },
    stories,
};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MORNING, brief, entry, lone_story, new_edition, source, stored_article};

#[tokio::test]
async fn each_change_counts_the_revision_up_and_keeps_what_was_before() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let first = new_edition("2026-03-10", Vec::new());
        let drafted = editions::insert_draft(&mut tx, morning, &first, "[]")
            .await
            .unwrap();
        let Drafted::New(id) = drafted else {
            panic!("{drafted:?}")
        };
        let mut second = first.clone();
        second.name = "The Evening Brief".to_owned();
        let act = Act {
            by: "Ann",
            what: "renamed it",
            at: MORNING.plus(HOUR),
        };
        editions::update(&mut tx, id, &second, "[]", &act).await.unwrap();
        // What its checks find anew is no change.
        editions::update(&mut tx, id, &second, "[1]", &act).await.unwrap();
        tx.commit().await.unwrap();
        let found = editions::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!((found.revision, &*found.findings), (2, "[1]"), "{}", db.name);
        let list = changes::list(&db.store, id).await.unwrap();
        assert_eq!(list.len(), 1, "{}: {list:?}", db.name);
        assert_eq!(
            (list[0].from, &*list[0].by, &*list[0].what, list[0].at),
            (1, "Ann", "renamed it", MORNING.plus(HOUR))
        );
        let before = changes::before(&db.store, id, 1).await.unwrap();
        assert_eq!(before, Some(first.clone()), "{}", db.name);
        assert_eq!(changes::before(&db.store, id, 2).await.unwrap(), None);

        let mut tx = db.store.begin().await.unwrap();
        let mut anew = first.clone();
        anew.compiled = MORNING.plus(2 * HOUR);
        editions::insert_draft(&mut tx, morning, &anew, "[]")
            .await
            .unwrap();
        for hour in 3..60 {
            anew.compiled = MORNING.plus(hour * HOUR);
            editions::update(&mut tx, id, &anew, "[]", &act).await.unwrap();
        }
        tx.commit().await.unwrap();
        let found = editions::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!((found.revision, &found.edition), (60, &anew), "{}", db.name);
        let list = changes::list(&db.store, id).await.unwrap();
        assert_eq!((list.len(), list[0].from), (50, 59), "{}: the last ones", db.name);
    }
}

#[tokio::test]
async fn what_was_dropped_is_known_though_the_edition_was_never_released() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let article = stored_article(&mut tx, herald, "a", 0).await;
        let told = [lone_story(article)];
        let stories = stories::replace_window(&mut tx, MORNING, &told, &[], MORNING).await;
        let story = stories.unwrap()[0];
        let morning = brief(&mut tx).await;
        let mut edition = new_edition("2026-03-09", Vec::new());
        edition.dropped.push(Dropped {
            section: "World".to_owned(),
            entry: entry(1, story, article),
        });
        editions::insert_draft(&mut tx, morning, &edition, "[]")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let day = "2026-03-10".parse().unwrap();
        let printed = editions::printed(&db.store, morning, day, 9).await.unwrap();
        let known: Vec<_> = printed
            .iter()
            .map(|entry| (entry.story, entry.article, entry.number))
            .collect();
        assert_eq!(known, [(Some(story), Some(article), None)], "{}", db.name);
        let same = editions::printed(&db.store, morning, edition.day, 9)
            .await
            .unwrap();
        assert_eq!(same, [], "{}", db.name);
    }
}
