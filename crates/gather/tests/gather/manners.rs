//! How hosts are treated.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use axum::{Router, http::StatusCode, response::Redirect, routing::get};
use reveille_gather::{FetchError, Limits};

use crate::server::{feed, gatherer, limited, options, page, serve};

/// A site with this `robots.txt`, and how often that was asked for.
async fn site_with(status: StatusCode, robots: &'static str) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let robots = move || async move {
        count.fetch_add(1, SeqCst);
        (status, robots)
    };
    let site = Router::new()
        .route("/robots.txt", get(robots))
        .fallback(|| async { "news" });
    (format!("http://{}", serve(site).await), asked)
}

#[tokio::test]
async fn pages_are_left_alone_where_robots_say_so_and_feeds_are_read() {
    let rules =
        "User-agent: reveille\nDisallow: /private\nAllow: /private/open?x=1\n\nUser-agent: *\nDisallow: /\n";
    let (site, asked) = site_with(StatusCode::OK, rules).await;
    let gatherer = gatherer(&options());
    let error = gatherer
        .fetch(&page(&format!("{site}/private/a")))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "127.0.0.1 does not want machines to read this page (robots.txt)"
    );
    assert!(error.is_forbidden() && !error.is_transient());
    gatherer
        .fetch(&page(&format!("{site}/private/open?x=1")))
        .await
        .unwrap();
    gatherer.fetch(&page(&format!("{site}/news"))).await.unwrap();
    gatherer
        .fetch(&feed(&format!("{site}/private/feed")))
        .await
        .unwrap();
    assert_eq!(asked.load(SeqCst), 1);
}

#[tokio::test]
async fn robots_are_asked_once_even_by_many_at_once() {
    let (site, asked) = site_with(StatusCode::OK, "").await;
    let gatherer = gatherer(&options());
    let fetches = (0..8).map(|n| {
        let (gatherer, request) = (gatherer.clone(), page(&format!("{site}/{n}")));
        tokio::spawn(async move { gatherer.fetch(&request).await.map(|_| ()) })
    });
    for fetch in fetches.collect::<Vec<_>>() {
        fetch.await.unwrap().unwrap();
    }
    assert_eq!(asked.load(SeqCst), 1);
}

#[tokio::test]
async fn a_host_without_robots_is_open_and_one_that_fails_is_closed() {
    let nothing_readable = "User-agent: *\nDisallow: /";
    for (status, open) in [
        (StatusCode::NOT_FOUND, true),
        (StatusCode::FORBIDDEN, true),
        (StatusCode::TOO_MANY_REQUESTS, false),
        (StatusCode::SERVICE_UNAVAILABLE, false),
    ] {
        let (site, _) = site_with(status, nothing_readable).await;
        let fetched = gatherer(&options()).fetch(&page(&format!("{site}/a"))).await;
        assert_eq!(fetched.is_ok(), open, "{status}");
        if let Err(error) = fetched {
            assert!(
                matches!(error, FetchError::RobotsUnknown { .. }) && error.is_transient(),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn every_host_on_the_way_is_asked() {
    let (closed, _) = site_with(StatusCode::OK, "User-agent: *\nDisallow: /a\n").await;
    let to = format!("{closed}/a");
    let site = Router::new()
        .route("/robots.txt", get(|| async { Redirect::temporary("/rules.txt") }))
        .route("/rules.txt", get(|| async { "User-agent: *\nDisallow: /b\n" }))
        .route("/a", get(|| async move { Redirect::temporary(&to) }));
    let at = serve(site).await;
    let gatherer = gatherer(&options());
    for path in ["/a", "/b"] {
        let error = gatherer
            .fetch(&page(&format!("http://{at}{path}")))
            .await
            .unwrap_err();
        assert!(matches!(error, FetchError::Robots { .. }), "{path}: {error}");
    }
}

#[tokio::test]
async fn robots_may_not_lead_into_a_closed_network() {
    let site = Router::new()
        .route(
            "/robots.txt",
            get(|| async { Redirect::temporary("http://10.0.0.1/robots.txt") }),
        )
        .fallback(|| async { "news" });
    let at = serve(site).await;
    let error = gatherer(&options())
        .fetch(&page(&format!("http://{at}/a")))
        .await
        .unwrap_err();
    assert!(
        error.is_forbidden() && error.to_string().contains("10.0.0.1"),
        "{error}"
    );
}

#[tokio::test]
async fn a_host_never_sees_two_requests_at_once() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, peak) = (now.clone(), most.clone());
    let site = Router::new().fallback(move || async move {
        let here = counted.fetch_add(1, SeqCst) + 1;
        peak.fetch_max(here, SeqCst);
        // Long enough for the others to arrive, were they let in.
        tokio::time::sleep(Duration::from_millis(20)).await;
        counted.fetch_sub(1, SeqCst);
        "news"
    });
    let at = serve(site).await;
    let gatherer = gatherer(&options());
    let fetches = (0..8).map(|n| {
        let request = match n % 2 {
            0 => feed(&format!("http://{at}/{n}")),
            _ => page(&format!("http://{at}/{n}")),
        };
        let gatherer = gatherer.clone();
        tokio::spawn(async move { gatherer.fetch(&request).await.map(|_| ()) })
    });
    for fetch in fetches.collect::<Vec<_>>() {
        fetch.await.unwrap().unwrap();
    }
    assert_eq!(most.load(SeqCst), 1);
}

#[tokio::test]
async fn a_robots_file_that_never_comes_is_waited_for_once() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let robots = move || async move {
        count.fetch_add(1, SeqCst);
        std::future::pending::<()>().await;
    };
    let at = serve(
        Router::new()
            .route("/robots.txt", get(robots))
            .fallback(|| async { "news" }),
    )
    .await;
    let limits = Limits {
        header: Duration::from_millis(60),
        ..Limits::default()
    };
    let gatherer = gatherer(&limited(limits));
    for n in 0..3 {
        let error = gatherer
            .fetch(&page(&format!("http://{at}/{n}")))
            .await
            .unwrap_err();
        let words = "the robots.txt of 127.0.0.1 could not be read (the server did not answer within 60 ms), \
            so its pages are left alone for now";
        assert_eq!(error.to_string(), words);
        assert!(error.is_transient());
    }
    // Not even once, where the limit is over before the request has left.
    assert!(asked.load(SeqCst) <= 1, "{}", asked.load(SeqCst));
}
