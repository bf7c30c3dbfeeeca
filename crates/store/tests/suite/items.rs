//! What sources list, and what of it is to be read.

use reveille_model::{CanonicalUrl, Item, ItemState, Topics, UnixMillis};
use reveille_store::{
    articles::{self, NewArticle},
    items,
};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MINUTE, MORNING, article, source, stored_article, url};

fn item(guid: &str, updated: Option<UnixMillis>) -> Item {
    Item {
        guid: guid.to_owned(),
        url: url(&format!("https://herald.example/{}", guid.len())),
        title: format!("Title of {guid}"),
        summary: String::new(),
        published: Some(MORNING),
        updated,
        topics: Topics::of(["Sea", guid]),
    }
}

#[tokio::test]
async fn only_what_is_new_or_changed_later_is_to_be_read() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let other = source(&mut tx, "other").await;
        let all = [
            item("a", None),
            item("bb", Some(MORNING)),
            item("ccc", Some(MORNING)),
            item("a", None),
        ];
        let fresh = items::insert_batch(&mut tx, herald, &all, MORNING).await.unwrap();
        assert_eq!(fresh.len(), 3, "{}", db.name);
        assert_eq!(fresh[1].1, all[1].url);
        let same = items::insert_batch(&mut tx, herald, &all, MORNING.plus(HOUR))
            .await
            .unwrap();
        assert!(same.is_empty(), "{}: {same:?}", db.name);
        items::set_read(&mut tx, fresh[1].0).await.unwrap();
        let again = [
            item("a", Some(MORNING)),
            item("bb", Some(MORNING.plus(1))),
            item("ccc", None),
        ];
        let changed = items::insert_batch(&mut tx, herald, &again, MORNING.plus(HOUR))
            .await
            .unwrap();
        assert_eq!(changed, [fresh[1].clone()], "{}", db.name);
        let elsewhere = items::insert_batch(&mut tx, other, &all[..1], MORNING)
            .await
            .unwrap();
        assert_eq!(elsewhere.len(), 1, "{}: a guid is one source's own", db.name);
        tx.commit().await.unwrap();
        let found = items::find(&db.store, fresh[1].0).await.unwrap().unwrap();
        assert_eq!(
            (found.state, &found.item),
            (ItemState::Seen, &again[1]),
            "{}",
            db.name
        );
        assert_eq!((found.seen_at, found.source), (MORNING, herald));
    }
}

#[tokio::test]
async fn an_item_says_how_far_it_has_come() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let old = items::insert_batch(&mut tx, herald, &[item("a", None)], MORNING)
            .await
            .unwrap();
        let new = items::insert_batch(&mut tx, herald, &[item("bb", None)], MORNING.plus(MINUTE))
            .await
            .unwrap();
        items::set_failed(&mut tx, old[0].0, "404 Not Found")
            .await
            .unwrap();
        items::set_read(&mut tx, new[0].0).await.unwrap();
        tx.commit().await.unwrap();
        let list = items::list(&db.store, herald, 9).await.unwrap();
        let states: Vec<_> = list
            .iter()
            .map(|item| (item.id, item.state, item.error.as_deref()))
            .collect();
        let expected = [
            (new[0].0, ItemState::Read, None),
            (old[0].0, ItemState::Failed, Some("404 Not Found")),
        ];
        assert_eq!(states, expected, "{}", db.name);
    }
}

#[tokio::test]
async fn a_page_that_two_sources_list_is_read_once_until_it_changes() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let (front, world) = (source(&mut tx, "front").await, source(&mut tx, "world").await);
        let mut ids = Vec::new();
        for (at, source, updated) in [
            (MORNING, front, None),
            (MORNING.plus(MINUTE), world, None),
            (MORNING.plus(2 * HOUR), source(&mut tx, "late").await, None),
            (
                MORNING.plus(MINUTE),
                source(&mut tx, "changed").await,
                Some(MORNING.plus(1)),
            ),
        ] {
            let fresh = items::insert_batch(&mut tx, source, &[item("a", updated)], at).await;
            ids.push(fresh.unwrap()[0].0);
        }
        tx.commit().await.unwrap();
        let mut found = Vec::new();
        for id in &ids {
            found.push(items::find(&db.store, *id).await.unwrap().unwrap());
        }
        assert!(
            !items::is_read_elsewhere(&db.store, &found[1], HOUR)
                .await
                .unwrap()
        );
        let mut tx = db.store.begin().await.unwrap();
        items::set_read(&mut tx, ids[0]).await.unwrap();
        tx.commit().await.unwrap();
        for (item, expected) in found.iter().zip([false, true, false, false]) {
            let read = items::is_read_elsewhere(&db.store, item, HOUR).await.unwrap();
            assert_eq!(read, expected, "{}: {item:?}", db.name);
        }
    }
}

#[tokio::test]
async fn what_feeds_should_not_say_is_survived() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let mut endless = item("endless", None);
        endless.url = url(&format!("https://herald.example/{}", "x".repeat(9_000)));
        let mut null = item("nu\0ll", None);
        null.title = "A\0B".to_owned();
        let long = Item {
            guid: "g".repeat(9_000),
            ..item("a", None)
        };
        let batch = [endless, null, long.clone(), long];
        let fresh = items::insert_batch(&mut tx, herald, &batch, MORNING)
            .await
            .unwrap();
        assert_eq!(fresh.len(), 2, "{}", db.name);
        assert!(
            items::insert_batch(&mut tx, herald, &batch, MORNING)
                .await
                .unwrap()
                .is_empty(),
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        assert_eq!(
            items::find(&db.store, fresh[0].0)
                .await
                .unwrap()
                .unwrap()
                .item
                .title,
            "AB"
        );
    }
}

#[tokio::test]
async fn a_long_feed_goes_in_at_once() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let many: Vec<_> = (0..1_700).map(|n| item(&format!("item {n}"), None)).collect();
        let fresh = items::insert_batch(&mut tx, herald, &many, MORNING)
            .await
            .unwrap();
        assert_eq!(fresh.len(), 1_700, "{}", db.name);
        assert!(fresh.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}

#[tokio::test]
async fn an_original_is_added_once_under_its_own_name() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let (digest, other) = (source(&mut tx, "digest").await, source(&mut tx, "other").await);
        let original: CanonicalUrl = url("https://herald.example/original");
        let id = items::insert_original(&mut tx, digest, &original, "The Herald", MORNING)
            .await
            .unwrap()
            .unwrap();
        for source in [digest, other] {
            let again = items::insert_original(&mut tx, source, &original, "The Herald", MORNING).await;
            assert_eq!(again.unwrap(), None, "{}", db.name);
        }
        // Nor is one that was read already.
        stored_article(&mut tx, other, "read", 0).await;
        let read: CanonicalUrl = url("https://herald.example/read");
        let again = items::insert_original(&mut tx, digest, &read, "The Herald", MORNING).await;
        assert_eq!(again.unwrap(), None, "{}", db.name);

        let new = NewArticle {
            item: Some(id),
            source: digest,
            url: original.clone().into(),
            article: article("Tide", "It came early.", Some(MORNING)),
            wire: None,
            fetched_at: MORNING,
        };
        articles::upsert(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        let stored = articles::find_by_url(&db.store, &original.into())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(stored.carrier, "The Herald", "{}", db.name);
        let item = items::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(item.carrier.as_deref(), Some("The Herald"));
    }
}
