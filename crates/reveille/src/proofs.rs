//! An edition by mail before its readers have it, past the ledger of deliveries.

use std::time::Duration;

use anyhow::{Context, bail};
use reveille_desk::Refusal;
use reveille_mail::Message;
use reveille_model::{EditionId, EmailAddress, MailFormat};
use reveille_store::{briefs, editions};
use tokio::time::timeout;

use crate::{
    app::App,
    entropy,
    letters::{self, Printed},
    post::PostError,
};

/// How long an editor's browser waits at most for a connection to the mail server, and then for its answer. With the 5 s that a
/// server is given to say goodbye it stays below the pages' own limit of 20 s.
const PATIENCE: Duration = Duration::from_secs(7);

/// Mails an edition to one of its editors, who waits for it.
///
/// # Errors
/// Where it or its brief is gone, or the mail server did not take it; [`Refusal::Unsure`] where nobody knows.
pub(crate) async fn send(app: &App, edition: EditionId, to: EmailAddress) -> anyhow::Result<()> {
    let stored = editions::find(&app.store, edition).await?;
    let stored = stored.context("the edition is gone")?;
    let brief = briefs::find(&app.store, stored.brief).await?;
    let brief = brief.context("its brief is gone")?;
    let printed = Printed::proof(app, &brief.brief, stored)?;
    let message = app.post.seal(&to_one(app, &printed, to)?)?;
    let Ok(way) = timeout(PATIENCE, app.post.open()).await else {
        let seconds = PATIENCE.as_secs();
        bail!(
            "The mail server did not answer within {seconds} s. `reveille doctor` tries it, and `reveille edition proof` waits for longer."
        );
    };
    let mut way = way?;
    match timeout(PATIENCE, way.send(&message)).await {
        Err(_) => bail!(unsure(&format!("no answer within {} s", PATIENCE.as_secs()))),
        Ok(Err(error)) if error.is_unknown() => bail!(unsure(&format!("{:#}", anyhow::Error::new(error)))),
        Ok(taken) => taken?,
    };
    way.close().await;
    Ok(())
}

/// The mail server did not say what became of the proof.
fn unsure(why: &str) -> Refusal {
    Refusal::Unsure(format!(
        "The mail server did not say whether it takes the proof ({why}). It may arrive all the same: look for it before you \
         have another sent."
    ))
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
