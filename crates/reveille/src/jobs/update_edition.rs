//! edition → edition: takes what an editor made of an open edition, and looks it over.

use std::collections::HashMap;

use anyhow::{Context, bail, ensure};
use reveille_brief::{Finding, Severity, Sources, preflight};
use reveille_model::{ArticleId, ArticleState, Edition, EditionState, Entry};
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
        // What a model proposed stays marked, and nothing becomes so by a file.
        entry.proposed = before.and_then(|before| before.proposed.clone());
    }
    replace(app, stored, edited).await
}

/// What the checks find in an edition.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn looked_over(app: &App, edition: &Edition) -> anyhow::Result<Vec<Finding>> {
    Ok(preflight(edition, &sources(app, edition).await?, &app.templates))
}

/// Puts an edition in the place of the open one that it was made of, numbered and looked over.
///
/// # Errors
/// Where that one has changed meanwhile, or the store fails.
pub(crate) async fn replace(
    app: &App,
    stored: &StoredEdition,
    mut edited: Edition,
) -> anyhow::Result<StoredEdition> {
    let old = &stored.edition;
    edited.number();
    let findings = looked_over(app, &edited).await?;
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

/// What preflight is to know: what the articles say whose summaries the desk wrote, each in its entry's version; whose pages
/// are gone; and what day the brief's editors have.
///
/// # Errors
/// Where the store fails.
pub(super) async fn sources(app: &App, edition: &Edition) -> anyhow::Result<Sources> {
    let brief = reveille_store::briefs::find_by_slug(&app.store, &edition.slug).await?;
    let mut sources = Sources {
        today: brief.map(|brief| app.now().day(&brief.brief.zone)),
        ..Sources::default()
    };
    let entries: HashMap<ArticleId, &Entry> = edition.entries().map(|entry| (entry.article, entry)).collect();
    let ids: Vec<ArticleId> = entries.keys().copied().collect();
    for stored in articles::find_all(&app.store, &ids).await? {
        if stored.state == ArticleState::Missing {
            sources.gone.insert(stored.id);
        }
        let entry = entries[&stored.id];
        if entry.extract.is_some() && entry.proposed.is_none() {
            continue;
        }
        let mut article = stored.article;
        if stored.version != entry.version {
            let versions = articles::versions(&app.store, stored.id).await?;
            let printed = versions.into_iter().find(|old| old.version == entry.version);
            article = printed.map_or(article, |old| old.article);
        }
        let text = format!("{}\n{}", article.title, article.text());
        sources.texts.insert(stored.id, text);
    }
    Ok(sources)
}
