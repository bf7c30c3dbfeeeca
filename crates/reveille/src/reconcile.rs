//! What became of deliveries of which nobody knows: the mail server's log, or a mail that comes back, may tell.

use std::{
    collections::HashMap,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};
use reveille_mail::relay_log::{RelayLog, Shown};
use reveille_model::{IfUnknown, SubscriberId};
use reveille_store::deliveries::{
    Mailing, Unknown, confirm, hold, list_unknown, list_unknown_to, put_off, requeue, sent_beside,
};

use crate::{app::App, config::Mail};

/// So many messages before and after one that a log does not show must stand in it: else it may be that of another mail
/// server, or of another day, or have gaps.
const BESIDE: u32 = 5;
/// A log that shows no end of a message is asked again for so long, in milliseconds: six hours. Then somebody must look.
const PATIENCE_MILLIS: i64 = 6 * 3_600_000;
/// What stands for the mail server's answer where its log was asked …
const BY_LOG: &str = "counted as sent by the mail server's log";
/// … and where a mail to the reader's return path names the message.
const BY_MAIL: &str = "counted as sent by a mail that names it";

/// What a log told of a mailing's unknown deliveries.
pub(crate) struct Told {
    /// How many the mail server had taken.
    pub(crate) sent: u64,
    /// Of how many it shows the beginning only.
    pub(crate) begun: usize,
    /// Of how many it shows nothing.
    pub(crate) silent: usize,
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
    let asked = unknown.iter().map(|one| one.message_id.clone()).collect();
    let shown = &shown(asked, logs).await?;
    let that_are = |what| {
        unknown
            .iter()
            .filter(move |one| shown.get(&one.message_id) == Some(&what))
    };
    let taken: Vec<_> = that_are(Shown::Taken).collect();
    let mut tx = app.store.begin().await?;
    let sent = confirm(&mut tx, &taken, BY_LOG, app.now()).await?;
    tx.commit().await?;
    Ok(Told {
        sent,
        begun: that_are(Shown::Begun).count(),
        silent: that_are(Shown::Nothing).count(),
    })
}

/// What these logs show of each of the messages. A day's log may be large.
async fn shown(asked: Vec<String>, logs: Vec<PathBuf>) -> anyhow::Result<HashMap<String, Shown>> {
    let read = move || {
        let mut log = RelayLog::about(asked.iter().map(String::as_str));
        for path in &logs {
            let read = File::open(path).and_then(|file| log.read(BufReader::new(file)));
            read.with_context(|| format!("the mail server's log {} cannot be read", path.display()))?;
        }
        let named: Vec<_> = logs.iter().map(|path| path.display().to_string()).collect();
        ensure!(
            !log.is_empty(),
            "{}: no line of Postfix or Exim stands there (a packed log must be unpacked)",
            named.join(", ")
        );
        let shown = asked.iter().map(|id| (id.clone(), log.shows(id)));
        Ok(shown.collect())
    };
    tokio::task::spawn_blocking(read).await?
}

/// What is done about a delivery that has been unknown for long enough.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// The mail server has it.
    Sent,
    /// It has not: the message goes out once more.
    Lost,
    /// Its log does not say.
    Open,
}

/// Where a mailing's brief says so: asks the log about what has been unknown for long enough. What it certainly does not have
/// goes out once more. Where it cannot be asked, or does not say, nothing does, and it is asked again later.
///
/// # Errors
/// Where the store fails.
pub(crate) async fn before_repeating(app: &App, mailing: Mailing, rule: IfUnknown) -> anyhow::Result<()> {
    if rule != IfUnknown::Reconcile {
        return Ok(());
    }
    let now = app.now();
    let mut due = list_unknown(&app.store, mailing, None).await?;
    due.retain(|one| one.may_repeat() && one.due_at <= now);
    if due.is_empty() {
        return Ok(());
    }
    let mut beside = Vec::with_capacity(due.len());
    for one in &due {
        beside.push(sent_beside(&app.store, one, BESIDE).await?);
    }
    let fates = fates(app, &due, &beside).await.unwrap_or_else(|error| {
        tracing::error!("{error:#}; until then messages without an answer stay unknown");
        vec![Fate::Open; due.len()]
    });
    let that_are = |fate| {
        let pairs = due.iter().zip(&fates).filter(move |(_, its)| **its == fate);
        pairs.map(|(one, _)| one)
    };
    let (late, open): (Vec<_>, _) =
        that_are(Fate::Open).partition(|one| now.since(one.since) > PATIENCE_MILLIS);
    let mut tx = app.store.begin().await?;
    let taken: Vec<_> = that_are(Fate::Sent).collect();
    confirm(&mut tx, &taken, BY_LOG, now).await?;
    requeue(&mut tx, &that_are(Fate::Lost).collect::<Vec<_>>(), now).await?;
    put_off(&mut tx, &open, now.plus(IfUnknown::PAUSE_MILLIS)).await?;
    hold(&mut tx, &late, now).await?;
    Ok(tx.commit().await?)
}

/// What the log says of each; `beside` are the messages around it.
async fn fates(app: &App, due: &[Unknown], beside: &[Vec<String>]) -> anyhow::Result<Vec<Fate>> {
    let own = due.iter().map(|one| &one.message_id);
    let asked = own.chain(beside.iter().flatten()).cloned().collect();
    let shown = shown(asked, logs(&app.config.mail)?).await?;
    let is_taken = |id: &String| shown.get(id) == Some(&Shown::Taken);
    let fate = |(one, beside): (&Unknown, &Vec<String>)| match shown.get(&one.message_id) {
        Some(Shown::Taken) => Fate::Sent,
        Some(Shown::Nothing) if !beside.is_empty() && beside.iter().all(is_taken) => Fate::Lost,
        _ => Fate::Open,
    };
    Ok(due.iter().zip(beside).map(fate).collect())
}

/// Reads the log that the settings name, for `doctor`.
///
/// # Errors
/// Where there is none, it cannot be read, or holds nothing of a mail server.
pub(crate) async fn try_log(mail: &Mail) -> anyhow::Result<String> {
    let logs = logs(mail)?;
    let names: Vec<_> = logs.iter().map(|path| path.display().to_string()).collect();
    shown(Vec::new(), logs).await?;
    Ok(format!("{} can be read", names.join(" and ")))
}

/// The log that the settings name, after the one before it, where it was rotated away under the usual name.
fn logs(mail: &Mail) -> anyhow::Result<Vec<PathBuf>> {
    let log = mail.relay_log.clone();
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
    let is_named = |one: &&Unknown| text.contains(&one.message_id);
    let named: Vec<_> = unknown.iter().filter(is_named).collect();
    let mut tx = app.store.begin().await?;
    confirm(&mut tx, &named, BY_MAIL, app.now()).await?;
    Ok(tx.commit().await?)
}
