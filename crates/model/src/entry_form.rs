//! An entry as it stands in JSON: what it is made of lies open among its fields.

use serde::Deserialize;

use crate::{
    ArticleId, Basis, Credit, Entry, EntryKind, Extract, Follows, Language, MorningTime, Overruled, Proposed,
    Published, Reason, Report, StoryId, Uri,
};

/// What is read before it is known of what an entry is made. Fields that came later have what they meant before.
#[derive(Deserialize)]
pub(crate) struct Form {
    number: usize,
    #[serde(default = "EntryKind::usual")]
    kind: EntryKind,
    #[serde(default)]
    at: Option<MorningTime>,
    #[serde(default)]
    place: Option<String>,
    headline: String,
    credit: Credit,
    summary: String,
    #[serde(default)]
    extract: Option<Extract>,
    #[serde(default)]
    proposed: Option<Proposed>,
    #[serde(default)]
    overruled: Vec<Overruled>,
    link: Option<Uri>,
    story: Option<StoryId>,
    article: Option<ArticleId>,
    version: Option<u32>,
    own: Option<u32>,
    published: Option<Published>,
    #[serde(default)]
    language: Option<Language>,
    #[serde(default)]
    corrections: Vec<String>,
    #[serde(default)]
    marks: Vec<String>,
    #[serde(default)]
    follows: Option<Follows>,
    #[serde(default)]
    reasons: Vec<Reason>,
    #[serde(default)]
    also_in: Vec<String>,
    #[serde(default)]
    reports: Vec<Report>,
    #[serde(default)]
    evidence: Vec<String>,
}

/// Why a form is no entry.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FormError {
    #[error(
        "an entry names its `story` and its `article`, or is the desk's `own` and counts these from 1; the one with the \
         headline “{0}” does neither, or both"
    )]
    Basis(String),
    #[error("the entry “{0}” has no `link`")]
    Link(String),
}

impl TryFrom<Form> for Entry {
    type Error = FormError;

    fn try_from(form: Form) -> Result<Self, FormError> {
        let basis = match (form.story, form.article, form.own) {
            (Some(story), Some(article), None) => Basis::Story {
                story,
                article,
                version: form.version.unwrap_or(1),
            },
            (None, None, Some(own)) if own > 0 && form.version.is_none() => Basis::Own { own },
            _ => return Err(FormError::Basis(form.headline)),
        };
        let link = match (form.link, basis) {
            (Some(link), _) => link,
            (None, Basis::Own { own }) => Uri::of_own(own),
            (None, Basis::Story { .. }) => return Err(FormError::Link(form.headline)),
        };
        Ok(Self {
            number: form.number,
            kind: form.kind,
            at: form.at,
            place: form.place,
            headline: form.headline,
            credit: form.credit,
            summary: form.summary,
            extract: form.extract,
            proposed: form.proposed,
            overruled: form.overruled,
            link,
            basis,
            published: form.published,
            language: form.language,
            corrections: form.corrections,
            marks: form.marks,
            follows: form.follows,
            reasons: form.reasons,
            also_in: form.also_in,
            reports: form.reports,
            evidence: form.evidence,
        })
    }
}
