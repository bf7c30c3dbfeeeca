//! From a site's address to its feeds and news sitemap, best first.
//!
//! Asked are, in this order, the address itself, what its page names, what its `robots.txt` names, and, where those name
//! nothing, the places where such things usually stand. Each candidate is read: only what can be read is found.

use std::cmp::Reverse;

use anyhow::Context;
use reveille_feed::{Feed, Format};
use reveille_gather::{Accept, Gatherer};
use reveille_model::{CanonicalUrl, Language, SourceKind, UnixMillis};

use crate::feeds;

/// Most candidates of one kind that are read. A site's first few feeds are its main ones.
const MOST: usize = 6;
/// Where feeds stand that no page names.
const USUAL_FEEDS: [&str; 6] = [
    "/feed",
    "/rss.xml",
    "/feed.xml",
    "/atom.xml",
    "/index.xml",
    "/rss",
];
/// Where news sitemaps stand that no `robots.txt` names.
const USUAL_SITEMAPS: [&str; 3] = ["/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml"];

/// One source that a site has.
pub(crate) struct Found {
    pub(crate) url: CanonicalUrl,
    pub(crate) kind: SourceKind,
    pub(crate) title: String,
    pub(crate) site: Option<CanonicalUrl>,
    pub(crate) language: Option<Language>,
    pub(crate) entries: usize,
    pub(crate) newest: Option<UnixMillis>,
    pub(crate) icon: Option<CanonicalUrl>,
    /// What had to be forgiven in it, in words.
    pub(crate) faults: Vec<String>,
}

impl Found {
    fn new(url: CanonicalUrl, feed: Feed) -> Self {
        let title = Some(feed.title).filter(|title| !title.trim().is_empty());
        let is_sitemap = matches!(feed.format, Format::Sitemap | Format::SitemapIndex);
        Self {
            title: title.unwrap_or_else(|| url.host().to_owned()),
            kind: if is_sitemap {
                SourceKind::Sitemap
            } else {
                SourceKind::Feed
            },
            site: feed.site_url,
            language: feed.language,
            entries: feed.entries.len() + feed.parts.len(),
            newest: feed
                .entries
                .iter()
                .filter_map(|entry| entry.published.max(entry.updated))
                .max(),
            icon: None,
            faults: feed.faults,
            url,
        }
    }

    /// The outlet's name in its title.
    pub(crate) fn outlet(&self) -> &str {
        outlet(&self.title)
    }

    /// Readers' comments are no news.
    fn is_of_comments(&self) -> bool {
        let says = |text: &str| text.to_lowercase().contains("comment");
        says(&self.title) || says(self.url.url().path())
    }
}

/// The one part of a feed's title that says more than what any feed is: of "The Harbour Herald: News" and "Latest | The
/// Harbour Herald" the outlet. All of it, where that is not one part.
fn outlet(title: &str) -> &str {
    const BETWEEN: [&str; 8] = [" - ", " – ", " — ", " | ", ": ", " » ", " > ", " · "];
    const OF_FEEDS: &str = " news rss feed atom latest all top stories story headlines home homepage front page articles posts         updates breaking recent world international the and our nachrichten aktuell aktuelle alle neueste schlagzeilen         startseite meldungen actualités actualité dernières toutes les une à la noticias últimas portada titulares notícias         notizie ultime nieuws laatste wiadomości новости ";
    let mut parts = vec![title];
    for sign in BETWEEN {
        parts = parts.into_iter().flat_map(|part| part.split(sign)).collect();
    }
    let is_usual = |word: &str| OF_FEEDS.contains(&format!(" {} ", word.to_lowercase()));
    let mut names = parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.split_whitespace().all(is_usual));
    match (names.next(), names.next()) {
        (Some(name), None) => name,
        _ => title.trim(),
    }
}

