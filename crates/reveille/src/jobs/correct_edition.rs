//! edition → edition: states what an edition that readers have had wrong.
//!
//! The entry says so from then on, on the web and to readers whose morning is still to come; the next edition repeats it;
//! and who got the wrong one can be told at once.

use anyhow::{Context, ensure};
use reveille_model::{
    Correction, Day, EditionId, EditionState, Entry, IfUnknown, Notice, NoticeId, NoticeKind, NoticeState,
    UnixMillis,
};
use reveille_store::{
    Tx,
    briefs::{self, StoredBrief},
    deliveries::{next_due, plan_correction},
    editions::{self, StoredEdition},
    jobs::{Job, NewJob},
    notices,
};

use super::{
    Ended, Kind, commit,
    deliver_edition::{Mail, PAUSE_MILLIS, deliver},
    id_of,
    update_edition::looked_over,
};
use crate::{app::App, letters::Printed};

/// Editions so far back whose corrections the next one still carries.
const EDITIONS_BACK: u32 = 14;

/// A correction that was stated.
pub(crate) struct Told {
    /// What states it.
    pub(crate) notice: NoticeId,
    /// Whether the entry stated it before.
    pub(crate) again: bool,
}

/// States what was wrong in an entry. What its article says by now, where that has changed, takes the entry's place. With
/// `tell`, everybody who may have the wrong one gets a mail. What was stated before is stated once: its mails then go on.
///
/// # Errors
/// Where nobody can have the edition yet, or it has no such entry.
pub(crate) async fn correct(
    app: &App,
    stored: &StoredEdition,
    number: usize,
    text: &str,
    tell: bool,
) -> anyhow::Result<Told> {
    let day = stored.edition.day;
    ensure!(
        !stored.state.is_open(),
        "the edition of {day} is not out: change it with `reveille edition update`"
    );
    let mut tx = app.store.begin().await?;
    let held = editions::hold(&mut tx, stored.id)
        .await?
        .context("the edition is gone")?;
    let before = held
        .edition
        .entries()
        .find(|entry| entry.number == number)
        .cloned();
    let before = before.with_context(|| format!("the edition of {day} has no entry {number}"))?;
    let stated = notices::corrections(&mut tx, stored.id).await?;
    let same = |(_, notice): &&(NoticeId, Notice)| {
        notice.before.article == before.article && notice.note.as_deref() == Some(text)
    };
    let (notice, at, again) = match stated.iter().find(same) {
        Some((notice, stated)) => (*notice, stated.at, true),
        None => {
            let now = app.now();
            (state(app, &mut tx, held, before, text, now).await?, now, false)
        }
    };
    if tell {
        mail_to_all(&mut tx, stored.id, notice, at, app.now()).await?;
    }
    tx.commit().await?;
    Ok(Told { notice, again })
}

/// Puts the corrected entry in the place of the one that readers have.
async fn state(
    app: &App,
    tx: &mut Tx,
    held: StoredEdition,
    before: Entry,
    text: &str,
    now: UnixMillis,
) -> anyhow::Result<NoticeId> {
    let (id, article, mut edition) = (held.id, before.article, held.edition);
    let noticed = notices::list(&mut *tx, id).await?;
    let pending = noticed
        .iter()
        .rev()
        .find(|notice| notice.state == NoticeState::NeedsCorrection && notice.before.article == article);
    let mut after = pending
        .and_then(|notice| notice.after.clone())
        .unwrap_or_else(|| before.clone());
    after.number = before.number;
    after.corrections.push(text.to_owned());
    edition.amend(after.clone());
    let findings = looked_over(app, &mut *tx, &edition).await?;
    editions::update(tx, id, &edition, &serde_json::to_string(&findings)?).await?;
    let (sent, corrected) = (EditionState::Sent, EditionState::Corrected);
    editions::set_state(tx, id, sent, corrected, now).await?;
    let notice = Notice {
        kind: pending.map_or(NoticeKind::Changed, |notice| notice.kind),
        state: NoticeState::Corrected,
        after: Some(after),
        note: Some(text.to_owned()),
        at: now,
        before,
    };
    notices::delete(tx, id, article, NoticeState::NeedsCorrection).await?;
    Ok(notices::insert(tx, id, article, &notice).await?)
}

