//! Stylesheet, script and mark, embedded, each under a name that holds a digest of its content, so that browsers may
//! keep it for ever.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use reveille_model::hex;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "static"]
struct Static;

/// The address of an asset: `desk.css` → `/assets/desk-1f2e3d4c.css`.
pub(crate) fn path(name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let digest = Static::get(name).map_or_else(String::new, |file| hex(&file.metadata.sha256_hash()[..4]));
    format!("/assets/{stem}-{digest}.{ending}")
}

pub(crate) async fn serve(Path(file): Path<String>) -> Response {
    let name = Static::iter().find(|name| path(name) == format!("/assets/{file}"));
    name.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |name| answer(&name, "public, max-age=31536000, immutable"),
    )
}

/// `GET /favicon.ico`: the mark, for whoever asks where browsers always did and reads no page that links it. It keeps its name
/// when it changes, so it is kept for a day.
pub(crate) async fn icon() -> Response {
    answer("favicon.ico", "public, max-age=86400")
}

/// An asset, to be kept by browsers in this way.
fn answer(name: &str, keep: &'static str) -> Response {
    let Some(content) = Static::get(name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ico") => "image/x-icon",
        _ => "application/octet-stream",
    };
    (
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)],
        content.data.into_owned(),
    )
        .into_response()
}
