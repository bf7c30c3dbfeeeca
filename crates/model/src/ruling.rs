//! What an editor decided: it holds against everything that comes later.

use serde::{Deserialize, Serialize};

use crate::ArticleId;

/// One decision of an editor, on articles rather than on stories: stories come and go as articles arrive.
///
/// Of two that contradict each other on the same articles the later holds. Where several contradict each other only
/// together (`a` with `b`, `b` with `c`, `a` apart from `c`), what is to be apart stays apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Ruling {
    /// Both carry one text, and so tell one story.
    SameText(Pair),
    /// Neither carries the other's text.
    OtherText(Pair),
    /// Both tell of one event.
    SameStory(Pair),
    /// They tell of different events, and so neither carries the other's text.
    OtherStory(Pair),
    /// Who wrote an article's text, and so that of all its copies.
    Original {
        /// The article.
        article: ArticleId,
        /// The agency or outlet that wrote it.
        name: String,
        /// Its own article, where that was gathered; it is looked for among the copies.
        own: Option<ArticleId>,
    },
}

/// Two articles, in either order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The one,
    pub article: ArticleId,
    /// and the other.
    pub with: ArticleId,
}

impl Ruling {
    /// The articles that it names.
    pub fn articles(&self) -> impl Iterator<Item = ArticleId> {
        let (first, second) = match self {
            Self::SameText(pair) | Self::OtherText(pair) | Self::SameStory(pair) | Self::OtherStory(pair) => {
                (pair.article, Some(pair.with))
            }
            Self::Original { article, own, .. } => (*article, *own),
        };
        std::iter::once(first).chain(second)
    }

    /// Two articles that tell one story (true) or different ones (false).
    #[must_use]
    pub fn stories(&self) -> Option<(ArticleId, ArticleId, bool)> {
        let (a, b) = self.pair()?;
        match self {
            Self::SameStory(_) | Self::SameText(_) => Some((a, b, true)),
            Self::OtherStory(_) => Some((a, b, false)),
            Self::OtherText(_) | Self::Original { .. } => None,
        }
    }

    /// The pair that it joins or parts.
    #[must_use]
    pub fn pair(&self) -> Option<(ArticleId, ArticleId)> {
        match self {
            Self::SameText(pair) | Self::OtherText(pair) | Self::SameStory(pair) | Self::OtherStory(pair) => {
                Some((pair.article.min(pair.with), pair.article.max(pair.with)))
            }
            Self::Original { .. } => None,
        }
    }

    /// Whether this one, coming later, leaves nothing of `earlier`.
    #[must_use]
    pub fn replaces(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (Self::Original { article, .. }, Self::Original { article: other, .. }) => article == other,
            // One event may be told in two texts, both ways round.
            (Self::OtherText(_), Self::SameStory(_)) | (Self::SameStory(_), Self::OtherText(_)) => false,
            _ => self.pair().is_some() && self.pair() == earlier.pair(),
        }
    }
}
