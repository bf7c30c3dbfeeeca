//! What is held: articles, without their strings of text, and an editor's decisions on them.

use reveille_model::ArticleId;
use rustc_hash::FxHashMap;

use crate::doc::Doc;
use crate::held::{Held, Newsrooms};
use crate::ruling::Rulings;

/// All articles, by their position.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    pub(crate) held: Vec<Held>,
    pub(crate) rulings: Rulings,
    known: FxHashMap<ArticleId, u32>,
    newsrooms: Newsrooms,
}

impl Archive {
    /// Holds an article and returns its position; `None` if its id is known already.
    pub(crate) fn hold(&mut self, doc: &Doc) -> Option<usize> {
        let at = self.held.len();
        if self.known.contains_key(&doc.id) {
            return None;
        }
        self.known.insert(doc.id, at as u32);
        self.held.push(Held::new(doc, &mut self.newsrooms));
        Some(at)
    }

    /// Brings the articles into the order of time, whatever the order in which they came.
    pub(crate) fn sort(&mut self) {
        self.held
            .sort_by(|a, b| (a.at, &a.url, a.id).cmp(&(b.at, &b.url, b.id)));
        self.known = (0..).zip(&self.held).map(|(at, held)| (held.id, at)).collect();
    }

    pub(crate) fn position(&self, article: ArticleId) -> Option<usize> {
        self.known.get(&article).map(|&at| at as usize)
    }
}
