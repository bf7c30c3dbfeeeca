//! To whom a brief goes, on the desk.

use reveille_model::{
    Access, ArticleKind, Brief, Country, Numbering, SectionKind, SectionPlan, Segment, SubscriberState,
};
use reveille_store::{briefs, segments};

use crate::site::{Answer, MORNING, Site, morning, sites, token};

const PAGE: &str = "/desk/briefs/morning";
/// The same, with the form by which an audience is chosen.
const AUDIENCE: &str = "/desk/briefs/morning?change=audience";

async fn keep(site: &Site, name: &str, segment: Segment) {
    let mut tx = site.db.store.begin().await.unwrap();
    segments::insert(&mut tx, name, &segment, MORNING).await.unwrap();
    tx.commit().await.unwrap();
}

fn in_country(code: &str) -> Segment {
    Segment {
        countries: vec![Country::from_code(code).unwrap()],
        ..Segment::default()
    }
}

async fn audience(site: &Site) -> Option<String> {
    let stored = briefs::find(&site.db.store, site.brief).await.unwrap().unwrap();
    stored.brief.audience
}

#[tokio::test]
async fn an_editor_narrows_a_brief_to_a_segment_and_sees_how_many_that_means() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        for number in 1..=3 {
            site.add_reader(number, SubscriberState::Active).await;
        }
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(
            page.one("#reach"),
            "Its editions go to all readers on its list: 3.",
            "{}",
            page.of
        );
        let form = site.get_with(&cookie, AUDIENCE).await.expect(200);
        assert!(form.one("#segment-hint").contains("No segment holds any"));
        keep(&site, "german", in_country("DE")).await;
        keep(&site, "north", in_country("NO")).await;
        let evening = Segment::of_list(&"evening".parse().unwrap());
        keep(&site, "others", evening).await;

        let page = site.get_with(&cookie, AUDIENCE).await.expect(200);
        assert_eq!(
            page.texts("#segment option"),
            [
                "all readers on its list (3)",
                "german: country Germany (3)",
                "north: country Norway (0)"
            ],
            "{}",
            page.of
        );
        let saved = site
            .post_with(&cookie, PAGE, &site.marked("act=audience&segment=north").await)
            .await
            .expect(303);
        assert_eq!(saved.header("location"), PAGE);
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(
            page.one("#reach"),
            "Its editions go to 0 of the 3 readers on its list: country Norway. Others may sign up and read it on the \
             web, and get no mail.",
            "{}",
            page.of
        );
        let form = site.get_with(&cookie, AUDIENCE).await.expect(200);
        assert_eq!(form.attributes("#segment option[selected]", "value"), ["north"]);
        let list = site.get_with(&cookie, "/desk/briefs").await.expect(200);
        assert_eq!(
            list.texts("td.number"),
            ["Sent at 06:00", "Goes to 0", "On its list 3"]
        );

        for wrong in ["others", "none"] {
            let form = format!("act=audience&segment={wrong}");
            let page = site
                .post_with(&cookie, PAGE, &site.marked(&form).await)
                .await
                .expect(422);
            assert!(
                page.text.contains("Nothing was changed"),
                "{wrong}: {}",
                page.text
            );
        }
        assert_eq!(audience(&site).await.as_deref(), Some("north"), "{}", page.of);
        site.post_with(&cookie, PAGE, &site.marked("act=audience&segment=").await)
            .await
            .expect(303);
        assert_eq!(audience(&site).await, None, "{}", page.of);
    }
}

#[tokio::test]
async fn a_brief_for_named_readers_says_so_and_strangers_change_nothing() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let access = Access::Named;
        site.change_brief(Brief { access, ..morning() }).await;
        keep(&site, "german", in_country("DE")).await;
        site.post_with(&cookie, PAGE, &site.marked("act=audience&segment=german").await)
            .await
            .expect(303);
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert!(page.one(".place").starts_with("For named readers"), "{}", page.of);
        assert!(!page.one("#reach").contains("on the web"));
        site.post(PAGE, "act=audience&segment=").await.expect(303);
        assert_eq!(audience(&site).await.as_deref(), Some("german"), "{}", page.of);
        site.get_with(&cookie, "/desk/briefs/none").await.expect(404);
        site.get_with(&cookie, "/desk/briefs/%22").await.expect(404);
    }
}

