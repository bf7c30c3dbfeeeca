//! `/desk/sources`: how each source fares, those that fail first.

use std::{cmp::Reverse, sync::Arc};

use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    response::Response,
};
use reveille_model::SourceState;
use reveille_store::{
    sessions::Session,
    sources::{self, Source},
};
use serde::Deserialize;

use super::{Door, at_the_desk};
use crate::{Desk, Health, PageError};

/// Sources on one page: what a person scans in a minute.
const PAGE: usize = 200;

/// What a sorted list begins with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    /// Those that fail.
    #[default]
    Failing,
    Name,
    /// Those that were read the longest time ago.
    Unread,
    /// Those that publish most.
    Busy,
}

impl Order {
    const ALL: [Self; 4] = [Self::Failing, Self::Name, Self::Unread, Self::Busy];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Name => "name",
            Self::Unread => "unread",
            Self::Busy => "busy",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Failing => "failing first",
            Self::Name => "by name",
            Self::Unread => "longest unread",
            Self::Busy => "busiest first",
        }
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    order: Order,
    /// The first source that is shown, counted from 0.
    #[serde(default)]
    from: usize,
}

#[derive(Template)]
#[template(path = "sources.html")]
struct Sources {
    rows: Vec<(Source, Health)>,
    order: Order,
    /// "12 sources · 2 failing · 1 paused".
    summary: String,
    /// Where the page before and the page after begin.
    before: Option<usize>,
    after: Option<usize>,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let now = desk.clock.now();
    let all = sources::list(&desk.store, sources::Filter::default()).await?;
    let mut rows: Vec<(Source, Health)> = all
        .into_iter()
        .map(|source| {
            let health = Health::of(&source, &desk.polling, now);
            (source, health)
        })
        .collect();
    sort(&mut rows, asked.order);
    let (count, summary) = (rows.len(), summary(&rows));
    let page = Sources {
        rows: rows.into_iter().skip(asked.from).take(PAGE).collect(),
        order: asked.order,
        summary,
        before: (asked.from > 0).then(|| asked.from.saturating_sub(PAGE)),
        after: asked.from.checked_add(PAGE).filter(|after| *after < count),
    };
    at_the_desk(Door::Sources, "Sources", &session, &page)
}

fn sort(rows: &mut [(Source, Health)], order: Order) {
    let name = |source: &Source| (source.carrier.to_lowercase(), source.id);
    match order {
        Order::Failing => {
            rows.sort_by_cached_key(|(source, health)| (Reverse(health.is_failing), name(source)));
        }
        Order::Name => rows.sort_by_cached_key(|(source, _)| name(source)),
        Order::Unread => {
            rows.sort_by_cached_key(|(source, _)| (source.last_success_at, name(source)));
        }
        Order::Busy => rows.sort_by_cached_key(|(source, _)| {
            let a_day = source.polling.entries_a_day().unwrap_or(0.0);
            // In hundredths, which is finer than what is shown, so that equals go by name.
            (Reverse((a_day * 100.0) as u64), name(source))
        }),
    }
}

fn summary(rows: &[(Source, Health)]) -> String {
    let failing = rows.iter().filter(|(_, health)| health.is_failing);
    let paused = rows
        .iter()
        .filter(|(source, _)| source.state == SourceState::Paused);
    let mut parts = vec![format!(
        "{} {}",
        rows.len(),
        if rows.len() == 1 { "source" } else { "sources" }
    )];
    for (count, what) in [(failing.count(), "failing"), (paused.count(), "paused")] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    parts.join(" · ")
}
