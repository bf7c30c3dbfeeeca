//! Reads feeds as JSON lines `{name, xml_base64}` from standard input and writes what they say as JSON lines
//! `{name, feed, entries}` or `{name, error}`, for comparison with other feed readers.
//!
//! With `--time N` it reads the feeds N times over instead and prints the throughput.

use std::{
    error::Error,
    io::{self, BufRead, Write},
    time::Instant,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use reveille_feed::{
    Hint, Limits,
    document::{Link, Person, Picture, Record, Tag, Text},
    parse, read,
};
use reveille_model::UnixMillis;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut cases = Vec::new();
    for line in io::stdin().lock().lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let name = line["name"].as_str().unwrap_or_default().to_owned();
        cases.push((
            name,
            STANDARD.decode(line["xml_base64"].as_str().unwrap_or_default())?,
        ));
    }
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("--time") {
        time(
            &cases,
            arguments.next().and_then(|n| n.parse().ok()).unwrap_or(10),
        );
        return Ok(());
    }
    let mut out = io::stdout().lock();
    for (name, bytes) in &cases {
        let answer = match read(bytes, &Hint::default(), Limits::default()) {
            Ok(document) => json!({
                "name": name,
                "feed": record(&document.feed, true),
                "entries": document.entries.iter().map(|entry| record(entry, false)).collect::<Vec<_>>(),
                "faults": document.faults,
            }),
            Err(error) => json!({"name": name, "error": error.to_string()}),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}

fn time(cases: &[(String, Vec<u8>)], rounds: usize) {
    let start = Instant::now();
    let mut entries = 0;
    for _ in 0..rounds {
        for (_, bytes) in cases {
            entries += parse(bytes, &Hint::default()).map_or(0, |feed| feed.entries.len());
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let bytes = rounds * cases.iter().map(|(_, bytes)| bytes.len()).sum::<usize>();
    println!(
        "{:.0} MB/s, {:.0} entries/s",
        bytes as f64 / 1e6 / seconds,
        entries as f64 / seconds
    );
}

fn record(record: &Record, is_feed: bool) -> Value {
    json!({
        "title": record.title.as_ref().map(|text| &text.value),
        (if is_feed { "subtitle" } else { "summary" }): record.summary.as_ref().map(|text| &text.value),
        "link": record.link,
        "id": record.id.as_ref().or(record.link.as_ref().filter(|_| !is_feed)),
        "updated": record.updated.map(date),
        "published": record.published.or(record.created).map(date),
        "author": record.authors.first().map(|p| p.name.clone().or(p.email.clone())),
        "authors": record.authors.iter().map(person).collect::<Vec<_>>(),
        "contributors": record.contributors.iter().map(person).collect::<Vec<_>>(),
        "rights": record.rights.as_ref().map(|text| &text.value),
        "language": record.language,
        "generator": record.generator.as_ref().map(|g| json!({"name": g.name, "href": g.href, "version": g.version})),
        "icon": record.icon,
        "logo": record.logo,
        "image": record.image.as_ref().map(image),
        "tags": record.tags.iter().map(tag).collect::<Vec<_>>(),
        "links": record.links.iter().map(link).collect::<Vec<_>>(),
        "content": (!record.contents.is_empty()).then(|| record.contents.iter().map(text).collect::<Vec<_>>()),
        "ttl": record.ttl,
    })
}

fn date(at: UnixMillis) -> String {
    at.to_string()
}

fn person(person: &Person) -> Value {
    json!({"name": person.name, "email": person.email, "href": person.href})
}

fn text(text: &Text) -> Value {
    json!({"type": text.media.as_str(), "value": text.value, "language": text.language})
}

fn tag(tag: &Tag) -> Value {
    json!({"term": tag.term, "scheme": tag.scheme, "label": tag.label})
}

fn image(image: &Picture) -> Value {
    json!({"href": image.href, "title": image.title, "link": image.link, "width": image.width,
        "height": image.height, "description": image.description})
}

fn link(link: &Link) -> Value {
    json!({"href": link.href, "rel": link.rel, "type": link.media_type, "title": link.title,
        "length": link.length, "hreflang": link.hreflang})
}
