//! `reveille feed`: what a feed says, from a file, an address or standard input.

use std::io::Read;

use anyhow::Context;
use reveille_feed::{
    Hint, Limits,
    document::{Document, Record},
    lines, read,
};
use reveille_gather::Accept;
use url::Url;

use super::input;
use crate::{
    cli::{FeedFormat, Global, ReadFeed},
    print,
};

/// A document and what came with it.
struct Found {
    bytes: Vec<u8>,
    url: Option<Url>,
    content_type: Option<String>,
}

pub(super) async fn run(global: &Global, options: &ReadFeed) -> anyhow::Result<()> {
    if options.jsonl {
        return input::answer_lines(&options.place, lines::answer_line);
    }
    let place = input::name(&options.place);
    let found = if input::is_address(&options.place) {
        let document = input::fetch(global, &options.place, Accept::Feed).await?;
        Found {
            url: Some(document.url.url().clone()),
            content_type: document.content_type,
            bytes: document.body,
        }
    } else {
        let mut bytes = Vec::new();
        let most = Limits::default().bytes as u64;
        let (opened, _) = input::open(&options.place)?;
        opened
            .take(most + 1)
            .read_to_end(&mut bytes)
            .with_context(|| format!("cannot read {place}"))?;
        Found {
            bytes,
            url: None,
            content_type: None,
        }
    };
    let hint = Hint {
        url: found.url.as_ref(),
        content_type: found.content_type.as_deref(),
    };
    let document = read(&found.bytes, &hint, Limits::default()).with_context(|| place.to_owned())?;
    match options.format {
        FeedFormat::Json => print::line(serde_json::to_string_pretty(&lines::describe(&document))?),
        FeedFormat::Text => print::line(told(&document).trim_end()),
    }
}

/// The document in a few lines for a person.
fn told(document: &Document) -> String {
    let title = document
        .feed
        .title
        .as_ref()
        .map_or("", |text| text.value.as_str());
    let mut out = format!("{}: {title}\n", document.format.name());
    for fault in &document.faults {
        out.push_str(&format!("forgiven: {fault}\n"));
    }
    for part in &document.parts {
        out.push_str(&format!("goes on at {part}\n"));
    }
    out.push_str(&format!("entries: {}\n", document.entries.len()));
    for entry in &document.entries {
        out.push_str(&entry_line(entry));
        out.push('\n');
    }
    out
}

/// `2026-03-16T06:30:00Z  Title  address`, and for a wire message what it does.
fn entry_line(entry: &Record) -> String {
    let at = entry.published.or(entry.updated).map(|at| at.to_string());
    let title = entry
        .title
        .as_ref()
        .map(|text| text.value.split_whitespace().collect::<Vec<_>>().join(" "));
    let action = entry.wire.as_ref().map(|wire| match wire.version {
        Some(version) => format!("[{}, version {version}]", wire.action().name()),
        None => format!("[{}]", wire.action().name()),
    });
    let place = entry.link.clone().or_else(|| entry.id.clone());
    let parts = [at, action, title, place];
    parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("  ")
}
