//! What changes after an edition was compiled, without anybody's doing: before it is sent, and after.

use reveille_mail::{
    catcher::{Act, CatcherOptions, Fault},
    smtp::Phase,
};
use tokio::runtime::Runtime;

use crate::{
    ferry::{BUDGET, FERRY, at, correct_the_ferry, edition, morning},
    program::Folder,
};

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
    for (asked, none) in [
        (&["--state", "refused"][..], "None is refused."),
        (&["--state", "skipped"], "None is withdrawn or missed."),
        (&["--doubted"], "None was in doubt at any time."),
        (&["--came-back"], "None came back."),
    ] {
        let shown = at(&folder, "07:02", &[&["delivery", "show"][..], asked].concat()).out;
        assert!(shown.contains(none), "{shown}");
    }
    let shown = at(&folder, "07:03", &["delivery", "show"]).out;
    assert!(!shown.contains("None"), "{shown}");
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
