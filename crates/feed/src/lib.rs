//! Feed bytes to entries: RSS 0.9 to 2.0, Atom, JSON Feed, news sitemaps, OPML, and the wires of news agencies
//! (NITF, NewsML, ninjs), tolerant and pure.
//!
//! [`parse`] gives what the product works with; [`read`] gives what the document says, faithfully. Both take any
//! bytes: damage is repaired where the repair is certain and named in `faults`, and only what is no feed at all is an
//! error, whose text tells a person what came instead. Nothing here does I/O, reads a clock or makes HTML safe to
//! show.

mod charset;
mod date;
mod discover;
pub mod document;
mod error;
mod feed;
mod fold;
mod gzip;
mod json;
pub mod lines;
mod markup;
pub mod opml;
mod person;
mod read;
mod sniff;
mod vocabulary;
mod wire;
mod xml;

use std::borrow::Cow;

use url::Url;

pub use date::parse_date;
pub use discover::{FeedLink, PageLinks, discover, page_links};
pub use document::{Document, Format};
pub use error::FeedError;
pub use feed::{Entry, EntrySource, Feed};
pub use wire::{Action, Wire};

/// What is known of a document from outside it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hint<'a> {
    /// Where it was fetched from, the base of its relative references.
    pub url: Option<&'a Url>,
    /// The value of its Content-Type, or a bare charset label.
    pub content_type: Option<&'a str>,
}

/// How much of a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A longer document is refused.
    pub bytes: usize,
    /// Entries beyond these are left out, with a fault that says so.
    pub entries: usize,
}

impl Default for Limits {
    /// 16 MiB and 5,000 entries: some thirty times the largest feeds of news outlets, and more than the 1,000 pages
    /// that a news sitemap may list.
    fn default() -> Self {
        Self {
            bytes: 16 << 20,
            entries: 5_000,
        }
    }
}

/// Reads a feed within the default [`Limits`].
///
/// # Errors
/// Where the bytes are no feed; see [`FeedError`].
pub fn parse(bytes: &[u8], hint: &Hint<'_>) -> Result<Feed, FeedError> {
    parse_within(bytes, hint, Limits::default())
}

/// [`parse`] with limits of the caller's.
///
/// # Errors
/// As [`parse`].
pub fn parse_within(bytes: &[u8], hint: &Hint<'_>, limits: Limits) -> Result<Feed, FeedError> {
    read(bytes, hint, limits).map(|document| Feed::new(document, hint.url))
}

/// Reads what a document says, before anything is made of it.
///
/// # Errors
/// As [`parse`].
pub fn read(bytes: &[u8], hint: &Hint<'_>, limits: Limits) -> Result<Document, FeedError> {
    if bytes.len() > limits.bytes {
        return Err(FeedError::TooLarge {
            bytes: bytes.len(),
            limit: limits.bytes,
        });
    }
    let unpacked = gzip::unpack(bytes, limits)?;
    let bytes = &*unpacked.bytes;
    if let Some(binary) = sniff::binary(bytes) {
        return Err(binary);
    }
    let decoded = charset::decode(bytes, hint.content_type);
    let (text, dropped) = printable(decoded.text);
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut document = if start.starts_with(['{', '[']) {
        json::read(start, hint.url, limits)?
    } else {
        read::read(&text, hint.url, limits).ok_or_else(|| sniff::text(&text, dropped))?
    };
    if dropped > 0 {
        document
            .faults
            .insert(0, format!("control characters left out: {dropped}"));
    }
    document.is_cut |= unpacked.fault.is_some();
    document
        .faults
        .splice(0..0, unpacked.fault.into_iter().chain(decoded.fault));
    Ok(document)
}

/// The text without the control characters that neither XML nor JSON allows, and how many there were.
fn printable(text: Cow<'_, str>) -> (Cow<'_, str>, usize) {
    let control = |b: u8| (b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r');
    // Asked of every byte without a branch, which the compiler turns into vector instructions.
    if !text.bytes().fold(false, |any, b| any | control(b)) {
        return (text, 0);
    }
    let kept: String = text
        .chars()
        .filter(|c| !u8::try_from(*c).is_ok_and(control))
        .collect();
    let dropped = text.len() - kept.len();
    (Cow::Owned(kept), dropped)
}

/// Keeps the README's example true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
