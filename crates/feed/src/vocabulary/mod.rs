//! Which element is meant, whatever namespace and letter case it was written in.

mod wire;

pub(crate) use wire::{Concept, Field, html_of};

use crate::xml::{LONGEST_NAME, lower_name};

/// The vocabularies that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// RSS, Atom, sitemaps, CDF: names without a namespace, or in that of the root element.
    Core,
    Rdf,
    DublinCore,
    Terms,
    Content,
    Media,
    Itunes,
    News,
    Syndication,
    Slash,
    GeoRss,
    /// GML and the W3C's `geo`, in which a point is a container.
    Geometry,
    /// NITF and NewsML.
    Wire,
    Xhtml,
    /// SVG and `MathML`: markup that needs its namespace to be understood.
    Drawing,
    Other,
}

impl Namespace {
    /// By its address, tolerant of case, scheme, `www.` and a trailing slash.
    pub(crate) fn of(uri: &str) -> Option<Self> {
        let uri = uri.trim().to_ascii_lowercase();
        let bare = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
        let bare = bare
            .strip_prefix("www.")
            .unwrap_or(bare)
            .trim_end_matches(['/', '#']);
        Some(match bare {
            "rssnamespace.org/feedburner/ext/1.0"
            | "pheedo.com/namespace/pheedo"
            | "w3.org/2005/atom"
            | "purl.org/pie"
            | "purl.org/rss/1.0"
            | "backend.userland.com/rss2"
            | "backend.userland.com/rss"
            | "blogs.law.harvard.edu/tech/rss"
            | "my.netscape.com/rdf/simple/0.9"
            | "my.netscape.com/publish/formats/rss-0.91.dtd"
            | "channel.netscape.com/rdf/simple/0.9"
            | "cyber.law.harvard.edu/rss/rss.html"
            | "sitemaps.org/schemas/sitemap/0.9" => Self::Core,
            "w3.org/1999/02/22-rdf-syntax-ns" => Self::Rdf,
            "purl.org/dc/elements/1.1" | "purl.org/dc/elements/1.0" | "purl.org/dc" => Self::DublinCore,
            "purl.org/dc/terms" => Self::Terms,
            "purl.org/rss/1.0/modules/content" => Self::Content,
            "search.yahoo.com/mrss" | "video.search.yahoo.com/mrss" => Self::Media,
            "itunes.com/dtds/podcast-1.0.dtd" => Self::Itunes,
            "google.com/schemas/sitemap-news/0.9" => Self::News,
            "purl.org/rss/1.0/modules/syndication" => Self::Syndication,
            "purl.org/rss/1.0/modules/slash" => Self::Slash,
            "georss.org/georss" => Self::GeoRss,
            "opengis.net/gml" | "w3.org/2003/01/geo/wgs84_pos" => Self::Geometry,
            "w3.org/1999/xhtml" | "w3.org/tr/rec-html40" => Self::Xhtml,
            "w3.org/2000/svg" | "w3.org/1998/math/mathml" => Self::Drawing,
            _ if bare.starts_with("purl.org/atom") || bare.starts_with("backend.userland.com") => Self::Core,
            _ if bare.starts_with("google.com/schemas/sitemap/") => Self::Core,
            _ if bare.starts_with("iptc.org/std/n") => Self::Wire,
            _ => return None,
        })
    }

    /// What a prefix means where nobody declared it.
    pub(crate) fn of_prefix(prefix: &str) -> Self {
        match prefix {
            "" | "rss" | "atom" | "atom10" | "atom03" | "a10" | "feedburner" | "pheedo" => Self::Core,
            "rdf" => Self::Rdf,
            "dc" => Self::DublinCore,
            "dcterms" | "dct" => Self::Terms,
            "content" => Self::Content,
            "media" => Self::Media,
            "itunes" => Self::Itunes,
            "news" | "n" => Self::News,
            "sy" | "syn" => Self::Syndication,
            "slash" => Self::Slash,
            "georss" => Self::GeoRss,
            "gml" | "geo" => Self::Geometry,
            "xhtml" | "xh" | "html" => Self::Xhtml,
            "svg" | "math" | "m" | "mml" => Self::Drawing,
            _ => Self::Other,
        }
    }
}

/// Whose name is being told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Author,
    Contributor,
    /// Named by a module or an outer element: only where no author is named otherwise.
    Fallback,
}

/// The elements that mean something, by what they mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    Root(crate::document::Format),
    Channel,
    /// A list of wire messages.
    Package,
    ContentMeta,
    Wire(Field),
    Concept(Concept),
    Entry,
    Title,
    Link,
    Description,
    Summary,
    Content,
    Body,
    Id,
    Published,
    Date,
    Updated,
    Created,
    Person(Role),
    Rights,
    Generator,
    Language,
    Category,
    TagList,
    Image,
    PictureUrl,
    Icon,
    Logo,
    Ttl,
    UpdatePeriod,
    UpdateFrequency,
    CommentCount,
    Point,
    Latitude,
    Longitude,
    Enclosure,
    MediaFile,
    Thumbnail,
    Source,
    OriginalLink,
    Location,
    Aside,
    Publication,
    Name,
    Email,
    Uri,
    Width,
    Height,
    /// A wrapper that changes nothing.
    Wrapper,
    Unknown,
}

