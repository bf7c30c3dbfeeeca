//! article → item: the page that an article names as its original, where nobody has gathered it yet.

use reveille_model::{Article, CanonicalUrl, SourceId, UnixMillis, Uri};
use reveille_store::{
    Tx, items,
    items::StoredItem,
    jobs,
    sources::{self, Filter, Source},
};

use crate::{app::App, jobs::Kind};

/// An original to be gathered.
pub(super) struct Original {
    url: CanonicalUrl,
    /// The source that its site belongs to, else the one that carries the copy.
    source: SourceId,
    /// The name of the outlet.
    carrier: String,
}

/// The original that an article names, if a source listed the article. Originals of originals are left alone: a page
/// could lead from one to the next for ever.
pub(super) async fn find(
    app: &App,
    item: &StoredItem,
    article: &Article,
    page: &Uri,
) -> anyhow::Result<Option<Original>> {
    let Some((url, name)) = original(article, page).filter(|_| item.carrier.is_none()) else {
        return Ok(None);
    };
    let (source, carrier) = match owner(app, url).await? {
        Some(owner) => (owner.id, owner.carrier),
        None => (item.source, name.to_owned()),
    };
    Ok(Some(Original {
        url: url.clone(),
        source,
        carrier,
    }))
}

/// Adds it to what is to be read, unless it was gathered already.
pub(super) async fn add(tx: &mut Tx, original: &Original, now: UnixMillis) -> anyhow::Result<()> {
    let Original { url, source, carrier } = original;
    if let Some(id) = items::insert_original(tx, *source, url, carrier, now).await? {
        jobs::insert(tx, &Kind::ReadItem.job_at(url.host(), id, now), now).await?;
    }
    Ok(())
}

/// Where the original stands, on another site than the page, and the name of its outlet.
fn original<'a>(article: &'a Article, page: &Uri) -> Option<(&'a CanonicalUrl, &'a str)> {
    let url = article.original_url().filter(|url| url.site() != page.site())?;
    let named = article
        .origins
        .iter()
        .find(|origin| origin.url.as_ref() == Some(url));
    let name = named
        .map(|origin| origin.name.as_str())
        .filter(|name| !name.is_empty());
    Some((url, name.unwrap_or(url.host())))
}

/// The source that belongs to the site of this address. Few articles name an original, so that all are looked through.
async fn owner(app: &App, url: &CanonicalUrl) -> anyhow::Result<Option<Source>> {
    let all = sources::list(&app.store, Filter::default()).await?;
    let of_site = |source: &Source| source.sites().any(|site| site == url.site());
    Ok(all.into_iter().find(of_site))
}
