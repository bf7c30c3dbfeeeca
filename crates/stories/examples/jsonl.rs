//! Groups a stream of articles, one JSON object a line, as the scorers of story and copy detection speak it.
//!
//! In: `{"id","date","source","url","title","text"}`, some with `"canonical"`, in stream order. Out:
//! `{"id","story","copy_of":id|null,"link":"same"|"update"|"excerpt"|null,"agency":"AP"|null,"overlap":0..1}`.
//!
//!     xz -dc docs.jsonl.xz | cargo run --release -p reveille-stories --example jsonl > out.jsonl

use std::collections::HashMap;
use std::io::{BufRead, BufWriter, Write};

use reveille_model::{ArticleId, ArticleKind, CanonicalUrl, Published, UnixMillis};
use reveille_stories::{Doc, Options, agency_named, credits, fold};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut names = Vec::new();
    let mut docs = Vec::new();
    let mut last = UnixMillis(0);
    let mut dated = false;
    for line in std::io::stdin().lock().lines() {
        let row: Value = serde_json::from_str(&line?)?;
        let at = row["date"].as_str().and_then(instant);
        dated |= at.is_some();
        last = at.unwrap_or(last.plus(1));
        docs.push(doc(&row, docs.len(), last)?);
        names.push(row["id"].clone());
    }
    let options = Options {
        dated,
        ..Options::default()
    };
    let folding = fold(&docs, &options);

    let mut story_of = HashMap::new();
    let mut agency_of = HashMap::new();
    for story in &folding.stories {
        for &article in &story.articles {
            story_of.insert(article, story.lead);
        }
    }
    for doc in &docs {
        let best = doc
            .origins
            .iter()
            .filter(|origin| origin.class == reveille_model::OriginClass::Original);
        if let Some(agency) = best.filter_map(|origin| agency_named(&origin.name)).next() {
            agency_of.insert(doc.id, agency.short);
        }
    }
    let copy_of: HashMap<_, _> = folding.copies.iter().map(|copy| (copy.article, copy)).collect();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (doc, name) in docs.iter().zip(&names) {
        let copy = copy_of.get(&doc.id);
        let line = json!({
            "id": name,
            "story": story_of.get(&doc.id).map(|lead| &names[lead.0 as usize]),
            "copy_of": copy.map(|copy| &names[copy.of.0 as usize]),
            "link": copy.map(|copy| copy.link.as_str()),
            "agency": copy.and_then(|copy| agency_named(copy.name.as_deref()?)).map(|agency| agency.short).or(agency_of.get(&doc.id).copied()),
            "overlap": copy.map_or(0.0, |copy| copy.overlap),
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
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
    date.parse::<Published>()
        .or_else(|_| format!("{date}Z").parse())
        .ok()
        .map(Published::latest)
}
