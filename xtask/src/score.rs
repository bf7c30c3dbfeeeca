//! `cargo xtask score`: runs the data sets of a folder through a crate and compares with the pinned floors.
//!
//! A folder holds the sets and a `score.py` that knows the right answers. The floors stand in `floors.txt` beside
//! this crate, one a line: `extract/fundus shingle_f1 0.950`. A floor only ever rises.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, bail, ensure};

/// One data set: its name, its input, what the scorer calls it, and how the input is read.
struct Set {
    name: String,
    /// Prints the tool's input lines.
    input: Command,
    /// What the scorer is told before the predictions.
    scored_as: PathBuf,
}

pub(crate) fn run(folder: &Path) -> anyhow::Result<()> {
    let folder = fs::canonicalize(folder).with_context(|| format!("no folder {}", folder.display()))?;
    let kind = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
        .to_owned();
    if kind == "html5lib-tests" {
        return html5lib(&folder);
    }
    let (krate, example, sets) = match kind.as_str() {
        "extract" => ("reveille-extract", "extract_jsonl", extract_sets(&folder)?),
        "stories" => ("reveille-stories", "stories_jsonl", story_sets(&folder)?),
        "feeds" => ("reveille-feed", "feed_jsonl", packed_sets(&folder)?),
        "bounces" => ("reveille-mail", "bounces_jsonl", packed_sets(&folder)?),
        _ => bail!(
            "{}: expected a folder called extract, stories, feeds, bounces or html5lib-tests",
            folder.display()
        ),
    };
    let mut below = Vec::new();
    for mut set in sets {
        let predictions = std::env::temp_dir().join(format!("reveille-{kind}-{}.jsonl", set.name));
        predict(krate, example, &mut set.input, &predictions)?;
        let metrics = score(&folder, &kind, &set.scored_as, &predictions)?;
        below.extend(report(&format!("{kind}/{}", set.name), &metrics)?);
    }
    ensure!(below.is_empty(), "below the floor: {}", below.join(", "));
    Ok(())
}

/// Prints the metrics of a set beside their floors, and returns those that are below.
fn report(set: &str, metrics: &[(String, f64)]) -> anyhow::Result<Vec<String>> {
    let floors =
        fs::read_to_string(crate::root().join("xtask/floors.txt")).context("cannot read the floors")?;
    println!("\n{set}");
    let mut below = Vec::new();
    for (metric, value) in metrics {
        let floor = floor(&floors, set, metric);
        let is_below = floor.is_some_and(|floor| *value < floor);
        let mark = if is_below { "BELOW" } else { "" };
        let shown = floor.map_or(String::new(), |floor| format!("floor {floor:.4}"));
        println!("  {metric:<28} {value:>9.4}  {shown:<14} {mark}");
        below.extend(is_below.then(|| format!("{set} {metric}")));
    }
    Ok(below)
}

/// The parser on the tests that HTML parsers share, which know their own right answers.
fn html5lib(folder: &Path) -> anyhow::Result<()> {
    let mut tool = Command::new("cargo");
    tool.args(["run", "--release", "--quiet", "--package", "reveille-extract"]);
    tool.args(["--example", "html5lib", "--"]).arg(folder);
    let below = report("html5lib-tests", &numbers(&crate::output(&mut tool)?)?)?;
    ensure!(below.is_empty(), "below the floor: {}", below.join(", "));
    Ok(())
}

/// `*.jsonl.xz`, unpacked to pages by the folder's own script.
fn extract_sets(folder: &Path) -> anyhow::Result<Vec<Set>> {
    packed(folder)?
        .into_iter()
        .map(|(name, path)| {
            let mut input = Command::new("python3");
            input.arg(folder.join("unpack.py")).arg(&path).arg("-");
            Ok(Set {
                name,
                input,
                scored_as: path,
            })
        })
        .collect()
}

/// `*.jsonl.xz`, whose lines are the input.
fn packed_sets(folder: &Path) -> anyhow::Result<Vec<Set>> {
    packed(folder)?
        .into_iter()
        .map(|(name, path)| {
            let mut input = Command::new("xz");
            input.arg("-dc").arg(&path);
            Ok(Set {
                name,
                input,
                scored_as: path,
            })
        })
        .collect()
}

/// Folders with `docs.jsonl.xz`.
fn story_sets(folder: &Path) -> anyhow::Result<Vec<Set>> {
    let mut sets = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let docs = entry.path().join("docs.jsonl.xz");
        if docs.exists() {
            let mut input = Command::new("xz");
            input.arg("-dc").arg(&docs);
            let name = entry.file_name().to_string_lossy().into_owned();
            sets.push(Set {
                scored_as: PathBuf::from(&name),
                name,
                input,
            });
        }
    }
    sets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sets)
}

fn packed(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut sets = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if let Some(name) = name.strip_suffix(".jsonl.xz") {
            sets.push((name.to_owned(), path));
        }
    }
    sets.sort();
    Ok(sets)
}

fn predict(krate: &str, example: &str, input: &mut Command, predictions: &Path) -> anyhow::Result<()> {
    let mut source = input
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot unpack the set (python3 and xz are needed)")?;
    let lines = source.stdout.take().context("the set cannot be read")?;
    let mut tool = Command::new("cargo");
    tool.args([
        "run",
        "--release",
        "--quiet",
        "--package",
        krate,
        "--example",
        example,
    ]);
    let out = File::create(predictions).with_context(|| format!("cannot write {}", predictions.display()))?;
    crate::run(tool.stdin(lines).stdout(out))?;
    ensure!(source.wait()?.success(), "the set could not be unpacked whole");
    Ok(())
}

/// The scorer's numbers. The feeds' scorer prints a table, whose last line counts; that of bounces a number a line.
fn score(folder: &Path, kind: &str, set: &Path, predictions: &Path) -> anyhow::Result<Vec<(String, f64)>> {
    let mut scorer = Command::new("python3");
    scorer.arg(folder.join("score.py")).arg(set).arg(predictions);
    if kind == "feeds" {
        let table = crate::output(&mut scorer)?;
        let share = table
            .lines()
            .last()
            .and_then(|line| line.rsplit(' ').next())
            .and_then(|word| word.parse().ok());
        return Ok(vec![(
            "all".to_owned(),
            share.context("the scorer printed no share")?,
        )]);
    }
    if kind == "bounces" {
        let table = crate::output(&mut scorer)?;
        let pairs = table.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.to_owned(), words.next()?.parse().ok()?))
        });
        return Ok(pairs.collect());
    }
    numbers(&crate::output(scorer.arg("--json"))?)
}

/// `"name": number` pairs of a JSON text, nested names left as they are.
fn numbers(json: &str) -> anyhow::Result<Vec<(String, f64)>> {
    let parts: Vec<&str> = json.split('"').collect();
    let pairs = parts.windows(2).filter_map(|pair| {
        let value = pair[1].trim_start().strip_prefix(':')?.trim_start();
        let end = value.find([',', '}', '\n']).unwrap_or(value.len());
        Some((pair[0].to_owned(), value[..end].trim().parse().ok()?))
    });
    let pairs: Vec<(String, f64)> = pairs.collect();
    ensure!(!pairs.is_empty(), "the scorer printed no numbers: {json}");
    Ok(pairs)
}

fn floor(floors: &str, set: &str, metric: &str) -> Option<f64> {
    floors.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let found = words.next() == Some(set) && words.next() == Some(metric);
        found.then(|| words.next()?.parse().ok()).flatten()
    })
}
