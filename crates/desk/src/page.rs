//! The frame around every page.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::assets;

/// The frame: masthead, body, foot.
#[derive(Debug, Template)]
#[template(path = "shell.html")]
pub struct Shell<'a> {
    /// The window's title.
    pub title: &'a str,
    /// What stands at the head of the page and where it leads; none where the page has a masthead of its own.
    pub masthead: Option<(&'a str, &'a str)>,
    /// The one address of this page, where it may be reached under several.
    pub canonical: Option<&'a str>,
    /// The page itself, as HTML that is safe to show.
    pub body: &'a str,
}

impl<'a> Shell<'a> {
    /// A page under a masthead.
    #[must_use]
    pub const fn new(title: &'a str, masthead: (&'a str, &'a str), body: &'a str) -> Self {
        Self {
            title,
            masthead: Some(masthead),
            canonical: None,
            body,
        }
    }

    /// An asset's address, under a name that changes with its content.
    fn asset(&self, name: &str) -> String {
        assets::path(name)
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
