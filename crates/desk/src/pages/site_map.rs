//! `GET /robots.txt` (RFC 9309) and `/sitemap.xml` (sitemaps.org): what search engines may and should read.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use reveille_store::{briefs, editions};

use super::{body_of, kept, path_of};
use crate::{Desk, PageError};

/// Editions of each brief that are named: 27 years of them. One map may name 50,000 pages.
const EDITIONS: u32 = 10_000;
const KEPT: &str = "public, max-age=3600";

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct SiteMap {
    urls: Vec<String>,
}

/// The pages behind mailed links are nobody's but the reader's, and the desk is the editors'.
pub(crate) async fn robots(State(desk): State<Arc<Desk>>) -> Response {
    let map = desk.absolute("/sitemap.xml");
    let text = format!(
        "User-agent: *\nDisallow: /confirm/\nDisallow: /desk/\nDisallow: /leave/\nDisallow: /my-data/\n\
         Disallow: /settings/\n\nSitemap: {map}\n"
    );
    kept(text.into_response(), KEPT)
}

pub(crate) async fn show(State(desk): State<Arc<Desk>>) -> Result<Response, PageError> {
    let mut urls = vec![desk.absolute("/")];
    let all = briefs::list(&desk.store).await?;
    for stored in all.into_iter().filter(|stored| stored.brief.is_public()) {
        let path = path_of(&stored.brief);
        urls.push(desk.absolute(&path));
        urls.push(desk.absolute(&format!("{path}/archive")));
        let lines = editions::released_lines(&desk.store, stored.id, None, EDITIONS).await?;
        urls.extend(
            lines
                .iter()
                .map(|line| desk.absolute(&format!("{path}/{}", line.day))),
        );
    }
    let kind = HeaderValue::from_static("application/xml");
    let map = body_of(&SiteMap { urls })?;
    Ok(kept(([(header::CONTENT_TYPE, kind)], map).into_response(), KEPT))
}
