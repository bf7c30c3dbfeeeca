//! Fuzzes what reads bytes from outside. The targets stand in `fuzz/`, a workspace of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};

use crate::{root, run};

/// For how long a target runs unless something else is asked, in minutes.
const MINUTES: u32 = 10;

/// Longest input in bytes; time for one in seconds; memory in MiB. An input that takes more is kept as a fault.
const LIMITS: [&str; 3] = ["-max_len=65536", "-timeout=5", "-rss_limit_mb=2048"];

/// A target and where its inputs come from.
struct Target {
    name: &'static str,
    cases: &'static str,
    inputs: &'static [&'static str],
    /// What stands before each case in the target's input.
    head: &'static str,
    dictionary: &'static str,
    /// Whether it needs the HTTP or the mail client.
    network: bool,
}

const PAGE: Target = Target {
    name: "extract",
    cases: "crates/extract/tests/cases",
    inputs: &["input.html", "input.txt"],
    head: "utf-8 https://page.example/2026/03/10/a\n",
    dictionary: "html.dict",
    network: false,
};

const TARGETS: [Target; 9] = [
    PAGE,
    Target {
        name: "clip",
        head: "",
        ..PAGE
    },
    Target {
        name: "parse",
        head: "",
        ..PAGE
    },
    Target {
        name: "repeat",
        head: "\0\u{10}",
        ..PAGE
    },
    Target {
        name: "feed",
        cases: "crates/feed/tests/cases",
        inputs: &["input"],
        head: "",
        dictionary: "feed.dict",
        network: false,
    },
    ROBOTS,
    Target {
        name: "letter",
        cases: "fuzz/corpus/letter",
        dictionary: "letter.dict",
        ..ROBOTS
    },
    Target {
        name: "warc",
        cases: "fuzz/corpus/warc",
        dictionary: "warc.dict",
        ..ROBOTS
    },
    Target {
        name: "webhook",
        cases: "fuzz/corpus/webhook",
        dictionary: "webhook.dict",
        ..ROBOTS
    },
];

/// Its kept inputs are all that a target needs which has no cases.
const ROBOTS: Target = Target {
    name: "robots",
    cases: "fuzz/corpus/robots",
    inputs: &[],
    head: "",
    dictionary: "robots.dict",
    network: true,
};

/// Runs one target.
pub(crate) fn target(name: &str, minutes: Option<&str>) -> anyhow::Result<()> {
    let names = TARGETS.map(|target| target.name).join(", ");
    let target = TARGETS.iter().find(|target| target.name == name);
    let target = target.with_context(|| format!("`{name}` is no target (there are {names})"))?;
    let minutes = minutes.map_or(Ok(MINUTES), |text| {
        text.parse()
            .with_context(|| format!("`--minutes {text}`: expected a number"))
    })?;
    let tool = Command::new("cargo").args(["fuzz", "--version"]).output();
    ensure!(
        tool.is_ok_and(|tool| tool.status.success()),
        "cargo-fuzz is missing: `cargo install cargo-fuzz --locked`"
    );
    let (work, kept) = (
        root().join("fuzz/work").join(name),
        root().join("fuzz/corpus").join(name),
    );
    for folder in [&work, &kept] {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    seed(target, &work)?;
    let mut command = Command::new("cargo");
    // Our own code has no `unsafe`, so the address sanitizer would only halve the speed; and this way a stable
    // compiler will do. Overflow and debug assertions are on.
    command.args(["fuzz", "run", "--sanitizer", "none"]);
    if target.network {
        command.args(["--features", "network"]);
    }
    command.arg(name).arg(work).arg(kept).arg("--").args(LIMITS);
    command.arg(format!("-max_total_time={}", 60 * minutes));
    command.arg(format!("-dict=fuzz/{}", target.dictionary));
    run(&mut command)
}

/// Puts the cases of the tests among the target's inputs.
fn seed(target: &Target, work: &Path) -> anyhow::Result<()> {
    let cases = root().join(target.cases);
    for case in fs::read_dir(&cases).with_context(|| format!("cannot read {}", cases.display()))? {
        let case = case?;
        let inputs: Vec<PathBuf> = target
            .inputs
            .iter()
            .map(|input| case.path().join(input))
            .collect();
        for input in inputs.iter().filter(|input| input.exists()) {
            let mut seed = target.head.as_bytes().to_vec();
            seed.extend(fs::read(input)?);
            fs::write(work.join(format!("case-{}", case.file_name().display())), seed)?;
        }
    }
    Ok(())
}
