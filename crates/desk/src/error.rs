//! What went wrong, as a page with a next step for the person; the log gets the whole chain, once.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reveille_store::StoreError;

use crate::page::{Shell, page};

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There is no such page, brief or edition.
    #[error("{what}")]
    NotFound {
        /// What was looked for, in words for the person.
        what: String,
        /// Where to go instead: words and path.
        instead: (String, String),
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
            instead: ("All briefs".to_owned(), "/".to_owned()),
        }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    what: &'a str,
    next: &'a str,
    link: Option<(&'a str, &'a str)>,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match &self {
            Self::NotFound {
                what,
                instead: (words, path),
            } => shown(
                StatusCode::NOT_FOUND,
                &ErrorPage {
                    what,
                    next: "",
                    link: Some((words, path)),
                },
            ),
            Self::Store(_) | Self::Internal(_) => {
                let mut chain = self.to_string();
                let mut cause = std::error::Error::source(&self);
                while let Some(inner) = cause {
                    chain = format!("{chain}: {inner}");
                    cause = inner.source();
                }
                tracing::error!("{chain}");
                let next =
                    "Nothing that you sent was lost if you were told so before. Try again in a minute.";
                let what = "The page could not be made: something failed on our side.";
                shown(
                    StatusCode::SERVICE_UNAVAILABLE,
                    &ErrorPage {
                        what,
                        next,
                        link: None,
                    },
                )
            }
        }
    }
}

fn shown(status: StatusCode, error: &ErrorPage<'_>) -> Response {
    let body = error.render().unwrap_or_else(|_| status.to_string());
    let shell = Shell {
        title: error.what,
        masthead: ("Reveille", "/"),
        body: &body,
    };
    (status, page(&shell)).into_response()
}

pub(crate) async fn not_found() -> PageError {
    PageError::not_found("There is no such page.")
}
