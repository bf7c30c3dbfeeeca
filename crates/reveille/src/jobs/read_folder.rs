//! source → article, for what lies on this machine: a watched folder of wire files, a Maildir, an mbox file. What is new
//! or changed is read, nothing is moved or deleted.
//!
//! A file is read once its size and time of change stand still, so that a drop over SFTP may take its time; one that
//! was read too early all the same, or is damaged, is told by name and read again when it changes.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;
use reveille_feed::{Hint, Limits};
use reveille_model::{Outcome, SourceKind, UnixMillis, Uri};
use reveille_store::{
    Tx,
    articles::{self, NewArticle},
    files::{self, File},
    jobs::Job,
    sources::{FetchSuccess, Source},
};

use super::{
    Ended, amend_editions, commit, letter,
    watched::{self, Seen},
    wire_message::{self, Message},
};
use crate::app::App;

/// How often a folder is looked into, in milliseconds: a look costs little, and a flash cannot wait.
const PAUSE_MILLIS: i64 = 30_000;
/// Files whose articles are stored together.
const BATCH: usize = 50;
/// The largest mbox file, in bytes: it is read whole.
const LARGEST_MBOX: u64 = 256 << 20;
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
    for batch in found.chunks(BATCH) {
        let mut tx = app.store.begin().await?;
        for seen in batch {
            read(app, &mut tx, source, known.get(&seen.path), seen).await?;
        }
        tx.commit().await?;
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

/// Reads one file and stores its messages; what is wrong with it is stored too.
async fn read(
    app: &App,
    tx: &mut Tx,
    source: &Source,
    before: Option<&File>,
    seen: &Seen,
) -> anyhow::Result<()> {
    let most = if source.kind == SourceKind::Mbox {
        LARGEST_MBOX
    } else {
        Limits::default().bytes as u64
    };
    let contents = match load(&seen.at, most) {
        Ok(contents) => contents,
        // It went, or was moved; the next look sees.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return remember(app, tx, source, seen, String::new(), Some(error.to_string())).await,
    };
    let digest = files::digest(&contents);
    if before.is_some_and(|file| file.digest == digest && file.error.is_none()) {
        // Copied or touched, not changed.
        return remember(app, tx, source, seen, digest, None).await;
    }
    let error = match source.kind {
        SourceKind::Maildir => letter::keep(app, tx, source, contents).await?.err(),
        SourceKind::Mbox => read_mbox(app, tx, source, before, &contents).await?,
        _ => read_messages(app, tx, source, contents).await?,
    };
    remember(app, tx, source, seen, digest, error).await
}

/// Reads the letters of an mbox file; where it only grew, those that were added.
async fn read_mbox(
    app: &App,
    tx: &mut Tx,
    source: &Source,
    before: Option<&File>,
    contents: &[u8],
) -> anyhow::Result<Option<String>> {
    let known = before.and_then(|file| {
        let size = usize::try_from(file.size).ok()?;
        (files::digest(contents.get(..size)?) == file.digest).then_some(size)
    });
    let letters = reveille_mail::letter::split_mbox(&contents[known.unwrap_or(0)..]);
    if letters.is_empty() && known.is_none() {
        return Ok(Some("it is no mbox file".to_owned()));
    }
    let mut bad = 0;
    for bytes in letters {
        bad += usize::from(letter::keep(app, tx, source, bytes).await?.is_err());
    }
    Ok((bad > 0).then(|| format!("{bad} of its letters cannot be read")))
}

async fn read_messages(
    app: &App,
    tx: &mut Tx,
    source: &Source,
    contents: Vec<u8>,
) -> anyhow::Result<Option<String>> {
    let carrier = source.carrier.clone();
    let parsed = tokio::task::spawn_blocking(move || messages(&contents, &carrier)).await?;
    match parsed {
        Ok((messages, cut)) => {
            for message in messages {
                keep(app, tx, source, message).await?;
            }
            Ok(cut)
        }
        Err(error) => Ok(Some(error)),
    }
}

fn load(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut contents = Vec::new();
    io::Read::read_to_end(
        &mut io::Read::take(fs::File::open(path)?, most + 1),
        &mut contents,
    )?;
    if contents.len() as u64 > most {
        return Err(io::Error::other(format!("it is larger than {} MiB", most >> 20)));
    }
    Ok(contents)
}

/// The whole messages of a file, and what is wrong with it all the same; or why there are none.
fn messages(contents: &[u8], carrier: &str) -> Result<(Vec<Message>, Option<String>), String> {
    let feed = reveille_feed::parse(contents, &Hint::default()).map_err(|error| error.to_string())?;
    let cut = feed.is_cut.then(|| "it ends in the middle".to_owned());
    if !feed.format.is_wire() {
        return Err(format!("it is {}, not a wire message", feed.format.name()));
    }
    let read = feed
        .entries
        .iter()
        .filter_map(|entry| wire_message::read(entry, carrier));
    Ok((read.collect(), cut))
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

async fn remember(
    app: &App,
    tx: &mut Tx,
    source: &Source,
    seen: &Seen,
    digest: String,
    error: Option<String>,
) -> anyhow::Result<()> {
    let file = File {
        path: seen.path.clone(),
        size: seen.size,
        modified_at: seen.modified_at,
        digest,
        error,
    };
    Ok(files::upsert(tx, source.id, &file, app.now()).await?)
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
