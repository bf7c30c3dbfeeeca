//! Full text: the same articles on both databases.

use reveille_store::{
    articles::{self, NewArticle},
    search, sources,
};
use reveille_testkit::databases;

use crate::fixture::{MORNING, article, source, url};

async fn titles(store: &reveille_store::Store, query: &str) -> Vec<String> {
    search::articles(store, query, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|hit| hit.title)
        .collect()
}

#[tokio::test]
async fn every_word_must_be_there_and_none_is_an_operator() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let texts = [
            ("Bridge reopens", "The ferry stopped for good."),
            (
                "Ferry stops",
                "Since the bridge is back, nobody needs it. Nobody!",
            ),
            ("Überfahrt endet", "Die Fähre liegt still."),
        ];
        for (n, (title, text)) in texts.into_iter().enumerate() {
            let url = url(&format!("https://herald.example/{n}"));
            let article = article(title, text, Some(MORNING.plus(n as i64)));
            let new = NewArticle {
                item: None,
                source: herald,
                url,
                article,
                wire: None,
                fetched_at: MORNING,
            };
            articles::upsert(&mut tx, &new).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(
            titles(&db.store, "bridge").await,
            ["Bridge reopens", "Ferry stops"],
            "{}",
            db.name
        );
        assert_eq!(titles(&db.store, "FERRY, bridge?").await.len(), 2, "{}", db.name);
        assert_eq!(
            titles(&db.store, "ferry NOT bridge").await,
            Vec::<String>::new(),
            "{}",
            db.name
        );
        assert_eq!(
            titles(&db.store, "überfahrt fähre").await,
            ["Überfahrt endet"],
            "{}",
            db.name
        );
        assert_eq!(
            titles(&db.store, "\" ( ) * : & | ! '").await,
            Vec::<String>::new(),
            "{}",
            db.name
        );
        assert_eq!(
            titles(&db.store, "\"nobody\" needs*").await,
            ["Ferry stops"],
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn no_query_is_an_error() {
    let mut queries = vec![
        "x ".repeat(100_000),
        "\u{0}\u{fffd}\u{300}\u{b2}\u{1f600}".to_owned(),
    ];
    // Every character that either database's query language could know, in and between words.
    queries.extend((' '..'\u{17f}').map(|c| format!("{c} a{c}b {c}and {c}{c} near({c}, 3) title:{c}*")));
    for db in databases().await {
        for query in &queries {
            if let Err(error) = search::articles(&db.store, query, 1).await {
                panic!("{}: {query:?}: {error:?}", db.name);
            }
        }
    }
}

#[tokio::test]
async fn the_index_follows_changes_and_removals() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let mut new = NewArticle {
            item: None,
            source: herald,
            url: url("https://herald.example/a"),
            article: article("Bridge reopens", "Text.", Some(MORNING)),
            wire: None,
            fetched_at: MORNING,
        };
        articles::upsert(&mut tx, &new).await.unwrap();
        new.article.title = "Bridge closes".to_owned();
        articles::upsert(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        assert!(titles(&db.store, "reopens").await.is_empty(), "{}", db.name);
        assert_eq!(
            titles(&db.store, "closes").await,
            ["Bridge closes"],
            "{}",
            db.name
        );
        let mut tx = db.store.begin().await.unwrap();
        sources::delete(&mut tx, herald).await.unwrap();
        tx.commit().await.unwrap();
        assert!(titles(&db.store, "closes").await.is_empty(), "{}", db.name);
    }
}

#[tokio::test]
async fn an_endless_text_is_kept_and_found() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let mut text = String::from("Beginning. ");
        for n in 0..200_000 {
            text.push_str(&format!("wort{n} "));
        }
        let article = article("Endless", &text, Some(MORNING));
        let url = url("https://herald.example/endless");
        let new = NewArticle {
            item: None,
            source: herald,
            url,
            article,
            wire: None,
            fetched_at: MORNING,
        };
        articles::upsert(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            titles(&db.store, "beginning wort77").await,
            ["Endless"],
            "{}",
            db.name
        );
    }
}
