//! article → story: folds the copies of the window and groups what is left by event.

use std::collections::HashMap;

use reveille_model::{ArticleId, UnixMillis, Zone};
use reveille_store::{
    articles::StoredArticle,
    jobs::Job,
    stories::{NewCopy, NewStory, StoryOriginal, replace_window},
};
use reveille_stories::{Doc, Facts, Folding, Options, RECENT_HOURS};

use super::{Ended, commit};
use crate::app::App;

/// A date without an hour counts as the end of its day, and clocks differ: articles dated up to a day ahead are of
/// this night too.
const AHEAD_MILLIS: i64 = 86_400_000;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let night = fold_night(app).await?;
    let mut tx = app.store.begin().await?;
    replace_window(&mut tx, night.from, &night.stories, &night.copies, app.now()).await?;
    commit(app, tx, job).await
}

/// Folds at once, without a job: an edition must not be compiled on an earlier folding.
pub(crate) async fn fold_now(app: &App) -> anyhow::Result<()> {
    let night = fold_night(app).await?;
    let mut tx = app.store.begin().await?;
    replace_window(&mut tx, night.from, &night.stories, &night.copies, app.now()).await?;
    Ok(tx.commit().await?)
}

/// The first and the last instant of the night: articles published between them may stand in an edition.
pub(crate) fn night(app: &App) -> (UnixMillis, UnixMillis) {
    let now = app.now();
    (
        now.plus(-i64::from(app.config.stories.window_hours) * 3_600_000),
        now.plus(AHEAD_MILLIS),
    )
}

/// One night, folded, as rows.
struct Night {
    from: UnixMillis,
    stories: Vec<NewStory>,
    copies: Vec<NewCopy>,
}

async fn fold_night(app: &App) -> anyhow::Result<Night> {
    let now = app.now();
    let (from, to) = night(app);
    let articles = reveille_store::articles::window(&app.store, from, to, None).await?;
    let folded = tokio::task::spawn_blocking(move || {
        let docs: Vec<Doc> = articles.iter().map(doc).collect();
        let folding = reveille_stories::fold(&docs, &Options::default());
        rows(from, &docs, folding, now)
    });
    Ok(folded.await?)
}

fn rows(from: UnixMillis, docs: &[Doc], folding: Folding, now: UnixMillis) -> Night {
    let docs: HashMap<ArticleId, &Doc> = docs.iter().map(|doc| (doc.id, doc)).collect();
    let stories = folding.stories.into_iter().map(|story| {
        let told: Vec<&Doc> = story
            .articles
            .iter()
            .filter_map(|id| docs.get(id).copied())
            .collect();
        let recent = now.plus(-RECENT_HOURS * 3_600_000);
        let facts = Facts {
            independent: story.independent,
            articles: story.articles.len(),
            recent: told.iter().filter(|doc| doc.at >= recent).count(),
            first: story.first,
            last: story.last,
            weight: told
                .iter()
                .map(|doc| doc.weight)
                .fold(f64::NEG_INFINITY, f64::max),
            topics: Vec::new(),
            novelty: 1.0,
        };
        let (rank, reasons) = reveille_stories::rank(&facts, now, &Zone::UTC);
        NewStory {
            lead: story.lead,
            articles: story.articles,
            original: story.original.map(|original| StoryOriginal {
                name: original.name,
                article: original.article,
                url: original.url,
                evidence: original.evidence,
            }),
            independent: story.independent,
            first: story.first,
            last: story.last,
            rank,
            reasons,
        }
    });
    let copies = folding.copies.into_iter().map(|copy| NewCopy {
        article: copy.article,
        of: copy.of,
        link: copy.link,
        overlap: copy.overlap,
        evidence: copy.evidence,
    });
    Night {
        from,
        stories: stories.collect(),
        copies: copies.collect(),
    }
}

fn doc(stored: &StoredArticle) -> Doc {
    let article = &stored.article;
    Doc {
        id: stored.id,
        source: stored.url.site().to_owned(),
        carrier: stored.carrier.clone(),
        url: stored.url.clone(),
        canonical: article.canonical_url.clone(),
        at: stored.published_at,
        title: article.title.clone(),
        text: article.text(),
        origins: article.origins.clone(),
        kind: article.kind,
        weight: stored.weight,
    }
}
