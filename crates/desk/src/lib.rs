//! The web: public pages of a brief, its editions, sign-up, confirmation and leaving.
//!
//! Every act is a form post that works without script. Pages are rendered here, on the server, one module per
//! page; the wording of an error is a page with a next step. This crate reads no clock and makes no randomness:
//! both are handed in by [`Desk`].

mod assets;
mod error;
mod page;
mod pages;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, StatusCode, header},
    routing::get,
};
use reveille_model::Clock;
use reveille_store::Store;
use tower_http::{limit::RequestBodyLimitLayer, set_header::SetResponseHeaderLayer, timeout::TimeoutLayer};

pub use error::PageError;
pub use page::{Shell, page};

/// The kind of the job rows that a sign-up leaves behind: "mail the confirmation link to the subscriber whose id
/// is the key".
pub const CONFIRMATION_JOB: &str = "send_confirmation";

/// The largest form that is read.
const FORM_BYTES: usize = 16 << 10;

/// What the pages work with.
#[derive(Clone)]
pub struct Desk {
    /// Where everything is kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// A fresh unguessable token in hexadecimal; nothing where the system has no randomness to give.
    pub token: fn() -> Option<String>,
    /// How readers reach these pages, for absolute links.
    pub public_url: String,
}

/// All pages. Serve it with connect info of [`std::net::SocketAddr`]: a sign-up's network address is part of the
/// proof of consent.
pub fn router(desk: Desk) -> Router {
    Router::new()
        .route("/", get(pages::home::show))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/assets/{file}", get(assets::serve))
        .route(
            "/confirm/{token}",
            get(pages::confirm::show).post(pages::confirm::submit),
        )
        .route(
            "/leave/{token}",
            get(pages::leave::show).post(pages::leave::submit),
        )
        .route(
            "/{brief}",
            get(pages::brief_show::show).post(pages::sign_up::submit),
        )
        .route("/{brief}/latest", get(pages::edition_show::latest))
        .route("/{brief}/{day}", get(pages::edition_show::show))
        .fallback(error::not_found)
        .with_state(Arc::new(desk))
        .layer(RequestBodyLimitLayer::new(FORM_BYTES))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(20),
        ))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
}

/// Nothing from elsewhere, no script in the page, no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}
