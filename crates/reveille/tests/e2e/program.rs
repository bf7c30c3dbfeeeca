//! Runs the built binary in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use reveille_mail::catcher::{Catcher, CatcherOptions};

/// A folder in which commands are run.
pub(crate) struct Folder(tempfile::TempDir);

/// What a command printed, and its exit code.
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A program that runs beside its test and ends with it, also where that fails.
pub(crate) struct Running(Option<Child>);

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(Some(command.spawn().unwrap()))
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        self.0.as_mut().unwrap()
    }

    /// Sends it a signal, such as `-TERM`.
    pub(crate) fn signal(&mut self, signal: &str) {
        let pid = self.child().id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end. What it printed.
    pub(crate) fn said(mut self) -> Said {
        said(self.0.take().unwrap().wait_with_output().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, contents: &(impl AsRef<[u8]> + ?Sized)) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, contents).unwrap();
        path
    }

    /// Starts a mail server on loopback that keeps mailboxes in this folder. Must be called within a tokio runtime.
    pub(crate) async fn catcher(&self, options: CatcherOptions) -> Catcher {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        Catcher::start(listener, &self.path().join("mailbox"), options).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_reveille"));
        command
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        said(self.command(arguments).output().unwrap())
    }

    /// Runs a command that must succeed and returns what it printed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.err);
        said.out
    }

    /// Starts the demo with everything kept in this folder.
    pub(crate) fn start_demo(&self, more: &[&str]) -> Running {
        let mut command = self.command(&["demo", "--once", "--port", "0", "--dir", "."]);
        command.args(more).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running::start(&mut command)
    }

    /// Runs the demo to its end; its edition and tally.
    pub(crate) fn demo(&self, more: &[&str]) -> String {
        let said = self.start_demo(more).said();
        assert_eq!(said.code, Some(0), "{}", said.err);
        said.out
    }

    /// The messages in each reader's mailbox.
    pub(crate) fn mailboxes(&self) -> Vec<(String, usize)> {
        let messages = |dir: &Path| {
            let files = fs::read_dir(dir).unwrap().map(|file| file.unwrap().file_name());
            files
                .filter(|name| name.to_string_lossy().ends_with(".eml"))
                .count()
        };
        let dirs = fs::read_dir(self.path().join("mailbox"))
            .unwrap()
            .map(|dir| dir.unwrap().path());
        let mut boxes: Vec<_> = dirs
            .filter(|dir| dir.is_dir())
            .map(|dir| {
                (
                    dir.file_name().unwrap().to_string_lossy().into_owned(),
                    messages(&dir),
                )
            })
            .collect();
        boxes.sort();
        boxes
    }
}

/// What a command that has ended printed.
pub(crate) fn said(output: Output) -> Said {
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// An edition's text without the ports of its links, which differ from folder to folder.
pub(crate) fn without_ports(text: &str) -> String {
    let mut parts = text.split(".localhost:");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain += ".localhost";
        plain += part.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    plain
}
