//! `GET /{brief}/atom.xml` and `/{brief}/feed.json`: the newest editions for feed readers (RFC 4287; JSON Feed 1.1).

use std::{borrow::Cow, sync::Arc};

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use reveille_brief::{
    Dates,
    render::{self, ChangeLine, Remarks},
};
use reveille_model::{Brief, Correction, Edition, Entry, UnixMillis};
use reveille_store::{
    editions::{self, StoredEdition},
    notices,
};
use serde_json::json;

use super::{
    body_of,
    edition_show::{KEPT, headlines},
    find_brief, kept, path_of,
};
use crate::{Desk, PageError};

/// Editions in a feed: two weeks of them.
const EDITIONS: u32 = 14;

/// One edition in a feed.
struct Item {
    url: String,
    title: String,
    at: UnixMillis,
    /// When something last became of its entries.
    changed: UnixMillis,
    summary: String,
    /// Its entries, as HTML.
    content: String,
}

#[derive(Template)]
#[template(path = "feed_item.html")]
struct Content<'a> {
    edition: &'a Edition,
}

impl Content<'_> {
    fn changes(&self) -> Vec<ChangeLine> {
        render::changes(self.edition)
    }

    fn headline<'e>(&self, entry: &'e Entry) -> Cow<'e, str> {
        render::headline(entry)
    }

    fn remarks(&self, entry: &Entry) -> Remarks {
        render::remarks(entry, &self.edition.language)
    }

    fn corrections_heading(&self) -> &'static str {
        render::corrections_heading(&self.edition.language)
    }

    fn corrected(&self, correction: &Correction) -> String {
        render::correction_line(correction, &self.edition.language)
    }
}

#[derive(Template)]
#[template(path = "atom.xml")]
struct Atom<'a> {
    brief: &'a Brief,
    home: &'a str,
    url: &'a str,
    updated: UnixMillis,
    items: &'a [Item],
}

pub(crate) async fn atom(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let (brief, items) = read(&desk, &slug).await?;
    let home = desk.absolute(&path_of(&brief));
    let feed = Atom {
        brief: &brief,
        home: &home,
        url: &format!("{home}/atom.xml"),
        updated: items
            .iter()
            .map(|item| item.changed)
            .max()
            .unwrap_or(UnixMillis(0)),
        items: &items,
    };
    Ok(of_kind("application/atom+xml; charset=utf-8", body_of(&feed)?))
}

pub(crate) async fn json(
    State(desk): State<Arc<Desk>>,
    Path(slug): Path<String>,
) -> Result<Response, PageError> {
    let (brief, items) = read(&desk, &slug).await?;
    let home = desk.absolute(&path_of(&brief));
    let items = items.iter().map(|item| {
        json!({
            "id": item.url,
            "url": item.url,
            "title": item.title,
            "summary": item.summary,
            "content_html": item.content,
            "date_published": item.at.to_string(),
            "date_modified": item.changed.to_string(),
        })
    });
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": brief.name,
        "description": brief.description,
        "home_page_url": home,
        "feed_url": format!("{home}/feed.json"),
        "items": items.collect::<Vec<_>>(),
    });
    Ok(of_kind("application/feed+json", feed.to_string()))
}

async fn read(desk: &Desk, slug: &str) -> Result<(Brief, Vec<Item>), PageError> {
    let stored = find_brief(&desk.store, slug).await?;
    let editions = editions::released(&desk.store, stored.id, EDITIONS).await?;
    let mut items = Vec::new();
    for mut edition in editions {
        edition.edition.changes = notices::changes(&desk.store, edition.id).await?;
        items.push(item(desk, &stored.brief, &edition)?);
    }
    Ok((stored.brief, items))
}

fn item(desk: &Desk, brief: &Brief, stored: &StoredEdition) -> Result<Item, PageError> {
    let edition = &stored.edition;
    let at = stored.released_at();
    Ok(Item {
        url: desk.absolute(&format!("{}/{}", path_of(brief), edition.day)),
        title: format!(
            "{}, {}",
            brief.name,
            Dates::of(&brief.language).long(&edition.day)
        ),
        at,
        changed: at.max(edition.modified()),
        summary: headlines(edition),
        content: body_of(&Content { edition })?,
    })
}

fn of_kind(kind: &'static str, text: String) -> Response {
    let kind = HeaderValue::from_static(kind);
    kept(([(header::CONTENT_TYPE, kind)], text).into_response(), KEPT)
}
