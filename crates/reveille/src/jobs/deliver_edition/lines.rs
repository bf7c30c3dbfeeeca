//! The lines in which messages wait for a receiving domain that has a limit. There is one for each such domain, in which all nodes
//! take their places, some at a time: so a domain gets no more from all of them together than its rate allows, and a message
//! costs no trip to the database. What asks for patience on one node is heard by the others within two seconds.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    convert::Infallible,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use reveille_model::Clock;
use reveille_store::{Store, StoreError, Tx, paces};
use tokio::time::Instant;

use super::pace::{self, ECHO, FREE, Places};
use crate::{app::App, outage};

/// How often places are taken where there are none.
const TURN: Duration = Duration::from_millis(50);
/// How often is asked which domains have a line.
const LOOK: Duration = Duration::from_secs(2);
/// Whoever comes late for a place may still have it for so long, since connections look around only now and then.
const GRACE: Duration = Duration::from_millis(200);

/// The lines, as one mailing of one node sees them.
pub(super) struct Lines {
    store: Store,
    clock: Clock,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// What the settings allow, in messages a second.
    limits: HashMap<String, f64>,
    /// Domains that have a line.
    slow: HashSet<String>,
    /// When that was asked.
    looked: Option<Instant>,
    /// The places that are ours.
    places: HashMap<String, Ours>,
    /// Domains with a message for which we have none.
    wanted: BTreeSet<String>,
    /// When each domain was last heard to ask for patience, the echoes left out.
    heard: HashMap<String, Instant>,
}

/// The places that are still to come: the next one, and when the last one has passed.
#[derive(Clone, Copy)]
struct Ours {
    next: Instant,
    gap: Duration,
    end: Instant,
}

impl Lines {
    pub(super) fn new(app: &App) -> Self {
        let rates = app.config.mail.rates.iter();
        let limits = rates.map(|rate| (rate.domain.clone(), rate.per_second)).collect();
        Self {
            store: app.store.clone(),
            clock: app.clock.clone(),
            seen: Mutex::new(Seen {
                limits,
                ..Seen::default()
            }),
        }
    }

    /// Whether a message to this domain may leave now; its place is taken then.
    pub(super) fn take(&self, domain: &str) -> bool {
        self.seen().take(domain, Instant::now())
    }

    /// The time from one message of ours to this domain to the next, as it last was; `None` where it has no line, or that is not
    /// known yet.
    pub(super) fn gap(&self, domain: &str) -> Option<Duration> {
        let seen = self.seen();
        let ours = seen.places.get(domain).filter(|_| seen.has_line(domain));
        ours.map(|ours| ours.gap)
    }

    /// What the settings allow a domain, in messages a second, where they say so.
    pub(super) fn limit(&self, domain: &str) -> Option<f64> {
        self.seen().limit(domain)
    }

    /// Looks again and again, until it is dropped.
    pub(super) async fn keep(&self) -> Infallible {
        loop {
            tokio::time::sleep(TURN).await;
            self.look().await;
        }
    }

    /// Takes places where there is a message and none, and asks now and then which domains have a line. Where the store does
    /// not answer, messages wait for their places, and those that need none go on.
    pub(super) async fn look(&self) {
        tell(self.try_look().await);
    }

    async fn try_look(&self) -> Result<(), StoreError> {
        let is_to_ask = self.seen().is_to_ask(Instant::now());
        if is_to_ask {
            let domains = paces::list(&self.store).await?;
            self.seen().know(domains, Instant::now());
        }
        let wanted = self.seen().wanted();
        if wanted.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.begin().await?;
        let mut taken = Vec::new();
        for (domain, limit) in wanted {
            let places = self.take_places(&mut tx, &domain, limit).await?;
            taken.push((domain, places));
        }
        tx.commit().await?;
        let (mut seen, now) = (self.seen(), Instant::now());
        for (domain, places) in taken {
            seen.have(domain, places, now);
        }
        Ok(())
    }

