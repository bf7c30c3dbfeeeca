//! Benchmarks: those of a crate, or a report of the figures that the project holds itself to.

use std::{fmt::Write, fs, process::Command};

use anyhow::{Context, bail, ensure};

use crate::{output, root, run};

/// A part of the report.
struct Part {
    bench: &'static str,
    /// What it has to reach, on two cores.
    goal: &'static str,
    arguments: &'static [&'static str],
}

const REPORT: [Part; 6] = [
    Part {
        bench: "delivery",
        goal: "40 KB over any number of connections, ledger on disk: 8,000 messages a second unsigned and 3,000 with both \
               signatures, 500 µs of processor each, 25 of them the ledger's; 3,500 where each answer takes 10 ms, at 50 connections; more with each \
               node; 99 % within 60 s of their hour; 150 MiB for a million readers",
        arguments: &[],
    },
    Part {
        bench: "kills",
        goal: "nobody lost; at most one sent twice for each connection and kill, or lost answer; each of them listed",
        arguments: &["--", "1000"],
    },
    Part {
        bench: "ledger",
        goal: "who received it, who did not, and why, of a million readers: 100 ms",
        arguments: &[],
    },
    Part {
        bench: "readers",
        goal: "a list of a million imported in 60 s; segments of 5 million counted in 50 ms",
        arguments: &[],
    },
    Part {
        bench: "growth",
        goal: "one more article costs less than the root of how many there are",
        arguments: &["--", "10000", "100000", "1000000"],
    },
    Part {
        bench: "render",
        goal: "a brief of 40 entries in each form: 50 ms, PDF 1 s",
        arguments: &[],
    },
];

/// Runs the benchmarks that these words of `cargo bench` choose.
pub(crate) fn of(what: &[&str]) -> anyhow::Result<()> {
    run(Command::new("cargo").arg("bench").args(what).arg("--benches"))
}

/// Runs the parts of the report, all or those that are named, and writes what they print to `target/bench-report.md`.
pub(crate) fn report(names: &[&str]) -> anyhow::Result<()> {
    for name in names {
        ensure!(
            REPORT.iter().any(|part| part.bench == *name),
            "the report has no part `{name}`: {}",
            REPORT.map(|part| part.bench).join(", ")
        );
    }
    let path = root().join("target/bench-report.md");
    let mut text = heading()?;
    for part in REPORT {
        if names.is_empty() || names.contains(&part.bench) {
            add(&mut text, &part)?;
            // What was measured is kept, whatever becomes of the next.
            fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    eprintln!("xtask: wrote {}", path.display());
    Ok(())
}

fn add(text: &mut String, part: &Part) -> anyhow::Result<()> {
    let mut command = Command::new("cargo");
    command.args(["bench", "--quiet", "--workspace", "--bench", part.bench]);
    command.args(part.arguments);
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    let words = words.join(" ");
    eprintln!("xtask: cargo {words}");
    let printed = output(&mut command)?;
    write!(
        text,
        "\n## {}\n\nTo reach: {}.\n\n`cargo {words}`\n\n```\n{}\n```\n",
        part.bench,
        part.goal,
        printed.trim()
    )?;
    Ok(())
}

/// What was measured, when, and on what.
fn heading() -> anyhow::Result<String> {
    let said = |words: &[&str]| -> anyhow::Result<String> {
        let [program, arguments @ ..] = words else {
            bail!("no command")
        };
        Ok(output(Command::new(program).args(arguments))?.trim().to_owned())
    };
    let processors = fs::read_to_string("/proc/cpuinfo").context("cannot read /proc/cpuinfo")?;
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    Ok(format!(
        "# Benchmarks\n\nCommit {}, {}, {} processors{}, {}, load {} at the start.\n",
        said(&["git", "describe", "--always", "--dirty"])?,
        said(&["date", "--utc", "+%Y-%m-%d %H:%M UTC"])?,
        said(&["nproc"])?,
        model.unwrap_or_default().replace(':', ","),
        said(&["uname", "-sr"])?,
        said(&["cut", "-d", " ", "-f", "1", "/proc/loadavg"])?,
    ))
}
