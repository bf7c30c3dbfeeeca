//! Pages speak the language of their brief, and errors the visitor's where no brief is known.

use axum::{body::Body, http::Request};
use reveille_model::{Access, Brief, EditionState, NoticeKind, NoticeState, SubscriberState};

use crate::site::{Answer, form, morning, sites, token};

/// Nothing was left to be put in, in what people read.
fn is_whole(page: &Answer, language: &str) {
    assert_eq!(page.attributes("html", "lang"), [language], "{}", page.text);
    let data = page.texts("script").concat();
    let text = page.one("body").replace(&data, "");
    assert!(
        !text.contains(['{', '}']) && !text.contains("]("),
        "{language}: {text}"
    );
}

#[tokio::test]
async fn every_page_of_a_brief_speaks_its_language() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Pending).await;
        site.add_reader(2, SubscriberState::Active).await;
        site.add_edition("2026-03-09", EditionState::Sent).await;
        site.add_edition("2026-03-10", EditionState::Sent).await;
        site.add_notice("2026-03-10", NoticeState::NeedsCorrection, NoticeKind::Withdrawn)
            .await;
        let (confirm, leave) = (site.mail_link(1).await, format!("/leave/{}", token(2)));
        let settings = format!("/settings/{}", token(2));
        for (language, asked, question, day) in [
            (
                "de",
                "Sehen Sie in Ihre Mails",
                "Nicht mehr zusenden",
                "Dienstag, 10. März 2026",
            ),
            (
                "fr",
                "Consultez votre messagerie",
                "Ne plus l’envoyer",
                "mardi 10 mars 2026",
            ),
            (
                "es",
                "Mire su correo",
                "Dejar de enviarlo",
                "martes, 10 de marzo de 2026",
            ),
            (
                "en",
                "Check your mail",
                "Stop sending it",
                "Tuesday, 10 March 2026",
            ),
        ] {
            site.change_brief(Brief {
                language: language.parse().unwrap(),
                ..morning()
            })
            .await;
            let page = site
                .post("/morning", &form(&format!("{language}@example.org"), "DE", ""))
                .await
                .expect(200);
            is_whole(&page, language);
            assert_eq!(page.one("h1"), asked, "{}", page.of);
            let page = site.get(&leave).await.expect(200);
            is_whole(&page, language);
            assert_eq!(page.one("form button"), question);
            let page = site.get("/morning").await.expect(200);
            assert_eq!(page.texts(".list time")[0], day);
            for path in [
                "/morning",
                &confirm,
                &settings,
                "/morning/archive",
                "/morning/archive?q=headline",
                "/morning/archive?q=nothing",
                "/morning/2026-03-10",
                "/morning/2026-03-10/1",
            ] {
                is_whole(&site.get(path).await.expect(200), language);
            }
            for path in ["/morning/2026-03-11", "/morning/2026-03-10/9"] {
                is_whole(&site.get(path).await.expect(404), language);
            }
            is_whole(&site.post("/morning", "").await.expect(422), language);
            is_whole(
                &site.post(&settings, "act=pause&until=").await.expect(422),
                language,
            );
            is_whole(
                &site
                    .post(&settings, "act=pause&until=2026-03-20")
                    .await
                    .expect(200),
                language,
            );
        }
    }
}

#[tokio::test]
async fn where_no_brief_is_known_the_visitors_language_counts() {
    for site in sites().await {
        for (path, status) in [("/", 200), ("/evening", 404), ("/settings/0", 404)] {
            let request = Request::get(path).header("accept-language", "fr-CA, en;q=0.5");
            let page = site
                .send(request.body(Body::empty()).unwrap())
                .await
                .expect(status);
            is_whole(&page, "fr");
        }
    }
}

#[tokio::test]
async fn a_brief_for_named_readers_is_to_others_as_if_it_were_not_there() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        site.add_edition("2026-03-10", EditionState::Sent).await;
        site.change_brief(Brief {
            access: Access::Named,
            ..morning()
        })
        .await;
        let none = site.get("/evening").await.expect(404);
        for path in [
            "/morning",
            "/morning/archive",
            "/morning/latest",
            "/morning/2026-03-10",
            "/morning/2026-03-10/1",
            "/morning/atom.xml",
            "/morning/feed.json",
        ] {
            let page = site.get(path).await.expect(404);
            assert_eq!(
                (page.text, page.headers),
                (none.text.clone(), none.headers.clone()),
                "{path}"
            );
        }
        site.post("/morning", &form("ann@example.org", "DE", ""))
            .await
            .expect(404);
        site.get("/api/briefs/morning").await.expect(404);
        for list in ["/", "/sitemap.xml"] {
            assert!(
                !site.get(list).await.expect(200).text.contains("morning"),
                "{}: {list}",
                site.db.name
            );
        }
        let page = site.get(&format!("/settings/{}", token(1))).await.expect(200);
        assert!(
            page.one("#now").contains("every morning"),
            "its readers keep their pages"
        );
        site.post(&format!("/leave/{}", token(1)), "").await.expect(200);
    }
}
