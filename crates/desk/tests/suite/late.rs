//! Readers so far to the east of a brief's editors that its editions are ready when it is too late for them.

use reveille_model::{Access, Approval, Brief, EditionState, InTime, SubscriberState};

use crate::site::{MINUTE, Site, form, morning, sites, token};

/// One that is compiled in Los Angeles, so long before its hour.
pub(crate) async fn of_los_angeles(site: &Site, lead_minutes: u32) {
    let plan = Brief {
        zone: "America/Los_Angeles".parse().unwrap(),
        approval: Approval::Automatic,
        lead_minutes,
        ..morning()
    };
    site.change_brief(plan).await;
}

/// A reader in New Zealand who has not confirmed yet, and the link that was mailed.
async fn asked(site: &Site) -> String {
    let page = site
        .post("/morning", &form("reader1@example.org", "NZ", "Pacific/Auckland"))
        .await
        .expect(200);
    assert!(!page.text.contains("06:00"), "{}", page.text);
    assert!(page.one("#late").contains("no edition reaches you in time"));
    assert_eq!(
        page.attributes("#late a", "href"),
        ["/morning/latest", "/morning#sign-up"]
    );
    site.mail_link(1).await
}

#[tokio::test]
async fn a_reader_whose_day_is_over_before_an_edition_is_ready_is_told_that_none_comes() {
    for site in sites().await {
        of_los_angeles(&site, 60).await;
        let link = asked(&site).await;
        let question = site.get(&link).await.expect(200);
        let told = question.one(".note");
        assert!(
            told.contains("its time is over in Pacific/Auckland") && told.contains("ask them"),
            "{told}"
        );
        let done = site.post(&link, "").await.expect(200);
        assert!(!done.text.contains("06:00"), "{}: {}", site.db.name, done.text);
        assert!(done.one(".note").contains("no edition reaches you in time"));
    }
}

#[tokio::test]
async fn the_settings_tell_the_same_until_reader_or_editor_change_it() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        let settings = format!("/settings/{}", token(1));
        assert!(
            !site.get(&settings).await.expect(200).has("#but"),
            "{}",
            site.db.name
        );
        of_los_angeles(&site, 60).await;
        let moved = "act=home&country=NZ&zone=Pacific%2FAuckland";
        let page = site.post(&settings, moved).await.expect(200);
        assert!(!page.has("#now") && page.one("#but").contains("no edition reaches you"));
        assert!(page.one("#but").ends_with("choose your time zone below."));

        of_los_angeles(&site, 90).await;
        let page = site.get(&settings).await.expect(200);
        assert!(!page.has("#now"), "{}", page.text);
        let told = page.one("#but");
        assert!(
            told.contains("not every edition reaches you") && told.contains("at 06:00 or"),
            "{told}"
        );
        site.post(&settings, "act=pause&until=2026-03-20")
            .await
            .expect(200);
        let page = site.get(&settings).await.expect(200);
        assert!(
            page.one("#now").contains("paused") && page.has("#but"),
            "{}",
            page.text
        );
        site.post(&settings, "act=resume").await.expect(200);

        of_los_angeles(&site, 240).await;
        let page = site.get(&settings).await.expect(200);
        assert!(
            page.one("#but").contains("ready only later in the day"),
            "{}",
            page.text
        );
        site.post(&settings, "act=home&country=US&zone=America%2FDenver")
            .await
            .expect(200);
        let page = site.get(&settings).await.expect(200);
        assert!(
            page.one("#now").contains("06:00") && !page.has("#but"),
            "{}",
            page.text
        );
    }
}

#[tokio::test]
async fn a_brief_for_named_readers_names_its_editors_and_no_page() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        let settings = format!("/settings/{}", token(1));
        site.change_brief(Brief {
            access: Access::Named,
            too_late: "07:00".parse().unwrap(),
            tips: Some("desk@example.org".parse().unwrap()),
            ..morning()
        })
        .await;
        let moved = "act=home&country=NZ&zone=Pacific%2FAuckland";
        let page = site.post(&settings, moved).await.expect(200);
        assert!(page.one("#but").contains("at desk@example.org"), "{}", page.text);
        assert!(!page.has("#but a"), "{}", page.text);
    }
}

#[tokio::test]
async fn editors_see_at_the_plan_and_before_they_approve_whom_no_edition_reaches() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Checked).await;
        site.add_reader(1, SubscriberState::Active).await;
        let home = "act=home&country=NZ&zone=Pacific%2FAuckland";
        site.post(&format!("/settings/{}", token(1)), home)
            .await
            .expect(200);
        let told = async |path: &str| {
            site.get_with(&cookie, path)
                .await
                .expect(200)
                .texts("main .bad")
                .concat()
        };
        assert_eq!(told("/desk/briefs/morning").await, "", "{}", site.db.name);
        of_los_angeles(&site, 60).await;
        let plan = told("/desk/briefs/morning").await;
        assert!(
            plan.contains("too late for 1 reader (1 in Pacific/Auckland), so that none reaches them"),
            "{plan}"
        );
        site.clock.advance(9 * 60 * MINUTE);
        let before = told("/desk/editions").await;
        assert!(
            before.contains("For 1 of them it was too late before it was compiled."),
            "{before}"
        );

        for (hour, status, left) in [("noon", 422, true), ("never", 303, false)] {
            let form = format!("part=days&heading=When+it+comes+out&too_late={hour}");
            let form = site.marked(&form).await;
            let page = site
                .post_with(&cookie, "/desk/briefs/morning/plan", &form)
                .await
                .expect(status);
            assert_eq!(page.has("#days-too_late-fault"), status == 422, "{}", page.text);
            assert_eq!(!told("/desk/briefs/morning").await.is_empty(), left, "{hour}");
        }
    }
}

#[test]
fn the_mail_that_asks_tells_it_in_each_language() {
    let zone = "Pacific/Auckland".parse().unwrap();
    for language in ["de", "en", "es", "fr"] {
        let brief = Brief {
            language: language.parse().unwrap(),
            tips: Some("desk@example.org".parse().unwrap()),
            ..morning()
        };
        let mail = |in_time| {
            reveille_desk::confirmation_mail(&brief, (&zone, in_time), false, "https://a.example/1").1
        };
        for (in_time, has_hour, is_late) in [
            (InTime::Always, true, false),
            (InTime::Later, false, true),
            (InTime::Sometimes, true, true),
            (InTime::Never, false, true),
        ] {
            let text = mail(in_time);
            assert_eq!(text.contains("06:00"), has_hour, "{text}");
            assert_eq!(text.contains("Pacific/Auckland"), is_late, "{text}");
            assert_eq!(text.contains("desk@example.org"), is_late, "{text}");
            assert!(!text.contains(['{', '[']), "{text}");
        }
    }
}
