//! Articles, their versions, and the window that a folding looks at.

use reveille_model::{ArticleId, UnixMillis};
use reveille_store::{
    articles::{self, NewArticle, Upserted},
    briefs,
};
use reveille_testkit::databases;

use crate::fixture::{HOUR, HOUR_OF, MINUTE, MORNING, article, brief, source, stored_article, url};

fn new(source: reveille_model::SourceId, text: &str, published: Option<UnixMillis>) -> NewArticle {
    NewArticle {
        item: None,
        source,
        url: url("https://herald.example/a"),
        article: article("Bridge opens", text, published),
        wire: None,
        fetched_at: MORNING.plus(HOUR),
    }
}

#[tokio::test]
async fn a_changed_text_is_a_new_version_and_the_old_one_stays() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let first = articles::upsert(&mut tx, &new(herald, "One.", Some(MORNING)))
            .await
            .unwrap();
        assert!(first.changed && first.version == 1);
        let same = articles::upsert(&mut tx, &new(herald, "One.", Some(MORNING)))
            .await
            .unwrap();
        assert_eq!(
            same,
            Upserted {
                changed: false,
                ..first
            },
            "{}",
            db.name
        );
        let mut later = new(herald, "Two.", Some(MORNING.plus(MINUTE)));
        later.fetched_at = MORNING.plus(2 * HOUR);
        let second = articles::upsert(&mut tx, &later).await.unwrap();
        assert_eq!(second, Upserted { version: 2, ..first }, "{}", db.name);
        tx.commit().await.unwrap();

        let found = articles::find(&db.store, first.id).await.unwrap().unwrap();
        assert_eq!(
            (&found.article, found.version),
            (&later.article, 2),
            "{}",
            db.name
        );
        assert_eq!(
            (found.published_at, found.fetched_at),
            (MORNING.plus(MINUTE), MORNING.plus(2 * HOUR))
        );
        assert_eq!(
            (found.carrier.as_str(), found.weight, found.story),
            ("The herald", 1.5, None)
        );
        let by_url = articles::find_by_url(&db.store, &later.url).await.unwrap();
        assert_eq!(by_url.map(|found| found.id), Some(first.id));
        let versions = articles::versions(&db.store, first.id).await.unwrap();
        assert_eq!(versions.len(), 1, "{}", db.name);
        assert_eq!(
            versions[0].article,
            article("Bridge opens", "One.", Some(MORNING))
        );
        assert_eq!(
            (versions[0].version, versions[0].fetched_at),
            (1, MORNING.plus(HOUR))
        );
        assert_eq!(articles::count(&db.store).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn an_undated_article_keeps_its_place_when_it_changes() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let id = articles::upsert(&mut tx, &new(herald, "One.", None))
            .await
            .unwrap()
            .id;
        let mut later = new(herald, "Two.", None);
        later.fetched_at = MORNING.plus(9 * HOUR);
        articles::upsert(&mut tx, &later).await.unwrap();
        tx.commit().await.unwrap();
        let found = articles::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(
            found.published_at,
            MORNING.plus(HOUR),
            "{}: when it was first read",
            db.name
        );
    }
}

#[tokio::test]
async fn nothing_is_published_after_it_was_read() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let ahead = new(
            herald,
            "By a clock that is ahead.",
            Some(MORNING.plus(900 * HOUR)),
        );
        let id = articles::upsert(&mut tx, &ahead).await.unwrap().id;
        tx.commit().await.unwrap();
        let found = articles::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(found.published_at, ahead.fetched_at, "{}", db.name);
        assert_eq!(found.article.published, ahead.article.published, "{}", db.name);
    }
}

#[tokio::test]
async fn a_window_is_ordered_alike_on_both_and_keeps_to_a_briefs_sources() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let (herald, other) = (source(&mut tx, "herald").await, source(&mut tx, "other").await);
        let morning = brief(&mut tx).await;
        // By people's order a < B; by bytes B < a. Both databases must take bytes.
        let lower = stored_article(&mut tx, herald, "a", 1).await;
        let upper = stored_article(&mut tx, herald, "B", 1).await;
        let first = stored_article(&mut tx, other, "z", 0).await;
        stored_article(&mut tx, herald, "too-late", 60).await;
        stored_article(&mut tx, herald, "too-early", -1).await;
        tx.commit().await.unwrap();
        let window = |brief| articles::window(&db.store, HOUR_OF, brief);
        let ids = |list: Vec<articles::StoredArticle>| list.iter().map(|a| a.id).collect::<Vec<ArticleId>>();
        assert_eq!(
            ids(window(None).await.unwrap()),
            [first, upper, lower],
            "{}",
            db.name
        );
        assert_eq!(
            ids(window(Some(morning)).await.unwrap()),
            [first, upper, lower],
            "{}",
            db.name
        );
        let mut tx = db.store.begin().await.unwrap();
        briefs::set_sources(&mut tx, morning, &[herald]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            ids(window(Some(morning)).await.unwrap()),
            [upper, lower],
            "{}",
            db.name
        );
        assert_eq!(
            ids(window(None).await.unwrap()),
            [first, upper, lower],
            "{}",
            db.name
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_read_one_page_at_once_lose_no_version() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        tx.commit().await.unwrap();
        let mut tasks = Vec::new();
        for n in 0..8 {
            let store = db.store.clone();
            tasks.push(tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let text = format!("Text {n}.");
                let upserted = articles::upsert(&mut tx, &new(herald, &text, Some(MORNING)))
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
                upserted
            }));
        }
        let mut versions = Vec::new();
        let mut id = ArticleId(0);
        for task in tasks {
            let upserted = task.await.unwrap();
            id = upserted.id;
            versions.push(upserted.version);
        }
        versions.sort_unstable();
        assert_eq!(versions, (1..=8).collect::<Vec<u32>>(), "{}", db.name);
        assert_eq!(
            articles::versions(&db.store, id).await.unwrap().len(),
            7,
            "{}",
            db.name
        );
    }
}
