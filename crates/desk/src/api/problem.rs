//! What went wrong, as a problem document (RFC 9457).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use reveille_store::StoreError;
use serde_json::{Value, json};

use crate::{PageError, words::Words};

/// A problem with no type of its own: its status tells what it is.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    title: String,
    /// Members beside the usual ones.
    more: Value,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, title: impl Into<String>) -> Self {
        let (title, more) = (title.into(), json!({}));
        Self { status, title, more }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, what)
    }

    pub(crate) fn unprocessable(title: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, title)
    }

    /// With more to say about this occurrence.
    pub(crate) fn detail(self, detail: impl Into<String>) -> Self {
        self.with("detail", detail.into())
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more[name] = value.into();
        self
    }

    /// Of a status that somebody else chose.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        Self::new(status, status.canonical_reason().unwrap_or("The request failed."))
    }

    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    pub(crate) fn body(&self) -> String {
        let mut body = self.more.clone();
        body["type"] = "about:blank".into();
        body["status"] = self.status.as_u16().into();
        body["title"] = self.title.as_str().into();
        body.to_string()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, [(header::CONTENT_TYPE, kind)], self.body()).into_response();
        let challenge = match self.status {
            StatusCode::UNAUTHORIZED => Some((header::WWW_AUTHENTICATE, "Bearer")),
            StatusCode::SERVICE_UNAVAILABLE => Some((header::RETRY_AFTER, "60")),
            _ => None,
        };
        if let Some((name, value)) = challenge {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

impl From<PageError> for Problem {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Missing { what, .. } => {
                let (what, _) = what.in_words(&Words::english().errors);
                Self::not_found(what)
            }
            // What is said of it to the log is said there.
            other => Self::new(
                other.into_response().status(),
                "Something failed on our side. Try again in a minute.",
            ),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        PageError::from(error).into()
    }
}
