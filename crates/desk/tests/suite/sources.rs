//! How sources fare, on the desk.

use reveille_model::{Credential, Item, Outcome, Secret, SourceId, SourceState, Topics, UnixMillis};
use reveille_store::{
    hubs::{self, NewHub},
    items,
    sources::{self, FetchSuccess, Source},
};
use reveille_testkit::rows::new_source;

use crate::site::{MINUTE, MORNING, Site, sites};

const DAY: i64 = 24 * 60 * MINUTE;

async fn add(site: &Site, carrier: &str) -> SourceId {
    let new = new_source(&carrier.to_lowercase(), carrier);
    let mut tx = site.db.store.begin().await.unwrap();
    let id = sources::insert(&mut tx, &new, MORNING).await.unwrap().id();
    tx.commit().await.unwrap();
    id
}

async fn find(site: &Site, id: SourceId) -> Source {
    sources::find(&site.db.store, id).await.unwrap().unwrap()
}

async fn fail(site: &Site, id: SourceId, error: &str) {
    let polling = find(site, id).await.polling.learn(Outcome::FAILED, MORNING);
    let mut tx = site.db.store.begin().await.unwrap();
    sources::failed(&mut tx, id, error, &polling, MORNING.plus(2 * MINUTE), MORNING)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn read(site: &Site, id: SourceId, success: FetchSuccess, at: UnixMillis) {
    let polling = find(site, id).await.polling.learn(Outcome::found(3), at);
    let mut tx = site.db.store.begin().await.unwrap();
    sources::fetched(&mut tx, id, &success, &polling, at.plus(90 * MINUTE), at)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn list(site: &Site, id: SourceId, guids: &[&str], at: UnixMillis) {
    let item = |guid: &&str| Item {
        guid: (*guid).to_owned(),
        url: format!("https://herald.example/{guid}").parse().unwrap(),
        title: String::new(),
        summary: String::new(),
        published: None,
        updated: None,
        topics: Topics::default(),
    };
    let items: Vec<Item> = guids.iter().map(item).collect();
    let mut tx = site.db.store.begin().await.unwrap();
    items::insert_batch(&mut tx, id, &items, at).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn the_list_says_how_each_source_fares_those_that_fail_first() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let empty = site.get_with(&cookie, "/desk/sources").await.expect(200);
        assert!(!empty.has("table"), "{}", empty.text);

        let herald = add(&site, "Herald").await;
        let (post, _wire) = (add(&site, "Post").await, add(&site, "Wire").await);
        read(&site, herald, FetchSuccess::default(), MORNING.plus(-45 * MINUTE)).await;
        read(&site, herald, FetchSuccess::default(), MORNING.plus(30 * MINUTE)).await;
        fail(&site, post, "its <server> answered 500").await;
        site.clock.set(MORNING.plus(40 * MINUTE));
        let page = site.get_with(&cookie, "/desk/sources").await.expect(200);
        assert_eq!(page.one(".tally"), "3 sources · 1 failing");
        assert_eq!(page.texts("tbody th a"), ["Post", "Herald", "Wire"]);
        let states = ["failing: its <server> answered 500", "well", "not read yet"];
        assert_eq!(page.texts("tbody .state"), states);
        assert_eq!(page.texts(".bad").len(), 1);
        assert_eq!(
            page.texts("tbody tr:nth-child(2) td"),
            [
                "Last read 10 min ago",
                "Next try in 80 min",
                "A day 57.6",
                "Unchanged 0 %"
            ]
        );
        for (order, first) in [("name", "Herald"), ("unread", "Post"), ("busy", "Herald")] {
            let path = format!("/desk/sources?order={order}");
            let page = site.get_with(&cookie, &path).await.expect(200);
            assert_eq!(page.texts("tbody th a")[0], first, "{}: {order}", page.of);
            assert_eq!(page.attributes(".orders [aria-current]", "href"), [path]);
        }
        let page = site.get_with(&cookie, "/desk/sources?from=2").await.expect(200);
        assert_eq!(page.texts("tbody th a"), ["Wire"]);
        assert_eq!(
            page.attributes("[rel=prev]", "href"),
            ["/desk/sources?order=failing&from=0"]
        );
        site.get_with(&cookie, "/desk/sources?order=luck")
            .await
            .expect(400);
    }
}

#[tokio::test]
async fn a_sources_page_tells_all_that_is_known_but_its_secret() {
    for site in sites().await {
        let (cookie, id) = (site.sign_in().await, add(&site, "Herald").await);
        let success = FetchSuccess {
            etag: Some("\"7\"".to_owned()),
            moved_to: Some("https://herald.example/new.xml".parse().unwrap()),
            forgiven: vec!["a bare & in 3 places".to_owned()],
            ..FetchSuccess::default()
        };
        read(&site, id, success, MORNING.plus(-DAY)).await;
        fail(&site, id, "no answer within 20 s").await;
        list(&site, id, &["a", "b", "c"], MORNING.plus(-DAY)).await;
        list(&site, id, &["d"], MORNING).await;
        list(&site, id, &["e"], MORNING.plus(-14 * DAY)).await;
        let issued_for = "https://herald.example/".parse().unwrap();
        let secret = Credential::new(Secret::Cookie("tide-7".to_owned()), &issued_for).unwrap();
        let hub = NewHub {
            source: id,
            url: "https://hub.example/".parse().unwrap(),
            topic: "https://herald.example/".parse().unwrap(),
            token: "flood-8".to_owned(),
            secret: "ebb-9".to_owned(),
        };
        let mut tx = site.db.store.begin().await.unwrap();
        sources::set_credential(&mut tx, id, Some(&secret)).await.unwrap();
        hubs::keep(&mut tx, &hub, MORNING).await.unwrap();
        tx.commit().await.unwrap();

        let page = site
            .get_with(&cookie, &format!("/desk/sources/{id}"))
            .await
            .expect(200);
        assert_eq!(page.one("h1"), "Herald");
        assert_eq!(
            page.one(".state.bad"),
            "failing: no answer within 20 s",
            "{}",
            page.of
        );
        let (names, facts) = (page.texts("dt"), page.texts("dd"));
        for (name, fact) in [
            ("Last success", "24 h ago (9 March, 04:00 UTC)"),
            ("Last tried", "less than 1 min ago (10 March, 04:00 UTC)"),
            ("Next try", "in 2 min"),
            ("Tries failed", "1"),
            ("Copy at hand", "\"7\""),
            ("Hub", "https://hub.example/ has not agreed to tell us of news"),
            ("Signed in with", "a cookie, for https://herald.example alone"),
        ] {
            let at = names.iter().position(|found| found == name);
            assert_eq!(at.map(|at| facts[at].as_str()), Some(fact), "{}: {name}", page.of);
        }
        assert_eq!(page.texts("ul.plain li")[0], "a bare & in 3 places");
        assert!(page.texts("ul.plain li")[1].starts_with("https://herald.example/feed.xml until"));
        let heights = page.attributes("svg rect", "height");
        assert_eq!(heights.len(), 14);
        assert_eq!(
            heights[12..],
            ["48", "16"],
            "{}: two weeks, and no day more",
            page.of
        );
        assert!(heights[..12].iter().all(|height| height == "0"));
        for secret in ["tide-7", "flood-8", "ebb-9"] {
            assert!(!page.text.contains(secret), "{}: {secret}", page.of);
        }
        for none in ["/desk/sources/999", "/desk/sources/x"] {
            let page = site.get_with(&cookie, none).await.expect(404);
            assert_eq!(page.attributes("main a", "href"), ["/desk/sources"]);
        }
    }
}

#[tokio::test]
async fn an_editor_has_a_source_asked_at_once_pauses_it_and_resumes_it() {
    for site in sites().await {
        let (cookie, id) = (site.sign_in().await, add(&site, "Herald").await);
        let path = format!("/desk/sources/{id}");
        let buttons = || async {
            site.get_with(&cookie, &path)
                .await
                .expect(200)
                .texts(".acts button")
        };
        let press = async |act: &str| {
            let answer = site
                .post_with(&cookie, &path, &format!("act={act}"))
                .await
                .expect(303);
            assert_eq!(answer.header("location"), path);
        };
        read(&site, id, FetchSuccess::default(), MORNING).await;
        site.clock.advance(MINUTE / 2);
        press("check").await;
        let due = find(&site, id).await.next_fetch_at;
        assert_eq!(
            due,
            MORNING.plus(MINUTE),
            "{}: once a minute at most",
            site.db.name
        );
        site.clock.advance(5 * MINUTE);
        press("check").await;
        assert_eq!(find(&site, id).await.next_fetch_at, site.clock.now());

        assert_eq!(buttons().await, ["Check now", "Pause"]);
        press("pause").await;
        assert_eq!(
            find(&site, id).await.state,
            SourceState::Paused,
            "{}",
            site.db.name
        );
        assert_eq!(buttons().await, ["Resume"]);
        press("resume").await;
        assert_eq!(
            find(&site, id).await.state,
            SourceState::Active,
            "{}",
            site.db.name
        );

        let mut tx = site.db.store.begin().await.unwrap();
        sources::set_state(&mut tx, id, SourceState::Removed)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        press("resume").await;
        let back = find(&site, id).await;
        assert_eq!(
            (back.state, back.last_success_at),
            (SourceState::Active, None),
            "{}",
            site.db.name
        );

        site.post_with(&cookie, &path, "act=delete").await.expect(422);
        site.post_with(&cookie, "/desk/sources/999", "act=pause")
            .await
            .expect(404);
    }
}
