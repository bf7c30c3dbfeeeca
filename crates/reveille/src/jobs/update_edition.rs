//! edition → edition: takes what an editor made of an open edition, and looks it over.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, bail, ensure};
use reveille_brief::{Finding, Severity, Sources, edit, preflight, tidy};
use reveille_desk::Refusal;
use reveille_model::{
    ArticleId, ArticleState, Dropped, Edition, EditionMove, Entry, EntryKey, Section, StoryId, Uri, Zone,
};
use reveille_store::{
    View,
    articles::{self, StoredArticle},
    editions::{
        self, StoredEdition,
        changes::{self, Act, Change},
    },
    stories,
};

use crate::app::App;

/// Puts the edited edition in the place of the open one, numbers and checks it. What became of it is given back.
///
/// # Errors
/// Where it is not the same brief's edition of the same day, was made from another revision of it, has an entry of no known
/// article, or is not open any more.
pub(crate) async fn update(
    app: &App,
    stored: &StoredEdition,
    mut edited: Edition,
    by: &str,
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
    ensure_seen(app, stored, edited.revision).await?;
    edited.revision = 0;
    ensure!(
        edited.name == old.name
            && edited.language == old.language
            && edited.zone == old.zone
            && edited.tips == old.tips,
        "the file changes `name`, `language`, `zone` or `tips`, which are the brief's and not one edition's: change them by `reveille \
         brief update` and leave them here as they were"
    );
    all_known(app, &edited).await?;
    edited.dropped = dropped(old, &edited);
    (edited.compiled, edited.edited, edited.issue) = (old.compiled, old.edited, old.issue);
    // They are told of an edition that is out, and stand with its notices.
    edited.changes.clear();
    edited.left_out.clone_from(&old.left_out);
    for entry in edited
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.entries)
    {
        let before = known(old, entry.key());
        entry.extract = before
            .filter(|before| before.summary == entry.summary)
            .and_then(|before| before.extract);
        // What a model proposed stays marked, and nothing becomes so by a file; nor does anything that was let stand.
        entry.proposed = before.and_then(|before| before.proposed.clone());
        entry.overruled = before.map(|before| before.overruled.clone()).unwrap_or_default();
        // Who sets other words and leaves the language as it was has written in that of the brief.
        let is_reworded = |before: &&Entry| {
            (&before.headline, &before.summary) != (&entry.headline, &entry.summary)
                && before.language == entry.language
        };
        if before.is_some_and(|before| is_reworded(&before)) {
            entry.language = Some(old.language.clone());
        }
    }
    replace(app, stored, edited, by, "edited it as a file").await
}

/// The entry that is known by this, dropped ones included.
fn known(edition: &Edition, key: EntryKey) -> Option<&Entry> {
    let mut dropped = edition.dropped.iter().map(|dropped| &dropped.entry);
    edition
        .entry(key)
        .or_else(|| dropped.find(|entry| entry.key() == key))
}

/// What was dropped of an edition and is not back, and what it has lost now.
fn dropped(old: &Edition, edited: &Edition) -> Vec<Dropped> {
    let of_section = |section: &Section| {
        let name = section.name.clone();
        let entries = section.entries.clone().into_iter();
        entries.map(move |entry| Dropped {
            section: name.clone(),
            entry,
        })
    };
    let all = old.sections.iter().flat_map(of_section);
    let gone = |dropped: &Dropped| edited.entry(dropped.entry.key()).is_none();
    old.dropped.iter().cloned().chain(all).filter(gone).collect()
}

/// Makes sure that somebody looked at an edition as it is.
///
/// # Errors
/// Where it is another by now: [`Refusal::Meanwhile`], with what was done to it last.
pub(crate) async fn ensure_seen(app: &App, stored: &StoredEdition, revision: u32) -> anyhow::Result<()> {
    if revision == stored.revision {
        return Ok(());
    }
    let brief = reveille_store::briefs::find(&app.store, stored.brief).await?;
    let zone = brief.map_or(Zone::UTC, |brief| brief.brief.zone);
    let last = changes::list(&app.store, stored.id).await?.into_iter().next();
    let last = last.map_or(String::new(), |Change { by, what, at, .. }| {
        format!(" ({by} {what} at {})", at.civil(&zone).strftime("%H:%M"))
    });
    bail!(Refusal::Meanwhile(format!(
        "The edition of {} was changed meanwhile{last}: it is at revision {} now, and this was made from {}. Look at it \
         again.",
        stored.edition.day,
        stored.revision,
        match revision {
            0 => "none that was named".to_owned(),
            revision => format!("revision {revision}"),
        }
    )))
}

/// What the checks find in an edition, with the articles as they are seen from here.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn looked_over(
    app: &App,
    view: impl Into<View<'_>>,
    edition: &Edition,
) -> anyhow::Result<Vec<Finding>> {
    let sources = sources(app, view, edition).await?;
    Ok(preflight(edition, &sources, &app.templates))
}

