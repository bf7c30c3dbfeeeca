//! What went wrong, as a page with a next step for the person; the log gets the whole chain, once.
//!
//! A handler only knows what went wrong; [`as_page`] puts it into words, in the language of the brief that it happened to,
//! or else in the visitor's.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use reveille_brief::render::TemplateError;
use reveille_model::Brief;
use reveille_store::StoreError;

use crate::{
    api::Problem,
    page::{Shell, page},
    words::{Errors, Say, Words},
};

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// What the address names is not there.
    #[error("there is nothing at this address: {what:?}")]
    Missing {
        /// What is not there.
        what: Missing,
        /// Where to go instead; to the briefs where there is no better place.
        instead: Option<Place>,
    },
    /// An entry was taken out of an edition that is out.
    #[error("an entry no longer stands")]
    TakenOut {
        /// What became of it, in the edition's language.
        told: String,
        /// The edition.
        instead: Place,
    },
    /// Another site's page sent our form.
    #[error("a form came from another site")]
    CrossSite(Place),
    /// What a page of the editors' desk has not, or will not do. The desk speaks English.
    #[error("{what}")]
    Refused {
        /// 403, 404, 409 or 422.
        status: StatusCode,
        /// What it is, in words for the person.
        what: &'static str,
        /// What that means for them; may be empty.
        means: &'static str,
        /// Where to go instead.
        instead: Place,
    },
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// An operator's template cannot render this edition.
    #[error("an edition cannot be written")]
    Template(#[from] TemplateError),
    /// Something else of ours failed.
    #[error("{0}")]
    Internal(&'static str),
}

/// What is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// A page.
    Page,
    /// A brief of this name.
    Brief,
    /// A reader to whom the link belongs.
    Reader,
    /// The right of a link to confirm: it was used, is too old, or its reader left.
    Confirmation,
    /// The right of a link to a reader's data.
    DataLink,
    /// Any edition of the brief.
    FirstEdition,
    /// An edition of this day.
    Edition,
    /// An entry of this number.
    Entry,
}

/// A page to go to.
#[derive(Debug, Clone)]
pub struct Place {
    words: &'static Words,
    name: String,
    path: String,
}

impl Place {
    /// A page by its name and path, in the language of the brief that it belongs to.
    pub(crate) fn of(brief: &Brief, name: impl Into<String>, path: impl Into<String>) -> Self {
        let words = Words::of(&brief.language);
        let (name, path) = (name.into(), path.into());
        Self { words, name, path }
    }

    /// A page of the editors' desk.
    pub(crate) fn of_desk(name: &str, path: &str) -> Self {
        let (words, name, path) = (Words::english(), name.to_owned(), path.to_owned());
        Self { words, name, path }
    }

    /// The brief's own page.
    pub(crate) fn of_brief(brief: &Brief) -> Self {
        Self::of(brief, &brief.name, format!("/{}", brief.slug))
    }
}

impl PageError {
    /// With the home page as the way out.
    #[must_use]
    pub const fn missing(what: Missing) -> Self {
        Self::Missing { what, instead: None }
    }

    /// With the brief's page as the way out.
    pub(crate) fn missing_at(what: Missing, brief: &Brief) -> Self {
        let instead = Some(Place::of_brief(brief));
        Self::Missing { what, instead }
    }

