//! The shape of a clock. This crate never reads one.

use std::sync::Arc;

use crate::UnixMillis;

/// A clock handed down from the binary: the system's, one that started at a given time, or a test's.
#[derive(Clone)]
pub struct Clock {
    read: Arc<dyn Fn() -> UnixMillis + Send + Sync>,
    rehearsed: bool,
}

impl Clock {
    /// Wraps whatever tells the time.
    pub fn new(read: impl Fn() -> UnixMillis + Send + Sync + 'static) -> Self {
        Self {
            read: Arc::new(read),
            rehearsed: false,
        }
    }

    /// The same for a time that somebody chose: no other machine's clock agrees with it.
    pub fn rehearsed(read: impl Fn() -> UnixMillis + Send + Sync + 'static) -> Self {
        Self {
            rehearsed: true,
            ..Self::new(read)
        }
    }

    /// The same, except where `better` knows the time.
    #[must_use]
    pub fn unless(self, better: impl Fn() -> Option<UnixMillis> + Send + Sync + 'static) -> Self {
        let read = self.read;
        Self {
            read: Arc::new(move || better().unwrap_or_else(|| read())),
            rehearsed: self.rehearsed,
        }
    }

    /// Whether it shows a time that somebody chose.
    #[must_use]
    pub const fn is_rehearsed(&self) -> bool {
        self.rehearsed
    }

    /// The present instant, as this clock has it.
    #[must_use]
    pub fn now(&self) -> UnixMillis {
        (self.read)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}
