//! The servers' turns and places. Pure.
//!
//! Each connection is a turn of a few messages, counted by its server's weight; whose count is lowest comes next. Who is passed
//! over since it takes no connection makes up for nothing later.

use std::time::Duration;

use reveille_model::Day;
use tokio::time::Instant;

use crate::config::Share;

/// How long a server is left alone that refused a connection: long enough for one that it is closing to end. Each time that
/// it refuses another one after that, twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause: a server that is back is found within that time.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// On the first day of its warm-up a server gets this share of its weight, and twice as much every other day.
const FIRST_DAY: f64 = 1.0 / 256.0;
/// So often that doubles, to all of it: sixteen days.
const DOUBLINGS: i32 = 8;

/// How often each server's turn came, and what it takes.
pub(super) struct Turns(Vec<Count>);

struct Count {
    share: Share,
    /// Its turns, each divided by its weight of the day.
    turns: f64,
    /// Places that are taken.
    taken: usize,
    /// Those of them whose connection stands.
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

/// How far connections are with some servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Others {
    /// Where there are any, none of them can be had.
    Gone,
    /// One is being tried.
    Tried,
    /// One stands.
    Used,
}

impl Turns {
    pub(super) fn new(shares: Vec<Share>) -> Self {
        let count = |share| Count {
            share,
            turns: 0.0,
            taken: 0,
            standing: 0,
            most: Some(0),
            pause: None,
        };
        Self(shares.into_iter().map(count).collect())
    }

    /// Whose turn it is, of those that were not tried and take one more connection: of the servers with a share whose count is
    /// lowest, or else a reserve where no connection to one of those can be had. Whoever is `unfit` for what is to be sent is
    /// left out as if there were no such server. Its place and turn are counted.
    pub(super) fn next(
        &mut self,
        tried: &[usize],
        unfit: &[usize],
        today: Day,
        now: Instant,
    ) -> Option<usize> {
        let fit = || {
            self.0
                .iter()
                .enumerate()
                .filter(|(index, _)| !unfit.contains(index))
        };
        let sharing = || {
            fit()
                .map(|(_, count)| count)
                .filter(|count| count.weight(today).is_some())
        };
        let is_reserves_turn = sharing().all(Count::is_down);
        // Who is warming up takes its own share, and not what others have no room for.
        let up = sharing().filter(|count| !count.is_down());
        let lowest = up.map(|count| count.turns).min_by(f64::total_cmp);
        let may_take = |count: &Count| match count.weight(today) {
            None => is_reserves_turn,
            Some(_) => !count.is_warming_up(today) || lowest.is_none_or(|lowest| count.turns <= lowest),
        };
        let free =
            fit().filter(|(index, count)| !tried.contains(index) && count.has_room(now) && may_take(count));
        let next = first(free, today)?;
        let since = self.0[next].turns;
        for passed in self.0.iter_mut().filter(|count| !count.has_room(now)) {
            passed.turns = passed.turns.max(since);
        }
        self.take(next, today);
        Some(next)
    }

    /// Whose turn it would be, if all took one more connection. It is counted.
    pub(super) fn next_anyway(&mut self, today: Day) -> usize {
        let next = first(self.0.iter().enumerate(), today).unwrap_or(0);
        self.take(next, today);
        next
    }

    fn take(&mut self, index: usize, today: Day) {
        let count = &mut self.0[index];
        count.turns += 1.0 / count.weight(today).unwrap_or(1.0);
        count.taken += 1;
    }

    /// Takes note that a place's connection stands, and says whether that is one more than the server was known to take.
    pub(super) fn stand(&mut self, index: usize) -> bool {
        let count = &mut self.0[index];
        count.standing += 1;
        if count.pause.is_none() {
            count.most = None;
        }
        let is_news = count.most.is_some_and(|most| count.standing > most);
        if is_news {
            count.most = Some(count.standing);
        }
        is_news
    }

    /// Takes note that the connection which was one more than the server was known to take carried a message. A server that
    /// was down is back; another one may take yet one more.
    pub(super) fn carried(&mut self, index: usize, now: Instant) {
        let count = &mut self.0[index];
        if count.standing <= 1 {
            (count.most, count.pause) = (None, None);
        } else if count.pause.is_some() {
            count.pause = Some(Pause {
                until: now,
                next: FIRST_PAUSE,
            });
        }
    }

    /// Takes note that a connection which does not stand was refused: the server takes no more than those that do.
    pub(super) fn refused(&mut self, index: usize, now: Instant) {
        let count = &mut self.0[index];
        count.most = Some(count.standing);
        let length = match count.pause {
            None => FIRST_PAUSE,
            Some(pause) if pause.until <= now => pause.next,
            // Of those that were tried at the same time.
            Some(_) => return,
        };
        count.pause = Some(Pause {
            until: now + length,
            next: (2 * length).min(LONGEST_PAUSE),
        });
    }