/// The element of this name, letter case aside.
pub(crate) fn element(namespace: Namespace, local: &str) -> Element {
    named(namespace, lower_name(local, &mut [0; LONGEST_NAME]))
}

fn named(namespace: Namespace, local: &str) -> Element {
    match namespace {
        Namespace::Core => core(local),
        Namespace::Rdf if local == "rdf" => Element::Root(crate::document::Format::Rdf),
        Namespace::DublinCore | Namespace::Terms => dublin_core(local),
        Namespace::Content => match local {
            "encoded" => Element::Content,
            _ => Element::Unknown,
        },
        Namespace::Media => media(local),
        Namespace::Itunes => itunes(local),
        Namespace::News => news(local),
        Namespace::Syndication => match local {
            "updateperiod" => Element::UpdatePeriod,
            "updatefrequency" => Element::UpdateFrequency,
            _ => Element::Unknown,
        },
        Namespace::Slash => match local {
            "section" | "department" => Element::Category,
            "comments" => Element::CommentCount,
            _ => Element::Unknown,
        },
        Namespace::GeoRss => match local {
            "point" => Element::Point,
            "where" => Element::Wrapper,
            _ => Element::Unknown,
        },
        Namespace::Geometry => match local {
            "point" => Element::Wrapper,
            "pos" => Element::Point,
            "lat" => Element::Latitude,
            "long" => Element::Longitude,
            _ => Element::Unknown,
        },
        Namespace::Wire => wire::wire(local),
        Namespace::Xhtml => match local {
            "html" => Element::Wrapper,
            "body" => Element::Body,
            _ => Element::Unknown,
        },
        _ => Element::Unknown,
    }
}

fn core(local: &str) -> Element {
    use crate::document::Format;
    match local {
        "title" => Element::Title,
        "link" => Element::Link,
        "description" | "abstract" | "tagline" | "subtitle" => Element::Description,
        "summary" => Element::Summary,
        "item" | "entry" => Element::Entry,
        "guid" | "id" => Element::Id,
        "pubdate" | "published" | "issued" | "publicationdate" => Element::Published,
        "updated" | "modified" | "lastbuilddate" | "lastmod" => Element::Updated,
        "date" => Element::Date,
        "created" => Element::Created,
        "author" | "managingeditor" => Element::Person(Role::Author),
        "contributor" => Element::Person(Role::Contributor),
        "content" | "fullitem" | "encoded" => Element::Content,
        "body" => Element::Body,
        "category" => Element::Category,
        "tags" | "keywords" => Element::TagList,
        "copyright" | "rights" => Element::Rights,
        "generator" => Element::Generator,
        "language" => Element::Language,
        "image" => Element::Image,
        "icon" => Element::Icon,
        "logo" => Element::Logo,
        "ttl" => Element::Ttl,
        "enclosure" => Element::Enclosure,
        "source" => Element::Source,
        "origlink" => Element::OriginalLink,
        "url" => Element::PictureUrl,
        "loc" => Element::Location,
        "name" => Element::Name,
        "email" => Element::Email,
        "uri" | "homepage" => Element::Uri,
        "width" => Element::Width,
        "height" => Element::Height,
        "textinput" | "cloud" | "skiphours" | "skipdays" => Element::Aside,
        "channel" => Element::Channel,
        "items" | "sitemap" => Element::Wrapper,
        "rss" => Element::Root(Format::Rss),
        "rdf" => Element::Root(Format::Rdf),
        "feed" => Element::Root(Format::Atom),
        "urlset" => Element::Root(Format::Sitemap),
        "sitemapindex" => Element::Root(Format::SitemapIndex),
        _ => Element::Unknown,
    }
}

fn dublin_core(local: &str) -> Element {
    match local {
        "title" => Element::Title,
        "creator" | "author" => Element::Person(Role::Author),
        "publisher" => Element::Person(Role::Fallback),
        "contributor" => Element::Person(Role::Contributor),
        "date" => Element::Date,
        "issued" | "available" => Element::Published,
        "modified" => Element::Updated,
        "created" => Element::Created,
        "subject" => Element::Category,
        "description" | "abstract" => Element::Description,
        "language" => Element::Language,
        "rights" => Element::Rights,
        _ => Element::Unknown,
    }
}

fn media(local: &str) -> Element {
    match local {
        "title" => Element::Title,
        "description" => Element::Description,
        "category" => Element::Category,
        "keywords" => Element::TagList,
        "content" => Element::MediaFile,
        "thumbnail" => Element::Thumbnail,
        "group" => Element::Wrapper,
        _ => Element::Unknown,
    }
}

fn itunes(local: &str) -> Element {
    match local {
        "title" => Element::Title,
        "author" | "owner" => Element::Person(Role::Fallback),
        "name" => Element::Name,
        "email" => Element::Email,
        "summary" | "subtitle" => Element::Description,
        "keywords" => Element::TagList,
        "category" => Element::Category,
        "image" | "link" => Element::Thumbnail,
        _ => Element::Unknown,
    }
}

fn news(local: &str) -> Element {
    match local {
        "news" => Element::Wrapper,
        "publication" => Element::Publication,
        "name" => Element::Name,
        "language" => Element::Language,
        "publication_date" => Element::Published,
        "title" => Element::Title,
        "keywords" | "genres" => Element::TagList,
        _ => Element::Unknown,
    }
}
