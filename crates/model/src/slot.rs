//! When an edition may leave for a reader: at their own morning, on the day that it is dated.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Brief, Day, MorningTime, TimeError, UnixMillis, Zone};

/// So long after its hour a brief still counts as the morning's: six hours, in milliseconds.
pub(crate) const LATE_MILLIS: i64 = 6 * 3_600_000;

/// When an edition comes too late for a reader, on their own wall clock; written as an hour ("11:00") or "never".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum TooLate {
    /// From this hour on: who has not got it by then misses it. One that is not after the brief's own is the next day's,
    /// so that midnight is the end of the edition's day.
    At(MorningTime),
    /// At no hour: where the morning is over it waits for the next one, whose date it does not bear.
    Never,
}

impl TooLate {
    /// Whether it is the end of the edition's day.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for TooLate {
    fn default() -> Self {
        Self::At(MorningTime::MIDNIGHT)
    }
}

impl FromStr for TooLate {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        match text {
            "never" => Ok(Self::Never),
            hour => hour
                .parse()
                .map(Self::At)
                .map_err(|_| TimeError::TooLate(hour.to_owned())),
        }
    }
}

impl TryFrom<String> for TooLate {
    type Error = TimeError;

    fn try_from(text: String) -> Result<Self, TimeError> {
        text.parse()
    }
}

impl From<TooLate> for String {
    fn from(late: TooLate) -> Self {
        late.to_string()
    }
}

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(hour) => hour.fmt(f),
            Self::Never => f.write_str("never"),
        }
    }
}

/// When a delivery may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Not before this instant.
    pub due_at: UnixMillis,
    /// Nor from this one on, if there is one.
    pub late_at: Option<UnixMillis>,
}

impl From<UnixMillis> for Slot {
    /// Never too late.
    fn from(due_at: UnixMillis) -> Self {
        Self {
            due_at,
            late_at: None,
        }
    }
}

impl Slot {
    /// When the edition of `day`, ready at `ready`, may reach readers in `zone`: from their hour of that day on, until it is
    /// too late.
    #[must_use]
    pub fn of(day: Day, brief: &Brief, zone: &Zone, ready: UnixMillis) -> Self {
        let TooLate::At(hour) = brief.too_late else {
            return next_morning(day, brief, zone, ready).into();
        };
        let last_day = if hour > brief.send_at { day } else { day.tomorrow() };
        let span = |zone: &Zone| last_day.at(hour, zone).since(day.at(brief.send_at, zone));
        // Where the clocks skip the brief's own hour, it comes later by them: a last hour close behind it gives way.
        let least = span(&Zone::UTC).min(day.skips(brief.send_at, zone));
        let first = day.at(brief.send_at, zone);
        Self {
            due_at: first.max(ready),
            late_at: Some(first.plus(span(zone).max(least))),
        }
    }

    /// The same where it goes out as soon as it is compiled.
    #[must_use]
    pub fn earliest(day: Day, brief: &Brief, zone: &Zone) -> Self {
        Self::of(day, brief, zone, brief.compiled_at(day))
    }

    /// Whether it is over before it begins.
    #[must_use]
    pub fn is_missed(self) -> bool {
        self.late_at.is_some_and(|late| late <= self.due_at)
    }
}

