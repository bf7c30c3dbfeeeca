//! edition → edition: states what an edition that readers have had wrong.
//!
//! The entry says so from then on, on the web and to readers whose morning is still to come; the next edition repeats it;
//! and who got the wrong one can be told at once.

use anyhow::{Context, ensure};
use reveille_brief::preflight;
use reveille_model::{
    ArticleId, Correction, Day, DeliveryState, EditionState, Notice, NoticeKind, NoticeState, SubscriberId,
    SubscriberState,
};
use reveille_store::{
    briefs::{self, StoredBrief},
    deliveries::{self, Which},
    editions::{self, StoredEdition},
    jobs::Job,
    notices, subscribers,
};

use super::{Ended, Kind, commit, id_of, update_edition::sources};
use crate::{app::App, letters};

/// Editions so far back whose corrections the next one still carries.
const EDITIONS_BACK: u32 = 14;
/// Deliveries read at a time.
const PAGE: u32 = 1000;

/// States what was wrong in an entry. What its article says by now, where that has changed, takes the entry's place. With
/// `tell`, everybody who may have the wrong one gets a mail; how many is given back.
///
/// # Errors
/// Where nobody can have the edition yet, or it has no such entry.
pub(crate) async fn correct(
    app: &App,
    stored: &StoredEdition,
    number: usize,
    text: &str,
    tell: bool,
) -> anyhow::Result<usize> {
    let day = stored.edition.day;
    ensure!(
        !stored.state.is_open(),
        "the edition of {day} is not out: change it with `reveille edition update`"
    );
    let told = notices::list(&app.store, stored.id).await?;
    let mut tx = app.store.begin().await?;
    let held = editions::hold(&mut tx, stored.id)
        .await?
        .context("the edition is gone")?;
    let mut edition = held.edition;
    let before = edition.entries().find(|entry| entry.number == number).cloned();
    let before = before.with_context(|| format!("the edition of {day} has no entry {number}"))?;
    let pending = |notice: &&Notice| {
        notice.state == NoticeState::NeedsCorrection && notice.before.article == before.article
    };
    let pending = told.iter().rev().find(pending);
    let mut after = pending
        .and_then(|notice| notice.after.clone())
        .unwrap_or_else(|| before.clone());
    after.number = number;
    after.corrections.push(text.to_owned());
    edition.amend(after.clone());
    let findings = preflight(&edition, &sources(app, &edition).await?, &app.templates);
    editions::update(&mut tx, stored.id, &edition, &serde_json::to_string(&findings)?).await?;
    let (sent, corrected) = (EditionState::Sent, EditionState::Corrected);
    editions::set_state(&mut tx, stored.id, sent, corrected, app.now()).await?;
    let notice = Notice {
        kind: pending.map_or(NoticeKind::Changed, |notice| notice.kind),
        state: NoticeState::Corrected,
        after: Some(after),
        note: Some(text.to_owned()),
        at: app.now(),
        before,
    };
    let article = notice.before.article;
    notices::delete(&mut tx, stored.id, article, NoticeState::NeedsCorrection).await?;
    notices::insert(&mut tx, stored.id, article, &notice).await?;
    let mut mails = 0;
    if tell {
        for reader in reached(app, stored).await? {
            let job = Kind::SendCorrection.job(format!("{reader}@{}.{article}", stored.id), app.now());
            mails += usize::from(reveille_store::jobs::insert(&mut tx, &job, app.now()).await?);
        }
    }
    tx.commit().await?;
    Ok(mails)
}

/// Who has the edition, or may have it.
async fn reached(app: &App, stored: &StoredEdition) -> anyhow::Result<Vec<SubscriberId>> {
    let mut readers = Vec::new();
    for state in [
        DeliveryState::Sending,
        DeliveryState::Wire,
        DeliveryState::Sent,
        DeliveryState::Unknown,
    ] {
        let mut last = None;
        loop {
            let page = deliveries::list(&app.store, stored.id, Which::In(state), last, PAGE).await?;
            let Some(end) = page.last() else { break };
            last = Some(end.id);
            readers.extend(page.iter().map(|delivery| delivery.subscriber));
        }
    }
    Ok(readers)
}

/// Mails one reader what was wrong, unless they have left since.
pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let reader = subscribers::find(&app.store, SubscriberId(id_of(job)?)).await?;
    let (_, what) = job
        .key
        .split_once('@')
        .context("the job's key names no edition")?;
    let (edition, article) = what.split_once('.').context("the job's key names no article")?;
    let (edition, article) = (
        reveille_model::EditionId(edition.parse()?),
        ArticleId(article.parse()?),
    );
    let stored = editions::find(&app.store, edition).await?;
    if let (Some(reader), Some(stored)) = (reader, stored)
        && reader.state == SubscriberState::Active
        && let Some(brief) = briefs::find(&app.store, stored.brief).await?
        && let Some(entry) = stored.edition.entry_of(article)
    {
        // The same however often the message is sent, so that mail hosts tell repeats.
        let message_id = format!(
            "correction.{}.{}@{}",
            job.id,
            reader.id,
            app.config.mail.from_address.domain()
        );
        let letter = letters::correction(app, &brief.brief, &stored, entry, &reader, message_id);
        let mut way = app.post.open().await?;
        way.send(&app.post.seal(&letter)?).await?;
        way.close().await;
    }
    commit(app, app.store.begin().await?, job).await
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
