//! Tells an address that another one took its place.

use anyhow::bail;
use reveille_store::{ReaderMail, briefs, jobs::Job, subscribers};

use super::{Ended, commit};
use crate::{app::App, letters};

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let Some(ReaderMail::MoveNotice { reader: id }) = ReaderMail::of(job) else {
        bail!("the key `{}` names no reader to be told", job.key);
    };
    if let Some(reader) = subscribers::find(&app.store, id).await?
        && let Some(brief) = briefs::find(&app.store, reader.brief).await?
    {
        let domain = app.config.mail.from_address.domain();
        let message_id = format!("moved.{}.{id}@{domain}", job.id);
        let letter = letters::moved(app, &brief.brief, &reader, message_id);
        app.post.send_alone(&letter).await?;
    }
    commit(app, app.store.begin().await?, job).await
}
