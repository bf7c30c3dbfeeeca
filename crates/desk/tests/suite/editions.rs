//! Editions on the web.

use axum::{body::Body, http::Request};
use reveille_model::{EditionState, NoticeKind, NoticeState};

use crate::site::{Answer, REASONS, sites};

#[tokio::test]
async fn an_edition_is_read_by_its_numbers() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Approved).await;
        let page = site.get("/morning/2026-03-10").await.expect(200);
        assert_eq!(page.one("title"), "Morning <Brief>, Tuesday, 10 March 2026");
        assert_eq!(page.texts(".entry .number"), ["1", "2"], "{}", page.of);
        assert_eq!(page.attributes(".entry", "id"), ["entry-1", "entry-2"]);
        assert_eq!(
            page.texts(".entry .headline"),
            ["Headline 1 of 2026-03-10", "Headline 2 of 2026-03-10"]
        );
        assert_eq!(
            page.texts(".entry .summary")[0],
            "(The Herald · Northern Wire) One <sentence>."
        );
        assert_eq!(
            page.attributes("link[rel=canonical]", "href"),
            ["https://brief.example/morning/2026-03-10"]
        );
        let entry = site.get("/morning/2026-03-10/1").await.expect(200);
        for page in [page, entry] {
            let told = REASONS.iter().find(|reason| page.text.contains(**reason));
            assert_eq!(told, None, "why it ranks there is for editors: {}", page.text);
        }
    }
}

#[tokio::test]
async fn a_draft_is_not_public_before_it_is_approved() {
    for site in sites().await {
        for state in [EditionState::Draft, EditionState::Checked] {
            let day = if state == EditionState::Draft {
                "2026-03-10"
            } else {
                "2026-03-11"
            };
            site.add_edition(day, state).await;
            let page = site.get(&format!("/morning/{day}")).await.expect(404);
            assert!(!page.text.contains("Headline"), "{state}");
        }
        site.get("/morning/latest").await.expect(404);
        assert!(!site.get("/morning").await.has("#editions"));

        for state in [
            EditionState::Approved,
            EditionState::Sent,
            EditionState::Corrected,
        ] {
            site.set_state("2026-03-10".parse().unwrap(), state).await;
            site.get("/morning/2026-03-10").await.expect(200);
        }
        let brief = site.get("/morning").await;
        assert_eq!(brief.attributes("main .list a", "href"), ["/morning/2026-03-10"]);
        assert_eq!(brief.texts("main .list p"), ["Headline 1 of 2026-03-10"]);
    }
}

#[tokio::test]
async fn editions_lead_to_the_ones_before_and_after_and_past_drafts() {
    for site in sites().await {
        for (day, state) in [
            ("2026-03-06", EditionState::Sent),
            ("2026-03-09", EditionState::Sent),
            ("2026-03-10", EditionState::Approved),
            ("2026-03-11", EditionState::Draft),
        ] {
            site.add_edition(day, state).await;
        }
        let middle = site.get("/morning/2026-03-09").await.expect(200);
        assert_eq!(middle.attributes("[rel=prev]", "href"), ["/morning/2026-03-06"]);
        assert_eq!(middle.attributes("[rel=next]", "href"), ["/morning/2026-03-10"]);
        assert_eq!(middle.one("[rel=prev] time"), "6 March");
        let last = site.get("/morning/2026-03-10").await.expect(200);
        assert!(!last.has("[rel=next]"), "{}: the next is a draft", last.of);
        let latest = site.get("/morning/latest").await.expect(307);
        assert_eq!(latest.header("location"), "/morning/2026-03-10");
    }
}

