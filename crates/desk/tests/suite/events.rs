//! The sections of events, on the desk.

use reveille_model::{EventSection, EventState, StoryId};
use reveille_store::event_sections::{self, StoredSection};
use reveille_testkit::rows::insert_lone_story;

use crate::site::{MINUTE, MORNING, Site, sites};

async fn only(site: &Site) -> StoredSection {
    let day = MORNING.day(&reveille_model::Zone::UTC);
    let mut listed = event_sections::list(&site.db.store, site.brief, day)
        .await
        .unwrap();
    assert_eq!(listed.len(), 1, "{}", site.db.name);
    listed.remove(0)
}

async fn section(site: &Site) -> EventSection {
    only(site).await.section
}

/// A story of an hour ago.
async fn lone_story(site: &Site) -> StoryId {
    let mut tx = site.db.store.begin().await.unwrap();
    let (story, _) = insert_lone_story(&mut tx, MORNING.plus(-60 * MINUTE))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    story
}

#[tokio::test]
async fn an_editor_opens_names_closes_and_reopens_a_section() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let story = lone_story(&site).await;
        let page = site.get_with(&cookie, "/desk/events").await.expect(200);
        assert_eq!(page.texts("main h2"), ["Open one"]);
        assert_eq!(page.one(".list .headline"), "A");

        let form = format!("brief=morning&story={story}");
        let answer = site.post_with(&cookie, "/desk/events", &form).await.expect(303);
        let stored = only(&site).await;
        let id = stored.id;
        assert_eq!(
            answer.header("location"),
            format!("/desk/events?brief=morning#section-{id}")
        );
        assert_eq!(stored.section.reasons, ["opened 2026-03-10 by Ann"]);
        site.post_with(&cookie, "/desk/events", &form).await.expect(303);
        assert_eq!(only(&site).await, stored, "once is enough");

        let page = site
            .get_with(&cookie, "/desk/events?brief=morning")
            .await
            .expect(200);
        assert_eq!(page.texts("main h2"), ["A", "Open one"]);
        assert_eq!(page.one("main .state"), "open since 10 March, last news 10 March");
        let path = format!("/desk/events/{id}");
        let save = "act=save&changes=0&name=+Alderport+%3Cfire%3E+&keywords=quay+inquiry,,+Alderport";
        site.post_with(&cookie, &path, save).await.expect(303);
        let named = section(&site).await;
        assert_eq!(named.name, "Alderport <fire>");
        assert_eq!(named.keywords, ["quay inquiry", "Alderport"]);
        let late = site
            .post_with(&cookie, &path, "act=close&changes=0")
            .await
            .expect(409);
        assert!(late.text.contains("changed meanwhile"), "{}", late.text);

        site.post_with(&cookie, &path, "act=close&changes=1")
            .await
            .expect(303);
        assert_eq!(section(&site).await.state, EventState::Closed);
        let page = site.get_with(&cookie, "/desk/events").await.expect(200);
        assert_eq!(page.texts("main h2"), ["Alderport <fire>", "Open one"]);
        assert!(page.has("button[value=open]") && !page.has("button[value=close]"));
        site.post_with(&cookie, &path, "act=open&changes=2")
            .await
            .expect(303);
        let open = section(&site).await;
        assert_eq!(
            (open.state, open.reasons.len()),
            (EventState::Open, 4),
            "{:?}",
            open.reasons
        );
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_says_so() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let mut tx = site.db.store.begin().await.unwrap();
        let (story, _) = insert_lone_story(&mut tx, MORNING).await.unwrap();
        tx.commit().await.unwrap();
        for form in ["brief=morning&story=4711", "brief=evening&story=1"] {
            site.post_with(&cookie, "/desk/events", form).await.expect(404);
        }
        let open = format!("brief=morning&story={story}");
        site.post_with(&cookie, "/desk/events", &open).await.expect(303);
        let id = only(&site).await.id;
        let long = "a".repeat(81);
        for name in ["", "+", &long] {
            let save = format!("act=save&changes=0&name={name}&keywords=quay");
            let page = site
                .post_with(&cookie, &format!("/desk/events/{id}"), &save)
                .await;
            let page = page.expect(422);
            assert!(
                page.one(".faults").contains("a heading of 80 characters"),
                "{}",
                page.text
            );
            assert_eq!(
                page.attributes("[name=keywords]", "value"),
                ["quay"],
                "what was typed stays"
            );
        }
        for path in ["/desk/events/4711", "/desk/events/x"] {
            site.post_with(&cookie, path, "act=close&changes=0")
                .await
                .expect(404);
        }
        site.get_with(&cookie, "/desk/events?brief=evening")
            .await
            .expect(404);
        assert_eq!(section(&site).await.name, "A");
    }
}

#[tokio::test]
async fn what_is_typed_for_a_section_is_lost_by_no_other_act_nor_by_another_editor() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let story = lone_story(&site).await;
        let open = format!("brief=morning&story={story}");
        site.post_with(&cookie, "/desk/events", &open).await.expect(303);
        let id = only(&site).await.id;
        let page = site.get_with(&cookie, "/desk/events").await.expect(200);
        assert!(!page.has("main input:not([type=hidden])"), "{}", page.text);
        assert!(page.has("button[value=remove]"), "{}", page.text);
        let change = page.attributes("main a[href*='change=']", "href")[0].clone();
        let form = site.get_with(&cookie, &change).await.expect(200);
        assert_eq!(form.texts("main button"), ["Save"], "{}", form.text);
        assert!(form.has("[name=name][autofocus]"), "{}", form.text);

        let path = format!("/desk/events/{id}");
        let save = |name: &str| format!("act=save&changes=0&name={name}&keywords=quay");
        site.post_with(&cookie, &path, &save("First")).await.expect(303);
        let late = site.post_with(&cookie, &path, &save("Second")).await.expect(409);
        assert!(late.one(".faults").contains("changed meanwhile"), "{}", late.text);
        assert_eq!(late.attributes("[name=name]", "value"), ["Second"]);
        assert_eq!(late.attributes("[name=changes]", "value"), ["1"]);
        assert_eq!(section(&site).await.name, "First");
    }
}

#[tokio::test]
async fn an_editor_removes_a_story_and_adds_it_again() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let story = lone_story(&site).await;
        let open = format!("brief=morning&story={story}");
        site.post_with(&cookie, "/desk/events", &open).await.expect(303);
        let path = format!("/desk/events/{}", only(&site).await.id);
        let page = site.get_with(&cookie, "/desk/events").await.expect(200);
        assert_eq!(
            page.attributes("button[value=remove]", "aria-label"),
            ["Remove: A"]
        );
        assert!(!page.has("button[value=add]"), "it is there");

        let remove = format!("act=remove&changes=0&story={story}");
        site.post_with(&cookie, &path, &remove).await.expect(303);
        let left = section(&site).await;
        assert_eq!((left.stories, left.removed), ([].into(), [story].into()));
        let page = site.get_with(&cookie, "/desk/events").await.expect(200);
        assert!(page.has("button[value=add]") && !page.has("button[value=remove]"));

        let add = format!("act=add&changes=1&story={story}");
        site.post_with(&cookie, &path, &add).await.expect(303);
        let again = section(&site).await;
        assert_eq!((again.stories, again.removed), ([story].into(), [].into()));
        for form in ["act=add&changes=2&story=4711", "act=remove&changes=2"] {
            site.post_with(&cookie, &path, form).await.expect(404);
        }
    }
}
