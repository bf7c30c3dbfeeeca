//! Prints the figures behind decisions, one line a pair, for learning weights and for looking into errors.
//!
//!     … --example lab --features lab -- copies DOCS.jsonl PAIRS.tsv     each line of PAIRS: two ids and a label

mod lines;

use std::collections::HashMap;
use std::io::BufReader;

use reveille_stories::lab;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, docs, pairs] = arguments.as_slice() else {
        return Err("expected: copies DOCS.jsonl PAIRS.tsv".into());
    };
    let stream = lines::read(BufReader::new(std::fs::File::open(docs)?))?;
    let at: HashMap<&str, usize> = (0..)
        .zip(&stream.names)
        .filter_map(|(at, id)| Some((id.as_str()?, at)))
        .collect();
    let text = std::fs::read_to_string(pairs)?;
    let rows: Vec<(usize, usize, &str)> = text
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('\t');
            Some((*at.get(fields.next()?)?, *at.get(fields.next()?)?, fields.next()?))
        })
        .collect();
    let wanted: Vec<(usize, usize)> = rows.iter().map(|row| (row.0, row.1)).collect();
    match what.as_str() {
        "copies" => {
            for ((a, b, label), figures) in rows.iter().zip(lab::copy_figures(&stream.docs, &wanted)) {
                let figures: Vec<String> = figures.iter().map(|figure| format!("{figure:.3}")).collect();
                println!(
                    "{label}\t{}\t{}\t{}",
                    stream.names[*a],
                    stream.names[*b],
                    figures.join("\t")
                );
            }
        }
        other => return Err(format!("`{other}` is unknown (expected: copies)").into()),
    }
    Ok(())
}
