//! `/api`: everything about readers, briefs, editions and figures for programs, in JSON.
//!
//! `api/openapi.json` says what there is (`OpenAPI` 3.1); a test holds it and [`routes`] together. A program is known by a
//! bearer token (RFC 6750) with scopes; every error is a problem document (RFC 9457). Readers' addresses are shown in full
//! here, to whoever may read them.

mod briefs;
mod caller;
mod figures;
mod once;
mod page;
mod problem;
mod subscribers;

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};

use crate::{Shared, pages::sign_up_api};

pub(crate) use briefs::shown;
pub(crate) use problem::Problem;

const DOCUMENT: &str = include_str!("api/openapi.json");

/// Every address with what may be done there.
fn routes() -> Vec<(&'static str, MethodRouter<Shared>)> {
    vec![
        ("/api/openapi.json", get(document)),
        ("/api/briefs", get(briefs::list)),
        ("/api/briefs/{brief}", get(sign_up_api::show)),
        (
            "/api/briefs/{brief}/sign-ups",
            post(sign_up_api::submit).options(sign_up_api::preflight),
        ),
        ("/api/briefs/{brief}/editions", get(briefs::editions)),
        ("/api/briefs/{brief}/editions/{day}", get(briefs::edition)),
        (
            "/api/briefs/{brief}/editions/{day}/clicks",
            get(figures::edition_clicks),
        ),
        ("/api/briefs/{brief}/stats", get(figures::stats)),
        (
            "/api/briefs/{brief}/subscribers",
            get(subscribers::list).post(subscribers::create),
        ),
        (
            "/api/subscribers/{id}",
            get(subscribers::show)
                .patch(subscribers::update)
                .delete(subscribers::erase),
        ),
        (
            "/api/subscribers/{id}/unsubscribe",
            post(subscribers::unsubscribe),
        ),
        ("/api/subscribers/{id}/proof", get(subscribers::proof)),
        ("/api/subscribers/{id}/data", get(subscribers::data)),
        ("/api/segments", get(figures::list_segments)),
    ]
}

/// All of it.
pub(crate) fn router() -> Router<Shared> {
    let mut router = Router::new();
    for (path, methods) in routes() {
        router = router.route(path, methods);
    }
    router
}

async fn document() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_document_tells_of_every_address_and_of_no_other() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).unwrap();
        let told: BTreeSet<&str> = document["paths"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let routed: BTreeSet<&str> = routes().iter().map(|(path, _)| *path).collect();
        assert_eq!(told, routed);
    }
}
