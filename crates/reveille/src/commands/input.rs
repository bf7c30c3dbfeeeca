//! What a command reads that a person names: a file, `-` for standard input, or an address.

use std::{
    fs::{File, Metadata},
    io::{self, BufRead, BufReader, BufWriter, IsTerminal, Read, Write},
};

use anyhow::{Context, bail};
use reveille_gather::{Accept, Document};

use super::{OF_COMMAND, clock_of, load, start_log};
use crate::{
    app,
    cli::{self, Global},
};

/// Whether it names something to be fetched.
pub(super) fn is_address(place: &str) -> bool {
    place.starts_with("http://") || place.starts_with("https://")
}

/// How a person calls it.
pub(super) fn name(place: &str) -> &str {
    if place == "-" { "standard input" } else { place }
}

/// A file, or standard input; and how many bytes there are, where that is known.
///
/// # Errors
/// Where the file cannot be opened, or nothing is piped in.
pub(super) fn open(place: &str) -> anyhow::Result<(Box<dyn Read + Send>, Option<u64>)> {
    if place != "-" {
        let file = File::open(place).with_context(|| format!("cannot read {place}"))?;
        let size = file.metadata().ok().filter(Metadata::is_file);
        return Ok((Box::new(file), size.map(|file| file.len())));
    }
    if io::stdin().is_terminal() {
        return Err(cli::misuse("name a file, or pipe in what is to be read").into());
    }
    Ok((Box::new(io::stdin()), None))
}

/// Answers each line of a file or of standard input that is not empty by one line, in the same order.
///
/// # Errors
/// Where the lines cannot be read or the answers not be written.
pub(super) fn answer_lines(place: &str, answer: impl Fn(&str) -> serde_json::Value) -> anyhow::Result<()> {
    if is_address(place) {
        bail!("lines are read from a file or standard input, not from an address");
    }
    let mut out = BufWriter::new(io::stdout().lock());
    for line in BufReader::new(open(place)?.0).lines() {
        let line = line.context("cannot read the lines")?;
        if !line.trim().is_empty() {
            writeln!(out, "{}", answer(&line))?;
        }
    }
    Ok(out.flush()?)
}

/// Asks for what stands at an address, once.
///
/// # Errors
/// Where the settings are faulty, it is no address, or nothing can be had there.
pub(super) async fn fetch(global: &Global, address: &str, accept: Accept) -> anyhow::Result<Document> {
    let config = load(global)?;
    start_log(&config, OF_COMMAND);
    let gatherer = app::gatherer(&config, clock_of(global))?;
    let fetched = gatherer.read(address.parse()?, accept);
    fetched
        .await
        .with_context(|| format!("{address} could not be read"))
}
