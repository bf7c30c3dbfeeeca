//! Dates as pages write them, in machine and human forms of many languages.

mod clock;
mod day;
mod months;
mod stamp;
mod tokens;

pub(crate) use months::month;
pub use stamp::Stamp;

use clock::{epoch, time_in};
use day::date_at;
use tokens::tokens;

/// How days and months are ordered where both are numbers of at most 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// 31/12/2026.
    DayFirst,
    /// 12/31/2026.
    MonthFirst,
}

impl Order {
    /// The other order.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::DayFirst => Self::MonthFirst,
            Self::MonthFirst => Self::DayFirst,
        }
    }
}

/// The first date in `text`, in whatever form.
pub(crate) fn parse(text: &str, order: Order) -> Option<Stamp> {
    let text = text.trim();
    // Dates stand near the start of what claims to be one.
    let text = crate::text::excerpt(text, 160);
    let tokens = tokens(text);
    if let Some(stamp) = epoch(&tokens) {
        return Some(stamp);
    }
    let (mut stamp, used) = (0..tokens.len()).find_map(|at| date_at(&tokens, at, order))?;
    // Times may stand before the date: "10:15, 3 May 2026".
    let time = time_in(&tokens, used, true).or_else(|| time_in(&tokens, 0, false));
    if let Some((time, offset)) = time {
        stamp.time = Some(time);
        stamp.offset = offset;
    }
    Some(stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_forms_are_read() {
        for (text, expected) in [
            ("2026-03-10", "2026-03-10"),
            ("2026-03-10T06:05:07+02:00", "2026-03-10T06:05:07+02:00"),
            ("2026-03-10T06:05:07.123Z", "2026-03-10T06:05:07Z"),
            ("2026-03-10 06:05:07 -0500", "2026-03-10T06:05:07-05:00"),
            ("20260310", "2026-03-10"),
            ("Tue, 10 Mar 2026 06:05:07 GMT", "2026-03-10T06:05:07Z"),
            (
                "Tue Mar 10 2026 06:05:07 GMT+0100 (CET)",
                "2026-03-10T06:05:07+01:00",
            ),
            ("March 10, 2026 at 6:05 p.m. EDT", "2026-03-10T18:05:00-04:00"),
            ("Published 6:05 PM, Mar 10th 2026", "2026-03-10T18:05:00"),
            ("10. März 2026, 06.05 Uhr", "2026-03-10T06:05:00"),
            ("10 de marzo de 2026", "2026-03-10"),
            ("10.03.2026", "2026-03-10"),
            ("1er mars 2026 à 06h05", "2026-03-01T06:05:00"),
            ("2026年3月10日 6時05分", "2026-03-10T06:05:00"),
            ("2026년 3월 10일", "2026-03-10"),
            ("10 марта 2026", "2026-03-10"),
            ("10. března 2026", "2026-03-10"),
            ("mar. 10 juin 2026", "2026-06-10"),
            ("10 | 03 | 2026", "2026-03-10"),
            ("1773122707", "2026-03-10T06:05:07Z"),
        ] {
            assert_eq!(
                parse(text, Order::DayFirst).map(|s| s.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn the_order_of_numbers_is_the_readers_unless_it_cannot_be() {
        let day = |text, order| parse(text, order).map(|stamp| stamp.date.to_string());
        assert_eq!(
            day("03/10/2026", Order::MonthFirst).as_deref(),
            Some("2026-03-10")
        );
        assert_eq!(
            day("03-10-2026", Order::MonthFirst).as_deref(),
            Some("2026-03-10")
        );
        assert_eq!(
            day("10.03.2026", Order::MonthFirst).as_deref(),
            Some("2026-03-10")
        );
        assert_eq!(day("10/03/2026", Order::DayFirst).as_deref(), Some("2026-03-10"));
        assert_eq!(
            day("13/03/2026", Order::MonthFirst).as_deref(),
            Some("2026-03-13")
        );
    }

    #[test]
    fn what_is_no_date_gives_none() {
        for text in [
            "",
            "1970-01-01T00:00:00Z",
            "2026",
            "Mark 10, 2026",
            "99.99.2026",
            "1.2.3",
            "3 out of 5 in 2024",
            "call 555-1234",
        ] {
            assert_eq!(parse(text, Order::DayFirst), None, "{text}");
        }
    }
}
