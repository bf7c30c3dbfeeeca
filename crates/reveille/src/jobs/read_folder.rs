//! source → article, for a watched folder of wire files: what is new or changed is read, nothing is moved or deleted.
//!
//! A file is read once its size and time of change stand still, so that a drop over SFTP may take its time; one that
//! was read too early all the same, or is damaged, is told by name and read again when it changes.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use anyhow::Context;
use reveille_feed::{Hint, Limits};
use reveille_model::{SourceKind, UnixMillis, Uri};
use reveille_store::{
    Tx,
    articles::{self, NewArticle},
    files::{self, File},
    jobs::Job,
    sources::{FetchSuccess, Source},
};

use super::{
    Ended, amend_editions, commit,
    wire_message::{self, Message},
};
use crate::app::App;

/// How long a file must stand still, in two looks.
const STILL: Duration = Duration::from_millis(1_500);
/// How often a folder is looked into, in milliseconds: a look costs little, and a flash cannot wait.
const PAUSE_MILLIS: i64 = 30_000;
/// Folders within folders that are looked into: agencies part their drops by service and day.
const DEPTH: usize = 4;
/// Files whose articles are stored together.
const BATCH: usize = 50;
/// Ends of names under which transfer programs write before they rename.
const UNFINISHED: [&str; 6] = ["tmp", "part", "partial", "filepart", "writing", "crdownload"];
/// So many bad files are told by name.
const TOLD: usize = 5;

/// The folder that a source watches, if it is one that does.
pub(crate) fn folder_of(source: &Source) -> Option<PathBuf> {
    match &source.url {
        Uri::Other(url) if source.kind == SourceKind::Wires => url.to_file_path().ok(),
        _ => None,
    }
}

/// How many files a folder holds; `sources check` does just this.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn look_into(folder: &Path) -> io::Result<usize> {
    Ok(look(folder)?.len())
}

/// Looks into the folder once, and stores what is new.
///
/// # Errors
/// Where the store fails.
pub(super) async fn run(app: &App, job: &Job, source: &Source, folder: &Path) -> anyhow::Result<Ended> {
    let found = match changed(app, source, folder).await {
        Ok(found) => found,
        Err(error) => {
            let text = format!("the folder {} cannot be read: {error}", folder.display());
            let mut tx = app.store.begin().await?;
            reveille_store::sources::failed(&mut tx, source.id, &text, next(app), app.now()).await?;
            return commit(app, tx, job).await;
        }
    };
    for batch in found.chunks(BATCH) {
        let mut tx = app.store.begin().await?;
        for seen in batch {
            read(app, &mut tx, source, folder, seen).await?;
        }
        tx.commit().await?;
    }
    // What is wrong with a file goes with the file.
    let there: HashSet<String> = look(folder)
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
            reveille_store::sources::failed(&mut tx, source.id, &text, next(app), app.now()).await?;
        }
        None => {
            let success = FetchSuccess::default();
            reveille_store::sources::fetched(&mut tx, source.id, &success, next(app), app.now()).await?;
        }
    }
    commit(app, tx, job).await
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

/// A file as the folder shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    path: String,
    size: u64,
    modified_at: UnixMillis,
}

/// The files that are not as they were when last read, and that stand still.
async fn changed(app: &App, source: &Source, folder: &Path) -> anyhow::Result<Vec<Seen>> {
    let known = files::list(&app.store, source.id).await?;
    let is_new = |seen: &Seen| {
        known
            .get(&seen.path)
            .is_none_or(|file| (file.size, file.modified_at) != (seen.size, seen.modified_at))
    };
    let mut first = look(folder)?;
    first.retain(is_new);
    if first.is_empty() {
        return Ok(first);
    }
    tokio::time::sleep(STILL).await;
    let second = look(folder)?;
    first.retain(|seen| second.binary_search(seen).is_ok());
    Ok(first)
}

/// All files of the folder and those within it, by path.
fn look(folder: &Path) -> io::Result<Vec<Seen>> {
    let mut seen = Vec::new();
    let mut folders = vec![(folder.to_owned(), 0)];
    while let Some((at, depth)) = folders.pop() {
        let entries = match fs::read_dir(&at) {
            Ok(entries) => entries,
            // A folder within may go while it is being looked at; the watched one may not.
            Err(_) if depth > 0 => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let path = entry?.path();
            let Ok(facts) = fs::metadata(&path) else { continue };
            if is_unfinished(&path) {
                continue;
            }
            if facts.is_dir() && depth < DEPTH {
                folders.push((path, depth + 1));
            } else if facts.is_file() {
                seen.extend(file(folder, &path, &facts));
            }
        }
    }
    seen.sort();
    Ok(seen)
}

fn file(folder: &Path, path: &Path, facts: &fs::Metadata) -> Option<Seen> {
    let since = facts.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Seen {
        path: path.strip_prefix(folder).ok()?.to_str()?.to_owned(),
        size: facts.len(),
        modified_at: UnixMillis(i64::try_from(since.as_millis()).ok()?),
    })
}

/// Whether a file is hidden or still has the name under which it is being written.
fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let end = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    name.starts_with('.') || name.ends_with('~') || UNFINISHED.contains(&&*end)
}

/// Reads one file and stores its messages; what is wrong with it is stored too.
async fn read(app: &App, tx: &mut Tx, source: &Source, folder: &Path, seen: &Seen) -> anyhow::Result<()> {
    let path = folder.join(&seen.path);
    let contents = match load(&path) {
        Ok(contents) => contents,
        // It went, or is not ours to read; the next look sees.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return remember(app, tx, source, seen, String::new(), Some(error.to_string())).await,
    };
    let digest = files::digest(&contents);
    let carrier = source.carrier.clone();
    let parsed = tokio::task::spawn_blocking(move || messages(&contents, &carrier)).await?;
    let error = match parsed {
        Ok((messages, cut)) => {
            for message in messages {
                keep(app, tx, source, message).await?;
            }
            cut
        }
        Err(error) => Some(error),
    };
    remember(app, tx, source, seen, digest, error).await
}

fn load(path: &PathBuf) -> io::Result<Vec<u8>> {
    let most = Limits::default().bytes as u64;
    let mut contents = Vec::new();
    io::Read::read_to_end(
        &mut io::Read::take(fs::File::open(path)?, most + 1),
        &mut contents,
    )?;
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
    fn names_of_unfinished_files_are_passed_over() {
        for name in [
            ".flash.xml",
            "flash.xml.part",
            "flash.TMP",
            "flash.xml~",
            "flash.filepart",
        ] {
            assert!(is_unfinished(Path::new(name)), "{name}");
        }
        assert!(!is_unfinished(Path::new("in/flash.part.xml")));
    }

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
