//! Prints the stories of a stream, a line each, with the one that it carries on and those that stand beside it.
//!
//! An argument is the log-odds from which articles make a story, 0 by default: 1e9 leaves each text alone.
//!
//!     xz -dc docs.jsonl.xz | cargo run --release -p reveille-stories --example threads > out.jsonl

use std::io::{BufWriter, Write};

use reveille_model::ArticleId;
use reveille_stories::{Options, fold, lines::Stream};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stream = Stream::read(std::io::stdin().lock())?;
    let join = std::env::args().nth(1).map_or(Ok(0.0), |join| join.parse())?;
    let options = Options {
        join,
        dated: stream.dated,
        ..Options::default()
    };
    let folding = fold(&stream.docs, &options);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for story in &folding.stories {
        let name = |article: ArticleId| stream.name(article);
        let beside = story
            .beside
            .iter()
            .map(|beside| json!([name(beside.lead), beside.likeness]));
        let line = json!({
            "story": name(story.lead),
            "articles": story.articles.iter().map(|&article| name(article)).collect::<Vec<_>>(),
            "first": story.first.to_string(),
            "last": story.last.to_string(),
            "independent": story.independent,
            "follows": story.follows.and_then(name),
            "beside": beside.collect::<Vec<_>>(),
        });
        writeln!(out, "{line}")?;
    }
    Ok(())
}
