//! What changes after an edition was compiled: before it is sent, and after.

use reveille_mail::{
    catcher::{Act, CatcherOptions, Fault},
    smtp::Phase,
};
use tokio::runtime::Runtime;

use crate::{
    outlet::Outlet,
    program::{Folder, Said},
};

/// Runs a command at an hour of 10 March 2026, with the local web allowed.
pub(crate) fn at(folder: &Folder, hour: &str, arguments: &[&str]) -> Said {
    let now = format!("2026-03-10T{hour}:00Z");
    let here = ["--now", &now, "--set", "gather.allow_networks=127.0.0.0/8"];
    let hurry = ["--set", "gather.host_delay_millis=0"];
    let said = folder.run(&[&here[..], &hurry, arguments].concat());
    assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.err);
    said
}

const FERRY: [&str; 3] = [
    "The ferry Aurora sank off Northport late on Monday with 214 people aboard, the coastguard said.",
    "All passengers were taken off by lifeboats within four hours, and eleven were treated at the Northport clinic.",
    "Captain Lena Ost told the harbour master that the Aurora had lost steering in the Kestrel channel.",
];
const BUDGET: [&str; 2] = [
    "Parliament in Tresse passed a budget of 4.1 billion crowns on Monday after two nights of debate.",
    "Finance minister Oda Brandt called the vote the hardest of her eleven years in office.",
];
const ORCHARD: [&str; 2] = [
    "Frost destroyed half of the cherry blossom in the Lower Vale on Sunday night, growers there said.",
    "The growers' union put the damage at some nine million crowns and asked for help from the province.",
];

/// A morning with three reports, gathered and compiled by half past four.
pub(crate) fn morning(folder: &Folder, approval: &str) -> Outlet {
    let outlet = Outlet::named("post");
    outlet.report("/ferry", "Ferry Aurora sinks off Northport", &FERRY);
    outlet.report(
        "/budget",
        "Tresse parliament passes budget after two nights",
        &BUDGET,
    );
    outlet.report(
        "/orchard",
        "Frost destroys half of cherry blossom in Lower Vale",
        &ORCHARD,
    );
    let dated = "Tue, 10 Mar 2026 01:10:00 GMT";
    let feed = outlet.feed(&[
        ("/ferry", "Ferry Aurora sinks off Northport", dated),
        (
            "/budget",
            "Tresse parliament passes budget after two nights",
            dated,
        ),
        (
            "/orchard",
            "Frost destroys half of cherry blossom in Lower Vale",
            dated,
        ),
    ]);
    folder.ok(&["brief", "add", "The Morning Brief", "--approval", approval]);
    at(
        folder,
        "04:00",
        &["sources", "add", &feed, "--carrier", "The Harbour Post"],
    );
    at(folder, "04:00", &["gather", "--all"]);
    let consent = ["--country", "GB", "--consent", "asked by letter"];
    at(
        folder,
        "04:00",
        &[&["subscribers", "add", "ann@example.org"][..], &consent].concat(),
    );
    at(folder, "04:30", &["edition", "compile"]);
    outlet
}

fn edition(folder: &Folder) -> Said {
    let said = at(folder, "05:30", &["edition", "show"]);
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    Said {
        out: one_line(&said.out),
        err: one_line(&said.err),
        ..said
    }
}

/// The ferry did not sink after all, by the page and in the sentence that the edition prints.
pub(crate) fn correct_the_ferry(outlet: &Outlet) {
    let corrected = FERRY[0].replace("sank", "ran aground");
    outlet.report(
        "/ferry",
        "Ferry Aurora runs aground off Northport",
        &[&corrected, FERRY[1], FERRY[2]],
    );
}

