//! Groups a stream of articles, as the scorers of story and copy detection speak it: see [`reveille_stories::lines`].
//!
//! An argument is the log-odds from which articles make a story, 0 by default.
//!
//!     xz -dc docs.jsonl.xz | cargo run --release -p reveille-stories --example stories_jsonl > out.jsonl

use std::io::{BufWriter, Write};

use reveille_stories::{Options, fold, lines::Stream};

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
    for answer in stream.answers(&folding) {
        writeln!(out, "{answer}")?;
    }
    Ok(())
}
