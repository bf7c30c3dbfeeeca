//! What hubs say to us.

use aws_lc_rs::hmac;
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use reveille_model::{Outcome, Polling, SourceId, SourceKind, UnixMillis, hex};
use reveille_store::{
    hubs::{self, Hub, NewHub},
    sources::{self, FetchSuccess, NewSource},
};

use crate::site::{MINUTE, MORNING, Site, sites, token};

const TOPIC: &str = "https://herald.example/feed?a=b";
const FEED: &str = "<rss>news</rss>";
const HOUR: i64 = 60 * MINUTE;

/// A source that was read an hour ago and is due in another, with a hub that was asked.
async fn source(site: &Site) -> SourceId {
    let mut tx = site.db.store.begin().await.unwrap();
    let new = NewSource {
        url: TOPIC.parse().unwrap(),
        kind: SourceKind::Feed,
        carrier: "The Herald".to_owned(),
        site_url: None,
        language: None,
        weight: 1.0,
        icon_url: None,
    };
    let id = sources::insert(&mut tx, &new, MORNING).await.unwrap().id();
    let (ago, next) = (MORNING.plus(-HOUR), MORNING.plus(HOUR));
    let polling = Polling::default().learn(Outcome::found(1), ago);
    let success = FetchSuccess::default();
    sources::fetched(&mut tx, id, &success, &polling, next, ago)
        .await
        .unwrap();
    let hub = NewHub {
        source: id,
        url: "https://hub.example/".parse().unwrap(),
        topic: TOPIC.parse().unwrap(),
        token: token(7),
        secret: "tide-7".to_owned(),
    };
    hubs::keep(&mut tx, &hub, MORNING).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn hub(site: &Site, id: SourceId) -> Hub {
    hubs::find(&site.db.store, id).await.unwrap().unwrap()
}

fn asks(number: u64, mode: &str, rest: &str) -> String {
    let topic = "https%3A%2F%2Fherald.example%2Ffeed%3Fa%3Db";
    format!(
        "/websub/{}?hub.mode={mode}&hub.topic={topic}{rest}",
        token(number)
    )
}

#[tokio::test]
async fn a_hub_that_asks_back_gets_its_challenge_only_for_what_we_asked() {
    for site in sites().await {
        let id = source(&site).await;
        let challenge = "&hub.challenge=%3Cb%3Etide&hub.lease_seconds=86400";
        for wrong in [
            asks(8, "subscribe", challenge),
            asks(7, "unsubscribe", challenge),
            asks(7, "subscribe", ""),
            asks(7, "subscribe", challenge).replace("herald", "courier"),
        ] {
            let answer = site.get(&wrong).await;
            assert_eq!(
                (answer.status, answer.text.as_str()),
                (StatusCode::NOT_FOUND, ""),
                "{wrong}"
            );
        }
        assert_eq!(hub(&site, id).await.lease_until, None);
        let answer = site.get(&asks(7, "subscribe", challenge)).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "<b>tide"));
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(hub(&site, id).await.lease_until, Some(MORNING.plus(24 * HOUR)));
        // Asked to go on when a quarter of the time is left.
        let due = |at: UnixMillis| hubs::due(&site.db.store, at, 9);
        assert!(due(MORNING.plus(17 * HOUR)).await.unwrap().is_empty());
        assert_eq!(due(MORNING.plus(18 * HOUR)).await.unwrap().len(), 1);

        site.get(&asks(7, "denied", "&hub.reason=no+such+feed")).await;
        let said = hub(&site, id).await.last_error;
        assert_eq!(said.as_deref(), Some("refused: no such feed"));
    }
}

#[tokio::test]
async fn only_word_of_news_that_is_signed_brings_the_next_visit_forward() {
    for site in sites().await {
        let id = source(&site).await;
        let sign = |algorithm, secret: &str| {
            let key = hmac::Key::new(algorithm, secret.as_bytes());
            hex(hmac::sign(&key, FEED.as_bytes()).as_ref())
        };
        let tell = async |number: u64, signature: &str| {
            let request = Request::post(format!("/websub/{}", token(number)))
                .header("x-hub-signature", signature)
                .body(Body::from(FEED));
            let status = site.send(request.unwrap()).await.status;
            let found = sources::find(&site.db.store, id).await.unwrap().unwrap();
            (status, found.next_fetch_at.since(MORNING) / MINUTE)
        };
        let right = sign(hmac::HMAC_SHA256, "tide-7");
        for wrong in [
            format!("sha256={}", sign(hmac::HMAC_SHA256, "tide-8")),
            format!("sha1={right}"),
            format!("md5={right}"),
            format!("sha256={}", &right[1..]),
            format!("sha256={}é", &right[2..]),
            "sha256=".to_owned(),
            right.clone(),
            String::new(),
        ] {
            let told = tell(7, wrong.as_str()).await;
            assert_eq!(told, (StatusCode::ACCEPTED, 60), "{wrong}");
        }
        let right = format!("sha256={right}");
        assert_eq!(tell(8, &right).await, (StatusCode::GONE, 60));
        assert_eq!(tell(7, &right).await, (StatusCode::ACCEPTED, 0));
    }
}

#[tokio::test]
async fn every_method_of_the_specification_is_understood() {
    for (name, algorithm) in [
        ("sha1", hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        ("sha384", hmac::HMAC_SHA384),
        ("sha512", hmac::HMAC_SHA512),
    ] {
        for site in sites().await {
            let id = source(&site).await;
            let key = hmac::Key::new(algorithm, b"tide-7");
            let signature = hex(hmac::sign(&key, FEED.as_bytes()).as_ref());
            let request = Request::post(format!("/websub/{}", token(7)))
                .header("x-hub-signature", format!("{name}={signature}"))
                .body(Body::from(FEED));
            site.send(request.unwrap()).await;
            let found = sources::find(&site.db.store, id).await.unwrap().unwrap();
            assert_eq!(found.next_fetch_at, MORNING, "{name}");
        }
    }
}
