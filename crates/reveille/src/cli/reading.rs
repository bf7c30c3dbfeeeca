//! `reveille feed`, `reveille extract` and `reveille bounce`: one document, or many.

use std::num::NonZeroU16;

use clap::{Args, ValueEnum};
use reveille_model::CanonicalUrl;

#[derive(Debug, Args)]
pub(crate) struct ReadFeed {
    /// A file, an http or https address, or `-` for standard input
    #[arg(default_value = "-", value_name = "FILE|URL|-")]
    pub(crate) place: String,
    /// In what form it is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: FeedFormat,
    /// Read many documents, one JSON object a line, and print a line for each
    #[arg(long, conflicts_with = "format")]
    pub(crate) jsonl: bool,
}

pub(super) const READING: &str = "\
Read are RSS 0.9 to 2.0, Atom, JSON Feed, sitemaps and their indexes, CDF, and the wires NITF, NewsML and ninjs; whole or \
damaged, packed with gzip or not. What had to be forgiven is told.

With --jsonl a line is {\"name\", \"xml_base64\"}; for each one is printed, in the same order: {\"name\", \"format\", \"feed\", \
\"entries\", \"parts\", \"faults\"}, or {\"name\", \"error\"} where it is no feed or the line cannot be read. Empty lines are \
skipped.

Exit codes: 0 it was read, or all lines were answered; 1 it is no feed, or reading or printing failed; 2 wrong usage or \
settings.";

/// A form in which a feed is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FeedFormat {
    /// The feed in a few lines, and a line for each entry
    #[default]
    Text,
    /// Everything that it says
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ReadBounce {
    /// A file, or `-` for standard input
    #[arg(default_value = "-", value_name = "FILE|-")]
    pub(crate) file: String,
    /// Read many mails, one JSON object a line, and print a line for each
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// Keep what it says of the reader on whose return path it came: for a mail server that pipes such mail here
    #[arg(long, conflicts_with = "jsonl")]
    pub(crate) record: bool,
}

pub(super) const BOUNCES: &str = "\
Read are delivery reports, notices in plain language, complaints and automatic replies. `hard` is said only where the \
address itself is none; a policy, a block, a full box or silence is `soft`.

With --jsonl a line is {\"name\", \"eml_base64\"}; for each one is printed, in the same order: {\"name\", \"kind\", \
\"recipients\"}, the kind being bounce, complaint, auto or none, and each recipient {\"address\", \"class\", \"reason\", \
\"status\", \"said\"}; or {\"name\", \"error\"}.

With --record a reader whose address is none gets no more mail, and one who complained has left. Only mail that names a \
return path of ours is believed; see `mail.return_address`. `serve` does the same with a Maildir or an IMAP \
mailbox, `mail.returns`.

Exit codes: 0 it was read; 1 reading or printing failed; 2 wrong usage.";

#[derive(Debug, Args)]
pub(crate) struct Extract {
    /// A file, an http or https address, or `-` for standard input
    #[arg(default_value = "-", value_name = "FILE|URL|-")]
    pub(crate) page: String,
    /// In what form the article is printed
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ArticleFormat,
    /// Say for every block of the page whether it was kept and why: in JSON, or beside the article on standard error
    #[arg(long)]
    pub(crate) trace: bool,
    /// The page's address, where it is read from a file or standard input
    #[arg(long, conflicts_with = "jsonl")]
    pub(crate) url: Option<CanonicalUrl>,
    /// It is plain text, such as a clip pasted from a mail, whatever it looks like
    #[arg(long, conflicts_with = "jsonl")]
    pub(crate) text: bool,
    /// Read many pages, one JSON object a line, and print a line for each
    #[arg(long, conflicts_with = "format")]
    pub(crate) jsonl: bool,
    /// How many pages are read at the same time [default: one on each core]
    #[arg(long, requires = "jsonl", value_name = "N")]
    pub(crate) threads: Option<NonZeroU16>,
}

pub(super) const EXTRACTING: &str = "\
A page is HTML in whatever character set; a file that ends in .txt, or in which nothing looks like a tag, is a clip of \
plain text. An address is fetched within the limits of the settings under [gather], and robots.txt is obeyed.

With --jsonl a line is {\"id\", \"url\", \"html\"} or {\"id\", \"url\", \"html_base64\", \"charset\"}; for each one is printed, in the \
same order: {\"id\", \"title\", \"body\", \"authors\", \"published\", \"language\", \"carrier\", \"agency\", \"dateline\", \
\"canonical_url\", \"original_url\", \"kind\", \"topics\", \"paywalled\"}, or {\"id\", \"error\"} where the line cannot be read. Empty lines are \
skipped.

A date is printed as the page has it: RFC 3339 where it names hour and offset, else without offset, else a day.

Exit codes: 0 an article was printed, or all lines were answered; 1 there is none, or reading or printing failed; \
2 wrong usage or settings.";

/// A form in which an article is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ArticleFormat {
    /// Everything that is known of it
    #[default]
    Json,
    /// Headline, facts and body in Markdown
    Markdown,
    /// Headline, facts and body in plain text
    Text,
    /// Headline, facts and body in HTML of our own, nothing of the page's
    Html,
}
