//! Reads lines `{"id","url","html"}` and writes one line of what was found for each, in the same order.
//!
//! `cargo run --release -p reveille-extract --example extract_jsonl < pages.jsonl > found.jsonl`; with `--time` it writes
//! only how many pages a second of one core were extracted, with `--blocks` the body's blocks too. `reveille extract --jsonl` does the same with all that a
//! product needs; this one builds in seconds.

use std::{
    io::{self, BufRead, BufWriter, Write},
    time::{Duration, Instant},
};

use reveille_extract::{NOWHERE, Record, explain, extract};
use reveille_model::{Block, CanonicalUrl};
use serde::Serialize;
use serde_json::Value;

/// How often a page is timed; its least time counts, since the machine may be busy with something else.
const RUNS: usize = 5;

#[derive(Serialize)]
struct Line<'a> {
    id: &'a Value,
    #[serde(flatten)]
    record: Record<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocks: Option<&'a [Block]>,
}

fn main() -> io::Result<()> {
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    let (traced, only_time, with_blocks) = (asked("--trace"), asked("--time"), asked("--blocks"));
    let nowhere: CanonicalUrl = NOWHERE.parse().map_err(io::Error::other)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut pages, mut bytes, mut spent, mut most) = (0_u32, 0, Duration::ZERO, Duration::ZERO);
    for line in io::stdin().lock().lines() {
        let page: Value = serde_json::from_str(&line?)?;
        let html = page["html"].as_str().unwrap_or_default();
        // Some sets have names where addresses should be.
        let url = page["url"].as_str().and_then(|url| url.parse().ok());
        let url = url.as_ref().unwrap_or(&nowhere);
        let timed = || {
            let began = Instant::now();
            let read = if traced { explain } else { extract };
            let found = read(html.as_bytes(), url, Some("utf-8"));
            (began.elapsed(), found)
        };
        let (mut least, found) = timed();
        for _ in 1..if only_time { RUNS } else { 1 } {
            least = least.min(timed().0);
        }
        spent += least;
        most = most.max(least);
        pages += 1;
        bytes += html.len();
        if !only_time {
            let record = Record::of(&found);
            serde_json::to_writer(
                &mut out,
                &Line {
                    id: &page["id"],
                    record,
                    blocks: with_blocks.then_some(&found.article.body[..]),
                },
            )?;
            out.write_all(b"\n")?;
        }
    }
    eprintln!(
        "{pages} pages, {} KB on average, {:.0} pages a second, the slowest in {:.1} ms",
        bytes / 1024 / pages.max(1) as usize,
        f64::from(pages) / spent.as_secs_f64(),
        most.as_secs_f64() * 1000.0
    );
    out.flush()
}
