//! The one place that reads the system clock.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use reveille_model::{Clock, UnixMillis};

/// Milliseconds by the machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn system_millis() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The machine's clock.
pub(crate) fn system() -> Clock {
    Clock::new(|| UnixMillis(system_millis()))
}

/// A clock that runs as the machine's does, from an instant of one's own choice, and can be set forward: a
/// morning need not be waited for.
#[derive(Clone)]
pub(crate) struct Settable(Arc<AtomicI64>);

impl Settable {
    /// A clock that shows `start` now.
    pub(crate) fn starting_at(start: UnixMillis) -> Self {
        Self(Arc::new(AtomicI64::new(start.0 - system_millis())))
    }

    /// Sets the clock to `to`, unless it is later already.
    pub(crate) fn forward(&self, to: UnixMillis) {
        self.0.fetch_max(to.0 - system_millis(), Ordering::SeqCst);
    }

    /// The shape in which it is handed down.
    pub(crate) fn clock(&self) -> Clock {
        let offset = Arc::clone(&self.0);
        Clock::rehearsed(move || UnixMillis(system_millis() + offset.load(Ordering::SeqCst)))
    }
}
