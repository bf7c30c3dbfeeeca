//! A running demo.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// The demo, in a folder of its own. It is stopped and its folder goes when this is dropped.
pub(crate) struct Demo {
    program: Child,
    _folder: tempfile::TempDir,
    pub(crate) edition: String,
    pub(crate) mailbox: String,
    pub(crate) sign_up_page: String,
    pub(crate) desk: String,
}

impl Demo {
    /// Starts it and waits until the morning is over and the pages are told.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_reveille"))
            .args(["demo", "--port", "0", "--dir"])
            .arg(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let mut place = |name: &str| {
            let line = lines
                .by_ref()
                .map_while(Result::ok)
                .find(|line| line.trim_start().starts_with(name));
            let line = line.unwrap_or_else(|| panic!("the demo ended before it told of {name}"));
            line.split_whitespace().next_back().unwrap().to_owned()
        };
        let [edition, mailbox, sign_up_page, desk] =
            ["the edition", "the mailbox", "the sign-up page", "the desk"].map(&mut place);
        // A demo that nobody listens to any more would end.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            program,
            _folder: folder,
            edition,
            mailbox,
            sign_up_page,
            desk,
        }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}
