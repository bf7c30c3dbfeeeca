//! What programs do with a bearer token.

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use reveille_model::{Access, ConsentKind, EditionState, Means, Scope, Segment, SubscriberState};
use reveille_store::{clicks, editions, segments, tokens};
use serde_json::{Value, json};

use crate::site::{Answer, MINUTE, MORNING, SENTENCE, Site, sites};

const LIST: &str = "/api/briefs/morning/subscribers";

/// Lets a program in, and gives back its token.
async fn program(site: &Site, scopes: &[Scope]) -> String {
    let token = format!("{:032x}", scopes.len());
    let mut tx = site.db.store.begin().await.unwrap();
    let name = format!("Shop {}", scopes.len());
    assert!(
        tokens::insert(&mut tx, &name, &token, scopes, MORNING)
            .await
            .unwrap()
    );
    tx.commit().await.unwrap();
    token
}

fn request(method: Method, path: &str, token: &str, body: &Value) -> Request<Body> {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(body))
        .unwrap()
}

async fn send(site: &Site, method: Method, path: &str, token: &str, body: Value) -> Answer {
    site.send(request(method, path, token, &body)).await
}

async fn get(site: &Site, path: &str, token: &str) -> Answer {
    send(site, Method::GET, path, token, Value::Null).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_else(|error| panic!("{error}: {}", answer.text))
}

fn is_problem(answer: &Answer) {
    assert_eq!(
        answer.header("content-type"),
        "application/problem+json",
        "{}",
        answer.text
    );
    assert_eq!(read(answer)["status"], answer.status.as_u16());
}

