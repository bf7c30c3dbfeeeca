//! Which of several mail servers takes the next messages.
//!
//! Each connection is a turn of a few messages, counted by its server's weight; whose count is lowest comes next. Who cannot
//! be reached is left alone for a while, and takes part again from then on, without making up for what it missed.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reveille_mail::smtp::{Connection, Options, SmtpError};
use reveille_model::Day;
use tokio::time::Instant;

use crate::config::Share;

/// Messages of one connection, where there are several servers.
const TURN: u32 = 100;
/// How long a server that cannot be reached is left alone.
const REST: Duration = Duration::from_secs(30);
/// On the first day of its warm-up a server gets this share of its weight, and twice as much every other day.
const FIRST_DAY: f64 = 1.0 / 256.0;
/// So often that doubles, to all of it: sixteen days.
const DOUBLINGS: i32 = 8;

/// The mail servers, of which there is one at least. Clones count together.
#[derive(Clone)]
pub(crate) struct Relays {
    first: Arc<Options>,
    others: Arc<[Options]>,
    turns: Arc<Mutex<Turns>>,
}

impl Relays {
    pub(crate) fn new(first: (Options, Share), others: Vec<(Options, Share)>) -> Self {
        let (others, mut shares): (Vec<_>, Vec<_>) = others.into_iter().unzip();
        shares.insert(0, first.1);
        Self {
            first: Arc::new(first.0),
            others: others.into(),
            turns: Arc::new(Mutex::new(Turns::new(shares))),
        }
    }

    /// Every server in turn.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Options> {
        std::iter::once(&*self.first).chain(self.others.iter())
    }

    /// How many messages a connection is good for; any number where there is no other server.
    pub(crate) fn turn(&self) -> u32 {
        if self.others.is_empty() { u32::MAX } else { TURN }
    }

    /// A connection to the server whose turn it is, or else to the next.
    ///
    /// # Errors
    /// What the last one said, where none can be used.
    pub(crate) async fn connect(&self, today: Day) -> Result<Connection, SmtpError> {
        let mut tried = Vec::new();
        loop {
            let next = self.turns(|turns| turns.next(&tried, today, Instant::now()));
            let server = self.all().nth(next).unwrap_or(&self.first);
            let error = match Connection::connect(server).await {
                Ok(connection) => return Ok(connection),
                Err(error) => error,
            };
            self.turns(|turns| turns.rest(next, Instant::now() + REST));
            tried.push(next);
            if tried.len() > self.others.len() {
                return Err(error);
            }
        }
    }

    fn turns<T>(&self, change: impl FnOnce(&mut Turns) -> T) -> T {
        change(&mut self.turns.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// How often each server's turn came.
struct Turns(Vec<Count>);

struct Count {
    share: Share,
    /// Its turns, each divided by its weight of the day.
    turns: f64,
    /// Until when it is left alone.
    rests: Option<Instant>,
}

impl Turns {
    fn new(shares: Vec<Share>) -> Self {
        let count = |share| Count {
            share,
            turns: 0.0,
            rests: None,
        };
        Self(shares.into_iter().map(count).collect())
    }

    /// Whose turn it is, of those that were not tried: of the servers with a share whose count is lowest, else a reserve, else
    /// one that rests. It is counted.
    fn next(&mut self, tried: &[usize], today: Day, now: Instant) -> usize {
        self.wake(now);
        let counts = self.0.iter().enumerate();
        let next = counts
            .filter(|(index, _)| !tried.contains(index))
            .min_by(|(_, a), (_, b)| {
                let rank = |count: &Count| (count.rests.is_some(), count.weight(today).is_none());
                rank(a).cmp(&rank(b)).then(a.turns.total_cmp(&b.turns))
            });
        let next = next.map_or(0, |(index, _)| index);
        self.0[next].turns += 1.0 / self.0[next].weight(today).unwrap_or(1.0);
        next
    }

    fn rest(&mut self, index: usize, until: Instant) {
        self.0[index].rests = Some(until);
    }

    /// Lets those take part again whose rest is over, behind whoever went on meanwhile.
    fn wake(&mut self, now: Instant) {
        let sharing = || self.0.iter().filter(|count| count.share != Share::Reserve);
        let awake = sharing().filter(|count| count.rests.is_none());
        let lowest = awake.map(|count| count.turns).min_by(f64::total_cmp);
        let highest = sharing().map(|count| count.turns).max_by(f64::total_cmp);
        let since = lowest.or(highest).unwrap_or_default();
        for count in &mut self.0 {
            if count.rests.is_some_and(|until| until <= now) {
                count.rests = None;
                count.turns = count.turns.max(since);
            }
        }
    }
}

impl Count {
    /// The server's weight on a day; none for a reserve, and before a warm-up begins.
    fn weight(&self, today: Day) -> Option<f64> {
        match self.share {
            Share::Reserve => None,
            Share::Weight(weight, None) => Some(f64::from(weight)),
            Share::Weight(weight, Some(since)) => {
                let days = since.days_until(today);
                let doublings = (days / 2).min(DOUBLINGS);
                (days >= 0).then(|| f64::from(weight) * FIRST_DAY * 2_f64.powi(doublings))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// How often each server's turn comes of so many.
    fn shared(turns: &mut Turns, today: &str, now: Instant, all: usize) -> Vec<usize> {
        let mut shared = vec![0; turns.0.len()];
        for _ in 0..all {
            shared[turns.next(&[], day(today), now)] += 1;
        }
        shared
    }

    #[test]
    fn servers_share_by_weight_and_a_reserve_waits() {
        let (three, one) = (Share::Weight(3, None), Share::Weight(1, None));
        let mut turns = Turns::new(vec![three, one, Share::Reserve]);
        let now = Instant::now();
        assert_eq!(shared(&mut turns, "2026-12-01", now, 40), [30, 10, 0]);
        // What cannot be reached is tried last, and comes back with no debt.
        turns.rest(0, now + REST);
        assert_eq!(shared(&mut turns, "2026-12-01", now, 10), [0, 10, 0]);
        turns.rest(1, now + REST);
        assert_eq!(shared(&mut turns, "2026-12-01", now, 10), [0, 0, 10]);
        assert_eq!(
            turns.next(&[2], day("2026-12-01"), now),
            0,
            "better a resting one than none"
        );
        assert_eq!(shared(&mut turns, "2026-12-01", now + REST, 40), [30, 10, 0]);
    }

    #[test]
    fn a_new_server_is_warmed_up() {
        let since = Some(day("2026-12-01"));
        let warming = || Turns::new(vec![Share::Weight(1, None), Share::Weight(1, since)]);
        let now = Instant::now();
        for (today, new) in [
            ("2026-11-30", 0),
            ("2026-12-01", 10),
            ("2026-12-03", 20),
            ("2026-12-15", 854),
            ("2026-12-17", 1_285),
            ("2027-03-01", 1_285),
        ] {
            let shared = shared(&mut warming(), today, now, 2_570);
            assert!(shared[1].abs_diff(new) <= 4, "{today}: {shared:?}");
        }
    }
}
