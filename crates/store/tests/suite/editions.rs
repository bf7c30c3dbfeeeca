//! Drafts, releases, and what was told before.

use reveille_model::{ArticleId, Basis, EditionMove, EditionState, StoryId};
use reveille_store::{
    Store, articles,
    editions::{self, Drafted},
    stories, tally,
};
use reveille_testkit::{databases, rows};

use crate::fixture::{HOUR, MORNING, brief, entry, lone_story, new_edition, source, stored_article};

/// Two stories of one article each.
async fn two_stories(store: &Store) -> [(StoryId, ArticleId); 2] {
    let mut tx = store.begin().await.unwrap();
    let herald = source(&mut tx, "herald").await;
    let a = [
        stored_article(&mut tx, herald, "a", 0).await,
        stored_article(&mut tx, herald, "b", 1).await,
    ];
    let ids = stories::replace_window(&mut tx, MORNING, &a.map(lone_story), &[], MORNING)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    [(ids[0], a[0]), (ids[1], a[1])]
}

#[tokio::test]
async fn a_draft_gives_way_to_the_next_and_a_released_edition_does_not() {
    for db in databases().await {
        let [one, two] = two_stories(&db.store).await;
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let first = new_edition("2026-03-10", vec![entry(1, one.0, one.1), entry(2, two.0, two.1)]);
        let Drafted::New(id) = editions::insert_draft(&mut tx, morning, &first, "[1]")
            .await
            .unwrap()
        else {
            panic!("{}: it was new", db.name);
        };
        let seen = editions::find_by_day(&mut tx, morning, first.day).await;
        assert_eq!(
            seen.unwrap().map(|seen| seen.id),
            Some(id),
            "{}: by its writer",
            db.name
        );
        let compiled = editions::find_compiled(&db.store, morning, first.day).await;
        assert_eq!(compiled.unwrap(), None, "{}: by nobody else yet", db.name);
        for (step, can_be_made) in [
            (EditionMove::Approve, false),
            (EditionMove::Pass, true),
            (EditionMove::Finish, false),
        ] {
            let moved = editions::change_state(&mut tx, id, step, MORNING).await.unwrap();
            assert_eq!(moved, can_be_made, "{}: {step:?}", db.name);
        }
        let second = new_edition("2026-03-10", vec![entry(1, two.0, two.1)]);
        let drafted = editions::insert_draft(&mut tx, morning, &second, "[]")
            .await
            .unwrap();
        assert_eq!(drafted, Drafted::Replaced(id), "{}", db.name);
        rows::bring_edition(&mut tx, id, EditionState::Approved, MORNING.plus(HOUR))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(tally(&db.store).await.unwrap().entries, 1, "{}", db.name);
        let compiled = editions::find_compiled(&db.store, morning, first.day).await;
        let state = compiled.unwrap().map(|(state, _)| state);
        assert_eq!(state, Some(EditionState::Approved), "{}", db.name);

        let mut tx = db.store.begin().await.unwrap();
        let drafted = editions::insert_draft(&mut tx, morning, &first, "[1]")
            .await
            .unwrap();
        assert_eq!(
            drafted,
            Drafted::Closed(id, EditionState::Approved),
            "{}",
            db.name
        );
        tx.commit().await.unwrap();
        let found = editions::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(
            (&found.edition, found.findings.as_str(), found.state),
            (&second, "[]", EditionState::Approved)
        );
        assert_eq!(
            (found.approved_at, found.sent_at),
            (Some(MORNING.plus(HOUR)), None),
            "{}",
            db.name
        );
        let mut tx = db.store.begin().await.unwrap();
        let moved = editions::change_state(&mut tx, id, EditionMove::Finish, MORNING.plus(2 * HOUR)).await;
        assert!(moved.unwrap(), "{}", db.name);
        tx.commit().await.unwrap();
        let found = editions::find(&db.store, id).await.unwrap().unwrap();
        assert_eq!(
            found.approved_at.zip(found.sent_at),
            Some((MORNING.plus(HOUR), MORNING.plus(2 * HOUR)))
        );
    }
}

