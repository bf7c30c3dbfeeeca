//! Sections of events, as they stand between two mornings.

use reveille_model::{EventSection, EventSectionId, EventState, StoryId};
use reveille_store::event_sections;
use reveille_testkit::databases;

use crate::fixture::brief;

fn section(name: &str, last: &str, state: EventState) -> EventSection {
    EventSection {
        name: name.to_owned(),
        keywords: vec!["quay fire".to_owned()],
        state,
        stories: [StoryId(7), StoryId(3)].into(),
        beside: [(StoryId(7), StoryId(3))].into(),
        removed: [StoryId(5)].into(),
        opened: "2026-03-01".parse().unwrap(),
        last: last.parse().unwrap(),
        reasons: vec!["opened 2026-03-01: 12 newsrooms in one night".to_owned()],
    }
}

#[tokio::test]
async fn open_sections_and_those_of_late_are_listed_and_changed_by_one_at_a_time() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let sections = [
            section("Fire", "2026-03-02", EventState::Open),
            section("Strike", "2026-03-02", EventState::Ended),
            section("Trial", "2026-03-09", EventState::Closed),
        ];
        for section in &sections {
            event_sections::insert(&mut tx, morning, section).await.unwrap();
        }
        tx.commit().await.unwrap();
        let since = "2026-03-09".parse().unwrap();
        let listed = event_sections::list(&db.store, morning, since).await.unwrap();
        let names = listed.iter().map(|stored| &stored.section);
        assert!(names.eq([&sections[0], &sections[2]]), "{}", db.name);

        let mut mine = listed[0].clone();
        mine.section.state = EventState::Ended;
        let mut tx = db.store.begin().await.unwrap();
        assert!(
            event_sections::update(&mut tx, &mine).await.unwrap(),
            "{}",
            db.name
        );
        assert!(
            !event_sections::update(&mut tx, &listed[0]).await.unwrap(),
            "{}: too late",
            db.name
        );
        tx.commit().await.unwrap();
        let found = event_sections::find(&db.store, mine.id).await.unwrap().unwrap();
        assert_eq!((found.section, found.changes), (mine.section, 1), "{}", db.name);
        let listed = event_sections::list(&db.store, morning, since).await.unwrap();
        assert_eq!(listed.len(), 1, "{}", db.name);
        let none = event_sections::find(&db.store, EventSectionId(4711))
            .await
            .unwrap();
        assert_eq!(none, None, "{}", db.name);
    }
}
