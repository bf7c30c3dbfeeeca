//! Tokens of calls, each with the event that it came with first.

use reveille_store::service_calls::{bind, purge};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MORNING};

#[tokio::test]
async fn a_token_belongs_to_one_event_until_it_is_forgotten() {
    for db in databases().await {
        let later = MORNING.plus(HOUR);
        let bind = async |token, event, at| bind(&db.store, token, event, at).await.unwrap();
        assert!(bind("one", "bounce", MORNING).await, "{}", db.name);
        assert!(bind("one", "bounce", later).await, "{}: a repeat", db.name);
        assert!(!bind("one", "complaint", later).await, "{}: a replay", db.name);
        assert!(bind("two", "complaint", later).await, "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(purge(&mut tx, later).await.unwrap(), 1, "{}", db.name);
        tx.commit().await.unwrap();
        assert!(bind("one", "complaint", later).await, "{}", db.name);
        assert!(!bind("two", "bounce", later).await, "{}", db.name);
    }
}
