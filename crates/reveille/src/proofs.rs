//! An edition by mail before its readers have it, past the ledger of deliveries.

use anyhow::Context;
use reveille_mail::Message;
use reveille_model::{EditionId, EmailAddress, MailFormat};
use reveille_store::{briefs, editions};

use crate::{
    app::App,
    entropy,
    letters::{self, Printed},
    post::PostError,
};

/// Mails an edition to one of its editors.
///
/// # Errors
/// Where it or its brief is gone, or the mail server did not take it.
pub(crate) async fn send(app: &App, edition: EditionId, to: EmailAddress) -> anyhow::Result<()> {
    let stored = editions::find(&app.store, edition).await?;
    let stored = stored.context("the edition is gone")?;
    let brief = briefs::find(&app.store, stored.brief).await?;
    let brief = brief.context("its brief is gone")?;
    let printed = Printed::proof(app, &brief.brief, stored)?;
    hand_over(app, &to_one(app, &printed, to)?).await?;
    Ok(())
}

/// The proof for one address.
///
/// # Errors
/// Where the system has no randomness to give.
pub(crate) fn to_one(app: &App, proof: &Printed, email: EmailAddress) -> anyhow::Result<Message> {
    let reader = letters::Reader {
        email,
        format: MailFormat::Html,
        token: letters::NOBODY.to_owned(),
        message_id: message_id(app)?,
    };
    Ok(proof.to(app, &reader))
}

/// Hands a proof over by a connection of its own, since what was said to one address must not cost the next one its proof. The
/// mail server's answer is given back.
///
/// # Errors
/// Where it was not taken.
pub(crate) async fn hand_over(app: &App, message: &Message) -> Result<String, PostError> {
    let mut way = app.post.open().await?;
    let answer = way.send(&app.post.seal(message)?).await?;
    way.close().await;
    Ok(answer)
}

/// Another one each time: mail hosts show a message once that has the Message-ID of an earlier one.
fn message_id(app: &App) -> anyhow::Result<String> {
    let domain = app.config.mail.from_address.domain();
    Ok(format!("proof.{}@{domain}", entropy::token()?))
}
