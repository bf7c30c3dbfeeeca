//! What became of deliveries of which nobody knows: the mail server's log, or a mail that comes back, may tell.

use std::{
    collections::HashSet,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use anyhow::Context;
use reveille_mail::relay_log;
use reveille_model::{IfUnknown, SubscriberId};
use reveille_store::deliveries::{
    Mailing, Unknown, confirm, list_unknown, list_unknown_to, put_off, requeue,
};

use crate::app::App;

/// What a log told.
pub(crate) struct Told {
    /// How many the mail server had taken.
    pub(crate) sent: u64,
    /// Those of which it says nothing.
    pub(crate) open: Vec<Unknown>,
}

/// Counts as sent what these logs show as taken, of a mailing's unknown deliveries: all, or one reader's.
///
/// # Errors
/// Where a log cannot be read, or the store fails.
pub(crate) async fn by_log(
    app: &App,
    mailing: Mailing,
    reader: Option<SubscriberId>,
    logs: Vec<PathBuf>,
) -> anyhow::Result<Told> {
    let unknown = list_unknown(&app.store, mailing, reader).await?;
    if unknown.is_empty() {
        return Ok(Told {
            sent: 0,
            open: unknown,
        });
    }
    // A day's log may be large.
    let (taken, open) = tokio::task::spawn_blocking(move || parted(unknown, &logs)).await??;
    let mut tx = app.store.begin().await?;
    let sent = confirm(&mut tx, &taken.iter().collect::<Vec<_>>(), app.now()).await?;
    tx.commit().await?;
    Ok(Told { sent, open })
}

/// Those that the mail server has taken, and the others.
fn parted(unknown: Vec<Unknown>, logs: &[PathBuf]) -> anyhow::Result<(Vec<Unknown>, Vec<Unknown>)> {
    let asked: HashSet<&str> = unknown.iter().map(|one| one.message_id.as_str()).collect();
    let mut taken = HashSet::new();
    for path in logs {
        let read = |file| relay_log::taken(BufReader::new(file), &asked);
        let read = File::open(path).and_then(read);
        let read =
            read.with_context(|| format!("the mail server's log {} cannot be read", path.display()))?;
        taken.extend(read.into_iter().map(str::to_owned));
    }
    Ok(unknown
        .into_iter()
        .partition(|one| taken.contains(&one.message_id)))
}

/// Where a mailing's brief says so: asks the log about what has been unknown for long enough. What it does not show goes out
/// once more. Where it cannot be asked, nothing does, and it is asked again later.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn before_repeating(app: &App, mailing: Mailing, rule: IfUnknown) -> anyhow::Result<()> {
    if rule != IfUnknown::Reconcile {
        return Ok(());
    }
    let now = app.now();
    let due = |unknown: &&Unknown| unknown.may_repeat && unknown.due_at <= now;
    let told = match logs(app) {
        Ok(logs) => by_log(app, mailing, None, logs).await,
        Err(error) => Err(error),
    };
    let mut tx = app.store.begin().await?;
    match told {
        Ok(told) => {
            let lost: Vec<_> = told.open.iter().filter(due).collect();
            requeue(&mut tx, &lost, now).await?;
        }
        Err(error) => {
            tracing::error!("{error:#}; until then messages without an answer stay unknown");
            let unknown = list_unknown(&app.store, mailing, None).await?;
            let due: Vec<_> = unknown.iter().filter(due).collect();
            put_off(&mut tx, &due, now.plus(IfUnknown::PAUSE_MILLIS)).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// The log that the settings name, and the one before, where it was rotated away under the usual name.
fn logs(app: &App) -> anyhow::Result<Vec<PathBuf>> {
    let log = app.config.mail.relay_log.clone();
    let log = log.context("`mail.relay_log` names no log, and the brief's `if_unknown` asks for one")?;
    let before = PathBuf::from(format!("{}.1", log.display()));
    Ok([before, log.clone()]
        .into_iter()
        .filter(|path| *path == log || Path::exists(path))
        .collect())
}

/// Counts as sent what a mail to a reader's return path names: whoever answers a message has it.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn by_answer(app: &App, reader: SubscriberId, mail: &[u8]) -> anyhow::Result<()> {
    let unknown = list_unknown_to(&app.store, reader).await?;
    if unknown.is_empty() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(mail);
    let named: Vec<_> = unknown
        .iter()
        .filter(|one| text.contains(&one.message_id))
        .collect();
    let mut tx = app.store.begin().await?;
    confirm(&mut tx, &named, app.now()).await?;
    Ok(tx.commit().await?)
}
