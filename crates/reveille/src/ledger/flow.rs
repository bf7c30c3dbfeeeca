//! How fast lines come in.

use std::time::Duration;

use tokio::time::Instant;

/// So long is counted at a time, over several commits: after each the connections hand in all at once, which says nothing of how they
/// go on.
const SPAN: Duration = Duration::from_millis(200);

/// How many lines have come since an instant, and how many came in a second shortly before it.
pub(super) struct Flow {
    since: Instant,
    lines: usize,
    per_second: f64,
}

impl Flow {
    /// Nothing has come yet.
    pub(super) fn new() -> Self {
        Self {
            since: Instant::now(),
            lines: 0,
            per_second: 0.0,
        }
    }

    /// Counts lines that came.
    pub(super) fn count(&mut self, lines: usize) {
        self.lines += lines;
        let passed = self.since.elapsed();
        if passed >= SPAN {
            self.per_second = self.lines as f64 / passed.as_secs_f64();
            (self.since, self.lines) = (Instant::now(), 0);
        }
    }

    /// Whether so many may be expected within this time.
    pub(super) fn brings(&self, lines: usize, within: Duration) -> bool {
        self.per_second * within.as_secs_f64() >= lines as f64
    }
}