/// When an edition for which it is never too late reaches readers in `zone`: at their hour of its day; at once where it is
/// still morning there; else on the next morning of the brief, so that nobody's brief comes in the middle of their night.
/// That is one of its days by their calendar or by the editors': where Saturday dawns while these still have Friday,
/// Friday's edition comes on Saturday.
fn next_morning(day: Day, brief: &Brief, zone: &Zone, ready: UnixMillis) -> UnixMillis {
    let at = |day: Day| day.at(brief.send_at, zone);
    let is_morning = |later: &Day| {
        *later == day || brief.comes_out_on(*later) || brief.comes_out_on(at(*later).day(&brief.zone))
    };
    let in_time = |due: &UnixMillis| ready.since(*due) <= LATE_MILLIS;
    let due = day.and_later().filter(is_morning).map(at).find(in_time);
    due.map_or(ready, |due| due.max(ready))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A brief in UTC that is sent at six, with these keys of its plan beside.
    pub(crate) fn brief(more: &serde_json::Value) -> Brief {
        let mut plan = serde_json::json!({
            "slug": "morning", "name": "", "description": "", "send_at": "06:00", "lead_minutes": 60, "zone": "UTC",
            "approval": "manual", "top": 5, "sections": [], "consent": "",
        });
        let more = more.as_object().unwrap().clone();
        plan.as_object_mut().unwrap().extend(more);
        serde_json::from_value(plan).unwrap()
    }

    fn at_six(day: &str, brief: &Brief, zone: &str, ready: &str) -> String {
        let (day, zone) = (day.parse().unwrap(), zone.parse().unwrap());
        let slot = Slot::of(day, brief, &zone, ready.parse().unwrap());
        assert_eq!(slot.late_at, None);
        slot.due_at.to_string()
    }

    #[test]
    fn where_it_is_never_too_late_every_reader_gets_it_in_a_morning_of_their_own() {
        let brief = brief(&serde_json::json!({ "too_late": "never" }));
        for (zone, due) in [
            ("America/Los_Angeles", "2026-03-10T13:00:00Z"),
            ("Europe/London", "2026-03-10T06:00:00Z"),
            // 10:15 in Delhi: late, and still morning.
            ("Asia/Kolkata", "2026-03-10T04:45:00Z"),
            // 13:45 in Tokyo: tomorrow at six.
            ("Asia/Tokyo", "2026-03-10T21:00:00Z"),
        ] {
            let planned = at_six("2026-03-10", &brief, zone, "2026-03-10T04:45:00Z");
            assert_eq!(planned, due, "{zone}");
        }
    }

    #[test]
    fn a_brief_of_weekdays_wakes_nobody_on_a_weekend() {
        let brief =
            brief(&serde_json::json!({ "too_late": "never", "days": ["mon", "tue", "wed", "thu", "fri"] }));
        for (zone, ready, due) in [
            // In time for Friday the 13th.
            ("Europe/London", "2026-03-13T04:45:00Z", "2026-03-13T06:00:00Z"),
            // Saturday dawns in Tokyo while its editors have Friday.
            ("Asia/Tokyo", "2026-03-13T04:45:00Z", "2026-03-13T21:00:00Z"),
            // Friday dawns in Honolulu.
            ("Pacific/Honolulu", "2026-03-13T04:45:00Z", "2026-03-13T16:00:00Z"),
            // Approved in the afternoon: with Monday's.
            ("Europe/London", "2026-03-13T15:00:00Z", "2026-03-16T06:00:00Z"),
        ] {
            assert_eq!(at_six("2026-03-13", &brief, zone, ready), due, "{zone} {ready}");
        }
        // A reader in the west gets Monday's on their Monday; and an edition that somebody made of a Saturday is sent.
        let monday = at_six(
            "2026-03-16",
            &brief,
            "America/Los_Angeles",
            "2026-03-16T04:45:00Z",
        );
        assert_eq!(monday, "2026-03-16T13:00:00Z");
        assert_eq!(
            at_six("2026-03-14", &brief, "UTC", "2026-03-14T04:45:00Z"),
            "2026-03-14T06:00:00Z"
        );
    }

    /// When an edition that was ready then leaves for a zone, and from when on it is too late, by a brief's two hours.
    fn planned(zone: &str, ready: &str, send_at: &str, too_late: &str) -> (String, String) {
        let brief = brief(&serde_json::json!({ "send_at": send_at, "too_late": too_late }));
        let day = "2026-03-29".parse().unwrap();
        let slot = Slot::of(day, &brief, &zone.parse().unwrap(), ready.parse().unwrap());
        (slot.due_at.to_string(), slot.late_at.unwrap().to_string())
    }

    #[test]
    fn a_brief_with_a_last_hour_keeps_to_the_day_of_the_edition() {
        for (zone, ready, due, late) in [
            (
                "UTC",
                "2026-03-29T04:45:00Z",
                "2026-03-29T06:00:00Z",
                "2026-03-29T11:00:00Z",
            ),
            // The night in which the clocks go forward.
            (
                "Europe/Berlin",
                "2026-03-29T01:30:00Z",
                "2026-03-29T04:00:00Z",
                "2026-03-29T09:00:00Z",
            ),
            // Half an hour beside the others, and approved late.
            (
                "Asia/Kolkata",
                "2026-03-29T02:00:00Z",
                "2026-03-29T02:00:00Z",
                "2026-03-29T05:30:00Z",
            ),
            // After the last hour: it misses the day, and does not come on another.
            (
                "Asia/Tokyo",
                "2026-03-29T04:45:00Z",
                "2026-03-29T04:45:00Z",
                "2026-03-29T02:00:00Z",
            ),
        ] {
            let expected = (due.to_owned(), late.to_owned());
            assert_eq!(planned(zone, ready, "06:00", "11:00"), expected, "{zone}");
        }
        // A last hour before the first is the next day's.
        let (_, late) = planned("UTC", "2026-03-29T04:45:00Z", "22:00", "02:00");
        assert_eq!(late, "2026-03-30T02:00:00Z");
    }

    #[test]
    fn clocks_that_skip_the_first_hour_leave_time_before_the_last() {
        let (ready, first) = ("2026-03-28T22:00:00Z", "2026-03-29T01:30:00Z");
        for (too_late, late) in [
            // They go from two to three, so that half past two is half past three.
            ("03:00", "2026-03-29T02:00:00Z"),
            ("03:31", "2026-03-29T02:30:00Z"),
            ("05:00", "2026-03-29T03:00:00Z"),
            ("00:00", "2026-03-29T22:00:00Z"),
        ] {
            let expected = (first.to_owned(), late.to_owned());
            assert_eq!(
                planned("Europe/Berlin", ready, "02:30", too_late),
                expected,
                "{too_late}"
            );
        }
        // A gap between the two makes the time shorter, as the clocks show it.
        let (_, late) = planned("Europe/Berlin", ready, "01:45", "03:15");
        assert_eq!(late, "2026-03-29T01:15:00Z");
    }

    #[test]
    fn an_edition_that_is_approved_days_late_still_waits_for_a_morning() {
        let brief = brief(&serde_json::json!({ "too_late": "never" }));
        assert_eq!(
            at_six("2026-03-10", &brief, "UTC", "2026-03-14T15:00:00Z"),
            "2026-03-15T06:00:00Z"
        );
    }

    /// When an edition of the 10th of March 2026 that was ready then leaves for a zone; none: it is missed there.
    fn on_the_tenth(zone: &str, ready: &str) -> Option<String> {
        let zone: Zone = zone.parse().unwrap();
        let brief = brief(&serde_json::json!({}));
        let slot = Slot::of(
            "2026-03-10".parse().unwrap(),
            &brief,
            &zone,
            ready.parse().unwrap(),
        );
        let until = slot.late_at.unwrap().plus(-1).day(&zone);
        assert_eq!(
            until.to_string(),
            "2026-03-10",
            "the last instant is still of its day"
        );
        (!slot.is_missed()).then(|| slot.due_at.to_string())
    }

    #[test]
    fn nobody_gets_an_edition_on_a_day_of_another_date() {
        for (zone, ready, due) in [
            (
                "America/Los_Angeles",
                "2026-03-10T04:45:00Z",
                Some("2026-03-10T13:00:00Z"),
            ),
            (
                "Europe/London",
                "2026-03-10T04:45:00Z",
                Some("2026-03-10T06:00:00Z"),
            ),
            (
                "Asia/Kolkata",
                "2026-03-10T04:45:00Z",
                Some("2026-03-10T04:45:00Z"),
            ),
            // 13:45 in Tokyo, and it is the 10th: at once.
            ("Asia/Tokyo", "2026-03-10T04:45:00Z", Some("2026-03-10T04:45:00Z")),
            // Approved in the afternoon of London: at once there, in the morning of Los Angeles, too late for Tokyo.
            (
                "Europe/London",
                "2026-03-10T15:00:00Z",
                Some("2026-03-10T15:00:00Z"),
            ),
            (
                "America/Los_Angeles",
                "2026-03-10T15:00:00Z",
                Some("2026-03-10T15:00:00Z"),
            ),
            ("Asia/Tokyo", "2026-03-10T15:00:00Z", None),
            // A day late: for nobody but where the 10th still is.
            ("Europe/London", "2026-03-11T04:45:00Z", None),
            (
                "Pacific/Honolulu",
                "2026-03-11T04:45:00Z",
                Some("2026-03-11T04:45:00Z"),
            ),
            // Ready the evening before: everybody's own morning.
            (
                "Pacific/Auckland",
                "2026-03-09T12:00:00Z",
                Some("2026-03-09T17:00:00Z"),
            ),
        ] {
            assert_eq!(on_the_tenth(zone, ready).as_deref(), due, "{zone} {ready}");
        }
    }

    #[test]
    fn a_day_ends_where_midnight_is_skipped_too() {
        // Lebanon puts the clocks forward from 00:00 to 01:00 on the 29th.
        let brief = brief(&serde_json::json!({}));
        let (day, zone) = ("2026-03-28".parse().unwrap(), "Asia/Beirut".parse().unwrap());
        let slot = Slot::of(day, &brief, &zone, UnixMillis(0));
        assert_eq!(slot.late_at.unwrap().to_string(), "2026-03-28T22:00:00Z");
    }

    #[test]
    fn the_last_hour_is_read_as_it_is_written() {
        for text in ["11:00", "00:00", "never"] {
            assert_eq!(text.parse::<TooLate>().unwrap().to_string(), text);
        }
        assert!("00:00".parse::<TooLate>().unwrap().is_usual());
        assert_eq!(
            "noon".parse::<TooLate>().unwrap_err().to_string(),
            "`noon` is no last hour (expected HH:MM, for example 11:00, or never)"
        );
    }
}
