//! `GET /`: all briefs.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use reveille_model::Brief;

use super::{body_of, kept};
use crate::{
    Desk, PageError,
    page::{Shell, page},
    words::Words,
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    words: &'static Words,
    briefs: Vec<Brief>,
}

pub(crate) async fn show(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Result<Response, PageError> {
    let briefs = reveille_store::briefs::list(&desk.store).await?;
    let words = Words::for_visitor(&headers);
    let home = Home {
        words,
        briefs: briefs
            .into_iter()
            .map(|stored| stored.brief)
            .filter(Brief::is_public)
            .collect(),
    };
    let body = body_of(&home)?;
    let shell = Shell::spoken(words, &words.frame.home, ("Reveille", "/"), &body);
    let mut page = kept(page(&shell), "public, max-age=60");
    page.headers_mut()
        .insert(header::VARY, HeaderValue::from_static("accept-language"));
    Ok(page)
}
