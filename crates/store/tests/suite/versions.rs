//! Versions of wire messages in whatever order they come, withdrawals, embargoes, and pages asked again.

use reveille_model::{
    ArticleId, ArticleState, EditionState, EntryKey, Notice, NoticeKind, NoticeState, Revision, SourceId,
    Topics, UnixMillis,
};
use reveille_store::{
    Store, Tx,
    articles::{self, NewArticle, Recheck, Upserted, Validators, WireVersion},
    editions::{self, Drafted, changes::Act},
    notices,
    stories::{self, NewStory},
};
use reveille_testkit::{databases, rows};

use crate::fixture::{
    HOUR, HOUR_OF, MINUTE, MORNING, article, brief, entry, lone_story, new_edition, source, stored_article,
    url,
};

/// A message by the number of its version.
fn message(agency: SourceId, number: u32, state: ArticleState, not_before: Option<UnixMillis>) -> NewArticle {
    NewArticle {
        item: None,
        source: agency,
        url: url("https://wire.example/m1"),
        article: article("Bridge opens", &format!("Text {number}."), Some(MORNING)),
        wire: Some(WireVersion {
            revision: Revision {
                number: Some(number),
                at: None,
            },
            state,
            note: (state == ArticleState::Withdrawn).then(|| "Kill: unfounded.".to_owned()),
            not_before,
        }),
        fetched_at: MORNING.plus(MINUTE),
    }
}

async fn put(tx: &mut Tx, new: &NewArticle) -> Upserted {
    articles::upsert(tx, new).await.unwrap()
}

async fn texts(store: &Store, id: ArticleId) -> Vec<String> {
    let versions = articles::versions(store, id).await.unwrap();
    versions.iter().map(|version| version.article.text()).collect()
}

#[tokio::test]
async fn the_newest_version_stands_in_whatever_order_they_come() {
    use ArticleState::Standing;
    let orders = [[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]];
    for db in databases().await {
        for order in orders {
            let mut tx = db.store.begin().await.unwrap();
            let agency = source(&mut tx, "agency").await;
            let mut id = None;
            for number in order {
                let mut new = message(agency, number, Standing, None);
                new.url = url(&format!(
                    "https://wire.example/{}",
                    order.map(|n: u32| n.to_string()).concat()
                ));
                id = Some(put(&mut tx, &new).await.id);
                let again = put(&mut tx, &new).await;
                assert!(!again.changed, "{} {order:?}: the same message twice", db.name);
            }
            tx.commit().await.unwrap();
            let found = articles::find(&db.store, id.unwrap()).await.unwrap().unwrap();
            assert_eq!(found.article.text(), "Text 3.", "{} {order:?}", db.name);
            assert_eq!(
                (found.version, found.revision.number),
                (3, Some(3)),
                "{} {order:?}",
                db.name
            );
            let mut earlier = texts(&db.store, found.id).await;
            earlier.sort();
            assert_eq!(earlier, ["Text 1.", "Text 2."], "{} {order:?}", db.name);
        }
    }
}

