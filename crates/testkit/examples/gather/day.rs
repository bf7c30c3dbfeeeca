//! A recorded day and a half, played to `gather` five minutes at a time: of the polls, 80 in 100 are to end in 304.

use std::{
    collections::BTreeMap,
    error::Error,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering::SeqCst},
    },
};

use reveille_model::UnixMillis;
use reveille_testkit::web::{Connection, Request, Web, answer};
use serde::Deserialize;

use crate::program::Folder;

const STEP: i64 = 5 * 60_000;
/// The busiest outlets; those that publish once a day end in 304 all the time.
const OUTLETS: usize = 100;
/// Entries that a feed lists.
const LISTED: usize = 20;

#[derive(Deserialize)]
struct Line {
    date: String,
    source: String,
}

/// When an outlet published, in order, and the answers that its feed gave.
struct Outlet {
    published: Vec<UnixMillis>,
    now: Arc<AtomicI64>,
    polls: Arc<AtomicUsize>,
    unchanged: Arc<AtomicUsize>,
}

pub(crate) fn run(file: &Path) -> Result<(), Box<dyn Error>> {
    let outlets = read(file)?;
    let times = || outlets.iter().flatten().copied();
    let (begin, end) = (
        times().min().ok_or("an empty file")?,
        times().max().ok_or("an empty file")?,
    );
    let (folder, web) = (Folder::new()?, Web::start());
    let now = Arc::new(AtomicI64::new(begin.0));
    let (polls, unchanged) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut urls = Vec::new();
    for (number, published) in outlets.into_iter().enumerate() {
        let outlet = Outlet {
            published,
            now: now.clone(),
            polls: polls.clone(),
            unchanged: unchanged.clone(),
        };
        urls.push(web.site(&format!("o{number}"), "/feed", move |request, stream| {
            outlet.answer(request, stream)
        }));
    }
    folder.import(&begin.to_string(), &urls)?;
    while now.load(SeqCst) < end.0 {
        let at = UnixMillis(now.fetch_add(STEP, SeqCst) + STEP);
        folder.run(&at.to_string(), &["gather"])?;
    }
    let (polls, unchanged) = (polls.load(SeqCst), unchanged.load(SeqCst));
    println!(
        "{} outlets over {:.0} h as recorded: {polls} polls, {:.1} % ended in 304 (to reach: 80 %)",
        urls.len(),
        end.since(begin) as f64 / 3_600_000.0,
        100.0 * unchanged as f64 / polls as f64
    );
    Ok(())
}

/// The times of the busiest outlets.
fn read(file: &Path) -> Result<Vec<Vec<UnixMillis>>, Box<dyn Error>> {
    let mut outlets: BTreeMap<String, Vec<UnixMillis>> = BTreeMap::new();
    for line in BufReader::new(liblzma::read::XzDecoder::new(File::open(file)?)).lines() {
        let line: Line = serde_json::from_str(&line?)?;
        outlets.entry(line.source).or_default().push(line.date.parse()?);
    }
    let mut times: Vec<_> = outlets.into_values().collect();
    times.sort_by_key(|times| std::cmp::Reverse(times.len()));
    times.truncate(OUTLETS);
    times.iter_mut().for_each(|times| times.sort_unstable());
    Ok(times)
}

impl Outlet {
    fn answer(&self, request: &Request, stream: &mut Connection) -> std::io::Result<()> {
        if request.path != "/feed" {
            return answer(stream, "404 Not Found", "", b"");
        }
        self.polls.fetch_add(1, SeqCst);
        let there = self.published.partition_point(|at| at.0 <= self.now.load(SeqCst));
        let etag = format!("\"{there}\"");
        if request.header("if-none-match") == Some(&etag) {
            self.unchanged.fetch_add(1, SeqCst);
            return answer(stream, "304 Not Modified", "", b"");
        }
        let items: String = self.published[..there]
            .iter()
            .enumerate()
            .rev()
            .take(LISTED)
            .map(|(number, at)| format!("<item><link>/{number}</link><pubDate>{at}</pubDate></item>"))
            .collect();
        let feed = format!("<rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>");
        answer(stream, "200 OK", &format!("ETag: {etag}\r\n"), feed.as_bytes())
    }
}
