//! What the product makes of a document: plain text, canonical links, entries that can become items.

use reveille_model::{CanonicalUrl, Item, Language, Topics, UnixMillis};
use url::Url;

use crate::{
    Format,
    document::{Document, Media, Person, Record, Text, Wire},
    fold::fold,
    markup::{LONGEST_ADDRESS, decode_references, plain, plain_start},
};

/// A feed, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// The format of the document.
    pub format: Format,
    /// The title as plain text; empty where there is none.
    pub title: String,
    /// The page that the feed belongs to.
    pub site_url: Option<CanonicalUrl>,
    /// Where the feed says that it stands itself.
    pub feed_url: Option<CanonicalUrl>,
    /// Who tells of its news (W3C WebSub, section 4): the first hub that it names.
    pub hub: Option<CanonicalUrl>,
    /// The language that the feed declares.
    pub language: Option<Language>,
    /// When the feed says that it was last changed.
    pub updated: Option<UnixMillis>,
    /// For how many minutes the feed asks to be kept before it is fetched again, or how often it says to come out.
    pub ttl_minutes: Option<u32>,
    /// The entries, in the feed's order.
    pub entries: Vec<Entry>,
    /// Other documents with more entries: the sitemaps of an index, the next page.
    pub parts: Vec<CanonicalUrl>,
    /// What was wrong with the document, in words for a person; empty for a sound one.
    pub faults: Vec<String>,
    /// The document ends too early: a file that is still being written, or a broken transfer.
    pub is_cut: bool,
}

/// One entry of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The entry's own id, else its link, else empty.
    pub id: String,
    /// The page: the original one where the feed's own link only leads there.
    pub url: Option<CanonicalUrl>,
    /// The title as plain text on one line; may be empty.
    pub title: String,
    /// The summary as plain text on one line, else the beginning of the content; may be empty.
    pub summary: String,
    /// The full text as HTML with absolute references, **not sanitized**.
    pub content_html: Option<String>,
    /// Names of the authors, as written.
    pub authors: Vec<String>,
    /// When it was first published.
    pub published: Option<UnixMillis>,
    /// When it was last changed.
    pub updated: Option<UnixMillis>,
    /// Categories and keywords as plain text, each once.
    pub categories: Vec<String>,
    /// The language of this entry, where it is declared apart from the feed's.
    pub language: Option<Language>,
    /// The feed or outlet that the entry was taken from.
    pub source: Option<EntrySource>,
    /// The picture that stands for it.
    pub image: Option<CanonicalUrl>,
    /// What a news agency says of its message. The entry's id, the version and the action tell which earlier entry
    /// it updates, corrects or kills.
    pub wire: Option<Box<Wire>>,
}

/// Where an entry was taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntrySource {
    /// The name of the feed or outlet; may be empty.
    pub title: String,
    /// Its page or feed.
    pub url: Option<CanonicalUrl>,
}

impl Entry {
    /// As an item of its source; `None` when it has no link, since there is nothing to read then.
    #[must_use]
    pub fn to_item(&self) -> Option<Item> {
        let url = self.url.clone()?;
        let guid = if self.id.is_empty() {
            url.as_str()
        } else {
            &self.id
        };
        Some(Item {
            guid: guid.to_owned(),
            url,
            title: self.title.clone(),
            summary: self.summary.clone(),
            published: self.published,
            updated: self.updated,
            topics: Topics::of(&self.categories),
        })
    }
}

/// How much of a content stands in for a missing summary, in characters.
const EXCERPT: usize = 1_000;

impl Feed {
    /// Makes a feed of a document that was fetched from `base`.
    pub(crate) fn new(document: Document, base: Option<&Url>) -> Self {
        let Document {
            format,
            feed,
            entries,
            parts,
            mut faults,
            is_cut,
        } = document;
        let site_url = feed.link.as_deref().and_then(|link| canonical(link, base));
        let site = site_url.as_ref().map(CanonicalUrl::url).or(base);
        let entries: Vec<Entry> = entries.into_iter().map(|entry| Entry::new(entry, site)).collect();
        let unlinked = entries
            .iter()
            .filter(|entry| entry.url.is_none() && entry.wire.is_none())
            .count();
        if unlinked > 0 {
            faults.push(format!("entries without a link: {unlinked}"));
        }
        let linked = |rel: &str| {
            let link = feed.links.iter().find(|link| link.rel.as_deref() == Some(rel));
            link.and_then(|link| canonical(&link.href, base))
        };
        Self {
            format,
            title: feed.title.as_ref().map(line).unwrap_or_default(),
            feed_url: linked("self"),
            hub: linked("hub"),
            site_url,
            ttl_minutes: ttl_minutes(&feed),
            language: feed.language.and_then(|tag| tag.parse().ok()),
            updated: feed.updated.or(feed.published),
            entries,
            parts: parts.into_iter().filter_map(|url| url.try_into().ok()).collect(),
            faults,
            is_cut,
        }
    }
}

