//! What a feed document says, before anything is made of it.
//!
//! A [`Document`] is faithful: dates are instants and references are absolute, but markup is still markup, the id
//! is what was written, and nothing is dropped for lack of a link. [`crate::Feed`] is what the product uses.

use reveille_model::UnixMillis;
use url::Url;

pub use crate::wire::{Action, Wire};

/// The formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// RSS 0.91 to 2.0, and their many dialects.
    Rss,
    /// RSS 0.90 and 1.0, which are RDF.
    Rdf,
    /// Atom 1.0 (RFC 4287) and 0.3.
    Atom,
    /// JSON Feed 1.0 and 1.1.
    Json,
    /// A sitemap (sitemaps.org 0.9), with Google's news extension or without.
    Sitemap,
    /// A sitemap of sitemaps: see [`Document::parts`].
    SitemapIndex,
    /// Channel Definition Format, a W3C note of 1997.
    Cdf,
    /// News Industry Text Format 3 (IPTC).
    Nitf,
    /// NewsML-G2: one item, a package, or a message of several (IPTC).
    NewsMlG2,
    /// NewsML 1.0 to 1.2 (IPTC).
    NewsMl,
    /// ninjs 1 to 3 (IPTC).
    Ninjs,
}

impl Format {
    /// Whether news agencies send it.
    #[must_use]
    pub fn is_wire(self) -> bool {
        matches!(self, Self::Nitf | Self::NewsMlG2 | Self::NewsMl | Self::Ninjs)
    }

    /// The name that a person knows it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rss => "RSS",
            Self::Rdf => "RSS 1.0",
            Self::Atom => "Atom",
            Self::Json => "JSON Feed",
            Self::Sitemap => "sitemap",
            Self::SitemapIndex => "sitemap index",
            Self::Cdf => "CDF",
            Self::Nitf => "NITF",
            Self::NewsMlG2 => "NewsML-G2",
            Self::NewsMl => "NewsML 1",
            Self::Ninjs => "ninjs",
        }
    }
}

/// A whole document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Its format.
    pub format: Format,
    /// What it says of itself.
    pub feed: Record,
    /// Its entries, in order.
    pub entries: Vec<Record>,
    /// Other documents that hold its entries: the sitemaps of an index, a next page.
    pub parts: Vec<Url>,
    /// What was wrong with it and how it was read, in words for a person. Empty for a sound document.
    pub faults: Vec<String>,
    /// It ends too early: of what came, the whole entries were read.
    pub is_cut: bool,
}

/// What is said of a feed or of one entry: the formats have the same things to say of both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The title.
    pub title: Option<Text>,
    /// The summary of an entry, the subtitle or description of a feed.
    pub summary: Option<Text>,
    /// Full texts, in order.
    pub contents: Vec<Text>,
    /// The id, as written.
    pub id: Option<String>,
    /// The page: the link that is none of enclosure, self and so on. Absolute where the document gives a base.
    pub link: Option<String>,
    /// The page behind a redirecting link (`feedburner:origLink`, `pheedo:origLink`).
    pub original_link: Option<String>,
    /// All links, in order.
    pub links: Vec<Link>,
    /// When it was first published.
    pub published: Option<UnixMillis>,
    /// When it was last changed.
    pub updated: Option<UnixMillis>,
    /// When it was made, where that is said apart from when it was published.
    pub created: Option<UnixMillis>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// Who else took part.
    pub contributors: Vec<Person>,
    /// The copyright line.
    pub rights: Option<Text>,
    /// Categories and keywords.
    pub tags: Vec<Tag>,
    /// The language tag, as written but with hyphens.
    pub language: Option<String>,
    /// The picture that stands for it.
    pub image: Option<Picture>,
    /// A small square picture (Atom).
    pub icon: Option<String>,
    /// A wide picture (Atom).
    pub logo: Option<String>,
    /// The program that wrote it.
    pub generator: Option<Generator>,
    /// For how many minutes it may be kept, as written.
    pub ttl: Option<String>,
    /// How often it is brought out: `hourly`, `daily`, `weekly`, `monthly`, `yearly` (RSS 1.0 Syndication).
    pub update_period: Option<String>,
    /// How many times in such a period; once where it is missing.
    pub update_frequency: Option<u32>,
    /// How many comments were left (RSS 1.0 Slash).
    pub comments: Option<u32>,
    /// Where it happened, in degrees (`GeoRSS`, W3C `geo`).
    pub location: Option<Location>,
    /// The feed or outlet that an entry was taken from; the provider of a wire message.
    pub source: Option<Source>,
    /// What only messages of news agencies say.
    pub wire: Option<Box<Wire>>,
}

/// A point on Earth, in degrees (WGS 84).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Location {
    /// North is positive.
    pub latitude: f64,
    /// East is positive.
    pub longitude: f64,
}

/// How a text is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Media {
    /// Characters that mean themselves.
    Plain,
    /// HTML.
    Html,
    /// HTML that was inline XML in the document.
    Xhtml,
    /// Something else, by its media type.
    Other(String),
}

impl Media {
    /// The media type.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Plain => "text/plain",
            Self::Html => "text/html",
            Self::Xhtml => "application/xhtml+xml",
            Self::Other(name) => name,
        }
    }
}

/// A text with its kind and language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// How `value` is written.
    pub media: Media,
    /// The language tag in force.
    pub language: Option<String>,
    /// The text. In markup the references are absolute where the document gives a base.
    pub value: String,
}

/// A person or an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: Option<String>,
    /// The e-mail address, as written.
    pub email: Option<String>,
    /// The person's page.
    pub href: Option<String>,
}

/// A link.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it is to the entry; none means `alternate`.
    pub rel: Option<String>,
    /// The media type of what it leads to.
    pub media_type: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Bytes, as written.
    pub length: Option<String>,
    /// The language of what it leads to.
    pub hreflang: Option<String>,
}

/// A category.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tag {
    /// The category.
    pub term: Option<String>,
    /// The list that it is of.
    pub scheme: Option<String>,
    /// How it is shown.
    pub label: Option<String>,
}

/// A picture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// Where it is.
    pub href: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// Where it leads.
    pub link: Option<String>,
    /// Pixels.
    pub width: Option<u32>,
    /// Pixels.
    pub height: Option<u32>,
    /// What it shows.
    pub description: Option<String>,
}

/// A program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Generator {
    /// Its name.
    pub name: Option<String>,
    /// Its page.
    pub href: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

/// Where an entry was taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// The name of the feed or outlet.
    pub title: Option<String>,
    /// Its page or feed.
    pub href: Option<String>,
}
