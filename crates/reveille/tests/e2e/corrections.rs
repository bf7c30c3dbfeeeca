//! What an editor states of an edition that readers have: to them by mail, and in the next one.

use crate::{
    ferry::{at, correct_the_ferry, edition, mails, morning},
    program::Folder,
};

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