#[test]
fn before_sending_a_changed_page_changes_its_entry_and_a_lost_one_is_only_shown() {
    let folder = Folder::new();
    let outlet = morning(&folder, "manual");
    let before = edition(&folder);
    assert!(before.out.contains("The ferry Aurora sank off"), "{}", before.out);
    assert!(!before.err.contains("amended"), "{}", before.err);

    correct_the_ferry(&outlet);
    outlet.report(
        "/budget",
        "Tresse parliament passes budget after two nights",
        &[
            BUDGET[0],
            "Finance minister Oda Brandt called the vote the hardest of her twelve years in office.",
        ],
    );
    outlet.remove("/orchard");
    at(&folder, "05:00", &["gather"]);

    let after = edition(&folder);
    assert!(
        after.out.contains("Ferry Aurora runs aground off Northport"),
        "{}",
        after.out
    );
    assert!(
        after.out.contains("The ferry Aurora ran aground off"),
        "{}",
        after.out
    );
    assert!(
        after
            .err
            .contains("headline: Ferry Aurora [-sinks-]{+runs aground+} off Northport"),
        "{}",
        after.err
    );
    assert!(
        !after.err.contains("budget"),
        "its entry prints nothing of the change: {}",
        after.err
    );
    assert!(after.out.contains("Frost destroys half"), "{}", after.out);
    assert!(after.err.contains("shown, entry"), "{}", after.err);
    assert!(
        after.err.contains("is no longer on its page") && after.err.contains("404"),
        "{}",
        after.err
    );

    let url = format!("{}/ferry", outlet.site);
    let history = folder.ok(&["articles", "show", &url, "--versions", "--diff"]);
    assert!(history.contains("Version 2, standing."), "{history}");
    assert!(
        history.contains("The ferry Aurora [-sank-]{+ran aground+} off"),
        "{history}"
    );
    assert!(history.contains("… 2 lines as before"), "{history}");
}

#[test]
fn before_sending_a_withdrawn_article_loses_its_entry_for_good() {
    let folder = Folder::new();
    let outlet = morning(&folder, "manual");
    let url = format!("{}/ferry", outlet.site);
    let said = at(
        &folder,
        "05:00",
        &["articles", "withdraw", &url, "--reason", "taken for another ship"],
    );
    assert!(said.out.contains("is withdrawn"), "{}", said.out);
    let after = edition(&folder);
    assert!(!after.out.contains("Aurora"), "{}", after.out);
    assert!(
        after.out.contains("1. ") && after.out.contains("2. ") && !after.out.contains("3. "),
        "{}",
        after.out
    );
    assert!(after.err.contains("struck, entry"), "{}", after.err);
    assert!(after.err.contains("taken for another ship"), "{}", after.err);

    correct_the_ferry(&outlet);
    at(&folder, "05:10", &["gather", "--all"]);
    at(&folder, "05:10", &["edition", "compile"]);
    assert!(!edition(&folder).out.contains("Aurora"));
    at(&folder, "05:20", &["edition", "approve"]);
}

#[test]
fn an_approved_edition_that_nobody_has_yet_is_amended_and_goes_out_as_amended() {
    let folder = Folder::new();
    let outlet = morning(&folder, "automatic");
    assert!(folder.ok(&["edition", "list"]).contains("approved"));
    correct_the_ferry(&outlet);
    at(&folder, "05:00", &["gather"]);
    at(&folder, "06:00", &["edition", "send"]);
    let after = edition(&folder);
    assert!(
        after.out.contains("The ferry Aurora ran aground off"),
        "{}",
        after.out
    );
    assert!(after.err.contains("amended, entry"), "{}", after.err);
    let listed = folder.ok(&["edition", "list"]);
    assert!(
        listed.contains("sent") && !listed.contains("needs correction"),
        "{listed}"
    );
    // What was amended is what readers have: it is no change to them.
    at(&folder, "09:00", &["gather"]);
    assert!(!folder.ok(&["edition", "list"]).contains("needs correction"));
}

