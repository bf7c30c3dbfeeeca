//! What others find and link: the archive, single entries, feeds, and what is said to search engines and caches.

use axum::{body::Body, http::Request};
use reveille_model::{EditionState, Notice, NoticeKind, NoticeState, Numbering};
use reveille_store::{
    editions::{self, changes::Act},
    notices,
};

use crate::site::{MINUTE, MORNING, Site, sites};

async fn with_editions(site: &Site) {
    for (day, state) in [
        ("2026-02-27", EditionState::Corrected),
        ("2026-03-09", EditionState::Sent),
        ("2026-03-10", EditionState::Approved),
        ("2026-03-11", EditionState::Checked),
    ] {
        site.add_edition(day, state).await;
    }
}

#[tokio::test]
async fn the_archive_lists_editions_under_their_months() {
    for site in sites().await {
        let page = site.get("/morning/archive").await.expect(200);
        assert!(page.text.contains("No edition yet"), "{}", page.of);
        with_editions(&site).await;
        let page = site.get("/morning/archive").await.expect(200);
        assert_eq!(page.texts("h2"), ["March 2026", "February 2026"]);
        assert_eq!(
            page.attributes("main .list a", "href"),
            [
                "/morning/2026-03-10",
                "/morning/2026-03-09",
                "/morning/2026-02-27"
            ],
            "{}: no draft",
            page.of
        );
        let page = site.get("/morning/archive?before=2026-03-01").await.expect(200);
        assert_eq!(page.attributes("main .list a", "href"), ["/morning/2026-02-27"]);
        site.get("/evening/archive").await.expect(404);
    }
}

#[tokio::test]
async fn other_spellings_of_an_address_lead_to_the_page() {
    for site in sites().await {
        with_editions(&site).await;
        for (spelling, page) in [
            ("/morning/", "/morning"),
            ("/Morning/2026-03-10/?from=mail", "/morning/2026-03-10?from=mail"),
        ] {
            let led = site.get(spelling).await.expect(308);
            assert_eq!(led.header("location"), page, "{}", led.of);
            site.get(page).await.expect(200);
        }
        site.get("//elsewhere.example/").await.expect(404);
    }
}

#[tokio::test]
async fn the_archive_is_searched_by_words() {
    for site in sites().await {
        with_editions(&site).await;
        let page = site
            .get("/morning/archive?q=headline+2+NORTHERN")
            .await
            .expect(200);
        assert_eq!(page.one("#found"), "3 entries");
        assert_eq!(
            page.attributes("main .list a", "href"),
            [
                "/morning/2026-03-10/2",
                "/morning/2026-03-09/2",
                "/morning/2026-02-27/2"
            ],
            "{}: the latest first, and no draft",
            page.of
        );
        assert_eq!(page.attributes("#q", "value"), ["headline 2 NORTHERN"]);
        for nothing in ["%22%3Cscript%3E", "ferry", "headline+%2A+OR+ferry", "..."] {
            let page = site
                .get(&format!("/morning/archive?q={nothing}"))
                .await
                .expect(200);
            assert_eq!(
                page.one("#found"),
                "Nothing holds all of these words",
                "{nothing}"
            );
            assert!(!page.has("main script"));
        }
        let page = site.get("/morning/archive?q=+").await.expect(200);
        assert!(!page.has("#found"), "{}: no words are no question", page.of);
    }
}

#[tokio::test]
async fn an_entry_has_an_address_of_its_own() {
    for site in sites().await {
        with_editions(&site).await;
        let page = site.get("/morning/2026-03-10/2").await.expect(200);
        assert_eq!(page.one("title"), "Headline 2 of 2026-03-10, Morning <Brief>");
        assert_eq!(page.texts(".entry .number"), ["2"], "{}", page.of);
        assert_eq!(
            page.attributes("nav a", "href"),
            ["/morning/2026-03-10#entry-2", "/morning/2026-03-10/1"]
        );
        let said = |name: &str| page.attributes(&format!("meta[property='og:{name}']"), "content");
        assert_eq!(said("title"), ["Headline 2 of 2026-03-10"]);
        assert_eq!(
            said("description"),
            ["(The Herald · Northern Wire) One <sentence>."]
        );
        assert_eq!(said("url"), ["https://brief.example/morning/2026-03-10/2"]);
        for wrong in [
            "/morning/2026-03-10/3",
            "/morning/2026-03-10/02",
            "/morning/2026-03-11/1",
        ] {
            site.get(wrong).await.expect(404);
        }
    }
}

