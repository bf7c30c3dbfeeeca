//! item → article: reads one entry's page.

use reveille_gather::{Accept, Document, Fetched, Request};
use reveille_model::{Article, ItemId, Published};
use reveille_store::{articles::NewArticle, items::StoredItem, jobs::Job};

use super::{Ended, commit, id_of};
use crate::app::App;

/// After so many tries a page is given up.
const TRIES: u32 = 5;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = ItemId(id_of(job)?);
    let Some(item) = reveille_store::items::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let request = Request::new(item.item.url.clone(), Accept::Page);
    match app.gatherer.fetch(&request).await {
        Ok(Fetched::Document(document)) => match read(&item, document).await? {
            Some(article) => keep(app, job, &item, article).await,
            None => give_up(app, job, id, "no article text stands on the page").await,
        },
        Ok(Fetched::NotModified) => give_up(app, job, id, "the server answered 304 to a first request").await,
        Err(error) if error.is_transient() && job.attempts < TRIES => {
            let wait = error
                .retry_after()
                .and_then(|wait| i64::try_from(wait.as_millis()).ok());
            let run_at = app.now().plus(wait.unwrap_or(30_000 << job.attempts.clamp(0, 8)));
            let mut tx = app.store.begin().await?;
            reveille_store::jobs::retry(&mut tx, job, run_at, &error.to_string(), app.now()).await?;
            tx.commit().await?;
            Ok(Ended::Done)
        }
        Err(error) => give_up(app, job, id, &error.to_string()).await,
    }
}

async fn give_up(app: &App, job: &Job, id: ItemId, why: &str) -> anyhow::Result<Ended> {
    let mut tx = app.store.begin().await?;
    reveille_store::items::set_failed(&mut tx, id, why).await?;
    commit(app, tx, job).await
}

async fn keep(app: &App, job: &Job, item: &StoredItem, article: NewArticle) -> anyhow::Result<Ended> {
    let mut tx = app.store.begin().await?;
    reveille_store::articles::upsert(
        &mut tx,
        &NewArticle {
            fetched_at: app.now(),
            ..article
        },
    )
    .await?;
    reveille_store::items::set_read(&mut tx, item.id).await?;
    commit(app, tx, job).await
}

/// The article on the page, or nothing where there is no text. What the page does not say of itself, the feed's
/// entry may.
async fn read(item: &StoredItem, document: Document) -> anyhow::Result<Option<NewArticle>> {
    let url = document.url.clone();
    let extraction = tokio::task::spawn_blocking(move || {
        reveille_extract::extract(&document.body, &document.url, document.charset.as_deref())
    })
    .await?;
    let article = extraction.article;
    if article.body.is_empty() {
        return Ok(None);
    }
    let title = if article.title.is_empty() {
        item.item.title.clone()
    } else {
        article.title
    };
    let published = match article.published {
        Some(at @ Published::Instant(_)) => Some(at),
        // An entry's hour is worth more than a page's day.
        day => item.item.published.map(Published::Instant).or(day),
    };
    Ok(Some(NewArticle {
        item: Some(item.id),
        source: item.source,
        url,
        article: Article {
            title,
            published,
            ..article
        },
        fetched_at: item.seen_at,
    }))
}
