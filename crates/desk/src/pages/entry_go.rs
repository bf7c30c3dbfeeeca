//! `GET /{brief}/{day}/{number}/go`: from a mail's link to the page of an entry, which is counted where the brief says so.
//!
//! The address is the same for every reader, and leads to pages of that edition alone. It works on when the brief counts no
//! more: mails keep their links.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{edition_show, entry_show::no_entry, find_brief, path_of};
use crate::{Desk, PageError};

pub(crate) async fn follow(
    State(desk): State<Arc<Desk>>,
    Path((slug, day, number)): Path<(String, String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let stored = find_brief(&desk.store, &slug).await?;
    let edition = edition_show::find(&desk, &stored, &day).await?;
    let entry = edition
        .edition
        .entries()
        .find(|entry| entry.number.to_string() == number)
        .ok_or_else(|| no_entry(&stored.brief, &edition.edition, &number))?;
    if stored.brief.counts_clicks() && method == Method::GET && !is_prefetch(&headers) {
        desk.clicks.count(edition.id, entry.number);
    }
    // What stands nowhere on the web is read here.
    let here = || {
        format!(
            "{}/{}/{}",
            path_of(&stored.brief),
            edition.edition.day,
            entry.number
        )
    };
    let address = entry.link.web().map_or_else(here, ToString::to_string);
    let address = HeaderValue::from_str(&address)
        .map_err(|_| PageError::Internal("an entry's address does not fit into a header"))?;
    let robots = HeaderName::from_static("x-robots-tag");
    let none = HeaderValue::from_static("noindex, nofollow");
    let headers = [(header::LOCATION, address), (robots, none)];
    Ok((StatusCode::FOUND, headers).into_response())
}

/// Whether a browser only looks ahead (Fetch Standard, section 3.8: `Sec-Purpose`).
fn is_prefetch(headers: &HeaderMap) -> bool {
    let purpose = headers.get("sec-purpose").or_else(|| headers.get("purpose"));
    purpose.is_some_and(|purpose| purpose.as_bytes().starts_with(b"prefetch"))
}