#[tokio::test]
async fn a_kill_holds_before_and_after_its_message_and_nothing_lifts_it() {
    use ArticleState::{Standing, Withdrawn};
    for db in databases().await {
        for order in [[1, 2, 3], [2, 1, 3], [2, 3, 1], [3, 2, 1]] {
            let mut tx = db.store.begin().await.unwrap();
            let agency = source(&mut tx, "agency").await;
            let mut id = None;
            for number in order {
                let state = if number == 2 { Withdrawn } else { Standing };
                let mut new = message(agency, number, state, None);
                new.url = url(&format!(
                    "https://wire.example/{}",
                    order.map(|n: u32| n.to_string()).concat()
                ));
                id = Some(put(&mut tx, &new).await.id);
            }
            tx.commit().await.unwrap();
            let found = articles::find(&db.store, id.unwrap()).await.unwrap().unwrap();
            assert_eq!(found.state, Withdrawn, "{} {order:?}", db.name);
            assert_eq!(
                found.state_note.as_deref(),
                Some("Kill: unfounded."),
                "{} {order:?}",
                db.name
            );
        }
        let window = articles::window(&db.store, HOUR_OF, None).await.unwrap();
        assert_eq!(window, [], "{}: none may be printed", db.name);
        assert!(
            !articles::has_unfolded(&db.store, HOUR_OF).await.unwrap(),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn a_withheld_message_comes_back_with_its_next_version() {
    use ArticleState::{Standing, Withheld};
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let agency = source(&mut tx, "agency").await;
        let first = put(&mut tx, &message(agency, 1, Standing, None)).await;
        let mut withheld = message(agency, 2, Withheld, None);
        withheld.article = article("Bridge opens", "Text 1.", Some(MORNING));
        let second = put(&mut tx, &withheld).await;
        assert_eq!(
            second,
            Upserted {
                changed: true,
                ..first
            },
            "{}: the same text",
            db.name
        );
        tx.commit().await.unwrap();
        let state = async || articles::find(&db.store, first.id).await.unwrap().unwrap().state;
        assert_eq!(state().await, Withheld, "{}", db.name);
        let mut tx = db.store.begin().await.unwrap();
        put(&mut tx, &message(agency, 3, Standing, None)).await;
        tx.commit().await.unwrap();
        assert_eq!(state().await, Standing, "{}", db.name);
    }
}

#[tokio::test]
async fn an_embargo_keeps_an_article_out_until_its_hour() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let agency = source(&mut tx, "agency").await;
        let hour = MORNING.plus(30 * MINUTE);
        put(&mut tx, &message(agency, 1, ArticleState::Standing, Some(hour))).await;
        tx.commit().await.unwrap();
        for (now, printed) in [(hour.plus(-1), 0), (hour, 1)] {
            let window = articles::Window { now, ..HOUR_OF };
            let found = articles::window(&db.store, window, None).await.unwrap();
            assert_eq!(found.len(), printed, "{}", db.name);
            assert!(
                found.iter().all(|found| found.published_at == hour),
                "{}",
                db.name
            );
            let waiting = articles::has_unfolded(&db.store, window).await.unwrap();
            assert_eq!(waiting, printed > 0, "{}", db.name);
        }
    }
}

