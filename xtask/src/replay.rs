//! `cargo xtask replay` and `bench gather`: hand over to examples of the test support, which run the built program
//! against a web of their own.

use std::process::Command;

/// Runs the example of this name with these arguments, files taken from the folder in which the developer stands.
pub(crate) fn run(example: &str, arguments: &[&str]) -> anyhow::Result<()> {
    crate::run(Command::new("cargo").args(["build", "--release", "--quiet", "--package", "reveille"]))?;
    let current = std::env::current_dir()?;
    let absolute = arguments.iter().map(|argument| match argument.starts_with("--") {
        true => (*argument).into(),
        false => current.join(argument),
    });
    let mut command = Command::new("cargo");
    command.args([
        "run",
        "--release",
        "--quiet",
        "--package",
        "reveille-testkit",
        "--example",
        example,
        "--",
    ]);
    crate::run(command.args(absolute))
}
