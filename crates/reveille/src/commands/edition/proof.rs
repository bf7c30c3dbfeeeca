//! `reveille edition proof`: an edition by mail before its readers have it.

use anyhow::ensure;
use reveille_mail::Message;
use reveille_model::{EmailAddress, MailFormat};

use super::find;
use crate::{app::App, cli::Which, entropy, letters, post::PostError, print};

/// Mails the edition to each of these addresses, past the ledger of deliveries.
pub(super) async fn send(app: &App, which: &Which, to: &[EmailAddress]) -> anyhow::Result<()> {
    let (brief, edition) = find(app, which).await?;
    let printed = letters::Printed::proof(app, &brief.brief, edition)?;
    let mut failed = 0;
    for email in to {
        let reader = letters::Reader {
            email: email.clone(),
            format: MailFormat::Html,
            token: letters::NOBODY.to_owned(),
            message_id: message_id(app)?,
        };
        match hand_over(app, &printed.to(app, &reader)).await {
            Ok(answer) => print::line(format!("{email}: taken ({answer})"))?,
            Err(error) => {
                failed += 1;
                print::line(format!("{email}: not sent: {:#}", anyhow::Error::new(error)))?;
            }
        }
    }
    ensure!(
        failed == 0,
        "{} could not be sent; `reveille doctor` tries the mail server",
        print::count(failed, "proof")
    );
    Ok(())
}

/// A connection of its own for each: what was said to one address must not cost the next one its proof.
async fn hand_over(app: &App, message: &Message) -> Result<String, PostError> {
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
