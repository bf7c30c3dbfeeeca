//! article → article: asks the page of a printed article again, so that a correction or a withdrawal is noticed.

use reveille_gather::{Accept, FetchError, Fetched, Request};
use reveille_model::{ArticleId, ArticleState};
use reveille_store::{
    articles::{self, NewArticle, StoredArticle, Upserted, Validators},
    jobs::Job,
    sources,
};

use super::{Ended, amend_editions, commit, id_of, read_item};
use crate::app::App;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = ArticleId(id_of(job)?);
    let Some(article) = articles::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let Some(url) = article.url.web() else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let Validators { etag, last_modified } = article.validators.clone();
    let request = Request {
        etag,
        last_modified,
        credential: sources::credential(&app.store, article.source).await?,
        ..Request::new(url.clone(), Accept::Page)
    };
    match app.gatherer.fetch(&request).await {
        Ok(Fetched::Document(document)) => {
            let item = match article.item {
                Some(item) => reveille_store::items::find(&app.store, item).await?,
                None => None,
            };
            let said = item.as_ref().map(|item| &item.item);
            match read_item::read_document(app, document, said).await? {
                (Some(read), validators) => keep(app, job, &article, read, &validators).await,
                // A page without text, for once: the article as it was read says more.
                (None, validators) => note_visit(app, job, &article, &validators).await,
            }
        }
        Err(error) if is_missing(&error) => miss(app, job, &article, &error).await,
        // What keeps the page away for now is no news of the article.
        Ok(Fetched::NotModified(_)) | Err(_) => note_visit(app, job, &article, &article.validators).await,
    }
}

fn is_missing(error: &FetchError) -> bool {
    matches!(error.status(), Some(404 | 410))
}

async fn keep(
    app: &App,
    job: &Job,
    article: &StoredArticle,
    read: reveille_model::Article,
    validators: &Validators,
) -> anyhow::Result<Ended> {
    let mut tx = app.store.begin().await?;
    let new = NewArticle {
        item: article.item,
        source: article.source,
        url: article.url.clone(),
        article: read,
        wire: None,
        fetched_at: app.now(),
    };
    let stored = articles::upsert(&mut tx, &new).await?;
    articles::checked(&mut tx, article.id, validators, app.now()).await?;
    amend_editions::request(app, &mut tx, stored, article.state).await?;
    commit(app, tx, job).await
}

async fn note_visit(
    app: &App,
    job: &Job,
    article: &StoredArticle,
    validators: &Validators,
) -> anyhow::Result<Ended> {
    let mut tx = app.store.begin().await?;
    articles::checked(&mut tx, article.id, validators, app.now()).await?;
    commit(app, tx, job).await
}

/// Says that the page is gone. Hosts lose pages for many reasons, so that it withdraws nothing.
async fn miss(app: &App, job: &Job, article: &StoredArticle, error: &FetchError) -> anyhow::Result<Ended> {
    let mut tx = app.store.begin().await?;
    let note = error.to_string();
    let changed =
        articles::set_state(&mut tx, article.id, ArticleState::Missing, Some(&note), app.now()).await?;
    articles::checked(&mut tx, article.id, &article.validators, app.now()).await?;
    let stored = Upserted {
        id: article.id,
        version: article.version,
        changed,
    };
    amend_editions::request(app, &mut tx, stored, ArticleState::Missing).await?;
    commit(app, tx, job).await
}
