//! For whom an edition comes late or not at all, and for whom each of a brief's editions does.

use std::collections::BTreeMap;

use crate::{Approval, Brief, Day, MorningTime, Slot, UnixMillis, Zone, slot::LATE_MILLIS};

/// Editions are looked at over so many days: a year, in which clocks are put forward and back again.
const YEAR: usize = 366;

/// Whether a brief's editions are ready in time for the readers of a zone, and not only when it is too late for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InTime {
    /// All are, and in the morning.
    Always,
    /// All are, and some or all of them only after the morning is over: they come as soon as they are ready.
    Later,
    /// It depends on the season, whose clocks differ, or on when the edition is approved.
    Sometimes,
    /// None is, however soon it is approved.
    Never,
}

impl InTime {
    /// What the editions of a year from this day on are for a zone. Each is ready when it is compiled, at the earliest; where a
    /// person has to approve it, at the brief's own hour, at the latest.
    #[must_use]
    pub fn of(brief: &Brief, zone: &Zone, from: Day) -> Self {
        let (mut in_time, mut missed, mut later) = (false, false, false);
        let days = from.and_later().take(YEAR);
        for day in days.filter(|day| brief.comes_out_on(*day)) {
            let earliest = Slot::earliest(day, brief, zone);
            let latest = match brief.approval {
                Approval::Automatic => earliest,
                Approval::Manual => Slot::of(day, brief, zone, day.at(brief.send_at, &brief.zone)),
            };
            in_time |= !earliest.is_missed();
            missed |= latest.is_missed();
            // One for which it is never too late waits for another morning.
            let is_sent_at_once = earliest.late_at.is_some();
            later |= is_sent_at_once && earliest.due_at.since(day.at(brief.send_at, zone)) > LATE_MILLIS;
        }
        match (in_time, missed) {
            (_, false) if later => Self::Later,
            (_, false) => Self::Always,
            (true, true) => Self::Sometimes,
            (false, true) => Self::Never,
        }
    }

    /// The same for each of many zones, of which those whose clocks show the same are judged once: a world of some hundred has
    /// a few dozen clocks.
    #[must_use]
    pub fn of_each(brief: &Brief, zones: Vec<(Zone, u64)>, from: Day) -> Vec<(Self, Zone, u64)> {
        let midnight = |day: Day| day.at(MorningTime::MIDNIGHT, &Zone::UTC);
        let begin = midnight(from.yesterday().yesterday());
        // One for which it is never too late waits for a morning, of a brief that rests for long after the year is over.
        let end = from.and_later().nth(2 * YEAR).map_or(begin, midnight);
        let mut judged = BTreeMap::new();
        let judge = |(zone, readers): (Zone, u64)| {
            let judged = judged.entry(zone.clocks(begin, end));
            let in_time = *judged.or_insert_with(|| Self::of(brief, &zone, from));
            (in_time, zone, readers)
        };
        zones.into_iter().map(judge).collect()
    }
}

/// How many readers an edition leaves for in each hour, and for whom it comes late.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forecast {
    /// Readers by the beginning of the hour in which it leaves for them.
    pub hours: BTreeMap<UnixMillis, u64>,
    /// Readers who get it on a later day than it is dated, being among those above.
    pub later: u64,
    /// Readers for whom it is too late.
    pub missed: u64,
    /// Readers for whom it was too late before it was compiled, being among those who miss it.
    pub out_of_reach: u64,
    /// Readers of whom nobody knows whether the mail server has theirs, and for whom it waits for the operator's word.
    pub held: u64,
    /// Readers who left or pause since it was planned, and get none.
    pub gone: u64,
    /// When the last zone is reached, and which that is.
    pub last: Option<(UnixMillis, Zone)>,
}