#[tokio::test]
async fn what_may_no_longer_be_printed_waits_to_be_taken_out_of_its_story() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let id = stored_article(&mut tx, herald, "a", 1).await;
        let story = NewStory {
            last: MORNING.plus(MINUTE),
            ..lone_story(id)
        };
        stories::replace_window(&mut tx, MORNING, &[story], &[], MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(!articles::has_unfolded(&db.store, HOUR_OF).await.unwrap());
        let mut tx = db.store.begin().await.unwrap();
        let withdrawn = ArticleState::Withdrawn;
        assert!(
            articles::set_state(&mut tx, id, withdrawn, Some("Wrong."), MORNING)
                .await
                .unwrap()
        );
        assert!(
            !articles::set_state(&mut tx, id, ArticleState::Missing, None, MORNING)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        assert!(
            articles::has_unfolded(&db.store, HOUR_OF).await.unwrap(),
            "{}",
            db.name
        );
        let mut tx = db.store.begin().await.unwrap();
        stories::replace_window(&mut tx, MORNING, &[], &[], MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(
            !articles::has_unfolded(&db.store, HOUR_OF).await.unwrap(),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn pages_that_editions_print_are_asked_again_in_their_time() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let id = stored_article(&mut tx, herald, "a", 0).await;
        stored_article(&mut tx, herald, "unprinted", 0).await;
        let stories = stories::replace_window(&mut tx, MORNING, &[lone_story(id)], &[], MORNING)
            .await
            .unwrap();
        let morning = brief(&mut tx).await;
        let edition = new_edition("2026-03-10", vec![entry(1, stories[0], id)]);
        let Drafted::New(edition) = editions::insert_draft(&mut tx, morning, &edition, "[]")
            .await
            .unwrap()
        else {
            panic!("{}: it was new", db.name);
        };
        tx.commit().await.unwrap();
        let when = |open_before, sent_before| Recheck {
            compiled_since: MORNING,
            open_before,
            sent_before,
        };
        let due = async |when| -> Vec<ArticleId> {
            let due = articles::to_recheck(&db.store, when).await.unwrap();
            due.into_iter().map(|(id, _)| id).collect()
        };
        let (early, late) = (MORNING.plus(MINUTE), MORNING.plus(HOUR));
        assert_eq!(
            due(when(early, late)).await,
            [],
            "{}: read at that minute",
            db.name
        );
        assert_eq!(due(when(late, early)).await, [id], "{}", db.name);

        let mut tx = db.store.begin().await.unwrap();
        let validators = Validators {
            etag: Some("\"a\"".to_owned()),
            last_modified: None,
        };
        articles::checked(&mut tx, id, &validators, late).await.unwrap();
        rows::bring_edition(&mut tx, edition, EditionState::Sent, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            due(when(late.plus(1), late)).await,
            [],
            "{}: it is sent by now",
            db.name
        );
        assert_eq!(due(when(late, late.plus(1))).await, [id], "{}", db.name);
        let found = articles::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(found.validators, validators, "{}", db.name);
    }
}

#[tokio::test]
async fn notices_are_kept_with_their_edition_until_it_is_compiled_anew() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let id = stored_article(&mut tx, herald, "a", 0).await;
        let stories = stories::replace_window(&mut tx, MORNING, &[lone_story(id)], &[], MORNING)
            .await
            .unwrap();
        let morning = brief(&mut tx).await;
        let before = entry(1, stories[0], id);
        let first = new_edition("2026-03-10", vec![before.clone()]);
        let Drafted::New(edition) = editions::insert_draft(&mut tx, morning, &first, "[]")
            .await
            .unwrap()
        else {
            panic!("{}: it was new", db.name);
        };
        let notice = |state, after| Notice {
            kind: NoticeKind::Changed,
            state,
            before: before.clone(),
            after,
            note: Some("An agency's word.".to_owned()),
            at: MORNING,
        };
        let amended = notice(NoticeState::Amended, Some(before.clone()));
        notices::insert(&mut tx, edition, Some(id), &amended)
            .await
            .unwrap();
        notices::insert(
            &mut tx,
            edition,
            Some(id),
            &notice(NoticeState::NeedsCorrection, None),
        )
        .await
        .unwrap();
        let pending = notices::pending(&mut tx, edition).await.unwrap();
        let states: Vec<NoticeState> = pending.iter().map(|(_, notice)| notice.state).collect();
        assert_eq!(states, [NoticeState::NeedsCorrection], "{}", db.name);
        notices::delete(&mut tx, edition, id, NoticeState::NeedsCorrection)
            .await
            .unwrap();
        assert_eq!(notices::pending(&mut tx, edition).await.unwrap(), []);
        let held = editions::hold(&mut tx, edition).await.unwrap().unwrap();
        assert_eq!(held.edition, first, "{}", db.name);
        let mut struck = first.clone();
        struck.strike(EntryKey::Article(id));
        let act = Act::own("struck an entry", MORNING);
        editions::update(&mut tx, edition, &struck, "[7]", &act)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            notices::list(&db.store, edition).await.unwrap(),
            [amended],
            "{}",
            db.name
        );
        let found = editions::find(&db.store, edition).await.unwrap().unwrap();
        assert_eq!(
            (found.edition, found.findings.as_str()),
            (struck, "[7]"),
            "{}",
            db.name
        );
        assert_eq!(
            editions::with_article(&db.store, id, MORNING).await.unwrap(),
            [],
            "{}",
            db.name
        );

        let mut tx = db.store.begin().await.unwrap();
        editions::insert_draft(&mut tx, morning, &first, "[]")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            notices::list(&db.store, edition).await.unwrap(),
            [],
            "{}",
            db.name
        );
        let holding = editions::with_article(&db.store, id, MORNING).await.unwrap();
        assert_eq!(holding, [edition], "{}", db.name);
        let later = editions::with_article(&db.store, id, MORNING.plus(1))
            .await
            .unwrap();
        assert_eq!(later, [], "{}: compiled before", db.name);
    }
}

#[tokio::test]
async fn topics_are_kept_and_filing_an_article_elsewhere_is_no_new_version() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let mut new = message(herald, 1, ArticleState::Standing, None);
        new.wire = None;
        let first = put(&mut tx, &new).await;
        new.article.topics = Topics::of(["Defence", "Ports"]);
        let filed = put(&mut tx, &new).await;
        tx.commit().await.unwrap();
        assert!(!filed.changed, "{}", db.name);
        assert_eq!((filed.id, filed.version), (first.id, 1), "{}", db.name);
        let found = articles::find(&db.store, first.id).await.unwrap().unwrap();
        assert_eq!(found.article.topics.to_string(), "Defence, Ports", "{}", db.name);
        assert!(texts(&db.store, first.id).await.is_empty(), "{}", db.name);
    }
}
