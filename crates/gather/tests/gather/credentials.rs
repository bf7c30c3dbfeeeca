//! What a publisher issued to us, and who gets to see it.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Redirect},
};
use reveille_gather::Request;
use reveille_model::{Credential, Secret};

use crate::server::{gatherer, options, page, serve};

/// What each request to a site showed: its path and the headers in which a secret could stand.
type Seen = Arc<Mutex<Vec<(String, Vec<String>)>>>;

/// A site that writes down what it is shown; whatever stands below `/to/` redirects there.
async fn site() -> (String, Seen) {
    let seen = Seen::default();
    let noted = seen.clone();
    let answer = move |uri: Uri, headers: HeaderMap| async move {
        let shown = ["authorization", "cookie", "x-key"].map(|name| headers.get(name));
        let shown = shown
            .into_iter()
            .flatten()
            .map(|value| value.to_str().unwrap().to_owned());
        noted
            .lock()
            .unwrap()
            .push((uri.path().to_owned(), shown.collect()));
        match uri.path().strip_prefix("/to/") {
            Some(target) => Redirect::temporary(target).into_response(),
            None if uri.path() == "/robots.txt" => StatusCode::NOT_FOUND.into_response(),
            None => "news".into_response(),
        }
    };
    let address = serve(Router::new().fallback(answer)).await;
    (format!("http://{address}"), seen)
}

fn asked_with(secret: Secret, url: &str) -> Request {
    let request = page(url);
    Request {
        credential: Some(Credential::new(secret, request.url.url()).unwrap()),
        ..request
    }
}

#[tokio::test]
async fn each_kind_is_sent_as_servers_expect_it_and_robots_are_asked_without() {
    for (secret, shown) in [
        (
            Secret::Basic {
                user: "Aladdin".to_owned(),
                password: "open sesame".to_owned(),
            },
            // The example of RFC 7617, section 2.
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        ),
        (
            Secret::Header {
                name: "X-Key".to_owned(),
                value: "tide-7".to_owned(),
            },
            "tide-7",
        ),
        (Secret::Cookie("s=7; t=8".to_owned()), "s=7; t=8"),
    ] {
        let (site, seen) = site().await;
        let request = asked_with(secret, &format!("{site}/a"));
        gatherer(&options()).fetch(&request).await.unwrap();
        assert_eq!(
            *seen.lock().unwrap(),
            [
                ("/robots.txt".to_owned(), Vec::new()),
                ("/a".to_owned(), vec![shown.to_owned()])
            ]
        );
    }
}

#[tokio::test]
async fn no_redirect_carries_a_secret_to_another_host_or_port() {
    let ((own, at_home), (other, abroad)) = (site().await, site().await);
    let secret = Secret::Cookie("s=7".to_owned());
    let request = asked_with(secret, &format!("{own}/to/{other}/to/{own}/back"));
    gatherer(&options()).fetch(&request).await.unwrap();
    let shown = |seen: &Seen| {
        let seen = seen.lock().unwrap();
        let pages = seen.iter().filter(|(path, _)| path != "/robots.txt");
        pages.map(|(_, shown)| shown.len()).collect::<Vec<_>>()
    };
    assert_eq!((shown(&at_home), shown(&abroad)), (vec![1, 1], vec![0]));
}