    /// The next places in a domain's line; `None` where it has no limit any more.
    async fn take_places(
        &self,
        tx: &mut Tx,
        domain: &str,
        limit: Option<f64>,
    ) -> Result<Option<Places>, StoreError> {
        let now = self.clock.now();
        let found = paces::hold(tx, domain, limit.unwrap_or(FREE), now).await?;
        let Some(mut pace) = pace::grown(found, limit) else {
            paces::delete(tx, domain).await?;
            return Ok(None);
        };
        let places = pace::take(&mut pace);
        paces::update(tx, domain, pace, now).await?;
        Ok(Some(places))
    }

    /// Has all nodes send less to a domain that asks us to wait.
    pub(super) async fn slow(&self, domain: &str) {
        let limit = self.seen().hear(domain, Instant::now());
        if let Some(limit) = limit {
            tell(self.try_slow(domain, limit).await);
        }
    }

    async fn try_slow(&self, domain: &str, limit: Option<f64>) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let found = paces::hold(&mut tx, domain, pace::first(limit), now).await?;
        paces::update(&mut tx, domain, pace::slowed(found, limit), now).await?;
        tx.commit().await
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A mailing goes on without its lines for a while: the ledger says when the store is lost.
fn tell(done: Result<(), StoreError>) {
    if let Err(error) = done {
        outage::warn(error);
    }
}

impl Seen {
    fn limit(&self, domain: &str) -> Option<f64> {
        self.limits.get(domain).copied()
    }

    fn has_line(&self, domain: &str) -> bool {
        self.limits.contains_key(domain) || self.slow.contains(domain)
    }

    fn take(&mut self, domain: &str, now: Instant) -> bool {
        if !self.has_line(domain) {
            return true;
        }
        let Some(ours) = self.places.get_mut(domain).filter(|ours| now < ours.end) else {
            self.wanted.insert(domain.to_owned());
            return false;
        };
        let is_due = ours.next <= now;
        if is_due {
            ours.next = (ours.next + ours.gap).max(now - GRACE);
        }
        is_due
    }

    /// Whether it is time to ask which domains have a line; then it counts as asked.
    fn is_to_ask(&mut self, now: Instant) -> bool {
        let due = self
            .looked
            .is_none_or(|looked| now.duration_since(looked) >= LOOK);
        if due {
            self.looked = Some(now);
        }
        due
    }

    /// For whom places are to be taken, each with what the settings allow it.
    fn wanted(&mut self) -> Vec<(String, Option<f64>)> {
        let wanted = std::mem::take(&mut self.wanted).into_iter();
        wanted
            .map(|domain| {
                let limit = self.limit(&domain);
                (domain, limit)
            })
            .collect()
    }

    fn have(&mut self, domain: String, places: Option<Places>, now: Instant) {
        let Some(Places { wait, gap, count }) = places else {
            self.slow.remove(&domain);
            return;
        };
        let next = now + Duration::from_millis(wait.unsigned_abs());
        let gap = Duration::from_secs_f64(gap / 1_000.0);
        let end = next + gap * count;
        self.places.insert(domain, Ours { next, gap, end });
    }

    /// Takes note of which domains have a line. One that asked for patience just now may have got its line since they were read.
    fn know(&mut self, slow: Vec<String>, now: Instant) {
        let heard = self.heard.keys().filter(|domain| self.is_just_heard(domain, now));
        self.slow = heard.cloned().chain(slow).collect();
    }

    fn is_just_heard(&self, domain: &str, now: Instant) -> bool {
        let before = self.heard.get(domain);
        before.is_some_and(|before| now.duration_since(*before).as_millis() < ECHO as u128)
    }

    /// What the settings allow a domain that asks for patience; `None` where it was heard a moment ago.
    fn hear(&mut self, domain: &str, now: Instant) -> Option<Option<f64>> {
        self.slow.insert(domain.to_owned());
        if self.is_just_heard(domain, now) {
            return None;
        }
        self.places.remove(domain);
        self.heard.insert(domain.to_owned(), now);
        Some(self.limit(domain))
    }
}

#[cfg(test)]
mod tests {
    use reveille_model::UnixMillis;
    use reveille_testkit::{clock::Fake, databases};

    use super::*;

    const MORNING: UnixMillis = UnixMillis(1_773_122_400_000);

    /// One of several nodes, with a limit for one domain.
    fn node(store: &Store, clock: &Fake) -> Lines {
        Lines {
            store: store.clone(),
            clock: clock.clock(),
            seen: Mutex::new(Seen {
                limits: HashMap::from([("few.example".to_owned(), 5.0)]),
                ..Seen::default()
            }),
        }
    }

