//! `reveille sources list` and `show`: how each source fares.

use reveille_model::{Bounds, SourceKind, SourceState, UnixMillis};
use reveille_store::{
    hubs::{self, Hub},
    sources::{self as rows, Source},
};

use super::named;
use crate::{app::App, print};

pub(super) async fn list(app: &App, failing: bool, json: bool) -> anyhow::Result<()> {
    let mut sources = rows::list(&app.store, rows::Filter::default()).await?;
    sources.retain(|source| !failing || source.polling.failures() > 0 || source.state == SourceState::Gone);
    if json {
        let all: Vec<_> = sources.iter().map(|source| as_json(app, source)).collect();
        return print::line(serde_json::to_string_pretty(&all)?);
    }
    if sources.is_empty() {
        return print::line(if failing {
            "No source failed."
        } else {
            "No sources yet: `reveille sources add URL`."
        });
    }
    let (now, bounds) = (app.now(), app.polling_bounds());
    let row = |source: &Source| {
        vec![
            source.carrier.clone(),
            source.url.to_string(),
            ago(now, source.last_success_at),
            next(source, now),
            span(source.polling.interval(&bounds)),
            a_day(source),
            unchanged(source),
            state(source),
        ]
    };
    let table: Vec<_> = sources.iter().map(row).collect();
    let headings = [
        "CARRIER",
        "ADDRESS",
        "LAST READ",
        "NEXT TRY",
        "EVERY",
        "A DAY",
        "304",
        "STATE",
    ];
    print::line(print::table(&headings, &table))
}

pub(super) async fn show(app: &App, name: &str, json: bool) -> anyhow::Result<()> {
    let source = named(app, name).await?;
    let moves = rows::moves(&app.store, source.id).await?;
    let hub = hubs::find(&app.store, source.id).await?;
    if json {
        let mut all = as_json(app, &source);
        let moves = moves
            .iter()
            .map(|moved| serde_json::json!({"from": moved.from, "to": moved.to, "at": moved.at.to_string()}));
        all["moves"] = moves.collect();
        all["hub"] = hub.map(|hub| hub.url.to_string()).into();
        return print::line(serde_json::to_string_pretty(&all)?);
    }
    let now = app.now();
    let every = span(source.polling.interval(&app.polling_bounds()));
    let mut lines = vec![
        ("Address", source.url.to_string()),
        ("State", state(&source)),
        ("Last success", at(now, source.last_success_at)),
        ("Last tried", at(now, source.last_fetch_at)),
        ("Next try", next(&source, now)),
        (
            "Asked every",
            format!("{every}, as learnt from how often it publishes"),
        ),
        ("New a day", a_day(&source)),
        ("Unchanged (304)", unchanged(&source)),
    ];
    lines.extend(
        source
            .last_error
            .iter()
            .map(|_| ("Tries failed", source.polling.failures().to_string())),
    );
    lines.extend(source.forgiven.iter().map(|fault| ("Forgiven", fault.clone())));
    lines.extend(
        moves
            .iter()
            .map(|moved| ("Moved", format!("{} from {}", moved.at, moved.from))),
    );
    lines.extend(hub.iter().map(|hub| ("Hub", told_by(hub, now))));
    lines.extend(
        source
            .credential
            .iter()
            .map(|credential| ("Signed in with", credential.to_string())),
    );
    lines.extend(source.site_url.iter().map(|site| ("Site", site.to_string())));
    lines.extend(source.icon_url.iter().map(|icon| ("Icon", icon.to_string())));
    let lines: Vec<String> = lines
        .iter()
        .map(|(name, value)| format!("{name:<15}  {value}"))
        .collect();
    print::line(format!("{}\n{}", source.carrier, lines.join("\n")))
}

/// How it fares, in words.
fn state(source: &Source) -> String {
    match (&source.last_error, source.state) {
        (_, SourceState::Paused) => "paused".to_owned(),
        (Some(error), SourceState::Gone) => format!("gone: {error}"),
        (Some(error), SourceState::Active) => format!("failing: {error}"),
        (None, _) if source.last_success_at.is_none() => "not read yet".to_owned(),
        (None, _) if !source.forgiven.is_empty() => {
            format!("well, but not sound: {}", source.forgiven.join("; "))
        }
        (None, _) => "well".to_owned(),
    }
}

fn as_json(app: &App, source: &Source) -> serde_json::Value {
    let bounds: Bounds = app.polling_bounds();
    serde_json::json!({
        "carrier": source.carrier,
        "url": source.url,
        "state": source.state,
        "weight": source.weight,
        "site": source.site_url,
        "icon": source.icon_url,
        "credential": source.credential.as_ref().map(ToString::to_string),
        "last_fetch": source.last_fetch_at.map(|at| at.to_string()),
        "last_success": source.last_success_at.map(|at| at.to_string()),
        "next_fetch": source.next_fetch_at.to_string(),
        "interval_minutes": source.polling.interval(&bounds) as f64 / 60_000.0,
        "entries_a_day": source.polling.entries_a_day(),
        "share_unchanged": source.polling.share_unchanged(),
        "failures": source.polling.failures(),
        "last_error": source.last_error,
        "forgiven": source.forgiven,
    })
}

/// Whether a hub tells us of news, in words.
fn told_by(hub: &Hub, now: UnixMillis) -> String {
    let state = match (hub.lease_until, &hub.last_error) {
        (Some(until), None) if until > now => format!("tells us of news until {until}"),
        (_, Some(error)) => format!("does not tell us of news: {error}"),
        (_, None) => "has not agreed to tell us of news".to_owned(),
    };
    format!("{} {state}", hub.url)
}

fn a_day(source: &Source) -> String {
    let entries = source.polling.entries_a_day();
    entries.map_or_else(|| "–".to_owned(), |entries| format!("{entries:.1}"))
}

fn unchanged(source: &Source) -> String {
    let share = source.polling.share_unchanged();
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0))
}

fn next(source: &Source, now: UnixMillis) -> String {
    match source.state {
        // It comes with its mailbox.
        SourceState::Active if source.kind == SourceKind::Letters => "–".to_owned(),
        SourceState::Active if source.next_fetch_at <= now => "now".to_owned(),
        SourceState::Active => format!("in {}", span(source.next_fetch_at.since(now))),
        SourceState::Paused | SourceState::Gone => "–".to_owned(),
    }
}

fn at(now: UnixMillis, at: Option<UnixMillis>) -> String {
    at.map_or_else(
        || "never".to_owned(),
        |instant| format!("{} ({instant})", ago(now, at)),
    )
}

pub(super) fn ago(now: UnixMillis, at: Option<UnixMillis>) -> String {
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
