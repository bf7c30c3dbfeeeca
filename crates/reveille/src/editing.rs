//! What editors do to an open edition, by the desk: its order, what it tells beside its stories, and going back.

use anyhow::{Context, ensure};
use reveille_brief::{Candidate, Finding, Spare, Way, edit, entry_of, left_out, own_entry};
use reveille_desk::{Change, Refusal, Seen};
use reveille_model::{
    ArticleId, ArticleState, Brief, BriefId, Check, Edition, EditionId, Entry, EntryKey, Overruled,
};
use reveille_store::{
    articles,
    briefs::{self, StoredBrief},
    editions::{
        self, StoredEdition,
        changes::{self, Change as Undone},
    },
};

use crate::{app::App, jobs, wording};

/// Makes a change of an open edition, and looks it over.
///
/// # Errors
/// Where it is another than the one that was seen, or the change cannot be made.
pub(crate) async fn change(
    app: &App,
    seen: Seen,
    change: Change,
    editor: &str,
) -> anyhow::Result<StoredEdition> {
    let stored = open(app, seen.edition).await?;
    jobs::ensure_seen(app, &stored, seen.revision).await?;
    let brief = briefs::find(&app.store, stored.brief).await?;
    let plan = brief.context("its brief is gone")?.brief;
    let mut edited = stored.edition.clone();
    let what = match change {
        Change::Reword(entry, words) => {
            return wording::reword(app, &stored, entry, words, editor).await;
        }
        Change::Restore(revision) => restore(app, &stored, &mut edited, revision).await?,
        Change::Tell(story, section) => {
            let (_, candidates) = night(app, &stored).await?;
            let told = candidates.iter().find(|candidate| candidate.story == story);
            let told = told
                .context("the story is not there any more: the night was folded anew. Look for it again")?;
            let is_told = edited.entries().any(|entry| entry.story() == Some(story));
            ensure!(!is_told, "the edition tells “{}” already", told.headline);
            let entry = entry_of(told, &edited);
            let what = format!("added “{}”", entry.headline);
            edited
                .dropped
                .retain(|dropped| dropped.entry.key() != entry.key());
            edit::put(&mut edited, &plan, &section, entry);
            what
        }
        Change::Write(own, section) => {
            let entry = own_entry(&edited, own);
            let what = format!("wrote “{}”", entry.headline);
            edit::put(&mut edited, &plan, &section, entry);
            what
        }
        Change::Overrule(entry, check, said) => {
            ensure_doubted(&stored, entry, check, &said)?;
            overrule(app, &mut edited, entry, check, said, editor)?
        }
        Change::Shift(..) | Change::File(..) | Change::Drop(_) | Change::TakeBack(_) => {
            order(&mut edited, &plan, &change)?
        }
    };
    let returned = returned(&stored.edition, &edited);
    ensure_usable(app, &returned).await?;
    let changed = jobs::replace(app, &stored, edited, editor, &what).await?;
    jobs::amend_later(app, &returned, changed.revision).await?;
    Ok(changed)
}

/// The articles whose entries come into an edition.
fn returned(before: &Edition, after: &Edition) -> Vec<ArticleId> {
    let is_new = |article: &ArticleId| before.entry(EntryKey::Article(*article)).is_none();
    after
        .entries()
        .filter_map(Entry::article)
        .filter(is_new)
        .collect()
}

/// # Errors
/// Where one of these articles was taken back since its entry was made.
async fn ensure_usable(app: &App, articles: &[ArticleId]) -> anyhow::Result<()> {
    for stored in articles::find_all(&app.store, articles).await? {
        let state = stored.state;
        ensure!(
            !matches!(state, ArticleState::Withdrawn | ArticleState::Withheld),
            "“{}” is {state} by now, and cannot be printed",
            stored.article.title
        );
    }
    Ok(())
}

/// Moves, drops or takes back an entry. What was done is given back.
fn order(edition: &mut Edition, plan: &Brief, change: &Change) -> anyhow::Result<String> {
    let name = |key: EntryKey| {
        let dropped = edition.dropped.iter().map(|dropped| &dropped.entry);
        let found = edition.entries().chain(dropped).find(|entry| entry.key() == key);
        found.map_or_else(|| key.to_string(), |entry| format!("“{}”", entry.headline))
    };
    let (done, what) = match change {
        Change::Shift(key, way) => {
            let (name, way_told) = (name(*key), if *way == Way::Up { "up" } else { "down" });
            (
                edit::shift(edition, *key, *way),
                format!("moved {name} {way_told}"),
            )
        }
        Change::File(key, section) => {
            let what = format!("filed {} under {section}", name(*key));
            (edit::file(edition, plan, *key, section), what)
        }
        Change::Drop(key) => {
            let what = format!("dropped {}", name(*key));
            (edit::drop(edition, *key), what)
        }
        Change::TakeBack(key) => {
            let what = format!("took {} back", name(*key));
            (edit::take_back(edition, plan, *key), what)
        }
        _ => (false, String::new()),
    };
    ensure!(
        done,
        "the edition has no such entry there, or no place for it further on"
    );
    Ok(what)
}

