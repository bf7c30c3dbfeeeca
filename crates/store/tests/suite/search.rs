//! Full text: the same articles on both databases.

use reveille_model::{BriefId, EditionState};
use reveille_store::{
    articles::{self, NewArticle},
    editions::{self, Drafted, changes::Act},
    search, stories,
};
use reveille_testkit::{databases, rows};

use crate::fixture::{MORNING, article, brief, entry, lone_story, new_edition, source, stored_article, url};

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
        let (own, first) = (new.url.clone(), url("https://herald.example/first"));
        new.url = articles::address(&mut tx, &own, Some(&first)).await.unwrap();
        new.article.title = "Bridge opens".to_owned();
        articles::upsert(&mut tx, &new).await.unwrap();
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

#[tokio::test]
async fn printed_entries_are_found_once_the_public_may_see_them() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let herald = source(&mut tx, "herald").await;
        let article = stored_article(&mut tx, herald, "a", 1).await;
        let stories = [lone_story(article)];
        let story = stories::replace_window(&mut tx, MORNING, &stories, &[], MORNING)
            .await
            .unwrap()[0];
        for day in ["2026-03-09", "2026-03-10", "2026-03-11"] {
            let entries = vec![entry(1, story, article), entry(2, story, article)];
            let printed = new_edition(day, entries);
            let Drafted::New(id) = editions::insert_draft(&mut tx, morning, &printed, "[]")
                .await
                .unwrap()
            else {
                panic!("{day} is new");
            };
            if day != "2026-03-11" {
                rows::bring_edition(&mut tx, id, EditionState::Approved, MORNING)
                    .await
                    .unwrap();
            }
            // What takes its place is found, and what it replaced no more.
            let mut amended = new_edition(day, vec![entry(1, story, article), entry(2, story, article)]);
            amended.sections[0].entries[1].headline = "Ferry stops".to_owned();
            let act = Act::own("changed it", MORNING);
            editions::update(&mut tx, id, &amended, "[]", &act).await.unwrap();
        }
        tx.commit().await.unwrap();
        let found = async |query: &str| -> Vec<String> {
            let hits = search::entries(&db.store, morning, query, 3).await.unwrap();
            hits.iter()
                .map(|hit| format!("{} {} {}", hit.day, hit.entry.number, hit.entry.headline))
                .collect()
        };
        assert_eq!(
            found("FERRY").await,
            ["2026-03-10 2 Ferry stops", "2026-03-09 2 Ferry stops"],
            "{}",
            db.name
        );
        assert_eq!(
            found("herald northern sentence headline").await,
            ["2026-03-10 1 Headline 1", "2026-03-09 1 Headline 1"],
            "{}",
            db.name
        );
        assert_eq!(found("one").await.len(), 3, "{}: the limit", db.name);
        for nothing in ["headline 2", "ferry OR headline", "\"", ""] {
            assert!(found(nothing).await.is_empty(), "{}: {nothing}", db.name);
        }
        let other = BriefId(morning.0 + 1);
        assert!(
            search::entries(&db.store, other, "ferry", 9)
                .await
                .unwrap()
                .is_empty()
        );
    }
}
