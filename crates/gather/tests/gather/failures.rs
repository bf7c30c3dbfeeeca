//! Servers that fail, lie or lead astray.

use axum::{
    Router,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use reveille_gather::{FetchError, Limits, Lookup, Options};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    documents::gzip,
    server::{failure, limited, options, serve, serve_raw},
};

/// Nobody else is given this port, as they may be one that was just closed.
const CLOSED: &str = "127.0.0.1:1";

async fn fails(site: Router) -> FetchError {
    let at = serve(site).await;
    failure(&options(), &format!("http://{at}/")).await
}

async fn fails_raw(bytes: &'static [u8]) -> FetchError {
    let at = serve_raw(move |mut stream: TcpStream| async move {
        stream.write_all(bytes).await.unwrap();
    })
    .await;
    failure(&options(), &format!("http://{at}/")).await
}

#[tokio::test]
async fn statuses_are_named_in_words() {
    for (status, words, transient) in [
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            "the server has a fault (status 500)",
            true,
        ),
        (
            StatusCode::NOT_FOUND,
            "the server has no such page (status 404)",
            false,
        ),
        (StatusCode::GONE, "the page is gone for good (status 410)", false),
        (
            StatusCode::NOT_MODIFIED,
            "the server points elsewhere without saying where (status 304)",
            false,
        ),
    ] {
        let error = fails(Router::new().route("/", get(move || async move { status }))).await;
        assert_eq!(error.to_string(), words);
        assert_eq!(
            (error.is_transient(), error.is_gone()),
            (transient, status == StatusCode::GONE),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_busy_server_says_when_to_come_back() {
    let busy = || async { (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "120")]) };
    let error = fails(Router::new().route("/", get(busy))).await;
    assert_eq!(error.to_string(), "the server was asked too often (status 429)");
    assert_eq!(error.retry_after().map(|wait| wait.as_secs()), Some(120));
    assert!(error.is_transient());
}

#[tokio::test]
async fn a_connection_that_ends_too_soon() {
    for answer in [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>".as_slice(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        b"",
    ] {
        let error = fails_raw(answer).await;
        assert!(matches!(error, FetchError::Broken { .. }), "{error:?}");
        assert!(error.is_transient());
    }
}

