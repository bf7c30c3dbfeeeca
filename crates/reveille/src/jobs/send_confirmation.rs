//! Mails the link by which a reader confirms that they asked for the brief.

use reveille_model::{SubscriberId, SubscriberState};
use reveille_store::jobs::Job;

use super::{Ended, commit, id_of};
use crate::{app::App, letters};

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let id = SubscriberId(id_of(job)?);
    if let Some(subscriber) = reveille_store::subscribers::find(&app.store, id).await?
        && subscriber.state == SubscriberState::Pending
        && let Some(brief) = reveille_store::briefs::find(&app.store, subscriber.brief).await?
    {
        let message_id = format!(
            "confirm.{}.{}@{}",
            job.id,
            id,
            app.config.mail.from_address.domain()
        );
        let letter = letters::confirmation(app, &brief.brief, &subscriber, message_id);
        let mut way = app.post.open().await?;
        way.send(&letter).await?;
        way.close().await;
    }
    commit(app, app.store.begin().await?, job).await
}
