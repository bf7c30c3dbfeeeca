//! Spares a visitor the page that they have already (RFC 9110, section 13.1.2).

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use reveille_model::hex;
use ring::digest;

/// Gives every page that caches may keep a tag that changes with its content, and answers whoever has that content that
/// nothing changed.
pub(crate) async fn answer(request: Request, next: Next) -> Response {
    let is_get = request.method() == Method::GET;
    let held = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if !is_get || response.status() != StatusCode::OK || !may_be_kept(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // Pages are made in memory here, so reading one again cannot fail.
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let digest = digest::digest(&digest::SHA256, &bytes);
    let tag = format!("\"{}\"", hex(&digest.as_ref()[..12]));
    let known = held.is_some_and(|held| holds(&held, &tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    if known {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn may_be_kept(headers: &HeaderMap) -> bool {
    let how = headers.get(header::CACHE_CONTROL);
    how.is_some_and(|how| how.as_bytes().starts_with(b"public"))
}

/// Whether a list of tags names this one, or any. Caches that packed a page mark its tag as weak.
fn holds(held: &HeaderValue, tag: &str) -> bool {
    let Ok(held) = held.to_str() else { return false };
    held.split(',')
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_found_in_a_list_weak_or_not() {
        let holds = |held: &str| holds(&held.parse().unwrap(), "\"a1\"");
        for held in ["\"a1\"", "W/\"a1\"", "\"b2\", W/\"a1\"", "*"] {
            assert!(holds(held), "{held}");
        }
        for other in ["", "\"a\"", "a1", "\"a1b\""] {
            assert!(!holds(other), "{other}");
        }
    }
}
