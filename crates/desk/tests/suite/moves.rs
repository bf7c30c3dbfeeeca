//! A reader has the brief sent to another address.

use reveille_model::{Access, Brief, ConsentKind, LinkPurpose, SubscriberState};
use reveille_store::{ReaderMail, jobs};

use crate::site::{MINUTE, Site, morning, sites, token};

const OLD: &str = "reader1@example.org";
const NEW: &str = "ann@new.example";
const SETTINGS: &str = "/settings/00000000000000000000000000000001";

async fn state(site: &Site, email: &str) -> Option<SubscriberState> {
    Some(site.reader(email).await?.state)
}

/// Names an address behind a link that was mailed to the old one.
async fn ask(site: &Site, email: &str) -> crate::site::Answer {
    let link = site.data_link(1, LinkPurpose::Move).await;
    site.post(&link, &format!("email={}", email.replace('@', "%40")))
        .await
}

#[tokio::test]
async fn whoever_was_passed_a_mail_moves_nobody() {
    for site in sites().await {
        let old = site.add_reader(1, SubscriberState::Active).await;
        let page = site.get(SETTINGS).await.expect(200);
        assert!(page.has("button[value=move]") && !page.has("input[type=email]"));
        for _ in 0..2 {
            let page = site
                .post(SETTINGS, "act=move&email=eve%40eve.example")
                .await
                .expect(200);
            assert!(
                page.one("[role=status]")
                    .starts_with("We mail a link to your address")
            );
        }
        // To the reader, once in ten minutes, and to nobody else.
        assert_eq!(
            site.take_mails().await,
            [format!("{}@move", old.id)],
            "{}",
            site.db.name
        );
        assert_eq!(state(&site, "eve@eve.example").await, None);

        let link = site.data_link(1, LinkPurpose::Move).await;
        assert!(site.get(&link).await.expect(200).has("#email[required]"));
        assert_eq!(state(&site, NEW).await, None, "{}: a visit", site.db.name);
        site.post(&link, "email=ann%40new.example").await.expect(200);
        assert_eq!(state(&site, NEW).await, Some(SubscriberState::Pending));
        site.post(&link, "email=eve%40eve.example").await.expect(404);
        assert_eq!(
            state(&site, "eve@eve.example").await,
            None,
            "{}: once",
            site.db.name
        );
    }
}

#[tokio::test]
async fn a_reader_goes_to_another_address_once_it_confirmed() {
    for site in sites().await {
        let old = site.add_reader(1, SubscriberState::Active).await;
        let page = ask(&site, NEW).await.expect(200);
        assert!(
            page.one("[role=status]")
                .starts_with("We mail a link to the new address"),
            "{}",
            page.of
        );
        let new = site.reader(NEW).await.unwrap();
        assert_eq!(
            site.take_mails().await,
            [format!("{}@{}", new.id, old.id)],
            "{}",
            page.of
        );
        assert_eq!(new.home, old.home);
        let link = site.move_link(NEW, old.id).await;
        for _ in 0..2 {
            let page = site.get(&link).await.expect(200);
            let question = page.one("main p:first-of-type");
            assert!(
                question.contains("to a…@new.example") && question.ends_with("no longer to r…@example.org?"),
                "{question}"
            );
            assert!(page.has(".consent") && !page.text.contains(OLD) && !page.text.contains(NEW));
        }
        assert_eq!(
            state(&site, OLD).await,
            Some(SubscriberState::Active),
            "{}: a visit",
            page.of
        );
        assert_eq!(state(&site, NEW).await, Some(SubscriberState::Pending));

        for _ in 0..2 {
            let page = site.post(&link, "").await.expect(200);
            assert_eq!(page.one("h1"), "You are on the list");
            let told = page.one("main p:first-of-type");
            assert!(
                told.contains("comes to a…@new.example") && !told.contains("your first"),
                "{told}"
            );
        }
        assert_eq!(
            state(&site, OLD).await,
            Some(SubscriberState::Left),
            "{}",
            page.of
        );
        assert_eq!(
            state(&site, NEW).await,
            Some(SubscriberState::Active),
            "{}",
            page.of
        );
        let waiting = jobs::count(&site.db.store).await.unwrap();
        assert_eq!(waiting[ReaderMail::MOVE_NOTICE]["ready"], 1, "{}: once", page.of);
        assert_eq!(site.take_mails().await, [old.id.to_string()]);
        let kinds: Vec<_> = site.record(NEW).await.iter().map(|line| line.kind).collect();
        use ConsentKind::{Asked, Changed, Confirmed};
        assert_eq!(kinds, [Asked, Confirmed, Changed], "{}", page.of);
    }
}

#[tokio::test]
async fn a_pause_goes_along_and_the_new_address_is_told_until_when() {
    for site in sites().await {
        let old = site.add_reader(1, SubscriberState::Active).await;
        site.post(SETTINGS, "act=pause&until=2026-03-20")
            .await
            .expect(200);
        ask(&site, NEW).await.expect(200);
        let link = site.move_link(NEW, old.id).await;
        let question = site.get(&link).await.expect(200);
        assert!(
            question.text.contains("The next edition comes on"),
            "{}",
            question.of
        );
        for _ in 0..2 {
            let page = site.post(&link, "").await.expect(200);
            let told = page.one("main p:first-of-type");
            assert!(
                told.contains("is paused for") && told.ends_with("comes on Friday, 20 March 2026."),
                "{told}"
            );
            assert!(!page.text.contains("your first"), "{}", page.of);
        }
        assert_eq!(state(&site, NEW).await, Some(SubscriberState::Paused));
    }
}

