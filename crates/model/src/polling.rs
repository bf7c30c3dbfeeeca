//! How often a source is asked: learnt from how often it publishes, within what it and the operator allow.
//!
//! Pure: what a visit found and when goes in, when the next visit is due comes out.

use serde::{Deserialize, Serialize};

use crate::UnixMillis;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What was seen so long ago counts half. Three days keep a weekday's pace through the night and a weekend's on Monday
/// no longer than a morning.
const HALF_LIFE: i64 = 3 * DAY;
/// What is taken to have been seen before anything was: one entry in so long a time. It makes a source without any
/// dates start at a quarter of an hour, and weighs nothing once a few hours were watched.
const FIRST_GUESS: i64 = 75 * MINUTE;
/// How many new entries a visit is meant to find. At a fifth, by Poisson's law, four visits in five find none, and an
/// entry waits a tenth of the usual pause between two entries.
const ENTRIES_A_VISIT: f64 = 0.2;
/// The first pause after a failure that may pass.
const FIRST_PAUSE: i64 = MINUTE;
/// The longest pause between two tries at a failing source, unless well ones are asked less often still.
const LONGEST_PAUSE: i64 = 6 * HOUR;
/// The longest that a server is left alone because it says so. No site is mended for longer, and a mistake of a few
/// digits must not lose a source for years. In milliseconds.
pub const LONGEST_REST: i64 = 31 * DAY;

/// What is known of how a source publishes and answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Polling {
    /// New entries, those of earlier times counting less.
    entries: f64,
    /// Milliseconds in which they were watched for, likewise.
    watched: f64,
    /// Visits that were answered, likewise.
    answered: f64,
    /// Those of them that were answered "not modified" (304), likewise.
    unchanged: f64,
    /// Until when it was watched: its last good answer.
    seen_to: Option<UnixMillis>,
    /// For how many milliseconds the last good answer asked to be kept.
    kept_for: i64,
    /// Failures since the last good answer.
    failures: u32,
}

/// What one visit came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is as it was (304).
    Unchanged {
        /// For how many milliseconds the answer asks to be kept, if it says so.
        keep: Option<i64>,
    },
    /// It came whole.
    Read {
        /// Entries that were not seen before.
        fresh: u32,
        /// At a first visit: in how many milliseconds these were published, by their own dates.
        over: Option<i64>,
        /// For how many milliseconds feed or header ask to keep it, if they say so.
        keep: Option<i64>,
    },
    /// It could not be read.
    Failed {
        /// Whether that may pass by itself.
        transient: bool,
        /// For how many milliseconds the server asks to be left alone.
        retry_after: Option<i64>,
    },
    /// It is gone for good (410).
    Gone,
}

/// When a source is visited again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Not before this instant.
    At(UnixMillis),
    /// Never, unless an editor says so.
    Never,
}

/// The shortest and the longest time between two visits that the operator allows, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// However often a source publishes.
    pub shortest: i64,
    /// However seldom it does, and however long it asks to be kept.
    pub longest: i64,
}

impl Outcome {
    /// A visit to a place that is looked into on a schedule of its own and holds so many new entries.
    #[must_use]
    pub fn found(fresh: usize) -> Self {
        Self::Read {
            fresh: u32::try_from(fresh).unwrap_or(u32::MAX),
            over: None,
            keep: None,
        }
    }

    /// A failure of such a visit.
    pub const FAILED: Self = Self::Failed {
        transient: true,
        retry_after: None,
    };
}

impl Polling {
    /// Learns from a visit that ended at `now`, and says when the next is due. `seed` decides by how much the pause is
    /// lengthened, a tenth at most, so that sources which were added together do not stay together.
    #[must_use]
    pub fn after(self, outcome: Outcome, now: UnixMillis, bounds: &Bounds, seed: u64) -> (Self, Next) {
        let learnt = self.learn(outcome, now);
        let pause = match outcome {
            Outcome::Gone => return (learnt, Next::Never),
            Outcome::Unchanged { .. } | Outcome::Read { .. } => learnt.interval(bounds),
            Outcome::Failed {
                transient,
                retry_after,
            } => {
                let usual = if transient { 0 } else { learnt.interval(bounds) };
                let asked = retry_after.unwrap_or(0).clamp(0, LONGEST_REST);
                learnt.pause(bounds).max(usual).max(asked)
            }
        };
        (learnt, Next::At(now.plus(pause + share_of(pause / 10, seed))))
    }

    /// Learns from a visit that ended at `now`, where something else says when the next is due.
    #[must_use]
    pub fn learn(self, outcome: Outcome, now: UnixMillis) -> Self {
        match outcome {
            Outcome::Unchanged { keep } => self.seen(now, 0, None, true, keep),
            Outcome::Read { fresh, over, keep } => self.seen(now, fresh, over, false, keep),
            Outcome::Failed { .. } | Outcome::Gone => Self {
                failures: self.failures.saturating_add(1),
                ..self
            },
        }
    }

