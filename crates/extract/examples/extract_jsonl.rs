//! Reads lines `{"id","url","html"}` and writes one line of what was found for each, in the same order.
//!
//! `cargo run --release -p reveille-extract --example extract_jsonl < pages.jsonl > found.jsonl`; with `--time` it writes
//! only how many pages a second of one core were extracted.

use std::{
    io::{self, BufRead, BufWriter, Write},
    time::{Duration, Instant},
};

use reveille_extract::{Extraction, explain, extract};
use reveille_model::{Article, CanonicalUrl};
use serde_json::{Value, json};

/// How often a page is timed; its least time counts, since the machine may be busy with something else.
const RUNS: usize = 5;

fn main() -> io::Result<()> {
    let traced = std::env::args().any(|argument| argument == "--trace");
    let only_time = std::env::args().any(|argument| argument == "--time");
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut pages, mut bytes, mut spent) = (0_u32, 0, Duration::ZERO);
    for line in io::stdin().lock().lines() {
        let page: Value = serde_json::from_str(&line?)?;
        let html = page["html"].as_str().unwrap_or_default();
        let url = address(page["url"].as_str().unwrap_or_default());
        let timed = || {
            let began = Instant::now();
            let read = if traced { explain } else { extract };
            let found = read(html.as_bytes(), &url, Some("utf-8"));
            (began.elapsed(), found)
        };
        let (mut least, found) = timed();
        for _ in 1..if only_time { RUNS } else { 1 } {
            least = least.min(timed().0);
        }
        spent += least;
        pages += 1;
        bytes += html.len();
        if !only_time {
            writeln!(out, "{}", line_of(&page["id"], &found))?;
        }
    }
    eprintln!(
        "{pages} pages, {} KB on average, {:.0} pages a second",
        bytes / 1024 / pages.max(1) as usize,
        f64::from(pages) / spent.as_secs_f64()
    );
    out.flush()
}

/// Some sets have names where addresses should be.
fn address(text: &str) -> CanonicalUrl {
    let nowhere = || "http://page.invalid/".parse();
    text.parse()
        .or_else(|_| nowhere())
        .unwrap_or_else(|_| unreachable!("the address above is valid"))
}

/// The body as the page prints it, with its dateline: as the scored sets have it.
fn printed(article: &Article) -> String {
    let text = article.text();
    let Some(dateline) = &article.dateline else {
        return text;
    };
    let stands = !dateline.place.is_empty()
        && article
            .body
            .iter()
            .any(|block| block.text.starts_with(&dateline.place));
    if stands {
        return text;
    }
    let parts = [
        Some(&dateline.place),
        dateline.date.as_ref(),
        dateline.agency.as_ref(),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    format!("{} — {text}", parts.join(" "))
}

fn line_of(id: &Value, found: &Extraction) -> Value {
    let article = &found.article;
    json!({
        "id": id,
        "title": article.title,
        "body": printed(article),
        "authors": found.byline.iter().map(|name| &name.name).collect::<Vec<_>>(),
        "published": found.published.map(|stamp| stamp.to_string()),
        "language": article.language,
        "carrier": article.carrier,
        "agency": article.writer().map(|origin| &origin.name),
        "dateline": article.dateline.as_ref().map(|dateline| &dateline.place),
        "canonical_url": article.canonical_url,
        "original_url": article.original_url(),
        "trace": std::env::args().any(|argument| argument == "--trace").then(|| {
            let line = |verdict: &reveille_extract::Verdict| {
                json!([verdict.kept, verdict.reason.as_str(), verdict.place, verdict.text])
            };
            found.trace.iter().map(line).collect::<Vec<_>>()
        }),
        "kind": article.kind,
        "paywalled": article.paywalled,
    })
}