#[tokio::test]
async fn editions_are_found_by_day_and_by_state() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let mut ids = Vec::new();
        for day in ["2026-03-09", "2026-03-11", "2026-03-10"] {
            ids.push(crate::fixture::edition(&mut tx, morning, day).await);
        }
        for released in [ids[0], ids[2]] {
            rows::bring_edition(&mut tx, released, EditionState::Approved, MORNING)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        let id = |found: Option<editions::StoredEdition>| found.map(|edition| edition.id);
        let all = |list: Vec<editions::StoredEdition>| list.iter().map(|e| e.id).collect::<Vec<_>>();
        let day = |text: &str| text.parse().unwrap();
        let found = editions::find_by_day(&db.store, morning, day("2026-03-11"))
            .await
            .unwrap();
        assert_eq!(id(found), Some(ids[1]), "{}", db.name);
        assert_eq!(
            editions::find_by_day(&db.store, morning, day("2026-03-12"))
                .await
                .unwrap(),
            None
        );
        assert_eq!(
            id(editions::latest(&db.store, morning).await.unwrap()),
            Some(ids[1]),
            "{}",
            db.name
        );
        assert_eq!(
            id(editions::latest_released(&db.store, morning).await.unwrap()),
            Some(ids[2])
        );
        assert_eq!(
            all(editions::list(&db.store, morning, 2).await.unwrap()),
            [ids[1], ids[2]],
            "{}",
            db.name
        );
        assert_eq!(
            all(editions::list_in(&db.store, EditionState::Approved)
                .await
                .unwrap()),
            [ids[0], ids[2]],
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn what_was_told_before_is_known() {
    for db in databases().await {
        let [one, two] = two_stories(&db.store).await;
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let days = [("2026-03-08", one), ("2026-03-09", two), ("2026-03-10", one)];
        for (day, (story, article)) in days {
            let edition = new_edition(day, vec![entry(1, story, article)]);
            let Drafted::New(id) = editions::insert_draft(&mut tx, morning, &edition, "[]")
                .await
                .unwrap()
            else {
                panic!("{}: it was new", db.name);
            };
            if day != "2026-03-10" {
                rows::bring_edition(&mut tx, id, EditionState::Approved, MORNING)
                    .await
                    .unwrap();
            }
        }
        tx.commit().await.unwrap();
        let printed = async |day: &str, count| {
            let entries = editions::printed(&db.store, morning, day.parse().unwrap(), count)
                .await
                .unwrap();
            let seen = entries.iter().map(|entry| {
                assert_eq!(
                    (entry.number, entry.compiled_at),
                    (Some(1), MORNING),
                    "{}",
                    db.name
                );
                (
                    entry.story.unwrap(),
                    entry.article.unwrap(),
                    entry.day.to_string(),
                )
            });
            seen.collect::<Vec<_>>()
        };
        let first = (one.0, one.1, "2026-03-08".to_owned());
        let second = (two.0, two.1, "2026-03-09".to_owned());
        let name = &db.name;
        let days = |entries: Vec<(_, _, String)>| -> Vec<String> {
            entries.into_iter().map(|entry| entry.2).collect()
        };
        assert_eq!(
            days(printed("2026-03-11", 1).await),
            ["2026-03-09"],
            "{name}: no draft"
        );
        assert_eq!(
            printed("2026-03-11", 9).await,
            [second, first.clone()],
            "{name}: the latest first"
        );
        assert_eq!(
            printed("2026-03-09", 9).await,
            [first],
            "{name}: none of the same day"
        );

        let (before, after) = (MORNING.plus(-HOUR), MORNING.plus(HOUR));
        let articles = articles::printed(&db.store, before, after).await.unwrap();
        let articles: Vec<ArticleId> = articles.iter().map(|article| article.id).collect();
        assert_eq!(articles, [one.1, two.1], "{name}");
        assert_eq!(
            articles::printed(&db.store, after, after).await.unwrap(),
            [],
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_neighbours_of_an_edition_are_those_that_the_public_may_see() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        for day in [
            "2026-03-06",
            "2026-03-07",
            "2026-03-10",
            "2026-03-12",
            "2026-03-13",
        ] {
            let id = crate::fixture::edition(&mut tx, morning, day).await;
            rows::bring_edition(&mut tx, id, EditionState::Approved, MORNING)
                .await
                .unwrap();
        }
        for day in ["2026-03-09", "2026-03-11"] {
            crate::fixture::edition(&mut tx, morning, day).await;
        }
        tx.commit().await.unwrap();
        let around = async |day: &str| {
            let found = editions::neighbours(&db.store, morning, day.parse().unwrap())
                .await
                .unwrap();
            [found.previous, found.next].map(|day| day.map(|day| day.to_string()).unwrap_or_default())
        };
        assert_eq!(
            around("2026-03-10").await,
            ["2026-03-07", "2026-03-12"],
            "{}",
            db.name
        );
        assert_eq!(around("2026-03-06").await, ["", "2026-03-07"], "{}", db.name);
        assert_eq!(around("2026-03-14").await, ["2026-03-13", ""], "{}", db.name);
        let lines = async |before: Option<&str>, limit: u32| -> Vec<String> {
            let before = before.map(|day| day.parse().unwrap());
            let lines = editions::released_lines(&db.store, morning, before, limit)
                .await
                .unwrap();
            lines.iter().map(|line| line.day.to_string()).collect()
        };
        assert_eq!(lines(None, 2).await, ["2026-03-13", "2026-03-12"], "{}", db.name);
        assert_eq!(lines(Some("2026-03-13"), 1).await, ["2026-03-12"], "{}", db.name);
        let whole = editions::released(&db.store, morning, 9).await.unwrap();
        let whole: Vec<_> = whole
            .iter()
            .map(|stored| stored.edition.day.to_string())
            .collect();
        assert_eq!(whole, lines(None, 9).await, "{}", db.name);
    }
}

#[tokio::test]
async fn a_line_about_an_edition_says_what_is_read_first_whatever_its_number() {
    for db in databases().await {
        let [one, two] = two_stories(&db.store).await;
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let mut paid = entry(3, one.0, one.1);
        paid.basis = Basis::Own { own: 1 };
        let entries = vec![paid, entry(2, two.0, two.1), entry(1, one.0, one.1)];
        let edition = new_edition("2026-03-10", entries);
        let drafted = editions::insert_draft(&mut tx, morning, &edition, "[]").await;
        let Ok(Drafted::New(id)) = drafted else {
            panic!("{}: it was new", db.name);
        };
        rows::bring_edition(&mut tx, id, EditionState::Approved, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let lines = editions::released_lines(&db.store, morning, None, 9)
            .await
            .unwrap();
        assert_eq!(lines[0].headline, "Headline 2", "{}", db.name);
    }
}
