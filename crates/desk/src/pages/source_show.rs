//! `/desk/sources/{source}`: how one source fares, and what an editor may do about it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{Day, SourceId, SourceKind, SourceState, UnixMillis, Zone};
use reveille_store::{
    hubs,
    sessions::Session,
    sources::{self, Move, Source},
};

use super::{Door, at_the_desk};
use crate::{
    Desk, Health, PageError, Place,
    health::{ago, told_by},
};

/// Days that the chart shows.
const DAYS: usize = 14;
const DAY_MILLIS: i64 = 86_400_000;

#[derive(Template)]
#[template(path = "source.html")]
struct SourcePage<'a> {
    source: &'a Source,
    health: Health,
    last_success: String,
    last_tried: String,
    hub: Option<String>,
    moves: Vec<Move>,
    chart: Chart,
}

impl SourcePage<'_> {
    /// A newsletter comes with its mailbox and cannot be asked by itself.
    fn can_be_asked(&self) -> bool {
        self.source.state == SourceState::Active && self.source.kind != SourceKind::Letters
    }
}

/// What came on each of the last days.
struct Chart {
    /// Each with what it brought.
    days: Vec<(Day, u64)>,
    most: u64,
}

impl Chart {
    fn of(arrivals: &[u64], from: UnixMillis) -> Self {
        let start = from.day(&Zone::UTC);
        let days = std::iter::successors(Some(start), |day| Some(day.tomorrow()));
        Self {
            days: days.zip(arrivals.iter().copied()).collect(),
            most: arrivals.iter().copied().max().unwrap_or(0),
        }
    }

    /// A day's bar in whole units of a chart that is 48 high. Whatever came is seen.
    fn height(&self, brought: &u64) -> u64 {
        (brought * 48).div_ceil(self.most.max(1))
    }

    fn in_words(&self) -> String {
        let counts: Vec<String> = self.days.iter().map(|(_, brought)| brought.to_string()).collect();
        counts.join(", ")
    }
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let source = find(&desk, &id).await?;
    let now = desk.clock.now();
    let today = now.0.div_euclid(DAY_MILLIS) * DAY_MILLIS;
    let from = UnixMillis(today - (DAYS as i64 - 1) * DAY_MILLIS);
    let arrivals = sources::arrivals(&desk.store, source.id, from, DAYS).await?;
    let page = SourcePage {
        health: Health::of(&source, &desk.polling, now),
        last_success: at(now, source.last_success_at),
        last_tried: at(now, source.last_fetch_at),
        hub: hubs::find(&desk.store, source.id)
            .await?
            .map(|hub| told_by(&hub, now)),
        moves: sources::moves(&desk.store, source.id).await?,
        chart: Chart::of(&arrivals, from),
        source: &source,
    };
    at_the_desk(Door::Sources, &source.carrier, &session, &page)
}

/// The source whose number stands in the address.
pub(super) async fn find(desk: &Desk, id: &str) -> Result<Source, PageError> {
    let found = match id.parse() {
        Ok(id) => sources::find(&desk.store, SourceId(id)).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no such source.",
        means: "",
        instead: Place::of_desk("all sources", "/desk/sources"),
    })
}

fn at(now: UnixMillis, at: Option<UnixMillis>) -> String {
    match at {
        Some(instant) => format!(
            "{} ({})",
            ago(now, at),
            instant.timestamp().strftime("%-d %B, %H:%M UTC")
        ),
        None => "never".to_owned(),
    }
}
