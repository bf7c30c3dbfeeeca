//! An editor adds, moves and removes the sections of a brief, and looks at what comes of it.

use reveille_desk::Refusal;
use reveille_model::{Brief, EditionState, Numbering, SectionKind, SectionPlan};
use reveille_store::{briefs, editions};

use crate::site::{Answer, Site, morning, sites};

const PAGE: &str = "/desk/briefs/morning";

/// A brief with these sections.
async fn with_sections(site: &Site, names: &[&str]) {
    let section = |name: &&str| SectionPlan {
        name: (*name).to_owned(),
        keywords: vec![name.to_lowercase()],
        ..SectionPlan::default()
    };
    let sections = names.iter().map(section).collect();
    site.change_brief(Brief {
        sections,
        ..morning()
    })
    .await;
}

async fn plan(site: &Site) -> Brief {
    let stored = briefs::find(&site.db.store, site.brief).await.unwrap();
    stored.unwrap().brief
}

async fn names(site: &Site) -> Vec<String> {
    let sections = plan(site).await.sections.into_iter();
    sections.map(|section| section.name).collect()
}

/// Sends a form that was made of the plan as it is.
async fn send(site: &Site, cookie: &str, path: &str, form: &str) -> Answer {
    let form = site.marked(form).await;
    site.post_with(cookie, &format!("{PAGE}/{path}"), &form).await
}

#[tokio::test]
async fn an_editor_adds_a_section_where_it_is_to_stand() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        with_sections(&site, &["World", "Sport"]).await;
        let page = site.get_with(&cookie, &format!("{PAGE}?change=new")).await;
        let page = page.expect(200);
        assert_eq!(
            page.texts("#new-before option"),
            ["At the end", "Before World", "Before Sport"],
            "{}",
            page.of
        );
        let kinds = page.attributes("#new-kind option", "value");
        assert_eq!(kinds, ["standing", "opinion", "calendar", "sponsored"]);

        let form = "part=new&name=+From++our+sponsors&before=Sport&kind=sponsored&numbering=none&limit=2";
        let added = send(&site, &cookie, "plan", form).await.expect(303);
        assert_eq!(added.header("location"), format!("{PAGE}#section-1"));
        let form = "part=new&name=Rest&before=&kind=standing&numbering=&limit=8";
        send(&site, &cookie, "plan", form).await.expect(303);
        assert_eq!(
            names(&site).await,
            ["World", "From our sponsors", "Sport", "Rest"],
            "{}",
            page.of
        );
        let added = plan(&site).await.sections.remove(1);
        assert_eq!(
            (added.kind, added.numbering, added.limit),
            (SectionKind::Sponsored, Some(Numbering::None), 2)
        );
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(
            page.texts(".order .credit"),
            [
                "Stories · keywords world · 8 at most",
                "Paid for · without numbers · 2 at most",
                "Stories · keywords sport · 8 at most",
                "Stories · what no other section takes · 8 at most"
            ],
            "{}",
            page.of
        );
        let page = site.get_with(&cookie, &format!("{PAGE}?change=section-1")).await;
        assert_eq!(
            page.expect(200)
                .attributes("#section-1-kind option[selected]", "value"),
            ["sponsored"]
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_new_section_stands_beside_its_field_and_all_that_was_typed_stays() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        with_sections(&site, &["World"]).await;
        let form = "part=new&name=World&before=Gone&kind=event&numbering=own&keywords=strike,+*&topics=Labour&limit=few";
        let page = send(&site, &cookie, "plan", form).await.expect(422);
        let fault = |name: &str| page.one(&format!("#new-{name}-fault"));
        assert!(
            fault("name").contains("Another section is called “World”"),
            "{}",
            page.of
        );
        assert!(fault("before").contains("There is no section “Gone” any more."));
        assert!(fault("kind").contains("Choose one of these."));
        assert!(fault("keywords").contains("“*” has no word in it. Type at least one letter"));
        assert!(fault("limit").contains("Type one, such as 8."));
        assert_eq!(page.one("h3#new"), "Add a section");
        assert_eq!(page.one("#new-keywords"), "strike, *");
        assert_eq!(page.attributes("#new-topics", "value"), ["Labour"]);
        assert_eq!(
            page.attributes("#new-numbering option[selected]", "value"),
            ["own"]
        );
        assert_eq!(page.attributes("#new-limit", "aria-invalid"), ["true"]);
        let page = send(&site, &cookie, "plan", "part=new&name=+&before=&limit=8").await;
        assert!(
            page.expect(422)
                .one("#new-name-fault")
                .starts_with("Type what is to stand")
        );
        assert_eq!(names(&site).await, ["World"]);
    }
}