#[tokio::test]
async fn a_reader_outside_the_audience_is_told_that_nothing_comes() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_reader(1, SubscriberState::Active).await;
        site.add_reader(2, SubscriberState::Pending).await;
        let settings = format!("/settings/{}", token(1));
        let link = site.mail_link(2).await;
        for (segment, is_mailed) in [("north", false), ("german", true)] {
            let country = if is_mailed { "DE" } else { "NO" };
            keep(&site, segment, in_country(country)).await;
            let form = format!("act=audience&segment={segment}");
            site.post_with(&cookie, PAGE, &site.marked(&form).await)
                .await
                .expect(303);

            let now = site.get(&settings).await.expect(200).one("main");
            assert_eq!(
                now.contains("every morning"),
                is_mailed,
                "{}: {now}",
                site.db.name
            );
            let page = site.get(&link).await.expect(200);
            assert_eq!(page.texts(".note").is_empty(), is_mailed, "{}", page.of);
        }
        let done = site.post(&link, "").await.expect(200);
        assert!(done.text.contains("every morning"), "{}", done.of);
        site.post_with(&cookie, PAGE, &site.marked("act=audience&segment=north").await)
            .await
            .expect(303);
        let again = site.get(&link).await.expect(200);
        assert!(again.text.contains("goes to a part of its list"), "{}", again.of);
    }
}

#[tokio::test]
async fn a_plan_that_somebody_else_changed_meanwhile_is_not_overwritten() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        site.add_reader(1, SubscriberState::Active).await;
        keep(&site, "german", in_country("DE")).await;
        keep(&site, "north", in_country("NO")).await;
        let seen = site.get_with(&cookie, AUDIENCE).await.expect(200);
        let mark = seen.attributes("#audience ~ form input[name=of]", "value")[0].clone();
        let post = |segment: &str| format!("act=audience&segment={segment}&of={mark}");
        site.post_with(&cookie, PAGE, &post("german")).await.expect(303);
        let page = site.post_with(&cookie, PAGE, &post("north")).await.expect(409);
        assert!(
            page.one(".faults").contains("Somebody changed this plan"),
            "{}",
            page.text
        );
        assert_eq!(
            page.attributes("#segment option[selected]", "value"),
            ["north"],
            "what was chosen stays"
        );
        assert_eq!(audience(&site).await.as_deref(), Some("german"), "{}", page.of);
        site.post_with(&cookie, PAGE, "act=audience&segment=north")
            .await
            .expect(409);
    }
}

async fn plan(site: &Site) -> Brief {
    briefs::find(&site.db.store, site.brief)
        .await
        .unwrap()
        .unwrap()
        .brief
}

#[tokio::test]
async fn an_editor_says_when_a_brief_comes_out_and_what_it_draws_on() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let form = "part=days&heading=When+it+comes+out&days=Mon,+wed&skip=2026-12-25";
        let saved = save(&site, &cookie, form).await.expect(303);
        assert_eq!(saved.header("location"), format!("{PAGE}#days"));
        let form = "part=sources&heading=What+it+draws+on&sources=Nobody%27s+Post&languages=en";
        save(&site, &cookie, form).await.expect(303);
        let saved = plan(&site).await;
        assert_eq!(
            (saved.days.to_string().as_str(), saved.skip.len()),
            ("mon, wed", 1)
        );
        assert_eq!(
            (saved.sources.as_slice(), saved.languages.len()),
            (&["Nobody's Post".to_owned()][..], 1)
        );

        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(page.one("#days + p"), "On mon, wed, but not on 2026-12-25");
        assert_eq!(page.one("#sources + p"), "Sources Nobody's Post · languages en");
        let form = site.get_with(&cookie, &format!("{PAGE}?change=days")).await;
        assert_eq!(form.expect(200).attributes("#days-days", "value"), ["mon, wed"]);
        assert!(
            page.one("[data-unknown]")
                .starts_with("No source is called “Nobody's Post”.")
        );
        let list = site.get_with(&cookie, "/desk/briefs").await.expect(200);
        assert_eq!(list.texts("td.number")[0], "Sent at 06:00, mon, wed");
        let readers = site.get("/morning").await.expect(200);
        assert!(
            readers
                .one(".sign-up h2")
                .contains("every Monday and Wednesday morning"),
            "{}",
            page.of
        );

        for (hour, said) in [("09:30", "too late from 09:30"), ("never", "never too late")] {
            let form = format!("part=days&heading=When+it+comes+out&too_late={hour}");
            save(&site, &cookie, &form).await.expect(303);
            let page = site.get_with(&cookie, PAGE).await.expect(200);
            let days = page.one("#days + p");
            assert!(days.ends_with(&format!(" · {said}")), "{days}");
        }
        let saved = plan(&site).await;
        let form = "part=days&heading=When+it+comes+out&days=mon,+frei&skip=Christmas";
        let page = save(&site, &cookie, form).await.expect(422);
        assert!(
            page.one("#days-days-fault")
                .contains("`frei` is not a day of the week")
        );
        assert!(page.one("#days-skip-fault").contains("`Christmas` is not a day"));
        assert_eq!(
            page.attributes("#days-days", "value"),
            ["mon, frei"],
            "{}",
            page.of
        );
        assert_eq!(plan(&site).await, saved, "{}", page.of);
    }
}

