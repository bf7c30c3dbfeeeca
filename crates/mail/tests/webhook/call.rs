//! What all services' tests share.

use reveille_mail::{
    bounce::Returned,
    webhook::{Call, Event},
};
use reveille_model::UnixMillis;

/// 2026-03-10, 06:30 UTC, in seconds.
pub(crate) const NOW: i64 = 1_773_124_200;

/// A name as our messages have it.
pub(crate) const ID: &str = "0123456789abcdef0123456789abcdef@brief.example";

pub(crate) fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(own).collect()
}

pub(crate) fn call<'a>(headers: &'a [(String, String)], body: &'a str) -> Call<'a> {
    Call {
        headers,
        body: body.as_bytes(),
        now: UnixMillis(NOW * 1_000),
    }
}

/// What an event says in a line: whom it is about, and why the message came back, or the kind of complaint.
pub(crate) fn said(event: &Event) -> String {
    let what = match &event.returned {
        Returned::Bounce(failures) => {
            let failure = &failures[0];
            let hard = if failure.reason.is_hard() { "hard" } else { "soft" };
            format!("{hard} {}", failure.reason.name())
        }
        Returned::Complaint { kind, .. } => format!("complaint {kind}"),
        other => panic!("{other:?}"),
    };
    format!("{} {}: {what}", event.id, event.recipient)
}