/// Puts an edition in the place of the open one that it was made of, numbered and looked over: who does so, and what that is
/// (as in [`Act::what`]).
///
/// # Errors
/// Where that one has changed meanwhile, or the store fails.
pub(crate) async fn replace(
    app: &App,
    stored: &StoredEdition,
    mut edited: Edition,
    by: &str,
    what: &str,
) -> anyhow::Result<StoredEdition> {
    let old = &stored.edition;
    edit::settle(&mut edited);
    if edited != *old {
        edited.edited = Some(app.now());
    }
    let findings = looked_over(app, &app.store, &edited).await?;
    let mut tx = app.store.begin().await?;
    let held = editions::hold(&mut tx, stored.id).await?;
    let held = held.context("the edition is gone")?;
    if held.state != stored.state || held.revision != stored.revision {
        drop(tx);
        ensure_seen(app, &held, stored.revision).await?;
        bail!("the edition of {} is {} by now", old.day, held.state);
    }
    let at = app.now();
    let findings_told = serde_json::to_string(&findings)?;
    editions::update(&mut tx, stored.id, &edited, &findings_told, &Act { by, what, at }).await?;
    editions::change_state(&mut tx, stored.id, judge(&findings), app.now()).await?;
    tx.commit().await?;
    let updated = editions::find(&app.store, stored.id).await?;
    updated.context("the edition was stored and is not there")
}

/// Each entry must stand for an article and a story of its own, on which its link, credit and checks hang, or be the desk's.
async fn all_known(app: &App, edition: &Edition) -> anyhow::Result<()> {
    let ids = |entry: &Entry| entry.article().zip(entry.story());
    let (articles, stories): (Vec<ArticleId>, Vec<StoryId>) = edition.entries().filter_map(ids).unzip();
    let articles: HashSet<ArticleId> = articles::find_all(&app.store, &articles)
        .await?
        .iter()
        .map(|article| article.id)
        .collect();
    let stories: HashSet<StoryId> = stories::headlines(&app.store, &stories)
        .await?
        .iter()
        .map(|(story, _)| *story)
        .collect();
    let mut keys = HashSet::new();
    for entry in edition.entries() {
        let headline = &entry.headline;
        ensure!(
            keys.insert(entry.key()),
            "the entry “{headline}” is of the same article as another one, or has the same number `own`"
        );
        let Some((article, story)) = ids(entry) else {
            continue;
        };
        ensure!(
            articles.contains(&article),
            "the entry “{headline}” names article {article}, which is not known; take over the number from `edition show`"
        );
        ensure!(
            stories.contains(&story),
            "the entry “{headline}” names story {story}, which is not known; take over the number from `edition show`, or \
             look it up by `reveille stories list`"
        );
    }
    Ok(())
}

/// What the checks found of an open edition, as the move that follows from it.
pub(super) fn judge(findings: &[Finding]) -> EditionMove {
    match findings.iter().any(|finding| finding.severity == Severity::Fault) {
        true => EditionMove::Fault,
        false => EditionMove::Pass,
    }
}

/// What preflight is to know: what the articles say whose headlines or summaries are not their own words, each in its
/// entry's version; where they stand; whose pages are gone; and what day the brief's editors have.
///
/// # Errors
/// Where the store fails.
pub(super) async fn sources(
    app: &App,
    view: impl Into<View<'_>>,
    edition: &Edition,
) -> anyhow::Result<Sources> {
    let mut view = view.into();
    let brief = reveille_store::briefs::find_by_slug(&mut view, &edition.slug).await?;
    let mut sources = Sources {
        today: brief.as_ref().map(|brief| app.now().day(&brief.brief.zone)),
        rest_days: brief.map_or(0, |brief| brief.brief.rest_before(edition.day)),
        ..Sources::default()
    };
    let by_article = |entry| Some((Entry::article(entry)?, entry));
    let entries: HashMap<ArticleId, &Entry> = edition.entries().filter_map(by_article).collect();
    let ids: Vec<ArticleId> = entries.keys().copied().collect();
    for stored in articles::find_all(&mut view, &ids).await? {
        if stored.state == ArticleState::Missing {
            sources.gone.insert(stored.id);
        }
        let entry = entries[&stored.id];
        sources
            .places
            .insert(stored.id, places(&mut view, entry, &stored).await?);
        let mut article = stored.article;
        if entry.printed() != Some((stored.id, stored.version)) {
            let versions = articles::versions(&mut view, stored.id).await?;
            let printed = versions
                .into_iter()
                .find(|old| entry.printed() == Some((stored.id, old.version)));
            article = printed.map_or(article, |old| old.article);
        }
        let is_own =
            entry.extract.is_some() && entry.proposed.is_none() && entry.headline == tidy(&article.title);
        if !is_own {
            // Who signs an article is named by it.
            let authors = article.authors.join(", ");
            let text = format!("{}\n{}\n{authors}", article.title, article.text());
            sources.texts.insert(stored.id, text);
            if let Some(language) = article.language {
                sources.languages.insert(stored.id, language);
            }
        }
    }
    Ok(sources)
}

/// Where an entry's story can be read, and who carries it there: its own article first. The others are only asked for
/// where somebody linked or credited something else.
async fn places(
    view: impl Into<View<'_>>,
    entry: &Entry,
    own: &StoredArticle,
) -> anyhow::Result<Vec<(Uri, String)>> {
    let place = |article: &StoredArticle| (article.place(), article.carrier.clone());
    let mut places = vec![place(own)];
    let is_own = entry.link.host() == own.place().host() && entry.credit.carrier == tidy(&own.carrier);
    if !is_own
        && let Some(story) = entry.story()
        && let Some(story) = stories::find(view, story).await?
    {
        places.extend(story.articles.iter().map(place));
    }
    Ok(places)
}
