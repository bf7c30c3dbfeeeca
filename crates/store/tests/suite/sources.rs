//! Sources and how their fetches went; briefs and what they draw on.

use reveille_model::{
    Bounds, Credential, Next, Outcome, Polling, Secret, SourceId, SourceKind, SourceState, UnixMillis,
};
use reveille_store::{
    Inserted, Tx, briefs,
    sources::{self, FetchSuccess, Filter, Move, NewSource},
    tally,
};
use reveille_testkit::databases;

use crate::fixture::{HOUR, MINUTE, MORNING, brief, new_brief, new_source, source, stored_article, url};

#[tokio::test]
async fn a_source_is_added_once_and_found_as_it_was() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let Inserted::New(id) = sources::insert(&mut tx, &new_source("herald"), MORNING)
            .await
            .unwrap()
        else {
            panic!("{}: it was new", db.name);
        };
        let again = sources::insert(&mut tx, &new_source("herald"), MORNING.plus(1))
            .await
            .unwrap();
        assert_eq!(again, Inserted::Known(id), "{}", db.name);
        tx.commit().await.unwrap();

        let found = sources::find(&db.store, id).await.unwrap().unwrap();
        let new = new_source("herald");
        assert_eq!(
            Some(&found),
            sources::find_by_url(&db.store, &new.url).await.unwrap().as_ref()
        );
        assert_eq!(
            (&found.url, &found.site_url, &found.icon_url, &found.language),
            (&new.url, &new.site_url, &new.icon_url, &new.language)
        );
        assert_eq!(
            (found.weight, found.state, found.polling),
            (1.5, SourceState::Active, Polling::default())
        );
        assert_eq!(
            (found.next_fetch_at, found.created_at, found.last_fetch_at),
            (MORNING, MORNING, None)
        );
        assert_eq!(
            sources::find_by_url(&db.store, &url("https://nobody.example/"))
                .await
                .unwrap(),
            None
        );
    }
}

/// A failure an hour before the next try.
async fn fail(tx: &mut Tx, id: SourceId, polling: Polling, now: UnixMillis) -> Polling {
    let outcome = Outcome::Failed {
        transient: true,
        retry_after: None,
    };
    let bounds = Bounds {
        shortest: MINUTE,
        longest: HOUR,
    };
    let (polling, next) = polling.after(outcome, now, &bounds, 0);
    assert!(matches!(next, Next::At(_)));
    sources::failed(tx, id, "no answer", &polling, now.plus(HOUR), now)
        .await
        .unwrap();
    polling
}

