//! Files of watched folders, and the names under which a message is known.

use reveille_model::{ArticleState, Revision, UnixMillis, Uri};
use reveille_store::{
    articles::{self, NewArticle, WireVersion},
    files::{self, File},
};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MORNING, article, source, url};

#[tokio::test]
async fn a_file_is_remembered_as_it_was_last_read() {
    for db in databases().await {
        let file = |size, error: Option<&str>| File {
            path: "today/flash.xml".to_owned(),
            size,
            modified_at: MORNING,
            digest: files::digest(b"contents"),
            error: error.map(str::to_owned),
        };
        let mut tx = db.store.begin().await.unwrap();
        let (one, two) = (source(&mut tx, "one").await, source(&mut tx, "two").await);
        files::upsert(&mut tx, one, &file(7, Some("it ends in the middle")), MORNING)
            .await
            .unwrap();
        files::upsert(&mut tx, two, &file(9, None), MORNING)
            .await
            .unwrap();
        files::upsert(&mut tx, one, &file(8, None), MORNING.plus(HOUR))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let known = files::list(&db.store, one).await.unwrap();
        assert_eq!(
            known.into_values().collect::<Vec<_>>(),
            [file(8, None)],
            "{}",
            db.name
        );
    }
}

fn take(source: reveille_model::SourceId, address: Uri, number: i64) -> NewArticle {
    NewArticle {
        item: None,
        source,
        url: address,
        article: article("Frost", &format!("Take {number}."), Some(MORNING)),
        wire: Some(WireVersion {
            revision: Revision {
                number: None,
                at: Some(UnixMillis(number)),
            },
            state: ArticleState::Standing,
            note: None,
            not_before: None,
        }),
        fetched_at: MORNING,
    }
}

#[tokio::test]
async fn messages_that_replace_one_another_are_one_article_in_whatever_order_they_come() {
    // Each replaces the one before, under a name of its own.
    let chain = [
        ("urn:m:1", None),
        ("urn:m:2", Some("urn:m:1")),
        ("urn:m:3", Some("urn:m:2")),
    ];
    for db in databases().await {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut tx = db.store.begin().await.unwrap();
            let agency = source(&mut tx, "agency").await;
            let within = |name: &str| {
                url::<Uri>(&format!(
                    "{name}:{}",
                    order.map(|n: usize| n.to_string()).concat()
                ))
            };
            for at in order {
                let (name, replaces) = chain[at];
                let replaces = replaces.map(within);
                let address = articles::address(&mut tx, &within(name), replaces.as_ref())
                    .await
                    .unwrap();
                articles::upsert(&mut tx, &take(agency, address, at as i64))
                    .await
                    .unwrap();
            }
            tx.commit().await.unwrap();
            let found = articles::find_by_url(&db.store, &within("urn:m:1"))
                .await
                .unwrap();
            let found = found.unwrap_or_else(|| panic!("{} {order:?}: not under the first name", db.name));
            assert_eq!(found.article.text(), "Take 2.", "{} {order:?}", db.name);
            assert_eq!(
                articles::versions(&db.store, found.id).await.unwrap().len(),
                2,
                "{} {order:?}",
                db.name
            );
        }
        assert_eq!(articles::count(&db.store).await.unwrap(), 6, "{}", db.name);
    }
}
