//! One module per page.

pub(crate) mod brief_show;
pub(crate) mod confirm;
pub(crate) mod edition_show;
pub(crate) mod home;
pub(crate) mod leave;
pub(crate) mod sign_up;

use askama::Template;
use axum::response::Response;
use reveille_model::Slug;
use reveille_store::{Store, briefs::StoredBrief};

use crate::{
    error::PageError,
    page::{Shell, page},
};

/// Renders a page into its frame.
fn framed(title: &str, masthead: (&str, &str), body: &impl Template) -> Result<Response, PageError> {
    let body = body.render().map_err(|error| {
        tracing::error!("{error}");
        PageError::Internal("a template failed")
    })?;
    Ok(page(&Shell {
        title,
        masthead,
        body: &body,
    }))
}

/// The brief whose short name stands in the address.
async fn find_brief(store: &Store, slug: &str) -> Result<StoredBrief, PageError> {
    let missing = || PageError::not_found("There is no brief of this name.");
    let slug: Slug = slug.parse().map_err(|_| missing())?;
    reveille_store::briefs::find_by_slug(store, &slug)
        .await?
        .ok_or_else(missing)
}

/// What mails and forms call a reader: a token that nobody can guess.
fn is_token(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit())
}
