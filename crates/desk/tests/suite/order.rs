//! An editor puts an edition in order, on the desk.

use reveille_brief::{Own, Way};
use reveille_desk::{Change, Refusal};
use reveille_model::{
    Brief, Check, Dropped, EditionState, EntryKey, EntryKind, LeftOut, NoticeKind, NoticeState, SectionPlan,
    StoryId,
};
use reveille_store::editions;

use crate::site::{REASONS, Site, morning, sites};

const PAGE: &str = "/desk/editions/1";

/// What was asked for last, once, and of which revision.
fn asked(site: &Site) -> (u32, Change) {
    let mut changed = site.editing.changed.lock().unwrap();
    assert_eq!(changed.len(), 1, "{changed:?}");
    let (revision, change, editor) = changed.pop().unwrap();
    assert_eq!(editor, "Ann");
    (revision, change)
}

async fn first(site: &Site) -> EntryKey {
    let stored = editions::find(&site.db.store, reveille_model::EditionId(1)).await;
    stored.unwrap().unwrap().edition.entries().next().unwrap().key()
}

#[tokio::test]
async fn entries_are_moved_filed_dropped_and_taken_back_by_forms() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Checked).await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(page.texts(".order .headline")[1], "Headline 2 of 2026-03-10");
        assert_eq!(page.texts(".order .why")[1], REASONS.join(" · "));
        assert!(
            page.has("button[aria-label='Move entry 1 down']"),
            "{}",
            page.text
        );
        assert!(
            !page.has("button[aria-label='Move entry 1 up']"),
            "it is the first"
        );
        assert!(
            !page.has("button[aria-label='Move entry 2 down']"),
            "it is the last"
        );
        assert_eq!(page.texts("#section-of-1 option"), ["Top Five"]);

        let key = first(&site).await;
        for (act, change) in [
            ("up", Change::Shift(key, Way::Up)),
            ("down", Change::Shift(key, Way::Down)),
            ("file&section=Top+Five", Change::File(key, "Top Five".to_owned())),
            ("drop", Change::Drop(key)),
            ("take_back", Change::TakeBack(key)),
        ] {
            let form = format!("revision=1&entry={key}&act={act}");
            let answer = site
                .post_with(&cookie, "/desk/editions/1/order", &form)
                .await
                .expect(303);
            assert_eq!(answer.header("location"), format!("{PAGE}#entry-{key}"));
            assert_eq!(asked(&site), (1, change), "{act}");
        }
        site.post_with(&cookie, "/desk/editions/1/order", "revision=3&act=restore&to=2")
            .await
            .expect(303);
        assert_eq!(asked(&site), (3, Change::Restore(2)));
        site.post_with(&cookie, "/desk/editions/4711/order", "act=drop&entry=1")
            .await
            .expect(404);
    }
}

#[tokio::test]
async fn an_order_for_another_state_is_refused_and_the_edition_shown_as_it_is() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Checked).await;
        let form = format!("revision=1&entry={}&act=drop", first(&site).await);
        let order = "/desk/editions/1/order";
        let why = |refusal: fn(String) -> Refusal| Some(refusal("Bert <moved> it".to_owned()));
        *site.editing.refuses.lock().unwrap() = why(Refusal::Meanwhile);
        let page = site.post_with(&cookie, order, &form).await.expect(409);
        assert!(page.one(".faults").contains("Bert <moved> it"), "{}", page.text);
        assert!(page.has(".order"));
        *site.editing.refuses.lock().unwrap() = why(Refusal::Told);
        site.post_with(&cookie, order, &form).await.expect(200);
        let nameless = site
            .post_with(&cookie, order, "revision=1&act=drop")
            .await
            .expect(200);
        assert!(
            nameless.one(".faults").contains("No entry was named"),
            "{}",
            nameless.text
        );
    }
}

