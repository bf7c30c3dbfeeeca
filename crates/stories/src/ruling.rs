//! What an editor decided: it holds against everything that comes later.

use reveille_model::{ArticleId, Ruling};
use rustc_hash::FxHashMap;

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
    use reveille_model::Pair;

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
