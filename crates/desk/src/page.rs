//! The frame around every page.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::{assets, words::Words};

/// The frame: masthead, body, foot.
#[derive(Debug, Template)]
#[template(path = "shell.html")]
pub struct Shell<'a> {
    /// In which words the frame speaks.
    pub(crate) words: &'static Words,
    /// The window's title.
    pub title: &'a str,
    /// What stands at the head of the page and where it leads; none where the page has a masthead of its own.
    pub masthead: Option<(&'a str, &'a str)>,
    /// What others say of the page who link it; none for pages that are nobody else's business.
    pub about: Option<&'a About<'a>>,
    /// Whether it takes the width that the window has, as tables do, and not only that of a text.
    pub is_wide: bool,
    /// The page itself, as HTML that is safe to show.
    pub body: &'a str,
}

/// What a page says of itself to those who link it: search engines, messengers, feed readers. The names are those of the
/// Open Graph protocol (ogp.me).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About<'a> {
    /// Its one absolute address, however it was reached.
    pub url: &'a str,
    /// `article` or `website`.
    pub kind: &'static str,
    /// What it is called, without the site's name.
    pub title: &'a str,
    /// One sentence about it.
    pub description: &'a str,
    /// The brief's name.
    pub site: &'a str,
    /// The path below which the brief's feeds stand.
    pub feeds: &'a str,
}

impl<'a> Shell<'a> {
    /// A page under a masthead, in English.
    #[must_use]
    pub fn new(title: &'a str, masthead: (&'a str, &'a str), body: &'a str) -> Self {
        Self::spoken(Words::english(), title, masthead, body)
    }

    /// A page under a masthead.
    pub(crate) const fn spoken(
        words: &'static Words,
        title: &'a str,
        masthead: (&'a str, &'a str),
        body: &'a str,
    ) -> Self {
        Self {
            words,
            title,
            masthead: Some(masthead),
            about: None,
            is_wide: false,
            body,
        }
    }

    /// A page that has a masthead of its own.
    pub(crate) const fn bare(
        words: &'static Words,
        title: &'a str,
        about: &'a About<'a>,
        body: &'a str,
    ) -> Self {
        Self {
            words,
            title,
            masthead: None,
            about: Some(about),
            is_wide: false,
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
