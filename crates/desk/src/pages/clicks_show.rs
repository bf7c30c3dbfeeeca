//! `/desk/briefs/{brief}/{day}`: how often each entry of an edition was followed from its mails.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use reveille_model::{Brief, Day, Section};
use reveille_store::{clicks, editions, sessions::Session};

use super::{Door, at_the_desk, plan_show::find};
use crate::{Desk, PageError, Place};

#[derive(Template)]
#[template(path = "clicks.html")]
struct ClicksPage<'a> {
    brief: &'a Brief,
    day: Day,
    total: u64,
    rows: Vec<Row>,
}

/// What was counted of one thing, among the others.
pub(super) struct Row {
    /// The entry's number.
    /// The number that is printed before it, if any.
    printed: Option<usize>,
    words: String,
    clicks: u64,
    /// The most clicks of any row.
    most: u64,
}

impl Row {
    fn bar(&self) -> String {
        bar(self.clicks, self.most)
    }
}

/// A bar beside a number that says the same: as long as its share of the most. Whatever was counted is seen.
pub(super) fn bar(clicks: u64, most: u64) -> String {
    let width = (clicks * 100).div_ceil(most.max(1));
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect width=\"{width}\" height=\"4\"/></svg>"
    )
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Extension(session): Extension<Session>,
    Path((slug, day)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let stored = find(&desk, &slug).await?;
    let brief = &stored.brief;
    let edition = match day.parse::<Day>() {
        Ok(day) => editions::find_by_day(&desk.store, stored.id, day).await?,
        Err(_) => None,
    };
    let edition = edition.ok_or_else(|| PageError::Refused {
        status: StatusCode::NOT_FOUND,
        what: "There is no edition of this day.",
        means: "",
        instead: Place::of_desk(&brief.name, &format!("/desk/briefs/{}", brief.slug)),
    })?;
    let counted = clicks::of_edition(&desk.store, edition.id).await?;
    let most = counted.values().copied().max().unwrap_or(0);
    let numbered = edition.edition.sections.iter().flat_map(Section::numbered);
    let rows = numbered.map(|(printed, entry)| Row {
        printed,
        words: entry.headline.clone(),
        clicks: counted.get(&entry.number).copied().unwrap_or(0),
        most,
    });
    let day = edition.edition.day;
    let page = ClicksPage {
        brief,
        day,
        total: counted.values().sum(),
        rows: rows.collect(),
    };
    at_the_desk(Door::Briefs, &format!("Clicks: {day}"), &session, &page)
}
