//! `GET /{brief}/{day}/edition.pdf` and `edition.epub`: one edition for print, and for reading devices.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use reveille_brief::render;
use reveille_model::Edition;

use super::{
    edition_show::{KEPT, find},
    find_brief, kept,
};
use crate::{Desk, PageError};

pub(crate) async fn pdf(
    State(desk): State<Arc<Desk>>,
    Path((slug, day)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let edition = printed(&desk, &slug, &day).await?;
    Ok(kept(set(&desk, edition).await?, KEPT))
}

/// An edition as a file for print.
pub(super) async fn set(desk: &Desk, edition: Edition) -> Result<Response, PageError> {
    let (slug, day, faces) = (edition.slug.clone(), edition.day, desk.faces);
    // To set pages, and perhaps to look through the fonts of the machine, keeps a thread busy.
    let set = tokio::task::spawn_blocking(move || render::pdf(&edition, faces)).await;
    let pdf = match set {
        Ok(Ok(pdf)) => pdf,
        Ok(Err(error)) => return Err(failed(&error)),
        Err(error) => return Err(failed(&error)),
    };
    let named = format!("inline; filename=\"{slug}-{day}.pdf\"");
    Ok(file("application/pdf", named, pdf.bytes))
}

pub(crate) async fn epub(
    State(desk): State<Arc<Desk>>,
    Path((slug, day)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let edition = printed(&desk, &slug, &day).await?;
    let day = edition.day;
    let url = desk.absolute(&format!("/{slug}/{day}"));
    let book = render::epub(&edition, &url).map_err(|error| failed(&error))?;
    let named = format!("attachment; filename=\"{slug}-{day}.epub\"");
    Ok(kept(file("application/epub+zip", named, book), KEPT))
}

async fn printed(desk: &Desk, slug: &str, day: &str) -> Result<Edition, PageError> {
    let stored = find_brief(&desk.store, slug).await?;
    Ok(find(desk, &stored, day).await?.edition)
}

fn file(kind: &str, named: String, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, named),
    ];
    (headers, bytes).into_response()
}

fn failed(error: &dyn std::error::Error) -> PageError {
    tracing::error!("{error}");
    PageError::Internal("an edition could not be set for print or reading devices")
}
