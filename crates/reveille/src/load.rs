//! How busy the runtime's threads are: whether processors are what there is too little of.

use std::time::Duration;

use tokio::{
    runtime::{Handle, RuntimeMetrics},
    time::Instant,
};

/// So long is looked back, so that neither a burst nor a gap of a few milliseconds decides.
const SPAN: Duration = Duration::from_millis(100);
/// Busier than this share of their time, the threads leave the database and others little of the processors. Signing for a
/// server that answers at once takes .7 to .8 of two.
const HIGH: f64 = 0.5;

/// The threads' time from one look to the next.
pub(crate) struct Load {
    metrics: RuntimeMetrics,
    looked: Instant,
    busy: Duration,
    share: f64,
}

impl Load {
    /// That of the runtime that runs the caller.
    pub(crate) fn new() -> Self {
        let metrics = Handle::current().metrics();
        Self {
            busy: busy(&metrics),
            looked: Instant::now(),
            share: 0.0,
            metrics,
        }
    }

    /// Whether the threads are busy most of the time.
    pub(crate) fn is_high(&mut self) -> bool {
        let passed = self.looked.elapsed();
        if passed >= SPAN {
            let busy = busy(&self.metrics);
            let threads = self.metrics.num_workers() as f64;
            self.share = (busy - self.busy).as_secs_f64() / (passed.as_secs_f64() * threads);
            (self.busy, self.looked) = (busy, Instant::now());
        }
        self.share > HIGH
    }
}

/// The time in which threads ran tasks, all of them together.
fn busy(metrics: &RuntimeMetrics) -> Duration {
    (0..metrics.num_workers())
        .map(|worker| metrics.worker_total_busy_duration(worker))
        .sum()
}
