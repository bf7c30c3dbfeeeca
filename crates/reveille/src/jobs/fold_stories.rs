//! article → story: folds the copies of the window and groups what is left by event.

use std::collections::{HashMap, HashSet};

use reveille_model::{ArticleId, Brief, Ruling, UnixMillis, Uri, Zone};
use reveille_store::{
    articles::{self, StoredArticle, Window},
    briefs::StoredBrief,
    jobs::Job,
    stories::{NewCopy, NewStory, StoryOriginal, replace_window},
};
use reveille_stories::{Doc, Facts, Folder, Folding, Options, RECENT_HOURS};

use super::{Ended, commit};
use crate::app::App;

const HOUR_MILLIS: i64 = 3_600_000;
/// A date without an hour counts as the end of its day, and clocks differ: articles dated up to a day ahead are of
/// this night too.
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

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

/// The night: articles published in it may stand in an edition of one of these briefs.
pub(crate) fn night(app: &App, briefs: &[StoredBrief]) -> Window {
    let nights = briefs.iter().map(|stored| night_of(app, &stored.brief));
    let longest = nights.min_by_key(|night| night.from);
    longest.unwrap_or_else(|| window(app, 0))
}

/// The night of one brief, longer by the days on which it did not come out.
pub(super) fn night_of(app: &App, brief: &Brief) -> Window {
    window(app, brief.rest_before(app.now().day(&brief.zone)))
}

fn window(app: &App, rest_days: u32) -> Window {
    let now = app.now();
    let hours = i64::from(app.config.stories.window_hours) * HOUR_MILLIS;
    Window {
        from: now.plus(-hours - i64::from(rest_days) * DAY_MILLIS),
        to: now.plus(DAY_MILLIS),
        now,
    }
}

/// One night, folded, as rows.
struct Night {
    from: UnixMillis,
    stories: Vec<NewStory>,
    copies: Vec<NewCopy>,
}

async fn fold_night(app: &App) -> anyhow::Result<Night> {
    let now = app.now();
    let window = night(app, &reveille_store::briefs::list(&app.store).await?);
    let from = window.from;
    let (articles, rulings) = read(app, window).await?;
    let folded = tokio::task::spawn_blocking(move || {
        let folder = folder(&articles, rulings);
        rows(from, &articles, folder.into_folding(), now)
    });
    Ok(folded.await?)
}

/// The articles of a night, those before it that were printed and may be carried on, and what editors decided.
pub(crate) async fn read(app: &App, window: Window) -> anyhow::Result<(Vec<StoredArticle>, Vec<Ruling>)> {
    let from = window.from;
    let days = i64::from(Options::default().thread_days);
    let mut articles = articles::printed(&app.store, from.plus(-days * DAY_MILLIS), from).await?;
    articles.extend(articles::window(&app.store, window, None).await?);
    let rulings = reveille_store::rulings::list(&app.store).await?;
    Ok((
        articles,
        rulings.into_iter().map(|stored| stored.ruling).collect(),
    ))
}

/// Folds them.
pub(crate) fn folder(articles: &[StoredArticle], rulings: Vec<Ruling>) -> Folder {
    let docs: Vec<Doc> = articles.iter().map(doc).collect();
    let mut folder = Folder::new(Options::default());
    folder.load(&docs);
    for ruling in rulings {
        folder.rule(ruling);
    }
    folder.settle();
    folder
}

fn rows(from: UnixMillis, articles: &[StoredArticle], folding: Folding, now: UnixMillis) -> Night {
    let by_id: HashMap<ArticleId, &StoredArticle> =
        articles.iter().map(|article| (article.id, article)).collect();
    let copies: HashSet<ArticleId> = folding.copies.iter().map(|copy| copy.article).collect();
    let of_night = folding.stories.into_iter().filter(|story| story.last >= from);
    let stories = of_night.map(|story| {
        let told: Vec<&StoredArticle> = story
            .articles
            .iter()
            .filter_map(|id| by_id.get(id).copied())
            .collect();
        let facts = facts(&told, |id| copies.contains(&id), story.independent, now);
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
            follows: story.follows,
            beside: story
                .beside
                .iter()
                .map(|beside| (beside.lead, beside.likeness))
                .collect(),
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

/// What a story's articles say of its rank, before any brief looks at it.
pub(super) fn facts(
    told: &[&StoredArticle],
    is_copy: impl Fn(ArticleId) -> bool,
    independent: usize,
    now: UnixMillis,
) -> Facts {
    let recent = now.plus(-RECENT_HOURS * HOUR_MILLIS);
    let times = || told.iter().map(|article| article.published_at);
    Facts {
        independent,
        articles: told.len(),
        copies: told.iter().filter(|article| is_copy(article.id)).count(),
        recent: times().filter(|at| *at >= recent).count(),
        first: times().min().unwrap_or(now),
        last: times().max().unwrap_or(now),
        weight: told
            .iter()
            .map(|article| article.weight)
            .fold(f64::NEG_INFINITY, f64::max),
        interests: Vec::new(),
        novelty: 1.0,
    }
}

fn doc(stored: &StoredArticle) -> Doc {
    let article = &stored.article;
    // A wire message is its agency's, whoever brings it; on the web a site is a newsroom.
    let agency = article.carrier.clone().filter(|_| stored.url.web().is_none());
    let carrier = agency.unwrap_or_else(|| stored.carrier.clone());
    Doc {
        id: stored.id,
        source: match &stored.url {
            Uri::Web(url) => url.site().to_owned(),
            Uri::Other(_) => carrier.clone(),
        },
        carrier,
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