/// Has an edition hold again what it held before a change.
async fn restore(
    app: &App,
    stored: &StoredEdition,
    edited: &mut Edition,
    revision: u32,
) -> anyhow::Result<String> {
    let before = changes::before(&app.store, stored.id, revision).await?;
    let before = before.context("what the edition held then is not kept any more")?;
    ensure!(
        before.compiled == edited.compiled,
        "the edition was compiled anew since then, from other stories"
    );
    let list = changes::list(&app.store, stored.id).await?;
    let undone = list.into_iter().find(|change| change.from == revision);
    *edited = before;
    let is_last = revision + 1 == stored.revision;
    Ok(match undone {
        Some(Undone { by, what, .. }) if is_last => format!("undid: {by} {what}"),
        Some(Undone { by, what, .. }) => format!("went back to before {by} {what}"),
        None => format!("went back to revision {revision}"),
    })
}

/// Only what a check did not find can be let stand, and nothing beforehand.
fn ensure_doubted(stored: &StoredEdition, key: EntryKey, check: Check, said: &str) -> anyhow::Result<()> {
    let number = stored.edition.entry(key).map(|entry| entry.number);
    let findings: Vec<Finding> = serde_json::from_str(&stored.findings)?;
    let is_doubt = |finding: &Finding| {
        let compared = finding.compared.as_ref();
        finding.entry == number && compared.is_some_and(|of| of.check == check && of.said == said)
    };
    ensure!(
        findings.iter().any(is_doubt),
        "the check of {check} has nothing against “{said}” in this entry"
    );
    Ok(())
}

/// Lets something stand that a check did not find in the article.
fn overrule(
    app: &App,
    edition: &mut Edition,
    key: EntryKey,
    check: Check,
    said: String,
    editor: &str,
) -> anyhow::Result<String> {
    let mut entry = edition
        .entry(key)
        .cloned()
        .context("the edition has no such entry")?;
    let what = format!(
        "let “{said}” stand in “{}”, against the check of {check}",
        entry.headline
    );
    entry.overruled.push(Overruled {
        check,
        said,
        by: editor.to_owned(),
        at: app.now(),
    });
    edition.amend(entry);
    Ok(what)
}

/// The stories of the night that the edition does not tell.
///
/// # Errors
/// Where the edition is not open, or the store fails.
pub(crate) async fn list_left_out(app: &App, edition: EditionId) -> anyhow::Result<Vec<Spare>> {
    let stored = open(app, edition).await?;
    let (brief, candidates) = night(app, &stored).await?;
    Ok(left_out(&brief.brief, &stored.edition, &candidates))
}

async fn night(app: &App, stored: &StoredEdition) -> anyhow::Result<(StoredBrief, Vec<Candidate>)> {
    let brief = briefs::find(&app.store, stored.brief).await?;
    let brief = brief.context("its brief is gone")?;
    let candidates = jobs::candidates(app, &brief, stored.edition.day).await?;
    Ok((brief, candidates))
}

/// The next edition as a brief's plan would make it of the stories that there are by now. Where there is nothing new yet since an
/// edition of today that is out, it is that one, as the plan would have made it. Nothing is stored.
///
/// # Errors
/// Where the brief is gone, or the store fails.
pub(crate) async fn next(app: &App, brief: BriefId) -> anyhow::Result<Edition> {
    let stored = briefs::find(&app.store, brief).await?;
    let stored = stored.context("the brief is gone")?;
    let plan = &stored.brief;
    let day = plan.next_day(app.now().day(&plan.zone));
    let made = editions::find_by_day(&app.store, brief, day).await?;
    if made.is_some_and(|made| !made.state.is_open()) {
        let later = plan.next_day(day.and_later().nth(1).unwrap_or(day));
        let next = jobs::rehearse(app, &stored, later).await?;
        if next.entries().next().is_some() {
            return Ok(next);
        }
    }
    jobs::rehearse(app, &stored, day).await
}

/// The edition with this id, where it may still be changed.
///
/// # Errors
/// Where it may not, or is gone.
pub(crate) async fn open(app: &App, id: EditionId) -> anyhow::Result<StoredEdition> {
    let stored = editions::find(&app.store, id).await?;
    let stored = stored.context("the edition is gone")?;
    ensure!(
        stored.state.is_open(),
        Refusal::Told(format!(
            "The edition of {} is {} already.",
            stored.edition.day, stored.state
        ))
    );
    Ok(stored)
}
