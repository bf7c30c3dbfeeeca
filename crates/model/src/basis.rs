//! What an entry is made of, by what it is known within its edition, and what an editor decided about it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{ArticleId, Entry, StoryId, UnixMillis, state::words};

/// What an entry is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Basis {
    /// A story of the night, as one article tells it.
    Story {
        /// The story that the entry stands for.
        story: StoryId,
        /// The article that headline, summary and link are from.
        article: ArticleId,
        /// Which version of it they are from, counted from 1.
        version: u32,
    },
    /// The desk's own words, and no article.
    Own {
        /// What tells it from other entries of the edition that are the desk's own; counted from 1.
        own: u32,
    },
}

/// By what an entry is known within its edition, wherever it stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKey {
    /// By its article: each gives one entry at most, since no story stands in an edition twice.
    Article(ArticleId),
    /// By the number of the desk's own ones.
    Own(u32),
}

impl Basis {
    /// By what its entry is known.
    #[must_use]
    pub const fn key(self) -> EntryKey {
        match self {
            Self::Story { article, .. } => EntryKey::Article(article),
            Self::Own { own } => EntryKey::Own(own),
        }
    }
}

impl fmt::Display for EntryKey {
    /// As it stands in addresses: `4711`, or `own-1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Article(article) => write!(f, "{article}"),
            Self::Own(own) => write!(f, "own-{own}"),
        }
    }
}

impl FromStr for EntryKey {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.strip_prefix("own-") {
            Some(own) => own.parse().map(Self::Own),
            None => text.parse().map(|id| Self::Article(ArticleId(id))),
        }
    }
}

words! {
    /// What sort of line an entry is. All but news are labelled wherever the entry is printed.
    EntryKind as "kind of entry" {
        /// It reports.
        News = "news",
        /// Somebody's view.
        Opinion = "opinion",
        /// Somebody paid for it.
        Sponsored = "sponsored",
        /// Something that is to take place.
        Appointment = "appointment",
        /// A word of the desk to its readers.
        Note = "note",
    }
}

impl EntryKind {
    pub(crate) const fn usual() -> Self {
        Self::News
    }

    /// Whether such a line tells a story: what happened, or what somebody thinks of it.
    #[must_use]
    pub const fn is_story(self) -> bool {
        matches!(self, Self::News | Self::Opinion)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
    pub(crate) const fn is_usual(&self) -> bool {
        matches!(self, Self::News)
    }
}

words! {
    /// What of an entry's words is compared with its article.
    Check as "check" {
        /// Numbers.
        Numbers = "numbers",
        /// Names.
        Names = "names",
        /// Quotations.
        Quotations = "quotations",
    }
}

/// Something that an editor lets stand though a check did not find it in the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overruled {
    /// Which check.
    pub check: Check,
    /// What it did not find, as the entry says it.
    pub said: String,
    /// Who lets it stand.
    pub by: String,
    /// When.
    pub at: UnixMillis,
}

/// An entry that an editor took out. It is not printed, and not told again by itself on another morning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dropped {
    /// The heading under which it stood.
    pub section: String,
    /// The entry.
    pub entry: Entry,
}
