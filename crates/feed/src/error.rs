//! Why a document is no feed, in words for the person who named it as one.

/// What came instead of a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FeedError {
    /// Nothing, or only white space.
    #[error("the document is empty")]
    Empty,
    /// A page for people. [`crate::discover`] finds the feeds that it names.
    #[error("this is a web page, not a feed{}", titled(.title.as_deref()))]
    WebPage {
        /// The page's title.
        title: Option<String>,
    },
    /// JSON without the members of a JSON Feed.
    #[error("this is JSON, but not a JSON Feed (it has no \"items\")")]
    OtherJson,
    /// JSON that cannot be read.
    #[error("this looks like JSON, but cannot be read: {reason}")]
    BrokenJson {
        /// What is wrong with it, and where.
        reason: String,
    },
    /// XML of another kind.
    #[error("this is XML, but not a feed (its outermost element is <{root}>)")]
    OtherXml {
        /// The name of its outermost element.
        root: String,
    },
    /// A list of feeds: [`crate::opml::parse`] reads it.
    #[error("this is an OPML list of feeds, not a feed; import it instead")]
    FeedList,
    /// A feed where a list of feeds was asked for.
    #[error("this is one feed ({format}), not an OPML list of feeds; add it as a source instead")]
    SingleFeed {
        /// The format's name.
        format: &'static str,
    },
    /// A picture, an archive and so on.
    #[error("this is {kind}, not a feed")]
    Binary {
        /// What it is: `a PNG picture`.
        kind: &'static str,
    },
    /// Text without any markup.
    #[error("this is plain text, not a feed (it begins: {start:?})")]
    PlainText {
        /// Its first words.
        start: String,
    },
    /// More bytes than [`crate::Limits`] allow.
    #[error("the document has {bytes} bytes; at most {limit} are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
}

fn titled(title: Option<&str>) -> String {
    title.map_or_else(String::new, |title| format!(" (its title is {title:?})"))
}
