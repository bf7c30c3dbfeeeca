//! Pages as JSON lines: one in, one out, in the same order, however many there are.
//!
//! Each thread has a lane of its own, and lines go round the lanes: so order needs no sorting, and no more pages are in
//! memory than the lanes hold.

use std::{
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel},
    thread,
};

use anyhow::Context;
use base64::{Engine, prelude::BASE64_STANDARD};
use reveille_extract::{Extraction, NOWHERE, Record, explain, extract, parse::MAX_BYTES};
use reveille_model::CanonicalUrl;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::source;
use crate::{
    cli::{self, Extract},
    commands::input,
    progress::Progress,
};

/// How many lines wait before and behind each thread.
const LANE: usize = 8;

/// A longer line is answered by an error: JSON may need six bytes for one of the page's.
const MOST_BYTES: usize = 6 * MAX_BYTES;

/// A page, as one line has it.
#[derive(Deserialize)]
struct Page {
    url: Option<String>,
    html: Option<String>,
    html_base64: Option<String>,
    charset: Option<String>,
}

/// What every line has, right or wrong.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    id: Value,
}

/// What was found on a page, or why nothing was.
#[derive(Serialize)]
struct Answer<'a> {
    id: Value,
    #[serde(flatten)]
    record: Option<Record<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// A line as it was read, and its number.
struct Line {
    number: u64,
    text: Result<Vec<u8>, String>,
}

/// A line to be printed.
struct Answered {
    text: Vec<u8>,
    is_error: bool,
}

pub(super) fn run(options: &Extract) -> anyhow::Result<()> {
    if input::is_address(&options.page) {
        return Err(cli::misuse("`--jsonl` reads a file or standard input").into());
    }
    let (opened, size) = input::open(&options.page)?;
    let step = Progress::to_stderr().bytes("Extracting", size);
    let input = BufReader::new(step.reading(opened));
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    let threads = options.threads.map_or_else(cores, |threads| threads.get().into());
    let (lanes, answers): (Vec<_>, Vec<_>) = (0..threads).map(|_| lane(options.trace)).unzip();
    // Not waited for where printing fails: it may be waiting for input itself.
    let reader = thread::spawn(move || deal(input, &lanes));
    let (pages, errors) = print(&answers)?;
    step.finish(&format!("{pages} pages, {errors} of them errors"));
    match reader.join() {
        Ok(read) => read.context("cannot read on"),
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Starts a thread that answers lines in their order.
fn lane(trace: bool) -> (SyncSender<Line>, Receiver<Answered>) {
    let (to_lane, lines) = sync_channel::<Line>(LANE);
    let (to_print, answers) = sync_channel(LANE);
    thread::spawn(move || {
        for line in lines {
            if to_print.send(answer(line, trace)).is_err() {
                return;
            }
        }
    });
    (to_lane, answers)
}

/// Deals lines round the lanes to the end of the input, or until nobody takes any more.
fn deal(mut input: impl BufRead, lanes: &[SyncSender<Line>]) -> io::Result<()> {
    let mut number = 0;
    let mut lanes = lanes.iter().cycle();
    while let Some(text) = next_line(&mut input)? {
        number += 1;
        if text.as_ref().is_ok_and(|text| text.trim_ascii().is_empty()) {
            continue;
        }
        let sent = lanes.next().map(|lane| lane.send(Line { number, text }));
        if !matches!(sent, Some(Ok(()))) {
            break;
        }
    }
    Ok(())
}

/// The next line, or what is wrong with it.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Result<Vec<u8>, String>>> {
    let mut line = Vec::new();
    let read = input
        .by_ref()
        .take(MOST_BYTES as u64 + 1)
        .read_until(b'\n', &mut line)?;
    if read > MOST_BYTES {
        input.skip_until(b'\n')?;
        return Ok(Some(Err(format!("longer than {} MiB", MOST_BYTES >> 20))));
    }
    Ok((read > 0).then_some(Ok(line)))
}

/// Prints answers, lane by lane, to the first that has no more. Returns how many there were, and how many errors.
fn print(lanes: &[Receiver<Answered>]) -> anyhow::Result<(u64, u64)> {
    let mut out = BufWriter::new(io::stdout().lock());
    let (mut pages, mut errors) = (0, 0);
    for lane in lanes.iter().cycle() {
        let next = match lane.try_recv() {
            // Whoever asks one page at a time waits for its answer.
            Err(TryRecvError::Empty) => {
                out.flush()?;
                lane.recv().ok()
            }
            next => next.ok(),
        };
        let Some(answer) = next else { break };
        out.write_all(&answer.text)?;
        pages += 1;
        errors += u64::from(answer.is_error);
    }
    out.flush()?;
    Ok((pages, errors))
}

fn answer(line: Line, trace: bool) -> Answered {
    let number = line.number;
    let at = |error: String| format!("line {number}: {error}");
    let (id, found) = match line.text {
        Ok(text) => {
            let id = serde_json::from_slice(&text).map_or(Value::Null, |named: Named| named.id);
            // A defect that one page brings to light costs that page only.
            let found = catch_unwind(AssertUnwindSafe(|| read(&text, trace)));
            (
                id,
                found.unwrap_or_else(|_| Err("the extraction failed, which is a defect".to_owned())),
            )
        }
        Err(error) => (Value::Null, Err(error)),
    };
    let answer = match &found {
        Ok(found) => Answer {
            id,
            record: Some(Record::of(found)),
            error: None,
        },
        Err(error) => Answer {
            id,
            record: None,
            error: Some(at(error.clone())),
        },
    };
    // Keys are strings and nothing else can fail.
    let mut text = serde_json::to_vec(&answer).unwrap_or_default();
    text.push(b'\n');
    Answered {
        text,
        is_error: found.is_err(),
    }
}

fn read(line: &[u8], trace: bool) -> Result<Extraction, String> {
    let page: Page = serde_json::from_slice(line).map_err(|error| error.to_string())?;
    // Some sets have names where addresses should be.
    let url = page.url.and_then(|url| url.parse::<CanonicalUrl>().ok());
    let url = url
        .map_or_else(|| NOWHERE.parse(), Ok)
        .map_err(|error| error.to_string())?;
    let (bytes, charset) = match (page.html, page.html_base64) {
        (Some(html), None) => (html.into_bytes(), Some("utf-8".to_owned())),
        (None, Some(base64)) => {
            let bytes = BASE64_STANDARD.decode(base64.trim());
            (
                bytes.map_err(|error| format!("html_base64: {error}"))?,
                page.charset,
            )
        }
        (None, None) => return Err("neither html nor html_base64".to_owned()),
        (Some(_), Some(_)) => return Err("both html and html_base64".to_owned()),
    };
    source::check(&bytes).map_err(|error| error.to_string())?;
    let read = if trace { explain } else { extract };
    Ok(read(&bytes, &url, charset.as_deref()))
}
