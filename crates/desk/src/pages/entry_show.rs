//! `GET /{brief}/{day}/{number}`: one entry of an edition, to be passed on.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use reveille_brief::render;
use reveille_model::{Brief, Day, Edition, Entry, Front, Section};

use super::{
    body_of,
    edition_show::{self, KEPT},
    find_brief, kept, path_of,
};
use crate::{
    Desk, Missing, PageError, Place,
    page::{About, Shell, page},
    words::{Say, Words},
};

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage<'a> {
    brief: &'a Brief,
    say: Say,
    day: Day,
    number: usize,
    entries: usize,
    /// The entries before and behind it, as they are read.
    before: Option<Beside>,
    behind: Option<Beside>,
    /// The edition with this entry alone, as [`render::web`] makes it.
    edition: &'a str,
}

/// An entry beside the one that is shown.
struct Beside {
    number: usize,
    /// Its headline, where its number does not tell it.
    headline: Option<String>,
}

impl Beside {
    fn of(entry: &Entry, edition: &Edition) -> Self {
        let is_quotable = edition.is_quotable(entry.number);
        Self {
            number: entry.number,
            headline: (!is_quotable).then(|| entry.headline.clone()),
        }
    }
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
    let say = Say::of_brief(brief);
    let (section, entry) = found.ok_or_else(|| no_entry(brief, &edition, &number))?;
    let mut before = None;
    let mut entries = edition.entries();
    for earlier in entries.by_ref().take_while(|other| other.number != entry.number) {
        before = Some(Beside::of(earlier, &edition));
    }
    let behind = entries.next().map(|next| Beside::of(next, &edition));
    let body = body_of(&EntryPage {
        brief,
        say: say.clone(),
        day,
        number: entry.number,
        entries: edition.entries().count(),
        before,
        behind,
        edition: &render::web(&alone(&edition, section, entry), &desk.templates)?,
    })?;
    let path = path_of(brief);
    let told = format!("({}) {}", entry.credit, entry.summary);
    let about = About {
        url: &desk.absolute(&format!("{path}/{day}/{}", entry.number)),
        kind: "article",
        title: &entry.headline,
        description: told.trim_end(),
        site: &brief.name,
        feeds: &path,
    };
    let title = format!("{}, {}", entry.headline, brief.name);
    Ok(kept(page(&Shell::bare(say.w, &title, &about, &body)), KEPT))
}

/// With the edition as the way out, and what became of the entry where it was taken out.
pub(super) fn no_entry(brief: &Brief, edition: &Edition, number: &str) -> PageError {
    let day = edition.day;
    let name = format!(
        "{}, {}",
        brief.name,
        Words::of(&brief.language).dates().long(&day)
    );
    let instead = Place::of(brief, name, format!("{}/{day}", path_of(brief)));
    let mut changes = render::changes(edition).into_iter();
    match changes.rfind(|change| change.number.to_string() == number) {
        Some(change) => PageError::TakenOut {
            told: change.to_string(),
            instead,
        },
        None => PageError::Missing {
            what: Missing::Entry,
            instead: Some(instead),
        },
    }
}

fn alone(edition: &Edition, section: &Section, entry: &Entry) -> Edition {
    Edition {
        sections: vec![Section {
            name: section.name.clone(),
            kind: section.kind,
            numbering: section.numbering,
            above: section.above,
            reasons: Vec::new(),
            entries: vec![entry.clone()],
        }],
        front: Front::default(),
        ..edition.clone()
    }
}
