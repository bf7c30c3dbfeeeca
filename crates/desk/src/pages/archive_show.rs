//! `GET /{brief}/archive`: all editions by date, and what they printed by words.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use reveille_model::{Brief, Day};
use reveille_store::{
    editions::{self, Line},
    search::{self, EntryHit},
};
use serde::Deserialize;

use super::{body_of, edition_show::KEPT, find_brief, kept, path_of};
use crate::{
    Desk, PageError,
    page::{About, Shell, page},
};

/// Editions on one page: a hundred days.
const EDITIONS: u32 = 100;
/// Entries that a search shows.
const HITS: u32 = 50;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    /// Words that an entry must hold.
    #[serde(default)]
    q: String,
    /// Editions from before this day.
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "archive.html")]
struct Archive<'a> {
    brief: &'a Brief,
    query: &'a str,
    hits: Vec<EntryHit>,
    /// "March 2026" and its editions, newest first.
    months: Vec<(String, Vec<Line>)>,
    /// Where older ones stand.
    older: Option<Day>,
}

impl Archive<'_> {
    fn is_full(&self) -> bool {
        self.hits.len() == HITS as usize
    }
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let brief = &stored.brief;
    let query = asked.q.trim();
    let mut archive = Archive {
        brief,
        query,
        hits: search::entries(&desk.store, stored.id, query, HITS).await?,
        months: Vec::new(),
        older: None,
    };
    if query.is_empty() {
        let before: Option<Day> = asked.before.and_then(|day| day.parse().ok());
        let lines = editions::released_lines(&desk.store, stored.id, before, EDITIONS + 1).await?;
        (archive.months, archive.older) = by_month(lines);
    }
    let body = body_of(&archive)?;
    let title = format!("Archive: {}", brief.name);
    let path = path_of(brief);
    let about = About {
        url: &desk.absolute(&format!("{path}/archive")),
        kind: "website",
        title: &title,
        description: &brief.description,
        site: &brief.name,
        feeds: &path,
    };
    let shell = Shell {
        about: Some(&about),
        ..Shell::new(&title, (&brief.name, &path), &body)
    };
    Ok(kept(page(&shell), KEPT))
}

/// The lines of one page under their months, and the day before which the next page begins, where there is one.
fn by_month(mut lines: Vec<Line>) -> (Vec<(String, Vec<Line>)>, Option<Day>) {
    let more = lines.len() > EDITIONS as usize;
    lines.truncate(EDITIONS as usize);
    let older = lines.last().filter(|_| more).map(|line| line.day);
    let mut months: Vec<(String, Vec<Line>)> = Vec::new();
    for line in lines {
        let month = line.day.0.strftime("%B %Y").to_string();
        match months.last_mut() {
            Some((last, lines)) if *last == month => lines.push(line),
            _ => months.push((month, vec![line])),
        }
    }
    (months, older)
}
