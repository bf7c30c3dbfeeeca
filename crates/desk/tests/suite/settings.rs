//! What a reader changes from any mail.

use reveille_model::{Access, ConsentKind, MailFormat, SubscriberState, ZoneOrigin};

use crate::site::{Answer, MINUTE, Site, sites, token};

async fn state(site: &Site) -> (SubscriberState, String) {
    let reader = site.reader("reader1@example.org").await.unwrap();
    let until = reader.paused_until.map(|day| day.to_string()).unwrap_or_default();
    (reader.state, until)
}

async fn lines(site: &Site) -> Vec<String> {
    let record = site.record("reader1@example.org").await;
    let changed = record
        .into_iter()
        .filter(|line| line.kind == ConsentKind::Changed);
    changed.map(|line| line.sentence).collect()
}

#[tokio::test]
async fn a_reader_moves_and_a_visit_changes_nothing() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        let link = format!("/settings/{}", token(1));
        let page = site.get(&link).await.expect(200);
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.one("main strong"), "r…@example.org");
        assert!(!page.text.contains("reader1@"), "{}: masked", page.of);
        assert_eq!(page.attributes("#zone", "value"), ["Europe/Berlin"]);
        assert_eq!(page.attributes("#country option[selected]", "value"), ["DE"]);
        let zones = page.attributes("#zones option", "value");
        assert!(zones.contains(&"America/New_York".to_owned()) && !zones.contains(&"UTC".to_owned()));

        let page = site
            .post(&link, "act=home&country=DE&zone=Europe%2FBerlin")
            .await
            .expect(200);
        assert_eq!(page.one("[role=status]"), "Nothing was changed.");
        let page = site
            .post(&link, "act=home&country=JP&zone=tokyo")
            .await
            .expect(200);
        assert_eq!(page.attributes("#zone", "value"), ["Asia/Tokyo"]);
        let reader = site.reader("reader1@example.org").await.unwrap();
        assert_eq!(reader.home.to_string(), "Japan, Asia/Tokyo", "{}", page.of);
        assert_eq!(reader.home.zone_origin, ZoneOrigin::Reader);
        assert_eq!(
            lines(&site).await,
            ["Germany, Europe/Berlin became Japan, Asia/Tokyo"]
        );

        let page = site
            .post(&link, "act=home&country=JP&zone=Mars%2FOlympus")
            .await
            .expect(422);
        assert!(
            page.one("[role=alert]")
                .contains("“Mars/Olympus” has no time zone of its own"),
            "{}",
            page.of
        );
        site.post(&link, "act=dance").await.expect(422);
        assert_eq!(lines(&site).await.len(), 1);
    }
}

#[tokio::test]
async fn a_reader_pauses_and_goes_on() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        let link = format!("/settings/{}", token(1));
        for day in ["2026-03-10", "2026-02-30", ""] {
            let page = site
                .post(&link, &format!("act=pause&until={day}"))
                .await
                .expect(422);
            assert!(
                page.one("[role=alert]").contains("tomorrow at the earliest"),
                "{day}"
            );
        }
        let page = site.post(&link, "act=pause&until=2026-03-20").await.expect(200);
        assert!(page.one("#now").contains("20 March 2026"), "{}", page.text);
        assert_eq!(
            state(&site).await,
            (SubscriberState::Paused, "2026-03-20".to_owned())
        );
        site.post(&link, "act=pause&until=2026-03-25").await.expect(200);
        assert_eq!(state(&site).await.1, "2026-03-25", "{}", page.of);
        let page = site.post(&link, "act=resume").await.expect(200);
        assert!(!page.has("input[value=resume]"));
        assert_eq!(state(&site).await, (SubscriberState::Active, String::new()));
        let said = [
            "no edition before 2026-03-20",
            "no edition before 2026-03-25",
            "every edition again",
        ];
        assert_eq!(lines(&site).await, said, "{}", page.of);
    }
}

#[tokio::test]
async fn wrong_input_is_kept_with_the_fault_beside_its_field() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        let link = format!("/settings/{}", token(1));
        let shown = site.get(&link).await.expect(200);
        assert!(!shown.has("[aria-invalid]") && !shown.has("p.fault"));
        for (field, form, typed) in [
            (
                "zone",
                "act=home&country=FR&zone=Mars%2F%22Olympus",
                "Mars/\"Olympus",
            ),
            ("until", "act=pause&until=2026-02-30", "2026-02-30"),
        ] {
            let page = site.post(&link, form).await.expect(422);
            assert_eq!(
                page.attributes("[aria-invalid=true]", "id"),
                [field],
                "{}",
                page.of
            );
            assert_eq!(page.attributes(&format!("#{field}"), "value"), [typed]);
            let described = page.attributes(&format!("#{field}"), "aria-describedby");
            let fault = page.attributes("p.fault", "id");
            assert!(
                described[0].split(' ').any(|id| id == fault[0]),
                "{described:?} {fault:?}"
            );
            assert_eq!(page.texts("p.fault"), page.texts("#faults a"));
            assert_eq!(page.attributes("#faults a", "href"), [format!("#{field}")]);
            assert!(page.one("title").starts_with("Not saved: "), "{}", page.of);
        }
        let page = site.post(&link, "act=home&country=FR&zone=").await.expect(422);
        assert_eq!(page.attributes("#country option[selected]", "value"), ["FR"]);
        assert!(lines(&site).await.is_empty(), "{}", page.of);
    }
}

