//! What came into the mailbox of `mail.returns` at a provider. It stays there as it is, unread; how far it was read is
//! kept once all that was taken is. A crash before that has it taken once more, and counted once.

use std::time::Duration;

use reveille_mail::{
    Proof,
    imap::{self, ImapError, Limits, Mailbox, Mark, News},
};
use reveille_store::{jobs::Job, mailboxes};

use super::{Ended, commit, take};
use crate::{
    app::App,
    config::{Imap, Mail},
};

const LIMITS: Limits = Limits {
    letters: 200,
    bytes: 8 << 20,
    wait: Duration::from_secs(30),
    visit_bytes: 32 << 20,
    visit_time: Duration::from_secs(300),
};
/// A mailbox in which there is nothing more is asked again after a minute, in milliseconds.
const PAUSE_MILLIS: i64 = 60_000;
/// One that cannot be read, after five.
const REST_MILLIS: i64 = 5 * 60_000;

/// Whether the mailbox is to be asked.
///
/// # Errors
/// Where the store fails.
pub(super) async fn is_due(app: &App, imap: &Imap) -> anyhow::Result<bool> {
    let known = mailboxes::find(&app.store, &imap.to_string()).await?;
    Ok(known.is_none_or(|known| known.ask_at <= app.now()))
}

/// Opens the mailbox, taking nothing.
///
/// # Errors
/// Why it cannot be read.
pub(super) async fn open(mail: &Mail, imap: &Imap) -> Result<(), ImapError> {
    let nothing = Limits { letters: 0, ..LIMITS };
    imap::read_new(&mailbox(mail, imap), None, nothing)
        .await
        .map(drop)
}

pub(super) async fn run(app: &App, job: &Job, imap: &Imap) -> anyhow::Result<Ended> {
    let address = imap.to_string();
    let known = mailboxes::find(&app.store, &address).await?;
    let since = known.and_then(|known| known.mark);
    let since = since.map(|(validity, uid)| Mark { validity, uid });
    let (mark, pause) = match imap::read_new(&mailbox(&app.config.mail, imap), since, LIMITS).await {
        Ok(News { letters, mark }) => {
            for (_, letter) in letters {
                take(app, letter).await?;
            }
            // A visit ends before the mailbox does where that is long.
            let pause = if since == Some(mark) { PAUSE_MILLIS } else { 0 };
            (Some((mark.validity, mark.uid)), pause)
        }
        Err(error) => {
            let error = anyhow::Error::from(error);
            tracing::warn!("mail.returns: the mailbox {address} cannot be read: {error:#}");
            (None, REST_MILLIS)
        }
    };
    let mut tx = app.store.begin().await?;
    mailboxes::asked(&mut tx, &address, mark, app.now().plus(pause)).await?;
    commit(app, tx, job).await
}

fn mailbox(mail: &Mail, imap: &Imap) -> Mailbox {
    let proof = match &mail.returns_token_file {
        Some(file) => Proof::TokenFile(file.clone()),
        None => Proof::Password(mail.returns_password.clone().unwrap_or_default()),
    };
    imap.with(proof)
}
