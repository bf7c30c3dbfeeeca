//! An extraction as one flat record, the line that `reveille extract --jsonl` prints.

use reveille_model::{
    Article, ArticleKind, Block, BlockKind, CanonicalUrl, Dateline, Language, Topics, text_of,
};
use serde::Serialize;

use crate::{Extraction, Verdict};

/// What is known of an article, flat.
///
/// ```
/// let found = reveille_extract::extract_text("Harbour reopens\n\nNORTHPORT (AP) — The harbour reopened on Tuesday.");
/// let record = serde_json::to_value(reveille_extract::Record::of(&found)).unwrap();
/// assert_eq!(record["agency"], "Associated Press");
/// assert_eq!(record["dateline"], "NORTHPORT");
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct Record<'a> {
    /// The headline.
    pub title: &'a str,
    /// The body as the page prints it, its dateline included; one block a line, captions left out.
    pub body: String,
    /// Whoever signed, people and others, as named.
    pub authors: Vec<&'a str>,
    /// When it was published: RFC 3339 with the page's offset, without an offset where the page names none, or a day.
    pub published: Option<String>,
    /// Its language.
    pub language: Option<&'a Language>,
    /// Who published this copy.
    pub carrier: Option<&'a str>,
    /// Who wrote it, where that was not the carrier.
    pub agency: Option<&'a str>,
    /// The place that the dateline names.
    pub dateline: Option<&'a str>,
    /// The page's own canonical address.
    pub canonical_url: Option<&'a CanonicalUrl>,
    /// Where the original stands.
    pub original_url: Option<&'a CanonicalUrl>,
    /// What sort of piece it is.
    pub kind: ArticleKind,
    /// What its page files it under.
    pub topics: &'a Topics,
    /// Whether part of it is for subscribers only.
    pub paywalled: bool,
    /// The trace, where one was asked for.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub trace: &'a [Verdict],
}

impl<'a> Record<'a> {
    /// The record of an extraction.
    #[must_use]
    pub fn of(found: &'a Extraction) -> Self {
        let article = &found.article;
        Self {
            title: &article.title,
            body: text_of(&printed(article)),
            authors: found.byline.iter().map(|name| name.name.as_str()).collect(),
            published: found.published.map(|stamp| stamp.to_string()),
            language: article.language.as_ref(),
            carrier: article.carrier.as_deref(),
            agency: article.writer().map(|origin| origin.name.as_str()),
            dateline: article.dateline.as_ref().map(|dateline| dateline.place.as_str()),
            canonical_url: article.canonical_url.as_ref(),
            original_url: article.original_url(),
            kind: article.kind,
            topics: &article.topics,
            paywalled: article.paywalled,
            trace: &found.trace,
        }
    }
}

/// The body as the page prints it: with its dateline, which the article keeps apart.
#[must_use]
pub fn printed(article: &Article) -> Vec<Block> {
    let mut blocks = article.body.clone();
    let Some(dateline) = &article.dateline else {
        return blocks;
    };
    let stands =
        !dateline.place.is_empty() && blocks.iter().any(|block| block.text.starts_with(&dateline.place));
    let first = blocks.iter_mut().find(|block| block.kind != BlockKind::Caption);
    if let Some(first) = first.filter(|_| !stands) {
        first.text.insert_str(0, &format!("{} — ", words_of(dateline)));
    }
    blocks
}

/// The parts of a dateline in their usual order.
fn words_of(dateline: &Dateline) -> String {
    let parts = [
        Some(&dateline.place),
        dateline.date.as_ref(),
        dateline.agency.as_ref(),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.join(" ")
}