#[tokio::test]
async fn a_connection_that_is_reset() {
    for head in [
        b"".as_slice(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>",
    ] {
        let at = serve_raw(move |mut stream: TcpStream| async move {
            stream.write_all(head).await.unwrap();
            stream.set_zero_linger().unwrap();
        })
        .await;
        let error = failure(&options(), &format!("http://{at}/")).await;
        assert_eq!(
            error.to_string(),
            "the connection broke before the page was whole",
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_body_that_was_not_packed_as_it_says() {
    let site = Router::new().route(
        "/",
        get(|| async { ([(header::CONTENT_ENCODING, "gzip")], "no gzip at all") }),
    );
    let error = fails(site).await;
    assert!(matches!(error, FetchError::Damaged { .. }), "{error:?}");
    let mut cut = gzip(&(0..=255).cycle().take(90_000).collect::<Vec<u8>>());
    cut.truncate(cut.len() / 2);
    let site = Router::new().route("/", get(|| async { ([(header::CONTENT_ENCODING, "gzip")], cut) }));
    let error = fails(site).await;
    assert!(
        matches!(error, FetchError::Damaged { .. } | FetchError::Broken { .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_of_another_kind() {
    let error = fails_raw(b"SSH-2.0-OpenSSH_9.2\r\n").await;
    assert_eq!(
        error.to_string(),
        "127.0.0.1 did not answer as a web server does",
        "{error:?}"
    );
}

#[tokio::test]
async fn a_header_without_end() {
    let at = serve_raw(|mut stream: TcpStream| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while stream.write_all(b"X-More: and more\r\n").await.is_ok() {}
    })
    .await;
    let error = failure(&options(), &format!("http://{at}/")).await;
    let words = "the header of 127.0.0.1's answer is larger than any honest one";
    assert_eq!(error.to_string(), words, "{error:?}");
}

#[tokio::test]
async fn a_proxy_that_is_down_is_named() {
    let options = Options {
        proxy: Some(format!("http://{CLOSED}").parse().unwrap()),
        // It is the proxy's to look names up.
        lookup: Lookup::new(|_| async { Ok(Vec::new()) }),
        ..options()
    };
    for url in ["http://news.example/", "https://news.example/"] {
        let error = failure(&options, url).await;
        assert_eq!(
            error.to_string(),
            "the proxy 127.0.0.1 refused the connection",
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn what_is_no_text_is_not_read() {
    let site = Router::new().route(
        "/",
        get(|| async { ([(header::CONTENT_TYPE, "application/PDF")], "%PDF") }),
    );
    assert_eq!(
        fails(site).await.to_string(),
        "the address holds application/pdf, which is no text"
    );
}

#[tokio::test]
async fn hosts_that_are_not_there() {
    let error = failure(&options(), &format!("http://{CLOSED}/")).await;
    assert_eq!(error.to_string(), "127.0.0.1 refused the connection", "{error:?}");
    let error = failure(&options(), "http://nowhere.invalid/").await;
    assert_eq!(
        error.to_string(),
        "there is no such host as nowhere.invalid",
        "{error:?}"
    );
}

#[tokio::test]
async fn redirects_that_lead_nowhere() {
    let site = Router::new()
        .route("/a", get(|| async { Redirect::temporary("/b") }))
        .route("/b", get(|| async { Redirect::temporary("/a") }))
        .route(
            "/mail",
            get(|| async { Redirect::temporary("mailto:ann@example.org") }),
        )
        .route("/nothing", get(|| async { StatusCode::FOUND }))
        .route(
            "/on/{n}",
            get(|path: axum::extract::Path<u32>| async move {
                Redirect::temporary(&format!("/on/{}", path.0 + 1)).into_response()
            }),
        );
    let at = serve(site).await;
    let limits = Limits {
        redirects: 3,
        ..Limits::default()
    };
    for (path, words) in [
        (
            "/a",
            format!("the address redirects in a circle (back to http://{at}/a)"),
        ),
        (
            "/mail",
            "the address redirects to `mailto:ann@example.org`, which is not a web address".to_owned(),
        ),
        (
            "/nothing",
            "the address redirects to ``, which is not a web address".to_owned(),
        ),
        ("/on/1", "the address redirects more than 3 times".to_owned()),
    ] {
        let error = failure(&limited(limits), &format!("http://{at}{path}")).await;
        assert_eq!(error.to_string(), words);
        assert!(!error.is_transient());
    }
}

#[tokio::test]
async fn no_way_leads_into_a_closed_network() {
    let site = Router::new().route(
        "/{to}",
        get(|path: axum::extract::Path<String>| async move {
            Redirect::permanent(&format!("http://{}/latest/meta-data", path.0))
        }),
    );
    let at = serve(site).await;
    for host in [
        "10.0.0.1",
        "169.254.169.254",
        "127.0.0.2",
        "0x7f.2",
        "[::ffff:10.0.0.1]",
        "[fe80::1]",
        "0",
    ] {
        let error = failure(&options(), &format!("http://{at}/{host}")).await;
        assert!(
            matches!(error, FetchError::ClosedAddress { .. }),
            "{host}: {error:?}"
        );
        assert!(error.is_forbidden() && !error.is_transient());
    }
}

#[tokio::test]
async fn a_name_is_checked_by_its_addresses() {
    let at = serve(Router::new().route("/", get(|| async { "secret" }))).await;
    let closed = Options {
        allow: vec!["10.0.0.0/8".parse().unwrap()],
        ..options()
    };
    for host in ["localhost", "herald.localhost", "LOCALHOST", "127.0.0.1"] {
        let error = failure(&closed, &format!("http://{host}:{}/", at.port())).await;
        let FetchError::ClosedAddress { address, .. } = error else {
            panic!("{host}: {error:?}");
        };
        assert!(address.is_loopback());
    }
}
