//! Readers whose day is over before an edition is ready, or begins long after.

use crate::{
    ferry::{BUDGET, FERRY, at, mails, morning},
    outlet::Outlet,
    program::Folder,
    serving::{Server, only_mail, wait_for},
};

/// A morning with a reader in London, one in Los Angeles and one in Tokyo.
fn far_apart(plan: &str) -> (Folder, Outlet) {
    let folder = Folder::new();
    let outlet = morning(&folder, "manual");
    for (reader, zone) in [("lee", "America/Los_Angeles"), ("ken", "Asia/Tokyo")] {
        let reader = format!("{reader}@example.org");
        let consent = ["--zone", zone, "--consent", "asked by letter"];
        at(
            &folder,
            "04:35",
            &[&["subscribers", "add", &reader][..], &consent].concat(),
        );
    }
    let shown = at(&folder, "04:35", &["brief", "show"]).out;
    folder.write("plan.toml", &format!("{plan}\n{shown}"));
    at(
        &folder,
        "04:35",
        &["brief", "update", "the-morning-brief", "plan.toml"],
    );
    (folder, outlet)
}

#[test]
fn nobody_gets_an_edition_on_a_day_that_it_is_not_dated() {
    let (folder, _outlet) = far_apart("");
    let said = at(&folder, "04:45", &["edition", "forecast"]).out;
    assert!(said.contains("3 of 3") && !said.contains("too late"), "{said}");
    // Midnight in Tokyo, and eight in the morning in Los Angeles.
    let said = at(&folder, "15:00", &["edition", "approve"]).out;
    assert!(
        said.contains("It is too late for 1 reader, who miss it"),
        "{said}"
    );
    let said = at(&folder, "15:01", &["edition", "send"]).out;
    assert!(said.contains("2 sent, 1 missed."), "{said}");
    let said = at(&folder, "15:02", &["delivery", "show", "--state", "missed"]).out;
    assert!(
        said.contains("ken@example.org") && said.contains("it is too late for the reader"),
        "{said}"
    );
    at(&folder, "15:03", &["delivery", "resend", "--missed"]);
    let said = at(&folder, "15:04", &["edition", "send"]).out;
    assert!(said.contains("3 sent."), "{said}");
}

#[test]
fn an_edition_that_is_compiled_once_its_day_is_over_leaves_the_news_to_the_next_one() {
    let folder = Folder::new();
    let outlet = Outlet::named("post");
    outlet.report("/ferry", "Ferry Aurora sinks off Northport", &FERRY);
    outlet.report("/budget", "Tresse parliament passes budget", &BUDGET);
    let feed = outlet.feed(&[
        (
            "/budget",
            "Tresse parliament passes budget",
            "Tue, 10 Mar 2026 20:10:00 GMT",
        ),
        (
            "/ferry",
            "Ferry Aurora sinks off Northport",
            "Tue, 10 Mar 2026 01:10:00 GMT",
        ),
    ]);
    let day = ["the-morning-brief", "--day"];
    let at = |minute: u32, words: &[&str]| {
        let now = format!("2026-03-11T01:{minute:02}:00Z");
        let here = ["--now", &now, "--set", "gather.allow_networks=127.0.0.0/8"];
        let hurry = ["--set", "gather.host_delay_millis=0"];
        folder.ok(&[&here[..], &hurry, words].concat())
    };
    at(0, &["brief", "add", "The Morning Brief", "--zone", "UTC"]);
    at(
        0,
        &[
            "sources",
            "add",
            &feed,
            "--unseen",
            "--carrier",
            "The Harbour Post",
        ],
    );
    at(0, &["gather", "--all"]);
    for (day_of, entries) in [("2026-03-10", [true, false]), ("2026-03-11", [true, true])] {
        let named = [day[0], day[1], day_of];
        at(1, &[&["edition", "compile"][..], &named].concat());
        let shown = at(2, &[&["edition", "show"][..], &named].concat());
        let has = ["Ferry Aurora", "Tresse parliament"].map(|title| shown.contains(title));
        assert_eq!(has, entries, "{shown}");
        at(3, &[&["edition", "approve"][..], &named].concat());
    }
}