#[test]
fn where_some_readers_have_it_the_others_get_it_amended_and_it_is_marked() {
    let folder = Folder::new();
    let outlet = morning(&folder, "automatic");
    let earlier = ["--zone", "Europe/Helsinki", "--consent", "asked by letter"];
    let add = [&["subscribers", "add", "bo@example.org"][..], &earlier].concat();
    at(&folder, "04:30", &add);
    let said = at(&folder, "04:31", &["edition", "send"]);
    assert!(said.out.contains("1 queued, 1 sent"), "{}", said.out);
    correct_the_ferry(&outlet);
    at(&folder, "05:00", &["gather"]);
    let listed = folder.ok(&["edition", "list"]);
    assert!(listed.contains("approved, needs correction"), "{listed}");
    let after = edition(&folder);
    assert!(
        after.out.contains("The ferry Aurora ran aground off"),
        "{}",
        after.out
    );
    assert!(after.err.contains("needs correction, entry"), "{}", after.err);
}

#[test]
fn where_all_mails_may_have_arrived_and_wait_to_be_sent_once_more_it_is_marked() {
    let (folder, runtime) = (Folder::new(), Runtime::new().unwrap());
    let outlet = morning(&folder, "automatic");
    let lost = Fault {
        at: Phase::AfterData,
        recipient: None,
        times: 1,
        act: Act::StoreThenDrop,
    };
    let options = CatcherOptions {
        faults: vec![lost],
        ..CatcherOptions::default()
    };
    let catcher = runtime.block_on(folder.catcher(options));
    let port = format!("mail.smtp.port={}", catcher.address().port());
    let mut send = vec!["edition", "send", "--set", &port];
    for setting in [
        "mail.transport=smtp",
        "mail.smtp.host=127.0.0.1",
        "mail.smtp.tls=none",
    ] {
        send.extend(["--set", setting]);
    }
    let said = folder.run(&[&["--now", "2026-03-10T06:00:00Z"], &send[..]].concat());
    assert!(said.out.contains("1 unknown"), "{}: {}", said.out, said.err);
    at(&folder, "06:05", &["delivery", "resend"]);
    let shown = at(&folder, "06:05", &["delivery", "show"]).out;
    assert!(
        shown.contains("1  queued") && !shown.contains("unknown"),
        "{shown}"
    );
    correct_the_ferry(&outlet);
    at(&folder, "06:30", &["gather"]);
    let listed = folder.ok(&["edition", "list"]);
    assert!(listed.contains("approved, needs correction"), "{listed}");
}

#[test]
fn who_is_not_among_an_editions_readers_is_told_apart_from_who_is() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "automatic");
    at(&folder, "06:00", &["edition", "send"]);
    let add = [
        "subscribers",
        "add",
        "bo@example.org",
        "--consent",
        "asked by letter",
    ];
    at(&folder, "07:00", &add);
    let show = |reader| at(&folder, "07:01", &["delivery", "show", "--reader", reader]).out;
    let shown = show("bo@example.org");
    assert!(shown.contains("None of these goes to bo@example.org."), "{shown}");
    let shown = show("ann@example.org");
    assert!(
        shown.contains("ann@example.org") && !shown.contains("None of these"),
        "{shown}"
    );
}

#[test]
fn after_sending_the_edition_is_marked_and_stays_as_readers_have_it() {
    let folder = Folder::new();
    let outlet = morning(&folder, "automatic");
    at(&folder, "06:00", &["edition", "send"]);
    assert!(!folder.ok(&["edition", "list"]).contains("needs correction"));
    correct_the_ferry(&outlet);
    at(&folder, "08:30", &["gather"]);

    let listed = folder.ok(&["edition", "list"]);
    assert!(listed.contains("sent, needs correction"), "{listed}");
    let after = edition(&folder);
    assert!(after.out.contains("The ferry Aurora sank off"), "{}", after.out);
    assert!(after.err.contains("needs correction, entry"), "{}", after.err);
    assert!(after.err.contains("[-sank-]{+ran aground+}"), "{}", after.err);

    // The host thinks again: nothing is left to be corrected.
    outlet.report("/ferry", "Ferry Aurora sinks off Northport", &FERRY);
    at(&folder, "11:00", &["gather"]);
    assert!(!folder.ok(&["edition", "list"]).contains("needs correction"));
}

