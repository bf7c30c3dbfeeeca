//! `reveille backup`: a consistent copy of the store while it is in use.

use std::path::Path;

use anyhow::ensure;

use crate::{app, config::Config, print};

pub(super) async fn run(config: &Config, file: &Path) -> anyhow::Result<()> {
    ensure!(
        !file.is_dir(),
        "{} is a folder: name the new file in it, as in {}",
        file.display(),
        file.join("reveille-copy.db").display()
    );
    ensure!(
        !file.exists(),
        "{} exists already; nothing was written. Name a file that does not",
        file.display()
    );
    // As it is: the copy is what an earlier release can be put back to.
    let store = app::find_store(config).await?;
    store.backup(file).await?;
    let bytes = std::fs::metadata(file).map_or(0, |data| data.len());
    print::line(format!(
        "Wrote {} ({:.1} MiB).",
        file.display(),
        bytes as f64 / f64::from(1 << 20)
    ))
}
