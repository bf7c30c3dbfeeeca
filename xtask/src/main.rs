//! What a developer types. Each task is one module; this crate depends on next to nothing, so that the first
//! `cargo xtask test` begins at once.

mod bench;
mod case;
mod fuzz;
mod licences;
mod packages;
mod replay;
mod score;
mod test;

use std::{
    path::PathBuf,
    process::{Command, ExitCode},
};

use anyhow::{Context, bail, ensure};

const USAGE: &str = "\
cargo xtask test                   everything that must hold: format, lints, tests on both databases and in a
                                   browser, docs, licences; installs what the tests need
cargo xtask score DIR              scores extraction, stories, feeds or bounces on a folder of data sets, against the floors
cargo xtask replay FILE [--both]   serves recorded pages as sites with feeds on loopback and makes a morning of them;
                                   --both does it on SQLite and on PostgreSQL and compares the editions
cargo xtask new-case KIND NAME     makes an empty case folder (kinds: feed, extract, stories, bounce,
                                   summary, sentence)
cargo xtask bench [CRATE]          benchmarks; those of extract and feed with others beside ours
cargo xtask bench report [NAME…]   runs those by whose figures the project is measured, all or some, and writes what they
                                   say beside what is to be reached to target/bench-report.md
cargo xtask bench gather [FILE]    polls, hosts and the cost of watching, with FILE as the recorded day
cargo xtask fuzz TARGET [--minutes N]
                                   runs a fuzz target (extract, clip, parse, repeat, feed, robots, letter, warc, webhook) for 10
                                   minutes";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["test"] => test::run(),
        ["score", folder] => score::run(folder.as_ref()),
        ["replay", rest @ ..] if !rest.is_empty() => replay::run("replay", rest),
        ["new-case", kind, name] => case::new(kind, name),
        ["fuzz", target] => fuzz::target(target, None),
        ["fuzz", target, "--minutes", minutes] => fuzz::target(target, Some(minutes)),
        ["bench", "gather", rest @ ..] => replay::run("gather", rest),
        ["bench"] => bench::of(&["--workspace"]),
        ["bench", "report", names @ ..] => bench::report(names),
        ["bench", krate @ ("extract" | "feed")] => {
            let package = format!("reveille-{krate}");
            bench::of(&["--package", &package, "--features", "peers"])
        }
        ["bench", krate] => bench::of(&["--package", &format!("reveille-{krate}")]),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, PathBuf::from)
}

/// Runs a command in the workspace's folder; its failure is ours.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let shown = format!("{command:?}").replace('"', "");
    eprintln!("xtask: {shown}");
    let status = command
        .current_dir(root())
        .status()
        .with_context(|| format!("cannot run {shown}"))?;
    ensure!(status.success(), "{shown}: {status}");
    Ok(())
}

/// What a command prints; its failure is ours.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let shown = format!("{command:?}").replace('"', "");
    let output = command
        .current_dir(root())
        .output()
        .with_context(|| format!("cannot run {shown}"))?;
    if !output.status.success() {
        bail!(
            "{shown}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("{shown} printed something else than text"))
}