#[tokio::test]
async fn a_story_that_was_left_out_is_found_and_added() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Draft).await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        let add = page.attributes("main .acts a", "href")[0].clone();
        let page = site.get_with(&cookie, &add).await.expect(200);
        assert_eq!(
            page.texts("section[aria-labelledby=left] .headline"),
            ["Ferry <stops>", "Bridge opens"]
        );
        assert!(page.text.contains("World was full"), "{}", page.text);
        let found = site
            .get_with(&cookie, &format!("{add}?q=BRIDGE+quay"))
            .await
            .expect(200);
        assert_eq!(
            found.texts("section[aria-labelledby=left] .headline"),
            ["Bridge opens"]
        );
        let answer = site
            .post_with(&cookie, &add, "revision=1&story=8&section=Top+Five")
            .await
            .expect(303);
        assert_eq!(answer.header("location"), PAGE);
        let tell = Change::Tell(StoryId(8), "Top Five".to_owned());
        assert_eq!(asked(&site), (1, tell));
    }
}

#[tokio::test]
async fn an_entry_is_written_by_hand_and_what_was_typed_is_kept_where_it_is_refused() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Draft).await;
        let add = "/desk/editions/1/add";
        let typed = "revision=1&kind=sponsored&headline=Quay+<b>&summary=Our+line.&carrier=Quay+%26+Sons&section=Top+Five";
        site.post_with(
            &cookie,
            add,
            &format!("{typed}&link=https%3A%2F%2Fquay.example%2F&heading=+Calendar+"),
        )
        .await
        .expect(303);
        let own = Own {
            at: None,
            place: None,
            kind: EntryKind::Sponsored,
            headline: "Quay <b>".to_owned(),
            summary: "Our line.".to_owned(),
            carrier: "Quay & Sons".to_owned(),
            link: Some("https://quay.example/".parse().unwrap()),
        };
        let write = Change::Write(own, "Calendar".to_owned());
        assert_eq!(
            asked(&site),
            (1, write),
            "a new heading goes before the chosen one"
        );
        let appointment = typed.replace("kind=sponsored", "kind=appointment");
        let form = format!("{appointment}&at=9:30&place=+Harbour+Hall+");
        site.post_with(&cookie, add, &form).await.expect(303);
        let (_, Change::Write(own, _)) = asked(&site) else {
            panic!("it is written by hand");
        };
        assert_eq!(
            (own.at, own.place.as_deref()),
            ("09:30".parse().ok(), Some("Harbour Hall"))
        );
        for (form, told) in [
            (
                format!("{typed}&link=javascript:alert(1)"),
                "no address on the web",
            ),
            (format!("{appointment}&at=half+past+nine"), "such as 14:30"),
            (typed.replace("Quay+<b>", "+"), "needs a headline"),
            (
                typed.replace("kind=sponsored", "kind=rumour"),
                "what sort of entry",
            ),
        ] {
            let page = site.post_with(&cookie, add, &form).await.expect(200);
            assert!(page.one(".faults").contains(told), "{}", page.text);
            assert_eq!(page.attributes("#carrier", "value"), ["Quay & Sons"]);
            assert_eq!(page.one("#summary"), "Our line.");
        }
        let meanwhile = Refusal::Meanwhile("Bert was here".to_owned());
        *site.editing.refuses.lock().unwrap() = Some(meanwhile);
        let page = site.post_with(&cookie, add, typed).await.expect(409);
        assert_eq!(page.attributes("#headline", "value"), ["Quay <b>"]);
    }
}

#[tokio::test]
async fn a_failed_check_is_overruled_on_the_entrys_page() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Draft).await;
        let key = first(&site).await;
        let form = "act=overrule&revision=1&check=numbers&said=1.200";
        site.post_with(&cookie, &format!("{PAGE}/{key}"), form)
            .await
            .expect(303);
        let overrule = Change::Overrule(key, Check::Numbers, "1.200".to_owned());
        assert_eq!(asked(&site), (1, overrule));
    }
}