/// An edition of two sections: the first counts by itself, the second not at all.
async fn with_few_numbers(site: &Site) {
    site.add_edition("2026-03-10", EditionState::Sent).await;
    let day = "2026-03-10".parse().unwrap();
    let found = editions::find_by_day(&site.db.store, site.brief, day).await;
    let mut stored = found.unwrap().unwrap();
    let sections = &mut stored.edition.sections;
    sections[0].numbering = Numbering::Own;
    let mut today = sections[0].clone();
    (today.name, today.numbering) = ("Today".to_owned(), Numbering::None);
    today.entries.remove(0);
    sections[0].entries.truncate(1);
    today.entries[0].at = "14:30".parse().ok();
    let mut market = today.entries[0].clone();
    market.number = 3;
    market.headline = "The market opens".to_owned();
    today.entries.push(market);
    sections.push(today);
    let mut tx = site.db.store.begin().await.unwrap();
    let act = Act {
        by: "Ann",
        what: "filed it",
        at: MORNING,
    };
    editions::update(&mut tx, stored.id, &stored.edition, "[]", &act)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_entry_without_a_number_is_named_by_its_headline() {
    for site in sites().await {
        with_few_numbers(&site).await;
        let page = site.get("/morning/2026-03-10/2").await.expect(200);
        assert!(!page.has(".entry .number"), "{}", page.text);
        assert_eq!(page.texts("nav a[rel=prev]"), ["Entry 1"]);
        assert_eq!(page.texts("nav a[rel=next]"), ["The market opens"]);
        assert_eq!(page.one(".entry h3"), "14:30 Headline 2 of 2026-03-10");
        let feed = site.get("/morning/atom.xml").await.expect(200).text;
        assert!(feed.contains("1. "), "{feed}");
        assert!(feed.contains("14:30 Headline 2"), "{feed}");
        assert!(!feed.contains("2. "), "{feed}");
        let cookie = site.sign_in().await;
        let page = site.get_with(&cookie, "/desk/editions").await.expect(200);
        assert!(page.text.contains(">Headline 2 of"), "{}", page.text);
        let page = site.get_with(&cookie, "/desk/editions/1").await.expect(200);
        assert_eq!(page.texts(".order .number"), ["1", "", ""]);
    }
}

#[tokio::test]
async fn pages_say_what_they_are_to_those_who_link_them() {
    for site in sites().await {
        with_editions(&site).await;
        for (path, description) in [
            ("/morning", "What happened overnight."),
            (
                "/morning/2026-03-10",
                "Headline 1 of 2026-03-10 · Headline 2 of 2026-03-10",
            ),
        ] {
            let page = site.get(path).await.expect(200);
            let url = format!("https://brief.example{path}");
            assert_eq!(page.attributes("link[rel=canonical]", "href"), [url.as_str()]);
            assert_eq!(
                page.attributes("meta[property='og:url']", "content"),
                [url.as_str()]
            );
            assert_eq!(
                page.attributes("meta[name=description]", "content"),
                [description]
            );
            let feeds = page.attributes("link[rel=alternate]", "href");
            assert_eq!(feeds, ["/morning/atom.xml", "/morning/feed.json"]);
            for feed in feeds {
                site.get(&feed).await.expect(200);
            }
        }
    }
}

#[tokio::test]
async fn feeds_hold_what_the_public_may_see() {
    for site in sites().await {
        with_editions(&site).await;
        let atom = site.get("/morning/atom.xml").await.expect(200);
        assert_eq!(atom.header("content-type"), "application/atom+xml; charset=utf-8");
        assert_eq!(
            atom.texts("entry > id"),
            ["2026-03-10", "2026-03-09", "2026-02-27"]
                .map(|day| format!("https://brief.example/morning/{day}"))
        );
        assert!(
            atom.text.contains("<title>Morning &#60;Brief&#62;</title>"),
            "{}",
            atom.text
        );
        assert!(
            atom.text.contains("One &#38;#60;sentence&#38;#62;."),
            "escaped as HTML, and that as XML"
        );
        assert!(
            atom.text.contains("<updated>2026-03-10T04:00:00Z</updated>"),
            "{}",
            atom.text
        );
        let feed = site.get("/morning/feed.json").await.expect(200);
        assert_eq!(feed.header("content-type"), "application/feed+json");
        let json: serde_json::Value = serde_json::from_str(&feed.text).unwrap();
        assert_eq!(json["items"].as_array().map(Vec::len), Some(3), "{}", feed.of);
        assert_eq!(
            json["items"][0]["title"],
            "Morning <Brief>, Tuesday, 10 March 2026"
        );
        assert_eq!(json["feed_url"], "https://brief.example/morning/feed.json");
    }
}

/// An edition whose first entry has one of each remark, and what it had wrong told an hour after it went out.
async fn with_remarks(site: &Site) {
    site.add_edition("2026-03-10", EditionState::Sent).await;
    let day = "2026-03-10".parse().unwrap();
    let found = editions::find_by_day(&site.db.store, site.brief, day)
        .await
        .unwrap();
    let mut stored = found.unwrap();
    let before = stored.edition.entries().next().unwrap().clone();
    let mut after = before.clone();
    after.marks = vec!["Opinion".to_owned(), "Follows Monday, entry 3".to_owned()];
    after.also_in = vec!["Courier".to_owned()];
    after.corrections = vec!["It was the <pond>.".to_owned()];
    stored.edition.sections[0].entries[0] = after.clone();
    let notice = Notice {
        kind: NoticeKind::Changed,
        state: NoticeState::Corrected,
        before,
        after: Some(after),
        note: Some("It was the <pond>.".to_owned()),
        at: MORNING.plus(60 * MINUTE),
    };
    let mut tx = site.db.store.begin().await.unwrap();
    let act = Act {
        by: "an editor",
        what: "stated a correction",
        at: notice.at,
    };
    editions::update(&mut tx, stored.id, &stored.edition, "[]", &act)
        .await
        .unwrap();
    notices::insert(&mut tx, stored.id, notice.before.article(), &notice)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn feeds_and_search_say_of_an_entry_what_the_edition_says() {
    for site in sites().await {
        with_remarks(&site).await;
        let atom = site.get("/morning/atom.xml").await.expect(200);
        for time in [
            "<published>2026-03-10T04:00:00Z</published>",
            "<updated>2026-03-10T05:00:00Z</updated>\n<link rel=\"alternate\"",
            "<updated>2026-03-10T05:00:00Z</updated>\n<author>",
        ] {
            assert!(atom.text.contains(time), "{time}: {}", atom.text);
        }
        let feed = site.get("/morning/feed.json").await.expect(200);
        let json: serde_json::Value = serde_json::from_str(&feed.text).unwrap();
        let item = &json["items"][0];
        assert_eq!(item["date_modified"], "2026-03-10T05:00:00Z");
        let html = item["content_html"].as_str().unwrap();
        for said in [
            "(The Herald · Northern Wire) Opinion, Follows Monday, entry 3. One &#60;sentence&#62;.",
            "<br>Correction: It was the &#60;pond&#62;.",
            "<br>Also in Courier",
            "Entry 1 was corrected after this edition went out",
        ] {
            assert!(html.contains(said), "{said}: {html}");
        }
        assert!(!atom.text.contains("<pond>"), "escaped");
        let page = site.get("/morning/archive?q=headline+1").await.expect(200);
        let hit = page.one("main .list li");
        for said in [
            "(The Herald · Northern Wire) Opinion, Follows Monday, entry 3. One <sentence>.",
            "Correction: It was the <pond>.",
        ] {
            assert!(hit.contains(said), "{said}: {hit}");
        }
    }
}

#[tokio::test]
async fn search_engines_learn_what_to_read_and_what_to_leave() {
    for site in sites().await {
        with_editions(&site).await;
        let robots = site.get("/robots.txt").await.expect(200);
        assert!(robots.text.contains("\nDisallow: /settings/\n"));
        assert!(
            robots
                .text
                .contains("Sitemap: https://brief.example/sitemap.xml\n")
        );
        let map = site.get("/sitemap.xml").await.expect(200);
        assert_eq!(map.header("content-type"), "application/xml");
        let paths = [
            "/",
            "/morning",
            "/morning/archive",
            "/morning/2026-03-10",
            "/morning/2026-03-09",
            "/morning/2026-02-27",
        ];
        assert_eq!(
            map.texts("loc"),
            paths.map(|path| format!("https://brief.example{path}")),
            "{}",
            map.of
        );
    }
}

#[tokio::test]
async fn whoever_has_a_page_already_is_spared_it() {
    for site in sites().await {
        with_editions(&site).await;
        let ask = |path: &'static str, tag: String| {
            let request = Request::get(path).header("if-none-match", tag);
            site.send(request.body(Body::empty()).unwrap())
        };
        for path in [
            "/morning/2026-03-10",
            "/morning/2026-03-10/edition.pdf",
            "/morning/2026-03-10/edition.epub",
            "/morning/archive",
            "/morning/atom.xml",
            "/sitemap.xml",
        ] {
            let tag = site.get(path).await.expect(200).header("etag").to_owned();
            assert!(tag.len() > 10, "{path}: {tag}");
            let known = ask(path, format!("\"other\", W/{tag}")).await.expect(304);
            assert_eq!(
                (known.text.as_str(), known.header("etag")),
                ("", tag.as_str()),
                "{path}"
            );
            assert!(known.header("cache-control").starts_with("public"), "{path}");
            ask(path, "\"other\"".to_owned()).await.expect(200);
        }
        let private = site.get("/morning/latest").await;
        assert_eq!(private.header("etag"), "", "what is not kept has none");
        let tag = site.get("/morning/2026-03-10").await.header("etag").to_owned();
        site.add_notice(
            "2026-03-10",
            reveille_model::NoticeState::NeedsCorrection,
            reveille_model::NoticeKind::Changed,
        )
        .await;
        ask("/morning/2026-03-10", tag).await.expect(200);
    }
}

#[tokio::test]
async fn the_form_is_new_each_time_and_its_page_is_not() {
    for site in sites().await {
        let first = site.get("/morning").await.expect(200);
        site.clock.advance(crate::site::MINUTE);
        let second = site.get("/morning").await.expect(200);
        let stamp = |page: &crate::site::Answer| page.attributes("input[name=shown]", "value");
        assert_ne!(stamp(&first), stamp(&second), "{}", first.of);
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/"), "{tag}");
        assert_eq!(second.header("etag"), tag);
        let request = Request::get("/morning").header("if-none-match", &tag);
        site.send(request.body(Body::empty()).unwrap()).await.expect(304);
        with_editions(&site).await;
        assert_ne!(site.get("/morning").await.header("etag"), tag, "{}", first.of);
    }
}
