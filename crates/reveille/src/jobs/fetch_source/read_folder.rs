//! source → article, for what lies on this machine: a watched folder of wire files, a Maildir, an mbox file. What is new
//! or changed is read, nothing is moved or deleted.
//!
//! A file is read once its size and time of change stand still, so that a drop over SFTP may take its time; one that
//! was read too early all the same, or is damaged, is told by name and read again when it changes.

mod contents;
mod watched;
mod wire_message;

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
};

use anyhow::Context;
use reveille_model::{Outcome, SourceKind, UnixMillis, Uri};
use reveille_store::{
    Tx,
    articles::{self, NewArticle},
    files::{self, File},
    jobs::Job,
    sources::{FetchSuccess, Source},
};

use super::letter;
use crate::{
    app::App,
    jobs::{Ended, amend_editions, commit},
};
use contents::News;
use watched::Seen;
pub(crate) use watched::look_into;
use wire_message::Message;

/// How often a folder is looked into, in milliseconds: a look costs little, and a flash cannot wait.
const PAUSE_MILLIS: i64 = 30_000;
/// Files, or letters of an mbox file, whose articles are stored together.
const BATCH: usize = 50;
/// So many bad files are told by name.
const TOLD: usize = 5;

/// The folder or file that a source reads, if it lies on this machine.
pub(crate) fn folder_of(source: &Source) -> Option<PathBuf> {
    match &source.url {
        Uri::Other(url) if url.scheme() == "file" => url.to_file_path().ok(),
        _ => None,
    }
}

/// Looks into the folder once, and stores what is new.
///
/// # Errors
/// Where the store fails.
pub(super) async fn run(app: &App, job: &Job, source: &Source, folder: &Path) -> anyhow::Result<Ended> {
    let known = files::list(&app.store, source.id).await?;
    let found = match watched::changed(source, folder, &known).await {
        Ok(found) => found,
        Err(error) => {
            let text = format!("the folder {} cannot be read: {error}", folder.display());
            let mut tx = app.store.begin().await?;
            fail(app, &mut tx, source, &text).await?;
            return commit(app, tx, job).await;
        }
    };
    if source.kind == SourceKind::Mbox {
        for seen in &found {
            read_mbox(app, source, known.get(&seen.path), seen).await?;
        }
    } else {
        for batch in found.chunks(BATCH) {
            read_files(app, source, &known, batch).await?;
        }
    }
    // What is wrong with a file goes with the file.
    let there: HashSet<String> = watched::look(source.kind, folder)
        .unwrap_or_default()
        .into_iter()
        .map(|seen| seen.path)
        .collect();
    let mut known = files::list(&app.store, source.id).await?;
    known.retain(|path, _| there.contains(path));
    let bad = bad_files(&known);
    let mut tx = app.store.begin().await?;
    match bad {
        Some(text) => {
            fail(app, &mut tx, source, &text).await?;
        }
        None => {
            let (success, now) = (FetchSuccess::default(), app.now());
            let polling = source.polling.learn(Outcome::found(found.len()), now);
            reveille_store::sources::fetched(&mut tx, source.id, &success, &polling, next(app), now).await?;
        }
    }
    commit(app, tx, job).await
}

async fn fail(app: &App, tx: &mut Tx, source: &Source, text: &str) -> anyhow::Result<()> {
    let now = app.now();
    let polling = source.polling.learn(Outcome::FAILED, now);
    Ok(reveille_store::sources::failed(tx, source.id, text, &polling, next(app), now).await?)
}

fn next(app: &App) -> UnixMillis {
    app.now().plus(PAUSE_MILLIS)
}

/// "2 files cannot be read: flash.xml: …; late.xml: …"
fn bad_files(files: &HashMap<String, File>) -> Option<String> {
    let mut bad: Vec<_> = files
        .values()
        .filter_map(|file| Some((&file.path, file.error.as_ref()?)))
        .collect();
    bad.sort();
    let told: Vec<String> = bad
        .iter()
        .take(TOLD)
        .map(|(path, error)| format!("{path}: {error}"))
        .collect();
    let more = bad.len().saturating_sub(TOLD);
    match bad.len() {
        0 => None,
        1 => Some(format!("a file cannot be read: {}", told.concat())),
        count if more == 0 => Some(format!("{count} files cannot be read: {}", told.join("; "))),
        count => Some(format!(
            "{count} files cannot be read: {}; and {more} more",
            told.join("; ")
        )),
    }
}