    pub(super) fn leave(&mut self, index: usize, stood: bool) {
        let count = &mut self.0[index];
        count.taken -= 1;
        count.standing -= usize::from(stood);
    }

    pub(super) fn is_connected(&self) -> bool {
        self.0.iter().any(|count| count.standing > 0)
    }

    /// How far connections are with the servers that are none of these.
    pub(super) fn others(&self, these: &[usize]) -> Others {
        let others = self.0.iter().enumerate();
        let others = others.filter(|(index, _)| !these.contains(index));
        let others = others.map(|(_, count)| match (count.standing, count.taken) {
            (0, 0) => Others::Gone,
            (0, _) => Others::Tried,
            _ => Others::Used,
        });
        others.max().unwrap_or(Others::Gone)
    }
}

/// Of these servers the one whose count is lowest, those with a share before the others.
fn first<'a>(servers: impl Iterator<Item = (usize, &'a Count)>, today: Day) -> Option<usize> {
    let rank = |count: &Count| count.weight(today).is_none();
    let first = servers.min_by(|(_, a), (_, b)| rank(a).cmp(&rank(b)).then(a.turns.total_cmp(&b.turns)));
    first.map(|(index, _)| index)
}

impl Count {
    /// Whether one more connection may be tried: within what the server takes, and beyond that by one at a time.
    fn has_room(&self, now: Instant) -> bool {
        let is_alone = self.taken == self.standing;
        let is_over = self.pause.is_none_or(|pause| pause.until <= now);
        self.most.is_none_or(|most| self.taken < most) || is_alone && is_over
    }

    /// Whether it refused a connection while none stood.
    fn is_down(&self) -> bool {
        self.most == Some(0) && self.pause.is_some()
    }

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

