//! Mails the link by which a reader downloads what is kept about them, has it erased, or names another address.

use anyhow::bail;
use reveille_store::{ReaderMail, briefs, confirmations, jobs::Job, subscribers};

use super::{Ended, commit, mail_link::mail_link};
use crate::{app::App, entropy, letters};

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let Some(ReaderMail::DataLink { reader: id, purpose }) = ReaderMail::of(job) else {
        bail!("the key `{}` names no reader and purpose", job.key);
    };
    if let Some(reader) = subscribers::find(&app.store, id).await?
        && let Some(brief) = briefs::find(&app.store, reader.brief).await?
    {
        let token = entropy::token()?;
        let mut tx = app.store.begin().await?;
        confirmations::insert(&mut tx, id, purpose, &token, app.now()).await?;
        tx.commit().await?;
        let message_id = format!(
            "{purpose}.{}.{id}@{}",
            job.id,
            app.config.mail.from_address.domain()
        );
        let letter = letters::data_link(app, &brief.brief, &reader, (purpose, &token), message_id);
        mail_link(app, &letter, &token).await?;
    }
    commit(app, app.store.begin().await?, job).await
}
