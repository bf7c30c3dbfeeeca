//! Home, the page of a brief, and what every page has.

use reveille_model::EditionState;

use crate::site::{SENTENCE, sites};

#[tokio::test]
async fn the_home_page_lists_the_briefs() {
    for site in sites().await {
        let home = site.get("/").await.expect(200);
        assert_eq!(home.texts(".list a"), ["Morning <Brief>"], "{}", home.of);
        assert_eq!(home.attributes(".list a", "href"), ["/morning"]);
        assert_eq!(home.one("main h1"), "Briefs");
    }
}

#[tokio::test]
async fn a_briefs_page_asks_for_an_address_and_a_country_and_shows_the_sentence() {
    for site in sites().await {
        let page = site.get("/morning").await.expect(200);
        assert_eq!(page.one("title"), "Morning <Brief>");
        assert_eq!(page.one("main h1"), "Morning <Brief>");
        assert_eq!(page.one(".consent"), SENTENCE);
        assert_eq!(page.attributes("input[name=sentence]", "value"), [SENTENCE]);
        assert_eq!(page.attributes("form", "action"), ["/morning"]);
        assert_eq!(page.attributes("form", "method"), ["post"]);
        // What people fill in has a label, and the browser knows what it is.
        assert_eq!(
            page.attributes(".field label", "for"),
            page.attributes(".field input, .field select", "id")
        );
        assert_eq!(
            page.attributes(".field input, .field select", "autocomplete"),
            ["email", "country"]
        );
        let countries = page.attributes("select[name=country] option", "value");
        assert!(countries.len() > 240, "{}", countries.len());
        assert!(countries.contains(&"DE".to_owned()) && !countries.contains(&"SU".to_owned()));
        assert!(!page.has("[aria-invalid]") && !page.has(".faults") && !page.has("option[selected]"));
    }
}

#[tokio::test]
async fn every_page_forbids_what_it_does_not_need() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Approved).await;
        for path in ["/", "/morning", "/morning/2026-03-10", "/nowhere", "/confirm/0"] {
            let page = site.get(path).await;
            let policy = page.header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'none';") && !policy.contains("unsafe"),
                "{path}: {policy}"
            );
            assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(page.attributes("html", "lang"), ["en"], "{path}");
            assert_eq!(page.texts("h1").len(), 1, "{path}");
            assert_eq!(page.texts("main").len(), 1, "{path}");
            assert!(
                !page.has("[style], [onclick], script:not([src]):not([type='application/ld+json']), style"),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn only_pages_that_are_the_same_for_everybody_are_kept() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Approved).await;
        for (path, how) in [
            ("/", "public, max-age=60"),
            ("/morning", "public, max-age=60"),
            ("/morning/2026-03-10", "public, max-age=300"),
            ("/morning/latest", "no-store"),
            ("/morning/2026-03-11", "no-store"),
            ("/confirm/00000000000000000000000000000000", "no-store"),
        ] {
            assert_eq!(site.get(path).await.header("cache-control"), how, "{path}");
        }
    }
}

#[tokio::test]
async fn what_a_page_links_is_there_and_may_be_kept_for_ever() {
    for site in sites().await {
        let page = site.get("/morning").await;
        let mut links = page.attributes("link[rel=stylesheet], link[rel=icon]", "href");
        links.extend(page.attributes("script", "src"));
        assert_eq!(links.len(), 3);
        for link in links {
            let asset = site.get(&link).await.expect(200);
            assert_eq!(
                asset.header("cache-control"),
                "public, max-age=31536000, immutable",
                "{link}"
            );
            assert!(!asset.header("content-type").contains("octet"), "{link}");
        }
        site.get("/assets/desk-00000000.css").await.expect(404);
        let icon = site.get("/favicon.ico").await.expect(200);
        assert_eq!(icon.header("content-type"), "image/x-icon");
        assert_eq!(icon.header("cache-control"), "public, max-age=86400");
    }
}

#[tokio::test]
async fn the_store_is_asked_how_it_is() {
    for site in sites().await {
        assert_eq!(site.get("/healthz").await.expect(200).text, "ok\n");
        site.db.store.close().await;
        site.get("/healthz").await.expect(503);
    }
}
