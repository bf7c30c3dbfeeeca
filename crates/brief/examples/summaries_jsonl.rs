//! Reads articles as JSON lines `{"id", "title", "body", "dateline", "language"}` from standard input, the body as text
//! or, behind `blocks`, as `extract_jsonl --blocks` writes it, and writes `{"id", "title", "summary", "start"}` for each,
//! to look at many summaries at once.

use std::{
    error::Error,
    io::{self, BufRead, Write},
};

use reveille_brief::summarize;
use reveille_model::paragraphs_of;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let article: Value = serde_json::from_str(&line?)?;
        let text = |name: &str| article[name].as_str().unwrap_or_default();
        let language = text("language").parse().ok();
        let body = match article.get("blocks") {
            Some(blocks) => serde_json::from_value(blocks.clone())?,
            None => paragraphs_of(text("body")),
        };
        let summary = summarize(
            text("title"),
            &body,
            article["dateline"].as_str(),
            language.as_ref(),
        );
        let start = summary.as_ref().map(|found| found.extract.start);
        let summary = summary.map(|found| found.printed());
        writeln!(
            out,
            "{}",
            json!({"id": text("id"), "title": text("title"), "summary": summary, "start": start})
        )?;
    }
    Ok(())
}
