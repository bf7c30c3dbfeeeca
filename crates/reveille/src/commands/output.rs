//! Files that commands write beside the store.

use std::{
    fs::{File, OpenOptions},
    io::ErrorKind,
    path::Path,
};

use anyhow::{Context, ensure};

use crate::private;

/// Makes a new file, its owner's alone to read. What is there already is never lost by a slip of whoever types: only what keeps
/// nothing, as a pipe, is written to.
///
/// # Errors
/// Where a file of that name is there, or none can be made.
pub(super) fn create(path: &Path) -> anyhow::Result<File> {
    let made = match private::create_new(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            ensure!(
                path.metadata()
                    .is_ok_and(|there| !there.is_file() && !there.is_dir()),
                "{} is there already and was left as it is; name a file that is not",
                path.display()
            );
            OpenOptions::new().write(true).open(path)
        }
        made => made,
    };
    made.with_context(|| format!("cannot write {}", path.display()))
}
