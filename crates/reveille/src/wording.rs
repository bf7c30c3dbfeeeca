//! The words of one entry of an open edition: proposed by a model, where an editor asks it, and set by the editor.

use anyhow::{Context, bail, ensure};
use reveille_brief::{Severity, Spare, edit};
use reveille_desk::{Change, Editing, Offer, Pending, Refusal, Right, Seen, SeenEntry, Words};
use reveille_model::{BriefId, Edition, EditionId, EmailAddress, Entry, EntryKey, NoticeId, Proposed};
use reveille_store::{
    articles,
    editions::{self, StoredEdition},
};

use crate::{
    app::App,
    editing,
    jobs::{self, Statement},
    proofs,
};

/// How long an editor's browser waits for a model at most: the pages' own limit is 20 s.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(18);

/// Asks the model for words of an entry's article, and compares them with it. Nothing is changed.
///
/// # Errors
/// Where no model is set, or it does not answer with words.
pub(crate) async fn propose(app: &App, edition: EditionId, key: EntryKey) -> anyhow::Result<Offer> {
    let model = app
        .model
        .as_ref()
        .context("no model is set: `[model]` in the settings names one")?;
    let stored = editing::open(app, edition).await?;
    let entry = entry_of(&stored, key)?;
    let article = entry
        .article()
        .context("the desk wrote this entry, and no article stands behind it")?;
    let source = articles::find(&app.store, article)
        .await?
        .context("its article is gone")?;
    let (title, text) = (&source.article.title, source.article.text());
    let proposal = model.propose(title, &text, entry.language.as_ref()).await?;
    let untold = proposal.untold(
        &format!("{title}\n{text}"),
        source.article.language.as_ref(),
        entry.language.as_ref(),
    );
    let (faults, doubts) = untold
        .into_iter()
        .partition::<Vec<_>, _>(|(severity, _)| *severity == Severity::Fault);
    let texts = |found: Vec<(Severity, String)>| found.into_iter().map(|(_, text)| text).collect();
    Ok(Offer {
        model: model.name.clone(),
        headline: proposal.headline,
        summary: proposal.summary,
        faults: texts(faults),
        doubts: texts(doubts),
    })
}

/// Sets an entry's words, and looks the edition over. Of a model's words none may say what the article does not.
///
/// # Errors
/// Where the edition has no such entry, or the words cannot be printed.
pub(crate) async fn reword(
    app: &App,
    stored: &StoredEdition,
    key: EntryKey,
    words: Words,
    editor: &str,
) -> anyhow::Result<StoredEdition> {
    let mut entry = entry_of(stored, key)?;
    // A model answers in the language of the article; a person writes in that of the brief.
    let told = words
        .language
        .or(words.model.as_ref().and(entry.language.clone()));
    let told = told.unwrap_or_else(|| stored.edition.language.clone());
    edit::word(&mut entry, &words.headline, &words.summary, told);
    ensure!(!entry.headline.is_empty(), "an entry needs a headline");
    if let Some(model) = words.model {
        entry.proposed = Some(Proposed {
            model,
            taken_by: editor.to_owned(),
            at: app.now(),
        });
    }
    let mut edited = stored.edition.clone();
    edited.amend(entry.clone());
    let before = faults(stored, entry.number)?;
    let after = jobs::looked_over(app, &app.store, &edited).await?;
    let new: Vec<String> = after
        .into_iter()
        .filter(|finding| finding.severity == Severity::Fault && finding.entry == Some(entry.number))
        .map(|finding| finding.text)
        .filter(|text| !before.contains(text))
        .collect();
    if entry.proposed.is_some() && !new.is_empty() {
        bail!("these words cannot be printed. {}", new.join(" "));
    }
    let what = format!("set the words of “{}”", entry.headline);
    jobs::replace(app, stored, edited, editor, &what).await
}

