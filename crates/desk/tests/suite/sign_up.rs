//! Asking for the brief.

use axum::http::header;
use reveille_model::{ConsentKind, SubscriberState};

use crate::site::{MINUTE, MORNING, SENTENCE, address, form, posted, sites};

#[tokio::test]
async fn a_sign_up_leaves_a_pending_reader_a_consent_record_and_one_mail_to_send() {
    for site in sites().await {
        let page = site.get("/morning").await.expect(200);
        let moment = page.attributes("#moment[role=status]:empty", "data-text");
        assert_eq!(moment, ["One moment …"], "{}: for the script to show", page.of);
        let answer = site
            .post("/morning", &form(" Ann@Example.org ", "DE", "America/New_York"))
            .await
            .expect(200);
        assert_eq!(answer.one("main h1"), "Check your mail");
        assert_eq!(answer.one("main strong"), "Ann@example.org");
        assert_eq!(answer.header("cache-control"), "no-store");

        let reader = site.reader("ann@example.org").await.unwrap();
        assert_eq!(reader.state, SubscriberState::Pending, "{}", answer.of);
        assert_eq!(reader.home.country.map(reveille_model::Country::code), Some("DE"));
        assert_eq!(reader.home.zone.name(), "America/New_York");
        let record = site.record("ann@example.org").await;
        assert_eq!(record.len(), 1);
        assert_eq!((record[0].kind, record[0].at), (ConsentKind::Asked, MORNING));
        assert_eq!(record[0].sentence, SENTENCE);
        assert_eq!(address(&record[0]), "192.0.2.7");
        assert_eq!(site.take_mails().await, [reader.id.to_string()], "{}", answer.of);
        assert!(
            !answer.text.contains(&reader.token),
            "only the mail holds the token"
        );
    }
}

#[tokio::test]
async fn who_signs_up_sees_the_address_as_they_typed_it() {
    for site in sites().await {
        let typed = " Zo\u{e9}@b\u{fc}cher.example ";
        let answer = site.post("/morning", &form(typed, "DE", "")).await.expect(200);
        assert_eq!(answer.one("main strong"), typed.trim());
        assert!(!answer.text.contains("xn--"), "{}", answer.text);
    }
}

#[tokio::test]
async fn without_script_the_country_says_when_morning_is() {
    for site in sites().await {
        for (email, zone) in [("ann@example.org", ""), ("bob@example.org", "Mars/Olympus")] {
            site.post("/morning", &form(email, "JP", zone)).await.expect(200);
            let reader = site.reader(email).await.unwrap();
            assert_eq!(reader.home.zone.name(), "Asia/Tokyo", "{zone:?}");
        }
    }
}

#[tokio::test]
async fn wrong_input_is_kept_with_the_fault_beside_its_field() {
    for site in sites().await {
        let answer = site
            .post("/morning", &form("ann \"<b>", "FR", "Asia/Tokyo"))
            .await
            .expect(422);
        assert_eq!(answer.one("title"), "Not sent: Morning <Brief>");
        assert_eq!(answer.attributes("#email", "value"), ["ann \"<b>"]);
        assert_eq!(answer.attributes("option[selected]", "value"), ["FR"]);
        assert_eq!(answer.attributes("#zone", "value"), ["Asia/Tokyo"]);
        assert_eq!(answer.attributes("[aria-invalid=true]", "id"), ["email"]);
        assert_eq!(
            answer.attributes("#email", "aria-describedby"),
            answer.attributes("p.fault", "id")
        );
        assert_eq!(answer.texts("p.fault"), answer.texts("#faults li"));
        assert_eq!(answer.attributes("#faults a", "href"), ["#email"]);
        assert_eq!(answer.header("cache-control"), "no-store");

        let answer = site.post("/morning", "").await.expect(422);
        assert_eq!(
            answer.texts("p.fault"),
            ["Type your e-mail address.", "Select your country."]
        );
        assert_eq!(answer.attributes("#faults a", "href"), ["#email", "#country"]);
        assert!(site.take_mails().await.is_empty());
    }
}

