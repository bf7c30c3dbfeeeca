//! How often the links of mails were followed.

use std::collections::BTreeMap;

use reveille_model::EditionState;
use reveille_store::clicks;
use reveille_testkit::{databases, rows};

use crate::fixture::{MORNING, brief, edition};

#[tokio::test]
async fn clicks_add_up_by_entry_and_by_edition() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let first = edition(&mut tx, morning, "2026-03-10").await;
        let second = edition(&mut tx, morning, "2026-03-11").await;
        let draft = edition(&mut tx, morning, "2026-03-12").await;
        for released in [first, second] {
            rows::bring_edition(&mut tx, released, EditionState::Approved, MORNING)
                .await
                .unwrap();
        }
        for (number, count) in [(1, 2), (7, 40), (1, 3)] {
            let counted = BTreeMap::from([((first, number), count), ((draft, 1), 1)]);
            clicks::add(&mut tx, &counted).await.unwrap();
        }
        clicks::add(&mut tx, &BTreeMap::new()).await.unwrap();
        tx.commit().await.unwrap();
        let counted = clicks::of_edition(&db.store, first).await.unwrap();
        assert_eq!(counted, BTreeMap::from([(1, 5), (7, 40)]), "{}", db.name);
        let all = clicks::of_brief(&db.store, morning, 9).await.unwrap();
        let all: Vec<_> = all
            .iter()
            .map(|(day, clicks)| (day.to_string(), *clicks))
            .collect();
        let expected = [("2026-03-11".to_owned(), 0), ("2026-03-10".to_owned(), 45)];
        assert_eq!(all, expected, "{}: of what is out, newest first", db.name);
        assert_eq!(
            clicks::of_brief(&db.store, morning, 1).await.unwrap().len(),
            1,
            "{}",
            db.name
        );
    }
}
