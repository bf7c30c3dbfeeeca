//! Every error is a page with words and a way on.

use axum::{
    body::Body,
    http::{Request, header},
};

use crate::site::{Answer, form, posted, sites};

fn is_page_with_a_way_on(answer: &Answer) {
    assert_eq!(
        answer.header("content-type"),
        "text/html; charset=utf-8",
        "{}",
        answer.text
    );
    assert!(!answer.one("main h1").is_empty());
    assert_eq!(answer.attributes("main a", "href").len(), 1, "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.has("link[rel=stylesheet]"));
}

#[tokio::test]
async fn what_is_not_there_is_said_with_a_way_on() {
    for site in sites().await {
        for (path, way) in [
            ("/evening", "/"),
            ("/favicon.png", "/"),
            ("/mailbox", "/"),
            ("/confirm", "/"),
            ("/a/b/c", "/"),
            ("/%FF", "/"),
            ("/assets/%FF", "/"),
            ("/assets/none.css", "/"),
            ("/evening/2026-03-10", "/"),
            ("/morning/2026-03-10", "/morning"),
            ("/morning/latest", "/morning"),
            ("/morning/2026-02-30", "/morning"),
            ("/morning/tomorrow", "/morning"),
        ] {
            let answer = site.get(path).await;
            assert!(
                matches!(answer.status.as_u16(), 400 | 404),
                "{path}: {}",
                answer.status
            );
            is_page_with_a_way_on(&answer);
            assert_eq!(answer.attributes("main a", "href"), [way], "{path}");
        }
        let answer = site
            .post("/evening", &form("ann@example.org", "DE", ""))
            .await
            .expect(404);
        is_page_with_a_way_on(&answer);
    }
}

#[tokio::test]
async fn the_desk_is_left_by_none_of_its_errors() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        for (path, way) in [
            ("/desk/none", "/desk"),
            ("/desk/editions/4711", "/desk/editions"),
            ("/desk/briefs/none", "/desk/briefs"),
        ] {
            let answer = site.get_with(&cookie, path).await.expect(404);
            is_page_with_a_way_on(&answer);
            assert_eq!(answer.attributes("main a", "href"), [way], "{path}");
            assert_eq!(answer.attributes(".top a", "href"), ["/desk"], "{path}");
            assert_eq!(answer.one(".top a"), "Desk", "{path}");
        }
    }
}

#[tokio::test]
async fn a_method_that_a_page_does_not_know_is_refused_in_words() {
    for site in sites().await {
        for (method, path, allowed) in [
            ("POST", "/", "GET,HEAD"),
            ("DELETE", "/morning", "GET,HEAD,POST"),
            ("PUT", "/leave/0", "GET,HEAD,POST"),
        ] {
            let request = Request::builder().method(method).uri(path);
            let answer = site.send(request.body(Body::empty()).unwrap()).await.expect(405);
            is_page_with_a_way_on(&answer);
            assert_eq!(answer.header("allow"), allowed, "{path}");
        }
    }
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_refused_in_words() {
    for site in sites().await {
        let form = |kind: &str, body: &str| {
            Request::post("/morning")
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(body.to_owned()))
                .unwrap()
        };
        let urlencoded = "application/x-www-form-urlencoded";
        for (request, status) in [
            (form(urlencoded, "email=a&email=b"), 422),
            (form("application/json", "{}"), 415),
            (form("multipart/form-data; boundary=b", "--b--"), 415),
            (posted("/morning", &"a".repeat(20_000)), 413),
        ] {
            let answer = site.send(request).await.expect(status);
            is_page_with_a_way_on(&answer);
        }
        // One that does not say its length is stopped while it comes.
        let stream = Body::from_stream(Chunks(40));
        let request = Request::post("/morning")
            .header(header::CONTENT_TYPE, urlencoded)
            .body(stream)
            .unwrap();
        is_page_with_a_way_on(&site.send(request).await.expect(413));
    }
}

/// So many kilobytes of `a`.
struct Chunks(usize);

impl futures_util::Stream for Chunks {
    type Item = Result<String, std::io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let left = self.0.checked_sub(1);
        self.0 = left.unwrap_or_default();
        std::task::Poll::Ready(left.map(|_| Ok("a".repeat(1 << 10))))
    }
}

#[tokio::test]
async fn a_store_that_fails_is_told_without_its_secrets() {
    for site in sites().await {
        site.db.store.close().await;
        for path in ["/", "/morning"] {
            let answer = site.get(path).await.expect(503);
            is_page_with_a_way_on(&answer);
            assert_eq!(answer.header("retry-after"), "60");
            for secret in ["pool", "sql", "postgres"] {
                assert!(!answer.one("main").to_lowercase().contains(secret), "{secret}");
            }
        }
        let answer = site
            .post("/morning", &form("ann@example.org", "DE", ""))
            .await
            .expect(503);
        is_page_with_a_way_on(&answer);
    }
}
