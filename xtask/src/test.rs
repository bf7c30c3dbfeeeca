//! `cargo xtask test`: everything that must hold before a change lands.
//!
//! One throw-away PostgreSQL, on a socket in a temporary folder, serves all tests and ends with them; the browser
//! is started by the tests that need it. Where either is missing they fail, they never skip.

use std::{env, process::Command, time::Instant};

use reveille_testkit::postgres;

use crate::{licences, packages};

/// From which property tests (proptest) make their inputs.
const SEED: &str = "PROPTEST_RNG_SEED";

type Step = (&'static str, fn() -> anyhow::Result<()>);

const STEPS: [Step; 7] = [
    ("packages", packages::install_missing),
    ("format", || cargo(&["fmt", "--all", "--check"])),
    ("licences", licences::check),
    ("lints", || {
        cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "--deny",
            "warnings",
        ])
    }),
    // Examples are what `score` and `replay` run: they must build with everything else.
    ("tests", tests),
    ("doc tests", || {
        cargo(&["test", "--workspace", "--doc", "--quiet"])
    }),
    ("docs", docs),
];

pub(crate) fn run() -> anyhow::Result<()> {
    let begun = Instant::now();
    for (name, step) in STEPS {
        let step_begun = Instant::now();
        step()?;
        eprintln!(
            "xtask: {name}: passed in {:.0} s\n",
            step_begun.elapsed().as_secs_f32()
        );
    }
    eprintln!(
        "xtask: everything passed in {:.0} s",
        begun.elapsed().as_secs_f32()
    );
    Ok(())
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    crate::run(Command::new("cargo").args(arguments))
}

fn tests() -> anyhow::Result<()> {
    let server = postgres::Server::start(&postgres::Durability::None)?;
    let mut tests = Command::new("cargo");
    tests.args(["test", "--workspace", "--lib", "--bins", "--tests", "--examples"]);
    tests.env(postgres::VARIABLE, server.url());
    // The same inputs each time, so that nobody's change fails by chance; `cargo test` and the fuzz targets try others.
    if env::var_os(SEED).is_none() {
        tests.env(SEED, "1");
    }
    crate::run(&mut tests)
}

fn docs() -> anyhow::Result<()> {
    let mut doc = Command::new("cargo");
    crate::run(
        doc.args(["doc", "--workspace", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}
