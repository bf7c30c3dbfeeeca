//! Foldings that replace one another, and the ids that last through them.

use reveille_model::{ArticleId, CopyLink, Evidence, EvidenceMark, Reason, StoryId};
use reveille_store::{
    Store, articles, editions,
    stories::{self, Beside, NewCopy, NewStory, StoryOriginal},
    tally,
};
use reveille_testkit::databases;

use crate::fixture::{
    HOUR, HOUR_OF, MINUTE, MORNING, brief, entry, new_edition, source, stored_article, url,
};

fn story(articles: &[ArticleId], rank: f64) -> NewStory {
    NewStory {
        lead: articles[0],
        articles: articles.to_vec(),
        original: Some(StoryOriginal {
            name: "Northern Wire".to_owned(),
            article: articles.last().copied(),
            url: Some(url("https://wire.example/1")),
            evidence: vec![Evidence {
                mark: EvidenceMark::Byline,
                text: "By Northern Wire".to_owned(),
            }],
        }),
        independent: articles.len(),
        first: MORNING,
        last: MORNING.plus(HOUR),
        rank,
        reasons: vec![Reason {
            fact: None,
            text: "3 newsrooms".to_owned(),
            weight: 1.25,
            inside: false,
        }],
        follows: None,
        beside: Vec::new(),
    }
}

fn copy(article: ArticleId, of: ArticleId) -> NewCopy {
    NewCopy {
        article,
        of,
        link: CopyLink::Same,
        overlap: 0.97,
        evidence: "same text".to_owned(),
    }
}

async fn some_articles(store: &Store, count: i64) -> Vec<ArticleId> {
    let mut tx = store.begin().await.unwrap();
    let herald = source(&mut tx, "herald").await;
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(stored_article(&mut tx, herald, &format!("a{n}"), n).await);
    }
    tx.commit().await.unwrap();
    ids
}

