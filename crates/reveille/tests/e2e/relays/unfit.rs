//! Messages that a mail server takes from nobody: too large, or in need of what it does not offer.

use super::*;

/// The mailing's messages have more bytes than this where they are in HTML, and fewer where they are texts.
const BETWEEN: usize = 4_000;

#[test]
fn a_message_that_is_too_large_waits_and_all_others_go_out() {
    let small = CatcherOptions {
        largest: Some(BETWEEN),
        ..CatcherOptions::default()
    };
    let scene = Scene::new(20, 3, small);
    scene.add_texts("UTC");
    for minute in [0, 11] {
        let said = scene.at(minute, &["edition", "send"]);
        assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
        assert!(said.out.contains("20 queued, 5 sent"), "{}", said.out);
        let why = format!("takes no message of more than {BETWEEN} bytes");
        assert!(said.out.contains(&why), "{}", said.out);
        assert!(!said.out.contains("rests"), "{}", said.out);
        let (shown, json) = scene.shown(minute);
        assert_eq!((shown.count("queued"), shown.count("sent")), (20, 5), "{json}");
        assert_eq!(json["waiting"]["readers"], 20, "{json}");
        assert_eq!(json["deferred"]["readers"], 0, "it cost no try: {json}");
        assert!(json["paused_until"].is_null(), "{json}");
    }
    let mut boxes = scene.folder.mailboxes();
    boxes.sort();
    let expected: Vec<_> = (0..5)
        .map(|number| (format!("text{number}@example.org"), 1))
        .collect();
    assert_eq!(boxes, expected);
    let listed = scene.at(11, &["delivery", "show", "--state", "queued"]).out;
    let why = "due at 2026-03-10T06:21:";
    assert!(
        listed.contains(why) && listed.contains("; waits, since mail server"),
        "{listed}"
    );
}

#[test]
fn who_can_have_theirs_later_gets_it_at_their_hour_where_nobody_could_before() {
    let small = CatcherOptions {
        largest: Some(BETWEEN),
        ..CatcherOptions::default()
    };
    let mut scene = Scene::new(40, 3, small);
    scene.add_texts("Atlantic/Azores");
    for (minute, stands) in [(0, "45 queued"), (55, "45 queued"), (60, "40 queued, 5 sent")] {
        let said = scene.at(minute, &["edition", "send"]);
        assert!(
            said.out.contains(stands) && !said.out.contains("rests"),
            "{minute}: {}",
            said.out
        );
        let (_, json) = scene.shown(minute);
        assert_eq!(json["waiting"]["readers"], 40, "{json}");
    }
    let other = scene.folder.catcher(CatcherOptions::default());
    let other = scene.runtime.block_on(other);
    scene.settings = relays([(&other, "")]);
    let said = scene.at(71, &["edition", "send"]);
    assert!(said.out.contains("45 sent."), "{}{}", said.out, said.err);
}

#[test]
fn where_the_mail_server_takes_none_of_those_that_wait_not_all_of_them_are_tried() {
    const READERS: u32 = 800;
    let fault = Fault {
        at: Phase::MailFrom,
        recipient: None,
        // Everybody's, and more than are in hand at the next try.
        times: READERS + 600,
        act: Act::Reply("552 5.3.4 too large".to_owned()),
    };
    let options = CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    };
    let mut scene = Scene::new(READERS, 3, options);
    for minute in [0, 11] {
        let said = scene.at(minute, &["edition", "send"]);
        assert!(said.out.contains("800 queued"), "{}{}", said.out, said.err);
        let (_, json) = scene.shown(minute);
        assert_eq!(json["waiting"]["readers"], READERS, "{json}");
    }
    let other = scene.folder.catcher(CatcherOptions::default());
    let other = scene.runtime.block_on(other);
    scene.settings = relays([(&other, "")]);
    let said = scene.at(22, &["edition", "send"]);
    assert!(said.out.contains("800 sent."), "{}{}", said.out, said.err);
}

#[test]
fn a_message_that_a_server_calls_too_large_only_when_it_is_announced_waits_too() {
    let fault = Fault {
        at: Phase::MailFrom,
        recipient: None,
        times: 7,
        act: Act::Reply("552 5.3.4 too large".to_owned()),
    };
    let options = CatcherOptions {
        faults: vec![fault],
        ..CatcherOptions::default()
    };
    let scene = Scene::new(60, 3, options);
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains("552 5.3.4 too large"), "{}", said.out);
    let (shown, json) = scene.shown(0);
    assert_eq!((shown.count("sent"), shown.count("queued")), (53, 7), "{json}");
    let said = scene.at(11, &["edition", "send"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("60 sent."), "{}", said.out);
}

