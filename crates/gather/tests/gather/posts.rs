//! Forms that are sent to services that publishers name.

use axum::{Router, http::StatusCode, response::Redirect, routing::post};
use reveille_gather::{FetchError, Options};

use crate::server::{gatherer, options, serve};

#[tokio::test]
async fn a_form_is_posted_under_the_rules_of_every_request() {
    let taken = |form: String| async move {
        match form.as_str() {
            "hub.mode=subscribe&hub.topic=http%3A%2F%2Fa.example%2F%3Fb%26c" => StatusCode::ACCEPTED,
            _ => StatusCode::BAD_REQUEST,
        }
    };
    let away = || async { Redirect::temporary("/") };
    let site = Router::new().route("/", post(taken)).route("/away", post(away));
    let hub = format!("http://{}", serve(site).await);
    let form = [("hub.mode", "subscribe"), ("hub.topic", "http://a.example/?b&c")];
    let ours = gatherer(&options());
    ours.post(&hub.parse().unwrap(), &form).await.unwrap();
    for (path, form, status) in [
        ("/", &form[..1], 400),
        ("/away", &form, 307),
        ("/none", &form, 404),
    ] {
        let error = ours
            .post(&format!("{hub}{path}").parse().unwrap(), form)
            .await
            .unwrap_err();
        assert_eq!(error.status(), Some(status), "{path}");
    }
    let elsewhere = gatherer(&Options {
        allow: Vec::new(),
        ..options()
    });
    let error = elsewhere.post(&hub.parse().unwrap(), &form).await.unwrap_err();
    assert!(matches!(error, FetchError::ClosedAddress { .. }), "{error}");
}

#[tokio::test]
async fn what_is_asked_is_answered_within_the_limits_or_not_at_all() {
    let echo = |body: String| async move { format!("you said {body}") };
    let flood = || async { "a".repeat(2_000) };
    let slow = || async {
        tokio::time::sleep(std::time::Duration::from_secs(20)).await;
        "late"
    };
    let site = Router::new()
        .route("/echo", post(echo))
        .route("/flood", post(flood))
        .route("/slow", post(slow));
    let base = format!("http://{}", serve(site).await);
    let ours = gatherer(&crate::server::limited(reveille_gather::Limits {
        total: std::time::Duration::from_millis(400),
        body: 1_000,
        ..reveille_gather::Limits::default()
    }));
    let ask = async |path: &str| {
        let url = format!("{base}{path}").parse().unwrap();
        ours.ask(&url, &[("content-type", "text/plain")], "ä".to_owned())
            .await
    };
    assert_eq!(ask("/echo").await.unwrap(), "you said ä");
    assert!(matches!(
        ask("/flood").await.unwrap_err(),
        FetchError::TooLarge { limit: 1_000 }
    ));
    assert!(matches!(
        ask("/slow").await.unwrap_err(),
        FetchError::TooSlow { .. }
    ));
    assert_eq!(ask("/none").await.unwrap_err().status(), Some(404));
}