    const fn status(&self) -> StatusCode {
        match self {
            Self::Missing { .. } => StatusCode::NOT_FOUND,
            Self::TakenOut { .. } => StatusCode::GONE,
            Self::Refused { status, .. } => *status,
            Self::CrossSite(_) => StatusCode::FORBIDDEN,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Template(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl Missing {
    /// What it is, and what that means for the person; that may be empty.
    pub(crate) fn in_words(self, words: &Errors) -> (&str, &str) {
        match self {
            Self::Page => (&words.page, ""),
            Self::Brief => (&words.brief, ""),
            Self::Reader => (&words.reader, &words.copy_whole),
            Self::Confirmation => (&words.used, &words.used_confirm),
            Self::DataLink => (&words.used, &words.used_data),
            Self::FirstEdition => (&words.no_edition_yet, &words.first_comes),
            Self::Edition => (&words.no_edition, &words.not_out),
            Self::Entry => (&words.no_entry, ""),
        }
    }
}

/// Of a response that is still without words.
#[derive(Debug, Clone)]
struct Unsaid(Arc<PageError>);

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        if matches!(self, Self::Store(_) | Self::Template(_) | Self::Internal(_)) {
            tracing::error!("{}", chain_of(&self));
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Unsaid(Arc::new(self)));
        response
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

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    what: &'a str,
    /// What it means and what to do.
    means: &'a str,
    /// The sentence that leads on, as HTML.
    way: String,
}

/// Makes a page of every error that is not one yet, whoever noticed it: a handler of ours, or the framework, as with a form
/// that is too large or a method that is not allowed.
pub(crate) async fn as_page(request: Request, next: Next) -> Response {
    let visitors = Words::for_visitor(request.headers());
    let path = request.uri().path();
    let is_api = path.starts_with("/api/");
    let house = match path == "/desk" || path.starts_with("/desk/") {
        true => House::Desk,
        false => House::Public(visitors),
    };
    let bare = next.run(request).await;
    let status = bare.status();
    let kind = bare.headers().get(header::CONTENT_TYPE);
    let ours: [&[u8]; 2] = [b"text/html", b"application/problem+json"];
    let is_ours = kind.is_some_and(|kind| ours.iter().any(|ours| kind.as_bytes().starts_with(ours)));
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return bare;
    }
    let unsaid = bare.extensions().get::<Unsaid>();
    let mut page = match is_api {
        true => Problem::of_status(status).into_response(),
        false => said(status, unsaid.map(|unsaid| &*unsaid.0), house),
    };
    if let Some(allowed) = bare.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        let minute = HeaderValue::from_static("60");
        page.headers_mut().insert(header::RETRY_AFTER, minute);
    }
    page
}

/// Whose page an error comes in place of.
#[derive(Clone, Copy)]
enum House {
    /// The editors' desk, which speaks English.
    Desk,
    /// One that anybody may see, in the visitor's language.
    Public(&'static Words),
}

fn said(status: StatusCode, error: Option<&PageError>, house: House) -> Response {
    let desk = Place::of_desk("the desk", "/desk");
    let place = match error {
        Some(PageError::Missing { instead, .. }) => instead.as_ref(),
        Some(PageError::CrossSite(form)) => Some(form),
        Some(PageError::Refused { instead, .. } | PageError::TakenOut { instead, .. }) => Some(instead),
        _ => None,
    };
    let (visitors, masthead, otherwise) = match house {
        House::Desk => (desk.words, ("Desk", "/desk"), Some(&desk)),
        House::Public(visitors) => (visitors, ("Reveille", "/"), None),
    };
    let place = place.or(otherwise);
    let words = place.map_or(visitors, |place| place.words);
    let w = &words.errors;
    let (what, means): (&str, &str) = match error {
        Some(PageError::Missing { what, .. }) => what.in_words(w),
        Some(PageError::TakenOut { told, .. }) => (told, ""),
        Some(PageError::CrossSite(_)) => (&w.cross_site, &w.cross_site_means),
        Some(PageError::Refused { what, means, .. }) => (what, means),
        _ => match status.as_u16() {
            404 => (&w.page, ""),
            405 => (&w.method, &w.method_means),
            413 => (&w.too_large, &w.too_large_means),
            400..=499 => (&w.unread, &w.unread_means),
            _ => (&w.ours, &w.ours_means),
        },
    };
    let (name, path) = place.map_or((&*w.all_briefs, "/"), |place| (&*place.name, &*place.path));
    let way = Say::of(words).with("place", name).with("to", path).html(&w.go_to);
    let body = ErrorPage { what, means, way }.render();
    let body = body.unwrap_or_else(|_| status.to_string());
    let title = what.trim_end_matches('.');
    let shell = Shell {
        is_wide: otherwise.is_some(),
        ..Shell::spoken(words, title, masthead, &body)
    };
    (status, page(&shell)).into_response()
}

pub(crate) async fn not_found() -> PageError {
    PageError::missing(Missing::Page)
}
