//! `GET /{brief}/{day}/{number}`: one entry of an edition, to be passed on.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use reveille_brief::render;
use reveille_model::{Brief, Day, Edition, Entry, Section};

use super::{
    body_of,
    edition_show::{self, KEPT},
    find_brief, kept, path_of,
};
use crate::{
    Desk, PageError,
    page::{About, Shell, page},
};

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage<'a> {
    brief: &'a Brief,
    day: Day,
    number: usize,
    entries: usize,
    /// The edition with this entry alone, as [`render::web`] makes it.
    edition: &'a str,
}

pub(crate) async fn show(
    State(desk): State<Arc<Desk>>,
    Path((slug, day, number)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let brief = &stored.brief;
    let edition = edition_show::find(&desk, &stored, &day).await?.edition;
    let day = edition.day;
    let found = edition.sections.iter().find_map(|section| {
        let entry = section
            .entries
            .iter()
            .find(|entry| entry.number.to_string() == number)?;
        Some((section, entry))
    });
    let (section, entry) = found.ok_or_else(|| PageError::NotFound {
        what: "This edition has no such entry.".to_owned(),
        means: String::new(),
        instead: (
            format!("{}, {}", brief.name, day.long()),
            format!("/{slug}/{day}"),
        ),
    })?;
    let body = body_of(&EntryPage {
        brief,
        day,
        number: entry.number,
        entries: edition.entries().count(),
        edition: &render::web(&alone(&edition, section, entry)),
    })?;
    let path = path_of(brief);
    let about = About {
        url: &desk.absolute(&format!("{path}/{day}/{}", entry.number)),
        kind: "article",
        title: &entry.headline,
        description: &format!("({}) {}", entry.credit, entry.summary),
        site: &brief.name,
        feeds: &path,
    };
    let shell = Shell {
        title: &format!("{}, {}", entry.headline, brief.name),
        masthead: None,
        about: Some(&about),
        is_wide: false,
        body: &body,
    };
    Ok(kept(page(&shell), KEPT))
}

fn alone(edition: &Edition, section: &Section, entry: &Entry) -> Edition {
    Edition {
        sections: vec![Section {
            name: section.name.clone(),
            entries: vec![entry.clone()],
        }],
        ..edition.clone()
    }
}