    /// What a good answer adds to what is known.
    fn seen(
        self,
        now: UnixMillis,
        fresh: u32,
        over: Option<i64>,
        unchanged: bool,
        keep: Option<i64>,
    ) -> Self {
        let since = self.seen_to.map_or(over, |seen_to| Some(now.since(seen_to)));
        let since = since.unwrap_or(0).max(0) as f64;
        let fading = (-since / HALF_LIFE as f64).exp2();
        // Over a long stretch its own beginning counts less too: this is the integral of the fading.
        let watched = (1.0 - fading) * HALF_LIFE as f64 / std::f64::consts::LN_2;
        let share = if since > 0.0 { watched / since } else { 0.0 };
        Self {
            entries: self.entries * fading + f64::from(fresh) * share,
            watched: self.watched * fading + watched,
            answered: self.answered * fading + 1.0,
            unchanged: self.unchanged * fading + f64::from(u8::from(unchanged)),
            seen_to: Some(now),
            kept_for: keep.unwrap_or(0).max(0),
            failures: 0,
        }
    }

    /// Entries in a millisecond: the mean of the Gamma distribution that Poisson counts leave behind.
    fn rate(&self) -> f64 {
        (self.entries + 1.0) / (self.watched + FIRST_GUESS as f64)
    }

    /// The milliseconds between two visits while all goes well.
    #[must_use]
    pub fn interval(&self, bounds: &Bounds) -> i64 {
        let wished = (ENTRIES_A_VISIT / self.rate()) as i64;
        let shortest = bounds.shortest.max(1);
        wished
            .max(self.kept_for)
            .clamp(shortest, bounds.longest.max(shortest))
    }

    /// The milliseconds until a failing source is tried again: twice as long each time.
    fn pause(&self, bounds: &Bounds) -> i64 {
        let doublings = self.failures.saturating_sub(1).min(16);
        (FIRST_PAUSE << doublings).min(LONGEST_PAUSE.max(bounds.longest))
    }

    /// Entries a day, as they have come lately; `None` before anything was watched for an hour.
    #[must_use]
    pub fn entries_a_day(&self) -> Option<f64> {
        (self.watched >= HOUR as f64).then(|| self.entries / self.watched * DAY as f64)
    }

    /// The share of answers that were "not modified", from 0 to 1, as it has been lately; `None` before the first.
    #[must_use]
    pub fn share_unchanged(&self) -> Option<f64> {
        (self.answered > 0.0).then(|| self.unchanged / self.answered)
    }

    /// Failures since the last good answer.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

/// A share of `most` that looks random but depends on the seed alone (by the mixing function of `SplitMix64`).
fn share_of(most: i64, seed: u64) -> i64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    (mixed % (most.max(0).unsigned_abs() + 1)).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds {
        shortest: 5 * MINUTE,
        longest: 4 * HOUR,
    };
    const MORNING: UnixMillis = UnixMillis(1_770_000_000_000);

    fn read(fresh: u32) -> Outcome {
        Outcome::Read {
            fresh,
            over: None,
            keep: None,
        }
    }

    /// Visits a source that publishes every `gap` for so many days, and gives back what was learnt.
    fn watch(gap: i64, days: i64) -> Polling {
        let (mut polling, mut now) = Polling::default().after(read(20), MORNING, &BOUNDS, 1);
        let mut published = 0;
        while let Next::At(next) = now
            && next.since(MORNING) < days * DAY
        {
            let there = next.since(MORNING) / gap;
            let outcome = match there - published {
                0 => Outcome::Unchanged { keep: None },
                fresh => read(u32::try_from(fresh).unwrap()),
            };
            published = there;
            (polling, now) = polling.after(outcome, next, &BOUNDS, next.0.unsigned_abs());
        }
        polling
    }

    #[test]
    fn the_interval_follows_what_a_source_publishes() {
        for (gap, least, most) in [
            (10 * MINUTE, 5, 5),
            (HOUR, 11, 13),
            (3 * HOUR, 32, 38),
            (DAY, 220, 240),
        ] {
            let learnt = watch(gap, 20);
            let minutes = learnt.interval(&BOUNDS) / MINUTE;
            assert!((least..=most).contains(&minutes), "{gap}: {minutes}");
            let a_day = learnt.entries_a_day().unwrap();
            assert!(
                (a_day * gap as f64 / DAY as f64 - 1.0).abs() < 0.2,
                "{gap}: {a_day}"
            );
        }
        // Four visits in five find nothing, unless the shortest interval holds them back.
        assert!((watch(3 * HOUR, 20).share_unchanged().unwrap() - 0.8).abs() < 0.05);
    }

    #[test]
    fn a_first_visit_learns_from_the_dates_of_the_entries() {
        let after = |outcome| Polling::default().after(outcome, MORNING, &BOUNDS, 0).0;
        assert_eq!(after(read(50)).interval(&BOUNDS), 15 * MINUTE);
        let over = |fresh, over| Outcome::Read {
            fresh,
            over: Some(over),
            keep: None,
        };
        assert_eq!(after(over(48, DAY)).interval(&BOUNDS) / MINUTE, 6);
        assert_eq!(after(over(20, 365 * DAY)).interval(&BOUNDS), BOUNDS.longest);
        // Dates that lie teach nothing.
        assert_eq!(after(over(20, -DAY)).interval(&BOUNDS), 15 * MINUTE);
    }