impl Forecast {
    /// What becomes of the edition of `day`, ready at `ready`, by how many readers each zone has.
    #[must_use]
    pub fn of(day: Day, brief: &Brief, ready: UnixMillis, zones: Vec<(Zone, u64)>) -> Self {
        let mut forecast = Self::default();
        for (zone, readers) in zones {
            let slot = Slot::of(day, brief, &zone, ready);
            if slot.is_missed() {
                forecast.misses(day, brief, &(zone, readers));
            } else {
                forecast.leaves(day, slot.due_at, (zone, readers));
            }
        }
        forecast
    }

    /// It leaves for so many readers of a zone at that instant.
    pub fn leaves(&mut self, day: Day, at: UnixMillis, (zone, readers): (Zone, u64)) {
        if at.day(&zone) > day {
            self.later += readers;
        }
        *self.hours.entry(at.hour()).or_default() += readers;
        if self.last.as_ref().is_none_or(|(last, _)| *last < at) {
            self.last = Some((at, zone));
        }
    }

    /// It is too late for so many readers of a zone.
    pub fn misses(&mut self, day: Day, brief: &Brief, (zone, readers): &(Zone, u64)) {
        self.missed += readers;
        if Slot::earliest(day, brief, zone).is_missed() {
            self.out_of_reach += readers;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{TooLate, slot::tests::brief};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// Zones whose clocks stand still, so many hours ahead of UTC.
    fn ahead(hours: i64) -> String {
        match hours {
            0.. => format!("Etc/GMT-{hours}"),
            _ => format!("Etc/GMT+{}", -hours),
        }
    }

    proptest! {
        #[test]
        fn where_no_clock_is_changed_it_is_known_by_the_hours_between(
            (editors, readers) in (-12_i64..=14, -12_i64..=14),
            (send_at, lead, last) in (0_i64..24, 0_i64..=480, 0_i64..24),
            is_automatic: bool,
        ) {
            let brief = brief(&serde_json::json!({
                "send_at": format!("{send_at:02}:00"), "lead_minutes": lead, "zone": ahead(editors),
                "approval": if is_automatic { "automatic" } else { "manual" }, "too_late": format!("{last:02}:00"),
            }));
            // All in minutes of the readers' clock, from the beginning of the edition's day.
            let approved = (send_at + readers - editors) * 60;
            let compiled = approved - lead;
            let over = if last > send_at { last } else { last + 24 } * 60;
            let expected = match (compiled < over, approved < over) {
                (false, _) => InTime::Never,
                (true, false) if !is_automatic => InTime::Sometimes,
                (true, _) if compiled - send_at * 60 > 6 * 60 => InTime::Later,
                (true, _) => InTime::Always,
            };
            prop_assert_eq!(InTime::of(&brief, &ahead(readers).parse().unwrap(), day("2026-03-10")), expected);
        }

        #[test]
        fn each_forecast_agrees(
            editors in prop::sample::select(Zone::names()),
            readers in prop::sample::select(Zone::names()),
            (send_at, lead, after) in (0_u8..24, 0_u32..=480, 0_u32..366),
        ) {
            let plan = serde_json::json!({
                "send_at": format!("{send_at:02}:00"), "lead_minutes": lead, "zone": editors, "approval": "automatic",
            });
            let (brief, zone): (Brief, Zone) = (brief(&plan), readers.parse().unwrap());
            let from = day("2026-03-10");
            let some_day = from.and_later().nth(after as usize).unwrap();
            let ready = brief.compiled_at(some_day);
            let forecast = Forecast::of(some_day, &brief, ready, vec![(zone.clone(), 3)]);
            let missed = (forecast.missed, forecast.out_of_reach);
            match InTime::of(&brief, &zone, from) {
                InTime::Always | InTime::Later => prop_assert_eq!(missed, (0, 0)),
                InTime::Sometimes => prop_assert!(missed == (0, 0) || missed == (3, 3)),
                InTime::Never => prop_assert_eq!(missed, (3, 3)),
            }
            prop_assert_eq!(InTime::of(&brief, &brief.zone, from), InTime::Always, "where its editors live");
            let never = Brief { too_late: TooLate::Never, ..brief };
            prop_assert_eq!(InTime::of(&never, &zone, from), InTime::Always);
        }
    }

    #[test]
    fn an_edition_of_los_angeles_is_ready_when_its_day_is_over_in_new_zealand() {
        for (lead, zone, expected) in [
            // At five, which is midnight in Auckland in their winter and two in the morning in their summer.
            (60, "Pacific/Auckland", InTime::Never),
            // Half past eleven in the evening, for half of the year.
            (90, "Pacific/Auckland", InTime::Sometimes),
            (240, "Pacific/Auckland", InTime::Later),
            // Midnight there while it is summer there and winter here.
            (60, "Australia/Sydney", InTime::Sometimes),
            (60, "Australia/Brisbane", InTime::Later),
            (60, "Europe/London", InTime::Later),
            (60, "America/New_York", InTime::Always),
        ] {
            let plan = serde_json::json!({
                "lead_minutes": lead, "zone": "America/Los_Angeles", "approval": "automatic",
            });
            let judged = InTime::of(&brief(&plan), &zone.parse().unwrap(), day("2026-03-10"));
            assert_eq!(judged, expected, "{zone}, {lead} minutes before");
        }
    }

    #[test]
    fn zones_are_judged_together_as_each_is_alone() {
        let zones: Vec<(Zone, u64)> = (1..)
            .zip(Zone::names())
            .map(|(readers, name)| (name.parse().unwrap(), readers))
            .collect();
        let from = day("2026-03-10");
        for plan in [
            serde_json::json!({ "zone": "America/Los_Angeles", "lead_minutes": 90, "approval": "automatic" }),
            serde_json::json!({ "zone": "Pacific/Auckland", "too_late": "never", "days": ["Mon"] }),
        ] {
            let brief = brief(&plan);
            let each = InTime::of_each(&brief, zones.clone(), from);
            assert_eq!(each.len(), zones.len());
            for ((in_time, zone, readers), asked) in each.iter().zip(&zones) {
                assert_eq!((zone, readers), (&asked.0, &asked.1));
                assert_eq!(*in_time, InTime::of(&brief, zone, from), "{zone}");
            }
        }
    }

    #[test]
    fn a_brief_that_never_comes_out_is_late_for_nobody() {
        let skip: Vec<Day> = day("2026-03-10").and_later().take(400).collect();
        let plan = serde_json::json!({ "zone": "America/Los_Angeles", "skip": skip });
        let auckland = "Pacific/Auckland".parse().unwrap();
        assert_eq!(
            InTime::of(&brief(&plan), &auckland, day("2026-03-10")),
            InTime::Always
        );
    }

    #[test]
    fn a_forecast_counts_every_reader_once() {
        let zones = || {
            let zones = [("Europe/London", 3), ("America/New_York", 2), ("Asia/Tokyo", 1)];
            zones
                .map(|(zone, readers)| (zone.parse().unwrap(), readers))
                .to_vec()
        };
        let (day, ready) = (
            "2026-03-10".parse().unwrap(),
            "2026-03-10T15:10:00Z".parse().unwrap(),
        );
        let forecast = Forecast::of(day, &brief(&serde_json::json!({})), ready, zones());
        let hour: UnixMillis = "2026-03-10T15:00:00Z".parse().unwrap();
        assert_eq!(forecast.hours, [(hour, 5)].into());
        assert_eq!((forecast.later, forecast.missed), (0, 1));
        assert_eq!(
            forecast.out_of_reach, 0,
            "approved as soon as it was compiled it were in time"
        );
        let never = brief(&serde_json::json!({ "too_late": "never" }));
        let forecast = Forecast::of(day, &never, ready, zones());
        assert_eq!((forecast.later, forecast.missed), (4, 0));
        assert_eq!(forecast.hours.values().sum::<u64>(), 6);
        let (at, zone) = forecast.last.unwrap();
        assert_eq!(
            (at.to_string(), zone.name()),
            ("2026-03-11T06:00:00Z".to_owned(), "Europe/London")
        );
    }
}