#[tokio::test]
async fn the_document_holds_what_may_be_done_and_nothing_more() {
    for site in sites().await {
        let document = read(&site.get("/api/openapi.json").await.expect(200));
        assert_eq!(document["openapi"], "3.1.0");
        for (path, methods) in document["paths"].as_object().unwrap() {
            let at = path
                .replace("{brief}", "morning")
                .replace("{day}", "2026-03-10")
                .replace("{id}", "1");
            for method in ["get", "post", "patch", "delete", "put"] {
                let bare = Request::builder().method(method.to_uppercase().as_str()).uri(&at);
                let answer = site.send(bare.body(Body::empty()).unwrap()).await;
                let Some(told) = methods.get(method) else {
                    assert_eq!(answer.status, 405, "{method} {path}");
                    is_problem(&answer);
                    continue;
                };
                let is_open = told["security"].as_array().unwrap().is_empty();
                assert_eq!(answer.status != 401, is_open, "{method} {path}");
                assert_ne!(answer.status, 405, "{method} {path}");
                let scopes = &told["security"][0]["token"];
                assert!(
                    is_open || scopes[0].as_str().unwrap().parse::<Scope>().is_ok(),
                    "{path}: {scopes}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_until_it_is_revoked() {
    for site in sites().await {
        let token = program(&site, &[Scope::ReadSubscribers]).await;
        get(&site, LIST, &token).await.expect(200);
        let answer = send(&site, Method::POST, LIST, &token, json!({}))
            .await
            .expect(403);
        is_problem(&answer);
        assert!(
            read(&answer)["detail"]
                .as_str()
                .unwrap()
                .contains("subscribers:write"),
            "{}",
            answer.of
        );
        for wrong in ["", "0", "00000000000000000000000000000009"] {
            let answer = get(&site, LIST, wrong).await.expect(401);
            is_problem(&answer);
            assert_eq!(answer.header("www-authenticate"), "Bearer");
        }
        let known = &tokens::list(&site.db.store).await.unwrap()[0];
        assert_eq!((known.name.as_str(), known.used_at), ("Shop 1", Some(MORNING)));
        let mut tx = site.db.store.begin().await.unwrap();
        assert!(tokens::revoke(&mut tx, "Shop 1", MORNING).await.unwrap());
        assert!(!tokens::revoke(&mut tx, "Shop 1", MORNING).await.unwrap());
        assert!(
            !tokens::insert(&mut tx, "Shop 1", "other", &[], MORNING)
                .await
                .unwrap(),
            "a name is given once"
        );
        tx.commit().await.unwrap();
        get(&site, LIST, &token).await.expect(401);
    }
}

#[tokio::test]
async fn readers_are_listed_in_pages() {
    for site in sites().await {
        for number in 1..=5 {
            let state = if number == 3 {
                SubscriberState::Left
            } else {
                SubscriberState::Active
            };
            site.add_reader(number, state).await;
        }
        let token = program(&site, &[Scope::ReadSubscribers]).await;
        let mut seen = Vec::new();
        let mut path = format!("{LIST}?limit=2");
        loop {
            let page = read(&get(&site, &path, &token).await.expect(200));
            let items = page["items"].as_array().unwrap().clone();
            seen.extend(
                items
                    .iter()
                    .map(|item| item["email"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else { break };
            assert_eq!(items.len(), 2, "{page}");
            path = format!("{LIST}?limit=2&after={next}");
        }
        assert_eq!(
            seen,
            [1, 2, 3, 4, 5].map(|number| format!("reader{number}@example.org"))
        );
        for (query, count) in [
            ("state=left", 1),
            ("email=READER2@example.org", 1),
            ("email=reader2@example.org&state=left", 0),
        ] {
            let page = read(&get(&site, &format!("{LIST}?{query}"), &token).await.expect(200));
            assert_eq!(
                page["items"].as_array().unwrap().len(),
                count,
                "{}: {query}",
                site.db.name
            );
        }
        for wrong in [
            "limit=0",
            "limit=1001",
            "limit=x",
            "after=x",
            "state=happy",
            "email=ann",
        ] {
            is_problem(&get(&site, &format!("{LIST}?{wrong}"), &token).await.expect(422));
        }
    }
}

#[tokio::test]
async fn a_program_asks_for_a_reader_who_then_confirms() {
    for site in sites().await {
        let token = program(&site, &[Scope::WriteSubscribers, Scope::ReadSubscribers]).await;
        let new = json!({ "email": "Ann@example.org", "country": "Japan", "sentence": SENTENCE });
        let answer = send(&site, Method::POST, LIST, &token, new.clone())
            .await
            .expect(202);
        let shown = read(&answer);
        assert_eq!(
            (&shown["state"], &shown["zone"]),
            (&json!("pending"), &json!("Asia/Tokyo"))
        );
        assert_eq!(
            site.take_mails().await,
            [shown["id"].to_string()],
            "{}",
            site.db.name
        );
        let record = site.record("ann@example.org").await;
        assert_eq!(
            (record[0].kind, record[0].sentence.as_str()),
            (ConsentKind::Asked, SENTENCE)
        );
        assert_eq!(
            record[0].means,
            Means::Program {
                name: "Shop 2".to_owned()
            }
        );
        for (name, value, status) in [
            ("sentence", json!("Everything."), 422),
            ("email", json!("ann"), 422),
            ("country", json!("Atlantis"), 422),
            ("country", json!("USSR"), 422),
            ("zone", json!("Mars/Olympus"), 422),
            ("email", json!(1), 400),
            ("shoe_size", json!(43), 400),
        ] {
            let mut wrong = new.clone();
            wrong[name] = value;
            is_problem(
                &send(&site, Method::POST, LIST, &token, wrong)
                    .await
                    .expect(status),
            );
        }
        assert!(site.take_mails().await.is_empty());
    }
}

#[tokio::test]
async fn the_same_request_under_one_key_is_done_once() {
    for site in sites().await {
        let token = program(&site, &[Scope::WriteSubscribers, Scope::ReadSubscribers]).await;
        let ask = |email: &str, key: &'static str| {
            let body = json!({ "email": email, "country": "DE", "sentence": SENTENCE });
            let mut request = request(Method::POST, LIST, &token, &body);
            request
                .headers_mut()
                .insert("idempotency-key", key.parse().unwrap());
            site.send(request)
        };
        let first = ask("ann@example.org", "a1").await.expect(202);
        site.clock.advance(11 * MINUTE);
        let second = ask("ann@example.org", "a1").await.expect(202);
        assert_eq!(first.text, second.text, "{}", first.of);
        assert_eq!(
            site.record("ann@example.org").await.len(),
            1,
            "not even asked again"
        );
        is_problem(&ask("bob@example.org", "a1").await.expect(422));
        assert_eq!(site.reader("bob@example.org").await, None);
        let wrong = ask("bob", "a2").await.expect(422);
        assert_eq!(
            wrong.text,
            ask("bob", "a2").await.expect(422).text,
            "a refusal is kept, too"
        );
        let (one, other) =
            futures_util::future::join(ask("cleo@example.org", "a3"), ask("cleo@example.org", "a3")).await;
        let statuses = [one.status.as_u16(), other.status.as_u16()];
        assert!(
            statuses.contains(&202) && statuses.iter().all(|status| [202, 409].contains(status)),
            "{statuses:?}"
        );

        // Who is erased stands in no answer that is kept.
        let ann = site.reader("ann@example.org").await.unwrap();
        let erase = format!("/api/subscribers/{}", ann.id);
        send(&site, Method::DELETE, &erase, &token, Value::Null)
            .await
            .expect(204);
        assert_eq!(site.reader("ann@example.org").await, None);
        ask("ann@example.org", "a1").await.expect(202);
        let anew = site.reader("ann@example.org").await.unwrap();
        assert_ne!(anew.id, ann.id, "{}: done again", site.db.name);
    }
}

#[tokio::test]
async fn a_program_changes_what_a_reader_chose_and_lets_them_go() {
    for site in sites().await {
        let token = program(&site, &[Scope::WriteSubscribers, Scope::ReadSubscribers]).await;
        let reader = site.add_reader(1, SubscriberState::Active).await;
        let path = format!("/api/subscribers/{}", reader.id);
        let change = |body: Value| send(&site, Method::PATCH, &path, &token, body);
        let shown = read(
            &change(json!({ "country": "JP", "format": "text" }))
                .await
                .expect(200),
        );
        assert_eq!(
            (&shown["zone"], &shown["format"]),
            (&json!("Asia/Tokyo"), &json!("text")),
            "{}",
            site.db.name
        );
        let shown = read(
            &change(json!({ "zone": "Europe/Oslo", "paused_until": "2026-03-20" }))
                .await
                .expect(200),
        );
        assert_eq!(
            (
                &shown["country"],
                &shown["zone"],
                &shown["zone_origin"],
                &shown["state"]
            ),
            (
                &json!("JP"),
                &json!("Europe/Oslo"),
                &json!("reader"),
                &json!("paused")
            )
        );
        assert_eq!(
            read(&change(json!({ "paused_until": null })).await.expect(200))["state"],
            "active"
        );
        assert_eq!(read(&change(json!({})).await.expect(200))["state"], "active");
        for wrong in [
            json!({ "format": "pigeon" }),
            json!({ "paused_until": "2026-03-10" }),
            json!({ "zone": "" }),
        ] {
            is_problem(&change(wrong).await.expect(422));
        }
        let proof = read(&get(&site, &format!("{path}/proof"), &token).await.expect(200));
        assert_eq!(
            (&proof["is_whole"], proof["lines"].as_array().unwrap().len()),
            (&json!(true), 6),
            "{proof}"
        );
        let at = proof["lines"][0]["consent"]["at"].as_str().unwrap();
        assert!(at.ends_with('Z'), "{proof}");
        let data = read(&get(&site, &format!("{path}/data"), &token).await.expect(200));
        assert_eq!(data["briefs"][0]["brief"], "morning");
        for _ in 0..2 {
            let left = send(
                &site,
                Method::POST,
                &format!("{path}/unsubscribe"),
                &token,
                Value::Null,
            )
            .await
            .expect(200);
            assert_eq!(read(&left)["state"], "left");
        }
        send(&site, Method::DELETE, &path, &token, Value::Null)
            .await
            .expect(204);
        assert_eq!(site.reader("reader1@example.org").await, None, "{}", site.db.name);
        for gone in ["", "/proof", "/data"] {
            is_problem(&get(&site, &format!("{path}{gone}"), &token).await.expect(404));
        }
    }
}

#[tokio::test]
async fn briefs_editions_and_figures_are_shown_to_whoever_may_see_them() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        site.add_brief("secret", Access::Named).await;
        for (day, state) in [
            ("2026-03-09", EditionState::Sent),
            ("2026-03-10", EditionState::Sent),
            ("2026-03-11", EditionState::Draft),
        ] {
            site.add_edition(day, state).await;
        }
        let token = program(&site, &[Scope::ReadBriefs, Scope::ReadEditions, Scope::ReadStats]).await;
        let briefs = read(&get(&site, "/api/briefs", &token).await.expect(200));
        assert_eq!(briefs["items"][1]["slug"], "secret", "{}", site.db.name);
        site.get("/api/briefs/secret").await.expect(404);
        let page = read(
            &get(&site, "/api/briefs/morning/editions?limit=1", &token)
                .await
                .expect(200),
        );
        assert_eq!(
            (&page["items"][0]["day"], &page["next"]),
            (&json!("2026-03-10"), &json!("2026-03-10"))
        );
        let page = read(
            &get(
                &site,
                "/api/briefs/morning/editions?limit=1&after=2026-03-10",
                &token,
            )
            .await
            .expect(200),
        );
        assert_eq!(
            (&page["items"][0]["day"], &page["next"]),
            (&json!("2026-03-09"), &Value::Null)
        );
        let edition = read(
            &get(&site, "/api/briefs/morning/editions/2026-03-11", &token)
                .await
                .expect(200),
        );
        assert_eq!(edition["counts"]["entries"], 2);
        for missing in ["2026-03-12", "tomorrow"] {
            is_problem(
                &get(&site, &format!("/api/briefs/morning/editions/{missing}"), &token)
                    .await
                    .expect(404),
            );
        }
        let stats = read(&get(&site, "/api/briefs/morning/stats", &token).await.expect(200));
        assert_eq!(
            (&stats["readers"]["active"], &stats["readers"]["left"]),
            (&json!(1), &json!(0))
        );
        let list = &stats["readers"]["active"];
        assert_eq!(
            stats["audience"],
            serde_json::json!({ "segment": null, "readers": list, "list": list })
        );
        assert_eq!(stats["latest_edition"]["day"], "2026-03-10");
        get(&site, LIST, &token).await.expect(403);
    }
}

#[tokio::test]
async fn figures_are_of_months_entries_and_segments_and_of_no_reader() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        site.add_edition("2026-03-10", EditionState::Sent).await;
        let token = program(&site, &[Scope::ReadStats]).await;
        let edition = editions::find_by_day(&site.db.store, site.brief, "2026-03-10".parse().unwrap());
        let edition = edition.await.unwrap().unwrap();
        let of_germany = Segment {
            countries: vec!["DE".parse().unwrap()],
            ..Segment::default()
        };
        let mut tx = site.db.store.begin().await.unwrap();
        clicks::add(&mut tx, &[((edition.id, 1), 3)].into())
            .await
            .unwrap();
        segments::insert(&mut tx, "home", &of_germany, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let clicks = "/api/briefs/morning/editions/2026-03-10/clicks";
        let shown = read(&get(&site, clicks, &token).await.expect(200));
        assert_eq!(shown["counts_clicks"], false, "{}", site.db.name);
        let first = &shown["entries"][0];
        assert_eq!((&first["number"], &first["clicks"]), (&json!(1), &json!(3)));
        get(&site, "/api/briefs/morning/editions/2026-03-12/clicks", &token)
            .await
            .expect(404);
        let shown = read(&get(&site, "/api/segments", &token).await.expect(200));
        let home = &shown["items"][0];
        assert_eq!((&home["name"], &home["readers"]), (&json!("home"), &json!(1)));
        assert_eq!(home["segment"]["countries"], json!(["DE"]));
        let stats = read(&get(&site, "/api/briefs/morning/stats", &token).await.expect(200));
        let month = &stats["months"][0];
        assert_eq!(
            (&month["month"], &month["came"], &month["left"]),
            (&json!("2026-03"), &json!(1), &json!(0))
        );

        let other = program(&site, &[Scope::ReadBriefs, Scope::ReadSubscribers]).await;
        for path in [clicks, "/api/segments"] {
            get(&site, path, &other).await.expect(403);
        }
    }
}
