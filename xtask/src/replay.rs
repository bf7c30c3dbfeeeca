//! `cargo xtask replay`: hands over to the replay example, which needs a web server and so stands with the
//! test support.

use std::process::Command;

pub(crate) fn run(arguments: &[&str]) -> anyhow::Result<()> {
    crate::run(Command::new("cargo").args(["build", "--release", "--quiet", "--package", "reveille"]))?;
    let current = std::env::current_dir()?;
    let absolute = arguments.iter().map(|argument| match argument.starts_with("--") {
        true => (*argument).into(),
        false => current.join(argument),
    });
    let mut replay = Command::new("cargo");
    replay.args([
        "run",
        "--release",
        "--quiet",
        "--package",
        "reveille-testkit",
        "--example",
        "replay",
        "--",
    ]);
    crate::run(replay.args(absolute))
}
