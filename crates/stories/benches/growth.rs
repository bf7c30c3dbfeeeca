//! The growth table: what one more article costs by how many the window holds, what each takes in memory, and how long
//! a restart takes. Prints it as the README has it.
//!
//!     cargo bench -p reveille-stories --bench growth -- 10000 100000
//!
//! Without numbers up to 1,000,000 articles, for which ten gigabytes of memory are needed. The texts
//! are numbered words drawn by a fixed rule: a tenth are copies, the rest share only the common words of a language.

use std::fmt::Write as _;
use std::time::Duration;

use reveille_model::{ArticleId, ArticleKind, CanonicalUrl, UnixMillis};
use reveille_stories::{Doc, Folder, Options};

#[path = "../examples/clock/mod.rs"]
mod clock;

use clock::timed;

/// Words of an article, about what a news page holds.
const WORDS: u64 = 500;
/// Milliseconds between two articles: ten thousand a day.
const PACE: i64 = 8_640;
/// So many articles are timed together, so often; the best counts, since whatever else runs on the machine only adds.
const TIMED: u64 = 100;
const ROUNDS: u64 = 20;
/// Of so many articles a restart is timed, and no more.
const RESTARTED: u64 = 100_000;

fn main() {
    // Cargo passes `--bench`.
    let mut sizes: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|word| word.parse().ok())
        .collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000, 1_000_000];
    }
    println!("| articles held | one more, µs | memory an article, kB | restart, s |\n|---|---|---|---|");
    let mut folder = Folder::new(Options::default());
    let before = resident();
    let mut number = 0;
    for held in sizes {
        while number < held {
            folder.push(&doc(number));
            number += 1;
        }
        let memory = resident().saturating_sub(before) / held;
        let each = (0..ROUNDS)
            .map(|_| push(&mut folder, &mut number))
            .min()
            .unwrap_or_default();
        let restart = if held <= RESTARTED {
            format!("{:.1}", restart(held).as_secs_f64())
        } else {
            "–".to_owned()
        };
        println!(
            "| {held} | {} | {memory} | {restart} |",
            each.as_micros() as u64 / TIMED
        );
    }
}

fn push(folder: &mut Folder, number: &mut u64) -> Duration {
    let docs: Vec<Doc> = (*number..*number + TIMED).map(doc).collect();
    *number += TIMED;
    timed(|| {
        for doc in &docs {
            folder.push(doc);
        }
    })
}

/// Loads and settles so many, without what it takes to make up their texts.
fn restart(count: u64) -> Duration {
    let mut folder = Folder::new(Options::default());
    let mut taken = Duration::ZERO;
    for from in (0..count).step_by(TIMED as usize) {
        let docs: Vec<Doc> = (from..count.min(from + TIMED)).map(doc).collect();
        taken += timed(|| folder.load(&docs));
    }
    taken + timed(|| _ = folder.settle())
}

/// Kilobytes of memory that the process holds, where the system tells.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}

/// `SplitMix64` (Steele, Lea and Flood 2014): a fixed scatter of numbers.
fn scattered(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn text(seed: u64) -> String {
    let mut text = String::with_capacity(10 * WORDS as usize);
    for at in 0..WORDS {
        let draw = scattered(seed * 100_003 + at);
        // Half of all words from a hundred common ones, the rest from a large vocabulary.
        let word = if draw.is_multiple_of(2) {
            draw / 2 % 100
        } else {
            draw / 2 % 50_000
        };
        let stop = if at % 18 == 17 { ".\n" } else { " " };
        let _ = write!(text, "word{word}{stop}");
    }
    text
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
