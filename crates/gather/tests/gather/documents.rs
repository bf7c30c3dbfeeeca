//! What comes back when all goes well.

use std::io::Write;

use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use reveille_gather::{Fetched, Lookup, Options, Unchanged};

use crate::server::{document, failure, feed, gatherer, options, serve};

#[tokio::test]
async fn a_document_comes_with_its_headers() {
    let site = Router::new().route(
        "/feed",
        get(|| async {
            (
                [
                    (header::CONTENT_TYPE, "Text/XML; charset=\"ISO-8859-1\""),
                    (header::ETAG, "\"7\""),
                ],
                b"caf\xe9".to_vec(),
            )
        }),
    );
    let at = serve(site).await;
    let found = document(&options(), &format!("http://herald.localhost:{}/feed", at.port())).await;
    assert_eq!(
        (found.status, found.body.as_slice()),
        (200, b"caf\xe9".as_slice())
    );
    assert_eq!(found.charset.as_deref(), Some("iso-8859-1"));
    assert_eq!(found.media_type().as_deref(), Some("text/xml"));
    assert_eq!(found.etag.as_deref(), Some("\"7\""));
    assert_eq!((found.moved_to, found.last_modified), (None, None));
    assert_eq!(found.url.host(), "herald.localhost");
}

#[tokio::test]
async fn the_request_says_who_asks_and_for_what() {
    let site = Router::new().fallback(|headers: HeaderMap| async move {
        format!(
            "{}\n{}",
            headers["user-agent"].to_str().unwrap(),
            headers["accept"].to_str().unwrap()
        )
    });
    let at = serve(site).await;
    let found = document(&options(), &format!("http://{at}/")).await;
    let text = String::from_utf8(found.body).unwrap();
    let (agent, accept) = text.split_once('\n').unwrap();
    assert!(
        agent.starts_with("Reveille/") && agent.ends_with(" (+https://example.org/about)"),
        "{agent}"
    );
    assert!(accept.starts_with("application/atom+xml"), "{accept}");
}

#[tokio::test]
async fn a_copy_at_hand_is_not_sent_again() {
    let site = Router::new().route(
        "/feed",
        get(|headers: HeaderMap| async move {
            let matches = headers
                .get(header::IF_NONE_MATCH)
                .is_some_and(|tag| tag == "W/\"a\"")
                && headers
                    .get(header::IF_MODIFIED_SINCE)
                    .is_some_and(|date| date == "Tue, 10 Mar 2026 04:00:00 GMT");
            if matches {
                StatusCode::NOT_MODIFIED.into_response()
            } else {
                "news".into_response()
            }
        }),
    );
    let at = serve(site).await;
    let mut request = feed(&format!("http://{at}/feed"));
    let gatherer = gatherer(&options());
    assert!(matches!(
        gatherer.fetch(&request).await.unwrap(),
        Fetched::Document(_)
    ));
    request.etag = Some("W/\"a\"".to_owned());
    request.last_modified = Some("Tue, 10 Mar 2026 04:00:00 GMT".to_owned());
    let unchanged = Fetched::NotModified(Unchanged::default());
    assert_eq!(gatherer.fetch(&request).await.unwrap(), unchanged);
    // A validator that no header may hold is left out; it must not fail the fetch.
    request.etag = Some("a\r\nX-Evil: 1".to_owned());
    assert!(matches!(
        gatherer.fetch(&request).await.unwrap(),
        Fetched::Document(_)
    ));
}

#[tokio::test]
async fn only_a_permanent_way_moves_a_source() {
    let site = Router::new()
        .route(
            "/old",
            get(|| async { (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, "/older")]) }),
        )
        .route("/older", get(|| async { Redirect::permanent("/new#top") }))
        .route(
            "/today",
            get(|| async { (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, "/detour")]) }),
        )
        .route("/detour", get(|| async { Redirect::temporary("/new") }))
        .route("/new", get(|| async { "news" }));
    let at = serve(site).await;
    let (old, today) = (format!("http://{at}/old"), format!("http://{at}/today"));
    let moved = document(&options(), &old).await;
    assert_eq!(moved.url.as_str(), format!("http://{at}/new"));
    assert_eq!(moved.moved_to, Some(moved.url));
    let detoured = document(&options(), &today).await;
    assert_eq!((detoured.url.url().path(), detoured.moved_to), ("/new", None));
}

#[tokio::test]
async fn a_compressed_document_is_unpacked() {
    let site = Router::new().route(
        "/feed",
        get(|headers: HeaderMap| async move {
            assert!(
                headers[header::ACCEPT_ENCODING]
                    .to_str()
                    .unwrap()
                    .contains("gzip")
            );
            ([(header::CONTENT_ENCODING, "gzip")], gzip(b"news"))
        }),
    );
    let at = serve(site).await;
    assert_eq!(
        document(&options(), &format!("http://{at}/feed")).await.body,
        b"news"
    );
}

#[tokio::test]
async fn a_proxy_is_asked_for_all_but_this_machine() {
    let echo = Router::new().fallback(|uri: Uri, headers: HeaderMap| async move {
        let secret = headers
            .get(header::PROXY_AUTHORIZATION)
            .map(|value| value.to_str().unwrap());
        format!("{uri} {}", secret.unwrap_or("open"))
    });
    let proxy = serve(echo.clone()).await;
    let here = serve(echo).await;
    let options = Options {
        proxy: Some(format!("http://ann:secret@{proxy}/").parse().unwrap()),
        // It is the proxy's to look names up.
        lookup: Lookup::new(|_| async { Ok(Vec::new()) }),
        ..options()
    };
    let through = document(&options, "http://news.example/feed").await;
    // "ann:secret" in Base64 (RFC 7617, section 2).
    assert_eq!(through.body, b"http://news.example/feed Basic YW5uOnNlY3JldA==");
    let direct = document(&options, &format!("http://herald.localhost:{}/feed", here.port())).await;
    assert_eq!(direct.body, b"/feed open");
    let error = failure(&options, "http://192.168.0.1/").await;
    assert!(error.is_forbidden(), "{error}");
}

/// Packs bytes as a server does.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}