#[tokio::test]
async fn nobody_agrees_to_a_sentence_that_they_were_not_shown() {
    for site in sites().await {
        let answer = site
            .post(
                "/morning",
                "email=ann@example.org&country=DE&sentence=Yes,+send+me+everything.",
            )
            .await
            .expect(422);
        assert!(answer.one("#faults li").contains("Read it"));
        assert_eq!(answer.attributes("input[name=sentence]", "value"), [SENTENCE]);
        assert_eq!(answer.attributes("#email", "value"), ["ann@example.org"]);
        assert_eq!(site.reader("ann@example.org").await, None, "{}", answer.of);
    }
}

#[tokio::test]
async fn a_program_that_fills_in_everything_signs_up_nobody_and_a_person_loses_nothing() {
    for site in sites().await {
        let filled = form("ann@example.org", "DE", "").replace("website=", "website=spam");
        let answer = site.post("/morning", &filled).await.expect(422);
        assert_eq!(site.reader("ann@example.org").await, None);
        assert_eq!(answer.attributes("#website", "value"), [""]);
        assert_eq!(answer.attributes("#email", "value"), ["ann@example.org"]);
    }
}

#[tokio::test]
async fn the_answer_does_not_tell_who_reads() {
    for site in sites().await {
        let states = [
            SubscriberState::Pending,
            SubscriberState::Active,
            SubscriberState::Left,
            SubscriberState::Bounced,
        ];
        for (number, state) in (1..).zip(states) {
            site.add_reader(number, state).await;
        }
        let plain = |text: String, number| text.replace(&format!("reader{number}@"), "reader@");
        let stranger = site.sign_up("reader9@example.org", "DE").await.expect(200);
        let expected = (stranger.headers.clone(), plain(stranger.text.clone(), 9));
        for number in 1..=4 {
            let known = site
                .sign_up(&format!("reader{number}@example.org"), "DE")
                .await
                .expect(200);
            assert_eq!(
                (known.headers, plain(known.text, number)),
                expected,
                "{}",
                known.of
            );
        }
    }
}

#[tokio::test]
async fn an_active_reader_gets_no_second_link_and_stays_as_they_are() {
    for site in sites().await {
        let before = site.add_reader(1, SubscriberState::Active).await;
        site.sign_up("READER1@example.org", "JP").await.expect(200);
        assert_eq!(site.reader("reader1@example.org").await, Some(before));
        assert!(site.take_mails().await.is_empty());
    }
}

#[tokio::test]
async fn a_second_link_is_mailed_after_ten_minutes_at_the_earliest_and_no_fourth_in_a_day() {
    for site in sites().await {
        let mut mails = Vec::new();
        for minute in [0, 1, 9, 11, 12, 20, 22, 40, 400, 1_452] {
            site.clock.set(MORNING.plus(minute * MINUTE));
            site.sign_up("ann@example.org", "DE").await.expect(200);
            mails.push(site.take_mails().await.len());
        }
        assert_eq!(mails, [1, 0, 0, 1, 0, 0, 1, 0, 0, 1], "{}", site.db.name);
        assert_eq!(site.record("ann@example.org").await.len(), 4);
    }
}

#[tokio::test]
async fn a_crowd_from_one_network_is_slowed_and_told_so() {
    for site in sites().await {
        let mut statuses = Vec::new();
        // No browser worked for these: each counts for four.
        for number in 0..8 {
            let answer = site.sign_up(&format!("crowd{number}@example.org"), "DE").await;
            statuses.push(answer.status.as_u16());
            if answer.status == 429 {
                assert_eq!(answer.header("retry-after"), "120");
                assert!(answer.one("#faults li").contains("in a minute"));
                assert_eq!(
                    answer.attributes("#email", "value"),
                    [format!("crowd{number}@example.org")]
                );
            }
        }
        assert_eq!(statuses, [vec![200; 5], vec![429; 3]].concat());
        assert_eq!(site.reader("crowd5@example.org").await, None);
        let other = posted("/morning", &form("ann@example.org", "DE", ""));
        site.send_from("198.51.100.1:1", other).await.expect(200);
        site.clock.advance(2 * MINUTE);
        site.sign_up("crowd5@example.org", "DE").await.expect(200);
    }
}

