//! source → fetch → item: asks one source what is new.
//!
//! A source's failure is data: stored on its row, shown in `sources list`, and used to ask less often.

use reveille_feed::Hint;
use reveille_gather::{Accept, Fetched, Request};
use reveille_model::{Item, SourceId, SourceKind, SourceState, UnixMillis};
use reveille_store::{
    jobs::Job,
    sources::{FetchSuccess, Source},
};

use super::{Ended, Kind, commit, id_of, read_folder, read_mailbox};
use crate::app::App;

/// What one visit to a source brought.
pub(crate) enum Visit {
    /// Nothing since the last visit (HTTP 304).
    Unchanged,
    /// Its entries.
    News { items: Vec<Item>, success: FetchSuccess },
    /// It could not be read: why, and whether it is gone for good.
    Failed {
        error: String,
        gone: bool,
        retry_after: Option<i64>,
    },
}

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = SourceId(id_of(job)?);
    let Some(source) = reveille_store::sources::find(&app.store, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    if source.kind == SourceKind::Letters {
        return commit(app, app.store.begin().await?, job).await;
    }
    if let Some(mailbox) = read_mailbox::mailbox_of(app, &source) {
        return read_mailbox::run(app, job, &source, &mailbox).await;
    }
    if let Some(folder) = read_folder::folder_of(&source) {
        return read_folder::run(app, job, &source, &folder).await;
    }
    let visit = visit(app, &source).await;
    let now = app.now();
    let regular = now.plus(i64::from(app.config.gather.interval_minutes) * 60_000);
    let mut tx = app.store.begin().await?;
    match visit {
        Visit::Unchanged => {
            let success = FetchSuccess {
                etag: source.etag.clone(),
                last_modified: source.last_modified.clone(),
                moved_to: None,
            };
            reveille_store::sources::fetched(&mut tx, id, &success, regular, now).await?;
        }
        Visit::News { items, success } => {
            let fresh = reveille_store::items::insert_batch(&mut tx, id, &items, now).await?;
            let jobs: Vec<_> = fresh
                .iter()
                .map(|(item, url)| Kind::ReadItem.job_at(url.host(), item, now))
                .collect();
            reveille_store::jobs::insert_batch(&mut tx, &jobs, now).await?;
            reveille_store::sources::fetched(&mut tx, id, &success, regular, now).await?;
        }
        Visit::Failed {
            error,
            gone,
            retry_after,
        } => {
            let wait = retry_after.unwrap_or_else(|| pause(source.failures + 1, app));
            reveille_store::sources::failed(&mut tx, id, &error, now.plus(wait), now).await?;
            if gone {
                reveille_store::sources::set_state(&mut tx, id, SourceState::Gone).await?;
            }
        }
    }
    commit(app, tx, job).await
}

/// Milliseconds until a failing source is asked again: twice as long each time, from a minute to six hours.
fn pause(failures: u32, app: &App) -> i64 {
    const MINUTE: i64 = 60_000;
    let longest = (6 * 60 * MINUTE).max(i64::from(app.config.gather.interval_minutes) * MINUTE);
    (MINUTE << (failures.clamp(1, 10) - 1)).min(longest)
}

/// Fetches and reads the source once, storing nothing. `sources check` does just this.
pub(crate) async fn visit(app: &App, source: &Source) -> Visit {
    let Some(url) = source.url.web().cloned() else {
        return Visit::Failed {
            error: format!("{} cannot be visited", source.url),
            gone: false,
            retry_after: None,
        };
    };
    let request = Request {
        url,
        accept: Accept::Feed,
        etag: source.etag.clone(),
        last_modified: source.last_modified.clone(),
    };
    let document = match app.gatherer.fetch(&request).await {
        Ok(Fetched::NotModified) => return Visit::Unchanged,
        Ok(Fetched::Document(document)) => document,
        Err(error) => {
            let retry_after = error
                .retry_after()
                .and_then(|wait| i64::try_from(wait.as_millis()).ok());
            return Visit::Failed {
                error: error.to_string(),
                gone: error.is_gone(),
                retry_after,
            };
        }
    };
    let hint = Hint {
        url: Some(document.url.url()),
        content_type: document.content_type.as_deref(),
    };
    match reveille_feed::parse(&document.body, &hint) {
        Ok(feed) => Visit::News {
            items: recent(feed.entries.iter().filter_map(reveille_feed::Entry::to_item), app),
            success: FetchSuccess {
                etag: document.etag,
                last_modified: document.last_modified,
                moved_to: document.moved_to,
            },
        },
        Err(error) => {
            let found = reveille_feed::discover(&document.body, document.url.url());
            let hint = found
                .first()
                .map(|link| format!("; the page names the feed {}", link.url))
                .unwrap_or_default();
            Visit::Failed {
                error: format!("{error}{hint}"),
                gone: false,
                retry_after: None,
            }
        }
    }
}

/// Entries that are young enough; one without a date counts as young. One dated ahead of the clock by more than
/// a day is taken as undated: its clock lies.
fn recent(items: impl Iterator<Item = Item>, app: &App) -> Vec<Item> {
    let now = app.now();
    let oldest = now.plus(-i64::from(app.config.gather.max_age_hours) * 3_600_000);
    let sane = |at: UnixMillis| at < now.plus(86_400_000);
    items
        .map(|item| Item {
            published: item.published.filter(|at| sane(*at)),
            ..item
        })
        .filter(|item| item.updated.max(item.published).is_none_or(|at| at >= oldest))
        .collect()
}
