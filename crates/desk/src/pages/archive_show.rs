//! `GET /{brief}/archive`: all editions by date, and what they printed by words.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use reveille_brief::render::{self, Remarks};
use reveille_model::{Brief, Day, Entry};
use reveille_store::{
    editions::{self, Line},
    search::{self, EntryHit},
};
use serde::Deserialize;

use super::{body_of, edition_show::KEPT, find_brief, kept, path_of};
use crate::{
    Desk, PageError,
    page::{About, Shell, page},
    words::{Say, Words},
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
    say: Say,
    query: &'a str,
    hits: Vec<EntryHit>,
    /// "March 2026" and its editions, newest first.
    months: Vec<(String, Vec<Line>)>,
    /// Where older ones stand.
    older: Option<Day>,
}

impl Archive<'_> {
    fn remarks(&self, entry: &Entry) -> Remarks {
        render::remarks(entry, &self.brief.language)
    }

    /// How much was found, in words.
    fn found(&self) -> String {
        let words = &self.say.w.archive;
        let number = self.hits.len();
        self.say.and("number", number).plain(match number {
            0 => &words.nothing,
            1 => &words.one,
            _ if number == HITS as usize => &words.latest,
            _ => &words.several,
        })
    }
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let brief = &stored.brief;
    let say = Say::of_brief(brief);
    let query = asked.q.trim();
    let mut archive = Archive {
        brief,
        say: say.clone(),
        query,
        hits: search::entries(&desk.store, stored.id, query, HITS).await?,
        months: Vec::new(),
        older: None,
    };
    if query.is_empty() {
        let before: Option<Day> = asked.before.and_then(|day| day.parse().ok());
        let lines = editions::released_lines(&desk.store, stored.id, before, EDITIONS + 1).await?;
        (archive.months, archive.older) = by_month(lines, say.w);
    }
    let body = body_of(&archive)?;
    let title = say.plain(&say.w.archive.of);
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
        ..Shell::spoken(say.w, &title, (&brief.name, &path), &body)
    };
    Ok(kept(page(&shell), KEPT))
}

/// The lines of one page under their months, and the day before which the next page begins, where there is one.
fn by_month(mut lines: Vec<Line>, words: &Words) -> (Vec<(String, Vec<Line>)>, Option<Day>) {
    let more = lines.len() > EDITIONS as usize;
    lines.truncate(EDITIONS as usize);
    let older = lines.last().filter(|_| more).map(|line| line.day);
    let mut months: Vec<(String, Vec<Line>)> = Vec::new();
    for line in lines {
        let month = words.dates().month(&line.day);
        match months.last_mut() {
            Some((last, lines)) if *last == month => lines.push(line),
            _ => months.push((month, vec![line])),
        }
    }
    (months, older)
}
