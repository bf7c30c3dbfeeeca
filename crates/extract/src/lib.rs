//! Page bytes and URL to a clean article with its evidence of origin.
//!
//! ```
//! let page = b"<title>Harbour reopens - Example Times</title><article><h1>Harbour reopens</h1>
//!     <p>NORTHPORT (AP) &mdash; The harbour reopened on Tuesday after a storm had closed it for two weeks.</p></article>";
//! let url = "https://times.example/harbour".parse().unwrap();
//! let found = reveille_extract::extract(page, &url, None);
//! assert_eq!(found.article.title, "Harbour reopens");
//! assert_eq!(found.article.origins[0].name, "Associated Press");
//! ```
//!
//! Pure: no I/O, no clock, no randomness. Nothing here is keyed on a host's name; what is known of single houses is
//! the table of news agencies in [`agencies`], whose marks are public facts.

mod body;
mod byline;
mod charset;
mod clip;
mod date;
mod html;
mod kind;
mod language;
mod markdown;
mod meta;
mod origin;
pub mod parse;
mod record;
mod repair;
mod scan;
mod survey;
mod text;

use reveille_model::{Article, ArticleKind, CanonicalUrl, Language, Topics};

pub use body::{Reason, Verdict};
pub use byline::Signatory;
pub use charset::decode;
pub use date::Stamp;
pub use html::{escape_html, html};
pub use markdown::markdown;
pub use origin::{agencies, dateline::without_dateline};
pub use record::{Record, printed};

/// Stands for the address of a page that nobody knows. No address that was found relative to it is in the article.
pub const NOWHERE: &str = "http://page.invalid/";

/// An article, and how it was come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extraction {
    /// The article.
    pub article: Article,
    /// For every block of the page, whether it is part of the body and why; empty unless [`explain`] was asked.
    pub trace: Vec<Verdict>,
    /// Everybody who signed, as named: people and others.
    pub byline: Vec<Signatory>,
    /// When the page says that it was published, in its own zone.
    pub published: Option<Stamp>,
    /// When the page says that it was changed, in its own zone.
    pub modified: Option<Stamp>,
}

impl Default for Extraction {
    fn default() -> Self {
        Self {
            article: Article {
                title: String::new(),
                body: Vec::new(),
                authors: Vec::new(),
                published: None,
                modified: None,
                language: None,
                carrier: None,
                dateline: None,
                origins: Vec::new(),
                canonical_url: None,
                image: None,
                kind: ArticleKind::News,
                topics: Topics::default(),
                paywalled: false,
                corrections: Vec::new(),
                repairs: Vec::new(),
            },
            trace: Vec::new(),
            byline: Vec::new(),
            published: None,
            modified: None,
        }
    }
}

/// Extracts the article of a page. `charset` is the one of the HTTP header. Never fails: a page without an article
/// has an empty body. The trace is left empty; see [`explain`].
#[must_use]
pub fn extract(page: &[u8], url: &CanonicalUrl, charset: Option<&str>) -> Extraction {
    read(page, url, charset, false)
}

/// As [`extract`], with a trace of what was decided about each block of the page.
///
/// ```
/// let page = b"<nav><a href=/>Home</a></nav><article><h1>Tide</h1><p>The tide came in on Tuesday, as it does.</p></article>";
/// let found = reveille_extract::explain(page, &"https://times.example/tide".parse().unwrap(), None);
/// for verdict in &found.trace {
///     println!("{} {} {}: {}", verdict.kept, verdict.reason.as_str(), verdict.place, verdict.text);
/// }
/// assert!(found.trace.iter().any(|verdict| !verdict.kept && verdict.text == "Tide"));
/// ```
#[must_use]
pub fn explain(page: &[u8], url: &CanonicalUrl, charset: Option<&str>) -> Extraction {
    read(page, url, charset, true)
}

fn read(page: &[u8], url: &CanonicalUrl, charset: Option<&str>, traced: bool) -> Extraction {
    let text = charset::decode(page, charset);
    let page = parse::Document::parse(&text);
    let survey = survey::Survey::of(&page);
    let facts = meta::Facts::read(&page, &survey, url);
    let carrier = facts.site_name();
    let mut title = meta::title::headline(&page, &survey, &facts, carrier.as_deref(), url.host());
    let hints = body::Hints {
        title: &title,
        description: facts.description(),
        article_body: &facts.jsonld.body,
        traced,
    };
    let mut found = body::find(&page, &survey, hints);
    let house = origin::house::House::of(&facts, carrier.as_deref(), url);
    let mut byline = meta::authors::find(meta::authors::Witnesses {
        page: &page,
        survey: &survey,
        facts: &facts,
        house: &house,
        lines: &found.bylines,
    });
    body::notes::cut(&mut found.blocks, &byline);
    let (published, modified) = meta::dates::find(&page, &survey, &facts, url.host(), url.url().path());
    let language = language::of(&found.blocks, facts.declared_language());
    let english = language == Some(Language::english());
    let repairs = repair::repair(&mut title, &mut found.blocks, english);
    let marks = origin::Page {
        facts: &facts,
        url,
        title: &title,
        house: &house,
        signatories: &byline,
        signatures: &found.signatures,
        counters: &found.counters,
        lines: &found.credits,
    };
    let (dateline, origins) = origin::find(&marks, &mut found.blocks);
    title = origin::without_outlet(&title, &origins);
    byline::mark_agencies(&mut byline, dateline.as_ref(), &origins);
    let paywalled = kind::paywalled(&facts);
    let kind = kind::of(&facts, url, &title, &found.blocks, paywalled);
    let people = byline.iter().filter(|name| !name.organization);
    let article = Article {
        authors: people.map(|name| name.name.clone()).collect(),
        published: published.map(Stamp::published),
        modified: modified.map(Stamp::published),
        language,
        carrier,
        dateline,
        origins,
        canonical_url: facts.canonical_url(url).filter(exists),
        image: facts.image(url).filter(|image| exists(&image.url)),
        kind,
        topics: facts.topics(),
        paywalled,
        corrections: found.corrections,
        repairs,
        title,
        body: found.blocks,
    };
    Extraction {
        article,
        trace: found.trace,
        byline,
        published,
        modified,
    }
}

/// Whether there can be such a host (RFC 6761, section 6.4).
fn exists(url: &CanonicalUrl) -> bool {
    !url.host().ends_with(".invalid")
}

/// Extracts the article of pasted plain text. Never fails.
///
/// ```
/// let found = reveille_extract::extract_text("Harbour reopens\n\nNORTHPORT (AP) - The harbour reopened on Tuesday after a storm.");
/// assert_eq!(found.article.dateline.unwrap().place, "NORTHPORT");
/// assert_eq!(found.article.origins[0].name, "Associated Press");
/// ```
#[must_use]
pub fn extract_text(clip: &str) -> Extraction {
    clip::extract(clip)
}
