//! What editors do to an open edition that takes more than the store: whoever runs the desk does it.

use std::{fmt, pin::Pin};

use reveille_model::{ArticleId, EditionId};

/// What is under way. An error is in words for a person.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T, String>> + Send>>;

/// Words that a model proposes for an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The model's name.
    pub model: String,
    /// The headline.
    pub headline: String,
    /// The summary.
    pub summary: String,
    /// What they say that the article does not: with one of these they cannot be used.
    pub faults: Vec<String>,
    /// What a person should look at.
    pub doubts: Vec<String>,
}

/// Words that an editor sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The headline.
    pub headline: String,
    /// The summary.
    pub summary: String,
    /// The model that proposed them.
    pub model: Option<String>,
    /// Who sets them.
    pub editor: String,
}

/// Does what editors wish.
pub trait Editing: fmt::Debug + Send + Sync {
    /// The model that may be asked for words.
    fn model(&self) -> Option<&str>;
    /// Asks it for words of an entry, named by its article. Nothing is changed.
    fn propose(&self, edition: EditionId, article: ArticleId) -> Pending<Offer>;
    /// Sets an entry's words, and looks the edition over.
    fn reword(&self, edition: EditionId, article: ArticleId, words: Words) -> Pending<()>;
    /// Lets an edition go out in which the checks find no fault.
    fn approve(&self, edition: EditionId) -> Pending<()>;
    /// Takes an approved edition back of which nothing has left yet.
    fn recall(&self, edition: EditionId) -> Pending<()>;
}