#[tokio::test]
async fn the_links_of_mails_to_the_old_address_only_leave() {
    for site in sites().await {
        let old = site.add_reader(1, SubscriberState::Active).await;
        ask(&site, NEW).await.expect(200);
        let link = site.move_link(NEW, old.id).await;
        site.post(&link, "").await.expect(200);

        let page = site.get(SETTINGS).await.expect(200);
        assert!(
            page.one("#now").contains("goes to another address now"),
            "{}",
            page.of
        );
        assert!(!page.text.contains("new.example") && !page.has("[value=move]") && !page.has("#until"));
        for form in ["act=pause&until=2026-03-20", "act=move"] {
            site.post(SETTINGS, form).await;
        }
        assert!(
            site.take_mails()
                .await
                .iter()
                .all(|mail| !mail.ends_with("@move"))
        );
        assert_eq!(
            state(&site, NEW).await,
            Some(SubscriberState::Active),
            "{}",
            page.of
        );
        ask(&site, "eve@eve.example").await.expect(404);
        assert_eq!(state(&site, "eve@eve.example").await, None);

        let leave = format!("/leave/{}", token(1));
        let page = site.get(&leave).await.expect(200);
        assert_eq!(page.one("main strong"), "a…@new.example");
        assert_eq!(
            state(&site, NEW).await,
            Some(SubscriberState::Active),
            "{}: a visit",
            page.of
        );
        for _ in 0..2 {
            let page = site.post(&leave, "List-Unsubscribe=One-Click").await.expect(200);
            assert_eq!(page.one("h1"), "You have left");
        }
        assert_eq!(
            state(&site, NEW).await,
            Some(SubscriberState::Left),
            "{}",
            page.of
        );
        site.get(&link).await.expect(404);
    }
}

#[tokio::test]
async fn the_answer_is_the_same_whoever_reads_what() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        site.add_reader(2, SubscriberState::Active).await;
        site.add_reader(3, SubscriberState::Bounced).await;
        let mut pages = Vec::new();
        for email in [
            OLD,
            "reader2@example.org",
            "reader3@example.org",
            "new@example.org",
        ] {
            pages.push(ask(&site, email).await.expect(200).text);
        }
        assert!(pages.windows(2).all(|two| two[0] == two[1]), "{}", site.db.name);
        assert_eq!(site.take_mails().await.len(), 2, "{}: the last two", site.db.name);
        assert_eq!(state(&site, OLD).await, Some(SubscriberState::Active));
        for (wrong, says) in [
            ("", "Type your"),
            ("ann", "looks like name@example.org"),
            ("a@b%0d%0aBcc:c@d.example", "Check"),
        ] {
            let link = site.data_link(1, LinkPurpose::Move).await;
            let page = site.post(&link, &format!("email={wrong}")).await.expect(422);
            assert!(page.one("[role=alert]").contains(says), "{wrong}: {}", page.text);
            assert_eq!(page.attributes("[aria-invalid=true]", "id"), ["email"]);
            site.get(&link).await.expect(200);
        }
    }
}

#[tokio::test]
async fn nobody_floods_strangers_with_it() {
    for site in sites().await {
        let old = site.add_reader(1, SubscriberState::Active).await;
        let mut statuses = Vec::new();
        for number in 0..8 {
            statuses.push(
                ask(&site, &format!("n{number}@new.example"))
                    .await
                    .status
                    .as_u16(),
            );
        }
        assert_eq!(
            statuses,
            [200, 200, 200, 200, 200, 429, 429, 429],
            "{}",
            site.db.name
        );
        assert_eq!(site.take_mails().await.len(), 5, "{}", site.db.name);
        // From elsewhere, for one reader.
        for number in 0..3 {
            site.move_link(&format!("n{number}@new.example"), old.id).await;
        }
        site.clock.advance(60 * MINUTE);
        ask(&site, "late@new.example").await.expect(429);
        assert!(site.take_mails().await.is_empty(), "{}", site.db.name);
        site.clock.advance(24 * 60 * MINUTE);
        ask(&site, "late@new.example").await.expect(200);
        assert_eq!(site.take_mails().await.len(), 1, "{}", site.db.name);
    }
}

#[tokio::test]
async fn a_named_reader_cannot_name_another() {
    for site in sites().await {
        site.add_reader(1, SubscriberState::Active).await;
        let access = Access::Named;
        site.change_brief(Brief { access, ..morning() }).await;
        let page = site.get(SETTINGS).await.expect(200);
        assert!(!page.has("[value=move]"), "{}", site.db.name);
        site.post(SETTINGS, "act=move").await.expect(422);
        ask(&site, NEW).await.expect(404);
        assert_eq!(state(&site, NEW).await, None, "{}", site.db.name);
    }
}
