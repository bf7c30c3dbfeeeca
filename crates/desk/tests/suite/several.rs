//! Asking for several briefs by one form, and who asks.

use reveille_model::{
    Access, ConsentKind,
    SubscriberState::{self, Active, Pending},
};

use crate::site::{MINUTE, SENTENCE, Site, encoded, form, imprint, morning, sites};

async fn states(site: &Site, number: u64) -> Vec<Option<SubscriberState>> {
    let mut states = Vec::new();
    for slug in ["morning", "evening"] {
        let stored = reveille_store::briefs::find_by_slug(&site.db.store, &slug.parse().unwrap())
            .await
            .unwrap();
        let reader = site
            .reader_of(stored.unwrap().id, &format!("reader{number}@example.org"))
            .await;
        states.push(reader.map(|reader| reader.state));
    }
    states
}

/// The form for `morning` with the box of another brief ticked.
fn with(number: u64, slug: &str, sentence: &str) -> String {
    let form = form(&format!("reader{number}@example.org"), "DE", "");
    format!("{form}&{}", also(slug, sentence))
}

/// A ticked box beside which that stands.
fn also(slug: &str, sentence: &str) -> String {
    format!("also-{slug}={}", encoded(sentence))
}

#[tokio::test]
async fn several_briefs_are_asked_for_by_one_form_and_confirmed_by_one_mail() {
    for site in sites().await {
        site.add_brief("evening", Access::Public).await;
        site.add_brief("secret", Access::Named).await;
        let page = site.get("/morning").await.expect(200);
        assert_eq!(
            page.attributes("[name^='also-']", "name"),
            ["also-evening"],
            "{}",
            page.of
        );
        assert_eq!(page.attributes("[name^='also-']", "value"), [SENTENCE]);
        assert!(
            !page.has("[name^='also-'][checked]"),
            "nobody agrees by leaving a box alone"
        );

        site.post("/morning", &with(1, "evening", SENTENCE))
            .await
            .expect(200);
        assert_eq!(
            states(&site, 1).await,
            [Some(Pending), Some(Pending)],
            "{}",
            page.of
        );
        let reader = site.reader("reader1@example.org").await.unwrap();
        assert_eq!(site.take_mails().await, [reader.id.to_string()], "one mail");

        let link = site.mail_link(1).await;
        let page = site.get(&link).await.expect(200);
        assert_eq!(
            page.attributes("[name^='also-'][checked]", "name"),
            ["also-evening"]
        );
        let page = site.post(&link, &also("evening", SENTENCE)).await.expect(200);
        assert_eq!(
            page.texts("main p")
                .iter()
                .filter(|text| text.contains("06:00"))
                .count(),
            2
        );
        assert_eq!(
            states(&site, 1).await,
            [Some(Active), Some(Active)],
            "{}",
            page.of
        );
        let last = site.record("reader1@example.org").await.pop().unwrap();
        assert_eq!(
            (last.kind, last.sentence.as_str()),
            (ConsentKind::Confirmed, SENTENCE)
        );
        site.post(&link, &also("evening", SENTENCE)).await.expect(200);
        assert!(site.take_mails().await.is_empty());
    }
}

#[tokio::test]
async fn nobody_confirms_a_sentence_that_did_not_stand_beside_the_button() {
    for site in sites().await {
        site.add_brief("evening", Access::Public).await;
        site.post("/morning", &with(1, "evening", SENTENCE))
            .await
            .expect(200);
        let link = site.mail_link(1).await;
        let page = site.get(&link).await.expect(200);
        assert_eq!(page.attributes("[name=sentence]", "value"), [SENTENCE]);
        let ours = format!("sentence={}", encoded(SENTENCE));
        for stale in [
            "sentence=Send+me+anything.".to_owned(),
            format!("{ours}&{}", also("evening", "Send me anything.")),
        ] {
            let page = site.post(&link, &stale).await.expect(422);
            assert!(page.one("[role=alert]").contains("is a new one"), "{}", page.of);
            assert_eq!(states(&site, 1).await, [Some(Pending), Some(Pending)]);
        }
        let both = format!("{ours}&{}", also("evening", SENTENCE));
        site.post(&link, &both).await.expect(200);
        assert_eq!(states(&site, 1).await, [Some(Active), Some(Active)]);
    }
}