#[tokio::test]
async fn fetches_move_a_source_along() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let id = source(&mut tx, "herald").await;
        let taken = source(&mut tx, "taken").await;
        let mut polling = Polling::default();
        for minute in 1..=2 {
            polling = fail(&mut tx, id, polling, MORNING.plus(minute * MINUTE)).await;
        }
        tx.commit().await.unwrap();
        let failing = sources::list(
            &db.store,
            Filter {
                failing: true,
                ..Filter::default()
            },
        )
        .await
        .unwrap();
        assert_eq!(failing.len(), 1, "{}", db.name);
        assert_eq!(
            (failing[0].polling, failing[0].last_error.as_deref()),
            (polling, Some("no answer"))
        );
        assert_eq!(
            (failing[0].polling.failures(), failing[0].last_success_at),
            (2, None)
        );

        let now = MORNING.plus(HOUR);
        let moved_to = Some(url("https://herald.example/rss"));
        let success = FetchSuccess {
            etag: Some("\"7\"".to_owned()),
            last_modified: None,
            moved_to,
            forgiven: vec!["control characters left out: 2".to_owned()],
        };
        let mut tx = db.store.begin().await.unwrap();
        sources::fetched(&mut tx, id, &success, &Polling::default(), now.plus(HOUR), now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let found = sources::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(found.url.as_str(), "https://herald.example/rss", "{}", db.name);
        assert_eq!(
            (found.polling, found.last_error, found.etag.as_deref()),
            (Polling::default(), None, Some("\"7\""))
        );
        assert_eq!(
            (found.last_success_at, found.next_fetch_at),
            (Some(now), now.plus(HOUR))
        );
        assert_eq!(found.forgiven, success.forgiven);
        let mut tx = db.store.begin().await.unwrap();
        sources::forget_validators(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let asked_in_full = sources::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(asked_in_full.etag, None, "{}", db.name);
        let moved = Move {
            from: url("https://herald.example/feed.xml"),
            to: url("https://herald.example/rss"),
            at: now,
        };
        assert_eq!(sources::moves(&db.store, id).await.unwrap(), [moved]);

        // It says that it moved to where another source already is.
        let moved_to = new_source("taken").url.web().cloned();
        let mut tx = db.store.begin().await.unwrap();
        let success = FetchSuccess {
            moved_to,
            ..FetchSuccess::default()
        };
        sources::fetched(&mut tx, id, &success, &Polling::default(), now.plus(HOUR), now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let found = sources::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(
            (found.url.as_str(), found.etag, found.state),
            ("https://herald.example/rss", None, SourceState::Gone),
            "{}",
            db.name
        );
        assert!(
            found.last_error.unwrap().contains("a source already"),
            "{}",
            db.name
        );
        assert_eq!(sources::moves(&db.store, id).await.unwrap().len(), 1);
        let taken = sources::find(&db.store, taken).await.unwrap().unwrap();
        assert_eq!(taken.state, SourceState::Active, "{}", db.name);
    }
}

#[tokio::test]
async fn only_active_sources_fall_due() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let first = source(&mut tx, "first").await;
        let second = source(&mut tx, "second").await;
        let paused = source(&mut tx, "paused").await;
        fail(&mut tx, first, Polling::default(), MORNING).await;
        assert!(
            sources::set_state(&mut tx, paused, SourceState::Paused)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        let due = |now, limit| sources::due(&db.store, now, limit);
        let ids = |list: Vec<sources::Source>| list.into_iter().map(|source| source.id).collect::<Vec<_>>();
        assert_eq!(ids(due(MORNING, 9).await.unwrap()), [second], "{}", db.name);
        assert_eq!(
            ids(due(MORNING.plus(HOUR), 9).await.unwrap()),
            [second, first],
            "{}",
            db.name
        );
        assert_eq!(
            ids(due(MORNING.plus(HOUR), 1).await.unwrap()),
            [second],
            "{}",
            db.name
        );
        assert_eq!(sources::next_due(&db.store).await.unwrap(), Some(MORNING));
        let filter = Filter {
            state: Some(SourceState::Paused),
            ..Filter::default()
        };
        assert_eq!(ids(sources::list(&db.store, filter).await.unwrap()), [paused]);
    }
}

#[tokio::test]
async fn a_removed_source_is_listed_no_more_and_keeps_its_articles() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let id = source(&mut tx, "herald").await;
        stored_article(&mut tx, id, "a", 0).await;
        assert!(
            sources::set_state(&mut tx, id, SourceState::Removed)
                .await
                .unwrap()
        );
        assert!(
            !sources::set_state(&mut tx, id, SourceState::Active)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        let now = MORNING.plus(HOUR);
        let listed = sources::list(&db.store, Filter::default()).await.unwrap();
        let due = sources::due(&db.store, now, 9).await.unwrap();
        assert!(listed.is_empty() && due.is_empty(), "{}", db.name);
        let left = tally(&db.store).await.unwrap();
        assert_eq!((left.sources, left.articles), (0, 1), "{}", db.name);
        let again = NewSource {
            carrier: "The Herald of Newport".to_owned(),
            ..new_source("herald")
        };
        let mut tx = db.store.begin().await.unwrap();
        let added = sources::insert(&mut tx, &again, now).await.unwrap();
        assert_eq!(added, Inserted::New(id), "{}: added again", db.name);
        let added = sources::insert(&mut tx, &again, now.plus(1)).await.unwrap();
        assert_eq!(added, Inserted::Known(id), "{}", db.name);
        tx.commit().await.unwrap();
        let listed = sources::list(&db.store, Filter::default()).await.unwrap();
        let now_listed = (
            listed[0].carrier.as_str(),
            listed[0].state,
            listed[0].next_fetch_at,
        );
        assert_eq!(now_listed, ("The Herald of Newport", SourceState::Active, now));
    }
}

