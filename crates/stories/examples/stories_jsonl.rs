//! Groups a stream of articles, one JSON object a line, as the scorers of story and copy detection speak it.
//!
//! In: `{"id","date","source","url","title","text"}`, some with `"canonical"`, in stream order. Out:
//! `{"id","story","copy_of":id|null,"link":"same"|"update"|"excerpt"|null,"agency":"AP"|null,"overlap":0..1}`.
//!
//! An argument is the log-odds from which articles make a story, 0 by default.
//!
//!     xz -dc docs.jsonl.xz | cargo run --release -p reveille-stories --example stories_jsonl > out.jsonl

use std::collections::HashMap;
use std::io::{BufWriter, Write};

mod lines;

use lines::Stream;
use reveille_stories::{Options, agency_named, fold};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Stream { docs, names, dated } = lines::read(std::io::stdin().lock())?;
    let join = std::env::args().nth(1).map_or(Ok(0.0), |join| join.parse())?;
    let options = Options {
        join,
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
