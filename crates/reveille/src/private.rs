//! Files that their owner alone may read: keys, and what holds readers' addresses.

use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// Makes a file that is not there yet.
///
/// # Errors
/// Where it is there, or the file system refuses.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}