/// What stands at the address or belongs to the site there, best first. Empty where nothing was found.
///
/// # Errors
/// Where the address itself cannot be read.
pub(crate) async fn discover(
    gatherer: &Gatherer,
    now: UnixMillis,
    address: &CanonicalUrl,
) -> anyhow::Result<Vec<Found>> {
    let page = gatherer.read(address.clone(), Accept::Feed).await;
    let page = page.with_context(|| format!("{address} could not be read"))?;
    let (page, feed) = feeds::parse(page).await;
    if let Ok(feed) = feed {
        let url = page.moved_to.unwrap_or_else(|| address.clone());
        return Ok(vec![Found::new(url, feed)]);
    }
    let (page, links) = feeds::page_links(page).await;
    let named = links
        .feeds
        .into_iter()
        .filter_map(|link| link.url.try_into().ok());
    let mut found = read(gatherer, or_usual(named.collect(), &USUAL_FEEDS, &page.url)).await;
    found.extend(
        read(
            gatherer,
            or_usual(sitemaps(gatherer, &page.url).await, &USUAL_SITEMAPS, &page.url),
        )
        .await,
    );
    let icon = links.icon.and_then(|icon| icon.try_into().ok());
    let icon: Option<CanonicalUrl> = icon.or_else(|| page.url.join("/favicon.ico").ok());
    for found in &mut found {
        found.icon.clone_from(&icon);
        found.site.get_or_insert_with(|| page.url.clone());
    }
    let week_ago = now.plus(-7 * 86_400_000);
    // What is as good stays in the order in which the site names it.
    found.sort_by_key(|found| {
        let is_live = found.newest.is_none_or(|newest| newest > week_ago);
        (
            found.is_of_comments(),
            found.entries == 0,
            Reverse(is_live),
            found.kind == SourceKind::Sitemap,
        )
    });
    Ok(found)
}

fn or_usual(named: Vec<CanonicalUrl>, usual: &[&str], site: &CanonicalUrl) -> Vec<CanonicalUrl> {
    if named.is_empty() {
        usual.iter().filter_map(|path| site.join(path).ok()).collect()
    } else {
        named
    }
}

/// The sitemaps that `robots.txt` names, those of news alone where some say that they are.
async fn sitemaps(gatherer: &Gatherer, site: &CanonicalUrl) -> Vec<CanonicalUrl> {
    let Ok(robots) = gatherer.robots(site).await else {
        return Vec::new();
    };
    let named: Vec<CanonicalUrl> = robots
        .sitemaps()
        .iter()
        .filter_map(|named| site.join(named).ok())
        .collect();
    let of_news = |url: &CanonicalUrl| url.url().path().contains("news");
    match named.iter().any(of_news) {
        true => named.into_iter().filter(of_news).collect(),
        false => named,
    }
}

/// Those of the candidates that can be read, each address once.
async fn read(gatherer: &Gatherer, candidates: Vec<CanonicalUrl>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for url in candidates.into_iter().take(MOST) {
        let Ok(document) = gatherer.read(url.clone(), Accept::Feed).await else {
            continue;
        };
        let url = document.moved_to.clone().unwrap_or(url);
        if let (_, Ok(feed)) = feeds::parse(document).await
            && found.iter().all(|held| held.url != url)
        {
            found.push(Found::new(url, feed));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feeds_title_names_its_outlet() {
        for (title, name) in [
            ("The Harbour Herald", "The Harbour Herald"),
            ("The Harbour Herald: News", "The Harbour Herald"),
            ("The Counting House — latest", "The Counting House"),
            ("Latest news | Touchline ", "Touchline"),
            ("Der Bote - Alle Nachrichten - RSS", "Der Bote"),
            ("Le Phare · À la une", "Le Phare"),
            ("Courier: Science", "Courier: Science"),
            ("World News", "World News"),
            ("Non-stop", "Non-stop"),
        ] {
            assert_eq!(outlet(title), name, "{title}");
        }
    }
}
