//! Prints the figures behind decisions, one line a pair, for learning weights and for looking into errors.
//!
//!     … --example lab --features lab -- copies DOCS.jsonl PAIRS.tsv     lines of PAIRS: two ids and a label
//!     … --example lab --features lab -- stories DOCS.jsonl LABELS.tsv   lines of LABELS: an id and its story

use std::collections::HashMap;
use std::io::BufReader;

use reveille_stories::lines::Stream;
use reveille_stories::{Options, lab};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, docs, labels] = arguments.as_slice() else {
        return Err("expected: copies DOCS.jsonl PAIRS.tsv, or stories DOCS.jsonl LABELS.tsv".into());
    };
    let stream = Stream::read(BufReader::new(std::fs::File::open(docs)?))?;
    let labels = std::fs::read_to_string(labels)?;
    match what.as_str() {
        "copies" => copies(&stream, &labels),
        "stories" => stories(&stream, &labels),
        other => return Err(format!("`{other}` is unknown (expected: copies, stories)").into()),
    }
    Ok(())
}

fn positions(stream: &Stream) -> HashMap<&str, usize> {
    let named = stream.docs.iter().zip(0..);
    named
        .filter_map(|(doc, at)| Some((stream.name(doc.id)?.as_str()?, at)))
        .collect()
}

/// The id of the article at a position, as its line has it.
fn name(stream: &Stream, at: usize) -> &Value {
    stream.name(stream.docs[at].id).unwrap_or(&Value::Null)
}

fn copies(stream: &Stream, pairs: &str) {
    let at = positions(stream);
    let row = |line| {
        let mut fields = str::split(line, '\t');
        Some((*at.get(fields.next()?)?, *at.get(fields.next()?)?, fields.next()?))
    };
    let rows: Vec<(usize, usize, &str)> = pairs.lines().filter_map(row).collect();
    let wanted: Vec<(usize, usize)> = rows.iter().map(|row| (row.0, row.1)).collect();
    for ((a, b, label), figures) in rows.iter().zip(lab::copy_figures(&stream.docs, &wanted)) {
        let figures: Vec<String> = figures.iter().map(|figure| format!("{figure:.3}")).collect();
        println!(
            "{label}\t{}\t{}\t{}",
            name(stream, *a),
            name(stream, *b),
            figures.join("\t")
        );
    }
}

fn stories(stream: &Stream, labels: &str) {
    let at = positions(stream);
    let mut numbers = HashMap::new();
    let label = labels.lines().filter_map(|line| {
        let (id, story) = line.split_once('\t')?;
        let next = numbers.len() as u32;
        Some((*at.get(id)?, *numbers.entry(story).or_insert(next)))
    });
    let label = label.collect();
    let options = Options {
        dated: stream.dated,
        ..Options::default()
    };
    for pair in lab::story_figures(&stream.docs, &options, 7, &label) {
        let (a, b) = pair.texts;
        let figures: Vec<String> = pair
            .similarities
            .iter()
            .map(|figure| format!("{figure:.4}"))
            .collect();
        println!(
            "{}\t{}\t{}\t{:.3}\t{}\t{}",
            u8::from(label[&a] == label[&b]),
            name(stream, a),
            name(stream, b),
            pair.gap as f64 / 86_400_000.0,
            pair.length,
            figures.join("\t")
        );
    }
}
