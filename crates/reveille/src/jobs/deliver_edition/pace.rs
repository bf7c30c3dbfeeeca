//! How fast messages go to each receiving domain: no faster than the settings say, slower where it asks us to wait, and
//! little by little as fast as before.

use std::{collections::HashMap, time::Duration};

use tokio::time::Instant;

/// The rate with which a domain without a limit begins, once it has asked us to wait: messages a second.
const FIRST: f64 = 10.0;
/// However often a domain says so, one message a minute still goes.
const LEAST: f64 = 1.0 / 60.0;
/// A rate above this is no limit.
const FREE: f64 = 1_000.0;
/// After so long without a word, a rate grows by half.
const CALM: Duration = Duration::from_secs(30);
/// Words within this time are one: they answer messages that had left before the first was heard.
const ECHO: Duration = Duration::from_secs(2);

/// The paces of all domains.
#[derive(Debug, Default)]
pub(crate) struct Paces {
    /// What the settings allow, in messages a second.
    limits: HashMap<String, f64>,
    /// Domains to which there is a limit now.
    live: HashMap<String, Pace>,
}

#[derive(Debug)]
struct Pace {
    /// Messages a second.
    rate: f64,
    /// When the next one may leave.
    next: Instant,
    /// When the rate last changed.
    changed: Instant,
}

impl Paces {
    pub(crate) fn new(limits: HashMap<String, f64>) -> Self {
        let live = HashMap::new();
        Self { limits, live }
    }

    /// Whether a message to this domain may leave now; its place is taken then.
    pub(crate) fn take(&mut self, domain: &str, now: Instant) -> bool {
        let Some(pace) = self.pace(domain, now) else {
            return true;
        };
        if pace.next > now {
            return false;
        }
        pace.next = now + Duration::from_secs_f64(1.0 / pace.rate);
        true
    }

    /// Takes note that a domain asked us to wait.
    pub(crate) fn slow(&mut self, domain: &str, now: Instant) {
        let rate = self.limits.get(domain).copied().unwrap_or(2.0 * FIRST);
        let pace = self.live.entry(domain.to_owned()).or_insert(Pace {
            rate,
            next: now,
            changed: now - ECHO,
        });
        if now.duration_since(pace.changed) >= ECHO {
            pace.rate = (pace.rate / 2.0).max(LEAST);
            pace.changed = now;
            pace.next = now + Duration::from_secs_f64(1.0 / pace.rate);
        }
    }

    /// The pace of a domain to which there is a limit, as it has grown since.
    fn pace(&mut self, domain: &str, now: Instant) -> Option<&mut Pace> {
        let limit = self.limits.get(domain).copied();
        if let (Some(rate), false) = (limit, self.live.contains_key(domain)) {
            let (next, changed) = (now, now);
            self.live.insert(domain.to_owned(), Pace { rate, next, changed });
        }
        let pace = self.live.get_mut(domain)?;
        while now.duration_since(pace.changed) >= CALM && pace.rate < limit.unwrap_or(FREE) {
            pace.rate = (pace.rate * 1.5).min(limit.unwrap_or(FREE));
            pace.changed += CALM;
        }
        if limit.is_none() && pace.rate >= FREE {
            self.live.remove(domain);
        }
        self.live.get_mut(domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many messages may leave within so many seconds, asked every hundredth.
    fn sent(paces: &mut Paces, domain: &str, start: Instant, seconds: u64) -> u64 {
        let at = |hundredths| start + Duration::from_millis(10 * hundredths);
        (0..seconds * 100)
            .map(|n| u64::from(paces.take(domain, at(n))))
            .sum()
    }

    #[test]
    fn a_limit_of_the_settings_holds() {
        let mut paces = Paces::new(HashMap::from([("slow.example".to_owned(), 5.0)]));
        let start = Instant::now();
        assert_eq!(sent(&mut paces, "slow.example", start, 10), 50);
        assert_eq!(sent(&mut paces, "other.example", start, 10), 1_000);
    }

    #[test]
    fn who_asks_us_to_wait_gets_less_and_less_and_then_more_again() {
        let mut paces = Paces::default();
        let start = Instant::now();
        paces.slow("busy.example", start);
        // Of the same moment: heard once.
        paces.slow("busy.example", start + Duration::from_millis(500));
        let after = start + Duration::from_secs(1);
        assert_eq!(sent(&mut paces, "busy.example", after, 4), 40);
        paces.slow("busy.example", start + Duration::from_secs(5));
        let after = start + Duration::from_secs(6);
        assert_eq!(sent(&mut paces, "busy.example", after, 4), 20);
        assert_eq!(sent(&mut paces, "free.example", after, 4), 400);
        let calm = start + Duration::from_secs(65);
        assert_eq!(
            sent(&mut paces, "busy.example", calm, 4),
            45,
            "half as much again, twice"
        );
        let long = start + Duration::from_secs(3_600);
        assert_eq!(sent(&mut paces, "busy.example", long, 4), 400, "as before");
        assert!(paces.live.is_empty());
    }

    #[test]
    fn nobody_is_silenced() {
        let mut paces = Paces::default();
        let start = Instant::now();
        for minute in 0..60 {
            paces.slow("busy.example", start + Duration::from_secs(3 * minute));
        }
        let after = start + Duration::from_secs(180);
        assert!(sent(&mut paces, "busy.example", after, 90) >= 1);
    }
}
