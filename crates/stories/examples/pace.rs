//! How many articles a second are folded, one line of JSON an article; reading JSON and credits is not counted.
//! An argument picks the lines whose name begins so, for a profiler.
//!
//!     xz -dc docs.jsonl.xz | cargo run --release -p reveille-stories --example pace

use std::time::Duration;

use reveille_stories::{Doc, Folder, Options, fold, lines::Stream};

mod clock;

use clock::timed;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let stream = Stream::read(std::io::stdin().lock())?;
    let stories = Options {
        dated: stream.dated,
        ..Options::default()
    };
    let copies = Options {
        stories: false,
        ..stories.clone()
    };
    let docs = &stream.docs;
    report("copies, as they come", docs, || push(docs, &copies));
    report("stories, as they come", docs, || push(docs, &stories));
    report("stories, folded at once", docs, || drop(fold(docs, &stories)));
    Ok(())
}

fn push(docs: &[Doc], options: &Options) {
    let mut folder = Folder::new(options.clone());
    for doc in docs {
        folder.push(doc);
    }
}

/// The best of three: whatever else runs on the machine only ever adds.
fn report(what: &str, docs: &[Doc], run: impl Fn()) {
    if std::env::args()
        .nth(1)
        .is_some_and(|wanted| !what.starts_with(&wanted))
    {
        return;
    }
    let best = (0..3).map(|_| timed(&run)).min().unwrap_or(Duration::MAX);
    println!("{what}: {:.0} articles/s", docs.len() as f64 / best.as_secs_f64());
}
