//! Megabytes a second of one core over whole feeds, and feed-rs beside it.
//!
//! Reads the inputs of the cases or, where `REVEILLE_BENCH_FEEDS` names one, of a file of lines `{"name","xml_base64"}`.
//! The peer is built with `--features peers`, as `cargo xtask bench feed` does.

use std::{
    collections::BTreeMap,
    fs,
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use criterion::{Criterion, SamplingMode, Throughput};
use reveille_feed::{Hint, Limits, lines, parse, read};

/// Reads one feed; how many entries there were.
type Reader = fn(&[u8]) -> usize;

const READERS: &[(&str, Reader)] = &[
    ("reveille, what it says", |bytes| {
        read(bytes, &Hint::default(), Limits::default())
            .map_or(0, |document| black_box(document).entries.len())
    }),
    ("reveille, the whole", |bytes| {
        parse(bytes, &Hint::default()).map_or(0, |feed| black_box(feed).entries.len())
    }),
    #[cfg(feature = "peers")]
    ("feed-rs", |bytes| {
        feed_rs::parser::parse(bytes).map_or(0, |feed| black_box(feed).entries.len())
    }),
];

fn main() {
    let feeds = feeds();
    let bytes: usize = feeds.iter().map(Vec::len).sum();
    println!("{} feeds, {} KB", feeds.len(), bytes / 1024);
    let mut criterion = Criterion::default().configure_from_args();
    let mut least = BTreeMap::new();
    let mut group = criterion.benchmark_group("feeds");
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(30)
        .throughput(Throughput::Bytes(bytes as u64));
    for (name, read) in READERS {
        group.bench_function(*name, |bencher| {
            bencher.iter_custom(|rounds| {
                let mut spent = Duration::ZERO;
                for _ in 0..rounds {
                    let begun = Instant::now();
                    black_box(feeds.iter().map(|bytes| read(bytes)).sum::<usize>());
                    let round = begun.elapsed();
                    spent += round;
                    let best: &mut Duration = least.entry(*name).or_insert(round);
                    *best = round.min(*best);
                }
                spent
            });
        });
    }
    group.finish();
    print_table(&feeds, bytes, &least);
}

/// The least round of each: whatever else the machine does only adds to it.
fn print_table(feeds: &[Vec<u8>], bytes: usize, least: &BTreeMap<&str, Duration>) {
    println!("\n{:<26}{:>8}{:>10}", "", "MB/s", "entries");
    for (name, read) in READERS {
        let Some(least) = least.get(name) else { continue };
        let speed = bytes as f64 / 1e6 / least.as_secs_f64();
        let entries: usize = feeds.iter().map(|bytes| read(bytes)).sum();
        println!("{name:<26}{speed:>8.0}{entries:>10}");
    }
    if !cfg!(feature = "peers") {
        println!("\nThe peer (feed-rs): --features peers");
    }
}

fn feeds() -> Vec<Vec<u8>> {
    let Some(path) = std::env::var_os("REVEILLE_BENCH_FEEDS") else {
        return cases();
    };
    let fail = |error: &dyn std::fmt::Display| -> ! { panic!("{}: {error}", Path::new(&path).display()) };
    let text = fs::read_to_string(&path).unwrap_or_else(|error| fail(&error));
    let feed = |line: &str| lines::parse_line(line).unwrap_or_else(|error| fail(&error)).1;
    text.lines().map(feed).collect()
}

fn cases() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let cases = fs::read_dir(root).unwrap_or_else(|error| panic!("the cases: {error}"));
    cases
        .filter_map(|case| fs::read(case.ok()?.path().join("input")).ok())
        .collect()
}
