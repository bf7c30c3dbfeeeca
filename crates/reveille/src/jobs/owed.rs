//! What editors are told of steps that are owed to readers, and so not given up because they failed too often.

use reveille_model::{AlertKind, EditionId, NoticeId, UnixMillis};
use reveille_store::{
    alerts::{self, Occasion},
    briefs, editions,
    jobs::Job,
    notices,
};

use super::{Kind, id_of};
use crate::{app::App, mask};

/// Has the editors told by mail that such a step fails again and again, and why.
///
/// # Errors
/// Where the database fails.
pub(crate) async fn tell_editors(app: &App, job: &Job, error: &str, now: UnixMillis) -> anyhow::Result<()> {
    let id = id_of(job)?;
    let edition = match Kind::of(job) {
        Some(Kind::DeliverCorrection) => notices::find(&app.store, NoticeId(id))
            .await?
            .map(|(edition, _)| edition),
        _ => Some(EditionId(id)),
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
