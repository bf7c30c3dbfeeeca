//! The sign-up for programs, and for pages of other sites.

use axum::{
    body::Body,
    http::{Request, header},
};
use reveille_model::SubscriberState;
use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::late::of_los_angeles;
use crate::site::{Answer, SENTENCE, Site, form, imprint, morning, posted, sites};

const ALLOWED: &str = "https://www.example.org";
const SIGN_UPS: &str = "/api/briefs/morning/sign-ups";

async fn ask(site: &Site, origin: &'static str, body: String) -> Answer {
    let request = Request::post(SIGN_UPS)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ORIGIN, origin);
    site.send(request.body(Body::from(body)).unwrap()).await
}

fn typed(email: &str) -> String {
    json!({ "email": email, "country": "JP", "sentence": SENTENCE }).to_string()
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap()
}

#[tokio::test]
async fn a_program_signs_up_and_learns_nothing_of_who_reads() {
    for site in sites().await {
        let shown = read(&site.get("/api/briefs/morning").await.expect(200));
        assert_eq!(
            (&shown["sentence"], &shown["url"]),
            (&json!(SENTENCE), &json!("https://brief.example/morning"))
        );
        site.add_reader(1, SubscriberState::Active).await;
        let new = ask(&site, "https://brief.example", typed("ann@example.org"))
            .await
            .expect(202);
        let known = ask(&site, "https://brief.example", typed("reader1@example.org"))
            .await
            .expect(202);
        assert_eq!(read(&new)["detail"], read(&known)["detail"], "{}", new.of);
        assert_eq!(
            new.header("access-control-allow-origin"),
            "",
            "nobody else reads it"
        );
        let reader = site.reader("ann@example.org").await.unwrap();
        assert_eq!(
            (reader.state, reader.home.zone.name()),
            (SubscriberState::Pending, "Asia/Tokyo")
        );
        assert_eq!(site.take_mails().await, [reader.id.to_string()], "{}", new.of);
    }
}

#[tokio::test]
async fn a_program_is_told_for_its_reader_that_no_edition_comes_in_time() {
    for site in sites().await {
        let living = |country: &str, zone: &str| {
            json!({ "email": "ann@example.org", "country": country, "zone": zone, "sentence": SENTENCE })
                .to_string()
        };
        let near = ask(&site, "https://brief.example", living("US", "America/New_York")).await;
        assert_eq!(read(&near.expect(202))["late"], Value::Null, "{}", site.db.name);
        of_los_angeles(&site, 60).await;
        let far = ask(&site, "https://brief.example", living("NZ", "Pacific/Auckland")).await;
        let late = read(&far.expect(202))["late"].clone();
        let late = late.as_str().unwrap_or_default();
        assert!(
            late.contains("its time is over in Pacific/Auckland") && late.contains("ask them"),
            "{}: {late}",
            site.db.name
        );
    }
}

#[tokio::test]
async fn what_is_wrong_is_a_problem_document() {
    for site in sites().await {
        let wrong = json!({ "email": "ann", "sentence": SENTENCE }).to_string();
        for (body, status) in [
            (wrong, 422),
            ("[1]".to_owned(), 400),
            ("{\"email\": 1}".to_owned(), 400),
        ] {
            let answer = ask(&site, ALLOWED, body).await.expect(status);
            assert_eq!(answer.header("content-type"), "application/problem+json");
            let problem = read(&answer);
            assert_eq!(problem["status"], status, "{}", answer.of);
            if status == 422 {
                assert!(
                    problem["errors"]["email"]
                        .as_str()
                        .unwrap()
                        .starts_with("Check the address")
                );
                assert_eq!(problem["errors"]["country"], "Select your country.");
            }
        }
        let missing = site.get("/api/briefs/evening").await.expect(404);
        assert_eq!(read(&missing)["title"], "There is no brief of this name.");
        for _ in 0..5 {
            ask(&site, ALLOWED, typed("ann@example.org")).await.expect(202);
        }
        let slowed = ask(&site, ALLOWED, typed("ann@example.org")).await.expect(429);
        assert_eq!(slowed.header("retry-after"), "120", "{}", slowed.of);
    }
}

#[tokio::test]
async fn only_named_sites_may_hold_the_form() {
    for site in sites().await {
        let stranger = ask(&site, "https://evil.example", typed("ann@example.org"))
            .await
            .expect(403);
        assert_eq!(
            stranger.header("access-control-allow-origin"),
            "",
            "{}",
            stranger.of
        );
        assert_eq!(site.reader("ann@example.org").await, None);
        let answer = ask(&site, ALLOWED, typed("ann@example.org")).await.expect(202);
        assert_eq!(answer.header("access-control-allow-origin"), ALLOWED);
        assert_eq!(answer.header("vary"), "origin");
        let record = site.record("ann@example.org").await;
        let page = record[0].means.visit().and_then(|visit| visit.page.as_deref());
        assert_eq!(
            page,
            Some(ALLOWED),
            "{}: the record names the page with the form",
            answer.of
        );

        let preflight = |origin: &'static str| {
            let request = Request::options(SIGN_UPS).header(header::ORIGIN, origin);
            site.send(request.body(Body::empty()).unwrap())
        };
        let told = preflight(ALLOWED).await.expect(204);
        assert_eq!(told.header("access-control-allow-headers"), "content-type");
        assert_eq!(told.header("access-control-allow-origin"), ALLOWED);
        let told = preflight("https://evil.example").await.expect(204);
        assert_eq!(told.header("access-control-allow-headers"), "");
        assert_eq!(told.header("access-control-allow-credentials"), "");
    }
}

#[tokio::test]
async fn the_plain_form_of_another_site_signs_up_without_script() {
    let plain = reveille_desk::embeddable_form(&morning(), "https://brief.example/", &imprint()).unwrap();
    let html = Html::parse_fragment(&plain);
    let attributes = |selector: &str, name: &str| -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        html.select(&selector)
            .map(|element| element.attr(name).unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(attributes("form", "action"), ["https://brief.example/morning"]);
    assert_eq!(
        attributes("[name]", "name"),
        ["email", "country", "website", "sentence"]
    );
    assert_eq!(attributes("[name=sentence]", "value"), [SENTENCE]);
    assert!(!plain.contains("script") && !plain.contains("style"));
    for site in sites().await {
        for (origin, status) in [(ALLOWED, 200), ("https://evil.example", 403)] {
            let mut request = posted("/morning", &form("ann@example.org", "DE", ""));
            for (name, value) in [("origin", origin), ("sec-fetch-site", "cross-site")] {
                request.headers_mut().insert(name, value.parse().unwrap());
            }
            site.send(request).await.expect(status);
        }
        assert_eq!(site.record("ann@example.org").await.len(), 1, "{}", site.db.name);
    }
}