#[tokio::test]
async fn an_edition_is_looked_at_in_each_form_before_it_goes_out() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Draft).await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        let forms = page.attributes("nav[aria-label=Preview] a", "href");
        assert_eq!(forms.len(), 4, "{}", page.text);
        let kinds = ["text/html", "text/plain", "application/pdf", "text/html"];
        for (form, kind) in forms.iter().zip(kinds) {
            let shown = site.get_with(&cookie, form).await.expect(200);
            assert!(shown.header("content-type").starts_with(kind), "{form}");
            assert_eq!(
                shown.header("cache-control"),
                "no-store",
                "{form}: it is no public page"
            );
            site.get(form).await.expect(303);
        }
        let mail = site.get_with(&cookie, &forms[0]).await;
        assert!(mail.text.contains("Headline 2 of 2026-03-10"));
        let policy = mail.header("content-security-policy");
        assert!(
            policy.contains("sandbox") && !policy.contains("script"),
            "{policy}"
        );
        site.get_with(&cookie, &format!("{PAGE}/preview/fax"))
            .await
            .expect(400);
    }
}

#[tokio::test]
async fn earlier_editions_are_listed_with_what_they_need() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        for day in ["2026-03-08", "2026-03-09", "2026-03-10"] {
            site.add_edition(day, EditionState::Sent).await;
        }
        site.add_notice("2026-03-09", NoticeState::NeedsCorrection, NoticeKind::Withdrawn)
            .await;
        let list = site.get_with(&cookie, "/desk/editions").await.expect(200);
        assert_eq!(
            list.texts("h3 + ul li"),
            [
                "Monday, 9 March 2026 · sent · needs a correction",
                "Sunday, 8 March 2026 · sent"
            ]
        );
        let earlier = list.attributes("h3 + ul a", "href")[0].clone();
        let page = site.get_with(&cookie, &earlier).await.expect(200);
        assert!(
            !page.has(".order form"),
            "what is out stays as it is: {}",
            page.text
        );
    }
}

#[tokio::test]
async fn what_had_no_room_says_what_room_there_is_by_now() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_edition("2026-03-10", EditionState::Checked).await;
        let sections = vec![SectionPlan {
            name: "Top Five".to_owned(),
            limit: 2,
            ..SectionPlan::default()
        }];
        site.change_brief(Brief {
            sections,
            ..morning()
        })
        .await;
        let left = |section: &str, headline: &str| LeftOut {
            section: section.to_owned(),
            headline: headline.to_owned(),
        };
        let left_out = vec![
            left("Top Five", "Seals & <sand>"),
            left("Top Five", "Headline 1 of 2026-03-10"),
            left("World", "A tremor"),
        ];
        site.change_edition("2026-03-10", |edition| edition.left_out = left_out.clone())
            .await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        let told = "#room ~ ul p:not(.headline)";
        assert_eq!(
            page.texts(told),
            [
                "Top Five: full, with 2 of 2 at most",
                "World: no section of the plan any more"
            ],
            "{}",
            page.of
        );
        let links = page.attributes("#room ~ ul a", "href");
        assert_eq!(links[0], format!("{PAGE}/add?q=Seals%20%26%20%3Csand%3E"));

        site.change_edition("2026-03-10", |edition| {
            let entry = edition.sections[0].entries.pop().unwrap();
            let section = edition.sections[0].name.clone();
            edition.dropped.push(Dropped { section, entry });
        })
        .await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(page.texts(told)[0], "Top Five: room for 1 more by now");
        site.change_edition("2026-03-10", |edition| {
            edition.left_out.push(left("World", "Headline 2 of 2026-03-10"));
        })
        .await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(page.texts(told).len(), 2, "what was dropped stands elsewhere");
        site.set_state("2026-03-10".parse().unwrap(), EditionState::Sent)
            .await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(page.texts(told), ["Top Five", "World"], "nothing can be added");
    }
}
