//! Other spellings of a brief's addresses lead to the one that its pages have: `/Morning/2026-03-10/` to
//! `/morning/2026-03-10`.

use axum::{
    extract::Request,
    http::Uri,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use reveille_model::Slug;

/// Sends whoever asks by another spelling to the canonical one, for good and with what they post (308); answers the rest.
pub(crate) async fn lead(request: Request, next: Next) -> Response {
    match canonical(request.uri()) {
        Some(path) => Redirect::permanent(&path).into_response(),
        None => next.run(request).await,
    }
}

/// The canonical path and query of an address below a brief's, where it is spelled otherwise. That the first segment is a slug
/// keeps it on this site.
fn canonical(address: &Uri) -> Option<String> {
    let path = address.path();
    let inner = path.strip_prefix('/')?;
    let (first, rest) = inner.split_at(inner.find('/').unwrap_or(inner.len()));
    let slug: Slug = first.to_ascii_lowercase().parse().ok()?;
    let canonical = format!("/{slug}{}", rest.trim_end_matches('/'));
    let query = address.query().map(|query| format!("?{query}"));
    (canonical != path).then(|| canonical + &query.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_spellings_of_a_briefs_addresses_are_led_elsewhere() {
        for (asked, expected) in [
            ("/morning/", Some("/morning")),
            ("/Morning", Some("/morning")),
            (
                "/The-Morning-Brief/2026-03-10/3//?ref=a%2Fb",
                Some("/the-morning-brief/2026-03-10/3?ref=a%2Fb"),
            ),
            (
                "/morning//elsewhere.example/",
                Some("/morning//elsewhere.example"),
            ),
            ("/", None),
            ("/morning", None),
            ("/morning/archive?q=Ferry/", None),
            ("/desk/", None),
            ("/Desk/sources", None),
            ("/api/briefs/", None),
            ("//elsewhere.example/", None),
            ("/elsewhere.example/", None),
            ("/%2Felsewhere/", None),
            ("/assets/desk.css", None),
            ("*", None),
        ] {
            let address = asked.parse().unwrap();
            assert_eq!(canonical(&address).as_deref(), expected, "{asked}");
        }
    }
}
