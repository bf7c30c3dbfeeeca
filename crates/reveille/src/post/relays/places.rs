//! How many connections one server takes. Pure.
//!
//! It tells that itself: each connection that it refuses shows how many it takes. What stands beyond that, or all of it where none
//! stands, is tried by one connection at a time, after a pause that grows.

use std::time::Duration;

use tokio::time::Instant;

/// How long a server is left alone that refused a connection: long enough for one that it is closing to end. Each time that
/// it refuses another one after that, twice as long.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause: a server that is back is found within that time.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// What is tried again within this time is worth waiting for.
const SOON: Duration = Duration::from_secs(1);

/// The places of one server, each for a connection.
pub(super) struct Places {
    /// So many are taken.
    taken: usize,
    /// Of so many of them the connection stands.
    standing: usize,
    /// So many connections it is known to take; `None`: any number, as far as is known.
    most: Option<usize>,
    /// Since it refused one.
    pause: Option<Pause>,
}

#[derive(Clone, Copy)]
struct Pause {
    until: Instant,
    /// The one after it.
    next: Duration,
}

impl Default for Places {
    /// Those of a server that nobody knows yet, and one tries first.
    fn default() -> Self {
        Self {
            taken: 0,
            standing: 0,
            most: Some(0),
            pause: None,
        }
    }
}

impl Places {
    /// Whether one more connection may be tried: within what the server takes, and beyond that by one at a time.
    pub(super) fn have_room(&self, now: Instant) -> bool {
        let is_alone = self.taken == self.standing;
        let is_over = self.pause.is_none_or(|pause| pause.until <= now);
        self.most.is_none_or(|most| self.taken < most) || is_alone && is_over
    }

    /// Takes one, whether or not there is room.
    pub(super) fn take(&mut self) {
        self.taken += 1;
    }

    /// Takes note that a place's connection stands, and says whether that is one more than the server was known to take.
    pub(super) fn stand(&mut self) -> bool {
        self.standing += 1;
        if self.pause.is_none() {
            self.most = None;
        }
        let is_news = self.most.is_some_and(|most| self.standing > most);
        if is_news {
            self.most = Some(self.standing);
        }
        is_news
    }

    /// Takes note that the connection which was one more than the server was known to take carried a message. A server that
    /// was down is back; another one may take yet one more.
    pub(super) fn carried(&mut self, now: Instant) {
        if self.standing <= 1 {
            (self.most, self.pause) = (None, None);
        } else if self.pause.is_some() {
            self.pause = Some(Pause {
                until: now,
                next: FIRST_PAUSE,
            });
        }
    }

    /// Takes note that the server refused a connection, at once or after it stood, whose place is free again: it takes no more than
    /// those that stand.
    pub(super) fn refused(&mut self, stood: bool, now: Instant) {
        // It has taken one more before, and may not have seen yet that that one has ended.
        let is_lag = !stood && self.most.is_some_and(|most| self.taken < most);
        self.most = Some(self.standing);
        let length = match self.pause {
            None => FIRST_PAUSE,
            Some(_) if is_lag => FIRST_PAUSE,
            Some(pause) if pause.until <= now => pause.next,
            // Of those that were tried at the same time.
            Some(_) => return,
        };
        self.pause = Some(Pause {
            until: now + length,
            next: (2 * length).min(LONGEST_PAUSE),
        });
    }

    /// Has one be free again, whose connection stood or never did.
    pub(super) fn leave(&mut self, stood: bool) {
        self.taken -= 1;
        self.standing -= usize::from(stood);
    }

    /// Whether the server refused a connection while none stood.
    pub(super) fn are_down(&self) -> bool {
        self.most == Some(0) && self.pause.is_some()
    }

    /// Whether it refused several in a row while none stood, and not only since it was slow to see that one had ended.
    pub(super) fn are_long_down(&self) -> bool {
        self.are_down() && self.pause.is_some_and(|pause| pause.next > 4 * FIRST_PAUSE)
    }

    /// Whether a connection stands.
    pub(super) fn are_used(&self) -> bool {
        self.standing > 0
    }

    /// How many are taken.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    /// Whether one stands, is being tried, or will be in a moment.
    pub(super) fn are_tried(&self, now: Instant) -> bool {
        let is_soon = |pause: Pause| pause.until > now && pause.until <= now + SOON;
        self.taken > 0 || self.pause.is_some_and(is_soon)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes a place if there is room for one.
    fn take(places: &mut Places, now: Instant) -> bool {
        let has_room = places.have_room(now);
        if has_room {
            places.take();
        }
        has_room
    }

    /// Gives up a place whose connection did not come to stand.
    fn refuse(places: &mut Places, now: Instant) {
        places.leave(false);
        places.refused(false, now);
    }

    #[test]
    fn a_server_is_used_with_the_connections_that_it_takes() {
        let (mut places, mut now) = (Places::default(), Instant::now());
        assert!(take(&mut places, now));
        places.stand();
        // All come at once, and it takes three of them.
        for _ in 1..10 {
            assert!(take(&mut places, now));
        }
        places.stand();
        for _ in 0..4 {
            refuse(&mut places, now);
        }
        assert!(places.stand(), "it takes more than was thought a moment ago");
        for _ in 0..3 {
            refuse(&mut places, now);
        }
        assert!(!take(&mut places, now));
        // Who ends one may begin another.
        places.leave(true);
        assert!(take(&mut places, now));
        assert!(!places.stand());
        // One more is tried now and then.
        now += FIRST_PAUSE;
        assert!(take(&mut places, now) && !take(&mut places, now));
        refuse(&mut places, now);
        assert!(!take(&mut places, now + FIRST_PAUSE));
        now += 2 * FIRST_PAUSE;
        assert!(take(&mut places, now));
        assert!(places.stand());
        assert!(take(&mut places, now), "the pause is over");
        refuse(&mut places, now);
        // Where it carries messages, yet one more is tried at once.
        places.carried(now);
        assert!(take(&mut places, now));
    }

    #[test]
    fn a_server_that_is_slow_to_see_the_end_of_a_connection_is_asked_again_soon() {
        let (mut places, mut now) = (Places::default(), Instant::now());
        assert!(take(&mut places, now));
        places.stand();
        places.carried(now);
        // It takes one, and is asked for another again and again.
        for pause in [0, 250, 500, 1_000, 2_000] {
            now += Duration::from_millis(pause);
            assert!(take(&mut places, now), "{pause}");
            refuse(&mut places, now);
        }
        places.leave(true);
        assert!(take(&mut places, now));
        refuse(&mut places, now);
        assert!(places.are_tried(now) && !take(&mut places, now));
        now += FIRST_PAUSE;
        assert!(take(&mut places, now));
        refuse(&mut places, now);
        assert!(!take(&mut places, now + FIRST_PAUSE), "it may be down");
    }

    #[test]
    fn a_server_that_takes_connections_and_no_messages_is_not_asked_ever_faster() {
        let (mut places, mut now) = (Places::default(), Instant::now());
        let mut asked = 0;
        let end = now + Duration::from_secs(60);
        while now < end {
            while take(&mut places, now) {
                places.stand();
                places.leave(true);
                places.refused(true, now);
                asked += 1;
            }
            now += Duration::from_millis(10);
        }
        assert!((8..=10).contains(&asked), "{asked}");
    }
}
