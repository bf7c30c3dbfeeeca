//! The way to one host: one request at a time, how far apart, and how long it wants to be left alone.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Mutex as Turn, OwnedMutexGuard},
    time::{Instant, sleep_until},
};

use crate::{Pace, kept::Kept};

/// The longest that a host is left alone because it says so.
const LONGEST_REST: Duration = Duration::from_millis(reveille_model::LONGEST_REST.unsigned_abs());
/// Of so many hosts at least it is known when they were asked last.
const MANY: usize = 4_096;

/// The way to one host, whatever the scheme and port.
#[derive(Debug)]
pub(crate) struct Lane {
    /// Held by the one request that is under way.
    turn: Arc<Turn<()>>,
    pace: Mutex<Times>,
    longest_delay: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Times {
    /// When the next request may start.
    next: Instant,
    /// How far apart requests start.
    gap: Duration,
    /// Until when the host wants no request at all.
    rest: Instant,
}

impl Lane {
    fn new(pace: &Pace) -> Self {
        let now = Instant::now();
        Self {
            turn: Arc::default(),
            pace: Mutex::new(Times {
                next: now,
                gap: pace.delay,
                rest: now,
            }),
            longest_delay: pace.longest_delay,
        }
    }

    /// Waits for the host's turn. The request is under way until the guard is dropped.
    ///
    /// # Errors
    /// How long the host still wants to be left alone, where that is too long to wait for.
    pub(crate) async fn enter(&self) -> Result<OwnedMutexGuard<()>, Duration> {
        let turn = self.turn.clone().lock_owned().await;
        let start = {
            let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let rest = pace.rest.duration_since(now);
            if rest > self.longest_delay {
                return Err(rest);
            }
            let start = pace.next.max(pace.rest).max(now);
            pace.next = start + pace.gap;
            start
        };
        sleep_until(start).await;
        Ok(turn)
    }

    /// Keeps everybody off the host for as long as it asked for.
    pub(crate) fn rest(&self, wish: Duration) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.rest = pace.rest.max(Instant::now() + wish.min(LONGEST_REST));
    }

    /// Spaces requests as far apart as the host wishes, up to the longest delay.
    pub(crate) fn space(&self, wish: Duration) {
        let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        let gap = wish.min(self.longest_delay);
        if gap > pace.gap {
            // The request that brought the wish was let in by a shorter gap.
            pace.next = pace.next.max(Instant::now() + gap);
            pace.gap = gap;
        }
    }

    /// Whether the host has not asked to be left alone just now.
    fn is_rested(&self) -> bool {
        let pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
        pace.rest <= Instant::now()
    }
}

/// The lanes in use.
#[derive(Debug)]
pub(crate) struct Lanes {
    pace: Pace,
    lanes: Kept<Lane>,
}

impl Lanes {
    pub(crate) fn new(pace: Pace) -> Self {
        Self {
            pace,
            lanes: Kept::new(MANY),
        }
    }

    /// The lane to the host of this address.
    pub(crate) fn to(&self, url: &url::Url) -> Arc<Lane> {
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        self.lanes.get(host, || Lane::new(&self.pace), Lane::is_rested)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(delay: u64) -> Arc<Lane> {
        let pace = Pace {
            delay: Duration::from_secs(delay),
            longest_delay: Duration::from_secs(30),
        };
        Lanes::new(pace).to(&"http://example.org/a".parse().unwrap())
    }

    // These run on tokio's paused clock: it jumps to the next timer, so nothing here waits or measures.

    #[tokio::test(start_paused = true)]
    async fn requests_of_one_host_start_apart() {
        let (lane, begin) = (lane(3), Instant::now());
        for expected in [0, 3, 6] {
            drop(lane.enter().await.unwrap());
            assert_eq!((Instant::now() - begin).as_secs(), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn one_request_is_under_way_at_a_time() {
        let lane = lane(0);
        let first = lane.enter().await;
        let second = tokio::time::timeout(Duration::from_secs(9), lane.enter()).await;
        assert!(second.is_err());
        drop(first);
        assert!(lane.enter().await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_asks_for_rest_gets_it() {
        let (lane, begin) = (lane(0), Instant::now());
        lane.rest(Duration::from_secs(5));
        lane.rest(Duration::ZERO);
        drop(lane.enter().await.unwrap());
        assert_eq!((Instant::now() - begin).as_secs(), 5);
        lane.rest(Duration::from_secs(86_400));
        assert_eq!(lane.enter().await.unwrap_err(), Duration::from_secs(86_400));
        lane.rest(Duration::MAX);
        assert_eq!(lane.enter().await.unwrap_err(), LONGEST_REST);
        tokio::time::advance(LONGEST_REST - Duration::from_secs(30)).await;
        assert!(lane.enter().await.is_ok(), "half a minute is waited for");
    }

    #[tokio::test(start_paused = true)]
    async fn a_wish_for_distance_is_kept_up_to_the_cap() {
        let (lane, begin) = (lane(1), Instant::now());
        for (wish, expected) in [(4, 4), (2, 8), (3_600, 38)] {
            lane.space(Duration::from_secs(wish));
            drop(lane.enter().await.unwrap());
            assert_eq!((Instant::now() - begin).as_secs(), expected, "{wish}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wish_that_is_known_already_delays_nobody_anew() {
        let (lane, begin) = (lane(1), Instant::now());
        // Each page repeats what robots.txt said, however long after the page before.
        for expected in [4, 11, 18] {
            lane.space(Duration::from_secs(4));
            drop(lane.enter().await.unwrap());
            assert_eq!((Instant::now() - begin).as_secs(), expected);
            tokio::time::advance(Duration::from_secs(7)).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_has_one_lane_until_it_is_idle() {
        let lanes = Lanes::new(Pace::default());
        let to = |url: &str| lanes.to(&url.parse().unwrap());
        let kept = to("http://h0.example/");
        assert!(Arc::ptr_eq(&kept, &to("https://H0.example.:8443/a")));
        let resting = Arc::downgrade(&to("http://h1.example/"));
        resting.upgrade().unwrap().rest(Duration::from_secs(9));
        let idle = Arc::downgrade(&to("http://h2.example/"));
        for n in 3..=MANY {
            to(&format!("http://h{n}.example/"));
        }
        assert!(idle.upgrade().is_none());
        assert!(Arc::ptr_eq(&kept, &to("http://h0.example/")));
        assert!(resting.upgrade().is_some());
    }
}
