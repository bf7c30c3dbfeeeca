//! story → edition: composes one day's brief from the night's stories, checks it, and approves it where the
//! brief says that checks are enough.

mod candidates;
mod event_sections;

use anyhow::{Context, bail};
use reveille_desk::outlook;
use reveille_model::{
    AlertKind, Approval, Day, Edition, EditionId, EditionMove, EditionState, Slug, UnixMillis,
};
use reveille_store::{
    Tx,
    alerts::{self, Occasion},
    briefs::StoredBrief,
    editions::{self, Drafted, StoredEdition},
    jobs::Job,
};

use super::{
    Ended, Kind, commit,
    correct_edition::untold,
    fold_now,
    update_edition::{ensure_seen, judge, looked_over},
};
use crate::app::App;
pub(crate) use candidates::candidates;
use event_sections::Developed;

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let (slug, day) = job
        .key
        .split_once('@')
        .context("the job names no brief and day")?;
    let slug: Slug = slug.parse()?;
    let brief = reveille_store::briefs::find_by_slug(&app.store, &slug).await?;
    let tx = match brief {
        Some(brief) => draft(app, &brief, day.parse()?, HandEdits::Keep).await?,
        None => app.store.begin().await?,
    };
    commit(app, tx, job).await
}

/// What becomes of an open draft that somebody edited by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandEdits {
    /// It stays as it is.
    Keep,
    /// The new one takes its place.
    Lose,
}

/// Compiles, checks and stores the edition of that day. An open draft of the same day is replaced, as far as `edits` allows;
/// what stays, as an approved edition does, is returned as it is.
///
/// # Errors
/// Where the store fails, or the articles of the window cannot be folded.
pub(crate) async fn compile(
    app: &App,
    brief: &StoredBrief,
    day: Day,
    edits: HandEdits,
) -> anyhow::Result<StoredEdition> {
    draft(app, brief, day, edits).await?.commit().await?;
    let stored = editions::find_by_day(&app.store, brief.id, day).await?;
    stored.context("the edition was stored and is not there")
}

/// The same, in a transaction that is yet to be committed.
async fn draft(app: &App, brief: &StoredBrief, day: Day, edits: HandEdits) -> anyhow::Result<Tx> {
    fold_now(app).await?;
    let now = app.now();
    let (mut edition, events) = composed(app, brief, day).await?;
    edition.issue = Some(editions::count_before(&app.store, brief.id, day).await? + 1);
    edition.corrections = untold(app, brief, day).await?;
    let findings = looked_over(app, &app.store, &edition).await?;
    let step = judge(&findings);
    let mut tx = app.store.begin().await?;
    if let Some(before) = editions::find_by_day(&mut tx, brief.id, day).await?
        && let Some(held) = editions::hold(&mut tx, before.id).await?
    {
        if edits == HandEdits::Keep && held.is_edited_draft() {
            return Ok(tx);
        }
        if is_as_empty(&held, &edition) {
            events.keep(&mut tx, brief).await?;
            editions::compiled_again(&mut tx, held.id, now).await?;
            tracing::info!(brief = %edition.slug, %day, "compiled an edition again that found nothing");
            return Ok(tx);
        }
    }
    let drafted =
        editions::insert_draft(&mut tx, brief.id, &edition, &serde_json::to_string(&findings)?).await?;
    if let Drafted::New(id) | Drafted::Replaced(id) = drafted {
        let plan = &brief.brief;
        let approves_itself = step == EditionMove::Pass && plan.approval == Approval::Automatic;
        // Who has it compiled again is there.
        if matches!(drafted, Drafted::New(_)) && !approves_itself {
            let occasion = Occasion {
                edition: id,
                kind: AlertKind::Waits,
                at: now,
                words: None,
            };
            alerts::insert(&mut tx, occasion, &plan.editors, now).await?;
        }
        events.keep(&mut tx, brief).await?;
        editions::change_state(&mut tx, id, step, now).await?;
        if approves_itself {
            release(&mut tx, id, now).await?;
        }
        let (brief, entries) = (&edition.slug, edition.entries().count());
        tracing::info!(%brief, %day, entries, faults = step == EditionMove::Fault, "compiled an edition");
    }
    Ok(tx)
}

/// Whether a draft without an entry would be the same again. It is compiled every few minutes until there is news: whoever writes its
/// first entry meanwhile started from what it still is.
fn is_as_empty(draft: &StoredEdition, again: &Edition) -> bool {
    let same_time = Edition {
        compiled: draft.edition.compiled,
        ..again.clone()
    };
    draft.state == EditionState::Draft && again.entries().next().is_none() && same_time == draft.edition
}

/// The edition of that day as the brief's plan would make it of the stories that are folded by now. Nothing is stored.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn rehearse(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<Edition> {
    Ok(composed(app, brief, day).await?.0)
}

async fn composed(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<(Edition, Developed)> {
    let candidates = candidates(app, brief, day).await?;
    let events = event_sections::develop(app, brief, day, &candidates).await?;
    let edition = reveille_brief::compose(&brief.brief, day, app.now(), &candidates, &events.sections);
    Ok((edition, events))
}

/// Approves an edition: its deliveries go out at each reader's own morning.
///
/// # Errors
/// Where its checks found a fault, or it was approved before.
pub(crate) async fn approve(app: &App, edition: &StoredEdition) -> anyhow::Result<()> {
    match edition.state {
        EditionState::Checked => {
            let mut tx = app.store.begin().await?;
            let held = editions::hold(&mut tx, edition.id).await?;
            let held = held.context("the edition is gone")?;
            if held.revision != edition.revision {
                drop(tx);
                return ensure_seen(app, &held, edition.revision).await;
            }
            release(&mut tx, edition.id, app.now()).await?;
            tx.commit().await?;
            let (brief, day) = (&edition.edition.slug, edition.edition.day);
            tracing::info!(%brief, %day, "an editor approved the edition");
            Ok(())
        }
        EditionState::Draft => bail!(
            "the checks of the edition of {} found faults (`reveille edition show {}` lists them): mend them by `reveille \
             edition reword` or `reveille edition update`",
            edition.edition.day,
            outlook::exactly(&edition.edition.slug, edition.edition.day)
        ),
        state => bail!("the edition of {} is {state} already", edition.edition.day),
    }
}

async fn release(tx: &mut Tx, id: EditionId, now: UnixMillis) -> anyhow::Result<()> {
    if !editions::change_state(tx, id, EditionMove::Approve, now).await? {
        bail!("the edition changed under our hands; look at it again");
    }
    reveille_store::jobs::insert(tx, &Kind::PlanDeliveries.job(id, now), now).await?;
    Ok(())
}
