//! Mails the link by which a reader confirms that they asked for the brief, or that its mails go to them and no longer to
//! another address.

use anyhow::bail;
use reveille_model::{Consent, ConsentKind, LinkPurpose, Means, SubscriberState};
use reveille_store::{ReaderMail, confirmations, consents, jobs::Job};

use super::{Ended, commit, mail_link::mail_link};
use crate::{app::App, entropy, letters};

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    let Some(ReaderMail::Confirmation {
        reader: id,
        in_place_of,
    }) = ReaderMail::of(job)
    else {
        bail!("the key `{}` names no reader to be mailed", job.key);
    };
    let old = match in_place_of {
        Some(old) => reveille_store::subscribers::find(&app.store, old).await?,
        None => None,
    };
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
        let token = entropy::token()?;
        let mut tx = app.store.begin().await?;
        match &old {
            Some(old) => confirmations::insert_move(&mut tx, id, old.id, &token, app.now()).await?,
            None => {
                confirmations::insert(&mut tx, id, LinkPurpose::Confirm, &token, app.now()).await?;
            }
        }
        tx.commit().await?;
        let link = (old.is_some(), token.as_str());
        let letter = letters::confirmation(app, &brief.brief, &subscriber, link, message_id.clone());
        if !mail_link(app, &letter, &token).await? {
            return commit(app, app.store.begin().await?, job).await;
        }
        let mailed = Consent {
            kind: ConsentKind::Mailed,
            at: app.now(),
            sentence: brief.brief.consent,
            means: Means::Mail { message_id },
        };
        let mut tx = app.store.begin().await?;
        consents::insert(&mut tx, id, &mailed).await?;
        return commit(app, tx, job).await;
    }
    commit(app, app.store.begin().await?, job).await
}
