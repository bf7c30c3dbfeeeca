//! A small web on loopback: proper sites by axum, improper ones byte by byte.

use std::{future::Future, net::SocketAddr, time::Duration};

use axum::Router;
use reveille_gather::{Accept, Document, FetchError, Fetched, Gatherer, Limits, Options, Pace, Request};
use reveille_model::{Clock, UnixMillis};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};

/// Starts a site on a free port.
pub(crate) async fn serve(site: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, site).await });
    address
}

/// Starts a server that reads the head of each request and leaves the rest to `answer`.
pub(crate) async fn serve_raw<F>(answer: impl Fn(TcpStream) -> F + Send + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|read| read > 0)
            {
            }
            tokio::spawn(answer(stream));
        }
    });
    address
}

/// Options that let the tests in and never wait between requests.
pub(crate) fn options() -> Options {
    Options {
        contact: Some("https://example.org/about".to_owned()),
        allow: vec!["127.0.0.1".parse().unwrap()],
        pace: Pace {
            delay: Duration::ZERO,
            longest_delay: Duration::ZERO,
        },
        ..Options::default()
    }
}

/// The same with these limits.
pub(crate) fn limited(limits: Limits) -> Options {
    Options { limits, ..options() }
}

pub(crate) fn gatherer(options: &Options) -> Gatherer {
    // Another test of this process may have been first.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Gatherer::new(options, clock()).unwrap()
}

/// A clock that stands at five in the morning of 10 March 2026, UTC.
pub(crate) fn clock() -> Clock {
    Clock::new(|| UnixMillis(1_773_118_800_000))
}

pub(crate) fn feed(url: &str) -> Request {
    Request::new(url.parse().unwrap(), Accept::Feed)
}

pub(crate) fn page(url: &str) -> Request {
    Request::new(url.parse().unwrap(), Accept::Page)
}

/// Fetches a feed that must be there.
pub(crate) async fn document(options: &Options, url: &str) -> Document {
    match gatherer(options).fetch(&feed(url)).await.unwrap() {
        Fetched::Document(document) => document,
        Fetched::NotModified(_) => panic!("{url} was not asked conditionally"),
    }
}

/// Fetches a feed that must fail.
pub(crate) async fn failure(options: &Options, url: &str) -> FetchError {
    gatherer(options).fetch(&feed(url)).await.unwrap_err()
}
