//! A clock that stands still until it is told to go on.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use reveille_model::{Clock, UnixMillis};

/// A fake clock. Clones, and the clocks made from it, all show the same time.
#[derive(Debug, Clone)]
pub struct Fake(Arc<AtomicI64>);

impl Fake {
    /// A clock that shows `now`.
    #[must_use]
    pub fn at(now: UnixMillis) -> Self {
        Self(Arc::new(AtomicI64::new(now.0)))
    }

    /// What it shows.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::SeqCst))
    }

    /// Moves it on by so many milliseconds and says what it then shows.
    pub fn advance(&self, millis: i64) -> UnixMillis {
        UnixMillis(self.0.fetch_add(millis, Ordering::SeqCst) + millis)
    }

    /// Sets it.
    pub fn set(&self, now: UnixMillis) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// The clock to hand to what is tested.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let shared = self.clone();
        Clock::rehearsed(move || shared.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clock_made_from_it_moves_with_it() {
        let fake = Fake::at(UnixMillis(1_000));
        let clock = fake.clock();
        assert_eq!(fake.advance(500), UnixMillis(1_500));
        assert_eq!(clock.now(), UnixMillis(1_500));
        fake.set(UnixMillis(7));
        assert_eq!(clock.now(), UnixMillis(7));
    }
}
