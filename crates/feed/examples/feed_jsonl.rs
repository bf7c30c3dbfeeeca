//! Reads feeds as JSON lines from standard input and writes what they say as JSON lines; see `reveille_feed::lines`.
//!
//! With `--time N` it reads the feeds N times over instead and prints the throughput of the fastest time.

use std::{
    error::Error,
    io::{self, BufRead, Write},
    time::{Duration, Instant},
};

use reveille_feed::{Hint, lines, parse};

fn main() -> Result<(), Box<dyn Error>> {
    let mut cases = Vec::new();
    for line in io::stdin().lock().lines() {
        cases.push(lines::parse_line(&line?)?);
    }
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--time") {
        let rounds = arguments.next().and_then(|n| n.parse().ok());
        time(&cases, rounds.unwrap_or(10));
        return Ok(());
    }
    let mut out = io::stdout().lock();
    for (name, bytes) in &cases {
        writeln!(out, "{}", lines::answer(name, bytes))?;
    }
    Ok(())
}

fn time(cases: &[(String, Vec<u8>)], rounds: usize) {
    let (mut least, mut entries) = (Duration::MAX, 0);
    for _ in 0..rounds {
        let start = Instant::now();
        entries = 0;
        for (_, bytes) in cases {
            entries += parse(bytes, &Hint::default()).map_or(0, |feed| feed.entries.len());
        }
        least = least.min(start.elapsed());
    }
    let bytes: usize = cases.iter().map(|(_, bytes)| bytes.len()).sum();
    println!(
        "{:.0} MB/s, {:.0} entries/s",
        bytes as f64 / 1e6 / least.as_secs_f64(),
        entries as f64 / least.as_secs_f64()
    );
}