#[tokio::test]
async fn sections_move_by_one_place_and_no_further_than_the_ends() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        with_sections(&site, &["World", "Sport", "Rest"]).await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert!(!page.has("button[aria-label='Move World up']"), "{}", page.of);
        assert!(!page.has("button[aria-label='Move Rest down']"), "{}", page.of);
        for (act, part, heading, at, then) in [
            ("down", "section-0", "World", 1, ["Sport", "World", "Rest"]),
            ("up", "section-2", "Rest", 1, ["Sport", "Rest", "World"]),
            ("up", "section-0", "Sport", 0, ["Sport", "Rest", "World"]),
            ("down", "section-2", "World", 2, ["Sport", "Rest", "World"]),
        ] {
            let form = format!("act={act}&part={part}&heading={heading}");
            let moved = send(&site, &cookie, "sections", &form).await.expect(303);
            assert_eq!(moved.header("location"), format!("{PAGE}#section-{at}"));
            assert_eq!(names(&site).await, then, "{}: {form}", page.of);
        }
        let gone = "act=up&part=section-1&heading=None";
        send(&site, &cookie, "sections", gone).await.expect(409);
        let unknown = "/desk/briefs/none/sections";
        site.post_with(&cookie, unknown, "act=up").await.expect(404);
        site.post(&format!("{PAGE}/sections"), "act=up&part=section-1&heading=Rest")
            .await
            .expect(303);
        assert_eq!(names(&site).await[1], "Rest", "strangers move nothing");
    }
}

#[tokio::test]
async fn a_section_is_removed_after_a_question_that_says_what_follows() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        with_sections(&site, &["World", "Sport <b>"]).await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        let ask = page.attributes("a[aria-label='Remove Sport <b>']", "href")[0].clone();
        let question = site.get_with(&cookie, &ask).await.expect(200);
        assert_eq!(
            question.one("h1"),
            "Remove “Sport <b>”?",
            "{}: {}",
            page.of,
            question.text
        );
        assert!(question.one(".tally").contains("keywords sport <b>"));
        assert_eq!(names(&site).await.len(), 2, "a question changes nothing");
        let of = question.attributes("main form input[name=of]", "value")[0].clone();
        let form = format!("part=section-1&heading=Sport+%3Cb%3E&of={of}");
        let removed = site.post_with(&cookie, &ask, &form).await.expect(303);
        assert_eq!(removed.header("location"), format!("{PAGE}#sections"));
        assert_eq!(names(&site).await, ["World"], "{}", page.of);

        let again = site.post_with(&cookie, &ask, &form).await.expect(409);
        assert!(again.one(".faults").contains("Nothing was changed"));
        for none in ["sections/1/remove", "sections/x/remove"] {
            site.get_with(&cookie, &format!("{PAGE}/{none}"))
                .await
                .expect(404);
        }
        assert_eq!(names(&site).await, ["World"], "{}", page.of);
    }
}

