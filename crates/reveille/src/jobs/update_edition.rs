//! edition → edition: takes what an editor made of an open edition, and looks it over.

use std::collections::HashMap;

use anyhow::{Context, bail, ensure};
use reveille_brief::{Finding, Severity, Sources, preflight};
use reveille_model::{ArticleId, Edition, EditionState, Entry};
use reveille_store::{
    articles,
    editions::{self, StoredEdition},
};

use crate::app::App;

/// Puts the edited edition in the place of the open one, numbers and checks it. What became of it is given back.
///
/// # Errors
/// Where it is not the same brief's edition of the same day, has an entry of no known article, or is not open any more.
pub(crate) async fn update(
    app: &App,
    stored: &StoredEdition,
    mut edited: Edition,
) -> anyhow::Result<StoredEdition> {
    let (old, day) = (&stored.edition, stored.edition.day);
    ensure!(
        edited.slug == old.slug && edited.day == day,
        "the file holds the edition {}, {}; expected {}, {day}",
        edited.slug,
        edited.day,
        old.slug
    );
    if !stored.state.is_open() {
        bail!(
            "the edition of {day} is {} already, and is changed only by what its articles become",
            stored.state
        );
    }
    all_known(app, &edited).await?;
    edited.compiled = old.compiled;
    edited.sections.retain(|section| !section.entries.is_empty());
    for entry in edited
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.entries)
    {
        let before = old.entry_of(entry.article);
        entry.extract = before
            .filter(|before| before.summary == entry.summary)
            .and_then(|before| before.extract);
    }
    edited.number();
    let findings = preflight(&edited, &sources(app, &edited).await?);
    let mut tx = app.store.begin().await?;
    let held = editions::hold(&mut tx, stored.id).await?;
    if !held.is_some_and(|held| held.state == stored.state && held.edition == *old) {
        bail!("the edition changed under our hands; print it again and edit that");
    }
    editions::update(&mut tx, stored.id, &edited, &serde_json::to_string(&findings)?).await?;
    editions::set_state(&mut tx, stored.id, stored.state, state_by(&findings), app.now()).await?;
    tx.commit().await?;
    let updated = editions::find(&app.store, stored.id).await?;
    updated.context("the edition was stored and is not there")
}

/// Each entry must stand for an article: its link, credit and checks hang on it.
async fn all_known(app: &App, edition: &Edition) -> anyhow::Result<()> {
    let ids: Vec<ArticleId> = edition.entries().map(|entry| entry.article).collect();
    let known = articles::find_all(&app.store, &ids).await?;
    match ids
        .iter()
        .find(|id| !known.iter().any(|article| article.id == **id))
    {
        Some(id) => {
            bail!("an entry names article {id}, which is not known; take over the number from `edition show`")
        }
        None => Ok(()),
    }
}

/// Checked, where nothing that was found blocks it.
pub(super) fn state_by(findings: &[Finding]) -> EditionState {
    match findings.iter().any(|finding| finding.severity == Severity::Fault) {
        true => EditionState::Draft,
        false => EditionState::Checked,
    }
}

/// What the articles say whose summaries the desk wrote, each in its entry's version.
///
/// # Errors
/// Where the store fails.
pub(super) async fn sources(app: &App, edition: &Edition) -> anyhow::Result<Sources> {
    let written = edition.entries().filter(|entry| entry.extract.is_none());
    let written: HashMap<ArticleId, &Entry> = written.map(|entry| (entry.article, entry)).collect();
    let ids: Vec<ArticleId> = written.keys().copied().collect();
    let mut sources = Sources::new();
    for stored in articles::find_all(&app.store, &ids).await? {
        let version = written[&stored.id].version;
        let mut article = stored.article;
        if stored.version != version {
            let versions = articles::versions(&app.store, stored.id).await?;
            let printed = versions.into_iter().find(|old| old.version == version);
            article = printed.map_or(article, |old| old.article);
        }
        sources.insert(stored.id, format!("{}\n{}", article.title, article.text()));
    }
    Ok(sources)
}
