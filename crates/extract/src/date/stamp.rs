//! A date as a page states it.

use jiff::{civil, tz::Offset};
use reveille_model::{Day, Published, UnixMillis};

/// A date as a page states it: not converted to another zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// The day.
    pub date: civil::Date,
    /// The time of day, where it is stated.
    pub time: Option<civil::Time>,
    /// The offset from UTC, where it is stated.
    pub offset: Option<Offset>,
}

impl Stamp {
    /// The instant, where zone and time are known; else the day.
    #[must_use]
    pub fn published(self) -> Published {
        let instant = self
            .time
            .zip(self.offset)
            .and_then(|(time, offset)| offset.to_timestamp(self.date.to_datetime(time)).ok());
        instant.map_or(Published::Day(Day(self.date)), |at| {
            Published::Instant(UnixMillis::from(at))
        })
    }

    pub(super) fn day(year: i64, month: i64, day: i64) -> Option<Self> {
        let date = civil::Date::new(
            year.try_into().ok()?,
            month.try_into().ok()?,
            day.try_into().ok()?,
        )
        .ok()?;
        Some(Self {
            date,
            time: None,
            offset: None,
        })
    }
}

/// As the page has it: RFC 3339 where time and offset are known, `2026-03-10T06:00:00` without an offset, or a day.
impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.date)?;
        let Some(time) = self.time else { return Ok(()) };
        write!(f, "T{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())?;
        let Some(offset) = self.offset else { return Ok(()) };
        match offset.seconds() {
            0 => f.write_str("Z"),
            seconds => {
                let sign = if seconds < 0 { '-' } else { '+' };
                write!(
                    f,
                    "{sign}{:02}:{:02}",
                    seconds.abs() / 3600,
                    seconds.abs() / 60 % 60
                )
            }
        }
    }
}
