//! A brief is removed while nothing has come of it.

use reveille_model::{BriefId, EditionState, EventSection, EventState, SubscriberState};
use reveille_store::{Store, briefs, editions, event_sections, subscribers};
use reveille_testkit::{databases, rows};

use crate::fixture::{MORNING, brief, edition, new_brief, new_subscriber};

async fn delete(store: &Store, id: BriefId) -> bool {
    let mut tx = store.begin().await.unwrap();
    let is_gone = briefs::delete(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    is_gone
}

fn section() -> EventSection {
    EventSection {
        name: "Fire".to_owned(),
        keywords: Vec::new(),
        state: EventState::Open,
        stories: [].into(),
        beside: [].into(),
        removed: [].into(),
        opened: "2026-03-01".parse().unwrap(),
        last: "2026-03-02".parse().unwrap(),
        reasons: Vec::new(),
    }
}

#[tokio::test]
async fn a_brief_goes_with_its_drafts_and_stays_with_its_readers_and_editions() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let evening = briefs::insert(&mut tx, &new_brief("evening"), MORNING).await;
        let evening = evening.unwrap().id();
        let wrong = briefs::insert(&mut tx, &new_brief("wrong"), MORNING).await;
        let wrong = wrong.unwrap().id();
        let reader = new_subscriber(morning, 1, SubscriberState::Pending);
        subscribers::insert(&mut tx, &reader).await.unwrap();
        let out = edition(&mut tx, evening, "2026-03-10").await;
        rows::bring_edition(&mut tx, out, EditionState::Approved, MORNING)
            .await
            .unwrap();
        edition(&mut tx, wrong, "2026-03-10").await;
        event_sections::insert(&mut tx, wrong, &section()).await.unwrap();
        tx.commit().await.unwrap();

        for (id, is_gone) in [(morning, false), (evening, false), (wrong, true), (wrong, false)] {
            assert_eq!(delete(&db.store, id).await, is_gone, "{}: {id}", db.name);
        }
        let left = briefs::list(&db.store).await.unwrap();
        let left: Vec<_> = left.into_iter().map(|stored| stored.id).collect();
        assert_eq!(left, [morning, evening], "{}", db.name);
        let drafts = editions::list(&db.store, wrong, 9).await.unwrap();
        assert!(drafts.is_empty(), "{}", db.name);
    }
}