/// The mails that were handed over, each with its name.
pub(crate) fn mails(folder: &Folder) -> Vec<String> {
    let files = std::fs::read_dir(folder.path().join("outbox")).unwrap();
    files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect()
}

#[test]
fn a_correction_is_told_to_who_has_the_wrong_one_and_repeated_by_the_next_edition() {
    let folder = Folder::new();
    let outlet = morning(&folder, "automatic");
    let later = ["--zone", "America/Los_Angeles", "--consent", "asked by letter"];
    let add = [&["subscribers", "add", "bo@example.org"][..], &later].concat();
    at(&folder, "04:30", &add);
    let said = at(&folder, "06:00", &["edition", "send"]);
    assert!(said.out.contains("1 queued, 1 sent"), "{}", said.out);
    correct_the_ferry(&outlet);
    at(&folder, "08:30", &["gather"]);
    let shown = edition(&folder).out;
    let (before, _) = shown.split_once(". Ferry Aurora").unwrap();
    let number = before.rsplit(' ').next().unwrap();

    let words = "The Aurora ran aground; it did not sink.";
    let said = at(&folder, "08:40", &["edition", "correct", number, words, "--send"]);
    assert!(
        said.out.contains("Mails to readers who have entry "),
        "{}",
        said.out
    );
    let told: Vec<String> = mails(&folder)
        .into_iter()
        .filter(|mail| mail.contains("Subject: Correction: "))
        .collect();
    assert_eq!(
        told.len(),
        1,
        "who has not got it yet gets it right in the first place"
    );
    assert!(
        told[0].contains("To: <ann@example.org>") || told[0].contains("To: ann@example.org"),
        "{}",
        told[0]
    );
    assert!(
        told[0].contains(words) && told[0].contains("/leave/"),
        "{}",
        told[0]
    );
    let again = at(&folder, "08:45", &["edition", "correct", number, words, "--send"]);
    assert!(
        again.out.contains("states this already") && again.out.contains(": 1 sent."),
        "{}",
        again.out
    );
    assert_eq!(mails(&folder).len(), 2, "the edition and one correction");
    let corrected = edition(&folder);
    assert_eq!(corrected.out.matches(words).count(), 1, "{}", corrected.out);
    assert!(
        corrected.out.contains(&format!("Correction: {words}")),
        "{}",
        corrected.out
    );
    assert!(
        corrected.out.contains("ran aground off Northport"),
        "{}",
        corrected.out
    );
    assert!(
        corrected.err.contains("was corrected by an editor at") && !corrected.err.contains("at its source"),
        "{}",
        corrected.err
    );
    assert!(!folder.ok(&["edition", "list"]).contains("needs correction"));

    let next = ["--now", "2026-03-11T04:30:00Z"];
    folder.ok(&[&next[..], &["edition", "compile"]].concat());
    let next = folder.ok(&[&next[..], &["edition", "show"]].concat());
    let next = next.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(next.contains("CORRECTIONS") && next.contains(words), "{next}");
}

