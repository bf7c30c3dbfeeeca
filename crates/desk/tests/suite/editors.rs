//! The desk: who may enter it, and who may not.

use axum::{body::Body, http::Request};
use reveille_store::sessions;

use crate::site::{Answer, MINUTE, MORNING, Site, posted, sites, token};

const HOUR: i64 = 60 * MINUTE;
const LINK: u64 = 7;

impl Site {
    /// The path of a link that signs Ann in.
    async fn desk_link(&self, number: u64) -> String {
        let mut tx = self.db.store.begin().await.unwrap();
        sessions::insert_link(&mut tx, "Ann", &token(number), self.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        format!("/desk/sign-in/{}", token(number))
    }

    /// Signs Ann in; the cookie that her browser sends from then on.
    pub(crate) async fn sign_in(&self) -> String {
        let link = self.desk_link(LINK).await;
        let answer = self.post(&link, "").await.expect(303);
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    pub(crate) async fn get_with(&self, cookie: &str, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post_with(&self, cookie: &str, path: &str, form: &str) -> Answer {
        let mut request = posted(path, form);
        request.headers_mut().insert("cookie", cookie.parse().unwrap());
        self.send(request).await
    }
}

#[tokio::test]
async fn who_is_not_signed_in_learns_how_to_and_sees_nothing_else() {
    for site in sites().await {
        let forged = format!("__Host-reveille={}", token(LINK));
        let real = site.sign_in().await.replace("__Host-", "");
        for cookie in ["", "__Host-reveille=", &forged, &real] {
            for path in ["/desk", "/desk/sources", "/desk/sources/1", "/desk/none/such"] {
                let answer = site.get_with(cookie, path).await.expect(303);
                assert_eq!(answer.header("location"), "/desk/sign-in", "{cookie}: {path}");
                assert!(answer.text.is_empty(), "{}", answer.text);
            }
            for path in ["/desk/sources/1", "/desk/sign-out", "/desk/none"] {
                let answer = site.post_with(cookie, path, "act=pause").await.expect(303);
                assert_eq!(answer.header("location"), "/desk/sign-in", "{cookie}: {path}");
            }
        }
        let answer = site.get("/desk/").await.expect(308);
        assert_eq!(answer.header("location"), "/desk");
        let page = site.get("/desk/sign-in").await.expect(200);
        assert_eq!(page.one("main pre"), "reveille desk link");
        assert!(!page.has("form"));
    }
}

#[tokio::test]
async fn a_link_signs_in_once_and_by_its_button_alone() {
    for site in sites().await {
        let link = site.desk_link(LINK).await;
        for _ in 0..2 {
            let page = site.get(&link).await.expect(200);
            assert_eq!(page.one("main strong"), "Ann", "{}", page.of);
            assert!(page.text.contains("will be signed in"), "{}", page.text);
            assert_eq!(page.header("set-cookie"), "", "a visit signs nobody in");
        }
        let answer = site.post(&link, "").await.expect(303);
        assert_eq!(answer.header("location"), "/desk");
        let cookie = answer.header("set-cookie").to_owned();
        let (pair, attributes) = cookie.split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict; Secure");
        let held = pair.strip_prefix("__Host-reveille=").unwrap();
        assert!(held.len() == 32 && !link.contains(held), "{cookie}");

        let pair = format!("a=b; {pair}");
        let opens = site.get_with(&pair, "/desk").await.expect(303);
        let page = site.get_with(&pair, opens.header("location")).await.expect(200);
        assert_eq!(page.one(".rooms form span"), "Ann", "{}", page.of);
        let doors = page.texts(".doors a");
        assert_eq!(doors, ["Editions", "Events", "Sources", "Briefs"], "{}", page.of);
        assert_eq!(page.one(".rooms [aria-current=page]"), doors[0], "{}", page.of);
        assert_eq!(page.header("cache-control"), "no-store");
        for used in [
            &link,
            "/desk/sign-in/none",
            &format!("/desk/sign-in/{}", token(1)),
        ] {
            for page in [site.get(used).await, site.post(used, "").await] {
                let page = page.expect(404);
                assert_eq!(page.one("h1"), "This link is no longer good.", "{used}");
                assert_eq!(page.attributes("main a", "href"), ["/desk/sign-in"]);
            }
        }
    }
}

#[tokio::test]
async fn a_link_is_good_for_ten_minutes() {
    for site in sites().await {
        let link = site.desk_link(LINK).await;
        site.clock.advance(10 * MINUTE - 1);
        site.get(&link).await.expect(200);
        site.clock.advance(1);
        site.get(&link).await.expect(404);
        site.post(&link, "").await.expect(404);
    }
}

#[tokio::test]
async fn a_session_ends_twelve_hours_after_its_last_use_and_after_a_week_of_it() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        for _ in 0..6 {
            site.clock.advance(12 * HOUR - 1);
            site.get_with(&cookie, "/desk/sources").await.expect(200);
        }
        site.clock.advance(12 * HOUR);
        site.get_with(&cookie, "/desk/sources").await.expect(303);

        site.clock.set(MORNING);
        let cookie = site.sign_in().await;
        for _ in 0..27 {
            site.clock.advance(6 * HOUR);
            site.get_with(&cookie, "/desk/sources").await.expect(200);
        }
        site.clock.advance(6 * HOUR);
        site.get_with(&cookie, "/desk/sources").await.expect(303);
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_and_no_other() {
    for site in sites().await {
        let (ann, other) = (site.sign_in().await, site.sign_in().await);
        let answer = site.post_with(&ann, "/desk/sign-out", "").await.expect(303);
        assert_eq!(answer.header("location"), "/desk/sign-in");
        assert!(answer.header("set-cookie").starts_with("__Host-reveille=; "));
        assert!(answer.header("set-cookie").ends_with("; Max-Age=0"));
        site.get_with(&ann, "/desk/sources").await.expect(303);
        site.get_with(&other, "/desk/sources").await.expect(200);
    }
}

#[tokio::test]
async fn no_other_site_gives_orders() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let link = site.desk_link(8).await;
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("origin", "https://sub.brief.example"),
            // It may hold the sign-up form, and nothing else.
            ("origin", "https://www.example.org"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            for path in ["/desk/sign-out", &link] {
                let mut request = posted(path, "");
                request.headers_mut().insert("cookie", cookie.parse().unwrap());
                request.headers_mut().insert(name, value.parse().unwrap());
                let page = site.send(request).await.expect(403);
                assert!(page.text.contains("Nothing was changed"), "{value}: {path}");
            }
        }
        site.get_with(&cookie, "/desk/sources").await.expect(200);
        site.post(&link, "").await.expect(303);
    }
}
