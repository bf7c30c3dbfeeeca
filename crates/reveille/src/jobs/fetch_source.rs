//! source → fetch → item: asks one source what is new.
//!
//! A source's failure is data: stored on its row, shown in `sources list`, and used to ask less often.

mod letter;
mod parts;
mod read_folder;
mod read_mailbox;

use std::time::Duration;

use reveille_feed::{Feed, Format};
use reveille_gather::{Accept, Document, FetchError, Fetched, Request};
use reveille_model::{CanonicalUrl, Item, Next, Outcome, SourceId, SourceKind, SourceState, UnixMillis};
use reveille_store::{
    Tx,
    hubs::{self, NewHub},
    jobs::Job,
    sources::{FetchSuccess, Source},
};

use super::{Ended, Kind, commit, id_of};
use crate::{app::App, entropy, feeds};
pub(crate) use read_folder::{folder_of, look_into};
pub(crate) use read_mailbox::{ask as ask_mailbox, mailbox_of};

/// What one visit to a source brought.
#[expect(clippy::large_enum_variant, reason = "one is made per visit")]
pub(crate) enum Visit {
    /// Nothing since the last visit (HTTP 304).
    Unchanged {
        success: FetchSuccess,
        keep: Option<i64>,
    },
    /// Its entries.
    News {
        items: Vec<Item>,
        success: FetchSuccess,
        /// The hub that it names, and its address as the hub knows it.
        hub: Option<(CanonicalUrl, CanonicalUrl)>,
        /// In how many milliseconds the items were published.
        over: Option<i64>,
        /// For how many milliseconds the answer asks to be kept.
        keep: Option<i64>,
    },
    /// It could not be read: why, in words, and what that means for the next visit.
    Failed { error: String, outcome: Outcome },
}

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = SourceId(id_of(job)?);
    let found = reveille_store::sources::find(&app.store, id).await?;
    // It may have been paused or removed since the job was added; a newsletter comes with its mailbox.
    let is_asked =
        |source: &Source| source.state == SourceState::Active && source.kind != SourceKind::Letters;
    let Some(source) = found.filter(is_asked) else {
        return commit(app, app.store.begin().await?, job).await;
    };
    if let Some(mailbox) = mailbox_of(app, &source) {
        return read_mailbox::run(app, job, &source, &mailbox).await;
    }
    if let Some(folder) = folder_of(&source) {
        return read_folder::run(app, job, &source, &folder).await;
    }
    let visit = visit(app, &source).await;
    let mut tx = app.store.begin().await?;
    keep(app, &mut tx, &source, visit).await?;
    commit(app, tx, job).await
}

/// Stores what a visit brought, and when the next is due.
async fn keep(app: &App, tx: &mut Tx, source: &Source, visit: Visit) -> anyhow::Result<()> {
    let (id, now) = (source.id, app.now());
    let result = match visit {
        Visit::Unchanged { success, keep } => Ok((Outcome::Unchanged { keep }, success)),
        Visit::News {
            items,
            success,
            hub,
            over,
            keep,
        } => {
            keep_hub(tx, id, hub, now).await?;
            let fresh = insert(tx, id, &items, now).await?;
            Ok((Outcome::Read { fresh, over, keep }, success))
        }
        Visit::Failed { error, outcome } => Err((outcome, error)),
    };
    let (Ok((outcome, _)) | Err((outcome, _))) = result;
    let seed = id.0.unsigned_abs() ^ now.0.unsigned_abs();
    let (polling, next) = source.polling.after(outcome, now, &app.polling_bounds(), seed);
    let next_at = match next {
        Next::At(at) => at,
        Next::Never => {
            reveille_store::sources::set_state(tx, id, SourceState::Gone).await?;
            now
        }
    };
    match result {
        Ok((_, success)) => {
            reveille_store::sources::fetched(tx, id, &success, &polling, next_at, now).await?;
        }
        Err((_, error)) => {
            reveille_store::sources::failed(tx, id, &error, &polling, next_at, now).await?;
        }
    }
    Ok(())
}

/// Keeps the hub that a source names, or forgets the one that it names no more.
async fn keep_hub(
    tx: &mut Tx,
    source: SourceId,
    hub: Option<(CanonicalUrl, CanonicalUrl)>,
    now: UnixMillis,
) -> anyhow::Result<()> {
    let Some((url, topic)) = hub else {
        return Ok(hubs::forget(tx, source).await?);
    };
    let new = NewHub {
        source,
        url,
        topic,
        token: entropy::token()?,
        secret: entropy::token()?,
    };
    Ok(hubs::keep(tx, &new, now).await?)
}

/// Adds what was not seen before, with a job to read each page; says how much that was.
async fn insert(tx: &mut Tx, id: SourceId, items: &[Item], now: UnixMillis) -> anyhow::Result<u32> {
    let fresh = reveille_store::items::insert_batch(tx, id, items, now).await?;
    let jobs: Vec<_> = fresh
        .iter()
        .map(|(item, url)| Kind::ReadItem.job_at(url.host(), item, now))
        .collect();
    reveille_store::jobs::insert_batch(tx, &jobs, now).await?;
    Ok(u32::try_from(fresh.len()).unwrap_or(u32::MAX))
}

