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