#[test]
fn a_message_that_is_too_large_for_one_server_goes_by_another() {
    const READERS: u32 = 200;
    // The other one has as many places as are wanted, or few, or is used only where it must be.
    for (places, share) in [(None, ""), (Some(1), ""), (None, "?reserve")] {
        let small = CatcherOptions {
            largest: Some(BETWEEN),
            ..CatcherOptions::default()
        };
        let large = CatcherOptions {
            places,
            ..CatcherOptions::default()
        };
        let mut scene = Scene::new(READERS, 6, large);
        let other = scene.runtime.block_on(scene.folder.catcher(small));
        scene.settings = relays([(&other, ""), (&scene.catcher, share)]);
        let said = scene.at(0, &["edition", "send"]);
        assert_eq!(said.code, Some(0), "{places:?}{share}: {}{}", said.out, said.err);
        assert!(said.out.contains("200 sent."), "{places:?}{share}: {}", said.out);
        assert_eq!(scene.catcher.tally().stored, u64::from(READERS));
        assert!(other.tally().connections > 0, "it was asked as well");
    }
}

#[test]
fn a_message_that_is_too_large_for_one_server_waits_a_little_for_another_that_is_down() {
    let small = CatcherOptions {
        largest: Some(BETWEEN),
        ..CatcherOptions::default()
    };
    let mut scene = Scene::new(5, 1, small);
    scene.settings = relays([(&scene.catcher, "")]);
    // Nobody else is given this port, as they may be one that was just closed.
    scene.settings[1].push_str(",smtp+clear://127.0.0.1:1");
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    let (_, json) = scene.shown(0);
    assert_eq!(json["tally"]["queued"], 5, "{json}");
    assert_eq!(json["waiting"]["readers"], 0, "it may be taken yet: {json}");
}

#[test]
fn a_server_without_extensions_takes_all_but_what_is_for_an_address_that_needs_one() {
    let sober = CatcherOptions {
        dialect: Dialect::Sober,
        ..CatcherOptions::default()
    };
    let scene = Scene::new(10, 3, sober);
    // More than those failures in a row that have a mailing rest.
    scene.add(25, |number| format!("jürgen{number}@example.org,html,UTC"));
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(0), "{}{}", said.out, said.err);
    assert!(said.out.contains("10 sent, 25 failed"), "{}", said.out);
    assert!(!said.out.contains("rests"), "{}", said.out);
    let shown = scene.at(0, &["delivery", "show"]).out;
    assert!(shown.contains("does not offer SMTPUTF8"), "{shown}");
}

#[test]
fn what_is_for_an_address_that_one_server_does_not_know_goes_by_another() {
    for share in ["", "?reserve"] {
        let sober = CatcherOptions {
            dialect: Dialect::EightBit,
            ..CatcherOptions::default()
        };
        let mut scene = Scene::new(10, 2, CatcherOptions::default());
        let other = scene.runtime.block_on(scene.folder.catcher(sober));
        scene.add(3, |number| format!("jürgen{number}@example.org,html,UTC"));
        scene.settings = relays([(&other, ""), (&scene.catcher, share)]);
        let said = scene.at(0, &["edition", "send"]);
        assert_eq!(said.code, Some(0), "{share}: {}{}", said.out, said.err);
        assert!(said.out.contains("13 sent."), "{share}: {}", said.out);
        assert!(other.tally().connections > 0, "{share}: it was asked as well");
    }
}

#[test]
fn an_address_of_our_own_that_the_server_does_not_know_loses_no_reader() {
    let eight_bit = CatcherOptions {
        dialect: Dialect::EightBit,
        ..CatcherOptions::default()
    };
    let mut scene = Scene::new(25, 3, eight_bit);
    scene.settings = vec!["mail.return_address=rücklauf@example.org".to_owned()];
    let said = scene.at(0, &["edition", "send"]);
    assert_eq!(said.code, Some(1), "{}{}", said.out, said.err);
    assert!(said.out.contains("25 queued"), "{}", said.out);
    let listed = scene.at(0, &["delivery", "show", "--state", "queued"]).out;
    assert!(listed.contains("does not offer SMTPUTF8"), "{listed}");
    let (_, json) = scene.shown(0);
    assert_eq!(json["waiting"]["readers"], 25, "{json}");
    scene.settings.clear();
    let said = scene.at(11, &["edition", "send"]);
    assert!(said.out.contains("25 sent."), "{}{}", said.out, said.err);
}
