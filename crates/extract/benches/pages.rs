//! Pages a second of one core, and memory a page takes: the parser, the whole extraction, and others' beside them.
//!
//! Reads the pages of the cases or, where `REVEILLE_BENCH_PAGES` names one, of a file of lines `{"id","url","html"}`.
//! The peers are built with `--features peers`, as `cargo xtask bench extract` does.

#[path = "../tests/shapes/mod.rs"]
mod shapes;

use std::{
    collections::BTreeMap,
    fs,
    hint::black_box,
    panic::catch_unwind,
    path::Path,
    time::{Duration, Instant},
};

use criterion::{Criterion, SamplingMode, Throughput};
use peak_alloc::PeakAlloc;
use reveille_extract::{NOWHERE, extract, parse::Document};
use reveille_model::CanonicalUrl;
use serde_json::Value;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// So many pages are taken from a larger set, spread evenly over it: the slowest peer then takes seconds for a round.
const MOST: usize = 200;

struct Page {
    html: String,
    url: CanonicalUrl,
}

/// Reads one page; false where it fails.
type Reader = fn(&Page) -> bool;

const READERS: &[(&str, Reader)] = &[
    ("reveille, parsing alone", |page| {
        black_box(Document::parse(&page.html));
        true
    }),
    ("reveille, the whole", |page| {
        black_box(extract(page.html.as_bytes(), &page.url, Some("utf-8")));
        true
    }),
    ("html5ever, parsing alone", |page| {
        black_box(scraper::Html::parse_document(&page.html));
        true
    }),
    #[cfg(feature = "peers")]
    ("dom_smoothie", |page| {
        let read = dom_smoothie::Readability::new(page.html.as_str(), Some(page.url.as_str()), None);
        read.is_ok_and(|mut read| black_box(read.parse()).is_ok())
    }),
    #[cfg(feature = "peers")]
    ("rs-trafilatura", |page| {
        black_box(rs_trafilatura::extract(&page.html)).is_ok()
    }),
    #[cfg(feature = "peers")]
    ("trafilatura", |page| {
        black_box(trafilatura::extract(&page.html, &trafilatura::Options::default())).is_ok()
    }),
];

fn main() {
    let pages = pages();
    let bytes: usize = pages.iter().map(|page| page.html.len()).sum();
    println!(
        "{} pages of {} KB on average",
        pages.len(),
        bytes / 1024 / pages.len()
    );
    // Peers panic on some pages; that is counted, not shown.
    std::panic::set_hook(Box::new(|_| {}));
    let mut criterion = Criterion::default().configure_from_args();
    let mut least = BTreeMap::new();
    let mut group = criterion.benchmark_group("pages");
    group
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .throughput(Throughput::ElementsAndBytes {
            elements: pages.len() as u64,
            bytes: bytes as u64,
        });
    for (name, read) in READERS {
        group.bench_function(*name, |bencher| {
            bencher.iter_custom(|rounds| {
                let mut spent = Duration::ZERO;
                for _ in 0..rounds {
                    let begun = Instant::now();
                    pages.iter().for_each(|page| drop(catch_unwind(|| read(page))));
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
    print_table(&pages, &least);
    print_hostile();
}

/// What the extraction takes for pages that are as bad as they can be, each at its best of some rounds.
fn print_hostile() {
    const ROUNDS: usize = 5;
    println!("\n{:<26}{:>10}{:>16}", "hostile pages", "ms", "most memory");
    for (name, html) in shapes::pages() {
        let page = Page {
            html,
            url: address(""),
        };
        let round = || {
            let begun = Instant::now();
            black_box(extract(page.html.as_bytes(), &page.url, Some("utf-8")));
            begun.elapsed()
        };
        let least = (0..ROUNDS).map(|_| round()).min().unwrap_or_default();
        let (memory, _) = memory(std::slice::from_ref(&page), |page| {
            black_box(extract(page.html.as_bytes(), &page.url, Some("utf-8")));
            true
        });
        println!(
            "{name:<26}{:>10.1}{:>13} KB",
            least.as_secs_f64() * 1000.0,
            memory / 1024
        );
    }
}

/// The least round of each: whatever else the machine does only adds to it.
fn print_table(pages: &[Page], least: &BTreeMap<&str, Duration>) {
    let speed = |name: &str| Some(pages.len() as f64 / least.get(name)?.as_secs_f64());
    let ours = speed("reveille, the whole");
    println!(
        "\n{:<26}{:>10}{:>16}{:>16}{:>8}",
        "", "pages/s", "whole is faster", "most memory", "failed"
    );
    for (name, read) in READERS {
        let Some(speed) = speed(name) else { continue };
        let times = ours.map_or(String::new(), |ours| format!("{:.1} x", ours / speed));
        let (memory, failed) = memory(pages, *read);
        println!(
            "{name:<26}{speed:>10.0}{times:>16}{:>13} KB{failed:>8}",
            memory / 1024
        );
    }
    if !cfg!(feature = "peers") {
        println!("\nThe peers (dom_smoothie, rs-trafilatura, trafilatura): --features peers");
    }
}

/// The most memory that any page took beside its own bytes, and how many pages failed.
fn memory(pages: &[Page], read: Reader) -> (usize, usize) {
    let (mut most, mut failed) = (0, 0);
    for page in pages {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        failed += usize::from(!catch_unwind(|| read(page)).unwrap_or(false));
        most = most.max(MEMORY.peak_usage().saturating_sub(before));
    }
    (most, failed)
}

fn pages() -> Vec<Page> {
    let pages = match std::env::var_os("REVEILLE_BENCH_PAGES") {
        Some(path) => lines(path.as_ref()),
        None => cases(),
    };
    let step = pages.len().div_ceil(MOST).max(1);
    pages.into_iter().step_by(step).collect()
}

fn lines(path: &Path) -> Vec<Page> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let page = |line: &str| {
        let line: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Page {
            html: line["html"].as_str().unwrap_or_default().to_owned(),
            url: address(line["url"].as_str().unwrap_or_default()),
        }
    };
    text.lines().map(page).collect()
}

fn cases() -> Vec<Page> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let cases = fs::read_dir(root).unwrap_or_else(|error| panic!("the cases: {error}"));
    let page = |case: std::io::Result<fs::DirEntry>| {
        let html = fs::read(case.ok()?.path().join("input.html")).ok()?;
        Some(Page {
            html: reveille_extract::decode(&html, None).into_owned(),
            url: address(""),
        })
    };
    cases.filter_map(page).collect()
}

fn address(text: &str) -> CanonicalUrl {
    text.parse()
        .or_else(|_| NOWHERE.parse())
        .unwrap_or_else(|error| panic!("{error}"))
}
