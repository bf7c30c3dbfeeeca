//! Forms that are sent to services that publishers name.

use axum::{Router, http::StatusCode, response::Redirect, routing::post};
use reveille_gather::{FetchError, Gatherer, Limits, Options};

use crate::server::{gatherer, limited, options, serve};

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
    let limits = Limits {
        body: 1_000,
        ..Limits::default()
    };
    let ours = gatherer(&limited(limits));
    // For what is never answered in time: a slow machine may need as long for an answer.
    let hasty = gatherer(&limited(Limits {
        total: std::time::Duration::from_millis(400),
        ..limits
    }));
    let ask = async |by: &Gatherer, path: &str| {
        let url = format!("{base}{path}").parse().unwrap();
        by.ask(&url, &[("content-type", "text/plain")], "ä".to_owned())
            .await
    };
    assert_eq!(ask(&ours, "/echo").await.unwrap(), "you said ä");
    assert!(matches!(
        ask(&ours, "/flood").await.unwrap_err(),
        FetchError::TooLarge { limit: 1_000 }
    ));
    assert!(matches!(
        ask(&hasty, "/slow").await.unwrap_err(),
        FetchError::TooSlow { .. }
    ));
    assert_eq!(ask(&ours, "/none").await.unwrap_err().status(), Some(404));
}
