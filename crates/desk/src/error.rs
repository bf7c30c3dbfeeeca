//! What went wrong, as a page with a next step for the person; the log gets the whole chain, once.

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use reveille_store::StoreError;

use crate::page::{Shell, page};

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There is no such page, brief, edition or reader.
    #[error("{what}")]
    NotFound {
        /// What was looked for, in words for the person.
        what: String,
        /// What that means for them; may be empty.
        means: String,
        /// Where to go instead: words and path.
        instead: (String, String),
    },
    /// Another site's page sent our form.
    #[error("a form came from another site")]
    CrossSite {
        /// What that means for the person.
        means: &'static str,
        /// The page that holds the form: words and path.
        form: (String, String),
    },
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// Something else of ours failed.
    #[error("{0}")]
    Internal(&'static str),
}

impl PageError {
    /// The home page as the way out.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound {
            what: what.into(),
            means: String::new(),
            instead: all_briefs(),
        }
    }
}

pub(crate) fn all_briefs() -> (String, String) {
    ("all briefs".to_owned(), "/".to_owned())
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    what: &'a str,
    /// What it means and what to do.
    means: &'a str,
    instead: (String, String),
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let chain = chain_of(&self);
        match self {
            Self::NotFound { what, means, instead } => shown(StatusCode::NOT_FOUND, &what, &means, instead),
            Self::CrossSite { means, form } => shown(
                StatusCode::FORBIDDEN,
                "This form came from another site.",
                means,
                form,
            ),
            Self::Store(_) => {
                tracing::error!("{chain}");
                of_status(StatusCode::SERVICE_UNAVAILABLE)
            }
            Self::Internal(_) => {
                tracing::error!("{chain}");
                of_status(StatusCode::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

fn chain_of(error: &PageError) -> String {
    let mut chain = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        chain = format!("{chain}: {inner}");
        cause = inner.source();
    }
    chain
}

/// The page for an error of which only the status is known.
pub(crate) fn of_status(status: StatusCode) -> Response {
    let (what, means) = match status.as_u16() {
        404 => ("There is no such page.", ""),
        405 => (
            "This page cannot be used like that.",
            "Nothing was changed. Open it in a browser and use the button on it.",
        ),
        413 => (
            "The form is too large.",
            "Nothing was sent. An e-mail address and a country are all that it takes: go back and shorten what you \
             typed.",
        ),
        400..=499 => (
            "What was sent could not be read.",
            "Nothing was changed. Go back, load the page again and send the form once more.",
        ),
        _ => (
            "The page could not be made: something failed on our side.",
            "What you sent may not have been kept. Try again in a minute; sending it twice does no harm.",
        ),
    };
    let mut response = shown(status, what, means, all_briefs());
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let minute = HeaderValue::from_static("60");
        response.headers_mut().insert(header::RETRY_AFTER, minute);
    }
    response
}

fn shown(status: StatusCode, what: &str, means: &str, instead: (String, String)) -> Response {
    let error = ErrorPage { what, means, instead };
    let body = error.render().unwrap_or_else(|_| status.to_string());
    let shell = Shell::new(what.trim_end_matches('.'), ("Reveille", "/"), &body);
    (status, page(&shell)).into_response()
}

pub(crate) async fn not_found() -> PageError {
    PageError::not_found("There is no such page.")
}
