//! What the window remembers of an article.

use std::hash::{Hash, Hasher};

use reveille_model::{ArticleId, ArticleKind, CanonicalUrl, Origin, OriginClass, UnixMillis, Uri};

use crate::doc::Doc;
use crate::words::{self, Words};

/// An article without its strings of text.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) id: ArticleId,
    pub(crate) source: String,
    /// `source`, hashed.
    pub(crate) outlet: u64,
    pub(crate) carrier: String,
    pub(crate) url: Uri,
    pub(crate) canonical: Option<CanonicalUrl>,
    pub(crate) at: UnixMillis,
    pub(crate) title: Words,
    pub(crate) body: Words,
    pub(crate) origins: Vec<Origin>,
    pub(crate) kind: ArticleKind,
    pub(crate) weight: f64,
    /// Whether headline or first line call it an update or a correction.
    pub(crate) says_updated: bool,
}

impl Held {
    pub(crate) fn new(doc: &Doc) -> Self {
        let mut hasher = rustc_hash::FxHasher::default();
        doc.source.hash(&mut hasher);
        Self {
            id: doc.id,
            source: doc.source.clone(),
            outlet: hasher.finish(),
            carrier: doc.carrier.clone(),
            url: doc.url.clone(),
            canonical: doc.canonical.clone().filter(|canonical| doc.url != *canonical),
            at: doc.at,
            title: words::read(&doc.title),
            body: words::read(&doc.text),
            origins: doc.origins.clone(),
            kind: doc.kind,
            weight: if doc.weight.is_finite() {
                doc.weight.max(0.0)
            } else {
                1.0
            },
            says_updated: doc.kind == ArticleKind::Correction
                || says_updated(&doc.title)
                || says_updated(&doc.text),
        }
    }

    /// Who wrote it by its own account, in the best class.
    pub(crate) fn credited(&self) -> Option<&str> {
        let best = self
            .origins
            .iter()
            .filter(|origin| origin.class != OriginClass::Contributed);
        best.min_by_key(|origin| origin.class)
            .map(|origin| origin.name.as_str())
    }
}

/// Words with which desks mark a later version at the very beginning.
const LATER: [&str; 9] = [
    "update",
    "updated",
    "correct",
    "corrected",
    "correction",
    "corrects",
    "refile",
    "writethru",
    "write-through",
];

fn says_updated(text: &str) -> bool {
    let start: String = text.chars().take(40).collect::<String>().to_lowercase();
    let first = start
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .find(|word| !word.is_empty());
    first.is_some_and(|word| LATER.contains(&word))
}