#[tokio::test]
async fn the_rules_of_a_section_are_fields() {
    for site in sites().await {
        let cookie = site.sign_in().await;
        let section = SectionPlan {
            name: "Opinion".to_owned(),
            ..SectionPlan::default()
        };
        let with_section = Brief {
            sections: vec![section],
            ..plan(&site).await
        };
        let mut tx = site.db.store.begin().await.unwrap();
        let before = plan(&site).await;
        briefs::update(&mut tx, site.brief, &before, &with_section, MORNING)
            .await
            .unwrap();
        tx.commit().await.unwrap();

        let form = "part=section-0&heading=Opinion&name=Opinion&keywords=*bank%0D%0Aair+force&topics=Defence,+Verteidigung&sources=&places=&languages=\
                    &kinds=commentary,+live&limit=3&kind=opinion&numbering=own";
        save(&site, &cookie, form).await.expect(303);
        let saved = plan(&site).await.sections.remove(0);
        assert_eq!(saved.keywords, ["*bank", "air force"]);
        assert_eq!(saved.topics, ["Defence", "Verteidigung"]);
        assert_eq!(saved.kinds, [ArticleKind::Opinion, ArticleKind::LiveBlog]);
        assert_eq!(saved.limit, 3);
        assert_eq!(
            (saved.kind, saved.numbering),
            (SectionKind::Opinion, Some(Numbering::Own))
        );

        let form = "part=section-0&heading=Opinion&keywords=*&kinds=essay&limit=many&languages=english&kind=event\
                    &numbering=roman";
        let page = save(&site, &cookie, form).await.expect(422);
        let fault = |name: &str| page.one(&format!("#section-0-{name}-fault"));
        assert!(fault("keywords").contains("“*” has no word"), "{}", page.of);
        assert!(fault("kinds").contains("`essay` is not an article kind"));
        assert!(fault("languages").contains("“english” is not the code of a language"));
        assert!(fault("limit").contains("not a whole number"));
        assert!(fault("kind").contains("Choose one of these."));
        assert!(fault("numbering").contains("Choose one of these."));
        assert_eq!(
            page.attributes("form.settings [name=heading]", "value"),
            ["Opinion"]
        );

        save(&site, &cookie, "part=none").await.expect(409);
        let gone = save(&site, &cookie, "part=section-0&heading=Politics&name=Vote").await;
        assert_eq!(gone.expect(422).attributes("#new-name", "value"), ["Vote"]);
        assert_eq!(plan(&site).await.sections, [saved], "{}", page.of);

        let form = "part=numbers&heading=How+entries+are+numbered&top_numbering=own&numbering=none";
        save(&site, &cookie, form).await.expect(303);
        let numbered = plan(&site).await;
        assert_eq!(
            (numbered.top_numbering, numbered.numbering),
            (Some(Numbering::Own), Numbering::None)
        );
        let page = site.get_with(&cookie, PAGE).await.expect(200);
        assert_eq!(
            page.one("#numbers + p"),
            "Without numbers · first stories: counted from 1"
        );
        let form = "part=numbers&heading=How+entries+are+numbered&top_numbering=&numbering=";
        save(&site, &cookie, form).await.expect(303);
        let usual = plan(&site).await;
        assert_eq!(
            (usual.top_numbering, usual.numbering),
            (None, Numbering::Continuous)
        );
    }
}

/// Sends a form of the page as it is now.
async fn save(site: &Site, cookie: &str, form: &str) -> Answer {
    let part = &form["part=".len()..form.find('&').unwrap_or(form.len())];
    let page = site.get_with(cookie, &format!("{PAGE}?change={part}")).await;
    let mark = page.expect(200).attributes("main input[name=of]", "value")[0].clone();
    site.post_with(cookie, &format!("{PAGE}/plan"), &format!("{form}&of={mark}"))
        .await
}
