//! `reveille init`: writes the commented settings file.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::Path,
};

use anyhow::{Context, bail};

use crate::{config, print};

pub(super) fn run(path: &Path, force: bool) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options
        .write(true)
        .truncate(true)
        .create(force)
        .create_new(!force);
    let mut file = match options.open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!(
                "{} is there already and was left as it is; `--force` overwrites it",
                path.display()
            )
        }
        Err(error) => return Err(error).with_context(|| format!("cannot write {}", path.display())),
    };
    file.write_all(config::sample().as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))?;
    print::line(format!(
        "Wrote {}. Next: `reveille sources add URL`, then `reveille brief add \"The Morning Brief\"`.",
        path.display()
    ))
}
