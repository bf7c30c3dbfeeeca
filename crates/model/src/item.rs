//! One entry of a source, before its page is read.

use serde::{Deserialize, Serialize};

use crate::{CanonicalUrl, Topics, UnixMillis, state::words};

words! {
    /// How far an item has come.
    ItemState as "item state" {
        /// Seen in its source; its page is to be read.
        Seen = "seen",
        /// Its article is in the store.
        Read = "read",
        /// Its page could not be read; the error says why.
        Failed = "failed",
    }
}

/// What a source says of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The entry's own id where it has one, else its link: unique within the source.
    pub guid: String,
    /// Where the article stands.
    pub url: CanonicalUrl,
    /// The entry's title as plain text; may be empty.
    pub title: String,
    /// The entry's summary as plain text; may be empty.
    pub summary: String,
    /// When the entry says it was published.
    pub published: Option<UnixMillis>,
    /// When the entry says it was last changed. A later value than before means: read the page again.
    pub updated: Option<UnixMillis>,
    /// What the entry is filed under.
    pub topics: Topics,
}
