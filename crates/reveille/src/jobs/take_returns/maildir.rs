//! What the mail server put into the Maildir of `mail.returns`.
//!
//! A mail moves from `new` to `cur`, as a mail program's would, once what it says is kept; one that is read twice because
//! a crash came between counts once.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;

use super::take;
use crate::app::App;

/// Mails of one job.
const MAILS: usize = 500;
/// The longest mail that is read, in bytes; a longer one is moved on unread.
const LONGEST: u64 = 32 << 20;

/// The mails that have come.
///
/// # Errors
/// Where the Maildir cannot be read.
pub(super) fn waiting(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder.join("new"));
    let mails = entries.and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut mails: Vec<PathBuf> = mails.with_context(|| {
        format!(
            "mail.returns: {} is no Maildir that can be read",
            folder.display()
        )
    })?;
    mails.sort();
    Ok(mails)
}

/// Reads them, each put away once what it says is kept.
///
/// # Errors
/// Where the store fails, or the Maildir cannot be read.
pub(super) async fn read(app: &App, folder: &Path) -> anyhow::Result<()> {
    let place = || format!("the returned mail in {}", folder.display());
    for mail in waiting(folder)?.into_iter().take(MAILS) {
        let path = mail.clone();
        match tokio::task::spawn_blocking(move || bytes_of(&path)).await? {
            Ok(bytes) => take(app, bytes).await?,
            // The mails behind it are to be read all the same.
            Err(error) if is_no_mail(&error) => {
                tracing::warn!("{} is put away unread: {error}", mail.display());
            }
            Err(error) => return Err(error).with_context(place),
        }
        put_away(folder, &mail).with_context(place)?;
    }
    Ok(())
}

fn bytes_of(mail: &Path) -> io::Result<Vec<u8>> {
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
