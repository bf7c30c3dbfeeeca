//! The lines in which articles are read by the programs beside it.

use std::io::BufRead;

use reveille_model::{ArticleId, ArticleKind, CanonicalUrl, Day, Published, UnixMillis};
use reveille_stories::{Doc, credits};
use serde_json::Value;

/// What a stream holds.
pub(crate) struct Stream {
    /// The articles; an article's id is its position.
    pub(crate) docs: Vec<Doc>,
    /// Their ids as written.
    pub(crate) names: Vec<Value>,
    /// Whether any article says when it was published.
    pub(crate) dated: bool,
}

/// Reads `{"id","date","source","url","title","text"}`, some with `"canonical"`. An article without a date counts as
/// having come right after the one before it.
pub(crate) fn read(lines: impl BufRead) -> Result<Stream, Box<dyn std::error::Error>> {
    let mut stream = Stream {
        docs: Vec::new(),
        names: Vec::new(),
        dated: false,
    };
    let mut last = UnixMillis(0);
    for line in lines.lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let at = row["date"].as_str().and_then(instant);
        stream.dated |= at.is_some();
        last = at.unwrap_or(last.plus(1));
        stream.docs.push(doc(&row, stream.docs.len(), last)?);
        stream.names.push(row["id"].clone());
    }
    Ok(stream)
}

fn doc(row: &Value, number: usize, at: UnixMillis) -> Result<Doc, Box<dyn std::error::Error>> {
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let url: Option<CanonicalUrl> = text("url").parse().ok();
    let source = match text("source") {
        source if source.is_empty() => url
            .as_ref()
            .map_or_else(|| format!("unknown-{number}"), |url| url.site().to_owned()),
        source => source,
    };
    let url = match url {
        Some(url) => url,
        None => format!("https://unknown.example/{number}").parse()?,
    };
    let body = text("text");
    Ok(Doc {
        id: ArticleId(number as i64),
        carrier: source.clone(),
        source,
        url,
        canonical: text("canonical").parse().ok(),
        at,
        title: text("title"),
        origins: credits(&body),
        text: body,
        kind: ArticleKind::News,
        weight: 1.0,
    })
}

/// An RFC 3339 instant, the same without a zone (taken as UTC), or a day, which counts as its end.
fn instant(date: &str) -> Option<UnixMillis> {
    if date.len() == "2031-03-10".len() {
        return date.parse::<Day>().ok().map(|day| Published::Day(day).latest());
    }
    date.parse().or_else(|_| format!("{date}Z").parse()).ok()
}
