//! The frame around every page.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::assets;

/// The frame: masthead, body, foot.
#[derive(Template)]
#[template(path = "shell.html")]
pub struct Shell<'a> {
    /// The window's title.
    pub title: &'a str,
    /// What stands at the head of the page and where it leads.
    pub masthead: (&'a str, &'a str),
    /// The page itself, as HTML that is safe to show.
    pub body: &'a str,
}

impl Shell<'_> {
    /// Where the stylesheet is, under a name that changes with its content.
    fn style(&self) -> String {
        assets::path("desk.css")
    }

    fn script(&self) -> String {
        assets::path("zone.js")
    }
}

/// A page in its frame. `body` must be HTML that is safe to show: a template's output.
#[must_use]
pub fn page(shell: &Shell<'_>) -> Response {
    match shell.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!("a page could not be rendered: {error}");
            axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
