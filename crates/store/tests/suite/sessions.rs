//! Links to the desk and the sessions that they begin.

use reveille_model::SessionId;
use reveille_store::sessions::{self, LINK_MILLIS, LONGEST_SESSION_MILLIS, SESSION_MILLIS};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MORNING};

#[tokio::test]
async fn a_link_is_used_once_while_it_is_good() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        for token in ["t1", "t2"] {
            sessions::insert_link(&mut tx, "Ann", token, MORNING)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let last = MORNING.plus(LINK_MILLIS - 1);
        let ann = Some("Ann".to_owned());
        assert_eq!(
            sessions::find_link(&db.store, "t1", last).await.unwrap(),
            ann,
            "{}",
            db.name
        );
        for (token, at) in [("t1", MORNING.plus(LINK_MILLIS)), ("t3", MORNING)] {
            assert_eq!(
                sessions::find_link(&db.store, token, at).await.unwrap(),
                None,
                "{}",
                db.name
            );
        }
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(sessions::take_link(&mut tx, "t1", last).await.unwrap(), ann);
        assert_eq!(
            sessions::take_link(&mut tx, "t1", last).await.unwrap(),
            None,
            "{}",
            db.name
        );
        let late = last.plus(1);
        assert_eq!(
            sessions::take_link(&mut tx, "t2", late).await.unwrap(),
            None,
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_session_lasts_while_it_is_used_and_until_it_is_ended() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        for (editor, token) in [("Ann", "t1"), ("Bob", "t2")] {
            sessions::insert(&mut tx, editor, Some("Example/1.0"), token, MORNING)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let find = async |token: &str, at| sessions::find(&db.store, token, at).await.unwrap();
        let ann = find("t1", MORNING.plus(SESSION_MILLIS - 1)).await.unwrap();
        assert_eq!(
            (ann.editor.as_str(), ann.agent.as_deref()),
            ("Ann", Some("Example/1.0"))
        );
        assert_eq!(
            find("t1", MORNING.plus(SESSION_MILLIS)).await,
            None,
            "{}",
            db.name
        );
        assert_eq!(find("t3", MORNING).await, None, "{}", db.name);

        let mut tx = db.store.begin().await.unwrap();
        sessions::renew(&mut tx, ann.id, MORNING.plus(LONGEST_SESSION_MILLIS - HOUR))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let (last, end) = (LONGEST_SESSION_MILLIS - 1, LONGEST_SESSION_MILLIS);
        assert!(find("t1", MORNING.plus(last)).await.is_some(), "{}", db.name);
        assert_eq!(
            find("t1", MORNING.plus(end)).await,
            None,
            "{}: a week is the longest",
            db.name
        );
        let listed = sessions::list(&db.store, MORNING.plus(HOUR)).await.unwrap();
        let editors: Vec<_> = listed.iter().map(|session| session.editor.as_str()).collect();
        assert_eq!(editors, ["Ann", "Bob"], "{}: latest seen first", db.name);

        let mut tx = db.store.begin().await.unwrap();
        assert!(sessions::delete(&mut tx, ann.id).await.unwrap());
        assert!(!sessions::delete(&mut tx, SessionId(999)).await.unwrap());
        sessions::insert_link(&mut tx, "Eve", "t4", MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find("t1", MORNING).await, None, "{}", db.name);
        assert!(find("t2", MORNING).await.is_some(), "{}", db.name);

        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(sessions::delete_all(&mut tx).await.unwrap(), 1, "{}", db.name);
        tx.commit().await.unwrap();
        assert_eq!(find("t2", MORNING).await, None, "{}", db.name);
        assert_eq!(sessions::find_link(&db.store, "t4", MORNING).await.unwrap(), None);
    }
}
