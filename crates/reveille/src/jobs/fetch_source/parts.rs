//! The sitemaps that an index names.

use reveille_feed::Entry;
use reveille_gather::{Accept, FetchError};
use reveille_model::CanonicalUrl;
use reveille_store::sources::Source;

use crate::{app::App, feeds};

/// How many sitemaps of an index are read at one visit. News stands in the first of them or in one that says so; the rest
/// is the archive.
const MOST: usize = 4;

/// What the parts brought.
pub(super) struct Parts {
    pub(super) entries: Vec<Entry>,
    /// What was wrong with them, in words.
    pub(super) faults: Vec<String>,
}

/// Reads the most promising sitemaps of an index, without following one to a further index.
///
/// # Errors
/// Why the first could not be read, where none could.
pub(super) async fn read_all(
    app: &App,
    source: &Source,
    named: &[CanonicalUrl],
) -> Result<Parts, FetchError> {
    let mut parts = Parts {
        entries: Vec::new(),
        faults: Vec::new(),
    };
    let (mut done, mut failure) = (0, None);
    for url in promising(named) {
        let fetched = app
            .gatherer
            .read_with(url.clone(), Accept::Feed, source.credential.clone());
        let document = match fetched.await {
            Ok(document) => document,
            Err(error) => {
                parts.faults.push(format!("{url}: {error}"));
                failure.get_or_insert(error);
                continue;
            }
        };
        done += 1;
        match feeds::parse(document).await.1 {
            Ok(feed) => {
                parts.entries.extend(feed.entries);
                parts
                    .faults
                    .extend(feed.faults.into_iter().map(|fault| format!("{url}: {fault}")));
            }
            Err(error) => parts.faults.push(format!("{url}: {error}")),
        }
    }
    match failure {
        Some(error) if done == 0 => Err(error),
        _ => Ok(parts),
    }
}

/// Those that say that they hold news come first, then those that the index puts first.
fn promising(named: &[CanonicalUrl]) -> impl Iterator<Item = &CanonicalUrl> {
    let mut ordered: Vec<_> = named.iter().collect();
    ordered.sort_by_key(|url| !url.url().path().contains("news"));
    ordered.into_iter().take(MOST)
}
