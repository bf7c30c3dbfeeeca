//! The clean text of one page or wire message, and what is known of who wrote it.

use serde::{Deserialize, Serialize};

use crate::{CanonicalUrl, Language, Published, Topics, state::words};

words! {
    /// What sort of piece an article is.
    ArticleKind as "article kind" {
        /// A news report.
        News = "news",
        /// Opinion, column, editorial, letter.
        Opinion = "opinion",
        /// Analysis: what news means, by a reporter.
        Analysis = "analysis",
        /// Paid for by whom it is about: no news.
        Sponsored = "sponsored",
        /// A page that is added to while an event lasts.
        LiveBlog = "live",
        /// A picture gallery.
        Gallery = "gallery",
        /// A page about a video or audio piece.
        Video = "video",
        /// A correction of another article.
        Correction = "correction",
        /// Only the part before a paywall.
        PaywallStub = "stub",
    }
}

words! {
    /// What a block of the body is.
    BlockKind as "block kind" {
        /// A paragraph.
        Paragraph = "paragraph",
        /// A heading inside the body.
        Heading = "heading",
        /// One item of a list.
        ListItem = "item",
        /// A block quotation.
        Quote = "quote",
        /// The caption of a picture.
        Caption = "caption",
        /// One row of a table, cells parted by tabs.
        TableRow = "row",
        /// Text of an embedded post.
        Embed = "embed",
    }
}

/// One block of a body: a kind and its plain text, white space folded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text.
    pub text: String,
}

/// What a dateline says: `BAGHDAD (AP) —`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dateline {
    /// The place, as written.
    pub place: String,
    /// The agency mark in brackets, as written.
    pub agency: Option<String>,
    /// The date, as written.
    pub date: Option<String>,
}

words! {
    /// Where a piece of evidence stands on the page.
    EvidenceMark as "evidence mark" {
        /// `<link rel=canonical>` or `og:url` to another site.
        Canonical = "canonical",
        /// `<meta name=syndication-source>` or `original-source`.
        SyndicationSource = "syndication-source",
        /// JSON-LD or microdata: `isBasedOn`, `sourceOrganization`, `creditText` and their like.
        StructuredData = "structured-data",
        /// The byline, or an author field.
        Byline = "byline",
        /// The dateline that opens the body.
        Dateline = "dateline",
        /// A copyright or credit line at the foot.
        Footer = "footer",
        /// "Originally published", "view original post" and their like.
        Republished = "republished",
        /// The feed entry's own source element.
        FeedSource = "feed-source",
        /// The body says that people spoke to them; weak.
        Mention = "mention",
        /// "X contributed to this report".
        Contribution = "contribution",
        /// An editor said so.
        Editor = "editor",
    }
}

/// One thing on the page that names who wrote the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it stands.
    pub mark: EvidenceMark,
    /// The words or the address that say so, as found.
    pub text: String,
}

words! {
    /// How sure, and in what role, somebody else is named.
    OriginClass as "origin class" {
        /// The named agency or outlet wrote it.
        Original = "original",
        /// The page says that it republishes the named outlet's article.
        Republished = "republished",
        /// The named agency added to it; the carrier wrote it.
        Contributed = "contributed",
        /// Only mentioned in a way that makes it likely.
        Probable = "probable",
    }
}

/// Who wrote the text, where the page says that it was not its carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The name, in its usual spelling: "Associated Press", "Military Times".
    pub name: String,
    /// In what role.
    pub class: OriginClass,
    /// Where the original stands, if the page links it.
    pub url: Option<CanonicalUrl>,
    /// What it rests on, strongest first; never empty.
    pub evidence: Vec<Evidence>,
}

/// A picture that stands for the article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// Where it is.
    pub url: CanonicalUrl,
}

/// A repair of text that was damaged on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// As it was.
    pub found: String,
    /// As it is now.
    pub became: String,
}

/// The clean text of one page or wire message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The headline, without site name or section.
    pub title: String,
    /// The body in order.
    pub body: Vec<Block>,
    /// People, without "By", roles and agencies.
    pub authors: Vec<String>,
    /// When it was first published.
    pub published: Option<Published>,
    /// When it was last changed.
    pub modified: Option<Published>,
    /// The language that it is written in.
    pub language: Option<Language>,
    /// Who published this copy, as the page calls itself.
    pub carrier: Option<String>,
    /// The dateline, taken off the body's first paragraph.
    pub dateline: Option<Dateline>,
    /// Who wrote it, best first: an agency and an outlet that it was reposted from may both be named.
    pub origins: Vec<Origin>,
    /// The page's own canonical address.
    pub canonical_url: Option<CanonicalUrl>,
    /// The picture that stands for it.
    pub image: Option<Image>,
    /// What sort of piece it is.
    pub kind: ArticleKind,
    /// What its source's entry and its page file it under.
    #[serde(default, skip_serializing_if = "Topics::is_empty")]
    pub topics: Topics,
    /// Whether part of it is for subscribers only.
    pub paywalled: bool,
    /// Correction notices, as printed.
    pub corrections: Vec<String>,
    /// Repairs of damaged text, where they were certain.
    pub repairs: Vec<Repair>,
}

impl Article {
    /// The agency or outlet that wrote it, where the page shows that this was not its carrier: nobody who only added to
    /// it, nor an outlet that only ran it before.
    #[must_use]
    pub fn writer(&self) -> Option<&Origin> {
        let wrote = |origin: &&Origin| matches!(origin.class, OriginClass::Original | OriginClass::Probable);
        self.origins.iter().find(wrote)
    }

    /// Where the article that this one carries stands, if the page links it.
    #[must_use]
    pub fn original_url(&self) -> Option<&CanonicalUrl> {
        let carried = |origin: &&Origin| origin.class != OriginClass::Contributed;
        self.origins
            .iter()
            .filter(carried)
            .find_map(|origin| origin.url.as_ref())
    }

    /// The body as plain text: one block a line, captions left out.
    #[must_use]
    pub fn text(&self) -> String {
        text_of(&self.body)
    }
}

/// Plain text as blocks: a paragraph for each line that holds anything.
#[must_use]
pub fn paragraphs_of(text: &str) -> Vec<Block> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let paragraph = |line: &str| Block {
        kind: BlockKind::Paragraph,
        text: line.to_owned(),
    };
    lines.map(paragraph).collect()
}

/// Blocks as plain text: one a line, captions left out.
#[must_use]
pub fn text_of(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks.iter().filter(|block| block.kind != BlockKind::Caption) {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&block.text);
    }
    text
}
