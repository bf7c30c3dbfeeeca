//! Reads lines `{"id","html"}` and counts the paragraphs on which this crate's parser and html5ever agree.

#[path = "../tests/paragraphs/mod.rs"]
mod paragraphs;

use std::{
    collections::HashMap,
    io::{self, BufRead},
};

use serde_json::Value;

fn main() -> io::Result<()> {
    let (mut pages, mut identical, mut all, mut equal) = (0, 0, 0, 0);
    for line in io::stdin().lock().lines() {
        let page: Value = serde_json::from_str(&line?)?;
        let html = page["html"].as_str().unwrap_or_default();
        let (ours, theirs) = (paragraphs::ours(html), paragraphs::theirs(html));
        let mut open: HashMap<&str, i32> = HashMap::new();
        for paragraph in &ours {
            *open.entry(paragraph).or_default() += 1;
        }
        let mut missed = Vec::new();
        for paragraph in &theirs {
            match open.get_mut(paragraph.as_str()).filter(|left| **left > 0) {
                Some(left) => *left -= 1,
                None => missed.push(paragraph),
            }
        }
        pages += 1;
        identical += usize::from(ours == theirs);
        all += theirs.len();
        equal += theirs.len() - missed.len();
        if let Some(first) = missed.first() {
            println!(
                "{} misses {} of {}: {first:.120}",
                page["id"],
                missed.len(),
                theirs.len()
            );
        }
    }
    println!("{equal} of {all} paragraphs are equal; {identical} of {pages} pages are");
    Ok(())
}