    async fn take_places(node: &Lines, domain: &str) -> Option<Places> {
        let limit = node.limit(domain);
        let mut tx = node.store.begin().await.unwrap();
        let places = node.take_places(&mut tx, domain, limit).await.unwrap();
        tx.commit().await.unwrap();
        places
    }

    #[tokio::test]
    async fn no_two_nodes_have_the_same_place() {
        for db in databases().await {
            let clock = Fake::at(MORNING);
            let nodes = [node(&db.store, &clock), node(&db.store, &clock)];
            let mut places = Vec::new();
            for turn in 0..10_usize {
                let taken = take_places(&nodes[turn % 2], "few.example").await.unwrap();
                let first = clock.now().plus(taken.wait).since(MORNING);
                places.extend((0..taken.count).map(|n| first as f64 + f64::from(n) * taken.gap));
                // They ask faster than the line moves, and then have a rest.
                clock.advance(if turn == 7 { 60_000 } else { 300 });
            }
            let close = places.windows(2).filter(|two| two[1] - two[0] < 200.0);
            assert_eq!(close.count(), 0, "{}: {places:?}", db.name);
            assert_eq!(places.len(), 100, "{}", db.name);
        }
    }

    #[tokio::test]
    async fn a_domain_that_goes_on_asking_is_slowed_down_again() {
        let db = &databases().await[0];
        let node = node(&db.store, &Fake::at(MORNING));
        let (mut seen, start) = (node.seen(), Instant::now());
        let slowed = (0..60_u64).filter(|turn| {
            let now = start + Duration::from_millis(100 * turn);
            seen.hear("busy.example", now).is_some()
        });
        assert_eq!(slowed.collect::<Vec<_>>(), [0, 20, 40], "every two seconds");
        seen.know(Vec::new(), start + Duration::from_millis(5_900));
        assert!(
            !seen.take("busy.example", start + Duration::from_secs(6)),
            "it is slowed down still"
        );
    }

    #[tokio::test]
    async fn an_echo_costs_a_domain_no_places() {
        for db in databases().await {
            let clock = Fake::at(MORNING);
            let node = node(&db.store, &clock);
            node.slow("busy.example").await;
            node.take("busy.example");
            node.look().await;
            {
                let mut seen = node.seen();
                let first = seen.heard["busy.example"];
                for _ in 1..64 {
                    assert!(seen.hear("busy.example", first).is_none());
                    seen.take("busy.example", first);
                }
                assert!(seen.wanted().is_empty(), "{}", db.name);
            }
            // The first places are for two seconds, and these are the next ones.
            let places = take_places(&node, "busy.example").await.unwrap();
            assert!(places.wait <= 2_000, "{}: {places:?}", db.name);
        }
    }

    #[tokio::test]
    async fn what_one_node_hears_slows_all_of_them_down() {
        for db in databases().await {
            let clock = Fake::at(MORNING);
            let [one, other] = [node(&db.store, &clock), node(&db.store, &clock)];
            other.look().await;
            assert!(other.take("busy.example"), "{}: it has no line", db.name);
            one.slow("busy.example").await;
            other.seen().looked = None;
            other.look().await;
            assert!(!other.take("busy.example"), "{}: it has no place yet", db.name);
            other.look().await;
            {
                let mut seen = other.seen();
                let first = seen.places["busy.example"].next;
                assert!(seen.take("busy.example", first), "{}", db.name);
                assert!(
                    !seen.take("busy.example", first),
                    "{}: the next is later",
                    db.name
                );
            }
            assert!(other.take("free.example"), "{}", db.name);
            clock.advance(5_000);
            one.seen().heard.clear();
            one.slow("busy.example").await;
            let places = take_places(&other, "busy.example").await.unwrap();
            assert_eq!(places.gap, 200.0, "{}: a quarter of twenty a second", db.name);
            clock.advance(3_600_000);
            assert_eq!(take_places(&one, "busy.example").await, None, "{}", db.name);
            assert_eq!(paces::list(&db.store).await.unwrap(), [""; 0], "{}", db.name);
        }
    }
}
