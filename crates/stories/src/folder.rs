//! The articles of the last weeks, folded as they come.

use reveille_model::{ArticleId, Ruling, UnixMillis};
use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::doc::{Assignment, Carried, Doc, Folding, Options, Quotes};
use crate::explain::{Explanation, Neighbour};
use crate::group;
use crate::grouping::Grouping;
use crate::story;

/// Takes articles in the order in which they arrive and tells at once where each belongs.
///
/// What is told at once rests on what came before. [`settle`](Self::settle) corrects it by what came later: it folds
/// all that is held in the order of time and address, so that the settled result is the same whatever the order of
/// arrival. It reads no text again.
#[derive(Debug)]
pub struct Folder {
    options: Options,
    archive: Archive,
    grouping: Grouping,
    told: FxHashMap<ArticleId, Assignment>,
    folding: Folding,
}

impl Folder {
    /// Holds nothing yet.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            grouping: Grouping::new(&options),
            options,
            archive: Archive::default(),
            told: FxHashMap::default(),
            folding: Folding::default(),
        }
    }

    /// Takes one more article and tells where it belongs, as far as that can be told at once. An id that is known
    /// already stands for its first text, and `None` is told of it.
    pub fn push(&mut self, doc: &Doc) -> Option<Assignment> {
        let at = self.archive.hold(doc)?;
        let placed = self.grouping.take(at, &self.archive);
        let held = &self.archive.held;
        let (member, standing) = (&held[at], &held[self.grouping.standing(placed.group)]);
        let told = Assignment {
            article: doc.id,
            story: held[self.grouping.lead(placed.group)].id,
            copy: placed.likeness.map(|likeness| Carried {
                of: standing.id,
                link: group::link(likeness, member, standing),
                overlap: likeness.shared.overlap(),
            }),
        };
        self.told.insert(doc.id, told.clone());
        Some(told)
    }

    /// Takes articles without telling of each, as after a restart: [`settle`](Self::settle) tells of them all, and
    /// must come before the next [`push`](Self::push).
    pub fn load<'a>(&mut self, docs: impl IntoIterator<Item = &'a Doc>) {
        for doc in docs {
            self.archive.hold(doc);
        }
    }

    /// Folds anew all that is held, by what all articles together have taught, and returns what is now told otherwise
    /// than it was told last.
    pub fn settle(&mut self) -> Vec<Assignment> {
        self.archive.sort();
        let (grouping, folding) = Grouping::settled(&self.archive, &self.options);
        (self.grouping, self.folding) = (grouping, folding);
        let told = self.folding.assignments();
        let news = told
            .iter()
            .filter(|told| self.told.get(&told.article) != Some(told));
        let news = news.cloned().collect();
        self.told = told.into_iter().map(|told| (told.article, told)).collect();
        news
    }

    /// Copies and stories as they were settled last.
    #[must_use]
    pub fn folding(&self) -> &Folding {
        &self.folding
    }

    /// [`folding`](Self::folding), once nothing more is to come.
    #[must_use]
    pub fn into_folding(self) -> Folding {
        self.folding
    }

    /// What was told last of an article.
    #[must_use]
    pub fn assignment(&self, article: ArticleId) -> Option<&Assignment> {
        self.told.get(&article)
    }

    /// Takes a decision of an editor. It bounds what comes from now on, and with the next settling all that is held.
    pub fn rule(&mut self, ruling: Ruling) {
        self.archive.rulings.add(ruling);
    }

    /// Lets go of articles published before `time`, and settles what is left.
    pub fn forget(&mut self, time: UnixMillis) -> Vec<Assignment> {
        self.archive.held.retain(|held| held.at >= time);
        self.settle()
    }

    /// Why an article was put where it is. `None` for one that is not held.
    #[must_use]
    pub fn explain(&self, article: ArticleId) -> Option<Explanation> {
        let assignment = self.told.get(&article)?.clone();
        let at = self.archive.position(article)?;
        let held = &self.archive.held;
        let group = self.grouping.group_with(at, &self.archive);
        let shares = |quotes: &&Quotes| quotes.article == article || quotes.with == article;
        Some(Explanation {
            copy: self.folding.copy(article).cloned(),
            original: story::original(&group, held),
            carried_by: group.members.iter().map(|&at| held[at as usize].id).collect(),
            quotes: self.folding.quotes.iter().filter(shares).cloned().collect(),
            neighbours: self.neighbours(at),
            rulings: self.archive.rulings.of(article).cloned().collect(),
            assignment,
        })
    }

    fn neighbours(&self, at: usize) -> Vec<Neighbour> {
        let held = &self.archive.held;
        let mut neighbours: Vec<Neighbour> = self
            .grouping
            .compared(at)
            .into_iter()
            .map(|near| Neighbour {
                article: held[near.standing].id,
                odds: near.odds,
                hours: near.gap as f32 / 3_600_000.0,
                titles: near.similarities[0],
                words: near.similarities[2],
                names: near.similarities[3],
                same_story: near.same_story,
            })
            .collect();
        neighbours.sort_by(|a, b| b.odds.total_cmp(&a.odds).then(a.article.cmp(&b.article)));
        neighbours
    }
}

/// Folds articles at once. The result does not depend on their order.
#[must_use]
pub fn fold(docs: &[Doc], options: &Options) -> Folding {
    let mut docs: Vec<&Doc> = docs.iter().collect();
    // Of two texts with one id the same must come first in any order.
    docs.sort_by(|a, b| {
        (a.id, a.at, &a.url, &a.title, &a.text).cmp(&(b.id, b.at, &b.url, &b.title, &b.text))
    });
    let mut folder = Folder::new(options.clone());
    folder.load(docs);
    folder.settle();
    folder.into_folding()
}