impl Entry {
    fn new(record: Record, base: Option<&Url>) -> Self {
        let link = record
            .original_link
            .as_deref()
            .into_iter()
            .chain(record.link.as_deref());
        let url = link.filter_map(|link| canonical(link, base)).next();
        let content = record
            .contents
            .into_iter()
            .find(|text| !matches!(text.media, Media::Other(_)));
        let summary = record
            .summary
            .as_ref()
            .map(line)
            .filter(|summary| !summary.is_empty());
        let summary = summary
            .or_else(|| content.as_ref().map(beginning))
            .unwrap_or_default();
        let mut categories: Vec<String> = Vec::with_capacity(record.tags.len());
        for tag in record.tags {
            let name = plain(&tag.label.or(tag.term).unwrap_or_default());
            if !name.is_empty() && !categories.contains(&name) {
                categories.push(name);
            }
        }
        Self {
            // The canonical link, not the written one: click-counting keys change from day to day.
            id: record
                .id
                .or_else(|| url.as_ref().map(ToString::to_string))
                .unwrap_or_default(),
            url,
            title: record.title.as_ref().map(line).unwrap_or_default(),
            summary,
            content_html: content.map(html),
            authors: record.authors.into_iter().filter_map(name).collect(),
            published: record.published.or(record.created),
            updated: record.updated,
            categories,
            language: record.language.and_then(|tag| tag.parse().ok()),
            source: record.source.map(|source| EntrySource {
                title: source.title.unwrap_or_default(),
                url: source.href.and_then(|href| canonical(&href, base)),
            }),
            image: record
                .image
                .and_then(|image| image.href)
                .and_then(|href| canonical(&href, base)),
            wire: record.wire,
        }
    }
}

fn ttl_minutes(feed: &Record) -> Option<u32> {
    let said = feed.ttl.as_ref().and_then(|ttl| ttl.trim().parse().ok());
    said.or_else(|| {
        let period = match feed.update_period.as_deref()? {
            "hourly" => 60,
            "daily" => 24 * 60,
            "weekly" => 7 * 24 * 60,
            "monthly" => 30 * 24 * 60,
            "yearly" => 365 * 24 * 60,
            _ => return None,
        };
        Some((period / feed.update_frequency.unwrap_or(1).max(1)).max(1))
    })
}

/// A link as written, made absolute where it is not; none where it is too long to be one.
fn canonical(link: &str, base: Option<&Url>) -> Option<CanonicalUrl> {
    let link = Some(link).filter(|link| link.len() <= LONGEST_ADDRESS)?;
    link.parse()
        .ok()
        .or_else(|| base?.join(link.trim()).ok()?.try_into().ok())
}

/// A text on one line. Plain text too has its references decoded: `&amp;#8217;` in a title was escaped twice.
fn line(text: &Text) -> String {
    match text.media {
        Media::Html | Media::Xhtml => plain(&text.value),
        Media::Plain | Media::Other(_) => fold(decode_references(&text.value)),
    }
}

fn html(text: Text) -> String {
    match text.media {
        Media::Html | Media::Xhtml => text.value,
        Media::Plain | Media::Other(_) => crate::markup::escape(&text.value),
    }
}

/// The first characters of a text on one line, up to the last whole word.
fn beginning(text: &Text) -> String {
    let text = match text.media {
        // White space and characters of several bytes considered, this is enough.
        Media::Html | Media::Xhtml => plain_start(&text.value, 8 * EXCERPT),
        Media::Plain | Media::Other(_) => line(text),
    };
    let Some((end, _)) = text.char_indices().nth(EXCERPT) else {
        return text;
    };
    let head = &text[..end];
    head.rfind(' ').map_or(head, |space| &head[..space]).to_owned()
}

fn name(person: Person) -> Option<String> {
    let name = plain(&person.name.or(person.email)?);
    (!name.is_empty()).then_some(name)
}
