//! returned mail → reader: reads what the mail server put into the Maildir of `mail.returns`.
//!
//! A mail moves from `new` to `cur`, as a mail program's would, once what it says is kept; one that is read twice because
//! a crash came between counts once.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use reveille_store::jobs::Job;

use super::{Ended, commit};
use crate::{
    app::App,
    returns::{self, Taken},
};

/// Mails of one job.
const MAILS: usize = 500;
/// The longest mail that is read, in bytes; a longer one is moved on unread.
const LONGEST: u64 = 32 << 20;

/// The mails that have come.
///
/// # Errors
/// Where the Maildir cannot be read.
pub(crate) fn waiting(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut mails: Vec<PathBuf> = fs::read_dir(folder.join("new"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    mails.sort();
    Ok(mails)
}

pub(super) async fn run(app: &App, job: &Job) -> anyhow::Result<Ended> {
    if let Some(folder) = &app.config.mail.returns {
        let place = || format!("the returned mail in {}", folder.display());
        for mail in waiting(folder).with_context(place)?.into_iter().take(MAILS) {
            if fs::metadata(&mail).with_context(place)?.len() <= LONGEST {
                let bytes = fs::read(&mail).with_context(place)?;
                match returns::take(app, &bytes).await? {
                    Taken::Kept(..) => {}
                    taken => tracing::info!(?taken, "read a mail that counts for no reader"),
                }
            }
            put_away(folder, &mail).with_context(place)?;
        }
    }
    commit(app, app.store.begin().await?, job).await
}

/// Into `cur`, marked as seen.
fn put_away(folder: &Path, mail: &Path) -> io::Result<()> {
    let name = mail
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    fs::create_dir_all(folder.join("cur"))?;
    fs::rename(mail, folder.join("cur").join(format!("{name}:2,S")))
}
