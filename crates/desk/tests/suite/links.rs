//! The links that mails carry: confirming and leaving.

use axum::{
    body::Body,
    http::{Request, header},
};
use reveille_model::{ConsentKind, SubscriberState};

use crate::site::{MINUTE, SENTENCE, Site, address, sites, token};

async fn state(site: &Site, number: u64) -> SubscriberState {
    let email = format!("reader{number}@example.org");
    site.reader(&email).await.unwrap().state
}

#[tokio::test]
async fn a_visit_confirms_nothing_and_the_button_does() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Pending).await;
        let link = site.mail_link(1).await;
        for _ in 0..2 {
            let page = site.get(&link).await.expect(200);
            assert_eq!(page.one(".consent"), SENTENCE);
            assert_eq!(page.one("form button"), "Yes, send it");
            assert!(!page.text.contains("reader1@"), "{}: masked", page.of);
            assert_eq!(page.one("main strong"), "r…@example.org");
        }
        assert_eq!(
            state(&site, 1).await,
            SubscriberState::Pending,
            "{}",
            site.db.name
        );
        for _ in 0..2 {
            let page = site.post(&link, "").await.expect(200);
            assert_eq!(page.one("h1"), "You are on the list");
            assert!(!page.has("form"));
        }
        assert_eq!(state(&site, 1).await, SubscriberState::Active);
        let record = site.record("reader1@example.org").await;
        assert_eq!(record.len(), 2, "once, however often it is clicked");
        assert_eq!(record[1].kind, ConsentKind::Confirmed);
        assert_eq!(record[1].sentence, SENTENCE);
        assert_eq!(address(&record[1]), "192.0.2.7");
        let page = record[1].means.visit().and_then(|visit| visit.page.as_deref());
        assert_eq!(page, Some("https://brief.example/confirm"), "without the token");
        assert_eq!(site.get(&link).await.one("h1"), "You are on the list");
    }
}

#[tokio::test]
async fn a_mail_program_leaves_by_one_click() {
    for site in sites().await {
        let link = |number| format!("/leave/{}", token(number));
        for (number, kind, body) in [
            (
                1,
                "application/x-www-form-urlencoded",
                "List-Unsubscribe=One-Click".to_owned(),
            ),
            (
                2,
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"
                    .to_owned(),
            ),
        ] {
            site.add_reader(number, SubscriberState::Active).await;
            // Mail hosts post from anywhere, without cookies, and do not follow redirects (RFC 8058, section 3.2).
            let request = Request::post(link(number))
                .header(header::CONTENT_TYPE, kind)
                .header(header::ORIGIN, "https://mail.example")
                .header("sec-fetch-site", "cross-site")
                .body(Body::from(body))
                .unwrap();
            site.send(request).await.expect(200);
            assert_eq!(
                state(&site, number).await,
                SubscriberState::Left,
                "{}: {kind}",
                site.db.name
            );
        }
        let record = site.record("reader1@example.org").await;
        assert_eq!(record.last().map(|line| line.kind), Some(ConsentKind::Left));
    }
}

#[tokio::test]
async fn a_person_leaves_by_a_button_since_scanners_follow_links() {
    for site in sites().await {
        for (number, before) in [
            (1, SubscriberState::Active),
            (2, SubscriberState::Pending),
            (3, SubscriberState::Bounced),
        ] {
            site.add_reader(number, before).await;
            let link = format!("/leave/{}", token(number));
            let page = site.get(&link).await.expect(200);
            assert_eq!(page.one("form button"), "Stop sending it");
            assert!(!page.text.contains(&format!("reader{number}@")));
            assert_eq!(state(&site, number).await, before, "{}", site.db.name);
            for _ in 0..2 {
                let page = site.post(&link, "").await.expect(200);
                assert_eq!(page.one("h1"), "You have left");
            }
            assert_eq!(state(&site, number).await, SubscriberState::Left);
            let record = site.record(&format!("reader{number}@example.org")).await;
            assert_eq!(record.len(), 2, "once, however often it is clicked");
            assert_eq!(site.get(&link).await.one("h1"), "You have left");
        }
    }
}

#[tokio::test]
async fn an_old_link_brings_nobody_back_and_signing_up_again_does() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Pending).await;
        let (used, spare) = (site.mail_link(1).await, site.mail_link(1).await);
        site.post(&used, "").await.expect(200);
        site.post(&format!("/leave/{}", token(1)), "").await.expect(200);
        let page = site.post(&used, "").await.expect(404);
        assert_eq!(page.attributes("main a", "href"), ["/morning"]);
        for link in [&used, &spare, &format!("/confirm/{}", token(1))] {
            site.get(link).await.expect(404);
            site.post(link, "").await.expect(404);
        }
        assert_eq!(state(&site, 1).await, SubscriberState::Left, "{}", site.db.name);

        site.sign_up("reader1@example.org", "JP").await.expect(200);
        assert_eq!(site.take_mails().await.len(), 1);
        site.post(&used, "").await.expect(404);
        assert_eq!(
            state(&site, 1).await,
            SubscriberState::Pending,
            "{}",
            site.db.name
        );
        site.post(&site.mail_link(1).await, "").await.expect(200);
        let reader = site.reader("reader1@example.org").await.unwrap();
        assert_eq!(reader.state, SubscriberState::Active);
        assert_eq!(reader.home.zone.name(), "Asia/Tokyo");
        let kinds: Vec<_> = site.record("reader1@example.org").await;
        let kinds: Vec<_> = kinds.iter().map(|line| line.kind).collect();
        use ConsentKind::{Asked, Confirmed, Entered, Left};
        assert_eq!(kinds, [Entered, Confirmed, Left, Asked, Confirmed]);
    }
}

#[tokio::test]
async fn two_clicks_at_once_confirm_once() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Pending).await;
        let link = site.mail_link(1).await;
        for page in futures_util::future::join_all((0..8).map(|_| site.post(&link, ""))).await {
            assert_eq!(page.expect(200).one("h1"), "You are on the list");
        }
        assert_eq!(
            site.record("reader1@example.org").await.len(),
            2,
            "{}",
            site.db.name
        );
    }
}

#[tokio::test]
async fn a_link_that_is_too_old_says_what_to_do() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Pending).await;
        let link = site.mail_link(1).await;
        site.clock.advance(14 * 24 * 60 * MINUTE);
        let page = site.post(&link, "").await.expect(404);
        assert!(page.one("h1").contains("no longer good"), "{}", site.db.name);
        assert_eq!(page.attributes("main a", "href"), ["/morning"]);
        assert_eq!(state(&site, 1).await, SubscriberState::Pending);
    }
}

#[tokio::test]
async fn a_link_that_belongs_to_nobody_says_so() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Pending).await;
        for wrong in [
            token(2),
            token(1)[..31].to_owned(),
            format!("{}0", token(1)),
            "%27or%271%27=%271".to_owned(),
        ] {
            for act in ["confirm", "leave"] {
                let link = format!("/{act}/{wrong}");
                let page = site.get(&link).await.expect(404);
                assert!(page.one("h1").contains("no reader"), "{link}");
                assert_eq!(page.attributes("main a", "href"), ["/"]);
                site.post(&link, "").await.expect(404);
            }
        }
        assert_eq!(state(&site, 1).await, SubscriberState::Pending);
    }
}