/// Fetches and reads the source once, storing nothing. `sources check` does just this.
pub(crate) async fn visit(app: &App, source: &Source) -> Visit {
    let Some(url) = source.url.web().cloned() else {
        return Visit::Failed {
            error: format!("{} cannot be visited", source.url),
            outcome: Outcome::Failed {
                transient: false,
                retry_after: None,
            },
        };
    };
    let request = Request {
        url,
        accept: Accept::Feed,
        etag: source.etag.clone(),
        last_modified: source.last_modified.clone(),
        credential: source.credential.clone(),
    };
    let document = match app.gatherer.fetch(&request).await {
        Ok(Fetched::NotModified(unchanged)) => {
            return Visit::Unchanged {
                success: FetchSuccess {
                    etag: source.etag.clone(),
                    last_modified: source.last_modified.clone(),
                    moved_to: unchanged.moved_to,
                    forgiven: source.forgiven.clone(),
                },
                keep: unchanged.keep.map(millis),
            };
        }
        Ok(Fetched::Document(document)) => document,
        Err(error) => return failed(&error),
    };
    let (document, feed) = feeds::parse(document).await;
    match feed {
        Ok(feed) => news(app, source, document, feed).await,
        Err(error) => Visit::Failed {
            error: format!("{error}{}", named_feed(document).await),
            outcome: Outcome::Failed {
                transient: false,
                retry_after: None,
            },
        },
    }
}

fn failed(error: &FetchError) -> Visit {
    let outcome = if error.is_gone() {
        Outcome::Gone
    } else {
        Outcome::Failed {
            transient: error.is_transient(),
            retry_after: error.retry_after().map(millis),
        }
    };
    Visit::Failed {
        error: error.to_string(),
        outcome,
    }
}

/// What a feed brings that is recent enough. Of an index, what its parts bring.
async fn news(app: &App, source: &Source, document: Document, mut feed: Feed) -> Visit {
    if feed.format == Format::SitemapIndex {
        match parts::read_all(app, source, &feed.parts).await {
            Ok(parts) => {
                feed.entries = parts.entries;
                feed.faults.extend(parts.faults);
            }
            Err(error) => return failed(&error),
        }
    }
    let wish = feed.ttl_minutes.map(|minutes| i64::from(minutes) * 60_000);
    let items: Vec<Item> = feed
        .entries
        .iter()
        .filter_map(reveille_feed::Entry::to_item)
        .collect();
    let hub = hub_of(&document, feed.hub, feed.feed_url);
    Visit::News {
        hub,
        over: published_over(&items, app),
        items: recent(items, app),
        success: FetchSuccess {
            etag: document.etag,
            last_modified: document.last_modified,
            moved_to: document.moved_to,
            forgiven: feed.faults,
        },
        keep: wish.max(document.keep.map(millis)),
    }
}

/// The hub that a feed names, and the feed's address as the hub knows it. The `Link` header is asked first (W3C WebSub,
/// section 4).
fn hub_of(
    document: &Document,
    hub: Option<CanonicalUrl>,
    own: Option<CanonicalUrl>,
) -> Option<(CanonicalUrl, CanonicalUrl)> {
    let hub = document.linked("hub").cloned().or(hub)?;
    let topic = document.linked("self").cloned().or(own);
    Some((hub, topic.unwrap_or_else(|| document.url.clone())))
}

async fn named_feed(document: Document) -> String {
    let (_, links) = feeds::page_links(document).await;
    links
        .feeds
        .first()
        .map(|link| format!("; the page names the feed {}", link.url))
        .unwrap_or_default()
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// How old what counts as new may be, in milliseconds.
fn max_age(app: &App) -> i64 {
    i64::from(app.config.gather.max_age_hours) * 3_600_000
}

/// How far back the entries go, up to the age at which they no longer count as new: the time in which the recent ones
/// were published.
fn published_over(items: &[Item], app: &App) -> Option<i64> {
    let oldest = items.iter().filter_map(|item| item.published).min()?;
    Some(app.now().since(oldest).min(max_age(app)))
}

/// Entries that are young enough; one without a date counts as young. One dated ahead of the clock by more than
/// a day is taken as undated: its clock lies.
fn recent(items: Vec<Item>, app: &App) -> Vec<Item> {
    let now = app.now();
    let oldest = now.plus(-max_age(app));
    let sane = |at: UnixMillis| at < now.plus(86_400_000);
    items
        .into_iter()
        .map(|item| Item {
            published: item.published.filter(|at| sane(*at)),
            ..item
        })
        .filter(|item| item.updated.max(item.published).is_none_or(|at| at >= oldest))
        .collect()
}
