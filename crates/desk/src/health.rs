//! How a source fares, in words: for the desk and for the command line.

use reveille_model::{Bounds, SourceKind, SourceState, UnixMillis};
use reveille_store::{hubs::Hub, sources::Source};

/// How a source fares, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What is wrong, or that nothing is.
    pub state: String,
    /// Whether something is, and the source is not paused.
    pub is_failing: bool,
    /// How long ago it was last read.
    pub last_read: String,
    /// When it is asked next.
    pub next_try: String,
    /// How often it is asked while all goes well, as learnt; folders and mailboxes have a pace of their own.
    pub every: Option<String>,
    /// New entries a day, as they have come lately.
    pub a_day: String,
    /// The share of answers that were "not modified", as it has been lately.
    pub unchanged: String,
}

impl Health {
    /// How it fares at this time.
    #[must_use]
    pub fn of(source: &Source, bounds: &Bounds, now: UnixMillis) -> Self {
        let polling = &source.polling;
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        Self {
            state: state(source),
            is_failing: source.is_failing() && source.state != SourceState::Paused,
            last_read: ago(now, source.last_success_at),
            next_try: next_try(source, now),
            every: source.url.web().map(|_| span(polling.interval(bounds))),
            a_day: or_dash(polling.entries_a_day().map(|entries| format!("{entries:.1}"))),
            unchanged: or_dash(
                polling
                    .share_unchanged()
                    .map(|share| format!("{:.0} %", share * 100.0)),
            ),
        }
    }
}

fn state(source: &Source) -> String {
    match (&source.last_error, source.state) {
        (_, SourceState::Paused) => "paused".to_owned(),
        (_, SourceState::Removed) => "removed".to_owned(),
        (Some(error), SourceState::Gone) => format!("gone: {error}"),
        (Some(error), SourceState::Active) => format!("failing: {error}"),
        (None, _) if source.last_success_at.is_none() => "not read yet".to_owned(),
        (None, _) if !source.forgiven.is_empty() => {
            format!("well, but not sound: {}", source.forgiven.join("; "))
        }
        (None, _) => "well".to_owned(),
    }
}

fn next_try(source: &Source, now: UnixMillis) -> String {
    match source.state {
        // It comes with its mailbox.
        SourceState::Active if source.kind == SourceKind::Letters => "–".to_owned(),
        SourceState::Active if source.next_fetch_at <= now => "now".to_owned(),
        SourceState::Active => format!("in {}", span(source.next_fetch_at.since(now))),
        SourceState::Paused | SourceState::Gone | SourceState::Removed => "–".to_owned(),
    }
}

/// Whether a hub tells us of news.
#[must_use]
pub fn told_by(hub: &Hub, now: UnixMillis) -> String {
    let state = match (hub.lease_until, &hub.last_error) {
        (Some(until), None) if until > now => format!("tells us of news until {until}"),
        (_, Some(error)) => format!("does not tell us of news: {error}"),
        (_, None) => "has not agreed to tell us of news".to_owned(),
    };
    format!("{} {state}", hub.url)
}

/// How long ago something was, if it ever was.
#[must_use]
pub fn ago(now: UnixMillis, at: Option<UnixMillis>) -> String {
    at.map_or_else(|| "never".to_owned(), |at| format!("{} ago", span(now.since(at))))
}

fn span(millis: i64) -> String {
    let minutes = millis.max(0) / 60_000;
    match minutes {
        0 => "less than 1 min".to_owned(),
        1..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}
