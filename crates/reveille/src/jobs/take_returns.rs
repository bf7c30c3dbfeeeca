//! returned mail → reader: reads what came to where `mail.returns` says.

mod mailbox;
mod maildir;

use anyhow::Context;
use reveille_store::jobs::Job;

use super::{Ended, commit};
use crate::{
    app::App,
    config::{Mail, Returned},
    print,
    returns::{self, Taken},
};

/// Whether there is something to read, or a mailbox to be asked.
///
/// # Errors
/// Where the store fails, or the Maildir cannot be read.
pub(crate) async fn are_due(app: &App) -> anyhow::Result<bool> {
    match &app.config.mail.returns {
        None => Ok(false),
        Some(Returned::Maildir(folder)) => Ok(!maildir::waiting(folder)?.is_empty()),
        Some(Returned::Imap(imap)) => mailbox::is_due(app, imap).await,
    }
}

/// Tries to read there, taking nothing, for `doctor`.
///
/// # Errors
/// Why it cannot be read.
pub(crate) async fn try_place(mail: &Mail, place: &Returned) -> anyhow::Result<String> {
    match place {
        Returned::Maildir(folder) => {
            let waiting = maildir::waiting(folder)?.len();
            let mails = print::count(waiting, "mail");
            Ok(format!("{} can be read, {mails} waiting", folder.display()))
        }
        Returned::Imap(imap) => {
            let opened = mailbox::open(mail, imap).await;
            opened.with_context(|| format!("mail.returns: the mailbox {imap} cannot be read"))?;
            Ok(format!("the mailbox {imap} can be read"))
        }
    }
}

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    match &app.config.mail.returns {
        None => commit(app, app.store.begin().await?, job).await,
        Some(Returned::Maildir(folder)) => {
            maildir::read(app, folder).await?;
            commit(app, app.store.begin().await?, job).await
        }
        Some(Returned::Imap(imap)) => mailbox::run(app, job, imap).await,
    }
}

/// Keeps what one mail says.
async fn take(app: &App, mail: Vec<u8>) -> anyhow::Result<()> {
    match returns::take(app, mail).await? {
        Taken::Kept(..) => {}
        taken => tracing::info!(?taken, "read a mail that counts for no reader"),
    }
    Ok(())
}
