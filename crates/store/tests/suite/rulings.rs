//! What editors decided.

use reveille_model::{Pair, Ruling};
use reveille_store::rulings;
use reveille_testkit::databases;

use crate::fixture::{MORNING, source, stored_article};

#[tokio::test]
async fn rulings_are_listed_in_the_order_in_which_they_were_made_and_can_be_taken_back() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let a = stored_article(&mut tx, herald, "a", 0).await;
        let b = stored_article(&mut tx, herald, "b", 1).await;
        let pair = Pair { article: b, with: a };
        let made = [
            Ruling::SameText(pair),
            Ruling::OtherStory(pair),
            Ruling::Original {
                article: a,
                name: "Northern Wire".to_owned(),
                own: None,
            },
        ];
        let mut ids = Vec::new();
        for ruling in &made {
            ids.push(rulings::insert(&mut tx, ruling, MORNING).await.unwrap());
        }
        tx.commit().await.unwrap();
        let listed = rulings::list(&db.store).await.unwrap();
        assert!(
            listed.iter().map(|stored| &stored.ruling).eq(&made),
            "{}",
            db.name
        );
        assert!(
            listed.iter().map(|stored| stored.id).eq(ids.iter().copied()),
            "{}",
            db.name
        );

        let mut tx = db.store.begin().await.unwrap();
        let taken = rulings::delete(&mut tx, ids[0]).await.unwrap();
        assert_eq!(taken.as_ref(), Some(&made[0]), "{}", db.name);
        assert_eq!(
            rulings::delete(&mut tx, ids[0]).await.unwrap(),
            None,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        assert_eq!(rulings::list(&db.store).await.unwrap().len(), 2, "{}", db.name);
    }
}