/// Reads some files, and then stores what they bring and what is wrong with them: nobody else can write to SQLite while a
/// transaction is open.
async fn read_files(
    app: &App,
    source: &Source,
    known: &HashMap<String, File>,
    batch: &[Seen],
) -> anyhow::Result<()> {
    let before = |seen: &Seen| (seen.clone(), known.get(&seen.path).cloned());
    let batch: Vec<_> = batch.iter().map(before).collect();
    let (kind, carrier) = (source.kind, source.carrier.clone());
    let read = move || {
        let read =
            |(seen, before): &(Seen, Option<File>)| contents::read(kind, &carrier, before.as_ref(), seen);
        batch.iter().filter_map(read).collect::<Vec<_>>()
    };
    let files = tokio::task::spawn_blocking(read).await?;
    let mut tx = app.store.begin().await?;
    for (file, news) in files {
        for one in news {
            match one {
                News::Letter(issue) => letter::keep(app, &mut tx, source, *issue).await?,
                News::Wire(message) => keep(app, &mut tx, source, *message).await?,
            }
        }
        files::upsert(&mut tx, source.id, &file, app.now()).await?;
    }
    Ok(tx.commit().await?)
}

/// Reads the letters of an mbox file, some at a time; where it only grew, those that were added.
async fn read_mbox(app: &App, source: &Source, before: Option<&File>, seen: &Seen) -> anyhow::Result<()> {
    let (before, there) = (before.cloned(), seen.clone());
    let read = tokio::task::spawn_blocking(move || contents::letters(before.as_ref(), &there));
    let Some((mut file, letters)) = read.await? else {
        return Ok(());
    };
    let (mut letters, mut bad) = (letters.into_iter(), 0);
    while letters.len() > 0 {
        let some: Vec<_> = letters.by_ref().take(BATCH).collect();
        let read = move || some.iter().map(|letter| letter::read(letter)).collect::<Vec<_>>();
        let issues = tokio::task::spawn_blocking(read).await?;
        let mut tx = app.store.begin().await?;
        for issue in issues {
            match issue {
                Ok(issue) => letter::keep(app, &mut tx, source, issue).await?,
                Err(_) => bad += 1,
            }
        }
        tx.commit().await?;
    }
    if bad > 0 {
        file.error = Some(format!("{bad} of its letters cannot be read"));
    }
    let mut tx = app.store.begin().await?;
    files::upsert(&mut tx, source.id, &file, app.now()).await?;
    Ok(tx.commit().await?)
}

async fn keep(app: &App, tx: &mut Tx, source: &Source, message: Message) -> anyhow::Result<()> {
    let state = message.version.state;
    let url = articles::address(tx, &message.name, message.replaces.as_ref()).await?;
    let new = NewArticle {
        item: None,
        source: source.id,
        url,
        article: message.article,
        wire: Some(message.version),
        fetched_at: app.now(),
    };
    let stored = articles::upsert(tx, &new)
        .await
        .context("keeping a wire message")?;
    amend_editions::request(app, tx, stored, state).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_files_are_told_by_name_and_not_too_many() {
        let file = |path: &str, error: Option<&str>| File {
            path: path.to_owned(),
            size: 1,
            modified_at: UnixMillis(0),
            digest: String::new(),
            error: error.map(str::to_owned),
        };
        let told =
            |files: Vec<File>| bad_files(&files.into_iter().map(|file| (file.path.clone(), file)).collect());
        assert_eq!(told(vec![file("a.xml", None)]), None);
        assert_eq!(
            told(vec![file("a.xml", Some("odd"))]).unwrap(),
            "a file cannot be read: a.xml: odd"
        );
        let many = (0..7).map(|n| file(&format!("{n}.xml"), Some("odd"))).collect();
        let many = told(many).unwrap();
        assert!(
            many.starts_with("7 files cannot be read: 0.xml: odd; 1.xml: odd"),
            "{many}"
        );
        assert!(many.ends_with("4.xml: odd; and 2 more"), "{many}");
    }
}
