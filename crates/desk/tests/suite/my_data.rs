//! What a reader has a right to: a copy of everything that is kept about them, and the end of it.

use reveille_model::{LinkPurpose, SubscriberState};

use crate::site::{MINUTE, sites, token};

#[tokio::test]
async fn the_link_of_a_mail_does_not_suffice_and_a_fresh_one_is_mailed() {
    for site in sites().await {
        let reader = site.add_reader(1, SubscriberState::Active).await;
        let settings = format!("/settings/{}", token(1));
        assert_eq!(
            site.get(&settings).await.attributes("button[name=act]", "value"),
            ["download", "move", "erase"]
        );
        site.get(&format!("/my-data/{}", token(1))).await.expect(404);
        site.post(&format!("/my-data/{}", token(1)), "sure=yes")
            .await
            .expect(404);
        assert!(site.take_mails().await.is_empty(), "{}", site.db.name);
        for act in ["download", "erase"] {
            for _ in 0..2 {
                let page = site.post(&settings, &format!("act={act}")).await.expect(200);
                assert!(
                    page.one("[role=status]").starts_with("We mail a link"),
                    "{}",
                    page.of
                );
            }
            assert_eq!(site.take_mails().await, [format!("{}@{act}", reader.id)]);
        }
        site.data_link(1, LinkPurpose::Erase).await;
        for (minutes, mails) in [(9, 0), (2, 1)] {
            site.clock.advance(minutes * MINUTE);
            site.post(&settings, "act=erase").await.expect(200);
            assert_eq!(
                site.take_mails().await.len(),
                mails,
                "{}: ten minutes",
                site.db.name
            );
        }
        assert!(site.reader("reader1@example.org").await.is_some());
    }
}

#[tokio::test]
async fn who_was_passed_a_mail_cannot_flood_its_reader_with_links() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        let settings = format!("/settings/{}", token(1));
        let mut asked = Vec::new();
        for _ in 0..2 {
            for purpose in [LinkPurpose::Download, LinkPurpose::Erase, LinkPurpose::Move] {
                site.post(&settings, &format!("act={purpose}")).await.expect(200);
                asked.push(site.take_mails().await.len());
                site.data_link(1, purpose).await;
            }
            site.clock.advance(11 * MINUTE);
        }
        assert_eq!(asked, [1; 6], "{}: each is mailed twice", site.db.name);
        for (minutes, mails, told) in [(0, 0, "Enough mails with links"), (24 * 60, 1, "We mail a link")] {
            site.clock.advance(minutes * MINUTE);
            let page = site.post(&settings, "act=move").await.expect(200);
            assert!(page.one("[role=status]").starts_with(told), "{}", page.of);
            assert_eq!(site.take_mails().await.len(), mails, "{}", page.of);
        }
    }
}

#[tokio::test]
async fn a_reader_downloads_everything_once() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Left).await;
        let link = site.data_link(1, LinkPurpose::Download).await;
        for _ in 0..2 {
            let page = site.get(&link).await.expect(200);
            assert_eq!(page.one("form button"), "Download it");
            assert!(!page.text.contains("reader1@"), "{}: masked", page.of);
        }
        let file = site.post(&link, "").await.expect(200);
        assert_eq!(file.header("content-type"), "application/json");
        assert_eq!(
            file.header("content-disposition"),
            "attachment; filename=\"my-data.json\""
        );
        assert_eq!(file.header("cache-control"), "no-store");
        let json: serde_json::Value = serde_json::from_str(&file.text).unwrap();
        assert_eq!(json["email"], "reader1@example.org", "{}", file.of);
        assert_eq!(json["briefs"][0]["state"], "left");
        let line = &json["briefs"][0]["consents"][0];
        assert_eq!(line["sentence"], "Entered for a test");
        for at in [&line["at"], &json["briefs"][0]["created_at"]] {
            assert!(
                at.as_str().is_some_and(|at| at.ends_with('Z')),
                "instants are text: {json}"
            );
        }
        assert!(
            !file.text.contains(&token(1)),
            "the link of the mails is no datum"
        );
        site.get(&link).await.expect(404);
        site.post(&link, "").await.expect(404);
    }
}

#[tokio::test]
async fn a_reader_erases_everything_by_a_box_and_a_button() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        site.add_reader(2, SubscriberState::Active).await;
        let link = site.data_link(1, LinkPurpose::Erase).await;
        for _ in 0..2 {
            let page = site.get(&link).await.expect(200);
            assert!(
                page.has("#sure[required]") && !page.text.contains("reader1@"),
                "{}",
                page.of
            );
        }
        let page = site.post(&link, "").await.expect(422);
        assert!(page.one("[role=alert]").contains("Nothing was erased yet"));
        assert!(site.reader("reader1@example.org").await.is_some(), "{}", page.of);
        let page = site.post(&link, "sure=yes").await.expect(200);
        assert_eq!(page.one("h1"), "Everything is erased");
        assert_eq!(site.reader("reader1@example.org").await, None, "{}", page.of);
        let (settings, leave) = (format!("/settings/{}", token(1)), format!("/leave/{}", token(1)));
        for (path, form) in [(&link, "sure=yes"), (&settings, "act=resume"), (&leave, "")] {
            site.get(path).await.expect(404);
            site.post(path, form).await.expect(404);
        }
        assert!(
            site.reader("reader2@example.org").await.is_some(),
            "{}",
            site.db.name
        );
        site.sign_up("reader1@example.org", "DE").await.expect(200);
        let back = site.reader("reader1@example.org").await.unwrap();
        assert_eq!(
            back.state,
            SubscriberState::Pending,
            "{}: by their own act",
            site.db.name
        );
    }
}

#[tokio::test]
async fn a_link_to_data_confirms_nothing_and_is_good_for_a_day() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Pending).await;
        let link = site.data_link(1, LinkPurpose::Erase).await;
        let as_confirmation = link.replace("my-data", "confirm");
        site.get(&as_confirmation).await.expect(404);
        site.post(&as_confirmation, "").await.expect(404);
        site.clock.advance(24 * 60 * MINUTE);
        let page = site.post(&link, "sure=yes").await.expect(404);
        assert!(page.one("h1").contains("no longer good"), "{}", page.of);
        let reader = site.reader("reader1@example.org").await.unwrap();
        assert_eq!(reader.state, SubscriberState::Pending, "{}", site.db.name);
    }
}
