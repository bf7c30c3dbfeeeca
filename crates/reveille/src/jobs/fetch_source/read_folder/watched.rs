//! The files of a source that lies on this machine: which there are, and which are to be read.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use reveille_model::{SourceKind, UnixMillis};
use reveille_store::{files::File, sources::Source};

/// How long a file must stand still, in two looks.
const STILL: Duration = Duration::from_millis(1_500);
/// Folders within folders that are looked into: agencies part their drops by service and day.
const DEPTH: usize = 4;
/// Ends of names under which transfer programs write before they rename.
const UNFINISHED: [&str; 6] = ["tmp", "part", "partial", "filepart", "writing", "crdownload"];

/// How many files it holds; `sources check` does just this.
///
/// # Errors
/// Where it cannot be read.
pub(crate) fn look_into(source: &Source, folder: &Path) -> io::Result<usize> {
    Ok(look(source.kind, folder)?.len())
}

/// A file as the folder shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen {
    /// The name under which it is remembered.
    pub(super) path: String,
    /// Where it lies now.
    pub(super) at: PathBuf,
    /// Bytes.
    pub(super) size: u64,
    /// When it was last written.
    pub(super) modified_at: UnixMillis,
}

/// The files that are not as they were when last read, and that stand still.
///
/// # Errors
/// Where the folder or file cannot be read.
pub(super) async fn changed(
    source: &Source,
    place: &Path,
    known: &HashMap<String, File>,
) -> io::Result<Vec<Seen>> {
    let is_new = |seen: &Seen| {
        known
            .get(&seen.path)
            .is_none_or(|file| (file.size, file.modified_at) != (seen.size, seen.modified_at))
    };
    let mut first = look(source.kind, place)?;
    first.retain(is_new);
    if first.is_empty() {
        return Ok(first);
    }
    tokio::time::sleep(STILL).await;
    let second = look(source.kind, place)?;
    first.retain(|seen| second.binary_search(seen).is_ok());
    Ok(first)
}

/// The files of a source, by path.
pub(super) fn look(kind: SourceKind, place: &Path) -> io::Result<Vec<Seen>> {
    match kind {
        SourceKind::Maildir => look_in_maildir(place),
        SourceKind::Mbox => {
            let facts = fs::metadata(place)?;
            let name = place
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            Ok(seen(name, place, &facts).into_iter().collect())
        }
        _ => look_in_folder(place),
    }
}

/// All letters of a Maildir. A letter keeps its name when it moves from `new` to `cur`, but for the flags after a colon.
fn look_in_maildir(folder: &Path) -> io::Result<Vec<Seen>> {
    let mut found = Vec::new();
    for part in ["new", "cur"] {
        for entry in fs::read_dir(folder.join(part))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let name = name.split(':').next().unwrap_or_default();
            let Ok(facts) = fs::metadata(&path) else { continue };
            if facts.is_file() && !name.starts_with('.') {
                found.extend(seen(name.to_owned(), &path, &facts));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// All files of the folder and those within it.
fn look_in_folder(folder: &Path) -> io::Result<Vec<Seen>> {
    let mut found = Vec::new();
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
                let name = path.strip_prefix(folder).ok().and_then(Path::to_str);
                found.extend(name.and_then(|name| seen(name.to_owned(), &path, &facts)));
            }
        }
    }
    found.sort();
    Ok(found)
}

fn seen(path: String, at: &Path, facts: &fs::Metadata) -> Option<Seen> {
    let since = facts.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(Seen {
        path,
        at: at.to_owned(),
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
}