#[tokio::test]
async fn a_removed_source_that_comes_back_starts_afresh() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let id = source(&mut tx, "herald").await;
        let success = FetchSuccess {
            etag: Some("\"7\"".to_owned()),
            forgiven: vec!["control characters left out: 2".to_owned()],
            ..FetchSuccess::default()
        };
        tx.commit().await.unwrap();
        for (hour, by_adding) in [(2, true), (4, false)] {
            let now = MORNING.plus(hour * HOUR);
            let mut tx = db.store.begin().await.unwrap();
            sources::fetched(&mut tx, id, &success, &Polling::default(), now, now)
                .await
                .unwrap();
            fail(&mut tx, id, Polling::default(), now).await;
            sources::set_state(&mut tx, id, SourceState::Removed)
                .await
                .unwrap();
            if by_adding {
                sources::insert(&mut tx, &new_source("herald"), now)
                    .await
                    .unwrap();
            } else {
                assert!(sources::resume(&mut tx, id, now).await.unwrap(), "{}", db.name);
            }
            tx.commit().await.unwrap();
            let found = sources::find(&db.store, id).await.unwrap().unwrap();
            assert_eq!(
                (found.state, found.polling, found.next_fetch_at),
                (SourceState::Active, Polling::default(), now),
                "{}",
                db.name
            );
            assert_eq!(
                (
                    found.etag,
                    found.last_fetch_at,
                    found.last_success_at,
                    found.last_error
                ),
                (None, None, None, None),
                "{}",
                db.name
            );
            assert!(found.forgiven.is_empty(), "{}", db.name);
            let failing = Filter {
                failing: true,
                ..Filter::default()
            };
            assert!(sources::list(&db.store, failing).await.unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn a_paused_source_is_resumed_when_it_was_due_and_a_newsletter_is_never_asked() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let paused = source(&mut tx, "paused").await;
        fail(&mut tx, paused, Polling::default(), MORNING).await;
        sources::set_state(&mut tx, paused, SourceState::Paused)
            .await
            .unwrap();
        let letters = NewSource {
            kind: SourceKind::Letters,
            url: url("urn:x-list:harbour.example"),
            ..new_source("harbour")
        };
        let letters = sources::insert(&mut tx, &letters, MORNING).await.unwrap().id();
        let (success, never) = (FetchSuccess::default(), MORNING.plus(1_000_000 * HOUR));
        sources::fetched(&mut tx, letters, &success, &Polling::default(), never, MORNING)
            .await
            .unwrap();
        sources::set_state(&mut tx, letters, SourceState::Removed)
            .await
            .unwrap();
        for id in [paused, letters] {
            assert!(sources::resume(&mut tx, id, MORNING.plus(1)).await.unwrap());
        }
        assert!(!sources::resume(&mut tx, SourceId(999), MORNING).await.unwrap());
        tx.commit().await.unwrap();
        let found = sources::find(&db.store, paused).await.unwrap().unwrap();
        assert_eq!(found.next_fetch_at, MORNING.plus(HOUR), "{}", db.name);
        assert_eq!(found.polling.failures(), 1, "{}", db.name);
        let found = sources::find(&db.store, letters).await.unwrap().unwrap();
        assert_eq!(
            (found.state, found.next_fetch_at),
            (SourceState::Active, never),
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn a_source_takes_the_place_of_a_removed_one_and_no_removed_one_moves() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let (kept, removed) = (source(&mut tx, "kept").await, source(&mut tx, "removed").await);
        sources::set_state(&mut tx, removed, SourceState::Removed)
            .await
            .unwrap();
        let moved = |to: &str| FetchSuccess {
            moved_to: new_source(to).url.web().cloned(),
            ..FetchSuccess::default()
        };
        let polling = Polling::default();
        sources::fetched(&mut tx, kept, &moved("removed"), &polling, MORNING, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let at = async |id| {
            let found = sources::find(&db.store, id).await.unwrap().unwrap();
            (found.url, found.state)
        };
        let (old, new) = (new_source("kept").url, new_source("removed").url);
        assert_eq!(at(kept).await, (new, SourceState::Active), "{}", db.name);
        assert_eq!(
            at(removed).await,
            (old.clone(), SourceState::Removed),
            "{}",
            db.name
        );
        assert_eq!(sources::moves(&db.store, kept).await.unwrap().len(), 1);

        // A fetch that was on its way when its source was removed.
        let mut tx = db.store.begin().await.unwrap();
        for to in ["elsewhere", "removed"] {
            sources::fetched(&mut tx, removed, &moved(to), &polling, MORNING, MORNING)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(at(removed).await, (old, SourceState::Removed), "{}", db.name);
        assert!(sources::moves(&db.store, removed).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_brief_is_kept_whole_and_draws_on_its_sources() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let id = brief(&mut tx).await;
        let known = briefs::insert(&mut tx, &new_brief("morning"), MORNING)
            .await
            .unwrap();
        assert_eq!(known, Inserted::Known(id));
        let (a, b) = (source(&mut tx, "a").await, source(&mut tx, "b").await);
        briefs::set_sources(&mut tx, id, &[b, a, b]).await.unwrap();
        let mut changed = new_brief("evening");
        changed.name = "The Evening Brief".to_owned();
        let first = new_brief("morning");
        assert!(
            briefs::update(&mut tx, id, &first, &changed, MORNING)
                .await
                .unwrap()
        );
        let stale = briefs::update(&mut tx, id, &first, &first, MORNING)
            .await
            .unwrap();
        assert!(!stale, "{}: it is another by now", db.name);
        tx.commit().await.unwrap();

        assert_eq!(
            briefs::find(&db.store, id).await.unwrap().unwrap().brief,
            changed,
            "{}",
            db.name
        );
        let found = briefs::find_by_slug(&db.store, &changed.slug).await.unwrap();
        assert_eq!(found.map(|found| found.id), Some(id));
        assert_eq!(
            briefs::find_by_slug(&db.store, &"morning".parse().unwrap())
                .await
                .unwrap(),
            None
        );
        assert_eq!(briefs::list(&db.store).await.unwrap().len(), 1);
        assert_eq!(
            briefs::sources(&db.store, id).await.unwrap(),
            [a, b],
            "{}",
            db.name
        );
        let mut tx = db.store.begin().await.unwrap();
        briefs::set_sources(&mut tx, id, &[]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(briefs::sources(&db.store, id).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_credential_is_kept_with_its_source_until_it_is_taken_back() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let id = source(&mut tx, "herald").await;
        let secret = Secret::Cookie("s=7".to_owned());
        let issued = Credential::new(secret, &"https://herald.example/".parse().unwrap()).unwrap();
        assert!(sources::set_credential(&mut tx, id, Some(&issued)).await.unwrap());
        tx.commit().await.unwrap();
        let found = sources::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(found.credential, Some(issued.clone()), "{}", db.name);
        assert_eq!(sources::credential(&db.store, id).await.unwrap(), Some(issued));

        let mut tx = db.store.begin().await.unwrap();
        assert!(sources::set_credential(&mut tx, id, None).await.unwrap());
        assert!(
            !sources::set_credential(&mut tx, SourceId(999), None)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        assert_eq!(sources::credential(&db.store, id).await.unwrap(), None);
    }
}
