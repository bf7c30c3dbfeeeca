//! What a brief's plan makes of the same articles: on which days, from which sources, in which section.

use crate::{
    outlet::Outlet,
    program::{Folder, Said},
};

fn at(folder: &Folder, now: &str, arguments: &[&str]) -> Said {
    let here = ["--now", now, "--set", "gather.allow_networks=127.0.0.0/8"];
    let hurry = ["--set", "gather.host_delay_millis=0"];
    folder.run(&[&here[..], &hurry, arguments].concat())
}

fn ok(folder: &Folder, now: &str, arguments: &[&str]) -> String {
    let said = at(folder, now, arguments);
    assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.err);
    said.out
}

const FERRY: (&str, &str) = (
    "Ferry Aurora sinks off Northport",
    "The ferry Aurora sank off Northport late on Friday with 214 people aboard, the coastguard said.",
);
const FROST: (&str, &str) = (
    "Frost destroys half of cherry blossom in Lower Vale",
    "Frost destroyed half of the cherry blossom in the Lower Vale on Sunday night, growers there said.",
);
const BUDGET: (&str, &str) = (
    "Tresse parliament passes budget after two nights",
    "Parliament in Tresse passed a budget of 4.1 billion crowns on Thursday after two nights of debate.",
);

/// An outlet with these reports, each by path, dated so.
fn outlet(name: &str, reports: &[(&str, (&str, &str), &str)]) -> (Outlet, String) {
    let outlet = Outlet::named(name);
    let feed = put(&outlet, reports);
    (outlet, feed)
}

fn put(outlet: &Outlet, reports: &[(&str, (&str, &str), &str)]) -> String {
    for (path, (headline, text), _) in reports {
        let more = "More on this will be said on Monday, when the harbour master and the council meet in the town hall.";
        outlet.report(path, headline, &[text, more]);
    }
    let listed: Vec<_> = reports
        .iter()
        .map(|(path, (headline, _), dated)| (*path, *headline, *dated))
        .collect();
    outlet.feed(&listed)
}

#[test]
fn a_brief_of_weekdays_rests_on_the_weekend_and_makes_up_for_it_on_monday() {
    let folder = Folder::new();
    let days = ["--days", "Mon,tue,wed,thu,friday", "--approval", "automatic"];
    folder.ok(&[&["brief", "add", "The Morning Brief"][..], &days].concat());
    assert!(folder.ok(&["brief", "list"]).contains("mon, tue, wed, thu, fri"));
    let plan = folder.ok(&["brief", "show"]);
    assert!(
        plan.contains("for The Morning Brief every weekday morning."),
        "{plan}"
    );

    let budget = ("/budget", BUDGET, "Fri, 13 Mar 2026 01:10:00 GMT");
    let ferry = ("/ferry", FERRY, "Fri, 13 Mar 2026 09:00:00 GMT");
    let frost = ("/frost", FROST, "Sun, 15 Mar 2026 22:00:00 GMT");
    let (post, feed) = outlet("weekdays-post", &[budget]);
    let friday = "2026-03-13T04:00:00Z";
    ok(
        &folder,
        friday,
        &["sources", "add", &feed, "--carrier", "The Harbour Post"],
    );
    ok(&folder, friday, &["gather", "--all"]);
    ok(&folder, friday, &["edition", "compile"]);

    let saturday = "2026-03-14T04:00:00Z";
    put(&post, &[budget, ferry]);
    ok(&folder, saturday, &["gather", "--all"]);
    let said = at(&folder, saturday, &["edition", "compile"]);
    let told = "does not come out on Saturday, 14 March 2026, and next on Monday, 16 March 2026";
    assert!(said.code == Some(1) && said.err.contains(told), "{}", said.err);
    assert!(at(&folder, saturday, &["edition", "show"]).err.contains(told));
    let forecast = ok(&folder, saturday, &["edition", "forecast"]);
    assert!(
        forecast.starts_with("The Morning Brief, 2026-03-16: not compiled yet"),
        "{forecast}"
    );

    let monday = "2026-03-16T04:00:00Z";
    put(&post, &[budget, ferry, frost]);
    ok(&folder, monday, &["gather", "--all"]);
    let said = ok(&folder, monday, &["edition", "compile"]);
    assert!(!said.contains("hours before"), "{said}");
    let edition = ok(&folder, monday, &["edition", "show"]);
    assert!(
        edition.contains(FERRY.0) && edition.contains(FROST.0) && !edition.contains(BUDGET.0),
        "{edition}"
    );
    let sunday = ["edition", "compile", "--day", "2026-03-15"];
    assert!(ok(&folder, monday, &sunday).contains("The Morning Brief, 2026-03-15:"));
}

