//! Which server's turn it is. Pure.
//!
//! Each connection is a turn of a few messages, counted by its server's weight; whose count is lowest comes next. Who is passed
//! over since it takes no connection, or has no share yet, makes up for nothing later.

use std::time::Duration;

use reveille_mail::smtp::Without;
use reveille_model::Day;
use tokio::time::Instant;

use super::places::{LONGEST_PAUSE, Places};
use crate::config::Share;

/// On the first day of its warm-up a server gets this share of its weight, and twice as much every other day.
const FIRST_DAY: f64 = 1.0 / 256.0;
/// So often that doubles, to all of it: sixteen days.
const DOUBLINGS: i32 = 8;
/// A server that does not know so many readers in a row, and takes none in between, may have lost its list of them: of a list of whose
/// addresses a tenth are none, so many stand in a row once in ten thousand million times.
pub(crate) const MOST_UNKNOWN: u32 = 10;

/// How often each server's turn came, and what it takes.
pub(super) struct Turns(Vec<Count>);

struct Count {
    share: Share,
    /// Its turns, each divided by its weight of the day.
    turns: f64,
    places: Places,
    /// What it offers and does not carry out.
    without: Without,
    /// When it last took a message.
    took: Option<Instant>,
    /// How many readers in a row it did not know, since it last took one.
    unknown: u32,
    /// How many messages that it did not take went by another one since then.
    passed: u32,
    /// When it last refused a connection before that stood, and what it said then.
    refused: Option<(Instant, String)>,
    /// Whether it was told that nothing goes there.
    is_told: bool,
}

/// How far connections are with some servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Others {
    /// Where there are any, none of them can be had.
    Gone,
    /// One is being tried, or will be in a moment.
    Tried,
    /// One stands.
    Used,
}

