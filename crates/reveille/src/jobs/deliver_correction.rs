//! correction → inboxes: mails a stated correction to those who have the wrong entry, by the ledger of deliveries.

use reveille_model::{AlertKind, Brief, EditionId, NoticeId, UnixMillis};
use reveille_store::{
    alerts::{self, Occasion},
    briefs,
    deliveries::{Mailing, next_due, tally},
    editions,
    jobs::Job,
    notices,
};

use super::{
    Ended, commit, commit_with,
    correct_edition::plan,
    deliver_edition::{Mail, PAUSE_MILLIS, deliver, tell_doubts, tell_waiting},
    id_of,
};
use crate::{app::App, letters::Printed};

/// Mails a stated correction to everybody who may have the wrong entry and has not left since.
pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = NoticeId(id_of(job)?);
    let Some((mail, told)) = mail(app, id).await? else {
        return commit(app, app.store.begin().await?, job).await;
    };
    let edition = mail.named();
    // Whoever stated it may have come no further than that.
    if tally(&app.store, id).await?.is_empty() {
        plan(app, told.edition, id, told.stated_at).await?;
    }
    tracing::info!(edition, "mailing a correction");
    // A task of its own, which ends in good order where the job is cut off.
    let ended = tokio::spawn(deliver(app.clone(), mail, None)).await??;
    let now = app.now();
    let next = next_due(&app.store, id, told.brief.if_unknown, now).await?;
    let mut tx = app.store.begin().await?;
    let occasion = (told.edition, told.stated_at);
    tell_waiting(app, &mut tx, occasion, &told.brief, &ended.wait).await?;
    tell_doubts(&mut tx, id.into(), occasion, &told.brief, now).await?;
    let rest = match &ended.failure {
        Some(failure) => {
            // By when it was stated, so that one that rests again and again is told once.
            let occasion = Occasion {
                edition: told.edition,
                kind: AlertKind::CorrectionRests,
                at: told.stated_at,
                words: Some(failure),
            };
            alerts::insert(&mut tx, occasion, &told.brief.editors, now).await?;
            // The failure itself may still name a reader.
            tracing::error!(
                edition,
                "what is to be delivered cannot be: the correction's mailing rests"
            );
            now.plus(PAUSE_MILLIS)
        }
        None => ended.again(now),
    };
    let next = next.map(|due| Mailing::from(id).job(due.max(rest)));
    commit_with(app, tx, job, next).await
}

/// Of what a correction is, for whoever is told of its mailing.
struct Stated {
    brief: Brief,
    edition: EditionId,
    stated_at: UnixMillis,
}

/// The mail of a correction; `None` where it, or what it corrects, is gone.
async fn mail(app: &App, id: NoticeId) -> anyhow::Result<Option<(Mail, Stated)>> {
    let Some((edition, notice)) = notices::find(&app.store, id).await? else {
        return Ok(None);
    };
    let (Some(stored), Some(entry)) = (editions::find(&app.store, edition).await?, &notice.after) else {
        return Ok(None);
    };
    let Some(brief) = briefs::find(&app.store, stored.brief).await? else {
        return Ok(None);
    };
    let brief = brief.brief;
    let printed = Printed::correction(app, &brief, stored, (&notice, entry))?;
    let mail = Mail::of_correction(app, (id, notice.at), brief.if_unknown, printed).await?;
    let stated_at = notice.at;
    Ok(Some((
        mail,
        Stated {
            brief,
            edition,
            stated_at,
        },
    )))
}
