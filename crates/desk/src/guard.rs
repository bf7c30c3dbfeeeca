//! What holds for every page: limits, headers, and words where the framework would answer without any.

use std::time::Duration;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware,
    response::Response,
};
use tower_http::{limit::RequestBodyLimitLayer, set_header::SetResponseHeaderLayer, timeout::TimeoutLayer};

use crate::error;

/// The largest form that is read, in bytes.
const FORM_BYTES: usize = 16 << 10;
/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Nothing from elsewhere, no script in the page, no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// Puts routes under the house rules: small forms, a time limit, a strict content security policy, nothing kept by
/// caches unless the page says so itself, and a page with words for every error, whoever noticed it.
pub fn guarded<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(RequestBodyLimitLayer::new(FORM_BYTES))
        .layer(patience())
        .layer(middleware::map_response(with_words))
        .layer(fixed(header::CACHE_CONTROL, "no-store"))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
}

/// Ends what takes too long.
pub(crate) fn patience() -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE)
}

fn fixed(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// An error of the framework, such as a form too large or a method that is not allowed, as a page of ours.
async fn with_words(bare: Response) -> Response {
    let status = bare.status();
    let kind = bare.headers().get(header::CONTENT_TYPE);
    let ours: [&[u8]; 2] = [b"text/html", b"application/problem+json"];
    let is_ours = kind.is_some_and(|kind| ours.iter().any(|ours| kind.as_bytes().starts_with(ours)));
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return bare;
    }
    let mut page = error::of_status(status);
    if let Some(allowed) = bare.headers().get(header::ALLOW) {
        page.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    page
}