#[tokio::test]
async fn a_box_that_is_taken_back_at_the_link_confirms_nothing() {
    for site in sites().await {
        site.add_brief("evening", Access::Public).await;
        site.post("/morning", &with(1, "evening", SENTENCE))
            .await
            .expect(200);
        let link = site.mail_link(1).await;
        site.post(&link, &also("secret", SENTENCE)).await.expect(200);
        assert_eq!(states(&site, 1).await, [Some(Active), Some(Pending)]);
        let used = site.post(&link, &also("evening", SENTENCE)).await.expect(200);
        assert_eq!(
            states(&site, 1).await,
            [Some(Active), Some(Pending)],
            "{}",
            used.of
        );
    }
}

#[tokio::test]
async fn who_has_the_one_brief_is_asked_about_the_other() {
    for site in sites().await {
        let evening = site.add_brief("evening", Access::Public).await;
        site.add_reader(1, Active).await;
        site.post("/morning", &with(1, "evening", SENTENCE))
            .await
            .expect(200);
        let asked = site.reader_of(evening, "reader1@example.org").await.unwrap();
        assert_eq!(site.take_mails().await, [asked.id.to_string()]);
        assert_eq!(states(&site, 1).await, [Some(Active), Some(Pending)]);
    }
}

#[tokio::test]
async fn only_what_anybody_may_ask_for_is_entered_and_by_its_own_sentence() {
    for site in sites().await {
        site.add_brief("evening", Access::Public).await;
        site.add_brief("secret", Access::Named).await;
        for (slug, sentence) in [
            ("evening", "Yes, and everything else."),
            ("secret", SENTENCE),
            ("nothing", SENTENCE),
            ("%00", SENTENCE),
        ] {
            let page = site.post("/morning", &with(1, slug, sentence)).await.expect(422);
            assert!(page.one("#faults").contains("a new one"), "{slug}");
            let kept = page.attributes("[name^='also-'][checked]", "name");
            assert_eq!(kept.is_empty(), slug != "evening", "{slug}");
        }
        assert_eq!(states(&site, 1).await, [None, None]);
    }
}

#[tokio::test]
async fn who_asks_is_said_beside_the_sentence() {
    for site in sites().await {
        let page = site.get("/morning").await.expect(200);
        assert_eq!(
            page.one("#imprint"),
            "Example & Sons, 1 Quay, Alderport · Privacy"
        );
        assert_eq!(
            page.attributes("#imprint a", "href"),
            ["https://brief.example/privacy?a=1&b=2"]
        );
    }
    let form = reveille_desk::embeddable_form(&morning(), "https://brief.example", &imprint()).unwrap();
    assert!(form.contains("Example &#38; Sons, 1 Quay, Alderport"), "{form}");
}

#[tokio::test]
async fn what_somebody_else_asked_for_in_a_readers_name_is_not_confirmed_along() {
    for site in sites().await {
        site.add_brief("evening", Access::Public).await;
        let evening = form("reader1@example.org", "DE", "");
        site.post("/evening", &evening).await.expect(200);
        site.clock.advance(15 * MINUTE);
        site.sign_up("reader1@example.org", "DE").await.expect(200);
        let link = site.mail_link(1).await;
        let page = site.get(&link).await.expect(200);
        assert!(!page.has("[name^='also-']"), "{}", page.of);
        site.post(&link, &also("evening", SENTENCE)).await.expect(200);
        assert_eq!(states(&site, 1).await, [Some(Active), Some(Pending)]);
    }
}
