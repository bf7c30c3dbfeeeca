//! The program that was built beside this example, in a folder of its own.

use std::{
    error::Error,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A folder with a store in it.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> std::io::Result<Self> {
        tempfile::tempdir().map(Self)
    }

    /// The store, as `store.url` takes it.
    pub(crate) fn store(&self) -> String {
        format!("sqlite:{}", self.0.path().join("reveille.db").display())
    }

    /// The program.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.current_dir(self.0.path());
        for setting in [
            "store.url=sqlite:reveille.db",
            "gather.allow_networks=127.0.0.0/8",
            "gather.host_delay_millis=100",
            "log.filter=error",
            "web.listen=127.0.0.1:0",
        ] {
            command.args(["--set", setting]);
        }
        command.args(arguments).stdout(Stdio::null());
        command
    }

    /// Runs it to its end with this instant on its clock.
    pub(crate) fn run(&self, now: &str, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
        let status = self.command(arguments).args(["--now", now]).status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{arguments:?}: {status}").into())
        }
    }

    /// Adds sources by their addresses.
    pub(crate) fn import(&self, now: &str, urls: &[String]) -> Result<(), Box<dyn Error>> {
        let outlines: String = urls
            .iter()
            .map(|url| format!("<outline xmlUrl=\"{url}\"/>"))
            .collect();
        let opml = format!("<opml version=\"2.0\"><body>{outlines}</body></opml>");
        std::fs::write(self.0.path().join("all.opml"), opml)?;
        self.run(now, &["sources", "import", "all.opml"])
    }
}

fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.ancestors().nth(2).unwrap_or(Path::new(".")).join("reveille")
}
