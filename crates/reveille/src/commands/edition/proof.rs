//! `reveille edition proof`: an edition by mail before its readers have it.

use anyhow::ensure;
use reveille_model::EmailAddress;

use super::find;
use crate::{app::App, cli::Which, letters::Printed, print, proofs};

/// Mails the edition to each of these addresses.
pub(super) async fn send(app: &App, which: &Which, to: &[EmailAddress]) -> anyhow::Result<()> {
    let (brief, edition) = find(app, which).await?;
    let printed = Printed::proof(app, &brief.brief, edition)?;
    let mut failed = 0;
    for email in to {
        let message = proofs::to_one(app, &printed, email.clone())?;
        match proofs::hand_over(app, &message).await {
            Ok(answer) => print::line(format!("{email}: {answer}"))?,
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
