//! An approved edition is taken back, edited and approved again.

use crate::{
    ferry::{at, mails, morning},
    program::Folder,
};

#[test]
fn what_was_taken_back_and_reworded_reaches_each_reader_once_in_its_new_words() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let later = ["--zone", "America/Los_Angeles", "--consent", "asked by letter"];
    let add = [&["subscribers", "add", "bo@example.org"][..], &later].concat();
    at(&folder, "04:30", &add);
    at(&folder, "04:40", &["edition", "approve"]);
    // Its mornings are planned, and none has come.
    let said = at(&folder, "04:41", &["edition", "send"]).out;
    assert!(said.contains("2 queued"), "{said}");

    let said = at(&folder, "04:42", &["edition", "recall"]).out;
    assert!(
        said.contains("Taken back") && said.contains("checked") && said.contains("edition approve"),
        "{said}"
    );
    let listed = folder.ok(&["edition", "list"]);
    assert!(
        listed.contains("checked") && !listed.contains("queued"),
        "{listed}"
    );
    let again = folder.run(&["--now", "2026-03-10T04:43:00Z", "edition", "recall"]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.contains("is not approved"), "{}", again.err);

    let words = ["--headline", "Ferry, budget and blossom"];
    let reword = [&["edition", "reword", "1"][..], &words].concat();
    at(&folder, "04:44", &reword);
    at(&folder, "04:45", &["edition", "approve"]);
    for hour in ["06:00", "13:00", "14:00"] {
        at(&folder, hour, &["edition", "send"]);
    }
    let mails = mails(&folder);
    assert_eq!(mails.len(), 2, "one for each reader");
    for mail in mails {
        assert!(mail.contains("Ferry, budget and blossom"), "{mail}");
    }
    let listed = folder.ok(&["edition", "list"]);
    assert!(listed.contains("2 sent"), "{listed}");
}

#[test]
fn what_a_reader_has_is_not_taken_back_and_it_says_what_can_be_done() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "automatic");
    let later = ["--zone", "America/Los_Angeles", "--consent", "asked by letter"];
    let add = [&["subscribers", "add", "bo@example.org"][..], &later].concat();
    at(&folder, "04:30", &add);
    at(&folder, "06:00", &["edition", "send"]);
    for hour in ["06:01", "14:00"] {
        let now = format!("2026-03-10T{hour}:00Z");
        let refused = folder.run(&["--now", &now, "edition", "recall"]);
        assert_eq!(refused.code, Some(1));
        for part in [
            if hour == "06:01" {
                "1 reader got it"
            } else {
                "2 readers got it"
            },
            "0 may have it",
            "reveille edition correct ENTRY",
            "reveille articles withdraw",
        ] {
            assert!(refused.err.contains(part), "{part}: {}", refused.err);
        }
        at(&folder, "14:00", &["edition", "send"]);
    }
    assert!(folder.ok(&["edition", "list"]).contains("2 sent"));
}

#[test]
fn what_everybody_missed_is_taken_back_and_goes_out_by_the_plan_of_then() {
    let folder = Folder::new();
    let _outlet = morning(&folder, "manual");
    let at_night = |hour: &str, words: &[&str]| {
        let now = format!("2026-03-11T{hour}:00Z");
        let of_the_day_before = [&["--now", &now], words, &["--day", "2026-03-10"]].concat();
        folder.run(&of_the_day_before)
    };
    let said = at_night("04:00", &["edition", "approve"]).out;
    let next = "`reveille delivery resend the-morning-brief --day 2026-03-10 --missed`";
    assert!(said.contains(next), "{said}");
    let said = at_night("04:01", &["edition", "send"]).out;
    assert!(said.contains("1 missed."), "{said}");

    let said = at_night("04:02", &["edition", "recall"]).out;
    assert!(said.contains("Taken back") && said.contains("checked"), "{said}");
    let said = at_night("04:03", &["delivery", "resend", "--missed"]).out;
    assert!(said.starts_with("None is missed:"), "nothing is planned: {said}");

    // By the same plan it is missed again, and then sent as the operator wishes, unless it is taken back before.
    let words = ["--headline", "Ferry, budget and blossom"];
    at_night("04:04", &[&["edition", "reword", "1"][..], &words].concat());
    at_night("04:05", &["edition", "approve"]);
    let said = at_night("04:06", &["edition", "send"]).out;
    assert!(said.contains("1 missed."), "{said}");
    let said = at_night("04:07", &["delivery", "resend", "--missed"]).out;
    assert!(said.starts_with("1 queued again."), "{said}");
    let said = at_night("04:08", &["edition", "recall"]).out;
    assert!(said.contains("Taken back"), "{said}");

    let plan = folder.ok(&["brief", "show"]);
    folder.write("plan.toml", &format!("too_late = \"never\"\n{plan}"));
    folder.ok(&["brief", "update", "the-morning-brief", "plan.toml"]);
    at_night("04:09", &["edition", "approve"]);
    let said = at_night("04:10", &["edition", "send"]).out;
    assert!(said.contains("1 queued"), "{said}");
    let said = at_night("06:01", &["edition", "send"]).out;
    assert!(said.contains("1 sent."), "{said}");
    let mails = mails(&folder);
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert!(mails[0].contains("Ferry, budget and blossom"));
    let refused = at_night("07:00", &["edition", "recall"]);
    assert!(refused.err.contains("1 reader got it"), "{}", refused.err);
}