#[test]
fn who_missed_several_editions_in_a_row_is_told_of_each() {
    let (folder, outlet) = far_apart("");
    let plan = at(&folder, "04:36", &["brief", "show"]).out;
    folder.write(
        "plan.toml",
        &plan.replace("tell_missed = false", "tell_missed = true"),
    );
    at(
        &folder,
        "04:36",
        &["brief", "update", "the-morning-brief", "plan.toml"],
    );
    // At three in the afternoon of London the day is over in Tokyo.
    at(&folder, "15:00", &["edition", "approve"]);
    at(&folder, "15:01", &["edition", "send"]);
    let later = |now: &str, words: &[&str]| {
        let here = ["--now", now, "--set", "gather.allow_networks=127.0.0.0/8"];
        let hurry = ["--set", "gather.host_delay_millis=0"];
        folder.ok(&[&here[..], &hurry, words].concat());
    };
    let reports = [
        (
            "/bridge",
            "Hallam bridge opens after three years",
            "The new bridge at Hallam opened to traffic on Tuesday after three years of work, the county said.",
            "Tue, 10 Mar 2026 22:10:00 GMT",
            "2026-03-11",
            ["15:00", "15:01"],
        ),
        (
            "/strike",
            "Tram drivers in Corvin end their strike",
            "Tram drivers in Corvin ended their strike on Wednesday and return to work, their union said.",
            "Wed, 11 Mar 2026 22:10:00 GMT",
            "2026-03-12",
            ["04:45", "04:46"],
        ),
    ];
    for (path, headline, text, dated, day, [approved, sent]) in reports {
        let more =
            "More on this will be said on Monday, when the mayor and the council meet in the town hall.";
        outlet.report(path, headline, &[text, more]);
        outlet.feed(&[(path, headline, dated)]);
        let at = |hour: &str| format!("{day}T{hour}:00Z");
        later(&at("04:00"), &["gather", "--all"]);
        later(&at("04:30"), &["edition", "compile"]);
        later(&at(approved), &["edition", "approve"]);
        later(&at(sent), &["edition", "send"]);
    }
    let to_tokyo: Vec<_> = mails(&folder)
        .into_iter()
        .filter(|mail| mail.contains("To: ken@example.org"))
        .collect();
    let [mail] = &to_tokyo[..] else {
        panic!("{to_tokyo:?}")
    };
    for day in ["Tuesday, 10 March 2026", "Wednesday, 11 March 2026"] {
        let told = format!("The edition of {day} came too late for your morning.");
        let mail = mail.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(mail.contains(&told), "{mail}");
    }
    let told = mails(&folder)
        .iter()
        .filter(|mail| mail.contains("came too late"))
        .count();
    assert_eq!(told, 1, "nobody else missed any");
}

#[test]
fn what_was_planned_before_an_outage_is_missed_where_its_day_is_over_after_it() {
    let (folder, _outlet) = far_apart("");
    at(&folder, "04:45", &["edition", "approve"]);
    // The reader in Tokyo gets it at once, London waits for six o'clock, and the machine stands still until then.
    let said = at(&folder, "04:46", &["edition", "send"]).out;
    assert!(said.contains("2 queued, 1 sent"), "{said}");
    let said = at(&folder, "04:47", &["edition", "forecast"]).out;
    assert!(
        said.contains("2 of 2")
            && said.contains("The last zone, America/Los_Angeles, is reached at 2026-03-10T13:00:00Z."),
        "{said}"
    );
    let the_day_after = [
        "--now",
        "2026-03-11T00:30:00Z",
        "edition",
        "send",
        "--day",
        "2026-03-10",
    ];
    let said = folder.ok(&the_day_after);
    assert!(said.contains("2 sent, 1 missed."), "{said}");
    assert!(
        folder
            .ok(&["delivery", "show", "--day", "2026-03-10", "--state", "missed"])
            .contains("ann@")
    );
}

#[test]
fn where_it_is_never_too_late_it_waits_for_the_next_morning() {
    let (folder, _outlet) = far_apart("too_late = \"never\"");
    let said = at(&folder, "15:00", &["edition", "approve"]).out;
    assert!(
        said.contains("The morning of 2 readers is over: theirs comes on a later day"),
        "{said}"
    );
    let said = at(&folder, "15:01", &["edition", "send"]).out;
    assert!(said.contains("2 queued, 1 sent"), "{said}");
    let said = at(&folder, "15:02", &["edition", "forecast"]).out;
    assert!(
        said.contains("2026-03-10T21:00:00Z") && said.contains("2026-03-11T06:00:00Z"),
        "{said}"
    );
    let last = "is reached at 2026-03-11T06:00:00Z.";
    assert!(
        said.contains(last) && said.contains("The morning of 2 readers is over"),
        "as before it was planned: {said}"
    );
}

