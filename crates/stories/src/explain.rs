//! Why an article was put where it is.

use reveille_model::{ArticleId, Ruling};
use serde::{Deserialize, Serialize};

use crate::doc::{Assignment, Copy, Original, Quotes};

/// The evidence for one article's assignment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// What it explains.
    pub assignment: Assignment,
    /// Whose text it carries, with the figures; `None` also for a copy that came after the last settling.
    pub copy: Option<Copy>,
    /// Who wrote its text, by the votes of all its copies; `None` where nothing tells.
    pub original: Option<Original>,
    /// All that carry the same text, itself included, by time.
    pub carried_by: Vec<ArticleId>,
    /// Texts that share passages with it.
    pub quotes: Vec<Quotes>,
    /// The texts that its own was compared with, nearest first.
    pub neighbours: Vec<Neighbour>,
    /// What an editor decided on it.
    pub rulings: Vec<Ruling>,
}

/// A text that another was compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Neighbour {
    /// The article that stands for it.
    pub article: ArticleId,
    /// The log-odds that both tell of one event, weighed against those of either's nearest other neighbour.
    pub odds: f32,
    /// Hours between them.
    pub hours: f32,
    /// How alike the headlines are, 0 to 1,
    pub titles: f32,
    /// all words,
    pub words: f32,
    /// and names.
    pub names: f32,
    /// Whether they were put into one story.
    pub same_story: bool,
}