#[test]
fn what_a_plan_has_wrong_of_its_days_is_told() {
    let folder = Folder::new();
    folder.ok(&["brief", "add", "The Morning Brief"]);
    let plan = folder.ok(&["brief", "show"]);
    let update = ["brief", "update", "the-morning-brief", "plan.toml"];
    folder.write("plan.toml", &format!("days = [\"mon\", \"frei\"]\n{plan}"));
    let said = folder.run(&update);
    assert!(
        said.err.contains("`frei` is not a day of the week"),
        "{}",
        said.err
    );
    folder.write("plan.toml", &format!("days = []\n{plan}"));
    assert!(folder.run(&update).err.contains("no day is named"));

    folder.write(
        "plan.toml",
        &plan.replace("# days = ", "days = ").replace("# skip", "skip"),
    );
    let said = folder.ok(&update);
    assert!(
        said.contains("`consent` says “every morning”, and by `days` it comes every weekday morning"),
        "{said}"
    );
    let plan = folder.ok(&["brief", "show"]);
    assert!(plan.contains("skip = [\"2026-12-25\"]"), "{plan}");
}

#[test]
fn a_plan_by_which_readers_get_no_edition_in_time_is_remarked_on() {
    let folder = Folder::new();
    let zone = ["--zone", "America/Los_Angeles", "--lead-minutes", "45"];
    let said = folder.ok(&[&["brief", "add", "The Morning Brief"][..], &zone].concat());
    assert!(!said.contains("too late"), "nobody reads it: {said}");
    for (reader, zone) in [
        ("kia", "Pacific/Auckland"),
        ("ora", "Pacific/Auckland"),
        ("sue", "Pacific/Fiji"),
        ("lee", "Europe/London"),
    ] {
        let add = [
            "subscribers",
            "add",
            &format!("{reader}@example.org"),
            "--zone",
            zone,
        ];
        let said = folder.ok(&[&add[..], &["--consent", "asked by letter"]].concat());
        assert_eq!(said.contains("too late for 1 reader"), reader != "lee", "{said}");
        assert_eq!(
            said.contains("from the next edition on"),
            reader == "lee",
            "{said}"
        );
    }
    folder.write("more.csv", "email,zone\nmoana@example.org,Pacific/Auckland\n");
    let said = folder.ok(&["subscribers", "import", "more.csv", "--consent", "paper form"]);
    assert!(
        said.contains("too late for 4 readers (3 in Pacific/Auckland"),
        "{said}"
    );
    let plan = folder.ok(&["brief", "show"]);
    let update = |plan: &str| {
        folder.write("plan.toml", plan);
        folder.ok(&["brief", "update", "the-morning-brief", "plan.toml"])
    };
    let said = update(&plan.replace("Los_Angeles", "Vancouver"));
    let told = "Whenever an edition is ready it is too late for 4 readers (3 in Pacific/Auckland, 1 in Pacific/Fiji), so that none";
    assert!(
        said.contains(told) && said.contains("`too_late = \"never\"`"),
        "{said}"
    );
    let plan = folder.ok(&["brief", "show"]);
    let forecast = || ok(&folder, "2026-03-10T12:30:00Z", &["edition", "forecast"]);
    assert!(forecast().contains("For 4 of them it was too late before it was compiled."));
    let said = update(&format!("too_late = \"never\"\n{plan}"));
    assert!(!said.contains("readers"), "{said}");
    assert!(!forecast().contains("too late"));
}