fn faults(stored: &StoredEdition, number: usize) -> anyhow::Result<Vec<String>> {
    let findings: Vec<reveille_brief::Finding> = serde_json::from_str(&stored.findings)?;
    let of_entry = findings
        .into_iter()
        .filter(|finding| finding.entry == Some(number));
    Ok(of_entry.map(|finding| finding.text).collect())
}

fn entry_of(stored: &StoredEdition, key: EntryKey) -> anyhow::Result<Entry> {
    let day = stored.edition.day;
    let entry = stored.edition.entry(key).cloned();
    entry.with_context(|| format!("the edition of {day} has no such entry any more"))
}

impl Editing for App {
    fn model(&self) -> Option<&str> {
        self.model.as_ref().map(|model| model.name.as_str())
    }

    fn propose(&self, edition: EditionId, entry: EntryKey) -> Pending<Offer> {
        let app = self.clone();
        Box::pin(async move {
            let asked = tokio::time::timeout(PATIENCE, propose(&app, edition, entry)).await;
            match asked {
                Ok(offer) => offer.map_err(refusal),
                Err(_) => Err(Refusal::Told(format!(
                    "the model did not answer within {} s; `reveille edition propose` waits for as long as the settings say",
                    PATIENCE.as_secs()
                ))),
            }
        })
    }

    fn left_out(&self, edition: EditionId) -> Pending<Vec<Spare>> {
        let app = self.clone();
        Box::pin(async move { editing::list_left_out(&app, edition).await.map_err(refusal) })
    }

    fn change(&self, seen: Seen, change: Change, editor: String) -> Pending<()> {
        let app = self.clone();
        Box::pin(async move {
            let changed = editing::change(&app, seen, change, &editor).await;
            changed.map(drop).map_err(refusal)
        })
    }

    fn approve(&self, seen: Seen) -> Pending<()> {
        let app = self.clone();
        Box::pin(async move {
            let approved = async {
                let found = as_seen(&app, seen).await?;
                jobs::approve(&app, &found).await
            };
            approved.await.map_err(refusal)
        })
    }

    fn recall(&self, edition: EditionId) -> Pending<()> {
        let app = self.clone();
        Box::pin(async move {
            let recalled = async {
                let found = editions::find(&app.store, edition).await?;
                jobs::recall(&app, &found.context("the edition is gone")?).await
            };
            recalled.await.map(drop).map_err(refusal)
        })
    }

    fn correct(&self, seen: SeenEntry, right: Right, editor: String) -> Pending<()> {
        let app = self.clone();
        Box::pin(async move {
            let corrected = async {
                let found = as_seen(&app, seen.within).await?;
                let statement = Statement {
                    number: seen.number,
                    right: &right,
                    by: &editor,
                    seen: Some(seen),
                };
                jobs::correct(&app, &found, &statement, false).await
            };
            corrected.await.map(drop).map_err(refusal)
        })
    }

    fn mail_correction(&self, correction: NoticeId) -> Pending<()> {
        let app = self.clone();
        Box::pin(async move { jobs::mail_correction(&app, correction).await.map_err(refusal) })
    }

    fn proof(&self, edition: EditionId, to: EmailAddress) -> Pending<()> {
        let app = self.clone();
        Box::pin(async move { proofs::send(&app, edition, to).await.map_err(refusal) })
    }

    fn next(&self, brief: BriefId) -> Pending<Edition> {
        let app = self.clone();
        Box::pin(async move { editing::next(&app, brief).await.map_err(refusal) })
    }
}

/// The edition that somebody looked at.
///
/// # Errors
/// Where it is gone, or another by now.
async fn as_seen(app: &App, seen: Seen) -> anyhow::Result<StoredEdition> {
    let found = editions::find(&app.store, seen.edition).await?;
    let found = found.context("the edition is gone")?;
    jobs::ensure_seen(app, &found, seen.revision).await?;
    Ok(found)
}

/// An error in words for a person, as far as it is not that already.
fn refusal(error: anyhow::Error) -> Refusal {
    error
        .downcast::<Refusal>()
        .unwrap_or_else(|error| Refusal::Told(format!("{error:#}")))
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
