//! How fast messages go to a receiving domain: no faster than the settings say, slower where it asks us to wait, and little by
//! little as fast as before. Pure.

use reveille_store::paces::Pace;

/// The rate from which a domain without a limit is slowed down when it asks us to wait: messages a second.
const FIRST: f64 = 20.0;
/// However often a domain says so, one message a minute still goes.
const LEAST: f64 = 1.0 / 60.0;
/// A rate above this is no limit.
pub(super) const FREE: f64 = 1_000.0;
/// After so long without a word, a rate grows by half; in milliseconds.
const CALM: i64 = 30_000;
/// By half, as a factor.
const GROWTH: f64 = 1.5;
/// Words within this time are one: they answer messages that had left before the first was heard. In milliseconds.
pub(super) const ECHO: i64 = 2_000;
/// Places in a line are taken for so many seconds at a time, and one at least.
const AT_A_TIME: f64 = 2.0;
/// No more mailings than this, of all nodes, take places in a line at a time.
const MAILINGS: f64 = 1_024.0;

/// Places in a domain's line that follow each other, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Places {
    /// Until the first one.
    pub(super) wait: i64,
    /// From one to the next.
    pub(super) gap: f64,
    pub(super) count: u32,
}

/// A pace as it has grown since it last changed; `None` where it is no limit any more.
pub(super) fn grown(pace: Pace, limit: Option<f64>) -> Option<Pace> {
    let mut pace = by_this_clock(pace);
    let most = limit.unwrap_or(FREE);
    while pace.calm >= CALM && pace.rate < most {
        pace.rate *= GROWTH;
        pace.calm -= CALM;
    }
    pace.rate = pace.rate.min(most);
    (limit.is_some() || pace.rate < FREE).then_some(pace)
}

/// With what a domain begins that asks us to wait for the first time.
pub(super) fn first(limit: Option<f64>) -> f64 {
    limit.unwrap_or(FIRST) / 2.0
}

/// From one message to the next in so many milliseconds, where the domain asks for no patience until then; both in milliseconds.
pub(super) fn gap_in(gap: f64, wait: i64, limit: Option<f64>) -> f64 {
    let grown = gap / GROWTH.powf(wait.max(0) as f64 / CALM as f64);
    grown.max(1_000.0 / limit.unwrap_or(FREE)).min(gap)
}

/// A pace after its domain has asked us to wait.
pub(super) fn slowed(pace: Pace, limit: Option<f64>) -> Pace {
    let pace = by_this_clock(pace);
    if pace.calm < ECHO {
        return pace;
    }
    let rate = grown(pace, limit).map_or(first(limit), |pace| pace.rate / 2.0);
    Pace {
        rate: rate.max(LEAST),
        calm: 0,
        wait: pace.wait,
    }
}

/// From one place to the next, in milliseconds, and how many are taken at a time.
fn at_a_time(rate: f64) -> (f64, f64) {
    (1_000.0 / rate, (rate * AT_A_TIME).ceil())
}

/// A pace by a clock that may have been set back since: nobody waits for what it showed before.
fn by_this_clock(pace: Pace) -> Pace {
    let (gap, count) = at_a_time(pace.rate);
    let is_ahead = pace.calm < 0 || pace.wait as f64 > gap * count * MAILINGS;
    Pace {
        rate: pace.rate,
        calm: pace.calm.max(0),
        wait: if is_ahead { 0 } else { pace.wait },
    }
}

/// Takes the next places.
pub(super) fn take(pace: &mut Pace) -> Places {
    let (gap, count) = at_a_time(pace.rate);
    let taken = (gap * count).ceil();
    let wait = pace.wait.max(0);
    pace.wait = wait + taken as i64;
    Places {
        wait,
        gap,
        count: count as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(rate: f64, calm: i64) -> Pace {
        Pace { rate, calm, wait: 0 }
    }

    #[test]
    fn who_asks_us_to_wait_gets_less_and_less_and_then_more_again() {
        let once = pace(first(None), 0);
        assert_eq!(once.rate, 10.0);
        assert_eq!(slowed(pace(10.0, 1_999), None).rate, 10.0, "of the same moment");
        assert_eq!(slowed(pace(10.0, 2_000), None), pace(5.0, 0));
        assert_eq!(slowed(pace(10.0, 30_000), None).rate, 7.5, "it had grown");
        assert_eq!(grown(pace(10.0, 65_000), None), Some(pace(22.5, 5_000)));
        assert_eq!(grown(pace(10.0, 3_600_000), None), None, "as before");
        let long = slowed(pace(10.0, 3_600_000), None);
        assert_eq!(long.rate, first(None), "as if for the first time");
    }

    #[test]
    fn a_limit_of_the_settings_holds() {
        assert_eq!(first(Some(5.0)), 2.5);
        assert_eq!(
            grown(pace(2.5, 3_600_000), Some(5.0)).map(|pace| pace.rate),
            Some(5.0)
        );
        assert_eq!(grown(pace(50.0, 0), Some(5.0)).map(|pace| pace.rate), Some(5.0));
    }

    #[test]
    fn a_gap_is_foretold_as_it_will_grow() {
        assert_eq!(gap_in(100.0, 60_000, None), 100.0 / 2.25);
        assert_eq!(gap_in(100.0, 3_600_000, None), 1.0, "without a limit");
        assert_eq!(gap_in(100.0, 3_600_000, Some(20.0)), 50.0);
        assert_eq!(gap_in(100.0, 3_600_000, Some(10.0)), 100.0, "its own");
    }

    #[test]
    fn nobody_is_silenced() {
        let mut least = pace(10.0, 0);
        for _ in 0..60 {
            least = slowed(Pace { calm: ECHO, ..least }, None);
        }
        assert_eq!(
            take(&mut least),
            Places {
                wait: 0,
                gap: 60_000.0,
                count: 1
            }
        );
        assert_eq!(take(&mut least).wait, 60_000);
    }

    #[test]
    fn a_clock_that_was_set_back_holds_nobody_up() {
        const AHEAD: i64 = 14 * 3_600_000;
        let before = Pace {
            wait: AHEAD,
            ..pace(5.0, -AHEAD)
        };
        assert_eq!(grown(before, Some(5.0)), Some(pace(5.0, 0)));
        // A line that had gone at one rate for a day.
        let calm = Pace {
            wait: AHEAD,
            ..pace(5.0, AHEAD)
        };
        assert_eq!(grown(calm, Some(5.0)).map(|pace| pace.wait), Some(0));
        assert_eq!(slowed(before, Some(5.0)), pace(5.0, 0), "heard anew from now on");
        // Half an hour is what many mailings with a place each make, at the slowest.
        let least = Pace {
            wait: 30 * 60_000,
            ..pace(LEAST, 0)
        };
        assert_eq!(grown(least, None), Some(least));
    }

    #[test]
    fn places_follow_those_that_were_taken_before() {
        let mut pace = Pace {
            rate: 5.0,
            calm: 0,
            wait: -700,
        };
        assert_eq!(
            take(&mut pace),
            Places {
                wait: 0,
                gap: 200.0,
                count: 10
            }
        );
        assert_eq!(
            take(&mut pace),
            Places {
                wait: 2_000,
                gap: 200.0,
                count: 10
            }
        );
    }
}
