//! The way to one host: how many requests at once, how far apart, and what its `robots.txt` says.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};

use crate::{FetchError, Pace, Robots};

/// How long what is known of a `robots.txt` holds (RFC 9309, section 2.4).
const ROBOTS_HOLD: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a host whose `robots.txt` could not be read is left alone before it is asked again. Without this, each
/// of a host's pages would wait for the same failure anew.
const UNKNOWN_HOLDS: Duration = Duration::from_secs(60);
/// From how many hosts on the idle ones are forgotten.
const MANY: usize = 4_096;

/// What a host's `robots.txt` says, or why that is not known.
pub(crate) type Verdict = Result<Arc<Robots>, Arc<FetchError>>;

/// The way to one host.
#[derive(Debug)]
pub(crate) struct Lane {
    places: Arc<Semaphore>,
    /// When the next request may start, and how far apart requests are.
    next: Mutex<(Instant, Duration)>,
    longest_delay: Duration,
    /// Held while the file is fetched, so that it is fetched once.
    robots: tokio::sync::Mutex<Option<(Instant, Verdict)>>,
}

impl Lane {
    fn new(pace: &Pace) -> Self {
        Self {
            places: Arc::new(Semaphore::new(pace.connections.max(1))),
            next: Mutex::new((Instant::now(), pace.delay)),
            longest_delay: pace.longest_delay,
            robots: tokio::sync::Mutex::default(),
        }
    }

    /// Waits for a place and for the host's turn. The request is under way until the permit is dropped.
    pub(crate) async fn enter(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed, so there is always a permit to be had.
        let place = self.places.clone().acquire_owned().await.ok();
        let start = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let start = next.0.max(Instant::now());
            next.0 = start + next.1;
            start
        };
        sleep_until(start).await;
        place
    }

    /// Keeps everybody off the host for as long as it asked for, up to the cap.
    pub(crate) fn rest(&self, wish: Duration) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.0 = next.0.max(Instant::now() + wish.min(self.longest_delay));
    }

    /// Spaces requests as far apart as the host wishes, up to the cap.
    fn space(&self, wish: Duration) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.1 = next.1.max(wish.min(self.longest_delay));
    }

    /// What the host's `robots.txt` says; `fetch` is called where that is not known or no longer holds.
    pub(crate) async fn robots(&self, fetch: impl Future<Output = Verdict>) -> Verdict {
        let mut known = self.robots.lock().await;
        if let Some((until, verdict)) = &*known
            && Instant::now() < *until
        {
            return verdict.clone();
        }
        let verdict = fetch.await;
        if let Some(delay) = verdict.as_ref().ok().and_then(|robots| robots.crawl_delay()) {
            self.space(delay);
        }
        let holds = if verdict.is_ok() {
            ROBOTS_HOLD
        } else {
            UNKNOWN_HOLDS
        };
        *known = Some((Instant::now() + holds, verdict.clone()));
        verdict
    }
}

/// The lanes in use.
#[derive(Debug)]
pub(crate) struct Lanes {
    pace: Pace,
    lanes: Mutex<HashMap<String, Arc<Lane>>>,
}

impl Lanes {
    pub(crate) fn new(pace: Pace) -> Self {
        Self {
            pace,
            lanes: Mutex::default(),
        }
    }

    /// The lane to the host of this address.
    pub(crate) fn to(&self, url: &url::Url) -> Arc<Lane> {
        let origin = url.origin().ascii_serialization();
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.len() >= MANY && !lanes.contains_key(&origin) {
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1);
        }
        lanes
            .entry(origin)
            .or_insert_with(|| Arc::new(Lane::new(&self.pace)))
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(connections: usize, delay: u64) -> Arc<Lane> {
        let pace = Pace {
            connections,
            delay: Duration::from_secs(delay),
            longest_delay: Duration::from_secs(30),
        };
        Lanes::new(pace).to(&"http://example.org/a".parse().unwrap())
    }

    // These run on tokio's paused clock: it jumps to the next timer, so nothing here waits or measures.

    #[tokio::test(start_paused = true)]
    async fn requests_of_one_host_start_apart() {
        let (lane, begin) = (lane(2, 3), Instant::now());
        for expected in [0, 3, 6] {
            drop(lane.enter().await);
            assert_eq!((Instant::now() - begin).as_secs(), expected);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_so_many_are_under_way() {
        let lane = lane(1, 0);
        let first = lane.enter().await;
        let second = tokio::time::timeout(Duration::from_secs(9), lane.enter()).await;
        assert!(second.is_err());
        drop(first);
        assert!(lane.enter().await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_asks_for_rest_gets_it_up_to_the_cap() {
        let (lane, begin) = (lane(2, 0), Instant::now());
        lane.rest(Duration::from_secs(5));
        drop(lane.enter().await);
        assert_eq!((Instant::now() - begin).as_secs(), 5);
        lane.rest(Duration::from_secs(86_400));
        drop(lane.enter().await);
        assert_eq!((Instant::now() - begin).as_secs(), 35);
    }

    #[tokio::test(start_paused = true)]
    async fn robots_are_asked_once_and_their_delay_is_kept() {
        let (lane, begin) = (lane(2, 0), Instant::now());
        let rules = Arc::new(Robots::parse(b"User-agent: *\nCrawl-delay: 4\n", "Reveille"));
        lane.robots(async { Ok(rules) }).await.unwrap();
        let again = async { panic!("asked twice") };
        lane.robots(again).await.unwrap();
        drop(lane.enter().await);
        drop(lane.enter().await);
        assert_eq!((Instant::now() - begin).as_secs(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn an_unreadable_robots_file_is_tried_again() {
        let lane = lane(2, 0);
        let status = |status| async move {
            Err(Arc::new(FetchError::Status {
                status,
                retry_after: None,
            }))
        };
        let known = |verdict: Verdict| verdict.unwrap_err().status();
        assert_eq!(known(lane.robots(status(503)).await), Some(503));
        assert_eq!(known(lane.robots(status(500)).await), Some(503));
        tokio::time::advance(UNKNOWN_HOLDS).await;
        assert_eq!(known(lane.robots(status(500)).await), Some(500));
    }

    #[test]
    fn idle_lanes_are_forgotten() {
        let lanes = Lanes::new(Pace::default());
        let url = |n: usize| format!("http://h{n}.example/").parse().unwrap();
        let _enter = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let kept = lanes.to(&url(0));
        for n in 1..=MANY {
            lanes.to(&url(n));
        }
        assert!(lanes.lanes.lock().unwrap().len() < MANY);
        assert!(Arc::ptr_eq(&kept, &lanes.to(&url(0))));
    }
}
