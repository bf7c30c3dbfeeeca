//! A story that may enter an edition.

use std::cmp::Ordering;

use reveille_model::{
    ArticleId, ArticleKind, Block, BlockKind, Credit, Follows, Language, Published, Reason, Report, StoryId,
    Topics, UnixMillis, Uri, text_of,
};

/// A story as an edition sees it: one article that tells it, and what is known of the story around that article.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The story.
    pub story: StoryId,
    /// The article that headline, text and link are from.
    pub article: ArticleId,
    /// Which version of it, counted from 1.
    pub version: u32,
    /// That article's headline.
    pub headline: String,
    /// Its body, dateline left out.
    pub body: Vec<Block>,
    /// The place that its dateline names.
    pub place: Option<String>,
    /// The language of headline and body, where known.
    pub language: Option<Language>,
    /// What sort of piece it is.
    pub kind: ArticleKind,
    /// What its source's entry and its page file it under.
    pub topics: Topics,
    /// Whether part of it is for subscribers only.
    pub paywalled: bool,
    /// Its correction notices, as printed.
    pub corrections: Vec<String>,
    /// Who brought it and who wrote it.
    pub credit: Credit,
    /// Where to read on.
    pub link: Uri,
    /// When it was published.
    pub published: Option<Published>,
    /// How much the story matters this morning; higher is better, and only the order counts.
    pub rank: f64,
    /// Why it ranks there.
    pub reasons: Vec<Reason>,
    /// Who carries copies of the same text.
    pub also_in: Vec<String>,
    /// Other newsrooms' own reports.
    pub reports: Vec<Report>,
    /// What names the original and what shows the copies to be such, in words.
    pub evidence: Vec<String>,
    /// The earlier entry that the story carries on.
    pub follows: Option<Follows>,
    /// How far the story has come.
    pub growth: Growth,
}

/// How far a story has come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Growth {
    /// Newsrooms that reported it on their own.
    pub newsrooms: usize,
    /// Earlier mornings on which the brief told of it, or of what it carries on.
    pub mornings: usize,
    /// The earlier stories that it carries on, the nearest first.
    pub thread: Vec<StoryId>,
    /// Other stories of the night that tell of the same event, the likest first.
    pub beside: Vec<StoryId>,
    /// The headlines of its articles, copies left out.
    pub headlines: Vec<String>,
}

impl Candidate {
    /// The body as plain text, one block a line, captions left out.
    pub(crate) fn text(&self) -> String {
        text_of(&self.body)
    }

    /// Whether it says anything beside its headline.
    pub(crate) fn has_text(&self) -> bool {
        self.body
            .iter()
            .any(|block| block.kind != BlockKind::Caption && !block.text.trim().is_empty())
    }

    /// Whether it reports news that anybody can read, as the first stories of a morning should.
    pub(crate) fn is_top_matter(&self) -> bool {
        matches!(
            self.kind,
            ArticleKind::News | ArticleKind::LiveBlog | ArticleKind::Video
        )
    }

    /// Best first: by rank, then the newer, then by link, so that the order never depends on the caller's.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        let newest = |candidate: &Self| {
            candidate
                .published
                .map_or(UnixMillis(i64::MIN), Published::latest)
        };
        // A rank that is no number says nothing about the story, so it goes last.
        let rank = |candidate: &Self| {
            if candidate.rank.is_nan() {
                f64::NEG_INFINITY
            } else {
                candidate.rank
            }
        };
        rank(other)
            .total_cmp(&rank(self))
            .then_with(|| newest(other).cmp(&newest(self)))
            .then_with(|| self.link.cmp(&other.link))
            .then_with(|| self.story.cmp(&other.story))
    }
}
