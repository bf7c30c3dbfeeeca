//! Puts the sample morning on the wire: one router for all its outlets, told apart by the Host header.
//!
//! Each answer depends on the request and the clock alone. Nothing is kept between requests, so a server that is
//! killed and started again goes on as if it had not been.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{
        HeaderMap, Method, StatusCode,
        header::{ALLOW, CONTENT_TYPE, ETAG, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED},
    },
    response::{IntoResponse, Response},
};
use jiff::fmt::rfc2822;
use reveille_model::{Clock, UnixMillis};

use super::sample::{Answer, Morning, SUFFIX};

/// Serves the outlets of `morning` as they are by `clock`.
pub(crate) fn router(morning: Arc<Morning>, clock: Clock) -> Router {
    Router::new().fallback(serve).with_state((morning, clock))
}

async fn serve(State((morning, clock)): State<(Arc<Morning>, Clock)>, request: Request) -> Response {
    reply(&morning, clock.now(), &request)
}

fn reply(morning: &Morning, now: UnixMillis, request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    let authority = request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let (host, port) = authority.split_once(':').unwrap_or((&authority, ""));
    match morning.answer(host, request.uri().path(), now) {
        Some(answer) => respond(answer, port, request.headers()),
        None => listing(morning, port),
    }
}

/// The answer as a response; 304 where the asker already holds it (RFC 9110, section 13).
fn respond(answer: Answer, port: &str, asked: &HeaderMap) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = with_origins(&answer.body, port);
    if status != StatusCode::OK {
        return (status, [(CONTENT_TYPE, answer.content_type)], body).into_response();
    }
    let etag = format!("\"{:016x}\"", fingerprint(&body));
    let validators = [(ETAG, etag.clone()), (LAST_MODIFIED, http_date(answer.modified))];
    if is_held(asked, &etag, answer.modified) {
        return (StatusCode::NOT_MODIFIED, validators).into_response();
    }
    (status, validators, [(CONTENT_TYPE, answer.content_type)], body).into_response()
}

/// Whether the asker's validators match. The entity tag decides alone where there is one (RFC 9110, 13.2.2).
fn is_held(asked: &HeaderMap, etag: &str, modified: UnixMillis) -> bool {
    let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
    if let Some(tags) = text(IF_NONE_MATCH) {
        return tags.split(',').any(|tag| {
            let tag = tag.trim();
            tag == "*" || tag.trim_start_matches("W/") == etag
        });
    }
    text(IF_MODIFIED_SINCE)
        .and_then(|since| rfc2822::parse(since).ok())
        .is_some_and(|since| since.timestamp().as_second() >= modified.timestamp().as_second())
}

/// An instant as RFC 9110, section 5.6.7 writes it.
fn http_date(at: UnixMillis) -> String {
    at.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// FNV-1a in 64 bits: the same in every build, which is all that an entity tag needs.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Writes `http://name.localhost:port` for each `@{name}`. Works on bytes, as a page may be in any charset.
fn with_origins(body: &[u8], port: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 512);
    let mut rest = body;
    while let Some(at) = rest.windows(2).position(|pair| pair == b"@{") {
        out.extend_from_slice(&rest[..at]);
        let inside = &rest[at + 2..];
        let end = inside
            .iter()
            .position(|byte| *byte == b'}')
            .unwrap_or(inside.len());
        out.extend_from_slice(b"http://");
        out.extend_from_slice(&inside[..end]);
        out.extend_from_slice(SUFFIX.as_bytes());
        if !port.is_empty() {
            out.push(b':');
            out.extend_from_slice(port.as_bytes());
        }
        rest = inside.get(end + 1..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// What a person sees who opens the port without one of the hosts.
fn listing(morning: &Morning, port: &str) -> Response {
    let colon = if port.is_empty() { "" } else { ":" };
    let items = morning.sources().iter().map(|source| {
        let (host, carrier) = (&source.host, source.carrier.replace('&', "&amp;"));
        format!("<li><a href=\"http://{host}{colon}{port}/\">{carrier}</a>\n")
    });
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>The sample morning</title>\n\
         <h1>The sample morning</h1>\n<p>No outlet has this address. These do:</p>\n<ul>\n{}</ul>\n",
        items.collect::<String>()
    );
    let content_type = [(CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::NOT_FOUND, content_type, page).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn ask(host: &str, path: &str, header: Option<(&str, &str)>, now: &str) -> Response {
        let mut request = axum::http::Request::get(path).header(HOST, host);
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        let request = request.body(Body::empty()).unwrap();
        reply(&Morning::load().unwrap(), now.parse().unwrap(), &request)
    }

    async fn text(response: Response) -> String {
        let body = axum::body::to_bytes(response.into_body(), usize::MAX)
            .await
            .unwrap();
        String::from_utf8_lossy(&body).into_owned()
    }

    const NOON: &str = "2026-03-10T12:00:00Z";

    #[tokio::test]
    async fn the_host_header_chooses_the_outlet_and_links_carry_its_port() {
        let feed = text(ask("Touchline.localhost:4711", "/rss", None, NOON)).await;
        assert!(
            feed.contains("<link>http://touchline.localhost:4711/</link>"),
            "{feed}"
        );
        let feed = text(ask("touchline.localhost", "/rss", None, NOON)).await;
        assert!(
            feed.contains("<link>http://touchline.localhost/</link>"),
            "{feed}"
        );
        let stranger = ask("127.0.0.1:4711", "/", None, NOON);
        assert_eq!(stranger.status(), StatusCode::NOT_FOUND);
        assert!(
            text(stranger)
                .await
                .contains("http://the-lantern.localhost:4711/")
        );
    }

    #[tokio::test]
    async fn a_feed_that_did_not_change_is_not_sent_again() {
        let first = ask(
            "harbour-herald.localhost:1",
            "/feeds/news.rss",
            None,
            "2026-03-10T04:19:00Z",
        );
        let etag = first.headers()[ETAG].to_str().unwrap().to_owned();
        let since = first.headers()[LAST_MODIFIED].to_str().unwrap().to_owned();
        for header in [
            ("if-none-match", etag.as_str()),
            ("if-modified-since", since.as_str()),
        ] {
            for (now, status) in [
                ("2026-03-10T04:19:59Z", StatusCode::NOT_MODIFIED),
                ("2026-03-10T04:20:00Z", StatusCode::OK),
            ] {
                let again = ask("harbour-herald.localhost:1", "/feeds/news.rss", Some(header), now);
                assert_eq!(again.status(), status, "{header:?} at {now}");
            }
        }
    }

    #[tokio::test]
    async fn a_page_that_fails_is_mended_by_the_clock() {
        let path = "/news/articles/c2m05sepsis";
        for (now, status) in [("2026-03-10T04:09:59Z", 500), ("2026-03-10T04:10:00Z", 200)] {
            assert_eq!(ask("obs-news.localhost:1", path, None, now).status(), status);
        }
    }

    #[tokio::test]
    async fn the_plain_paths_of_a_site_answer() {
        for (path, status) in [("/", 200), ("/robots.txt", 200), ("/favicon.ico", 404)] {
            assert_eq!(
                ask("the-lantern.localhost:1", path, None, NOON).status(),
                status,
                "{path}"
            );
        }
    }
}
