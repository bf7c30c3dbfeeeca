//! Figures: how many readers there are, how they came and went, and what was followed. Of no single one.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
};
use reveille_model::{Month, Scope, SubscriberState};
use reveille_store::{
    audience::{self as audiences, Reach},
    clicks, deliveries, editions,
    figures::{self, Figures},
    reader_tally, segments,
};
use serde_json::{Value, json};

use super::{
    Problem,
    briefs::{find, find_edition},
    caller::Program,
};
use crate::Desk;

/// `GET /api/briefs/{brief}/stats`
pub(super) async fn stats(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadStats)?;
    let stored = find(&desk, &slug).await?;
    let counted = reader_tally::count_states(&desk.store, stored.id).await?;
    let readers: BTreeMap<_, _> = SubscriberState::ALL
        .iter()
        .map(|state| (state.as_str(), counted.get(state).copied().unwrap_or(0)))
        .collect();
    let latest = match editions::latest_released(&desk.store, stored.id).await? {
        Some(edition) => {
            let tally = deliveries::tally(&desk.store, edition.id).await?;
            let deliveries: BTreeMap<_, _> = tally
                .iter()
                .map(|(state, count)| (state.as_str(), count))
                .collect();
            json!({ "day": edition.edition.day, "deliveries": deliveries })
        }
        None => Value::Null,
    };
    let Reach { audience, list } = audiences::reach(&desk.store, &stored.brief).await?;
    let audience = json!({ "segment": stored.brief.audience, "readers": audience, "list": list });
    let months = figures::by_month(&desk.store, stored.id).await?;
    let months: Vec<_> = months
        .iter()
        .map(|(month, figures)| of_month(month, figures))
        .collect();
    Ok(Json(
        json!({ "readers": readers, "audience": audience, "latest_edition": latest, "months": months }),
    ))
}

fn of_month(month: &Month, figures: &Figures) -> Value {
    let Figures {
        came,
        left,
        complained,
        erased,
        hard,
        soft,
    } = figures;
    json!({
        "month": month.as_str(), "came": came, "left": left, "complained": complained, "erased": erased,
        "hard_bounces": hard, "soft_bounces": soft,
    })
}

/// `GET /api/briefs/{brief}/editions/{day}/clicks`
pub(super) async fn edition_clicks(
    program: Program,
    State(desk): State<Arc<Desk>>,
    Path((slug, day)): Path<(String, String)>,
) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadStats)?;
    let stored = find(&desk, &slug).await?;
    let edition = find_edition(&desk, &stored, &day).await?;
    let counted = clicks::of_edition(&desk.store, edition.id).await?;
    let clicks = |number: usize| counted.get(&number).copied().unwrap_or(0);
    let entries: Vec<_> = edition
        .edition
        .entries()
        .map(|entry| {
            json!({ "number": entry.number, "headline": entry.headline, "clicks": clicks(entry.number) })
        })
        .collect();
    Ok(Json(
        json!({ "counts_clicks": stored.brief.counts_clicks(), "entries": entries }),
    ))
}

/// `GET /api/segments`
pub(super) async fn list_segments(
    program: Program,
    State(desk): State<Arc<Desk>>,
) -> Result<Json<Value>, Problem> {
    program.may(Scope::ReadStats)?;
    let mut items = Vec::new();
    for stored in segments::list(&desk.store).await? {
        let readers = segments::count(&desk.store, &stored.segment).await?;
        items.push(json!({ "name": stored.name, "segment": stored.segment, "readers": readers }));
    }
    Ok(Json(json!({ "items": items, "next": null })))
}
