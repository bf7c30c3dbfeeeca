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
    if let Some(folder) = app.config.mail.returns.clone() {
        let place = || format!("the returned mail in {}", folder.display());
        for mail in waiting(&folder).with_context(place)?.into_iter().take(MAILS) {
            let path = mail.clone();
            match tokio::task::spawn_blocking(move || read(&path)).await? {
                Ok(bytes) => match returns::take(app, bytes).await? {
                    Taken::Kept(..) => {}
                    taken => tracing::info!(?taken, "read a mail that counts for no reader"),
                },
                // The mails behind it are to be read all the same.
                Err(error) if is_no_mail(&error) => {
                    tracing::warn!("{} is put away unread: {error}", mail.display());
                }
                Err(error) => return Err(error).with_context(place),
            }
            put_away(&folder, &mail).with_context(place)?;
        }
    }
    commit(app, app.store.begin().await?, job).await
}

fn read(mail: &Path) -> io::Result<Vec<u8>> {
    let about = fs::metadata(mail)?;
    match about.len() {
        _ if !about.is_file() => Err(io::ErrorKind::IsADirectory.into()),
        0..=LONGEST => fs::read(mail),
        _ => Err(io::ErrorKind::FileTooLarge.into()),
    }
}

/// Whether the entry is the reason, so that it would be so with every other try.
fn is_no_mail(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, IsADirectory, NotFound, PermissionDenied};
    matches!(
        error.kind(),
        IsADirectory | FileTooLarge | PermissionDenied | NotFound
    )
}

/// Into `cur`, marked as seen.
fn put_away(folder: &Path, mail: &Path) -> io::Result<()> {
    let name = mail
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    fs::create_dir_all(folder.join("cur"))?;
    match fs::rename(mail, folder.join("cur").join(format!("{name}:2,S"))) {
        // Somebody else put it away.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        put => put,
    }
}