    fn is_warming_up(&self, today: Day) -> bool {
        matches!(self.share, Share::Weight(_, Some(since)) if since.days_until(today) / 2 < DOUBLINGS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Share = Share::Weight(1, None);

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn next(turns: &mut Turns, now: Instant) -> Option<usize> {
        turns.next(&[], &[], day("2026-12-01"), now)
    }

    /// Gives up a place whose connection did not come to stand.
    fn refuse(turns: &mut Turns, index: usize, now: Instant) {
        turns.leave(index, false);
        turns.refused(index, now);
    }

    /// Servers to which a connection stands that was in no doubt, with so many of them each.
    fn standing<const N: usize>(shares: [Share; N], counts: [usize; N]) -> Turns {
        let mut turns = Turns::new(shares.into());
        for (index, count) in counts.into_iter().enumerate() {
            for _ in 0..count {
                turns.0[index].taken += 1;
                turns.stand(index);
            }
        }
        turns
    }

    /// How often each server's turn comes of so many, where connections come and go.
    fn shared(turns: &mut Turns, today: &str, now: Instant, all: usize) -> Vec<usize> {
        let mut shared = vec![0; turns.0.len()];
        for _ in 0..all {
            let next = turns.next(&[], &[], day(today), now).unwrap();
            shared[next] += 1;
            turns.stand(next);
            turns.leave(next, true);
        }
        shared
    }

    #[test]
    fn servers_share_by_weight_and_a_reserve_waits() {
        let mut turns = Turns::new(vec![Share::Weight(3, None), ONE, Share::Reserve]);
        let now = Instant::now();
        assert_eq!(shared(&mut turns, "2026-12-01", now, 40), [30, 10, 0]);
        // What cannot be reached is left alone, and comes back with no debt.
        turns.refused(0, now);
        assert_eq!(shared(&mut turns, "2026-12-01", now, 10), [0, 10, 0]);
        turns.refused(1, now);
        assert_eq!(shared(&mut turns, "2026-12-01", now, 10), [0, 0, 10]);
        turns.refused(2, now);
        assert_eq!(next(&mut turns, now), None);
        let later = now + FIRST_PAUSE;
        for server in [0, 1] {
            assert_eq!(
                turns.next(&[1 - server], &[], day("2026-12-01"), later),
                Some(server)
            );
            assert!(turns.stand(server));
            turns.carried(server, later);
            turns.leave(server, true);
        }
        let shared = shared(&mut turns, "2026-12-01", later, 400);
        assert!(shared[0].abs_diff(300) <= 5 && shared[2] == 0, "{shared:?}");
    }

    #[test]
    fn a_new_server_is_warmed_up() {
        let since = Some(day("2026-12-01"));
        let warming = || standing([ONE, Share::Weight(1, since)], [1, 1]);
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
        // It does not take what the other has no room for, but where that is down.
        let mut turns = standing([ONE, Share::Weight(1, since)], [2, 1]);
        turns.0[1].turns = 1.0;
        turns.refused(0, now);
        assert_eq!(next(&mut turns, now), None);
        turns.leave(0, true);
        turns.leave(0, true);
        turns.refused(0, now);
        assert_eq!(next(&mut turns, now), Some(1));
    }

    #[test]
    fn a_server_that_nobody_knows_yet_is_tried_by_one() {
        let (mut turns, now) = (Turns::new(vec![ONE, ONE]), Instant::now());
        assert_eq!(next(&mut turns, now), Some(0));
        assert_eq!(next(&mut turns, now), Some(1));
        assert_eq!(next(&mut turns, now), None);
        // The first one is silent; all go to the other.
        assert!(!turns.stand(1));
        for _ in 0..50 {
            assert_eq!(next(&mut turns, now), Some(1));
        }
        let mut now = now + Duration::from_secs(60);
        refuse(&mut turns, 0, now);
        // It is tried again and again, by one at a time.
        for pause in [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
            let just_before = now + Duration::from_millis(pause - 1);
            assert_eq!(next(&mut turns, just_before), Some(1));
            turns.stand(1);
            now += Duration::from_millis(pause);
            assert_eq!(next(&mut turns, now), Some(0), "after {pause} ms");
            assert_eq!(next(&mut turns, now), Some(1));
            turns.stand(1);
            refuse(&mut turns, 0, now);
        }
    }

    #[test]
    fn a_server_is_used_with_the_connections_that_it_takes() {
        let (mut turns, mut now) = (Turns::new(vec![ONE]), Instant::now());
        next(&mut turns, now).unwrap();
        turns.stand(0);
        // All come at once, and it takes three of them.
        for _ in 1..10 {
            next(&mut turns, now).unwrap();
        }
        turns.stand(0);
        for _ in 0..4 {
            refuse(&mut turns, 0, now);
        }
        assert!(turns.stand(0), "it takes more than was thought a moment ago");
        for _ in 0..3 {
            refuse(&mut turns, 0, now);
        }
        assert_eq!(next(&mut turns, now), None);
        // Who ends one may begin another.
        turns.leave(0, true);
        assert_eq!(next(&mut turns, now), Some(0));
        assert!(!turns.stand(0));
        // One more is tried now and then.
        now += FIRST_PAUSE;
        assert_eq!(next(&mut turns, now), Some(0));
        assert_eq!(next(&mut turns, now), None);
        refuse(&mut turns, 0, now);
        assert_eq!(next(&mut turns, now + FIRST_PAUSE), None);
        now += 2 * FIRST_PAUSE;
        assert_eq!(next(&mut turns, now), Some(0));
        assert!(turns.stand(0));
        assert_eq!(next(&mut turns, now), Some(0), "the pause is over");
        refuse(&mut turns, 0, now);
        // Where it carries messages, yet one more is tried at once.
        turns.carried(0, now);
        assert_eq!(next(&mut turns, now), Some(0));
    }

    #[test]
    fn what_one_server_cannot_take_another_one_may() {
        let (mut turns, now) = (Turns::new(vec![ONE, ONE]), Instant::now());
        let other = |turns: &mut Turns| turns.next(&[], &[0], day("2026-12-01"), now);
        assert_eq!(next(&mut turns, now), Some(0));
        assert_eq!(turns.others(&[0]), Others::Gone, "nobody has asked it yet");
        assert_eq!(other(&mut turns), Some(1));
        assert_eq!((turns.others(&[0]), other(&mut turns)), (Others::Tried, None));
        turns.stand(1);
        assert_eq!((turns.others(&[0]), other(&mut turns)), (Others::Used, Some(1)));
        assert_eq!(turns.others(&[0, 1]), Others::Gone);
    }

    #[test]
    fn what_a_server_cannot_take_goes_to_whoever_is_left_as_if_it_were_not_there() {
        let (today, now) = (day("2026-12-01"), Instant::now());
        let mut turns = standing([ONE, Share::Reserve], [1, 0]);
        assert_eq!(turns.next(&[0], &[], today, now), None, "it is not down");
        assert_eq!(turns.next(&[], &[0], today, now), Some(1));
        let warming = Share::Weight(1, Some(today));
        let mut turns = standing([ONE, warming], [1, 1]);
        turns.0[1].turns = 1.0;
        assert_eq!(turns.next(&[0], &[], today, now), None, "it has had its share");
        assert_eq!(turns.next(&[], &[0], today, now), Some(1));
        let later = Share::Weight(1, Some(day("2026-12-02")));
        let mut turns = standing([ONE, later], [1, 0]);
        assert_eq!(turns.next(&[], &[0], today, now), Some(1), "it has no share yet");
    }

    #[test]
    fn a_server_that_takes_connections_and_no_messages_is_not_asked_ever_faster() {
        let (mut turns, mut now) = (Turns::new(vec![ONE]), Instant::now());
        let mut asked = 0;
        let end = now + Duration::from_secs(60);
        while now < end {
            while let Some(place) = next(&mut turns, now) {
                turns.stand(place);
                turns.leave(place, true);
                turns.refused(place, now);
                asked += 1;
            }
            now += Duration::from_millis(10);
        }
        assert!((8..=10).contains(&asked), "{asked}");
    }
}
