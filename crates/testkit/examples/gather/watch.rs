//! Five thousand sources, each known for a while, under `serve`: to use less than a tenth of a core and 150 MB.

use std::{error::Error, fs, process::Child, thread, time::Duration};

use reveille_model::{Bounds, Next, Outcome, Polling, SourceKind, UnixMillis};
use reveille_store::{
    Store,
    sources::{self, FetchSuccess, NewSource},
};
use reveille_testkit::web::{Web, answer};

use crate::program::Folder;

const SOURCES: usize = 5_000;
const WATCHED: Duration = Duration::from_secs(120);
const DAY: i64 = 86_400_000;
const BOUNDS: Bounds = Bounds {
    shortest: 5 * 60_000,
    longest: 240 * 60_000,
};
/// Kernel ticks in a second, in which Linux counts a process's time (`getconf CLK_TCK`).
const TICKS: f64 = 100.0;

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let (folder, web) = (Folder::new()?, Web::start());
    let store = Store::open(&folder.store()).await?;
    store.migrate().await?;
    let rate = known_sources(&store, &web, now()?).await?;
    drop(store);

    let before = web.log().len();
    let mut serve = folder.command(&["serve"]).spawn()?;
    // The start itself is not what is measured.
    thread::sleep(Duration::from_secs(5));
    let begun = cpu_seconds(&serve)?;
    thread::sleep(WATCHED);
    let (used, memory) = (cpu_seconds(&serve)? - begun, peak_memory(&serve)?);
    serve.kill()?;
    serve.wait()?;
    println!(
        "{SOURCES} sources at their learnt intervals, {rate:.2} polls/s expected: {} polls in {} s, {:.1} % of one core \
         (to reach: 10 %), {memory} MB at most (to reach: 150 MB)",
        web.log().len() - before,
        WATCHED.as_secs() + 5,
        100.0 * used / WATCHED.as_secs_f64()
    );
    Ok(())
}

/// Adds sources that publish between once in two days and four times an hour, as many of each order of magnitude, each
/// somewhere in its interval. Gives back how many polls a second that makes.
async fn known_sources(store: &Store, web: &Web, now: UnixMillis) -> Result<f64, Box<dyn Error>> {
    let (mut tx, mut polls) = (store.begin().await?, 0.0);
    for number in 0..SOURCES {
        let share = number as f64 / SOURCES as f64;
        let a_day = 0.5 * (96.0_f64 / 0.5).powf(share);
        let etag = format!("\"{number}\"");
        let known = etag.clone();
        let url = web.site(&format!("s{number}"), "/feed", move |request, stream| {
            match request.header("if-none-match") == Some(&known) {
                true => answer(stream, "304 Not Modified", "", b""),
                false => answer(stream, "404 Not Found", "", b""),
            }
        });
        let new = NewSource {
            url: url.parse()?,
            kind: SourceKind::Feed,
            carrier: format!("Source {number}"),
            site_url: None,
            language: None,
            weight: 1.0,
            icon_url: None,
        };
        let id = sources::insert(&mut tx, &new, now).await?.id();
        let seen = Outcome::Read {
            fresh: (a_day * 10.0) as u32,
            over: Some(10 * DAY),
            keep: None,
        };
        let (polling, next) = Polling::default().after(seen, now, &BOUNDS, number as u64);
        let Next::At(next) = next else { continue };
        let interval = next.since(now);
        polls += 1_000.0 / interval as f64;
        // The golden ratio spreads any number of points evenly.
        let place = (number as f64 * 0.618_033_988_75).fract();
        let success = FetchSuccess {
            etag: Some(etag),
            ..FetchSuccess::default()
        };
        let due = now.plus((interval as f64 * place) as i64);
        sources::fetched(&mut tx, id, &success, &polling, due, now).await?;
    }
    tx.commit().await?;
    Ok(polls)
}

/// The time by the clock on which `serve` runs.
#[expect(
    clippy::disallowed_methods,
    reason = "what is measured is the program as it runs, by its own clock"
)]
fn now() -> Result<UnixMillis, Box<dyn Error>> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(UnixMillis(i64::try_from(since.as_millis())?))
}

/// User and system time (proc(5), fields 14 and 15).
fn cpu_seconds(child: &Child) -> Result<f64, Box<dyn Error>> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id()))?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<f64>().ok())
        .sum();
    Ok(ticks / TICKS)
}

/// The largest resident set, in MB.
fn peak_memory(child: &Child) -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM")?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kilobytes / 1_000)
}
