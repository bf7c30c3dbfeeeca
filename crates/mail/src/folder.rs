//! Delivery into a folder of `.eml` files, for operators who hand mail on by other means.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// Why a message is not in the folder. In each case the folder holds what it held before.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A name that could leave the folder or hide in it.
    #[error("`{0}` cannot name a message (letters, digits and @ . _ + - = % only, no dot at the start)")]
    Name(String),
    /// The file system refused.
    #[error("could not write {}", .path.display())]
    Write {
        /// The file that was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Sets unfinished files of one process apart; which number a file gets does not matter.
static UNFINISHED: AtomicU64 = AtomicU64::new(0);

/// Writes `NAME.eml` into the folder, which is made if missing, and returns its path. The file appears whole or
/// not at all and survives a power cut once this returns; the same name is the same file, so a message that is
/// delivered again replaces itself. Blocks on the disk.
///
/// # Errors
/// [`FolderError`]: a name unfit for a file, or what the file system refused.
pub fn deliver(dir: &Path, name: &str, message: &[u8]) -> Result<PathBuf, FolderError> {
    if !is_file_name(name) {
        return Err(FolderError::Name(name.to_owned()));
    }
    let path = dir.join(format!("{name}.eml"));
    let number = UNFINISHED.fetch_add(1, Ordering::Relaxed);
    let unfinished = dir.join(format!(".{name}.{}.{number}", std::process::id()));
    write_durably(dir, &unfinished, &path, message).map_err(|source| {
        // Nothing refers to the unfinished file; where even this fails, listings skip it by its dot.
        let _ = fs::remove_file(&unfinished);
        FolderError::Write {
            path: path.clone(),
            source,
        }
    })?;
    Ok(path)
}

fn write_durably(dir: &Path, unfinished: &Path, path: &Path, message: &[u8]) -> io::Result<()> {
    make_durably(dir)?;
    // Its reader's address is nobody else's to read.
    let mut private = OpenOptions::new();
    let mut file = private
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(unfinished)?;
    file.write_all(message)?;
    file.sync_all()?;
    drop(file);
    fs::rename(unfinished, path)?;
    // The name itself is durable only once the folder is.
    File::open(dir)?.sync_all()
}

/// Makes the folder and those above it, each one durable in the one that holds it.
fn make_durably(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let above = dir.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_durably(above)?;
    }
    match fs::create_dir(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    File::open(above.unwrap_or(Path::new(".")))?.sync_all()
}

fn is_file_name(name: &str) -> bool {
    let held = |b: u8| b.is_ascii_alphanumeric() || b"@._+-=%".contains(&b);
    (1..=200).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(held)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;

    #[test]
    fn a_message_delivered_twice_is_one_file() {
        let dir = tempfile::tempdir().unwrap();
        let into = dir.path().join("out").join("today");
        let first = deliver(&into, "7-ann@example.org", b"one").unwrap();
        let second = deliver(&into, "7-ann@example.org", b"two").unwrap();
        assert_eq!(first, second);
        assert_eq!(fs::read(&second).unwrap(), b"two");
        assert_eq!(
            fs::metadata(&second).unwrap().mode() & 0o777,
            0o600,
            "its owner's alone"
        );
        assert_eq!(fs::read_dir(&into).unwrap().count(), 1);
    }

    #[test]
    fn a_name_cannot_leave_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["", "..", ".hidden", "a/b", "../a", "a\\b", "a\0", "a\n"] {
            assert!(
                matches!(deliver(dir.path(), name, b""), Err(FolderError::Name(_))),
                "{name:?}"
            );
        }
    }

    #[test]
    fn a_refusal_names_the_file_and_leaves_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("a.eml")).unwrap();
        let error = deliver(dir.path(), "a", b"x").unwrap_err();
        assert!(error.to_string().contains("a.eml"), "{error}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