    #[test]
    fn a_source_that_wakes_up_is_noticed_within_a_day() {
        let (mut polling, mut now) = (watch(30 * DAY, 30), MORNING.plus(30 * DAY));
        assert_eq!(polling.interval(&BOUNDS), BOUNDS.longest);
        for _ in 0..24 {
            now = now.plus(HOUR);
            polling = polling.after(read(4), now, &BOUNDS, 0).0;
        }
        assert!(polling.interval(&BOUNDS) < 15 * MINUTE);
    }

    #[test]
    fn what_the_publisher_asks_for_is_kept_up_to_the_longest() {
        for (keep, expected) in [(MINUTE, 15 * MINUTE), (HOUR, HOUR), (365 * DAY, 4 * HOUR)] {
            let outcome = Outcome::Read {
                fresh: 1,
                over: None,
                keep: Some(keep),
            };
            let learnt = Polling::default().after(outcome, MORNING, &BOUNDS, 0).0;
            assert_eq!(learnt.interval(&BOUNDS), expected, "{keep}");
        }
    }

    #[test]
    fn failures_double_the_pause_and_a_good_answer_ends_them() {
        let failed = Outcome::Failed {
            transient: true,
            retry_after: None,
        };
        let mut polling = watch(HOUR, 5);
        let usual = polling.interval(&BOUNDS);
        for minutes in [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360] {
            let next;
            (polling, next) = polling.after(failed, MORNING, &BOUNDS, 0);
            let Next::At(next) = next else { panic!("{next:?}") };
            let pause = next.since(MORNING);
            assert!(
                (minutes * MINUTE..=minutes * MINUTE * 11 / 10).contains(&pause),
                "{minutes}: {pause}"
            );
        }
        assert_eq!(polling.interval(&BOUNDS), usual);
        let lasting = Outcome::Failed {
            transient: false,
            retry_after: None,
        };
        let Next::At(next) = watch(DAY, 5).after(lasting, MORNING, &BOUNDS, 0).1 else {
            panic!("it may be mended")
        };
        assert!(
            next.since(MORNING) > 2 * HOUR,
            "what will not pass is not asked each minute"
        );
        assert_eq!(polling.after(read(1), MORNING, &BOUNDS, 0).0.failures(), 0);
        assert_eq!(polling.after(Outcome::Gone, MORNING, &BOUNDS, 0).1, Next::Never);
    }

    proptest::proptest! {
        #[test]
        fn no_course_of_visits_leaves_the_bounds(
            visits in proptest::collection::vec((0..5_u8, proptest::num::i64::ANY, proptest::num::u32::ANY), 1..40),
            seed in proptest::num::u64::ANY,
        ) {
            let (mut polling, mut now) = (Polling::default(), MORNING);
            for (kind, number, fresh) in visits {
                let outcome = match kind {
                    0 => Outcome::Unchanged { keep: Some(number) },
                    1 => Outcome::Read { fresh, over: Some(number), keep: None },
                    2 => Outcome::Read { fresh, over: None, keep: Some(number) },
                    3 => Outcome::Failed { transient: fresh % 2 == 0, retry_after: Some(number) },
                    _ => Outcome::Failed { transient: true, retry_after: None },
                };
                let next;
                (polling, next) = polling.after(outcome, now, &BOUNDS, seed);
                let Next::At(next) = next else { panic!("{outcome:?} retires nothing") };
                let pause = next.since(now);
                match outcome {
                    Outcome::Failed { retry_after, .. } => {
                        proptest::prop_assert!(pause >= FIRST_PAUSE);
                        proptest::prop_assert!(pause >= retry_after.unwrap_or(0).min(LONGEST_REST));
                        proptest::prop_assert!(pause <= LONGEST_REST * 11 / 10);
                    }
                    _ => proptest::prop_assert!((BOUNDS.shortest..=BOUNDS.longest * 11 / 10).contains(&pause)),
                }
                proptest::prop_assert!(polling.share_unchanged().is_none_or(|share| (0.0..=1.0).contains(&share)));
                let kept: Polling = serde_json::from_str(&serde_json::to_string(&polling).unwrap()).unwrap();
                proptest::prop_assert!((kept.interval(&BOUNDS) - polling.interval(&BOUNDS)).abs() <= 1);
                now = next.plus(i64::from(fresh));
            }
        }

        #[test]
        fn more_news_never_means_fewer_visits(fresh in 0..1_000_u32, more in 0..1_000_u32, over in 1..100 * DAY) {
            let learnt = |fresh| {
                let outcome = Outcome::Read { fresh, over: Some(over), keep: None };
                Polling::default().after(outcome, MORNING, &BOUNDS, 0).0.interval(&BOUNDS)
            };
            proptest::prop_assert!(learnt(fresh + more) <= learnt(fresh));
        }
    }
}