#[test]
fn two_briefs_of_one_store_need_not_carry_the_same() {
    let folder = Folder::new();
    let dated = "Fri, 13 Mar 2026 01:10:00 GMT";
    let now = "2026-03-13T04:00:00Z";
    let german = (
        "Fähre vor Nordhafen gesunken",
        "Die Fähre Aurora ist am späten Donnerstag mit 214 Menschen an Bord vor Nordhafen gesunken, sagte die Küstenwache.",
    );
    let (_post, post) = outlet("plans-post", &[("/budget", BUDGET, dated)]);
    let (_mail, mail) = outlet("plans-mail", &[("/frost", FROST, dated)]);
    let (_bote, bote) = outlet("plans-bote", &[("/faehre", german, dated)]);
    for (feed, carrier) in [
        (&post, "The Harbour Post"),
        (&mail, "Vale Mail"),
        (&bote, "Hafenbote"),
    ] {
        ok(&folder, now, &["sources", "add", feed, "--carrier", carrier]);
    }
    ok(&folder, now, &["gather", "--all"]);
    let printed = |name: &str, keys: &str| {
        folder.ok(&["brief", "add", name]);
        let plan = folder.ok(&["brief", "show", name]);
        folder.write("plan.toml", &format!("{keys}\n{plan}"));
        let said = folder.ok(&["brief", "update", name, "plan.toml"]);
        ok(&folder, now, &["edition", "compile", name]);
        let edition = ok(&folder, now, &["edition", "show", name]);
        let has = |headline| edition.contains(headline);
        (said, [has(BUDGET.0), has(FROST.0), has(german.0)])
    };
    assert_eq!(printed("all", "").1, [true, true, true]);
    assert_eq!(printed("german", "languages = [\"de\"]").1, [false, false, true]);
    let (said, chosen) = printed("some", "sources = [\"the harbour  post\", \"Vale Mial\"]");
    assert_eq!(chosen, [true, false, false]);
    assert!(
        said.contains("No source is called “Vale Mial”: did you mean “Vale Mail”?"),
        "{said}"
    );
}

#[test]
fn stories_that_find_no_room_are_named_when_an_edition_is_compiled() {
    let folder = Folder::new();
    let dated = "Fri, 13 Mar 2026 01:10:00 GMT";
    let now = "2026-03-13T04:00:00Z";
    let reports = [
        ("/budget", BUDGET, dated),
        ("/frost", FROST, dated),
        ("/ferry", FERRY, dated),
    ];
    let (_post, feed) = outlet("limits-post", &reports);
    ok(
        &folder,
        now,
        &["sources", "add", &feed, "--carrier", "The Harbour Post"],
    );
    ok(&folder, now, &["gather", "--all"]);
    folder.ok(&["brief", "add", "Few"]);
    folder.write(
        "plan.toml",
        &format!(
            "{}\n[[sections]]\nname = \"Vale\"\nplaces = [\"Lower Vale\"]\n\n[[sections]]\nname = \"All\"\nlimit = 1\n",
            folder
                .ok(&["brief", "show"])
                .replace("top = 5", "top = 0")
                .split("# A story belongs")
                .next()
                .unwrap()
        ),
    );
    folder.ok(&["brief", "update", "few", "plan.toml"]);
    let said = ok(&folder, now, &["edition", "compile"]);
    assert!(
        said.contains("1 story was left out by the limit of All: “"),
        "{said}"
    );
    let json = ok(&folder, now, &["edition", "show", "--format", "json"]);
    assert!(json.contains("section Vale: place Lower Vale"), "{json}");
    // An edited edition still tells of them.
    folder.write("edited.json", &json.replace("Frost destroys", "Frost kills"));
    let said = ok(&folder, now, &["edition", "update", "edited.json"]);
    assert!(said.contains("1 story was left out"), "{said}");
}

