//! Steps that are owed to readers: what an editor approved, or said of it, is not given up because a step failed too often.

use reveille_model::{AlertKind, EditionId, NoticeId, UnixMillis};
use reveille_store::{
    alerts::{self, Occasion},
    briefs, editions,
    jobs::Job,
    notices,
};

use super::{Kind, id_of};
use crate::{app::App, mask};

/// Whether a step is tried until it succeeds.
pub(crate) fn is_owed(job: &Job) -> bool {
    [
        Kind::PlanDeliveries,
        Kind::DeliverEdition,
        Kind::DeliverCorrection,
    ]
    .iter()
    .any(|kind| kind.as_str() == job.kind)
}

/// Has the editors told by mail that such a step fails again and again, and why.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn tell_editors(app: &App, job: &Job, error: &str, now: UnixMillis) -> anyhow::Result<()> {
    let id = id_of(job)?;
    let edition = match job.kind == Kind::DeliverCorrection.as_str() {
        false => Some(EditionId(id)),
        true => notices::find(&app.store, NoticeId(id))
            .await?
            .map(|(edition, _)| edition),
    };
    let Some(edition) = edition else { return Ok(()) };
    let Some(stored) = editions::find(&app.store, edition).await? else {
        return Ok(());
    };
    let Some(brief) = briefs::find(&app.store, stored.brief).await? else {
        return Ok(());
    };
    let occasion = Occasion {
        edition,
        kind: AlertKind::Stuck,
        at: now,
        words: Some(&mask::addresses(error)),
    };
    let mut tx = app.store.begin().await?;
    alerts::insert(&mut tx, occasion, &brief.brief.editors, now).await?;
    Ok(tx.commit().await?)
}
