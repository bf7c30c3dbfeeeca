//! What an editor decided: it holds against everything that comes later.

use reveille_model::ArticleId;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

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
    pub(crate) fn stories(&self) -> Option<(ArticleId, ArticleId, bool)> {
        let (a, b) = self.pair()?;
        match self {
            Self::SameStory(_) | Self::SameText(_) => Some((a, b, true)),
            Self::OtherStory(_) => Some((a, b, false)),
            Self::OtherText(_) | Self::Original { .. } => None,
        }
    }

    /// The pair that it joins or parts.
    fn pair(&self) -> Option<(ArticleId, ArticleId)> {
        match self {
            Self::SameText(pair) | Self::OtherText(pair) | Self::SameStory(pair) | Self::OtherStory(pair) => {
                Some((pair.article.min(pair.with), pair.article.max(pair.with)))
            }
            Self::Original { .. } => None,
        }
    }

    /// Whether this one, coming later, leaves nothing of `earlier`.
    fn replaces(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (Self::Original { article, .. }, Self::Original { article: other, .. }) => article == other,
            // One event may be told in two texts, both ways round.
            (Self::OtherText(_), Self::SameStory(_)) | (Self::SameStory(_), Self::OtherText(_)) => false,
            _ => self.pair().is_some() && self.pair() == earlier.pair(),
        }
    }
}

/// All that hold, found by their articles.
#[derive(Debug, Default)]
pub(crate) struct Rulings {
    all: Vec<Ruling>,
    by_article: FxHashMap<ArticleId, Vec<u32>>,
}

impl Rulings {
    pub(crate) fn add(&mut self, ruling: Ruling) {
        self.all.retain(|earlier| !ruling.replaces(earlier));
        self.all.push(ruling);
        self.by_article.clear();
        for (at, ruling) in (0..).zip(&self.all) {
            for article in ruling.articles() {
                self.by_article.entry(article).or_default().push(at);
            }
        }
    }

    /// Those that name an article, the earliest first.
    pub(crate) fn of(&self, article: ArticleId) -> impl Iterator<Item = &Ruling> {
        let numbers = self.by_article.get(&article).map_or(&[][..], Vec::as_slice);
        numbers.iter().map(|&at| &self.all[at as usize])
    }

    /// Articles that carry this one's text.
    pub(crate) fn same_text(&self, article: ArticleId) -> impl Iterator<Item = ArticleId> {
        self.partners(article, |ruling| matches!(ruling, Ruling::SameText(_)))
    }

    /// Articles that do not carry this one's text.
    pub(crate) fn other_text(&self, article: ArticleId) -> impl Iterator<Item = ArticleId> {
        self.partners(article, |ruling| {
            matches!(ruling, Ruling::OtherText(_) | Ruling::OtherStory(_))
        })
    }

    /// All of them, the earliest first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Ruling> {
        self.all.iter()
    }

    /// Who wrote an article's text.
    pub(crate) fn original(&self, article: ArticleId) -> Option<(&str, Option<ArticleId>)> {
        self.of(article).find_map(|ruling| match ruling {
            Ruling::Original {
                article: of,
                name,
                own,
            } if *of == article => Some((&**name, *own)),
            _ => None,
        })
    }

    fn partners(&self, article: ArticleId, wanted: fn(&Ruling) -> bool) -> impl Iterator<Item = ArticleId> {
        self.of(article)
            .filter(move |ruling| wanted(ruling))
            .filter_map(Ruling::pair)
            .map(move |(a, b)| if a == article { b } else { a })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: Pair = Pair {
        article: ArticleId(2),
        with: ArticleId(1),
    };

    #[test]
    fn the_later_of_two_that_contradict_each_other_holds() {
        let mut rulings = Rulings::default();
        rulings.add(Ruling::SameText(PAIR));
        rulings.add(Ruling::OtherStory(Pair {
            article: ArticleId(1),
            with: ArticleId(2),
        }));
        assert_eq!(rulings.same_text(ArticleId(1)).count(), 0);
        assert!(rulings.other_text(ArticleId(2)).eq([ArticleId(1)]));
        rulings.add(Ruling::SameStory(PAIR));
        rulings.add(Ruling::OtherText(PAIR));
        let stories: Vec<_> = rulings.all().filter_map(Ruling::stories).collect();
        assert_eq!(
            stories,
            [(ArticleId(1), ArticleId(2), true)],
            "one event in two texts"
        );
    }
}
