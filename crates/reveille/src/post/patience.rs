//! Since when nothing can be handed over to a mail server, and whether that lasts too long. Pure.
//!
//! What is put off is tried again a minute later, by another run of its mailing. So this outlives a run, and all mailings share
//! it, as they share the mail servers.

use std::time::Duration;

use tokio::time::Instant;

/// What was last seen so long ago says nothing of now. Whatever is put off is tried again within a minute, and a pause of the
/// mail server's may add half of one.
const FORGOTTEN: Duration = Duration::from_secs(180);

/// How long all have waited so far.
#[derive(Default)]
pub(super) struct Patience(Option<Waiting>);

#[derive(Clone, Copy)]
struct Waiting {
    since: Instant,
    /// When that was last seen.
    seen: Instant,
}

impl Patience {
    /// Takes note that nothing can be handed over now, and says whether that has lasted this long.
    pub(super) fn wait(&mut self, most: Duration, now: Instant) -> bool {
        let before = self
            .0
            .filter(|before| now.duration_since(before.seen) < FORGOTTEN);
        let since = before.map_or(now, |before| before.since);
        self.0 = Some(Waiting { since, seen: now });
        now.duration_since(since) >= most
    }

    /// Takes note that it has ended.
    pub(super) fn end(&mut self) {
        self.0 = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESTART: Duration = Duration::from_secs(3);
    const BUSY: Duration = Duration::from_secs(30);
    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn only_time_makes_a_failure_of_waiting() {
        let (mut patience, start) = (Patience::default(), Instant::now());
        for _ in 0..1_000 {
            assert!(!patience.wait(RESTART, start));
        }
        assert!(!patience.wait(BUSY, start + RESTART));
        assert!(patience.wait(RESTART, start + RESTART));
    }

    #[test]
    fn what_waits_a_minute_for_its_next_try_has_waited_all_the_time() {
        let (mut patience, start) = (Patience::default(), Instant::now());
        assert!(!patience.wait(BUSY, start));
        assert!(patience.wait(BUSY, start + MINUTE));
        assert!(patience.wait(BUSY, start + 2 * MINUTE), "and goes on to");
    }

    #[test]
    fn it_begins_anew_with_what_was_heard_and_when_it_is_forgotten() {
        let (mut patience, start) = (Patience::default(), Instant::now());
        assert!(!patience.wait(BUSY, start));
        patience.end();
        assert!(!patience.wait(BUSY, start + MINUTE));
        let later = start + MINUTE + FORGOTTEN;
        assert!(!patience.wait(BUSY, later), "once each, long after one another");
        assert!(patience.wait(BUSY, later + BUSY));
    }
}