/// Has a correction that was stated `at` that time mailed from now on, to whoever got the edition before: others got it
/// right.
async fn mail_to_all(
    tx: &mut Tx,
    edition: EditionId,
    notice: NoticeId,
    at: UnixMillis,
    now: UnixMillis,
) -> anyhow::Result<()> {
    plan_correction(tx, notice, edition, at, now).await?;
    reveille_store::jobs::insert(tx, &correction_job(notice, now), now).await?;
    Ok(())
}

/// The job that mails a correction from this instant on: one for each instant, so that what comes in between is not lost.
/// Its lane keeps a process from running two of one correction.
pub(crate) fn correction_job(id: NoticeId, due: UnixMillis) -> NewJob<'static> {
    Kind::DeliverCorrection.job_at(&format!("correction {id}"), format!("{id}@{due}"), due)
}

/// Mails a stated correction to everybody who may have the wrong entry and has not left since.
pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = NoticeId(id_of(job)?);
    let Some((mail, rule)) = mail(app, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let edition = mail.named();
    tracing::info!(edition, "mailing a correction");
    // A task of its own, which ends in good order where the job is cut off.
    let failure = tokio::spawn(deliver(app.clone(), mail)).await??;
    let now = app.now();
    let next = next_due(&app.store, id, rule, now).await?;
    let rest = match &failure {
        // The failure itself may repeat a reader's address.
        Some(_) => {
            tracing::error!(
                edition,
                "too much in a row could not be delivered: the correction's mailing rests"
            );
            now.plus(PAUSE_MILLIS)
        }
        None => now,
    };
    let mut tx = app.store.begin().await?;
    if let Some(due) = next.map(|due| due.max(rest)) {
        reveille_store::jobs::insert(&mut tx, &correction_job(id, due), now).await?;
    }
    commit(app, tx, job).await
}

/// The mail of a correction, and what becomes of one without an answer; `None` where it, or what it corrects, is gone.
async fn mail(app: &App, id: NoticeId) -> anyhow::Result<Option<(Mail, IfUnknown)>> {
    let Some((edition, notice)) = notices::find(&app.store, id).await? else {
        return Ok(None);
    };
    let (stored, entry, at) = (
        editions::find(&app.store, edition).await?,
        notice.after,
        notice.at,
    );
    let (Some(stored), Some(entry)) = (stored, entry) else {
        return Ok(None);
    };
    let Some(brief) = briefs::find(&app.store, stored.brief).await? else {
        return Ok(None);
    };
    let printed = Printed::correction(app, &brief.brief, stored, &entry)?;
    let rule = brief.brief.if_unknown;
    let mail = Mail::of_correction(app, (id, at), rule, printed).await?;
    Ok(Some((mail, rule)))
}

/// What earlier editions of the brief had wrong and no edition has told yet, the oldest first.
///
/// # Errors
/// Where the store fails.
pub(super) async fn untold(app: &App, brief: &StoredBrief, day: Day) -> anyhow::Result<Vec<Correction>> {
    let mut released = editions::released(&app.store, brief.id, EDITIONS_BACK).await?;
    released.retain(|edition| edition.edition.day < day);
    released.reverse();
    let mut untold = Vec::new();
    for edition in &released {
        for notice in notices::list(&app.store, edition.id).await? {
            let (NoticeState::Corrected, Some(text)) = (notice.state, notice.note) else {
                continue;
            };
            let correction = Correction {
                day: edition.edition.day,
                number: notice.before.number,
                headline: notice.before.headline,
                text,
            };
            if !released
                .iter()
                .any(|later| later.edition.corrections.contains(&correction))
            {
                untold.push(correction);
            }
        }
    }
    Ok(untold)
}
