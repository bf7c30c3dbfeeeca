//! Links of mails that lead past a counter.

use axum::{body::Body, http::Request};
use reveille_model::{Access, Brief, EditionState};
use reveille_store::{Store, clicks, editions};

use crate::site::{Answer, Site, imprint, morning, sites};

const DAY: &str = "2026-03-10";
const GO: &str = "/morning/2026-03-10/2/go";
const TARGET: &str = "https://herald.example/a";

async fn with_edition(site: &Site, plan: Brief) {
    site.change_brief(plan).await;
    site.add_edition(DAY, EditionState::Approved).await;
}

fn counting() -> Brief {
    Brief {
        clicks: true,
        ..morning()
    }
}

/// What is kept by now, by entry.
async fn kept(site: &Site) -> Vec<(usize, u64)> {
    site.clicks.keep(&site.db.store).await.unwrap();
    let day = DAY.parse().unwrap();
    let edition = editions::find_by_day(&site.db.store, site.brief, day)
        .await
        .unwrap()
        .unwrap();
    let counted = clicks::of_edition(&site.db.store, edition.id).await.unwrap();
    counted.into_iter().collect()
}

async fn asked(site: &Site, method: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(GO);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    site.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_link_leads_to_the_entrys_page_and_is_counted_once() {
    for site in sites().await {
        with_edition(&site, counting()).await;
        for _ in 0..3 {
            let answer = site.get(GO).await.expect(302);
            assert_eq!(answer.header("location"), TARGET, "{}", answer.of);
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("x-robots-tag"), "noindex, nofollow");
            assert_eq!(answer.header("set-cookie"), "");
        }
        // Who only looks ahead is led, and not counted.
        for (method, headers) in [
            ("HEAD", &[][..]),
            ("GET", &[("sec-purpose", "prefetch;prerender")]),
            ("GET", &[("purpose", "prefetch")]),
        ] {
            let answer = asked(&site, method, headers).await.expect(302);
            assert_eq!(answer.header("location"), TARGET, "{method}");
        }
        assert_eq!(kept(&site).await, [(2, 3)], "{}", site.db.name);
        assert_eq!(kept(&site).await, [(2, 3)], "{}: once", site.db.name);
    }
}

#[tokio::test]
async fn it_leads_on_where_the_counter_is_down_and_counts_later() {
    for site in sites().await {
        with_edition(&site, counting()).await;
        let lost = Store::open(&site.db.url).await.unwrap();
        lost.close().await;
        site.get(GO).await.expect(302);
        assert!(site.clicks.keep(&lost).await.is_err(), "{}", site.db.name);
        let answer = site.get(GO).await.expect(302);
        assert_eq!(answer.header("location"), TARGET);
        assert_eq!(kept(&site).await, [(2, 2)], "{}", site.db.name);
    }
}

#[tokio::test]
async fn it_leads_to_pages_of_released_editions_and_nowhere_else() {
    for site in sites().await {
        with_edition(&site, counting()).await;
        site.add_edition("2026-03-11", EditionState::Checked).await;
        for path in [
            "/morning/2026-03-10/3/go",
            "/morning/2026-03-10/02/go",
            "/morning/2026-03-10/https:%2F%2Fevil.example/go",
            "/morning/2026-03-11/1/go",
            "/morning/2026-03-12/1/go",
            "/evening/2026-03-10/1/go",
        ] {
            let answer = site.get(path).await.expect(404);
            assert_eq!(answer.header("location"), "", "{path}");
        }
        let odd = site
            .get(&format!("{GO}?to=https://evil.example/"))
            .await
            .expect(302);
        assert_eq!(odd.header("location"), TARGET);

        // Links of mails work on when nothing is counted any more.
        site.change_brief(morning()).await;
        assert_eq!(site.get(GO).await.expect(302).header("location"), TARGET);
        assert_eq!(kept(&site).await, [(2, 1)], "{}", site.db.name);
        let (access, clicks) = (Access::Named, true);
        site.change_brief(Brief {
            access,
            clicks,
            ..morning()
        })
        .await;
        site.get(GO).await.expect(404);
    }
}

#[tokio::test]
async fn readers_are_told_where_it_is_counted_and_only_there() {
    for site in sites().await {
        let reader = site.add_reader(1, reveille_model::SubscriberState::Active).await;
        let pages = ["/morning".to_owned(), format!("/settings/{}", reader.token)];
        for path in &pages {
            assert!(!site.get(path).await.has("#clicks"), "{path}");
        }
        let form = |brief: &Brief| {
            reveille_desk::embeddable_form(brief, "https://brief.example", &imprint()).unwrap()
        };
        assert!(!form(&morning()).contains("counter") && form(&counting()).contains("never by whom"));
        site.change_brief(counting()).await;
        for path in &pages {
            let page = site.get(path).await;
            assert!(page.one("#clicks").contains("never by whom"), "{path}");
        }
    }
}

#[tokio::test]
async fn an_editor_has_clicks_counted_and_sees_them_by_entry() {
    for site in sites().await {
        with_edition(&site, morning()).await;
        let (cookie, plan) = (site.sign_in().await, "/desk/briefs/morning");
        let act = |page: &Answer| page.attributes("#clicks ~ .acts button", "value");
        let page = site.get_with(&cookie, plan).await.expect(200);
        assert_eq!(act(&page), ["count_clicks"], "{}", page.of);
        site.post_with(&cookie, plan, &site.marked("act=count_clicks").await)
            .await
            .expect(303);
        for _ in 0..4 {
            site.get(GO).await.expect(302);
        }
        site.get("/morning/2026-03-10/1/go").await.expect(302);
        assert_eq!(kept(&site).await, [(1, 1), (2, 4)], "{}", site.db.name);

        let page = site.get_with(&cookie, plan).await.expect(200);
        assert_eq!(act(&page), ["leave_clicks"]);
        let link = page.attributes("section[aria-labelledby=clicks] tbody a", "href");
        assert_eq!(link, ["/desk/briefs/morning/2026-03-10"]);
        let page = site.get_with(&cookie, &link[0]).await.expect(200);
        assert_eq!(page.one("#total"), "5 clicks in its mails", "{}", page.of);
        assert_eq!(page.texts("td.number"), ["Clicks 1", "Clicks 4"]);
        assert_eq!(page.attributes(".bar rect", "width"), ["25", "100"]);
        site.get_with(&cookie, "/desk/briefs/morning/2026-03-19")
            .await
            .expect(404);

        site.post_with(&cookie, plan, &site.marked("act=leave_clicks").await)
            .await
            .expect(303);
        site.get(GO).await.expect(302);
        assert_eq!(kept(&site).await, [(1, 1), (2, 4)], "{}", site.db.name);
        let access = Access::Named;
        site.change_brief(Brief { access, ..morning() }).await;
        let page = site.get_with(&cookie, plan).await.expect(200);
        assert!(act(&page).is_empty());
        site.post_with(&cookie, plan, &site.marked("act=count_clicks").await)
            .await
            .expect(303);
        site.change_brief(Brief {
            access: Access::Public,
            ..morning()
        })
        .await;
        let page = site.get_with(&cookie, plan).await.expect(200);
        assert_eq!(act(&page), ["count_clicks"], "{}", page.of);
    }
}