impl Turns {
    pub(super) fn new(shares: Vec<Share>) -> Self {
        let count = |share| Count {
            share,
            turns: 0.0,
            places: Places::default(),
            without: Without::default(),
            took: None,
            unknown: 0,
            passed: 0,
            refused: None,
            is_told: false,
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
        let is_reserves_turn = sharing().all(|count| count.places.are_down());
        // Who is warming up takes its own share, and not what others have no room for.
        let up = sharing().filter(|count| !count.places.are_down());
        let lowest = up.map(|count| count.turns).min_by(f64::total_cmp);
        let may_take = |count: &Count| match count.weight(today) {
            None => is_reserves_turn,
            Some(_) => !count.is_warming_up(today) || lowest.is_none_or(|lowest| count.turns <= lowest),
        };
        let free = fit().filter(|(index, count)| {
            !tried.contains(index) && count.places.have_room(now) && may_take(count)
        });
        let next = first(free, today)?;
        let since = self.0[next].turns;
        let is_passed = |count: &&mut Count| !count.places.have_room(now) || count.weight(today).is_none();
        for passed in self.0.iter_mut().filter(is_passed) {
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
        count.places.take();
    }

    /// A server's places.
    pub(super) fn places(&mut self, index: usize) -> &mut Places {
        &mut self.0[index].places
    }

    /// What a server offers and does not carry out.
    pub(super) fn without(&mut self, index: usize) -> &mut Without {
        &mut self.0[index].without
    }

    /// Takes note that a server took a message, and says whether it was told that nothing goes there.
    pub(super) fn took(&mut self, index: usize, now: Instant) -> bool {
        let count = &mut self.0[index];
        (count.unknown, count.passed, count.took) = (0, 0, Some(now));
        std::mem::take(&mut count.is_told)
    }

    /// Takes note that a server refused a connection, at once or after it stood, and says whether it takes none for long while one
    /// to another server stands, of which nobody was told yet; then that counts as told.
    pub(super) fn refused(&mut self, index: usize, stood: bool, said: &str, now: Instant) -> bool {
        let count = &mut self.0[index];
        count.places.refused(stood, now);
        if !stood {
            count.refused = Some((now, said.to_owned()));
        }
        // None to this one does, where it is down.
        let is_relieved = count.places.are_long_down() && self.is_connected();
        is_relieved && !std::mem::replace(&mut self.0[index].is_told, true)
    }

    /// What those servers said last that have refused a connection since then and take none, while another one took messages, of
    /// which nobody was told yet; then that counts as told. Who took a message a moment before may be slow to see an end.
    pub(super) fn down_anew(&mut self, since: Instant) -> Vec<String> {
        let took = |count: &Count, pause| count.took.is_some_and(|took| took + pause >= since);
        if !self.0.iter().any(|count| took(count, Duration::ZERO)) {
            return Vec::new();
        }
        let is_down =
            |count: &&mut Count| count.places.are_down() && !took(count, LONGEST_PAUSE) && !count.is_told;
        let down = self.0.iter_mut().filter(is_down);
        let told = down.filter_map(|count| {
            let (_, said) = count.refused.as_ref().filter(|(at, _)| *at >= since)?;
            count.is_told = true;
            Some(said.clone())
        });
        told.collect()
    }

    /// Takes note that a message which a server did not take goes by another one, and says whether it has taken none of many, of which
    /// nobody was told yet; then that counts as told.
    pub(super) fn passes_on(&mut self, index: usize) -> bool {
        let Count { passed, is_told, .. } = &mut self.0[index];
        *passed = passed.saturating_add(1);
        *passed > MOST_UNKNOWN && !std::mem::replace(is_told, true)
    }

    /// Has no server be believed of a reader whom it does not know until it takes a message, where it has taken none yet.
    pub(super) fn know_nobody(&mut self) {
        for count in self.0.iter_mut().filter(|count| count.took.is_none()) {
            count.unknown = count.unknown.max(MOST_UNKNOWN);
        }
    }

    /// Takes note that a server does not know a reader, and says whether it may know nobody.
    pub(super) fn knows_not(&mut self, index: usize) -> bool {
        let unknown = &mut self.0[index].unknown;
        *unknown = unknown.saturating_add(1);
        *unknown > MOST_UNKNOWN
    }

    /// How many places are taken, at all servers together.
    pub(super) fn taken(&self) -> usize {
        self.0.iter().map(|count| count.places.taken()).sum()
    }

    /// Whether a connection to any server stands.
    pub(super) fn is_connected(&self) -> bool {
        self.0.iter().any(|count| count.places.are_used())
    }

    /// How far connections are with the servers that are none of these.
    pub(super) fn others(&self, these: &[usize], now: Instant) -> Others {
        let others = self.0.iter().enumerate();
        let others = others.filter(|(index, _)| !these.contains(index));
        let others = others.map(|(_, count)| {
            if count.places.are_used() {
                Others::Used
            } else if count.places.are_tried(now) {
                Others::Tried
            } else {
                Others::Gone
            }
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
    use crate::post::relays::places::FIRST_PAUSE;

    const ONE: Share = Share::Weight(1, None);

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn next(turns: &mut Turns, now: Instant) -> Option<usize> {
        turns.next(&[], &[], day("2026-12-01"), now)
    }

    /// Gives up a place whose connection did not come to stand.
    fn refuse(turns: &mut Turns, index: usize, now: Instant) {
        turns.places(index).leave(false);
        turns.places(index).refused(false, now);
    }

    /// Servers to which a connection stands that was in no doubt, with so many of them each.
    fn standing<const N: usize>(shares: [Share; N], counts: [usize; N]) -> Turns {
        let mut turns = Turns::new(shares.into());
        for (index, count) in counts.into_iter().enumerate() {
            for _ in 0..count {
                turns.places(index).take();
                turns.places(index).stand();
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
            turns.places(next).stand();
            turns.places(next).leave(true);
        }
        shared
    }

    #[test]
    fn servers_share_by_weight_and_a_reserve_waits() {
        let mut turns = Turns::new(vec![Share::Weight(3, None), ONE, Share::Reserve]);
        let now = Instant::now();
        assert_eq!(shared(&mut turns, "2026-12-01", now, 40), [30, 10, 0]);
        // What cannot be reached is left alone, and comes back with no debt.
        turns.places(0).refused(false, now);
        assert_eq!(shared(&mut turns, "2026-12-01", now, 10), [0, 10, 0]);
        turns.places(1).refused(false, now);
        assert_eq!(shared(&mut turns, "2026-12-01", now, 10), [0, 0, 10]);
        turns.places(2).refused(false, now);
        assert_eq!(next(&mut turns, now), None);
        let later = now + FIRST_PAUSE;
        for server in [0, 1] {
            assert_eq!(
                turns.next(&[1 - server], &[], day("2026-12-01"), later),
                Some(server)
            );
            assert!(turns.places(server).stand());
            turns.places(server).carried(later);
            turns.places(server).leave(true);
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
        // What others took before its first day is no debt to it.
        let mut turns = warming();
        assert_eq!(shared(&mut turns, "2026-11-30", now, 2_570), [2_570, 0]);
        let first_day = shared(&mut turns, "2026-12-01", now, 2_570);
        assert!(first_day[1].abs_diff(10) <= 4, "{first_day:?}");
        // It does not take what the other has no room for, but where that is down.
        let mut turns = standing([ONE, Share::Weight(1, since)], [2, 1]);
        turns.0[1].turns = 1.0;
        turns.places(0).refused(false, now);
        assert_eq!(next(&mut turns, now), None);
        turns.places(0).leave(true);
        turns.places(0).leave(true);
        turns.places(0).refused(false, now);
        assert_eq!(next(&mut turns, now), Some(1));
    }

    #[test]
    fn a_server_that_nobody_knows_yet_is_tried_by_one() {
        let (mut turns, now) = (Turns::new(vec![ONE, ONE]), Instant::now());
        assert_eq!(next(&mut turns, now), Some(0));
        assert_eq!(next(&mut turns, now), Some(1));
        assert_eq!(next(&mut turns, now), None);
        // The first one is silent; all go to the other.
        assert!(!turns.places(1).stand());
        for _ in 0..50 {
            assert_eq!(next(&mut turns, now), Some(1));
        }
        let mut now = now + Duration::from_secs(60);
        refuse(&mut turns, 0, now);
        // It is tried again and again, by one at a time.
        for pause in [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
            let just_before = now + Duration::from_millis(pause - 1);
            assert_eq!(next(&mut turns, just_before), Some(1));
            turns.places(1).stand();
            now += Duration::from_millis(pause);
            assert_eq!(next(&mut turns, now), Some(0), "after {pause} ms");
            assert_eq!(next(&mut turns, now), Some(1));
            turns.places(1).stand();
            refuse(&mut turns, 0, now);
        }
    }

    #[test]
    fn a_server_that_knows_nobody_is_not_believed_until_it_takes_somebody() {
        let mut turns = Turns::new(vec![ONE, ONE]);
        let mut known = |index| (0..12).filter(|_| !turns.knows_not(index)).count();
        assert_eq!([known(0), known(0), known(1)], [10, 0, 10]);
        turns.took(0, Instant::now());
        let mut known = |index| (0..12).filter(|_| !turns.knows_not(index)).count();
        assert_eq!([known(0), known(1)], [10, 0]);
    }

    #[test]
    fn a_server_that_takes_nothing_is_told_once_and_only_while_another_one_takes_messages() {
        let (mut turns, mut now) = (Turns::new(vec![ONE, ONE, ONE]), Instant::now());
        let refuse = |turns: &mut Turns, index, now| {
            turns.places(index).take();
            turns.places(index).leave(false);
            turns.refused(index, false, "it is down", now)
        };
        assert!(!refuse(&mut turns, 1, now), "it may be back soon");
        assert_eq!(
            turns.down_anew(now),
            [""; 0],
            "none takes any, which is told otherwise"
        );
        turns.took(0, now);
        assert_eq!(
            turns.down_anew(now),
            ["it is down"],
            "and the third one was not asked"
        );
        assert_eq!(turns.down_anew(now), [""; 0]);
        assert!(turns.took(1, now), "it takes messages again");
        // It has ended a connection, and is slow to see that.
        refuse(&mut turns, 0, now);
        turns.took(2, now);
        assert_eq!(turns.down_anew(now), [""; 0]);
        // In the next mailing nobody has asked it, until somebody does.
        now += 2 * LONGEST_PAUSE;
        turns.took(2, now);
        assert_eq!(turns.down_anew(now), [""; 0]);
        refuse(&mut turns, 0, now);
        assert_eq!(turns.down_anew(now), ["it is down"]);
    }

    #[test]
    fn a_server_that_is_down_for_long_is_told_once_while_a_connection_to_another_one_stands() {
        for (others, told) in [(1, 1), (0, 0)] {
            let (mut turns, mut now) = (standing([ONE, ONE], [others, 0]), Instant::now());
            let news = [0, 250, 500, 1_000, 2_000].map(|pause| {
                now += Duration::from_millis(pause);
                turns.places(1).take();
                turns.places(1).leave(false);
                turns.refused(1, false, "it is down", now)
            });
            assert!(!news[1], "it may be back soon");
            assert_eq!(news.iter().filter(|is_news| **is_news).count(), told);
        }
    }

    #[test]
    fn what_one_server_cannot_take_another_one_may() {
        let (mut turns, now) = (Turns::new(vec![ONE, ONE]), Instant::now());
        let other = |turns: &mut Turns| turns.next(&[], &[0], day("2026-12-01"), now);
        assert_eq!(next(&mut turns, now), Some(0));
        assert_eq!(turns.others(&[0], now), Others::Gone, "nobody has asked it yet");
        assert_eq!(other(&mut turns), Some(1));
        assert_eq!(
            (turns.others(&[0], now), other(&mut turns)),
            (Others::Tried, None)
        );
        turns.places(1).stand();
        assert_eq!(
            (turns.others(&[0], now), other(&mut turns)),
            (Others::Used, Some(1))
        );
        assert_eq!(turns.others(&[0, 1], now), Others::Gone);
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
}
