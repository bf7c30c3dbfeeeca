//! Which feeds a web page names, for a person who gave the page instead.

use url::Url;

use crate::{
    charset,
    markup::{LONGEST_ADDRESS, plain},
    xml::{Reader, Tag, Token},
};

/// A feed that a page names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLink {
    /// Where the feed is.
    pub url: Url,
    /// What the page calls it; may be empty.
    pub title: String,
    /// The media type that the page gives it.
    pub media_type: String,
}

/// Most pages name one to three; a page that names hundreds is no help.
const MOST: usize = 50;

/// What a page says of its site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageLinks {
    /// The feeds, in the page's order.
    pub feeds: Vec<FeedLink>,
    /// The picture that browsers show beside the page's title: the last one named, as they do (HTML Standard,
    /// section 4.6.7.8).
    pub icon: Option<Url>,
}

/// Finds the feeds that a page names by `<link rel=alternate>` (HTML Standard, section 4.6.7.1), in the page's order.
/// Only http and https addresses count, each once. `base` is where the page was fetched from.
#[must_use]
pub fn discover(html: &[u8], base: &Url) -> Vec<FeedLink> {
    page_links(html, base).feeds
}

/// [`discover`], and the site's icon.
#[must_use]
pub fn page_links(html: &[u8], base: &Url) -> PageLinks {
    let text = charset::decode(html, None).text;
    let mut reader = Reader::new(&text);
    let mut base = base.clone();
    let mut found = PageLinks::default();
    while let Some(token) = reader.next() {
        let Token::Start(tag) = token else { continue };
        match tag.name.to_ascii_lowercase().as_str() {
            name @ ("script" | "style" | "noscript" | "template") if !tag.empty => {
                reader.raw_text(name);
            }
            "base" => {
                let url = tag.attributes.get("href").and_then(|href| base.join(&href).ok());
                base = url
                    .filter(|url| url.as_str().len() <= LONGEST_ADDRESS)
                    .unwrap_or(base);
            }
            "link" => {
                found.icon = linked(&tag, &base, &["icon"]).or(found.icon);
                let feeds = &mut found.feeds;
                let link =
                    feed_link(&tag, &base).filter(|link| feeds.iter().all(|held| held.url != link.url));
                feeds.extend(link);
                if feeds.len() == MOST {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

/// Where a link of one of these relations leads, on the web.
fn linked(tag: &Tag<'_>, base: &Url, relations: &[&str]) -> Option<Url> {
    let rel = tag.attributes.get("rel")?.to_ascii_lowercase();
    let meant = rel.split_ascii_whitespace().any(|rel| relations.contains(&rel));
    let url = base.join(tag.attributes.text("href")?.as_str()).ok()?;
    (meant && matches!(url.scheme(), "http" | "https")).then_some(url)
}

fn feed_link(tag: &Tag<'_>, base: &Url) -> Option<FeedLink> {
    let url = linked(tag, base, &["alternate", "feed"])?;
    let declared = tag.attributes.get("type")?.to_ascii_lowercase();
    let media_type = declared.split(';').next().unwrap_or_default().trim();
    let is_feed = matches!(
        media_type,
        "application/rss+xml"
            | "application/atom+xml"
            | "application/feed+json"
            | "application/rdf+xml"
            | "application/x.atom+xml"
            | "application/x-rss+xml"
            | "application/xml"
            | "text/xml"
            | "text/rss+xml"
            | "application/json"
    );
    // Content management systems name their whole interface as an alternate in JSON.
    let is_feed = is_feed && (media_type != "application/json" || url.path().contains("feed"));
    is_feed.then(|| FeedLink {
        url,
        title: tag
            .attributes
            .get("title")
            .map(|title| plain(&title))
            .unwrap_or_default(),
        media_type: media_type.to_owned(),
    })
}