async fn replace(store: &Store, stories: &[NewStory], copies: &[NewCopy]) -> Vec<StoryId> {
    let mut tx = store.begin().await.unwrap();
    let now = MORNING.plus(2 * HOUR);
    let ids = stories::replace_window(&mut tx, MORNING, stories, copies, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    ids
}

async fn story_of(store: &Store, article: ArticleId) -> Option<StoryId> {
    articles::find(store, article).await.unwrap().unwrap().story
}

#[tokio::test]
async fn a_folding_is_read_back_as_it_was_written() {
    for db in databases().await {
        let a = some_articles(&db.store, 5).await;
        let new = [story(&a[..3], 1.0), story(&a[3..], 2.0)];
        let ids = replace(&db.store, &new, &[copy(a[1], a[0]), copy(a[2], a[0])]).await;
        let listed = stories::list(&db.store, MORNING, 9).await.unwrap();
        assert_eq!(
            listed.iter().map(|s| s.id).collect::<Vec<_>>(),
            [ids[1], ids[0]],
            "{}",
            db.name
        );
        let found = stories::find(&db.store, ids[0]).await.unwrap().unwrap();
        assert_eq!(
            (found.story.lead, &found.story.original),
            (a[0], &new[0].original),
            "{}",
            db.name
        );
        assert_eq!(
            (found.story.independent, found.story.rank, &found.story.reasons),
            (3, 1.0, &new[0].reasons)
        );
        assert_eq!(
            (found.story.first, found.story.last),
            (MORNING, MORNING.plus(HOUR))
        );
        assert_eq!(
            found.articles.iter().map(|a| a.id).collect::<Vec<_>>(),
            a[..3],
            "{}",
            db.name
        );
        assert_eq!(found.copies, [copy(a[1], a[0]), copy(a[2], a[0])], "{}", db.name);
        assert_eq!(
            stories::copies(&db.store, MORNING.plus(2 * MINUTE))
                .await
                .unwrap(),
            [copy(a[2], a[0])]
        );
        assert_eq!(story_of(&db.store, a[4]).await, Some(ids[1]));
        let mut found = articles::find_all(&db.store, &[a[3], ArticleId(9_999), a[0]])
            .await
            .unwrap();
        found.sort_by_key(|article| article.id);
        assert_eq!(
            found.iter().map(|a| a.id).collect::<Vec<_>>(),
            [a[0], a[3]],
            "{}",
            db.name
        );
        assert_eq!(stories::find(&db.store, StoryId(9_999)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_story_keeps_its_id_by_its_lead_and_else_by_its_articles() {
    for db in databases().await {
        let a = some_articles(&db.store, 8).await;
        let ids = replace(&db.store, &[story(&a[..4], 1.0), story(&a[4..7], 1.0)], &[]).await;
        // The first changes its lead; the second loses one article and keeps its lead; a third is new.
        let new = [
            story(&[a[7]], 1.0),
            story(&[a[1], a[0], a[2], a[3]], 1.0),
            story(&[a[4], a[5]], 1.0),
        ];
        let again = replace(&db.store, &new, &[]).await;
        assert_eq!(again[1..], ids[..], "{}", db.name);
        assert!(!ids.contains(&again[0]));
        assert_eq!(
            story_of(&db.store, a[6]).await,
            None,
            "{}: in no story now",
            db.name
        );
        // A folding that changes nothing changes no id, in whatever order it comes.
        let mut reversed = new.to_vec();
        reversed.reverse();
        let mut same = replace(&db.store, &reversed, &[]).await;
        same.reverse();
        assert_eq!(same, again, "{}", db.name);
    }
}

#[tokio::test]
async fn of_two_halves_the_larger_goes_on_and_leads_may_change_places() {
    for db in databases().await {
        let a = some_articles(&db.store, 6).await;
        let ids = replace(&db.store, &[story(&a, 1.0)], &[]).await;
        let halves = [story(&[a[1], a[2]], 1.0), story(&[a[3], a[4], a[5]], 1.0)];
        let split = replace(&db.store, &halves, &[]).await;
        assert_eq!(split[1], ids[0], "{}", db.name);
        assert_ne!(split[0], ids[0], "{}", db.name);
        // They trade articles, leads and all: the lead decides.
        let traded = [story(&[a[3], a[1], a[2]], 1.0), story(&[a[1 + 3], a[5]], 1.0)];
        let after = replace(&db.store, &traded, &[]).await;
        assert_eq!(after[0], split[1], "{}", db.name);
        assert_eq!(tally(&db.store).await.unwrap().stories, 2, "{}", db.name);
    }
}

#[tokio::test]
async fn a_story_that_ended_goes_unless_it_was_printed() {
    for db in databases().await {
        let a = some_articles(&db.store, 3).await;
        let ids = replace(
            &db.store,
            &[story(&a[..1], 1.0), story(&a[1..2], 1.0)],
            &[copy(a[1], a[0])],
        )
        .await;
        let mut tx = db.store.begin().await.unwrap();
        let morning = brief(&mut tx).await;
        let printed = new_edition("2026-03-10", vec![entry(1, ids[0], a[0])]);
        editions::insert_draft(&mut tx, morning, &printed, "[]")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        replace(&db.store, &[story(&a[2..], 1.0)], &[]).await;
        assert!(
            stories::find(&db.store, ids[0]).await.unwrap().is_some(),
            "{}: printed",
            db.name
        );
        assert_eq!(
            stories::find(&db.store, ids[1]).await.unwrap(),
            None,
            "{}",
            db.name
        );
        assert!(
            stories::copies(&db.store, MORNING).await.unwrap().is_empty(),
            "{}",
            db.name
        );
        // The printed one comes back under its old id when its lead does.
        assert_eq!(
            replace(&db.store, &[story(&a[..1], 1.0)], &[]).await,
            [ids[0]],
            "{}",
            db.name
        );
    }
}

#[tokio::test]
async fn stories_before_the_window_stay() {
    for db in databases().await {
        let mut tx = db.store.begin().await.unwrap();
        let herald = source(&mut tx, "herald").await;
        let old = stored_article(&mut tx, herald, "old", -600).await;
        let older = stored_article(&mut tx, herald, "older", -601).await;
        let ended = NewStory {
            last: MORNING.plus(-9 * HOUR),
            ..story(&[old, older], 1.0)
        };
        let start = MORNING.plus(-20 * HOUR);
        let ids = stories::replace_window(&mut tx, start, &[ended], &[copy(old, older)], MORNING)
            .await
            .unwrap();
        let kept = stories::replace_window(&mut tx, MORNING, &[], &[], MORNING)
            .await
            .unwrap();
        assert!(kept.is_empty());
        tx.commit().await.unwrap();
        assert_eq!(
            stories::find(&db.store, ids[0])
                .await
                .unwrap()
                .unwrap()
                .copies
                .len(),
            1,
            "{}",
            db.name
        );
        let gone = replace(&db.store, &[story(&[old], 1.0)], &[]).await;
        assert_eq!(gone, ids, "{}: an older story's lead brings it back", db.name);
    }
}

#[tokio::test]
async fn a_large_folding_goes_in_at_once() {
    for db in databases().await {
        let a = some_articles(&db.store, 1_100).await;
        let new: Vec<_> = a.chunks(2).map(|pair| story(pair, 1.0)).collect();
        let copies: Vec<_> = a.chunks(2).map(|pair| copy(pair[1], pair[0])).collect();
        let ids = replace(&db.store, &new, &copies).await;
        assert_eq!(replace(&db.store, &new, &copies).await, ids, "{}", db.name);
        let counted = tally(&db.store).await.unwrap();
        assert_eq!((counted.stories, counted.copies), (550, 550), "{}", db.name);
    }
}

#[tokio::test]
async fn what_is_new_or_changed_waits_to_be_folded() {
    for db in databases().await {
        let a = some_articles(&db.store, 3).await;
        let has_unfolded = || articles::has_unfolded(&db.store, HOUR_OF);
        assert!(has_unfolded().await.unwrap(), "{}", db.name);
        let ids = replace(&db.store, &[story(&a, 1.0)], &[]).await;
        assert!(!has_unfolded().await.unwrap(), "{}", db.name);

        let old = articles::find(&db.store, a[1]).await.unwrap().unwrap();
        let mut new = articles::NewArticle {
            item: None,
            source: old.source,
            url: old.url,
            article: old.article,
            wire: None,
            fetched_at: MORNING.plus(HOUR),
        };
        for (title, waiting) in [("a1", false), ("A correction", true)] {
            title.clone_into(&mut new.article.title);
            let mut tx = db.store.begin().await.unwrap();
            articles::upsert(&mut tx, &new).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(has_unfolded().await.unwrap(), waiting, "{}: {title}", db.name);
        }
        assert_eq!(
            replace(&db.store, &[story(&a, 1.0)], &[]).await,
            ids,
            "{}",
            db.name
        );
        assert!(!has_unfolded().await.unwrap(), "{}", db.name);
    }
}

#[tokio::test]
async fn a_story_names_the_earlier_one_that_it_carries_on() {
    for db in databases().await {
        let a = some_articles(&db.store, 3).await;
        let first = story(&a[..1], 1.0);
        let follows = |lead| NewStory {
            follows: Some(lead),
            ..story(&a[1..2], 1.0)
        };
        let ids = replace(&db.store, &[first.clone(), follows(a[0])], &[]).await;
        let earlier = async || {
            let found = stories::find(&db.store, ids[1]).await.unwrap().unwrap();
            found.story.follows
        };
        assert_eq!(earlier().await, Some(ids[0]), "{}", db.name);
        replace(&db.store, &[first.clone(), follows(a[0])], &[]).await;
        assert_eq!(earlier().await, Some(ids[0]), "{}: nothing changed", db.name);
        replace(&db.store, &[follows(a[0])], &[]).await;
        assert_eq!(earlier().await, None, "{}: the earlier one is gone", db.name);
        replace(&db.store, &[first, follows(a[2])], &[]).await;
        assert_eq!(earlier().await, None, "{}: an article without a story", db.name);
    }
}

#[tokio::test]
async fn a_story_names_those_that_stand_beside_it() {
    for db in databases().await {
        let a = some_articles(&db.store, 3).await;
        let beside = |lead: usize, others: &[(ArticleId, f64)]| NewStory {
            beside: others.to_vec(),
            ..story(&a[lead..=lead], 1.0)
        };
        let both = [
            beside(0, &[(a[1], 0.52), (a[2], 0.41)]),
            beside(1, &[(a[0], 0.52)]),
            beside(2, &[(a[0], 0.41)]),
        ];
        let ids = replace(&db.store, &both, &[]).await;
        let likeness = |story: usize, likeness| Beside {
            story: ids[story],
            likeness,
        };
        let found = async |story: usize| {
            let found = stories::find(&db.store, ids[story]).await.unwrap().unwrap();
            found.story.beside
        };
        let first = [likeness(1, 0.52), likeness(2, 0.41)];
        assert_eq!(found(0).await, first, "{}", db.name);
        assert_eq!(found(2).await, [likeness(0, 0.41)], "{}", db.name);
        replace(&db.store, &both, &[]).await;
        assert_eq!(found(0).await, first, "{}: nothing changed", db.name);
        replace(
            &db.store,
            &[beside(0, &[(a[1], 0.38)]), beside(1, &[(a[0], 0.38)])],
            &[],
        )
        .await;
        assert_eq!(found(0).await, [likeness(1, 0.38)], "{}", db.name);
        replace(&db.store, &[beside(0, &[]), beside(1, &[(a[2], 0.4)])], &[]).await;
        assert_eq!(found(0).await, [], "{}", db.name);
        assert_eq!(found(1).await, [], "{}: an article without a story", db.name);
    }
}
