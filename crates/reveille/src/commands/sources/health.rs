//! `reveille sources list` and `show`: how each source fares.

use reveille_desk::{Health, ago, told_by};
use reveille_model::{Bounds, UnixMillis};
use reveille_store::{
    hubs,
    sources::{self as rows, Source},
};

use super::named;
use crate::{app::App, print};

pub(super) async fn list(app: &App, failing: bool, json: bool) -> anyhow::Result<()> {
    let mut sources = rows::list(&app.store, rows::Filter::default()).await?;
    sources.retain(|source| !failing || source.is_failing());
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
        let health = Health::of(source, &bounds, now);
        vec![
            source.carrier.clone(),
            source.url.to_string(),
            health.last_read,
            health.next_try,
            health.every.unwrap_or_else(|| "–".to_owned()),
            health.a_day,
            health.unchanged,
            health.state,
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
    let health = Health::of(&source, &app.polling_bounds(), now);
    let mut lines = vec![
        ("Address", source.url.to_string()),
        ("State", health.state),
        ("Last success", at(now, source.last_success_at)),
        ("Last tried", at(now, source.last_fetch_at)),
        ("Next try", health.next_try),
    ];
    lines.extend(health.every.map(|every| {
        (
            "Asked every",
            format!("{every}, as learnt from how often it publishes"),
        )
    }));
    lines.extend([("New a day", health.a_day), ("Unchanged (304)", health.unchanged)]);
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

fn at(now: UnixMillis, at: Option<UnixMillis>) -> String {
    at.map_or_else(
        || "never".to_owned(),
        |instant| format!("{} ({instant})", ago(now, at)),
    )
}