#[test]
fn a_story_is_told_in_the_language_of_the_brief_where_somebody_does() {
    let folder = Folder::new();
    let dated = "Fri, 13 Mar 2026 01:10:00 GMT";
    let now = "2026-03-13T04:00:00Z";
    let german = (
        "Fähre Aurora vor Nordhafen gesunken",
        "Die Fähre Aurora ist am späten Donnerstag mit 214 Menschen an Bord vor Nordhafen gesunken, sagte die Küstenwache.",
    );
    let (_post, post) = outlet("spoken-post", &[("/ferry", FERRY, dated)]);
    let (_bote, bote) = outlet("spoken-bote", &[("/faehre", german, dated)]);
    for (feed, carrier) in [(&post, "The Harbour Post"), (&bote, "Hafenbote")] {
        ok(&folder, now, &["sources", "add", feed, "--carrier", carrier]);
    }
    ok(&folder, now, &["gather", "--all"]);
    ok(&folder, now, &["stories", "join", "1", "2"]);
    for (language, told, other) in [("en", FERRY.0, german.0), ("de", german.0, FERRY.0)] {
        let name = format!("in-{language}");
        folder.ok(&["brief", "add", &name, "--language", language]);
        ok(&folder, now, &["edition", "compile", &name]);
        let edition = ok(&folder, now, &["edition", "show", &name]);
        assert!(edition.contains(told) && !edition.contains(other), "{edition}");
    }
}

#[test]
fn a_section_takes_what_a_feed_or_a_page_files_under_its_topics() {
    let folder = Folder::new();
    let now = "2026-03-13T04:00:00Z";
    let dated = "Fri, 13 Mar 2026 01:10:00 GMT";
    let outlet = Outlet::named("topics-post");
    put(&outlet, &[("/budget", BUDGET, dated), ("/ferry", FERRY, dated)]);
    let item = |path: &str, headline: &str, categories: &str| {
        let link = format!("{}{path}", outlet.site);
        format!(
            "<item><title>{headline}</title><link>{link}</link><pubDate>{dated}</pubDate>{categories}</item>"
        )
    };
    let filed = "<category>Politics</category><category>defence </category>";
    let items = [
        item("/budget", BUDGET.0, filed),
        item("/ferry", FERRY.0, ""),
        item("/frost", FROST.0, ""),
    ];
    let feed = format!(
        "<rss version=\"2.0\"><channel><title>Any</title>{}</channel></rss>",
        items.concat()
    );
    outlet.put("/feed", "application/rss+xml", feed);
    let page = format!(
        "<title>{0}</title><meta property=\"article:section\" content=\"Verteidigung\">\
         <article><h1>{0}</h1><p>{1}</p><p>{1}</p></article>",
        FROST.0, FROST.1
    );
    outlet.put("/frost", "text/html", page);
    let feed = format!("{}/feed", outlet.site);
    ok(
        &folder,
        now,
        &["sources", "add", &feed, "--carrier", "The Harbour Post"],
    );
    ok(&folder, now, &["gather", "--all"]);
    let address = format!("{}/budget", outlet.site);
    let article = folder.ok(&["articles", "show", &address]);
    assert!(article.contains("Topics: Politics, defence\n"), "{article}");

    folder.ok(&["brief", "add", "Filed"]);
    let plan = folder.ok(&["brief", "show"]).replace("top = 5", "top = 0");
    let plan = plan.split("# A story belongs").next().unwrap();
    let sections = "[[sections]]\nname = \"All\"\n[[sections]]\nname = \"Forces\"\n";
    folder.write(
        "wrong.toml",
        &format!("{plan}\n{sections}topic = [\"Defence\"]\n"),
    );
    let said = folder.run(&["brief", "update", "filed", "wrong.toml"]);
    assert!(said.code != Some(0) && said.err.contains("topic"), "{}", said.err);
    let topics = "topics = [\"Defence\", \"Verteidigung\"]\n";
    folder.write("plan.toml", &format!("{plan}\n{sections}{topics}"));
    folder.ok(&["brief", "update", "filed", "plan.toml"]);
    ok(&folder, now, &["edition", "compile"]);
    let json = ok(&folder, now, &["edition", "show", "--format", "json"]);
    let (all, forces) = json.split_once("\"Forces\"").expect(&json);
    assert!(all.contains(FERRY.0) && !all.contains(BUDGET.0), "{json}");
    assert!(forces.contains(BUDGET.0) && forces.contains(FROST.0), "{json}");
    assert!(forces.contains("section Forces: topic Defence"), "{json}");
}
