//! Servers that are slow, endless or far too generous.

use std::{convert::Infallible, future::pending, time::Duration};

use axum::{Router, body::Body, http::header, response::IntoResponse, routing::get};
use futures_util::{StreamExt, stream};
use reveille_gather::{FetchError, Limits};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    documents::gzip,
    server::{document, failure, limited, serve, serve_raw},
};

const MOMENT: Duration = Duration::from_millis(60);

async fn fails(site: Router, limits: Limits) -> FetchError {
    let at = serve(site).await;
    failure(&limited(limits), &format!("http://{at}/")).await
}

fn body(chunks: impl futures_util::Stream<Item = &'static [u8]> + Send + 'static) -> impl IntoResponse {
    Body::from_stream(chunks.map(Ok::<_, Infallible>))
}

#[tokio::test]
async fn a_server_that_never_answers() {
    let site = Router::new().route("/", get(pending::<()>));
    let error = fails(
        site,
        Limits {
            header: MOMENT,
            ..Limits::default()
        },
    )
    .await;
    assert_eq!(error.to_string(), "the server did not answer within 60 ms");
    assert!(error.is_transient());
}

#[tokio::test]
async fn a_server_that_stalls() {
    let site = Router::new().route(
        "/",
        get(|| async { body(stream::once(async { b"<rss>".as_slice() }).chain(stream::pending())) }),
    );
    let error = fails(
        site,
        Limits {
            trickle: MOMENT,
            trickle_bytes: 1,
            ..Limits::default()
        },
    )
    .await;
    assert_eq!(error.to_string(), "the server sent nothing for 60 ms");
    assert!(error.is_transient());
}

#[tokio::test]
async fn a_server_that_trickles() {
    // In one piece, so that the five bytes are there before their window opens.
    let at = serve_raw(|mut stream: TcpStream| async move {
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>")
            .await
            .unwrap();
        pending::<()>().await;
    })
    .await;
    let limits = Limits {
        trickle: MOMENT,
        trickle_bytes: 100,
        ..Limits::default()
    };
    let error = failure(&limited(limits), &format!("http://{at}/")).await;
    assert_eq!(error.to_string(), "the server sent only 5 bytes in 60 ms");
    assert!(error.is_transient());
}

#[tokio::test]
async fn a_server_that_takes_all_day() {
    let site = Router::new().route("/", get(|| async { body(stream::pending()) }));
    let error = fails(
        site,
        Limits {
            total: MOMENT,
            ..Limits::default()
        },
    )
    .await;
    assert_eq!(error.to_string(), "the page had not come whole after 60 ms");
    let site = Router::new().route("/", get(pending::<()>));
    let error = fails(
        site,
        Limits {
            total: MOMENT,
            ..Limits::default()
        },
    )
    .await;
    assert!(matches!(error, FetchError::TooSlow { .. }), "{error}");
}

#[tokio::test]
async fn a_body_without_end() {
    let site = Router::new().route(
        "/",
        get(|| async { body(stream::repeat([b'x'; 1_000].as_slice())) }),
    );
    let error = fails(
        site,
        Limits {
            body: 50_000,
            ..Limits::default()
        },
    )
    .await;
    assert_eq!(error.to_string(), "the page is larger than 50 kB");
    assert!(!error.is_transient());
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_not_read() {
    // The server announces more than it will ever send: only a gatherer that goes by the header ends with TooLarge.
    let site = Router::new().route(
        "/",
        get(|| async { ([(header::CONTENT_LENGTH, "3000")], body(stream::pending())) }),
    );
    let error = fails(
        site,
        Limits {
            body: 2_999,
            ..Limits::default()
        },
    )
    .await;
    assert!(matches!(error, FetchError::TooLarge { limit: 2_999 }), "{error}");
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let at = serve(Router::new().route("/", get(|| async { vec![b'x'; 3_000] }))).await;
    let found = document(
        &limited(Limits {
            body: 3_000,
            ..Limits::default()
        }),
        &format!("http://{at}/"),
    )
    .await;
    assert_eq!(found.body.len(), 3_000);
}

#[tokio::test]
async fn a_bomb_is_measured_unpacked() {
    let bomb = gzip(&vec![0; 20_000_000]);
    assert!(bomb.len() < 100_000);
    let site = Router::new().route(
        "/",
        get(|| async { ([(header::CONTENT_ENCODING, "gzip")], bomb) }),
    );
    let error = fails(
        site,
        Limits {
            body: 200_000,
            ..Limits::default()
        },
    )
    .await;
    assert!(
        matches!(error, FetchError::TooLarge { limit: 200_000 }),
        "{error}"
    );
}
