//! What is asked for and what comes back.

use std::time::Duration;

use reveille_model::{CanonicalUrl, Credential};

use crate::{Link, header};

/// What the caller means to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Accept {
    /// A feed that an editor named. It is fetched whatever `robots.txt` says: the editor chose this one address, as a
    /// reader does in a browser, and RFC 9309 speaks to crawlers that find addresses by themselves.
    Feed,
    /// A page that was found in a feed or on another page: `robots.txt` is asked first, and obeyed.
    Page,
    /// What a program says in JSON at an address that we know of it. `robots.txt` is about other things.
    Json,
}

/// One fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The address.
    pub url: CanonicalUrl,
    /// What the caller means to read there.
    pub accept: Accept,
    /// The entity tag of the copy at hand (RFC 9110, section 8.8.3).
    pub etag: Option<String>,
    /// The `Last-Modified` of the copy at hand, as the server wrote it.
    pub last_modified: Option<String>,
    /// What the publisher issued to us. No host but its own sees it, however the way there redirects.
    pub credential: Option<Credential>,
}

impl Request {
    /// A first fetch, with no copy at hand.
    #[must_use]
    pub fn new(url: CanonicalUrl, accept: Accept) -> Self {
        Self {
            url,
            accept,
            etag: None,
            last_modified: None,
            credential: None,
        }
    }
}

/// What a fetch brought.
#[expect(
    clippy::large_enum_variant,
    reason = "one is made per fetch, and nearly all are documents"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The copy at hand is still the newest (304).
    NotModified(Unchanged),
    /// A document.
    Document(Document),
}

/// What is said beside "not modified".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unchanged {
    /// As [`Document::moved_to`].
    pub moved_to: Option<CanonicalUrl>,
    /// As [`Document::keep`].
    pub keep: Option<Duration>,
}

/// A whole document, decompressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where it was found, after all redirects.
    pub url: CanonicalUrl,
    /// The address to ask next time: set when the way here was made of permanent redirects (301, 308) only.
    pub moved_to: Option<CanonicalUrl>,
    /// The status, 200 to 299.
    pub status: u16,
    /// The `Content-Type` as the server wrote it.
    pub content_type: Option<String>,
    /// The charset that the header names, in lower case.
    pub charset: Option<String>,
    /// The bytes.
    pub body: Vec<u8>,
    /// The entity tag, for the next request.
    pub etag: Option<String>,
    /// The `Last-Modified` header, for the next request.
    pub last_modified: Option<String>,
    /// For how long the server lets the document be kept without asking again (`max-age`, `Expires`).
    pub keep: Option<Duration>,
    /// What the `Link` header says belongs to it (RFC 8288).
    pub links: Vec<Link>,
}

impl Document {
    /// Where the `Link` header's first link of this relation leads.
    #[must_use]
    pub fn linked(&self, relation: &str) -> Option<&CanonicalUrl> {
        let link = self.links.iter().find(|link| link.relation == relation);
        link.map(|link| &link.url)
    }

    /// Type and subtype in lower case: `text/html`.
    #[must_use]
    pub fn media_type(&self) -> Option<String> {
        self.content_type.as_deref().and_then(header::media_type)
    }
}
