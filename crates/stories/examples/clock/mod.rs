//! The time that this process has run, shared by the benchmark and the example that state rates.

use std::time::{Duration, Instant};

/// How long it takes: by the kernel's count of what this process, of one thread, has run, so that other load on the
/// machine does not show; where the kernel keeps none, by the clock.
pub(crate) fn timed(run: impl FnOnce()) -> Duration {
    let (start, before) = (Instant::now(), ran());
    run();
    before
        .zip(ran())
        .map_or_else(|| start.elapsed(), |(before, after)| after - before)
}

fn ran() -> Option<Duration> {
    let counted = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    counted.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
