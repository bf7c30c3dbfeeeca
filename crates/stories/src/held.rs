//! What the window remembers of an article.

use std::sync::Arc;

use reveille_model::{ArticleId, ArticleKind, CanonicalUrl, Origin, OriginClass, UnixMillis, Uri};

use rustc_hash::FxHashMap;

use crate::agencies::same_name_key;
use crate::doc::Doc;
use crate::words::{self, Words};

/// An article without its strings of text.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) id: ArticleId,
    /// Its outlet's number.
    pub(crate) outlet: u32,
    pub(crate) newsroom: Arc<Newsroom>,
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
    pub(crate) fn new(doc: &Doc, newsrooms: &mut Newsrooms) -> Self {
        let newsroom = newsrooms.named(&doc.source, &doc.carrier);
        Self {
            id: doc.id,
            outlet: newsroom.outlet,
            newsroom,
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

    /// Whether it may tell an event together with others. A comment is read for itself: as one report among others it
    /// would be lost; and what was paid for reports nothing. Copies of them are folded all the same.
    pub(crate) fn is_report(&self) -> bool {
        !matches!(self.kind, ArticleKind::Opinion | ArticleKind::Sponsored)
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

/// What thousands of articles share: an outlet under one of its names.
#[derive(Debug)]
pub(crate) struct Newsroom {
    outlet: u32,
    pub(crate) carrier: String,
    /// Carrier and source as names are compared.
    pub(crate) carrier_key: String,
    pub(crate) source_key: String,
}

/// All newsrooms, by their outlets' keys; outlets are numbered as they came.
#[derive(Debug, Default)]
pub(crate) struct Newsrooms {
    by_source: FxHashMap<String, Vec<Arc<Newsroom>>>,
}

impl Newsrooms {
    fn named(&mut self, source: &str, carrier: &str) -> Arc<Newsroom> {
        let count = self.by_source.len() as u32;
        let known = self.by_source.get(source);
        let same = |newsroom: &&Arc<Newsroom>| newsroom.carrier == carrier;
        if let Some(newsroom) = known.and_then(|known| known.iter().find(same)) {
            return Arc::clone(newsroom);
        }
        let newsroom = Arc::new(Newsroom {
            outlet: known.map_or(count, |known| known[0].outlet),
            carrier: carrier.to_owned(),
            carrier_key: same_name_key(carrier),
            source_key: same_name_key(source),
        });
        let known = self.by_source.entry(source.to_owned()).or_default();
        known.push(Arc::clone(&newsroom));
        newsroom
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

/// Characters at the beginning in which such a mark stands.
const MARKED: usize = 40;

fn says_updated(text: &str) -> bool {
    let mark = |c: char| c.is_alphanumeric() || c == '-';
    let end = text.char_indices().nth(MARKED).map_or(text.len(), |(at, _)| at);
    let first = text[..end].split(|c| !mark(c)).find(|word| !word.is_empty());
    first.is_some_and(|word| LATER.iter().any(|later| word.eq_ignore_ascii_case(later)))
}
