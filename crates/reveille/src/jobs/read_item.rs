//! item → article: reads one entry's page.

mod follow_original;

use reveille_gather::{Accept, Document};
use reveille_model::{Article, ArticleState, CanonicalUrl, Item, ItemId, LONGEST_REST, Published};
use reveille_store::{
    articles::{self, NewArticle, Validators},
    items::StoredItem,
    jobs::Job,
    sources,
};

use super::{Ended, amend_editions, commit, id_of};
use crate::{app::App, archive};

/// After so many tries a page is given up.
const TRIES: u32 = 5;
/// A page that another source brought so shortly before is not asked for again, in milliseconds. What changes on it
/// later is found by rereading.
const JUST_READ: i64 = 3_600_000;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = ItemId(id_of(job)?);
    let Some(item) = reveille_store::items::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    if reveille_store::items::is_read_elsewhere(&app.store, &item, JUST_READ).await? {
        let mut tx = app.store.begin().await?;
        reveille_store::items::set_read(&mut tx, id).await?;
        return commit(app, tx, job).await;
    }
    let credential = sources::credential(&app.store, item.source).await?;
    let fetched = app
        .gatherer
        .read_with(item.item.url.clone(), Accept::Page, credential);
    match fetched.await {
        Ok(document) => {
            let url = document.url.clone();
            match read_document(app, document, Some(&item.item)).await? {
                (Some(article), validators) => {
                    let new = NewArticle {
                        item: Some(item.id),
                        source: item.source,
                        url: url.into(),
                        article,
                        wire: None,
                        fetched_at: app.now(),
                    };
                    keep(app, job, &item, &new, &validators).await
                }
                (None, _) => give_up(app, job, id, "no article text stands on the page").await,
            }
        }
        Err(error) if error.is_transient() && job.attempts < TRIES => {
            let wait = error
                .retry_after()
                .and_then(|wait| i64::try_from(wait.as_millis()).ok());
            let wait = wait
                .unwrap_or(30_000 << job.attempts.clamp(0, 8))
                .clamp(0, LONGEST_REST);
            let (run_at, error) = (app.now().plus(wait), error.to_string());
            let mut tx = app.store.begin().await?;
            let is_ours = reveille_store::jobs::retry(&mut tx, job, run_at, &error, app.now()).await?;
            tx.commit().await?;
            Ok(if is_ours { Ended::Done } else { Ended::LeaseLost })
        }
        Err(error) => give_up(app, job, id, &error.to_string()).await,
    }
}

async fn give_up(app: &App, job: &Job, id: ItemId, why: &str) -> anyhow::Result<Ended> {
    let mut tx = app.store.begin().await?;
    reveille_store::items::set_failed(&mut tx, id, why).await?;
    commit(app, tx, job).await
}

async fn keep(
    app: &App,
    job: &Job,
    item: &StoredItem,
    new: &NewArticle,
    validators: &Validators,
) -> anyhow::Result<Ended> {
    let original = follow_original::find(app, item, &new.article, &new.url).await?;
    let mut tx = app.store.begin().await?;
    let stored = articles::upsert(&mut tx, new).await?;
    articles::checked(&mut tx, stored.id, validators, app.now()).await?;
    amend_editions::request(app, &mut tx, stored, ArticleState::Standing).await?;
    if let Some(original) = original {
        follow_original::add(&mut tx, &original, app.now()).await?;
    }
    reveille_store::items::set_read(&mut tx, item.id).await?;
    commit(app, tx, job).await
}

/// Archives a fetched page where the settings ask for that, and reads its article; beside it, with what to ask the page
/// again.
pub(super) async fn read_document(
    app: &App,
    document: Document,
    said: Option<&Item>,
) -> anyhow::Result<(Option<Article>, Validators)> {
    archive::keep(app, &document)?;
    let validators = Validators {
        etag: document.etag,
        last_modified: document.last_modified,
    };
    let article = read_page(document.body, document.url, document.charset, said).await?;
    Ok((article, validators))
}

/// The article on the page, or nothing where there is no text. What the page does not say of itself, the feed's
/// entry may.
pub(crate) async fn read_page(
    body: Vec<u8>,
    url: CanonicalUrl,
    charset: Option<String>,
    said: Option<&Item>,
) -> anyhow::Result<Option<Article>> {
    let extraction =
        tokio::task::spawn_blocking(move || reveille_extract::extract(&body, &url, charset.as_deref()))
            .await?;
    let article = extraction.article;
    if article.body.is_empty() {
        return Ok(None);
    }
    let title = match said {
        Some(item) if article.title.is_empty() => item.title.clone(),
        _ => article.title,
    };
    let published = match article.published {
        Some(at @ Published::Instant(_)) => Some(at),
        // An entry's hour is worth more than a page's day.
        day => said
            .and_then(|item| item.published)
            .map(Published::Instant)
            .or(day),
    };
    // The topics that an editor gave the entry go before a page's many keywords.
    let topics = match said {
        Some(item) => item.topics.clone().and(&article.topics),
        None => article.topics,
    };
    Ok(Some(Article {
        title,
        published,
        topics,
        ..article
    }))
}
