//! What one more article costs, by how many the window holds, and what a whole morning costs.
//!
//! The texts are made up of numbered words drawn by a fixed rule: a tenth are copies, the rest share only the common
//! words of a language.

use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use reveille_model::{ArticleId, ArticleKind, CanonicalUrl, UnixMillis};
use reveille_stories::{Doc, Folder, Options, fold};

/// Words of an article, about what a news page holds.
const WORDS: u64 = 500;
/// Milliseconds between two articles: ten thousand a day.
const PACE: i64 = 8_640;

/// `SplitMix64` (Steele, Lea and Flood 2014): a fixed scatter of numbers.
fn scattered(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn text(seed: u64) -> String {
    let word = |at: u64| {
        let draw = scattered(seed * 100_003 + at);
        // Half of all words from a hundred common ones, the rest from a large vocabulary.
        let word = if draw.is_multiple_of(2) {
            draw / 2 % 100
        } else {
            draw / 2 % 50_000
        };
        let stop = if at % 18 == 17 { ".\n" } else { " " };
        format!("word{word}{stop}")
    };
    (0..WORDS).map(word).collect()
}

fn url(number: u64) -> CanonicalUrl {
    let text = format!("https://outlet{}.example/{number}", number % 200);
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn doc(number: u64) -> Doc {
    // Every tenth carries the text of the one seven before it.
    let seed = if number % 10 == 9 { number - 7 } else { number };
    Doc {
        id: ArticleId(number as i64),
        source: format!("outlet{}", number % 200),
        carrier: format!("Outlet {}", number % 200),
        url: url(number).into(),
        canonical: None,
        at: UnixMillis(number as i64 * PACE),
        title: format!("Headline {seed} of word{} and word{}", seed % 97, seed % 89),
        text: text(seed),
        origins: Vec::new(),
        kind: ArticleKind::News,
        weight: 1.0,
    }
}

/// A hundred articles on top of a folder that holds so many: the growth table. A million take minutes to push and some
/// ten gigabytes.
fn one_more(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("push to a folder of");
    // Short, so that the folder hardly grows meanwhile.
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(200));
    group.measurement_time(Duration::from_secs(1));
    let mut folder = Folder::new(Options::default());
    let mut number = 0;
    for held in [10_000_u64, 100_000, 1_000_000] {
        while number < held {
            folder.push(&doc(number));
            number += 1;
        }
        group.throughput(Throughput::Elements(100));
        group.bench_function(BenchmarkId::from_parameter(held), |bencher| {
            bencher.iter_batched(
                || {
                    number += 100;
                    (number - 100..number).map(doc).collect::<Vec<Doc>>()
                },
                |docs| docs.iter().filter_map(|doc| folder.push(doc)).count(),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

/// Articles as they come, copies alone and stories too.
fn as_they_come(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("push");
    group.sample_size(10);
    let docs: Vec<Doc> = (0..5_000).map(doc).collect();
    group.throughput(Throughput::Elements(docs.len() as u64));
    for (name, stories) in [("copies", false), ("stories", true)] {
        let options = Options {
            stories,
            ..Options::default()
        };
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut folder = Folder::new(options.clone());
                docs.iter().filter_map(|doc| folder.push(doc)).count()
            });
        });
    }
    group.finish();
}

/// A window folded at once: grouping twice, originals, stories.
fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fold");
    group.sample_size(10);
    for count in [100_u64, 2_000] {
        let docs: Vec<Doc> = (0..count).map(doc).collect();
        group.throughput(Throughput::Elements(count));
        group.bench_function(BenchmarkId::from_parameter(count), |bencher| {
            bencher.iter(|| fold(&docs, &Options::default()));
        });
    }
    group.finish();
}

criterion_group!(benches, as_they_come, whole, one_more);
criterion_main!(benches);