#[test]
fn who_signs_up_where_no_edition_is_ready_in_time_is_mailed_so() {
    let folder = Folder::new();
    let zone = ["--zone", "America/Los_Angeles", "--lead-minutes", "45"];
    folder.ok(&[&["brief", "add", "The Morning Brief"][..], &zone].concat());
    let server = Server::start(&folder);
    let page = server.get("/the-morning-brief");
    let sentence = page.split("name=\"sentence\" value=\"").nth(1).unwrap();
    let sentence = sentence.split('"').next().unwrap().replace(' ', "+");
    let form = format!("email=kia%40example.org&country=NZ&zone=&website=&sentence={sentence}");
    let page = server.post("/the-morning-brief", &form);
    assert!(page.contains("no edition reaches you in time"), "{page}");
    wait_for(&folder, &["subscribers", "proof", "kia@example.org"], "mailed");
    let mail = only_mail(&folder.path().join("outbox"));
    assert!(
        mail.contains("Confirm with one click and you are on its") && mail.contains("Pacific/Auckland"),
        "{mail}"
    );
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn who_is_entered_while_an_edition_goes_out_is_said_to_get_it_where_their_hour_is_ahead() {
    let (folder, _outlet) = far_apart("");
    at(&folder, "04:45", &["edition", "approve"]);
    at(&folder, "06:01", &["edition", "send"]);
    for (reader, zone, gets_it) in [
        ("mei", "America/Los_Angeles", true),
        ("ali", "Europe/London", false),
    ] {
        let reader = format!("{reader}@example.org");
        let consent = ["--zone", zone, "--consent", "asked by letter"];
        let add = [&["subscribers", "add", &reader][..], &consent].concat();
        let said = at(&folder, "06:10", &add).out;
        assert!(said.contains("from the next edition on"), "{said}");
        assert_eq!(said.contains(", and today's edition too."), gets_it, "{said}");
    }
}

#[test]
fn a_list_that_is_brought_in_while_an_edition_goes_out_gets_it_where_the_hour_is_ahead() {
    let (folder, _outlet) = far_apart("");
    at(&folder, "04:45", &["edition", "approve"]);
    let said = at(&folder, "06:01", &["edition", "send"]).out;
    assert!(said.contains("1 queued, 2 sent"), "{said}");
    let import = |time: &str, list: &str, more: &[&str]| {
        folder.write("readers.csv", list);
        let import = [
            "subscribers",
            "import",
            "readers.csv",
            "--consent",
            "asked by letter",
        ];
        at(&folder, time, &[&import, more].concat()).out
    };
    // In London it is past six.
    let list = "email,zone\nmei@example.org,America/Los_Angeles\nali@example.org,Europe/London\n";
    let said = import("06:10", list, &["--dry-run"]);
    assert!(said.contains("2 readers"), "{said}");
    let said = at(&folder, "06:11", &["edition", "forecast"]).out;
    assert!(said.contains("1 of 1"), "{said}");
    import("06:12", list, &[]);
    let list = "email,zone\nlee@example.org,America/New_York\n";
    let said = import("06:13", list, &["--if-known", "overwrite"]);
    assert!(said.contains("1 changed"), "{said}");
    let said = at(&folder, "06:14", &["edition", "forecast"]).out;
    for hour in ["2026-03-10T10:00:00Z", "2026-03-10T13:00:00Z", "2 of 2"] {
        assert!(said.contains(hour), "{said}");
    }
    let said = at(&folder, "10:01", &["edition", "send"]).out;
    assert!(said.contains("1 queued, 3 sent"), "{said}");
    let said = at(&folder, "13:01", &["edition", "send"]).out;
    assert!(said.contains("4 sent"), "{said}");
    let said = at(&folder, "13:02", &["delivery", "show", "--state", "sent"]).out;
    assert!(
        said.contains("mei@example.org") && !said.contains("ali@example.org"),
        "{said}"
    );
}
