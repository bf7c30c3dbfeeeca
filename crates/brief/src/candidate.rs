//! A story that may enter an edition.

use std::cmp::Ordering;

use reveille_model::{
    ArticleId, ArticleKind, CanonicalUrl, Credit, Day, Follows, Language, Published, Reason, StoryId,
    UnixMillis,
};

/// A story as an edition sees it: one article that tells it, and what is known of the story around that article.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The story.
    pub story: StoryId,
    /// The article that headline, text and link are from.
    pub article: ArticleId,
    /// That article's headline.
    pub headline: String,
    /// Its body as plain text, one paragraph a line, dateline and captions left out.
    pub text: String,
    /// The language of headline and text, where known.
    pub language: Option<Language>,
    /// What sort of piece it is.
    pub kind: ArticleKind,
    /// Whether part of it is for subscribers only.
    pub paywalled: bool,
    /// Its correction notices, as printed.
    pub corrections: Vec<String>,
    /// Who brought it and who wrote it.
    pub credit: Credit,
    /// Where to read on.
    pub link: CanonicalUrl,
    /// When it was published.
    pub published: Option<Published>,
    /// How much the story matters this morning; higher is better, and only the order counts.
    pub rank: f64,
    /// Why it ranks there.
    pub reasons: Vec<Reason>,
    /// Who carries copies of the same text.
    pub also_in: Vec<String>,
    /// What names the original, in words.
    pub evidence: Vec<String>,
    /// The earlier entry that the story carries on.
    pub follows: Option<Follows>,
}

impl Candidate {
    /// What a reader should know before the click; weekdays are told from `day`.
    pub(crate) fn marks(&self, day: Day) -> Vec<String> {
        let kind = match self.kind {
            ArticleKind::Opinion => Some("Opinion"),
            ArticleKind::LiveBlog => Some("Live"),
            ArticleKind::Video => Some("Video"),
            ArticleKind::Gallery => Some("Gallery"),
            ArticleKind::Correction => Some("Correction"),
            ArticleKind::News | ArticleKind::PaywallStub => None,
        };
        let closed = self.paywalled || self.kind == ArticleKind::PaywallStub;
        kind.into_iter()
            .chain(closed.then_some("Subscribers only"))
            .map(str::to_owned)
            .chain(self.follows.map(|follows| in_words(follows, day)))
            .collect()
    }

    /// Whether it reports news that anybody can read, as the first stories of a morning should.
    pub(crate) fn is_top_matter(&self) -> bool {
        matches!(
            self.kind,
            ArticleKind::News | ArticleKind::LiveBlog | ArticleKind::Video
        )
    }

    /// Whether an entry may do without a summary, since the page has little text of its own.
    pub(crate) fn may_lack_text(&self) -> bool {
        matches!(
            self.kind,
            ArticleKind::Video | ArticleKind::Gallery | ArticleKind::LiveBlog | ArticleKind::PaywallStub
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

/// "Follows Tuesday's entry 3"; from a week on, when a weekday no longer says which, "Follows entry 3 of 2 March".
fn in_words(follows: Follows, day: Day) -> String {
    let number = follows.number;
    let earlier = follows.day.0;
    if follows.day.days_until(day) < 7 {
        format!("Follows {}'s entry {number}", earlier.strftime("%A"))
    } else {
        format!("Follows entry {number} of {}", earlier.strftime("%-d %B"))
    }
}
