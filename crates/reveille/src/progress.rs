//! What a person sees while something takes its time: bars on a terminal, plain lines otherwise.

use std::{
    borrow::Cow,
    io::{self, IsTerminal},
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where steps report.
#[derive(Clone)]
pub(crate) struct Progress {
    bars: MultiProgress,
    lines: Lines,
}

/// How plain lines are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lines {
    AboveBars,
    Plain,
    None,
}

impl Progress {
    /// Bars where standard error is a terminal, a line for each finished step where not.
    pub(crate) fn to_stderr() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let lines = if terminal { Lines::AboveBars } else { Lines::Plain };
        Self {
            bars: MultiProgress::with_draw_target(target),
            lines,
        }
    }

    /// Nowhere: for a service, which logs instead.
    pub(crate) fn silent() -> Self {
        Self {
            bars: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()),
            lines: Lines::None,
        }
    }

    /// Whether anybody sees how much is left to do.
    pub(crate) fn shows_totals(&self) -> bool {
        self.lines == Lines::AboveBars
    }

    /// Begins a step: "Reading pages".
    pub(crate) fn step(&self, name: impl Into<Cow<'static, str>>) -> Step {
        let bar = ProgressBar::new(0);
        self.begin(bar, name.into(), "  {msg:<22} {bar:28} {pos}/{len}")
    }

    /// Begins a step that reads so many bytes, where that is known.
    pub(crate) fn bytes(&self, name: impl Into<Cow<'static, str>>, total: Option<u64>) -> Step {
        match total {
            Some(total) => {
                let template = "  {msg:<22} {bar:28} {binary_bytes}/{binary_total_bytes}";
                self.begin(ProgressBar::new(total), name.into(), template)
            }
            None => self.begin(
                ProgressBar::no_length(),
                name.into(),
                "  {msg:<22} {binary_bytes}",
            ),
        }
    }

    fn begin(&self, bar: ProgressBar, name: Cow<'static, str>, template: &str) -> Step {
        let bar = self.bars.add(bar);
        // The mark: a line that rises over the horizon.
        let style = ProgressStyle::with_template(template);
        bar.set_style(
            style
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("▃▂▁"),
        );
        bar.set_message(name.clone());
        Step {
            bar,
            name,
            begun: Instant::now(),
            begun_so_far: AtomicU64::new(0),
            progress: self.clone(),
        }
    }

    /// Prints a line above the bars.
    pub(crate) fn line(&self, text: impl AsRef<str>) {
        match self.lines {
            // The terminal is gone where this fails, and nobody is left to tell.
            Lines::AboveBars => drop(self.bars.println(text)),
            Lines::Plain => eprintln!("{}", text.as_ref()),
            Lines::None => {}
        }
    }
}

/// A step that is under way.
pub(crate) struct Step {
    bar: ProgressBar,
    name: Cow<'static, str>,
    begun: Instant,
    begun_so_far: AtomicU64,
    progress: Progress,
}

impl Step {
    /// How much there is to do in all.
    pub(crate) fn set_total(&self, total: u64) {
        self.bar.set_length(total.max(self.bar.position()));
    }

    /// One more has begun; the total is at least as many as have.
    pub(crate) fn begin(&self) {
        let begun = self.begun_so_far.fetch_add(1, Ordering::Relaxed) + 1;
        self.set_total(self.bar.length().unwrap_or(0).max(begun));
    }

    /// One more is done.
    pub(crate) fn advance(&self) {
        self.bar.inc(1);
    }

    /// The reader, its bytes counted as they are read.
    pub(crate) fn reading<R: io::Read>(&self, reader: R) -> impl io::Read + use<R> {
        self.bar.wrap_read(reader)
    }

    /// How many are done.
    pub(crate) fn done(&self) -> u64 {
        self.bar.position()
    }

    /// Ends the step with a line that says what came of it.
    pub(crate) fn finish(self, outcome: &str) {
        self.bar.finish_and_clear();
        let seconds = self.begun.elapsed().as_secs_f32();
        self.progress
            .line(format!("  {:<18} {outcome} ({seconds:.1} s)", self.name));
    }
}