#[tokio::test]
async fn a_form_on_another_site_signs_up_nobody() {
    for site in sites().await {
        for (relation, status) in [("cross-site", 403), ("same-origin", 200), ("none", 200)] {
            let mut request = posted("/morning", &form("ann@example.org", "DE", ""));
            request
                .headers_mut()
                .insert("sec-fetch-site", relation.parse().unwrap());
            let answer = site.send(request).await.expect(status);
            if status == 403 {
                assert_eq!(answer.attributes("main a", "href"), ["/morning"]);
                assert_eq!(site.reader("ann@example.org").await, None);
            }
        }
    }
}

#[tokio::test]
async fn behind_a_server_on_the_same_machine_the_record_holds_the_readers_address() {
    for site in sites().await {
        let mut request = posted("/morning", &form("ann@example.org", "DE", ""));
        request.headers_mut().insert(
            header::HeaderName::from_static("x-forwarded-for"),
            "10.0.0.1, 203.0.113.9".parse().unwrap(),
        );
        site.send_from("127.0.0.1:4711", request).await.expect(200);
        let record = site.record("ann@example.org").await;
        assert_eq!(address(&record[0]), "203.0.113.9", "{}", site.db.name);
    }
}

#[tokio::test]
async fn a_form_that_comes_back_in_no_time_is_asked_for_once_more() {
    for site in sites().await {
        let shown = site
            .get("/morning")
            .await
            .attributes("input[name=shown]", "value")
            .remove(0);
        let form = format!("{}&shown={shown}", form("ann@example.org", "DE", ""));
        let page = site.post("/morning", &form).await.expect(422);
        assert!(
            page.one("#faults li").contains("sooner than people type"),
            "{}",
            page.of
        );
        assert_eq!(page.attributes("#email", "value"), ["ann@example.org"]);
        assert_eq!(site.reader("ann@example.org").await, None);
        site.clock.advance(MINUTE);
        site.post("/morning", &form).await.expect(200);
    }
}

/// What a browser's script sends for this form.
fn work(stamp: &str, email: &str) -> String {
    let solves = |work: &String| {
        let digest = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            format!("{stamp}:{email}:{work}").as_bytes(),
        );
        digest.as_ref()[..2] == [0, 0]
    };
    (0_u32..).map(|number| number.to_string()).find(solves).unwrap()
}

#[tokio::test]
async fn who_worked_for_it_counts_once_in_a_crowd_and_forged_work_does_not() {
    for site in sites().await {
        let page = site.get("/morning").await;
        let stamp = page.attributes("input[name=shown]", "value").remove(0);
        site.clock.advance(MINUTE);
        let send = async |email: &str, stamp: &str, work: &str| {
            let form = format!("{}&shown={stamp}&work={work}", form(email, "DE", ""));
            site.post("/morning", &form).await.status.as_u16()
        };
        for number in 0..16 {
            let email = format!("reader{number}@example.org");
            assert_eq!(send(&email, &stamp, &work(&stamp, &email)).await, 200, "{number}");
        }
        // Four are left, which is what one without work counts.
        let own = format!("{}.00000000000000000000000000000000", MORNING.0);
        let forged = work(&own, "ann@example.org");
        assert_eq!(
            send("ann@example.org", &own, &forged).await,
            200,
            "{}",
            site.db.name
        );
        let solved = work(&stamp, "bob@example.org");
        assert_eq!(
            send("bob@example.org", &stamp, &solved).await,
            429,
            "{}",
            site.db.name
        );
    }
}

#[tokio::test]
async fn a_slip_in_an_address_is_pointed_out_and_the_mail_goes_where_it_was_asked_to() {
    for site in sites().await {
        let page = site.sign_up("ann@gmial.com", "DE").await.expect(200);
        assert!(
            page.one("#advice").starts_with("Did you mean ann@gmail.com?"),
            "{}",
            page.of
        );
        assert_eq!(page.attributes("#advice a", "href"), ["/morning#sign-up"]);
        assert!(site.reader("ann@gmial.com").await.is_some());
        assert!(site.reader("ann@gmail.com").await.is_none());
        let page = site.sign_up("ann@mailinator.com", "DE").await.expect(200);
        assert!(
            page.one("#advice")
                .starts_with("Addresses at mailinator.com soon")
        );
        assert_eq!(site.take_mails().await.len(), 2);
        let page = site.sign_up("ann@example.org", "DE").await.expect(200);
        assert!(!page.has("#advice"));
    }
}
