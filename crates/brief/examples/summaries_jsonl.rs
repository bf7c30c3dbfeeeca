//! Reads articles as JSON lines `{"id", "title", "body", "language"}` from standard input and writes
//! `{"id", "title", "summary"}` for each, to look at many summaries at once.

use std::{
    error::Error,
    io::{self, BufRead, Write},
};

use reveille_brief::summarize;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let article: Value = serde_json::from_str(&line?)?;
        let text = |name: &str| article[name].as_str().unwrap_or_default();
        let language = text("language").parse().ok();
        let summary = summarize(text("title"), text("body"), language.as_ref());
        let summary = summary.map(|found| found.printed());
        writeln!(
            out,
            "{}",
            json!({"id": text("id"), "title": text("title"), "summary": summary})
        )?;
    }
    Ok(())
}