#[tokio::test]
async fn whoever_left_can_pause_nothing() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Left).await;
        let link = format!("/settings/{}", token(1));
        let page = site.get(&link).await.expect(200);
        assert!(!page.has("#until"));
        assert_eq!(page.attributes("main a", "href"), ["/morning#sign-up"]);
        site.post(&link, "act=pause&until=2026-03-20").await.expect(200);
        assert_eq!(state(&site).await.0, SubscriberState::Left, "{}", page.of);
    }
}

#[tokio::test]
async fn a_reader_takes_their_mails_as_text() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        let link = format!("/settings/{}", token(1));
        let checked = |page: &crate::site::Answer| page.attributes("input[name=format][checked]", "value");
        assert_eq!(checked(&site.get(&link).await), ["html"]);
        site.post(&link, "act=format&format=pigeon").await.expect(422);
        for note in [
            "Saved. It holds from the next edition on.",
            "Nothing was changed.",
        ] {
            let page = site.post(&link, "act=format&format=text").await.expect(200);
            assert_eq!(
                (page.one("[role=status]").as_str(), checked(&page)),
                (note, vec!["text".to_owned()])
            );
        }
        let reader = site.reader("reader1@example.org").await.unwrap();
        assert_eq!(reader.format, MailFormat::Text, "{}", site.db.name);
        assert_eq!(lines(&site).await, ["mails as text"], "{}", site.db.name);
    }
}

#[tokio::test]
async fn a_reader_ticks_the_briefs_that_they_want_and_leaves_one_of_several() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        let link = format!("/settings/{}", token(1));
        let page = site.get(&link).await.expect(200);
        assert!(
            !page.has("[name^='brief-']"),
            "{}: one brief is no choice",
            page.of
        );
        let evening = site.add_brief("evening", Access::Public).await;
        let secret = site.add_brief("secret", Access::Named).await;
        let names = |page: &Answer| page.attributes("[name^='brief-']", "name");
        let ticked = |page: &Answer| page.attributes("[name^='brief-'][checked]", "name");
        let page = site.get(&link).await.expect(200);
        assert_eq!(names(&page), ["brief-morning", "brief-evening"], "{}", page.of);
        assert_eq!(ticked(&page), ["brief-morning"]);

        // Whoever was passed a mail ticks a box: the reader is asked first.
        let all = "act=briefs&brief-morning=yes&brief-evening=yes&brief-secret=yes";
        let page = site.post(&link, all).await.expect(200);
        assert_eq!(ticked(&page), ["brief-morning", "brief-evening"]);
        assert!(page.one("#about-evening").contains("waits for your click"));
        let asked = site.reader_of(evening, "reader1@example.org").await.unwrap();
        assert_eq!(
            (asked.state, asked.home.zone.name()),
            (SubscriberState::Pending, "Europe/Berlin")
        );
        assert_eq!(site.take_mails().await, [asked.id.to_string()]);
        assert_eq!(site.reader_of(secret, "reader1@example.org").await, None);

        // As the page was before the reader asked for the other one.
        site.post(&link, "act=briefs&had-morning=yes&brief-morning=yes")
            .await
            .expect(200);
        let kept = site.reader_of(evening, "reader1@example.org").await.unwrap();
        assert_eq!(kept.state, SubscriberState::Pending, "{}: it stays", page.of);
        let hidden = page.attributes("[name^='had-']", "name");
        assert_eq!(hidden, ["had-morning", "had-evening"], "{}", page.of);
        site.post(
            &link,
            "act=briefs&had-morning=yes&had-evening=yes&brief-evening=yes",
        )
        .await
        .expect(200);
        assert_eq!(state(&site).await.0, SubscriberState::Left, "{}", page.of);
        let kept = site.reader_of(evening, "reader1@example.org").await.unwrap();
        assert_eq!(kept.state, SubscriberState::Pending, "the other one stays");
        assert!(site.take_mails().await.is_empty());
        site.post(&link, "act=briefs&had-evening=yes").await.expect(200);
        let left = site.reader_of(evening, "reader1@example.org").await.unwrap();
        assert_eq!(left.state, SubscriberState::Left);
    }
}

#[tokio::test]
async fn whoever_was_passed_a_mail_does_not_flood_its_reader() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        for slug in ["evening", "weekly", "sunday"] {
            site.add_brief(slug, Access::Public).await;
        }
        let link = format!("/settings/{}", token(1));
        let mut mails = 0;
        for turn in 0..24 {
            let slug = ["evening", "weekly", "sunday"][turn % 3];
            site.post(&link, &format!("act=briefs&brief-morning=yes&brief-{slug}=yes"))
                .await
                .expect(200);
            mails += site.take_mails().await.len();
            site.post(&link, &format!("act=briefs&had-{slug}=yes&brief-morning=yes"))
                .await
                .expect(200);
            site.clock.advance(11 * MINUTE);
        }
        assert_eq!(mails, 6, "{}: in a day", site.db.name);
        site.clock.advance(24 * 60 * MINUTE);
        site.post(&link, "act=briefs&brief-evening=yes").await.expect(200);
        assert_eq!(site.take_mails().await.len(), 1, "{}", site.db.name);
    }
}
