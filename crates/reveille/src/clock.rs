//! The one place that reads the system clock.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Instant,
};

use reveille_model::{Clock, UnixMillis};

/// Milliseconds by the machine's clock.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn system_millis() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// So far the machine's clock may part from a count of seconds, in milliseconds, before something must have happened to one of them.
const APART_MILLIS: i64 = 2_000;

/// Tells whether time has passed since it was made that no [`Instant`] counts, as Linux counts none while the machine is suspended, or
/// whether the machine's clock was set.
pub(crate) struct Watch {
    at: Instant,
    millis: i64,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self {
            at: Instant::now(),
            millis: system_millis(),
        }
    }

    pub(crate) fn is_apart(&self) -> bool {
        let counted = i64::try_from(self.at.elapsed().as_millis()).unwrap_or(i64::MAX);
        (system_millis() - self.millis - counted).abs() > APART_MILLIS
    }
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

/// A clock that is set by another, such as a database's by which all nodes go. In between it runs by itself: whoever sets the
/// machine's does not set this one.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Option<(Instant, UnixMillis)>>>);

impl Shared {
    /// Sets it to what the other one showed at that moment.
    pub(crate) fn set(&self, at: Instant, shown: UnixMillis) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, shown));
    }

    /// The shape in which it is handed down. Until it is set, it shows what `own` shows.
    pub(crate) fn clock(&self, own: Clock) -> Clock {
        let shared = self.clone();
        own.unless(move || {
            let (at, shown) = (*shared.0.lock().unwrap_or_else(PoisonError::into_inner))?;
            Some(shown.plus(i64::try_from(at.elapsed().as_millis()).unwrap_or(i64::MAX)))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn it_is_seen_that_the_machine_was_suspended_or_its_clock_set() {
        let watch = |counted: u64, shown: i64| Watch {
            at: Instant::now() - Duration::from_secs(counted),
            millis: system_millis() - shown * 1_000,
        };
        assert!(!Watch::new().is_apart());
        assert!(!watch(60, 60).is_apart() && !watch(60, 61).is_apart());
        assert!(watch(1, 3_601).is_apart(), "asleep for an hour");
        assert!(watch(60, -60).is_apart(), "set back");
    }

    #[test]
    fn it_runs_from_where_the_other_one_was() {
        let shared = Shared::default();
        let clock = shared.clock(Clock::new(|| UnixMillis(5)));
        assert_eq!(clock.now(), UnixMillis(5), "nobody has set it");
        let hour_ago = Instant::now() - Duration::from_secs(3_600);
        shared.set(hour_ago, UnixMillis(1_000_000_000));
        let ran = clock.now().since(UnixMillis(1_000_000_000));
        assert!((3_600_000..3_660_000).contains(&ran), "{ran}");
        assert!(!clock.is_rehearsed());
    }
}