#[tokio::test]
async fn a_head_request_gets_the_headers_without_the_page() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Approved).await;
        for path in ["/", "/morning", "/morning/2026-03-10", "/nowhere"] {
            let page = site.get(path).await;
            let head = site
                .send(Request::head(path).body(Body::empty()).unwrap())
                .await
                .expect(page.status.as_u16());
            assert_eq!(head.text, "", "{path}");
            for name in ["content-type", "cache-control", "content-security-policy"] {
                assert_eq!(head.header(name), page.header(name), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn what_changed_after_an_edition_went_out_is_said_above_it() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Sent).await;
        assert!(!site.get("/morning/2026-03-10").await.has(".notices"));
        let print = site.get("/morning/2026-03-10/edition.pdf").await.expect(200);
        for (state, kind) in [
            (NoticeState::NeedsCorrection, NoticeKind::Withdrawn),
            (NoticeState::Shown, NoticeKind::Missing),
        ] {
            site.add_notice("2026-03-10", state, kind).await;
        }
        let page = site.get("/morning/2026-03-10").await;
        assert_eq!(
            page.texts(".notices p"),
            ["Entry 2 was withdrawn after this edition went out."],
            "what is only shown to editors is not here"
        );
        assert!(page.has(".notices a[href='#entry-2']"));
        let book = site.get("/morning/2026-03-10/edition.epub").await.expect(200);
        let told = "<a href=\"#entry-2\">Entry 2</a> was withdrawn after this edition went out.";
        assert!(book.text.contains(told), "{}", book.of);
        let paragraphs = |file: &Answer| file.text.matches("/S/P/").count();
        let now = site.get("/morning/2026-03-10/edition.pdf").await.expect(200);
        assert_eq!(paragraphs(&now), paragraphs(&print) + 1, "{}", now.of);
    }
}

#[tokio::test]
async fn the_address_of_an_entry_that_was_taken_out_says_what_became_of_it() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Sent).await;
        site.add_notice("2026-03-10", NoticeState::NeedsCorrection, NoticeKind::Withdrawn)
            .await;
        site.take_out("2026-03-10", &[2]).await;
        let page = site.get("/morning/2026-03-10/2").await.expect(410);
        assert!(
            page.text
                .contains("Entry 2 was withdrawn after this edition went out."),
            "{}",
            page.text
        );
        site.get("/morning/2026-03-10/99").await.expect(404);
    }
}

#[tokio::test]
async fn an_edition_is_printed_and_bound_as_a_book() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Approved).await;
        let page = site.get("/morning/2026-03-10").await.expect(200);
        let links = page.attributes("a[type='application/pdf']", "href");
        assert_eq!(links, ["/morning/2026-03-10/edition.pdf"]);
        let file = site.get(&links[0]).await.expect(200);
        assert_eq!(file.headers["content-type"], "application/pdf");
        assert!(file.text.starts_with("%PDF-1.7"), "{}", file.of);
        site.get("/morning/2026-03-11/edition.pdf").await.expect(404);
        let links = page.attributes("a[type='application/epub+zip']", "href");
        assert_eq!(links, ["/morning/2026-03-10/edition.epub"]);
        let file = site.get(&links[0]).await.expect(200);
        assert_eq!(file.headers["content-type"], "application/epub+zip");
        assert!(
            file.text.contains("mimetypeapplication/epub+zipPK"),
            "{}",
            file.of
        );
        assert!(
            file.text
                .contains(">https://brief.example/morning/2026-03-10</dc:identifier>")
        );
        site.get("/morning/2026-03-11/edition.epub").await.expect(404);
    }
}

#[tokio::test]
async fn an_edition_says_to_search_engines_what_it_is() {
    for site in sites().await {
        site.add_edition("2026-03-10", EditionState::Approved).await;
        let page = site.get("/morning/2026-03-10").await.expect(200);
        let data: serde_json::Value =
            serde_json::from_str(&page.one("script[type='application/ld+json']")).unwrap();
        assert_eq!(data["headline"], "Morning <Brief>, Tuesday, 10 March 2026");
        assert_eq!(data["@id"], "https://brief.example/morning/2026-03-10");
        assert_eq!(data["mainEntity"]["numberOfItems"], 2);
    }
}