#[tokio::test]
async fn two_editors_of_one_plan_never_overwrite_each_other_and_lose_nothing_typed() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        with_sections(&site, &["World", "Sport"]).await;
        let old = site.marked("").await;
        let typed = "part=section-1&heading=Sport&name=Sports&keywords=ball&limit=3";
        let added = "part=new&name=Culture&before=Sport&keywords=opera&limit=4";
        let post = async |path: &str, form: &str| {
            let path = format!("{PAGE}/{path}");
            site.post_with(&cookie, &path, &format!("{form}{old}")).await
        };
        // Bert puts the section first that Ann is changing.
        let moved = "act=up&part=section-1&heading=Sport";
        post("sections", moved).await.expect(303);
        let page = post("plan", typed).await.expect(409);
        assert!(
            page.one(".faults").contains("Somebody changed this plan"),
            "{}",
            page.text
        );
        assert_eq!(page.one("#section-0-keywords"), "ball", "where it stands now");
        assert_eq!(
            page.texts(".order .credit")[1],
            "Stories · keywords world · 8 at most"
        );
        assert_eq!(
            post("plan", added).await.expect(409).one("#new-keywords"),
            "opera"
        );
        post("sections", moved).await.expect(409);
        let remove = "part=section-1&heading=Sport";
        post("sections/1/remove", remove).await.expect(409);
        assert_eq!(names(&site).await, ["Sport", "World"], "{}", page.of);

        // And then Bert removes it.
        send(
            &site,
            &cookie,
            "sections/0/remove",
            "part=section-0&heading=Sport",
        )
        .await
        .expect(303);
        let page = post("plan", typed).await.expect(409);
        let told = page.texts(".faults li");
        assert!(
            told[0].starts_with("“Sport” was removed or renamed meanwhile."),
            "{told:?}"
        );
        assert_eq!(page.attributes("#new-name", "value"), ["Sports"]);
        assert_eq!(page.one("#new-keywords"), "ball");
        assert_eq!(names(&site).await, ["World"], "{}", page.of);
    }
}

#[tokio::test]
async fn nothing_else_is_done_on_the_page_that_would_lose_what_is_typed_in_a_form() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        with_sections(&site, &["World", "Sport"]).await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert!(
            !page.has("main :is(input:not([type=hidden]), select, textarea)"),
            "{}",
            page.text
        );
        let mut changes = page.attributes("main a[href*='?change=']", "href");
        assert_eq!(changes.len(), 7, "{changes:?}");
        for change in &changes {
            let form = site.get_with(&cookie, change).await.expect(200);
            assert!(form.has("[autofocus]"), "{change}: {}", form.text);
            assert_eq!(
                form.texts("main button"),
                [if change.ends_with("new") {
                    "Add section"
                } else {
                    "Save"
                }]
            );
            assert_eq!(form.texts("main .acts a"), ["Leave it as it is"], "{change}");
            assert!(!form.has(".moves"), "{change}: {}", form.text);
        }
        // One that is not there any more.
        changes = vec![format!("{PAGE}?change=section-2"), format!("{PAGE}?change=")];
        for change in changes {
            let page = site.get_with(&cookie, &change).await.expect(200);
            assert!(!page.has("form.settings") && page.has(".moves"), "{}", page.text);
        }
    }
}

#[tokio::test]
async fn the_next_edition_is_shown_as_the_plan_would_make_it() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        with_sections(&site, &["World"]).await;
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        let next = page.attributes(&format!("a[href='{PAGE}/next']"), "href");
        assert_eq!(next.len(), 1, "{}", page.of);
        let latest = async || {
            let list = site.get_with(&cookie, "/desk/briefs").await.expect(200);
            list.one("td:not(.number)")
        };
        assert_eq!(latest().await, "Latest edition none yet");
        site.add_edition("2026-03-10", EditionState::Draft).await;
        assert_eq!(latest().await, "Latest edition Tuesday, 10 March 2026 draft");
        let day = "2026-03-10".parse().unwrap();
        let stored = editions::find_by_day(&site.db.store, site.brief, day).await;
        *site.editing.next.lock().unwrap() = Some(stored.unwrap().unwrap().edition);
        let page = site.get_with(&cookie, &next[0]).await.expect(200);
        assert_eq!(page.texts(".order .headline")[1], "Headline 2 of 2026-03-10");
        assert_eq!(page.texts("#filled ~ ul li"), ["Top Five 2"]);
        assert_eq!(
            page.texts("#empty ~ ul li"),
            ["World"],
            "{}: {}",
            page.of,
            page.text
        );

        *site.editing.next.lock().unwrap() = None;
        *site.editing.refuses.lock().unwrap() = Some(Refusal::Told("the <night> is gone".to_owned()));
        let page = site.get_with(&cookie, &next[0]).await.expect(200);
        assert!(
            page.one(".faults").contains("the <night> is gone"),
            "{}",
            page.text
        );
    }
}