#[test]
fn a_withdrawn_entry_is_explained_to_who_has_it_and_to_nobody_else() {
    let folder = Folder::new();
    let outlet = morning(&folder, "automatic");
    let later = ["--zone", "America/Los_Angeles", "--consent", "asked by letter"];
    let add = [&["subscribers", "add", "bo@example.org"][..], &later].concat();
    at(&folder, "04:30", &add);
    let shown = edition(&folder).out;
    let (before, _) = shown.split_once(". Ferry Aurora").unwrap();
    let number = before.rsplit(' ').next().unwrap().trim();
    at(&folder, "06:00", &["edition", "send"]);
    let url = format!("{}/ferry", outlet.site);
    at(
        &folder,
        "08:30",
        &["articles", "withdraw", &url, "--reason", "no such ship"],
    );
    assert!(folder.ok(&["edition", "list"]).contains("needs correction"));
    let said = at(&folder, "14:00", &["edition", "send"]);
    assert!(said.out.contains("2 sent"), "{}", said.out);

    let words = "There is no ferry of that name; the report was invented.";
    let said = at(&folder, "15:00", &["edition", "correct", number, words, "--send"]);
    assert!(said.out.contains(": 1 sent."), "{}", said.out);
    let told = mails(&folder);
    let told: Vec<_> = told
        .iter()
        .filter(|mail| mail.contains("Subject: Correction: "))
        .collect();
    assert_eq!(told.len(), 1, "who never had the entry is not told of it");
    let plain = told[0].split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        plain.contains("ann@example.org") && plain.contains(words),
        "{plain}"
    );
    assert!(
        plain.contains("no longer stands") && plain.contains("Ferry Aurora sinks"),
        "{plain}"
    );
    assert!(
        !plain.contains("214 people"),
        "what was taken back is not repeated: {plain}"
    );
    assert!(!folder.ok(&["edition", "list"]).contains("needs correction"));
    let again = at(&folder, "15:10", &["edition", "correct", number, words]);
    assert!(again.out.contains("states this already"), "{}", again.out);
    let shown = edition(&folder)
        .out
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let told = format!("Entry {number} was withdrawn after this edition went out. {words}");
    assert_eq!(shown.matches(&told).count(), 1, "{shown}");
    assert_eq!(shown.matches("was withdrawn").count(), 1, "{shown}");

    let next = ["--now", "2026-03-11T04:30:00Z"];
    folder.ok(&[&next[..], &["edition", "compile"]].concat());
    let next = folder.ok(&[&next[..], &["edition", "show"]].concat());
    let next = next.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(next.contains("CORRECTIONS") && next.contains(words), "{next}");
}

#[test]
fn right_words_take_the_place_of_wrong_ones() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "automatic");
    at(&folder, "06:00", &["edition", "send"]);
    let correct = [
        "edition",
        "correct",
        "1",
        "The headline named the wrong ship.",
        "--headline",
        "Tug Boreas sinks off  Northport",
        "--summary",
        "The tug Boreas sank off Northport late on Monday.",
        "--send",
    ];
    let said = at(&folder, "08:40", &correct);
    assert!(said.out.contains("Corrected entry 1"), "{}", said.out);
    let told = mails(&folder)
        .into_iter()
        .find(|mail| mail.contains("Subject: Correction: "))
        .unwrap();
    let shown = edition(&folder).out;
    for text in [told, shown] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for right in [
            "Tug Boreas sinks off Northport",
            "The tug Boreas sank",
            "named the wrong ship",
        ] {
            assert!(text.contains(right), "{right}: {text}");
        }
    }
    let again = at(&folder, "08:50", &correct);
    assert!(again.out.contains("states this already"), "{}", again.out);
    let empty = folder.run(&["edition", "correct", "1", "Wrong.", "--headline", " "]);
    assert!(empty.err.contains("needs a headline"), "{}", empty.err);
}

#[test]
fn what_is_not_out_is_edited_and_not_corrected() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let said = folder.run(&[
        "--now",
        "2026-03-10T05:00:00Z",
        "edition",
        "correct",
        "1",
        "Wrong.",
    ]);
    assert_eq!(said.code, Some(1));
    assert!(said.err.contains("reveille edition update"), "{}", said.err);
}

#[test]
fn mails_of_a_brief_for_named_readers_link_no_page_that_answers_nobody() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let mail = || at(&folder, "04:31", &["edition", "show", "--format", "html"]).out;
    let pages = ["/the-morning-brief\"", "/the-morning-brief/2026-03-10\""];
    for page in pages {
        assert!(mail().contains(page), "{page}");
    }
    let plan = folder.ok(&["brief", "show"]).replace("\"public\"", "\"named\"");
    let plan = folder.write("plan.toml", &plan);
    folder.ok(&["brief", "update", "the-morning-brief", plan.to_str().unwrap()]);
    for page in pages {
        assert!(!mail().contains(page), "{page}");
    }
    assert!(
        mail().contains("/leave/"),
        "the reader's own pages answer the reader"
    );
}
