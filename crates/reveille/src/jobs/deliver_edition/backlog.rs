//! When those have their turn, by their domain's pace, who wait for it in the ledger. Pure.

use std::{collections::BTreeMap, time::Duration};

use reveille_model::UnixMillis;

use super::pace::gap_in;

/// What has its turn so soon is held in hand. The rest waits in the ledger for its turn, so that other domains' readers are
/// looked at meanwhile.
const AHEAD: Duration = Duration::from_secs(10);
/// So many at most, and one at least.
const MOST_AHEAD: usize = 1_000;
/// Nobody waits longer in the ledger without another look, in milliseconds: a domain that asks for no more patience takes all that
/// it is sent long before, and one with a limit may have another.
const LONGEST_WAIT: i64 = 3_600_000;

/// Those who wait in the ledger: when the last one has its turn, by domain.
#[derive(Default)]
pub(super) struct Backlog(BTreeMap<String, UnixMillis>);

impl Backlog {
    /// Until when one more waits in the ledger, for whom it is too late from `late_at` on; messages to the domain are so far
    /// apart now, and the settings may allow so many a second at most.
    pub(super) fn next(
        &mut self,
        domain: &str,
        (gap, limit): (Duration, Option<f64>),
        late_at: Option<UnixMillis>,
        now: UnixMillis,
    ) -> UnixMillis {
        let last = self.0.get(domain).map_or(now, |last| (*last).max(now));
        let gap = gap_in(gap.as_secs_f64() * 1_000.0, last.since(now), limit);
        let turn = last.plus(gap.ceil() as i64).min(now.plus(LONGEST_WAIT));
        match late_at {
            // The pace may grow meanwhile, so it is looked at in time, and stands in nobody's way.
            Some(late) if turn >= late => in_time(late, now),
            _ => {
                self.0.insert(domain.to_owned(), turn);
                turn
            }
        }
    }
}

/// Half of the way to the hour from which it is too late; that hour itself once others have all turns before it.
fn in_time(late: UnixMillis, now: UnixMillis) -> UnixMillis {
    let left = late.since(now);
    if left > 2 * AHEAD.as_millis() as i64 {
        now.plus(left / 2)
    } else {
        late.max(now)
    }
}

/// How many messages so far apart have their turn soon.
pub(super) fn soon(gap: Duration) -> usize {
    let soon = (AHEAD.as_secs_f64() / gap.as_secs_f64()) as usize;
    soon.clamp(1, MOST_AHEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MORNING: UnixMillis = UnixMillis(1_773_122_400_000);
    const SECOND: i64 = 1_000;
    const HOUR: i64 = 3_600 * SECOND;

    /// What became of a backlog.
    struct Sent {
        /// How often each was claimed.
        claims: f64,
        /// After how many seconds the last one left.
        seconds: i64,
        missed: usize,
    }

    /// Sends a backlog to one domain, whose rate in each second is given: what is due is claimed every second, what is too much
    /// waits in the ledger.
    fn send(
        backlog: usize,
        limit: Option<f64>,
        late_at: Option<UnixMillis>,
        rate: impl Fn(i64) -> f64,
    ) -> Sent {
        let mut waiting = Backlog::default();
        let mut ledger = BTreeMap::from([(MORNING, backlog)]);
        let (mut held, mut claims, mut places, mut missed) = (0, 0, 0.0, 0);
        for second in 0.. {
            let now = MORNING.plus(second * SECOND);
            let later = ledger.split_off(&now.plus(1));
            let due: usize = std::mem::replace(&mut ledger, later).values().sum();
            if late_at.is_some_and(|late| late <= now) {
                missed += due + std::mem::take(&mut held);
            } else {
                claims += due;
                held += due;
            }
            let gap = Duration::from_secs_f64(1.0 / rate(second));
            while held > soon(gap) {
                let turn = waiting.next("slow.example", (gap, limit), late_at, now);
                *ledger.entry(turn).or_default() += 1;
                held -= 1;
            }
            places += rate(second);
            let leave = held.min(places as usize);
            places = (places - leave as f64).min(1.0);
            held -= leave;
            if held == 0 && ledger.is_empty() {
                let claims = claims as f64 / backlog as f64;
                let seconds = second;
                return Sent {
                    claims,
                    seconds,
                    missed,
                };
            }
        }
        unreachable!("seconds do not end")
    }

    #[test]
    fn a_backlog_of_a_domain_with_a_limit_is_claimed_little_more_than_once() {
        let sent = send(3_600, Some(1.0), None, |_| 1.0);
        assert!(sent.claims < 2.5, "{}", sent.claims);
        assert!(sent.seconds < 3_700, "{}", sent.seconds);
        let sent = send(36_000, Some(5.0), None, |_| 5.0);
        assert!(sent.claims < 3.5, "{}", sent.claims);
        assert!(sent.seconds < 7_300, "{}", sent.seconds);
    }

    #[test]
    fn whoever_asked_once_for_patience_has_it_all_as_soon_as_the_pace_has_grown() {
        let grown = |second: i64| 10.0 * 1.5_f64.powi(i32::try_from(second / 30).unwrap().min(12));
        let sent = send(10_000, None, None, grown);
        assert!(sent.seconds < 300, "{}", sent.seconds);
        assert!(sent.claims < 5.0, "{}", sent.claims);
    }

    #[test]
    fn who_goes_on_asking_is_not_looked_at_every_other_minute() {
        let sent = send(3_600, None, None, |_| 1.0);
        assert!(sent.claims < 12.0, "{}", sent.claims);
        assert!(sent.seconds < 3_900, "{}", sent.seconds);
    }

    #[test]
    fn nobody_is_put_off_past_the_hour_from_which_it_is_too_late() {
        let late = MORNING.plus(HOUR / 2);
        let (mut waiting, pace) = (Backlog::default(), (Duration::from_secs(1), Some(1.0)));
        for one in 1..=10_000 {
            let turn = waiting.next("slow.example", pace, Some(late), MORNING);
            let expected = if one < 1_800 { one * SECOND } else { HOUR / 4 };
            assert_eq!(turn.since(MORNING), expected, "{one}");
        }
        let others = waiting.next("slow.example", pace, None, MORNING);
        assert_eq!(others.since(MORNING), HOUR / 2, "they stand in nobody's way");
        let close = waiting.next("slow.example", pace, Some(late), late.plus(-SECOND));
        assert_eq!(close, late);
        let sent = send(3_600, Some(1.0), Some(late), |_| 1.0);
        let left = 3_600 - sent.missed;
        assert!((1_700..=1_801).contains(&left), "{left}");
        assert!(sent.claims < 6.0, "{}", sent.claims);
    }
}
